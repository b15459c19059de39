"""A caller is told the notice of a number before they wait, through a real edge and real media; what they hear is measured."""

from datetime import timedelta

import pytest

from homeshore.channels.voice.models import Call, Caller, Choice, LeftInMenu, Number, Told
from homeshore.channels.voice.sip import spoken
from homeshore.channels.voice.sip.menu import After, Offered, Utterance, words_of
from homeshore.channels.voice.sip.notices import set_notices, told_in_contact
from homeshore.channels.voice.sip.notices import words_of as words_of_notice
from homeshore.channels.voice.sip.prompts import keep_prompt
from homeshore.contacts.models import Contact
from tests.e2e.telephone import make_tone
from tests.factories import QueueFactory
from tests.integration.channels.voice.telephones import CLAIRE, NUMBER
from tests.servers.caller import Telephone

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]

TONES = {"fr": 850, "en": 1150, "menu": 1400, "fr/welcome": 1700, "en/welcome": 2000, "music": 300}
AUDIBLE = -20
"""Decibels of full scale that a tone has at least when it arrives, and never when it should not."""


@pytest.fixture
def number(queue, settings, running_telephony, tmp_path, routed):
    """A number with a notice in each language. Whatever is said is a tone of its own, of eight seconds."""
    settings.KEYS_LISTEN = ("127.0.0.1", running_telephony.keys)
    settings.RTPENGINE_RECORDINGS, settings.SPOKEN_DIR = str(tmp_path), tmp_path / "spoken"
    number = Number.objects.create(operator=queue.operator, queue=queue, digits=NUMBER, opening="Bonjour.")
    files = {name: tmp_path / f"{name}.wav" for name in ("fr/welcome", "en/welcome", "music")}
    for notice in set_notices(number, {"fr": "Vos données.", "en": "Your data."}, now=routed.now):
        files[notice.language] = settings.SPOKEN_DIR / f"{spoken.name_of(words_of_notice(notice))}.wav"
    menu = words_of(Utterance("fr", "Bonjour."), [Offered(2, "For English", "en")], after=After.NOTHING)
    files["menu"] = settings.SPOKEN_DIR / f"{spoken.name_of(menu)}.wav"
    for name, file in files.items():
        file.parent.mkdir(exist_ok=True)
        make_tone(file, TONES[name], seconds=8, rate=8000)
    return number


@pytest.fixture
def ends(number, sip_ends):
    return sip_ends


@pytest.fixture
def customer(ends):
    """Somebody who has called the number, and hears something."""
    return calls(ends)


def calls(ends, caller: str = CLAIRE, codecs: str = "8 0 101") -> Telephone:
    customer = Telephone(ends.stack.edge, NUMBER, folder=ends.stack.folder, caller=caller, codecs=codecs)
    ends.customers[-len(ends.customers)] = customer
    ends.until(lambda: customer.sound.packets > 0, "the customer to hear something")
    return customer


def hears(ends, customer) -> list[str]:
    """What the customer hears."""
    ends.turn_for(0.2)
    heard = ends.hearing(lambda: customer.sound.loudness(list(TONES.values())))
    return [name for name, loudness in zip(TONES, heard, strict=True) if loudness > AUDIBLE]


def test_a_caller_hears_the_notice_to_its_end_and_then_waits_and_that_they_were_told_is_kept(
    ends, customer, number, ready
):
    assert (hears(ends, customer), Contact.objects.count()) == (["fr"], 0), (
        "an agent is ready, and has nobody to wait for"
    )
    customer.press("1")
    ends.pass_time(5)
    assert (hears(ends, customer), Contact.objects.count()) == (["fr"], 0)
    ends.pass_time(3)
    ends.until(Call.objects.exists, "the caller to arrive")
    call = Call.objects.get()
    assert hears(ends, customer) == ["fr/welcome"]
    [kept] = told_in_contact(number.operator_id, call.contact_id)
    assert (kept.notice.text, kept.notice.version) == ("Vos données.", 1)
    assert kept.told.ended_at - kept.told.began_at >= timedelta(seconds=8)
    assert call.contact.arrived_at == kept.told.ended_at
    customer.hang_up()
    ends.until(lambda: customer.is_over and not Caller.objects.exists(), "the call to be over")


def test_a_notice_that_is_cut_short_by_whatever_dies_is_said_again_from_its_beginning(
    ends, customer, number, running_telephony
):
    assert hears(ends, customer) == ["fr"]
    ends.pass_time(6)
    ends.house.close()
    ends.start_house()  # another process takes the telephone
    assert hears(ends, customer) == ["fr"]
    ends.pass_time(6)
    assert Contact.objects.count() == 0
    running_telephony.rtpengine.kill()
    running_telephony.start_media()
    ends.pass_time(9)  # longer than the notice lasts, of which nothing was heard
    assert (hears(ends, customer), Contact.objects.count()) == (["fr"], 0)
    ends.pass_time(9)
    ends.until(Call.objects.exists, "the caller to arrive")
    assert hears(ends, customer) == ["fr/welcome"]
    assert Told.objects.count() == 1


@pytest.mark.parametrize("codecs", ["8 0 101", "8"])
def test_who_comes_back_from_hold_hears_the_notice_from_its_beginning_and_to_its_end(ends, number, ready, codecs):
    customer = calls(ends, codecs=codecs)
    assert hears(ends, customer) == ["fr"]
    ends.pass_time(6)
    customer.hold()
    ends.until(lambda: customer.directions == ["recvonly"], "the house to agree")
    ends.pass_time(20)
    assert Contact.objects.count() == 0
    customer.come_back()
    ends.until(lambda: customer.directions == ["recvonly", "sendrecv"], "the house to agree")
    assert hears(ends, customer) == ["fr"]
    ends.pass_time(6)
    assert (hears(ends, customer), Contact.objects.count()) == (["fr"], 0), "it was said from its beginning"
    ends.pass_time(2)
    ends.until(Call.objects.exists, "the caller to arrive")
    assert hears(ends, customer) == ["fr/welcome"]
    told = Told.objects.get()
    assert timedelta(seconds=8) <= told.ended_at - told.began_at < timedelta(seconds=16)
    customer.hang_up()
    ends.until(lambda: customer.is_over and not Caller.objects.exists(), "the call to be over")


def test_who_puts_us_on_hold_hears_the_notice_when_they_are_back_and_who_moves_hears_it_again(ends, customer, number):
    customer.move()
    ends.until(lambda: customer.sound_elsewhere.packets > 0, "the notice at the new place")
    customer.sound = customer.sound_elsewhere
    assert hears(ends, customer) == ["fr"]
    held = calls(ends, caller="+33145060799")
    held.hold()
    ends.until(lambda: held.directions == ["recvonly"], "the house to agree")
    ends.pass_time(9)
    ends.until(Call.objects.exists, "the one who moved to arrive")
    ends.pass_time(9)
    assert [each.stage for each in Caller.objects.order_by("id")] == ["on_line", "hearing"]
    held.hang_up()
    ends.until(lambda: held.is_over, "the one who held us to be gone")


def test_the_notice_comes_after_the_menu_in_the_language_that_was_chosen(ends, queue, floor, number):
    english = QueueFactory.create(brand=queue.brand, floor=floor, channel="voice", name="English")
    Choice.objects.create(number=number, key=2, label="For English", queue=english, language="en")
    customer = calls(ends)
    assert hears(ends, customer) == ["menu"]
    customer.press("2")
    ends.until(lambda: Caller.objects.get().stage == "hearing", "the key to be heard")
    assert hears(ends, customer) == ["en"]
    ends.house.close()
    ends.start_house()
    assert (hears(ends, customer), Contact.objects.count()) == (["en"], 0)
    ends.pass_time(8)
    ends.until(Call.objects.exists, "the caller to arrive")
    assert hears(ends, customer) == ["en/welcome"]
    assert Call.objects.get().contact.queue == english
    assert Told.objects.get().notice.language == "en"


def test_who_hangs_up_during_the_notice_is_counted_and_nothing_else_is_left_of_them(ends, customer, number):
    assert hears(ends, customer) == ["fr"]
    customer.hang_up()
    ends.until(lambda: customer.is_over and not Caller.objects.exists(), "the call to be over")
    left = LeftInMenu.objects.get()
    assert (left.number, left.during, Contact.objects.count(), Told.objects.count()) == (number, "notice", 0, 0)
    ends.until(ends.nobody_is_anywhere, "their place to be closed")


def test_a_recording_of_the_operators_own_is_heard_in_place_of_spoken_words(ends, number, tmp_path, monkeypatch):
    monkeypatch.setattr(spoken, "SPEAKER", "no-such-program")
    make_tone(tmp_path / "mine.wav", TONES["menu"], seconds=8, rate=44_100)
    mine = keep_prompt(number.operator_id, (tmp_path / "mine.wav").read_bytes(), field="fr-sound", now=ends.floor.now)
    set_notices(number, {"fr": "Vos données."}, prompts={"fr": mine}, now=ends.floor.now)
    customer = calls(ends)
    assert hears(ends, customer) == ["menu"]
    ends.pass_time(9)
    ends.until(Call.objects.exists, "the caller to arrive")
    assert (Told.objects.get().notice.prompt, hears(ends, customer)) == (mine, ["fr/welcome"])


def test_where_a_notice_cannot_be_said_the_caller_is_let_in_and_it_is_kept_that_they_were_not_told(
    ends, number, settings, monkeypatch, tmp_path, caplog
):
    settings.SPOKEN_DIR = tmp_path / "nothing-is-there"
    monkeypatch.setattr(spoken, "SPEAKER", "no-such-program")
    customer = calls(ends)
    assert hears(ends, customer) == ["fr/welcome"]
    assert "no-such-program is not installed here" in caplog.text
    told = Told.objects.get()
    assert (told.notice.text, told.ended_at) == ("Vos données.", None)
