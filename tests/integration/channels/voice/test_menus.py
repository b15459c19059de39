"""A caller hears the menu of a number, through a real edge and real media, and is led where they ask; what they hear is measured."""

import struct
import threading
from dataclasses import replace
from datetime import timedelta

import pytest

from homeshore.channels.voice import queries
from homeshore.channels.voice.forgetting import forget_lost_choosers, forget_old_leavings
from homeshore.channels.voice.models import Call, Caller, Choice, LeftInMenu, Number, TurnedAway
from homeshore.channels.voice.sip import alaw, spoken
from homeshore.channels.voice.sip.menu import After, Offered, Utterance, words_of
from homeshore.channels.voice.sip.numbers import OPENING, Offer, menu_words, set_menu
from homeshore.channels.voice.sip.prompts import keep_prompt
from homeshore.contacts.models import Contact
from tests.clock import MORNING
from tests.e2e.telephone import make_tone
from tests.factories import OperatorFactory, QueueFactory
from tests.integration.channels.voice.telephones import NUMBER
from tests.servers.caller import Telephone

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]

OFFERED = [Offered(1, "Pour vos commandes", "fr"), Offered(2, "For English", "en")]
TONES = {"menu": 850, "again": 1150, "wrong": 1400, "fr/welcome": 1700, "en/welcome": 2000, "music": 300}
AUDIBLE = -20
"""Decibels of full scale that a tone has at least when it arrives, and never when it should not."""


@pytest.fixture
def number(queue, floor, settings, running_telephony, tmp_path):
    """A number with a menu: 1 for orders, 2 for English, else the queue it leads to. Whatever is said is a tone of its own."""
    settings.KEYS_LISTEN = ("127.0.0.1", running_telephony.keys)
    settings.RTPENGINE_RECORDINGS, settings.SPOKEN_DIR = str(tmp_path), tmp_path / "spoken"
    settings.SPOKEN_DIR.mkdir()
    files = {name: tmp_path / f"{name}.wav" for name in ("fr/welcome", "en/welcome", "music")}
    for name, after in [("menu", After.NOTHING), ("again", After.SILENCE), ("wrong", After.NO_SUCH_KEY)]:
        words = words_of(Utterance("fr", "Bonjour."), OFFERED, after=after)
        files[name] = settings.SPOKEN_DIR / f"{spoken.name_of(words)}.wav"
    for name, file in files.items():
        file.parent.mkdir(exist_ok=True)
        make_tone(file, TONES[name], seconds=8, rate=8000)
    number = Number.objects.create(operator=queue.operator, queue=queue, digits=NUMBER, opening="Bonjour.")
    for each in OFFERED:
        other = QueueFactory.create(brand=queue.brand, floor=floor, channel="voice", name=each.label)
        Choice.objects.create(number=number, key=each.key, label=each.label, queue=other, language=each.language)
    return number


@pytest.fixture
def ends(number, sip_ends):
    return sip_ends


@pytest.fixture
def customer(ends):
    """Somebody who has called the number, and hears its menu."""
    customer = Telephone(ends.stack.edge, NUMBER, folder=ends.stack.folder)
    ends.customers[0] = customer
    ends.until(lambda: customer.sound.packets > 0, "the customer to hear something")
    return customer


def hears(ends, customer) -> list[str]:
    """What the customer hears."""
    ends.turn_for(0.2)
    heard = ends.hearing(lambda: customer.sound.loudness(list(TONES.values())))
    return [name for name, loudness in zip(TONES, heard, strict=True) if loudness > AUDIBLE]


def test_a_caller_who_presses_a_wrong_key_is_asked_again_and_then_met_in_the_language_they_chose(
    ends, customer, number
):
    assert (hears(ends, customer), Contact.objects.count()) == (["menu"], 0)
    customer.press("7")
    ends.turn_for(0.3)
    assert (hears(ends, customer), Contact.objects.count()) == (["wrong"], 0)
    ends.house.close()
    ends.start_house()  # another process takes the telephone: the menu begins anew
    assert hears(ends, customer) == ["menu"]
    customer.press("2")
    ends.until(Call.objects.exists, "the caller to be led")
    contact = Call.objects.get().contact
    assert (contact.queue.name, contact.conversation.customer.language) == ("For English", "en")
    assert contact.conversation.customer.phone == "+33145060708"
    assert hears(ends, customer) == ["en/welcome"]
    ends.pass_time(9)
    assert hears(ends, customer) == ["music"]
    customer.hang_up()
    ends.until(lambda: customer.is_over, "the call to be over")
    contact.refresh_from_db()
    assert (contact.state, contact.outcome, Caller.objects.count()) == ("closed", "abandoned", 0)


def test_who_presses_nothing_goes_where_the_number_leads_and_who_hangs_up_before_has_left_nothing(
    ends, customer, number, running_telephony
):
    running_telephony.rtpengine.kill()
    running_telephony.start_media()  # what was being said is gone, and is said again
    ends.pass_time(5)
    assert hears(ends, customer) == ["again"]
    ends.pass_time(14)
    ends.until(Call.objects.exists, "the caller to be led")
    assert Call.objects.get().contact.queue == number.queue
    assert hears(ends, customer) == ["fr/welcome"]
    hesitant = Telephone(ends.stack.edge, NUMBER, folder=ends.stack.folder, caller="+33145060799")
    ends.customers[-1] = hesitant
    ends.until(lambda: hesitant.sound.packets > 0, "the second customer to hear the menu")
    assert hears(ends, hesitant) == ["menu"]
    hesitant.hang_up()
    ends.until(lambda: hesitant.is_over, "the house to answer that they hung up")
    assert (Call.objects.count(), Caller.objects.count()) == (1, 1)
    assert LeftInMenu.objects.get().number == number


def test_a_menu_that_cannot_be_said_or_answered_is_passed_over(ends, number, settings, monkeypatch, tmp_path, caplog):
    settings.SPOKEN_DIR = tmp_path / "nothing-is-there"
    monkeypatch.setattr(spoken, "SPEAKER", "no-such-program")
    assert ends.customer_calls(number.queue_id).contact.queue == number.queue
    assert "no-such-program is not installed here" in caplog.text
    settings.KEYS_LISTEN = None
    assert ends.customer_calls(number.queue_id, caller="+33145060799").contact.queue == number.queue


def test_nobody_waits_while_a_menu_is_being_spoken_and_it_is_said_as_soon_as_it_is(
    ends, number, settings, monkeypatch, tmp_path
):
    ready, made = threading.Event(), settings.SPOKEN_DIR
    settings.SPOKEN_DIR = tmp_path / "not-spoken-yet"

    def slowly(words, folder):
        assert ready.wait(10)
        return made / f"{spoken.name_of(words)}.wav"

    monkeypatch.setattr(spoken, "file_of", slowly)
    customer = Telephone(ends.stack.edge, NUMBER, folder=ends.stack.folder)
    ends.customers[0] = customer
    ends.until(Caller.objects.exists, "the customer to be let in")
    ends.turn_for(0.3)
    assert (customer.sound.packets, Caller.objects.get().stage) == (0, "choosing")
    ready.set()
    ends.until(lambda: customer.sound.packets > 0, "the menu to be said")
    assert hears(ends, customer) == ["menu"]
    customer.hang_up()
    ends.until(lambda: customer.is_over, "the house to answer that they hung up")


def test_a_key_is_said_by_a_recording_of_the_operators_own_until_its_words_change(number, tmp_path, settings):
    make_tone(tmp_path / "mine.wav", 440, seconds=2, rate=44_100)
    mine = keep_prompt(number.operator_id, (tmp_path / "mine.wav").read_bytes(), field="1-sound", now=MORNING)
    orders, english = (Offer(each.label, each.queue_id, each.language) for each in number.choices.all())
    menu = {1: orders, 2: english}

    def said() -> list[str]:
        number.refresh_from_db()
        return [each.prompt for each in menu_words(number, list(number.choices.all()), after=After.NOTHING)]

    set_menu(number, opening="Bonjour.", choices=menu, prompts={"1": mine, OPENING: mine}, now=MORNING)
    assert said() == [mine.name, mine.name, ""]
    set_menu(number, opening="Bonjour.", choices=menu, now=MORNING)
    assert said() == [mine.name, mine.name, ""]
    file = spoken.prompt_in(settings.SPOKEN_DIR, mine.name)
    assert alaw.seconds_of(file.read_bytes()) == pytest.approx(2, abs=0.01)
    changed = {1: replace(orders, label="Pour vos retours"), 2: english}
    set_menu(number, opening="Bonsoir.", choices=changed, prompts={"2": mine}, now=MORNING)
    assert said() == ["", "", mine.name]
    set_menu(number, opening="Bonsoir.", choices=changed, prompts={"2": None}, now=MORNING)
    assert said() == ["", "", ""]


@pytest.mark.skipif(
    not spoken.can_speak(), reason="espeak-ng speaks: scripts/install_test_needs.sh installs it as root."
)
def test_words_and_recordings_are_said_one_after_another(tmp_path):
    spoken.lay_out(alaw.as_wav([0] * 16_000, rate=8000), tmp_path, "mine")
    words = [
        Utterance("fr", "Bonjour."),
        Utterance("fr", "Pour vos commandes, tapez 1.", "mine"),
        Utterance("en", "Hello."),
    ]
    together = alaw.seconds_of(spoken.file_of(words, tmp_path).read_bytes())
    alone = [alaw.seconds_of(spoken.file_of([each], tmp_path).read_bytes()) for each in words]
    assert together == pytest.approx(sum(alone), abs=0.01)


def test_who_left_in_menus_is_counted_for_a_year_by_number(routed, number, queue):
    for days in (0, 3, 8):
        LeftInMenu.objects.create(number=number, at=routed.now - timedelta(days=days))
    LeftInMenu.objects.create(number=number, at=routed.now, during=LeftInMenu.During.NOTICE)
    [left] = queries.left_in_menus(queue.operator_id, since=routed.now, now=routed.now)
    assert (left.number, left.since, left.week, left.in_notice) == (number, 2, 3, 1)
    assert queries.left_in_menus(OperatorFactory.create().pk, since=routed.now, now=routed.now) == []
    routed.clock.advance(days=358)
    assert forget_old_leavings(now=routed.now) == 1


def test_who_was_turned_away_is_counted_for_a_year_by_number(routed, number, queue):
    for days, calls in ((0, 3), (3, 4), (8, 5)):
        TurnedAway.objects.create(number=number, at=routed.now - timedelta(days=days), calls=calls)
    assert queries.turned_away(queue.operator_id, since=routed.now, now=routed.now) == [queries.OfNumber(number, 3, 7)]
    assert queries.turned_away(OperatorFactory.create().pk, since=routed.now, now=routed.now) == []
    routed.clock.advance(days=358)
    assert forget_old_leavings(now=routed.now) == 1


def test_callers_whose_telephone_ended_while_they_chose_are_forgotten(routed, number):
    Caller.objects.create(number=number, tag="lost", stage=Caller.Stage.CHOOSING, came_at=routed.now)
    assert forget_lost_choosers(now=routed.now) == 0
    routed.clock.advance(seconds=3601)
    assert forget_lost_choosers(now=routed.now) == 1


@pytest.mark.skipif(
    not spoken.can_speak(), reason="espeak-ng speaks: scripts/install_test_needs.sh installs it as root."
)
def test_words_are_spoken_each_in_its_language_and_only_once(tmp_path):
    words = [
        Utterance("fr", "Bonjour."),
        Utterance("fr", "Pour vos commandes, tapez 1."),
        Utterance("en", "For English, press 2."),
    ]
    file = spoken.file_of(words, tmp_path)
    made_at = file.stat().st_mtime_ns
    assert file.stat().st_mode & 0o044 == 0o044, "rtpengine is another user"
    kind, channels, rate = struct.unpack_from("<HHI", file.read_bytes(), 20)
    assert (kind, channels) == (alaw.FORMAT, 1)
    assert 3 < file.stat().st_size / rate < 10, "a byte for each sample"
    assert (spoken.file_of(words, tmp_path).stat().st_mtime_ns, list(tmp_path.iterdir())) == (made_at, [file])
