"""Reading real mailboxes of a real IMAP server: what is new, what is large, and what happens when the server goes away."""

import errno
import threading
from datetime import UTC, datetime

import pytest
from django.db import connections

from homeshore.channels.email import imap, intake, taking
from homeshore.channels.email.imap import OutOfReach, in_groups, open_folder
from homeshore.channels.email.intake import listen, pause_after, read_new
from homeshore.channels.email.models import InboundMail, Mailbox
from homeshore.contacts.models import Contact, Message
from tests.servers.ground import wait_until
from tests.unit.channels.email.mails import FOLDER, recorded, written

pytestmark = pytest.mark.django_db(transaction=True)
NEVER = threading.Event()


def read_once(mailbox: Mailbox) -> int:
    with open_folder(Mailbox.objects.get(pk=mailbox.pk)) as folder:
        return read_new(mailbox.pk, folder, NEVER)


def running(stop: threading.Event) -> None:
    """The intake as `foundation.processes` runs it: the thread's connections are closed after it."""
    try:
        intake.run(stop)
    finally:
        connections.close_all()


@pytest.fixture
def listening(on_dovecot):
    """A listener on the mailbox, in a thread as in production."""
    stop = threading.Event()
    thread = threading.Thread(target=listen, args=(on_dovecot.pk, stop, "test"))
    thread.start()
    wait_until(lambda: state_of(on_dovecot) == "listening", what="first reading of the mailbox")
    yield on_dovecot
    stop.set()
    thread.join(10)
    assert not thread.is_alive()


def state_of(mailbox: Mailbox) -> str:
    return Mailbox.objects.values_list("state", flat=True).get(pk=mailbox.pk)


def test_all_that_is_new_is_read_once_and_in_order(on_dovecot, dovecot):
    for number in range(5):
        dovecot.deliver(on_dovecot.imap_user, written(f"Message {number}", Message_ID=f"<m{number}@fai.example>"))

    assert read_once(on_dovecot) == 5
    assert read_once(on_dovecot) == 0
    dovecot.deliver(on_dovecot.imap_user, written("Message 5"))
    assert read_once(on_dovecot) == 1

    assert list(Message.objects.order_by("id").values_list("body", flat=True)) == [f"Message {n}" for n in range(6)]
    on_dovecot.refresh_from_db()
    assert on_dovecot.last_uid == 6


def test_every_recorded_mail_goes_through_the_server_and_none_stops_the_intake(on_dovecot, dovecot):
    paths = sorted(FOLDER.glob("*.eml"))
    for path in paths:
        dovecot.deliver(on_dovecot.imap_user, path.read_bytes())
    dovecot.deliver(on_dovecot.imap_user, b"\xff\xfe\x01garbage \x80\x81 without a header\r\n")

    assert read_once(on_dovecot) == len(paths) + 1

    states = list(InboundMail.objects.values_list("state", flat=True))
    assert {state: states.count(state) for state in set(states)} == {"taken": 12, "automatic": 6, "set_aside": 2}


def test_a_mail_of_thirty_megabytes_is_set_aside_whole_and_the_next_one_taken(on_dovecot, dovecot, settings):
    large = (
        written("Voici", Subject="Énorme", Message_ID="<large@fai.example>")
        + b"x" * 76
        + (b"\r\n" + b"y" * 76) * 400_000
    )
    dovecot.deliver(on_dovecot.imap_user, large)
    dovecot.deliver(on_dovecot.imap_user, written("Petit"))

    assert read_once(on_dovecot) == 2

    aside = InboundMail.objects.get(state="set_aside")
    assert (aside.why, aside.sender, aside.subject) == ("too_large", "lea@fai.example", "Énorme")
    assert aside.size > 30_000_000
    assert aside.raw.size == aside.size
    assert Message.objects.get().body == "Petit"


def test_a_large_mail_is_brought_over_in_pieces(on_dovecot, dovecot, settings, monkeypatch):
    settings.MAX_MAIL_BYTES = 1000
    monkeypatch.setattr(imap, "PIECE", 700)
    raw = written("z" * 5000)
    dovecot.deliver(on_dovecot.imap_user, raw)

    read_once(on_dovecot)

    with InboundMail.objects.get().raw.open() as stored:
        assert stored.read().replace(b"\r\n", b"\n") == raw.replace(b"\r\n", b"\n")


def test_mails_that_were_there_before_are_left_alone(on_dovecot, dovecot):
    Mailbox.objects.update(take_since=datetime(2099, 1, 1, tzinfo=UTC))
    dovecot.deliver(on_dovecot.imap_user, written("Vieux"))

    assert read_once(on_dovecot) == 0
    dovecot.deliver(on_dovecot.imap_user, written("Neuf"))
    assert read_once(on_dovecot) == 1

    assert Message.objects.get().body == "Neuf"


def test_a_folder_that_got_new_numbers_is_read_again_without_doubling_anything(on_dovecot, dovecot):
    dovecot.deliver(on_dovecot.imap_user, written("Un"))
    dovecot.deliver(on_dovecot.imap_user, recorded("no-sender"))
    read_once(on_dovecot)
    Mailbox.objects.update(uidvalidity=12345, last_uid=900)
    dovecot.deliver(on_dovecot.imap_user, written("Deux"))

    read_once(on_dovecot)

    assert sorted(Message.objects.values_list("body", flat=True)) == ["Deux", "Un"]
    assert InboundMail.objects.count() == 3
    on_dovecot.refresh_from_db()
    assert on_dovecot.last_uid == 3


def test_a_reader_that_dies_in_the_middle_loses_nothing_and_doubles_nothing(on_dovecot, dovecot, monkeypatch):
    for number in range(4):
        dovecot.deliver(on_dovecot.imap_user, written(f"Message {number}"))
    steps = iter(range(100))
    advance = taking.advance

    def dies_at_times(*args, **kwargs):
        if next(steps) % 3 == 1:
            raise KeyboardInterrupt
        return advance(*args, **kwargs)

    monkeypatch.setattr(taking, "advance", dies_at_times)
    for _start in range(6):
        try:
            read_once(on_dovecot)
        except KeyboardInterrupt:
            continue

    assert list(Message.objects.order_by("id").values_list("body", flat=True)) == [f"Message {n}" for n in range(4)]
    assert Contact.objects.count() == 4


def test_a_mail_is_there_as_soon_as_the_server_has_it(listening, dovecot):
    dovecot.deliver(listening.imap_user, written("Bonjour"))

    wait_until(lambda: Message.objects.filter(body="Bonjour").exists(), what="delivery by IDLE", seconds=8)


def test_a_server_that_goes_away_and_comes_back_is_listened_to_again(listening, dovecot, monkeypatch):
    dovecot.stop()
    wait_until(lambda: state_of(listening) == "failing", what="noticing the outage")
    listening.refresh_from_db()
    assert listening.last_error

    dovecot.start()
    wait_until(lambda: state_of(listening) == "listening", what="coming back")
    dovecot.deliver(listening.imap_user, written("Après la panne"))

    wait_until(lambda: Message.objects.filter(body="Après la panne").exists(), what="delivery after the outage")
    listening.refresh_from_db()
    assert listening.last_error == ""


def test_a_house_that_cannot_keep_a_mail_says_so_and_takes_it_when_it_can(listening, dovecot, monkeypatch):
    with monkeypatch.context() as patched:
        patched.setattr(intake, "pause_after", lambda failures: 0.05)
        patched.setattr(taking, "keep_raw", disk_is_full)
        dovecot.deliver(listening.imap_user, written("Pendant"))
        wait_until(lambda: state_of(listening) == "failing", what="saying that the disk is full")
        listening.refresh_from_db()
        assert "No space left" in listening.last_error

    wait_until(lambda: Message.objects.filter(body="Pendant").exists(), what="taking the mail after all")
    wait_until(lambda: state_of(listening) == "listening", what="coming back")


def disk_is_full(*args, **kwargs):
    raise OSError(errno.ENOSPC, "No space left on device")


def test_a_server_without_idle_is_asked_again_and_again(on_dovecot, dovecot, monkeypatch):
    monkeypatch.setattr("imapclient.IMAPClient.has_capability", lambda self, name: False)
    monkeypatch.setattr(intake, "LISTEN_SECONDS", 0.1)
    stop = threading.Event()
    thread = threading.Thread(target=listen, args=(on_dovecot.pk, stop, "test"))
    thread.start()
    try:
        dovecot.deliver(on_dovecot.imap_user, written("Bonjour"))
        wait_until(lambda: Message.objects.exists(), what="delivery by polling")
    finally:
        stop.set()
        thread.join(10)


def test_one_process_at_a_time_reads_a_mailbox(mailbox, clock):
    assert intake.hold(mailbox.pk, "first")
    assert not intake.hold(mailbox.pk, "second")
    assert intake.hold(mailbox.pk, "first")
    clock.advance(minutes=3)
    assert intake.hold(mailbox.pk, "second")
    intake.release(mailbox.pk, "second")
    assert intake.hold(mailbox.pk, "first")


def test_a_mailbox_added_or_switched_off_is_noticed(on_dovecot, dovecot, monkeypatch):
    monkeypatch.setattr(intake, "LOOK_FOR_MAILBOXES_SECONDS", 0.1)
    Mailbox.objects.update(active=False)
    stop = threading.Event()
    thread = threading.Thread(target=running, args=(stop,))
    thread.start()
    try:
        Mailbox.objects.update(active=True)
        wait_until(lambda: state_of(on_dovecot) == "listening", what="start of the listener")
        Mailbox.objects.update(active=False)
        wait_until(lambda: Mailbox.objects.get().owner == "", what="end of the listener")
    finally:
        stop.set()
        thread.join(10)


def test_a_wrong_password_is_said_in_words(on_dovecot):
    from homeshore.channels.email.secrets import encrypt

    Mailbox.objects.update(imap_secret=encrypt("wrong"))

    with pytest.raises(OutOfReach, match=r"IMAP"):
        read_once(on_dovecot)


def test_pauses_grow_to_a_minute():
    assert [pause_after(failures) for failures in (1, 2, 3, 7, 50)] == [1, 2, 4, 60, 60]


def test_mails_are_fetched_in_groups_of_bounded_number_and_size():
    now = datetime(2026, 11, 22, tzinfo=UTC)
    sizes = [1, 1, 9_000_000, 1, *[10] * 60]

    groups = list(in_groups([imap.Listed(uid, size, now) for uid, size in enumerate(sizes)]))

    assert [len(group) for group in groups] == [2, 1, 50, 11]
