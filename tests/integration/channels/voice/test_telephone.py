"""Telephone calls through a real edge and real media, while parts of it die; what each end hears is measured."""

import time
from datetime import timedelta

import pytest

from homeshore.channels.voice.embedded import life
from homeshore.channels.voice.embedded.ends import LIFE
from homeshore.channels.voice.models import Browser, Call, Caller, Leg, Number, RecordingRule, Side, TurnedAway
from homeshore.channels.voice.services import end_call, hold
from homeshore.channels.voice.shapes import recording_of
from homeshore.channels.voice.sip import reception
from homeshore.channels.voice.sip.telephone import hearing
from homeshore.channels.voice.sip.telephone.arrivals import LONGEST_WAIT_SECONDS
from homeshore.contacts.services import transfer_contact
from tests.e2e.telephone import make_tone
from tests.factories import AssignmentFactory, QueueFactory
from tests.integration.channels.voice.telephones import NUMBER
from tests.servers.caller import Telephone

# The telephone asks nothing of the tables that the driver in browsers does not: PostgreSQL hears of that one.
pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]

CUSTOMER, AGENT = 440, 1000
TONES = [CUSTOMER, AGENT]
RECORDED = {
    "music": 300,
    "hold": 700,
    "en/welcome": 850,
    "en/next": 1150,
    "en/place-2": 1400,
    "en/welcome-recorded": 1700,
    "en/unrecorded": 2000,
    "en/wait": 2300,
    "en/wait-under-2": 2600,
}
"""In these tests each recording is a tone of its own, so that it is known by ear which one is heard."""
AUDIBLE = -20
"""Decibels of full scale that a tone has at least when it arrives, and never when it should not."""


@pytest.fixture
def recordings(tmp_path, settings):
    settings.RTPENGINE_RECORDINGS, settings.SPOKEN_DIR = str(tmp_path), tmp_path / "spoken"
    for name, hertz in RECORDED.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        make_tone(tmp_path / f"{name}.wav", hertz, seconds=4, rate=8000)


@pytest.fixture
def ends(recordings, sip_ends):
    return sip_ends


@pytest.fixture
def recorded(queue, settings, running_telephony):
    """Every call of the queue is recorded, and keys are heard."""
    settings.KEYS_LISTEN = ("127.0.0.1", running_telephony.keys)
    return RecordingRule.objects.create(queue=queue, share=100)


def recording_heard(ends, call) -> str:
    """Which recording the customer hears."""
    heard = ends.hearing(lambda: ends.customers[call.pk].sound.loudness(list(RECORDED.values())))
    loud = [name for name, loudness in zip(RECORDED, heard, strict=True) if loudness > AUDIBLE]
    return loud[0] if len(loud) == 1 else f"{loud}"


def talk(board) -> Call:
    call = board.talk()
    board.ends.turn()
    return call


def both_hear_each_other(ends, call) -> bool:
    at_customer = dict(zip(TONES, ends.hearing(lambda: ends.customers[call.pk].sound.loudness(TONES)), strict=True))
    at_agent = dict(zip(TONES, ends.hearing(lambda: ends.headset.loudness(TONES)), strict=True))
    return at_customer[AGENT] > AUDIBLE > at_customer[CUSTOMER] and at_agent[CUSTOMER] > AUDIBLE > at_agent[AGENT]


def test_sound_goes_both_ways_and_only_there_also_after_hold(board, ends, ready):
    call = talk(board)
    assert both_hear_each_other(ends, call)
    hold(call_id=call.pk, agent_id=ready.pk, on=True, now=board.floor.now)
    ends.turn_for(0.3)
    assert recording_heard(ends, call) == "hold"
    assert max(ends.hearing(lambda: ends.customers[call.pk].sound.loudness(TONES))) < AUDIBLE
    assert max(ends.hearing(lambda: ends.headset.loudness(TONES))) < AUDIBLE
    hold(call_id=call.pk, agent_id=ready.pk, on=False, now=board.floor.now)
    ends.turn_for(0.3)
    assert both_hear_each_other(ends, call)


def test_who_waits_is_greeted_and_hears_music_and_from_time_to_time_their_place(board, ends):
    first, second = board.call(), board.call()
    assert [recording_heard(ends, call) for call in (first, second)] == ["en/welcome", "en/welcome"]
    ends.pass_time(4)
    ends.turn_for(0.2)
    assert [recording_heard(ends, call) for call in (first, second)] == ["music", "music"]
    ends.pass_time(30)
    ends.turn_for(0.2)
    assert [recording_heard(ends, call) for call in (first, second)] == ["en/next", "en/place-2"]
    ends.pass_time(4)
    ends.turn_for(0.2)
    assert [recording_heard(ends, call) for call in (first, second)] == ["music", "music"]


def test_who_waits_is_told_how_long_as_soon_as_that_can_be_said(board, ends, ready):
    talk(board)  # the only agent has a customer
    call = board.call()
    ends.pass_time(4)
    ends.pass_time(30)
    ends.turn_for(0.2)
    assert recording_heard(ends, call) == "en/next"
    ends.pass_time(4)
    ends.turn_for(0.2)
    assert recording_heard(ends, call) == "music", "too little is known"
    for minutes in range(1, 21):  # who waited five minutes, one answered every minute
        AssignmentFactory.create(
            contact__queue=board.queue,
            contact__state="closed",
            contact__closed_at=board.floor.now,
            contact__arrived_at=board.floor.now - timedelta(minutes=minutes + 5),
            opened_at=board.floor.now - timedelta(minutes=minutes),
        )
    ends.pass_time(30)
    ends.turn_for(0.2)
    assert recording_heard(ends, call) == "en/next"
    ends.pass_time(4)
    ends.turn_for(0.2)
    assert recording_heard(ends, call) == "en/wait"
    ends.turn_for(4)
    assert recording_heard(ends, call) == "en/wait-under-2"
    ends.pass_time(4)
    ends.turn_for(0.2)
    assert recording_heard(ends, call) == "music"


def test_who_is_back_from_an_agent_hears_music_and_no_greeting(board, ends, ready):
    call = talk(board)
    transfer_contact(agent_id=ready.pk, contact_id=call.contact_id, to_queue_id=board.queue.pk, now=board.floor.now)
    board.settle()
    ends.turn_for(0.5)
    assert recording_heard(ends, call) == "music"


def test_a_caller_is_told_to_the_end_that_the_call_is_recorded_before_an_agent_is_heard(board, ends, ready, recorded):
    call = board.call()
    assert (recording_heard(ends, call), recording_of(call)["state"]) == ("en/welcome-recorded", "announced")
    board.accept(call)  # by an agent who is quick: the two are brought together when all is said
    assert recording_of(call)["state"] == "on"
    for side in Side:
        ends.sound_reaches(side, board.leg(call))
    assert both_hear_each_other(ends, call)


def test_who_holds_us_while_that_is_said_was_not_told_and_hears_it_again_when_they_are_back(board, ends, recorded):
    call = board.call()
    customer = ends.customers[call.pk]
    assert recording_heard(ends, call) == "en/welcome-recorded"
    customer.hold()
    ends.until(lambda: customer.directions == ["recvonly"], "the house to agree")
    ends.pass_time(10)
    assert recording_of(call)["state"] == "announced"
    customer.come_back()
    ends.until(lambda: customer.directions == ["recvonly", "sendrecv"], "the house to agree")
    ends.turn_for(0.2)
    assert recording_heard(ends, call) == "en/welcome-recorded"
    ends.pass_time(4)
    ends.turn_for(0.2)
    assert (recording_heard(ends, call), recording_of(call)["state"]) == ("music", "on")


def test_a_caller_who_presses_the_key_while_waiting_is_told_that_nothing_is_recorded(board, ends, recorded):
    call = board.call()
    for key in ("5", "9"):
        ends.customers[call.pk].press(key)
    ends.until(lambda: recording_of(call)["state"] == "refused", "the key that refuses")
    ends.turn_for(0.2)
    assert recording_heard(ends, call) == "en/unrecorded"
    ends.pass_time(4)
    ends.turn_for(0.2)
    assert recording_heard(ends, call) == "music"


def test_where_no_key_is_heard_no_call_is_recorded(board, ends, recorded, settings):
    settings.KEYS_LISTEN = None
    call = board.call()
    assert (recording_heard(ends, call), recording_of(call)) == ("en/welcome", None)


def test_a_number_that_leads_nowhere_is_not_answered(ends, queue, caplog):
    Number.objects.create(operator=queue.operator, queue=queue, digits=NUMBER, active=False)
    customer = Telephone(ends.stack.edge, NUMBER, folder=ends.stack.folder)
    ends.until(lambda: customer.is_over, "the customer to be refused")
    customer.close()
    assert "received 'SIP/2.0 404" in customer.log.read_text()
    assert not Call.objects.exists()


def test_a_caller_whom_the_house_cannot_keep_is_told_so_and_nothing_is_left_of_them(ends, queue, monkeypatch, caplog):
    def full(*given, **more):
        raise OSError("The disk is full.")

    monkeypatch.setattr(reception, "arrive", full)
    Number.objects.create(operator=queue.operator, queue=queue, digits=NUMBER)
    customer = Telephone(ends.stack.edge, NUMBER, folder=ends.stack.folder)
    ends.until(lambda: customer.is_over, "the customer to be refused")
    customer.close()
    assert "received 'SIP/2.0 500" in customer.log.read_text()
    assert (Caller.objects.count(), ends.nobody_is_anywhere()) == (0, True)
    assert "The disk is full." in caplog.text


def test_who_has_waited_too_long_is_told_that_the_house_is_full_and_the_next_one_is_let_in(board, ends, queue, caplog):
    number = Number.objects.create(operator=queue.operator, queue=queue, digits=NUMBER, language="en")
    customer = Telephone(ends.stack.edge, NUMBER, folder=ends.stack.folder)
    ends.comes_in()
    time.sleep(LONGEST_WAIT_SECONDS + 0.2)  # the house is busy with others, and hears nobody
    ends.until(lambda: customer.is_over, "the customer to be refused")
    customer.close()
    assert "received 'SIP/2.0 503 The House Is Full" in customer.log.read_text()
    assert not Call.objects.exists()
    ends.until(TurnedAway.objects.exists, "the refusal to be counted")
    assert list(TurnedAway.objects.values_list("number", "calls")) == [(number.pk, 1)]
    assert "1 calls were refused: the house is full" in caplog.text
    assert board.call().state == Call.State.QUEUED


def test_who_hangs_up_goes_before_who_calls_however_many_wait(board, ends):
    first = board.call()
    waiting = [Telephone(ends.stack.edge, NUMBER, folder=ends.stack.folder) for _ in range(2)]
    ends.comes_in()
    ends.customers[first.pk].hang_up()
    ends.until(lambda: board.seen(first).state == Call.State.ENDED, "the first one's call to be over")
    ends.until(lambda: Caller.objects.count() == len(waiting), "both others to be let in")
    for each in waiting:
        each.hang_up()
    ends.until(lambda: all(each.is_over for each in waiting), "the house to answer that they hung up")
    for each in waiting:
        each.close()


def test_two_callers_behind_one_number_have_a_call_each(board):
    first, second = board.call(), board.call()
    assert first.contact_id != second.contact_id
    assert Caller.objects.count() == 2


def test_each_caller_who_is_heard_lives_on_when_they_are_checked_one_after_another(board, ends, monkeypatch):
    monkeypatch.setattr(hearing, "AT_ONCE", 1)
    board.call(), board.call()
    ends.pass_time(20)
    just_now = board.floor.now + LIFE[Side.CUSTOMER] - timedelta(seconds=1)
    known = Browser.objects.filter(side=Side.CUSTOMER, alive_until__gt=just_now)
    ends.until(lambda: known.count() == 2, "both to be known to live")


def test_a_second_number_leads_to_another_queue(board, ends, floor):
    other = QueueFactory.create(brand=board.queue.brand, floor=floor, channel="voice")
    assert ends.customer_calls(other.pk, number="+33156070810").contact.queue == other


def test_when_the_telephone_is_killed_the_sound_goes_on_and_the_next_one_carries_the_call(board, ends, ready):
    call = talk(board)
    ends.house.close()
    board.floor.clock.advance(seconds=20)
    ends.start_house()
    assert both_hear_each_other(ends, call)
    assert (board.seen(call).state, call.legs.count()) == ("talking", 1)
    end_call(call_id=call.pk, by=Call.EndedBy.AGENT, now=board.floor.now)
    ends.until(lambda: ends.customers[call.pk].is_over, "the customer to be hung up")


def test_a_call_that_ended_while_the_telephone_was_away_is_hung_up_when_it_is_back(board, ends, ready):
    call = talk(board)
    ends.house.close()
    end_call(call_id=call.pk, by=Call.EndedBy.AGENT, now=board.floor.now)
    assert not ends.customers[call.pk].is_over
    ends.start_house()
    ends.until(lambda: ends.customers[call.pk].is_over, "the customer to be hung up")


def test_when_rtpengine_is_killed_the_two_find_each_other_anew(board, ends, ready):
    call = talk(board)
    ends.stack.rtpengine.kill()
    ends.stack.start_media()
    ends.pass_time(5)
    board.settle()
    assert board.seen(call).round == 2
    ends.agent_answers(board.leg(call))
    assert both_hear_each_other(ends, call)
    assert [leg.state for leg in call.legs.all()] == ["talking"]


def test_a_caller_who_waits_hears_music_again_after_rtpengine_was_killed(board, ends):
    call = board.call()
    sound = ends.customers[call.pk].sound
    ends.stack.rtpengine.kill()
    ends.stack.start_media()
    before = sound.packets
    ends.pass_time(5)
    ends.until(lambda: sound.packets > before, "music")
    assert board.seen(call).state == "queued"


def test_nobody_is_let_in_without_rtpengine_and_who_was_in_is_lost_after_half_a_minute(board, ends, queue):
    call = board.call()
    ends.stack.rtpengine.kill()
    late = Telephone(ends.stack.edge, NUMBER, folder=ends.stack.folder, caller="+33145060799")
    ends.until(lambda: late.is_over, "the late caller to be refused")
    late.close()
    assert "received 'SIP/2.0 503" in late.log.read_text()
    ends.line_breaks(Side.CUSTOMER, call)
    ends.stack.start_media()
    assert (board.seen(call).state, board.seen(call).why) == ("ended", "customer_lost")


def test_while_the_edge_is_killed_two_people_talk_on_and_either_may_hang_up_after(board, ends, ready):
    call = talk(board)
    ends.stack.kamailio.kill()
    assert both_hear_each_other(ends, call)
    ends.stack.start_edge()
    ends.customer_hangs_up(call)
    board.settle()
    assert (board.seen(call).state, board.seen(call).ended_by) == ("ended", "customer")


def test_a_call_hung_up_while_the_edge_is_away_is_over_in_the_house_at_once_and_at_the_customers_later(
    board, ends, ready
):
    call = talk(board)
    ends.stack.kamailio.kill()
    board.close(call)
    ends.turn_for(0.2)
    assert (board.seen(call).state, Caller.objects.exists()) == ("ended", False)
    ends.stack.start_edge()
    ends.until(lambda: ends.customers[call.pk].is_over, "the customer to be hung up")


def test_an_agent_whose_page_is_loaded_again_hears_the_same_customer(board, ends, ready):
    call = talk(board)
    ends.agent_comes_back(board.leg(call))
    assert both_hear_each_other(ends, call)
    assert Leg.objects.filter(call=call).count() == 1


def test_a_caller_who_puts_us_on_hold_is_not_lost_though_nothing_comes_from_them(board, ends, ready):
    call = talk(board)
    customer = ends.customers[call.pk]
    customer.hold()
    ends.until(lambda: customer.directions == ["recvonly"], "the house to agree")
    customer.sound.close()
    for _ in range(8):
        ends.pass_time(5)
        life.end_what_is_dead(now=board.floor.now)
    call = board.seen(call)
    assert (call.state, call.legs.count()) == ("queued", 1), "only the agent's page has given no sign of life"
    assert call.why == ""


def test_a_caller_of_whom_nothing_is_heard_keeps_their_place_until_their_telephone_answers_no_more(board, ends):
    call = board.call()
    customer = ends.customers[call.pk]
    customer.sound.close()

    def half_a_minute_passes() -> tuple[str, str]:
        for _ in range(8):
            ends.pass_time(5)
            life.end_what_is_dead(now=board.floor.now)
        return board.seen(call).state, board.seen(call).why

    assert half_a_minute_passes() == ("queued", "")
    with customer.frozen():
        assert half_a_minute_passes() == ("ended", "customer_lost")


def test_a_caller_whose_sound_moves_is_led_to_the_same_agent_again(board, ends, ready):
    call = talk(board)
    customer = ends.customers[call.pk]
    customer.move()
    ends.until(lambda: board.seen(call).round == 2, "a new round")
    ends.until(lambda: customer.sound_elsewhere.packets > 0, "music at the new place")
    ends.agent_answers(board.leg(call))
    customer.sound = customer.sound_elsewhere
    assert both_hear_each_other(ends, call)
    assert [leg.state for leg in call.legs.all()] == ["talking"]
