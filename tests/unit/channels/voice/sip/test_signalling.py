"""Calls by SIP: answered, changed, ended, whatever is lost, repeated or crosses on the way (RFC 3261)."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from homeshore.channels.voice.sip.signalling import (
    Agreed,
    Cancelled,
    Confirmed,
    Dialog,
    Ended,
    Gone,
    HungUp,
    Invited,
    Malformed,
    Refused,
    Reinvited,
)
from homeshore.channels.voice.sip.signalling.messages import receiver_tag, sdp_of
from tests.unit.channels.voice.sip.trunk import OFFER, Trunk, statuses


@pytest.fixture
def trunk():
    return Trunk()


@pytest.fixture
def talking(trunk):
    """A trunk whose call was answered."""
    trunk.calls()
    trunk.is_answered()
    return trunk


def asked(trunk, sdp="v=0 other"):
    trunk.house.ask(trunk.tag, sdp, now=trunk.now)
    [invite] = trunk.hears()
    return invite


def test_who_calls_is_told_with_number_name_and_offer(trunk):
    [event] = trunk.says(trunk.request("INVITE", sdp=OFFER))
    assert event == Invited(event.tag, "+33156070809", "+33145060708", "Claire Vasseur", OFFER, "+33156070809")
    assert trunk.hears() == []


@pytest.mark.parametrize("hidden", [{"From": "<sip:anonymous@anonymous.invalid>;tag=theirs"}, {"Privacy": "id"}])
def test_a_number_that_is_withheld_is_not_told(trunk, hidden):
    [event] = trunk.says(trunk.request("INVITE", sdp=OFFER, **hidden))
    assert (event.caller, event.name) == ("", "")


def test_an_answer_goes_back_the_way_the_call_came_and_is_acknowledged_once(trunk):
    tag = trunk.calls()
    trunk.house.answer(tag, "v=0 house", now=trunk.now)
    [answer] = trunk.hears()
    assert (answer.status_code, receiver_tag(answer), sdp_of(answer)) == (200, tag, "v=0 house")
    assert answer.get_header_values("Record-Route") == ["<sip:127.0.0.1:5060;lr;r2=on>", "<sip:192.0.2.1;lr;r2=on>"]
    ack = trunk.request("ACK", to_tag=tag)
    assert [trunk.says(ack), trunk.says(ack)] == [[Confirmed(tag)], []]


def test_a_call_sent_again_rings_once_and_gets_the_answer_it_got(trunk):
    tag = trunk.calls()
    again = trunk.request("INVITE", branch="call", sdp=OFFER)
    assert trunk.says(again) == []
    trunk.house.answer(tag, "v=0 house", now=trunk.now)
    [first] = trunk.sent()
    assert trunk.says(again) == []
    assert trunk.sent() == [first]


def test_an_answer_is_sent_again_until_it_is_acknowledged(trunk):
    trunk.calls()
    trunk.house.answer(trunk.tag, "v=0 house", now=trunk.now)
    assert statuses(trunk.hears()) == [("INVITE", 200)]
    assert trunk.after(3.6) == []
    assert statuses(trunk.hears()) == [("INVITE", 200)] * 3
    trunk.says(trunk.request("ACK", to_tag=trunk.tag))
    trunk.after(60)
    assert trunk.hears() == []


def test_an_answer_that_nobody_acknowledges_ends_the_call(trunk):
    trunk.calls()
    trunk.house.answer(trunk.tag, "v=0 house", now=trunk.now)
    assert trunk.after(33) == [Gone(trunk.tag, "never acknowledged")]
    assert trunk.hears()[-1].method == "BYE"


@pytest.mark.parametrize(
    ("more", "status"),
    [
        ({"Require": "100rel"}, 420),
        ({"Session-Expires": "30"}, 422),
        ({"Contact": ""}, 400),
    ],
)
def test_a_call_that_asks_too_much_is_refused_until_that_is_heard(trunk, more, status):
    assert trunk.says(trunk.request("INVITE", branch="bad", sdp=OFFER, **more)) == []
    assert statuses(trunk.hears()) == [("INVITE", status)]
    trunk.after(0.6)
    assert statuses(trunk.hears()) == [("INVITE", status)]
    trunk.says(trunk.request("ACK", branch="bad"))
    trunk.after(60)
    assert trunk.hears() == []


def test_a_caller_who_asks_for_a_session_timer_keeps_it_themselves(trunk):
    trunk.calls(Session_Expires="1800")
    trunk.house.answer(trunk.tag, "v=0 house", now=trunk.now)
    [answer] = trunk.hears()
    assert (answer.get_header("Session-Expires"), answer.get_header("Require")) == ("1800;refresher=uac", "timer")


def test_who_gives_up_before_the_answer_is_told_so(trunk):
    tag = trunk.calls()
    cancel = trunk.request("CANCEL", branch="call")
    assert trunk.says(cancel) == [Cancelled(tag)]
    assert statuses(trunk.hears()) == [("CANCEL", 200), ("INVITE", 487)]
    assert trunk.says(cancel) == []
    with pytest.raises(KeyError):
        trunk.house.answer(tag, "v=0 house", now=trunk.now)


def test_giving_up_comes_too_late_after_the_answer(talking):
    assert talking.says(talking.request("CANCEL", branch="call")) == []
    assert statuses(talking.hears()) == [("CANCEL", 200)]
    assert talking.within("BYE") == [HungUp(talking.tag)]


def test_a_refused_call_is_over(trunk):
    tag = trunk.calls()
    trunk.house.refuse(tag, 404, now=trunk.now)
    assert statuses(trunk.hears()) == [("INVITE", 404)]
    assert trunk.house.hang_up(tag, now=trunk.now) is False


def test_a_caller_who_hangs_up_is_heard_once(talking):
    bye = talking.request("BYE", branch="bye", to_tag=talking.tag, sequence=2)
    assert [talking.says(bye), talking.says(bye)] == [[HungUp(talking.tag)], []]
    assert statuses(talking.hears()) == [("BYE", 200), ("BYE", 200)]


def test_hanging_up_goes_along_the_route_and_is_sent_again_until_heard(talking):
    talking.house.hang_up(talking.tag, now=talking.now)
    talking.after(1.6)
    first, *again = talking.hears()
    assert (first.method, first.uri) == ("BYE", "sip:caller@192.0.2.7:5062")
    assert first.get_header_values("Route") == ["<sip:127.0.0.1:5060;lr;r2=on>", "<sip:192.0.2.1;lr;r2=on>"]
    assert [bytes(each) for each in again] == [bytes(first)] * 2
    assert talking.answers(first, 200) == [Ended(talking.tag)]
    talking.after(60)
    assert talking.hears() == []


def test_hanging_up_at_somebody_who_is_gone_ends_too(talking):
    talking.house.hang_up(talking.tag, now=talking.now)
    assert talking.after(33) == [Ended(talking.tag)]


def test_both_hang_up_at_once(talking):
    talking.house.hang_up(talking.tag, now=talking.now)
    [bye] = talking.hears()
    assert talking.within("BYE") == []
    assert statuses(talking.hears()) == [("BYE", 481)]
    assert talking.answers(bye, 481) == [Ended(talking.tag)]


def test_another_session_is_agreed_and_acknowledged_however_often_the_answer_comes(talking):
    invite = asked(talking)
    assert (sdp_of(invite), invite.cseq.seq) == ("v=0 other", 1)
    assert not talking.house.can_ask(talking.tag)
    assert talking.answers(invite, 100) == []
    assert talking.answers(invite, 200, sdp="v=0 theirs", contact="<sip:moved@192.0.2.8>") == [
        Agreed(talking.tag, "v=0 theirs")
    ]
    [ack] = talking.hears()
    assert (ack.method, ack.uri, ack.cseq.seq) == ("ACK", "sip:moved@192.0.2.8", 1)
    assert talking.answers(invite, 200, sdp="v=0 theirs") == []
    assert [bytes(each) for each in talking.hears()] == [bytes(ack)]
    assert talking.house.dialog(talking.tag).target == "sip:moved@192.0.2.8"
    assert asked(talking).cseq.seq == 2


def test_a_session_refused_leaves_the_one_before(talking):
    invite = asked(talking)
    assert talking.answers(invite, 488) == [Refused(talking.tag, 488)]
    [ack] = talking.hears()
    assert (ack.method, ack.via[0].branch) == ("ACK", invite.via[0].branch)
    assert talking.house.can_ask(talking.tag)


@pytest.mark.parametrize("status", [408, 481])
def test_an_end_that_knows_nothing_of_the_call_any_more_has_ended_it(talking, status):
    assert talking.answers(asked(talking), status) == [Gone(talking.tag, f"answered {status}")]


def test_an_end_that_answers_nothing_has_ended_the_call(talking):
    asked(talking)
    assert talking.after(33) == [Gone(talking.tag, "does not answer")]


def test_two_sessions_asked_for_at_once_are_settled_by_asking_again(talking):
    ours = asked(talking)
    assert talking.within("INVITE", sdp=OFFER) == []
    assert statuses(talking.hears()) == [("INVITE", 491)]
    assert talking.answers(ours, 491) == []
    talking.hears()
    assert talking.after(1.2) == []
    [again] = [each for each in talking.hears() if getattr(each, "method", "") == "INVITE"]
    assert (sdp_of(again), again.cseq.seq) == ("v=0 other", 2)
    assert talking.answers(again, 200, sdp="v=0 theirs") == [Agreed(talking.tag, "v=0 theirs")]


def test_a_session_that_they_ask_for_is_answered(talking):
    assert talking.within("INVITE", sdp="v=0 hold") == [Reinvited(talking.tag, "v=0 hold")]
    assert not talking.house.can_ask(talking.tag)
    talking.house.answer(talking.tag, "v=0 house", now=talking.now)
    assert statuses(talking.hears()) == [("INVITE", 200)]
    talking.says(talking.request("ACK", to_tag=talking.tag))
    assert talking.house.can_ask(talking.tag)


@pytest.mark.parametrize(
    "more", [{"sequence": 1}, {"From": "<sip:other@trunk.example>;tag=other"}, {"Call_ID": "call-2"}]
)
def test_a_request_from_the_past_or_from_somebody_else_changes_nothing(talking, more):
    assert talking.says(talking.request("BYE", to_tag=talking.tag, **{"sequence": 2, **more})) == []
    assert statuses(talking.hears()) in ([("BYE", 500)], [("BYE", 481)])
    assert talking.house.can_ask(talking.tag)


def test_a_dialog_is_carried_on_by_another_process(talking):
    kept = json.loads(json.dumps(talking.house.dialog(talking.tag).as_plain()))
    later = Trunk()
    later.house.take_up(Dialog.taken_up(kept))
    later.tag = talking.tag
    invite = asked(later)
    assert invite.cseq.seq > talking.house.dialog(talking.tag).sequence
    assert later.within("BYE") == [HungUp(later.tag)]


def test_a_probe_is_answered_and_what_we_do_not_do_is_said(trunk):
    trunk.says(trunk.request("OPTIONS"))
    trunk.says(trunk.request("SUBSCRIBE"))
    assert statuses(trunk.hears()) == [("OPTIONS", 200), ("SUBSCRIBE", 405)]


@given(st.binary(max_size=400))
def test_whatever_comes_is_answered_or_refused_and_breaks_nothing(datagram):
    trunk = Trunk()
    with pytest.raises(Malformed):
        trunk.says(datagram)


@given(st.data())
def test_a_message_cut_or_mangled_on_the_way_breaks_nothing(data):
    trunk = Trunk()
    trunk.calls()
    trunk.is_answered()
    whole = data.draw(st.sampled_from(["INVITE", "BYE", "CANCEL", "ACK"]))
    text = bytearray(trunk.request(whole, to_tag=trunk.tag, sequence=2, sdp=OFFER))
    for place in data.draw(st.lists(st.integers(0, len(text) - 1), max_size=6)):
        text[place] = data.draw(st.integers(0, 255))
    del text[data.draw(st.integers(0, len(text))) :]
    try:
        trunk.says(bytes(text))
    except Malformed:
        assert trunk.sent() == []
    for sent in trunk.hears():
        assert 200 <= sent.status_code < 600


@given(
    st.lists(
        st.sampled_from(
            ["their_bye", "our_bye", "our_ask", "their_ask", "cancel", "ack", "yes", "no", "glare", "wait"]
        ),
        max_size=14,
    )
)
def test_whatever_crosses_whatever_the_call_ends_once_and_leaves_nothing_waiting(acts):
    trunk = Trunk()
    tag = trunk.calls()
    trunk.house.answer(tag, "v=0 house", now=trunk.now)
    events, requests = [], []
    for act in acts:
        trunk.sequence += 1
        if act == "their_bye":
            events += trunk.says(trunk.request("BYE", to_tag=tag))
        elif act == "their_ask":
            events += trunk.says(trunk.request("INVITE", to_tag=tag, sdp=OFFER))
        elif act == "cancel":
            events += trunk.says(trunk.request("CANCEL", branch="call", sequence=1))
        elif act == "ack":
            events += trunk.says(trunk.request("ACK", to_tag=tag, sequence=1))
        elif act == "our_bye":
            trunk.house.hang_up(tag, now=trunk.now)
        elif act == "our_ask" and trunk.house.can_ask(tag):
            trunk.house.ask(tag, "v=0 other", now=trunk.now)
        elif act == "wait":
            events += trunk.after(3)
        elif requests:
            events += trunk.answers(requests.pop(), {"yes": 200, "no": 488, "glare": 491}.get(act, 200))
        requests += [each for each in trunk.hears() if getattr(each, "method", "ACK") != "ACK"]
    trunk.house.hang_up(tag, now=trunk.now)
    events += trunk.after(120)
    over = [each for each in events if isinstance(each, HungUp | Gone)]
    assert len(over) <= 1
    assert sum(isinstance(each, Ended) for each in events) <= 1
    assert trunk.house.next_due() is None
