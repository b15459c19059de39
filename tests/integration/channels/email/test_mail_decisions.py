"""Supervisors and administrators at the mail screens: what they may do, and what another operator's may not."""

import pytest
from django.db import connection
from django.test import Client

from homeshore.channels.email import services, taking
from homeshore.channels.email.models import InboundMail, Mailbox, OutboundMail
from homeshore.channels.email.parsing import parse
from homeshore.channels.email.secrets import decrypt, encrypt
from homeshore.channels.email.taking import Place, take
from homeshore.contacts.models import Contact
from homeshore.foundation.models import AuditEntry, Event, OutboxMessage, Role
from homeshore.foundation.sealing import SecretLost
from tests.clock import MORNING
from tests.factories import OperatorFactory, user_as
from tests.unit.channels.email.mails import recorded, written

pytestmark = pytest.mark.django_db


def client_as(role: Role, operator) -> Client:
    client = Client()
    client.force_login(user_as(role, operator))
    return client


@pytest.fixture
def supervisor(operator) -> Client:
    return client_as(Role.SUPERVISOR, operator)


@pytest.fixture
def stranger() -> Client:
    """The supervisor of another operator."""
    return client_as(Role.SUPERVISOR, OperatorFactory.create())


@pytest.fixture
def aside(mailbox) -> InboundMail:
    return take(mailbox, recorded("no-sender"), place=Place(1, 1), now=MORNING)


@pytest.fixture
def failed(mailbox) -> OutboundMail:
    inbound = take(mailbox, written("Bonjour"), place=Place(1, 2), now=MORNING)
    return OutboundMail.objects.create(
        operator=mailbox.operator,
        mailbox=mailbox,
        acknowledges=inbound,
        mail_id="<1@maisonverte.example>",
        recipient="lea@fai.example",
        subject="Re: x",
        state="failed",
        last_error="550",
        prepared_at=MORNING,
        failed_at=MORNING,
    )


def test_a_mail_set_aside_is_downloaded_whole_and_never_shown(supervisor, aside):
    answer = supervisor.get(f"/mail/{aside.pk}/raw/")

    assert b"".join(answer.streaming_content) == recorded("no-sender")
    assert answer["Content-Disposition"] == f'attachment; filename="mail-{aside.pk}.eml"'
    assert answer["X-Content-Type-Options"] == "nosniff"
    answer.close()


def test_a_mail_that_can_be_read_after_all_is_taken_in_again(supervisor, mailbox, aside):
    InboundMail.objects.filter(pk=aside.pk).update(why="too_large")
    other = take(mailbox, written("Bonjour"), place=Place(1, 3), now=MORNING)
    InboundMail.objects.filter(pk=other.pk).update(state="set_aside", message=None)
    Contact.objects.all().delete()

    supervisor.post(f"/mail/{other.pk}/retry/")
    supervisor.post(f"/mail/{aside.pk}/retry/")

    assert {mail.pk: mail.state for mail in InboundMail.objects.order_by("id")} == {
        other.pk: "taken",
        aside.pk: "set_aside",
    }
    assert Contact.objects.count() == 1
    assert AuditEntry.objects.filter(verb="mail.taken_again").count() == 1


def test_a_mail_is_read_again_before_anything_is_written(supervisor, aside, monkeypatch):
    inside = len(connection.savepoint_ids)
    depths = []

    def reads(raw):
        depths.append(len(connection.savepoint_ids) - inside)
        return parse(raw)

    monkeypatch.setattr(taking, "parse", reads)

    supervisor.post(f"/mail/{aside.pk}/retry/")
    InboundMail.objects.update(size=taking.LARGEST_READ_AGAIN + 1)
    too_large = supervisor.post(f"/mail/{aside.pk}/retry/", follow=True)

    assert depths == [0]
    assert [str(each) for each in too_large.context["messages"]][-1].endswith("(100\N{NO-BREAK SPACE}Mo).")


def test_a_dismissed_mail_is_kept_and_cannot_be_decided_twice(supervisor, aside):
    assert supervisor.post(f"/mail/{aside.pk}/dismiss/").status_code == 302
    assert supervisor.post(f"/mail/{aside.pk}/dismiss/").status_code == 409

    assert InboundMail.objects.get().state == InboundMail.State.DISMISSED


def test_a_failed_mail_is_sent_again_under_its_old_id(supervisor, failed):
    supervisor.post(f"/mail/sent/{failed.pk}/again/")
    supervisor.post(f"/mail/sent/{failed.pk}/again/")

    failed.refresh_from_db()
    assert (failed.state, failed.mail_id) == (OutboundMail.State.PREPARED, "<1@maisonverte.example>")
    assert OutboxMessage.objects.filter(kind="email.acknowledge", state="pending").count() == 1


def test_every_floor_is_told_how_many_mails_wait_whenever_that_changes(supervisor, mailbox, aside, failed):
    def told():
        return list(Event.objects.filter(kind="mail.waiting").order_by("id").values_list("topics", "payload"))

    floors = [f"floor:{mailbox.queue.on_floor.floor_id}"]
    assert told() == [(floors, {"set_aside": 1, "undelivered": 0})]

    supervisor.post(f"/mail/{aside.pk}/dismiss/")
    supervisor.post(f"/mail/sent/{failed.pk}/again/")
    OutboundMail.objects.update(state="failed", failed_at=MORNING)
    supervisor.post(f"/mail/sent/{failed.pk}/settle/")
    taken = take(mailbox, written("Bonjour"), place=Place(1, 3), now=MORNING)
    InboundMail.objects.filter(pk=taken.pk).update(state="set_aside", message=None)
    supervisor.post(f"/mail/{taken.pk}/retry/")

    assert told()[1:] == [
        (floors, {"set_aside": 0, "undelivered": 1}),
        (floors, {"set_aside": 0, "undelivered": 0}),
        (floors, {"set_aside": 0, "undelivered": 0}),
        (floors, {"set_aside": 0, "undelivered": 0}),
    ]


@pytest.mark.parametrize(
    "path",
    [
        "/mail/{aside}/raw/",
        "/mail/{aside}/retry/",
        "/mail/{aside}/dismiss/",
        "/mail/sent/{failed}/again/",
        "/mail/sent/{failed}/settle/",
    ],
)
def test_another_operators_mails_are_not_there(stranger, aside, failed, path):
    address = path.format(aside=aside.pk, failed=failed.pk)

    answer = stranger.get(address) if address.endswith("raw/") else stranger.post(address)

    assert answer.status_code == 404
    assert InboundMail.objects.get(pk=aside.pk).state == InboundMail.State.SET_ASIDE
    assert OutboundMail.objects.get().failed_at == MORNING


def test_another_operators_mailbox_cannot_be_opened_or_listed(mailbox):
    stranger = client_as(Role.OPERATOR_ADMIN, OperatorFactory.create())

    assert stranger.get(f"/mail/mailboxes/{mailbox.pk}/").status_code == 404
    assert mailbox.address not in stranger.get("/mail/mailboxes/").content.decode()


def test_an_agent_sees_no_mail_screen(operator):
    assert client_as(Role.AGENT, operator).get("/mail/").status_code == 403


def test_changing_a_mailbox_keeps_its_password_and_never_shows_it(operator, mailbox):
    admin = client_as(Role.OPERATOR_ADMIN, operator)
    page = admin.get(f"/mail/mailboxes/{mailbox.pk}/")
    fields = {
        **page.context["form"].initial,
        "queue": mailbox.queue_id,
        "folder": "INBOX.Support",
        "acknowledgement": "",
    }
    admin.post(f"/mail/mailboxes/{mailbox.pk}/", {name: value for name, value in fields.items() if value is not None})

    changed = Mailbox.objects.get()
    assert b"nothing" not in page.content
    assert decrypt(changed.imap_secret) == "nothing"
    assert (changed.folder, changed.version, changed.uidvalidity, changed.last_uid) == (
        "INBOX.Support",
        2,
        None,
        0,
    )


@pytest.mark.parametrize("side", ["imap", "smtp"])
@pytest.mark.parametrize("changed", [{"host": "evil.example"}, {"port": "993"}, {"user": "eve"}, {"security": "tls"}])
@pytest.mark.parametrize("pressed", ["try", "save"])
def test_a_stored_password_is_sent_to_no_other_server(operator, mailbox, side, changed, pressed, monkeypatch):
    tried = []
    monkeypatch.setattr(services, "try_mailbox", lambda mailbox: tried.append(mailbox) or [])
    Mailbox.objects.update(smtp_secret=encrypt("nothing"))
    admin = client_as(Role.OPERATOR_ADMIN, operator)
    page = admin.get(f"/mail/mailboxes/{mailbox.pk}/")
    fields = {**page.context["form"].initial, "queue": mailbox.queue_id, "acknowledgement": "", pressed: "1"}
    fields |= {f"{side}_{name}": value for name, value in changed.items()}
    sent = {name: value for name, value in fields.items() if value is not None}

    refused = admin.post(f"/mail/mailboxes/{mailbox.pk}/", sent)
    kept = Mailbox.objects.values().get()
    accepted = admin.post(f"/mail/mailboxes/{mailbox.pk}/", {**sent, f"{side}_password": "typed"})

    assert list(refused.context["form"].errors) == [f"{side}_password"]
    assert (kept["version"], kept[f"{side}_host"]) == (1, "127.0.0.1")
    assert accepted.status_code == (302 if pressed == "save" else 200)
    assert [decrypt(getattr(each, f"{side}_secret")) for each in tried] == (["typed"] if pressed == "try" else [])


def test_an_address_has_one_mailbox(operator, mailbox):
    admin = client_as(Role.OPERATOR_ADMIN, operator)
    page = admin.get(f"/mail/mailboxes/{mailbox.pk}/")
    fields = {**page.context["form"].initial, "queue": mailbox.queue_id, "imap_password": "x", "acknowledgement": ""}

    answer = admin.post("/mail/mailboxes/new/", {name: value for name, value in fields.items() if value is not None})

    assert answer.status_code == 200
    assert "address" in answer.context["form"].errors


def test_a_password_is_readable_after_a_change_of_key_as_long_as_the_old_key_is_kept(settings):
    stored = encrypt("pass")
    old, settings.SECRET_KEY = settings.SECRET_KEY, "another key of the site"

    with pytest.raises(SecretLost):
        decrypt(stored)
    settings.SECRET_KEY_FALLBACKS = [old]
    assert decrypt(stored) == "pass"
