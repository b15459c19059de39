"""Calls that the house places by SIP: they ring, are answered, refused or taken back, whatever crosses or is lost (RFC 3261)."""

import json

import pytest

from homeshore.channels.voice.sip.signalling import Answered, Dialog, Ended, Failed, HungUp, Rings
from homeshore.channels.voice.sip.signalling.messages import read, receiver_tag, sdp_of
from tests.unit.channels.voice.sip.trunk import EDGE, OFFER, Trunk, statuses

THEIRS = {"tag": "theirs", "contact": "<sip:callee@192.0.2.9:5070>", "route": "<sip:a;lr>, <sip:b;lr>"}


@pytest.fixture
def trunk():
    return Trunk()


def message_of(send):
    """What a datagram that was sent says."""
    return read(send.datagram)


def answered(trunk):
    """A call of the house that was answered; its INVITE."""
    invite = trunk.is_called()
    trunk.answers(invite, 200, sdp=OFFER, **THEIRS)
    trunk.hears()
    return invite


def test_a_call_names_whom_it_is_for_and_the_number_they_see(trunk):
    invite = trunk.is_called()
    assert (invite.uri, sdp_of(invite)) == ("sip:+33145060708@127.0.0.1:5060", "v=0 house")
    assert invite.from_addr.uri.user == "+33156070809"
    assert invite.get_header("P-Asserted-Identity") == "<sip:+33156070809@127.0.0.1:5060>"
    assert receiver_tag(invite) == ""


def test_it_rings_with_and_without_sound_of_their_network(trunk):
    invite = trunk.is_called()
    assert trunk.answers(invite, 100) == []
    assert trunk.answers(invite, 180, tag="theirs") == [Rings("ours", "")]
    assert trunk.answers(invite, 183, tag="theirs", sdp=OFFER) == [Rings("ours", OFFER)]
    assert trunk.after(300) == []
    assert trunk.hears() == []


def test_an_answer_is_acknowledged_along_the_way_it_came_also_when_it_is_sent_again(trunk):
    invite = trunk.is_called()
    trunk.answers(invite, 100)
    assert trunk.answers(invite, 200, sdp=OFFER, **THEIRS) == [Answered("ours", OFFER)]
    [ack] = trunk.sent()
    said = message_of(ack)
    assert (said.method, said.uri, receiver_tag(said)) == ("ACK", "sip:callee@192.0.2.9:5070", "theirs")
    assert said.get_header_values("Route") == ["<sip:b;lr>", "<sip:a;lr>"]
    assert trunk.answers(invite, 200, sdp=OFFER, **THEIRS) == []
    assert trunk.sent() == [ack]


def test_who_answered_may_be_led_elsewhere_and_hang_up(trunk):
    answered(trunk)
    assert trunk.house.can_ask("ours")
    trunk.house.ask("ours", "v=0 other", now=trunk.now)
    [invite] = trunk.hears()
    assert (invite.uri, receiver_tag(invite)) == ("sip:callee@192.0.2.9:5070", "theirs")
    trunk.answers(invite, 200, sdp=OFFER)
    trunk.hears()
    bye = trunk.request("BYE", to_tag="ours", sequence=1, Call_ID=invite.call_id)
    assert trunk.says(bye) == [HungUp("ours")]


@pytest.mark.parametrize("status", [302, 404, 407, 480, 486, 488, 503, 600, 603])
def test_a_refusal_is_acknowledged_and_told_once(trunk, status):
    invite = trunk.is_called()
    trunk.answers(invite, 100)
    assert trunk.answers(invite, status, tag="theirs") == [Failed("ours", status)]
    [ack] = trunk.hears()
    assert (ack.method, ack.via[0].branch) == ("ACK", invite.via[0].branch)
    assert trunk.answers(invite, status, tag="theirs") == []
    assert [each.method for each in trunk.hears()] == ["ACK"]


def test_a_call_that_nobody_hears_is_sent_again_and_given_up_after_half_a_minute(trunk):
    trunk.is_called()
    assert trunk.after(31.9) == []
    assert statuses(trunk.hears()) == [("INVITE", 0)] * 10
    assert trunk.after(0.2) == [Failed("ours", 408)]


def test_a_call_that_rings_is_taken_back_and_the_refusal_that_follows_ends_it(trunk):
    invite = trunk.is_called()
    trunk.answers(invite, 180, tag="theirs")
    assert trunk.house.hang_up("ours", now=trunk.now)
    [cancel] = trunk.hears()
    assert (cancel.method, cancel.uri, cancel.via[0].branch, cancel.cseq.seq) == (
        "CANCEL",
        invite.uri,
        invite.via[0].branch,
        invite.cseq.seq,
    )
    assert trunk.after(0.6) == []
    assert [each.method for each in trunk.hears()] == ["CANCEL"]
    assert trunk.answers(cancel, 200) == []
    assert trunk.answers(invite, 487, tag="theirs") == [Ended("ours")]
    assert [each.method for each in trunk.hears()] == ["ACK"]
    assert trunk.after(60) == []
    assert trunk.hears() == []


def test_a_call_is_not_taken_back_before_somebody_listens_and_then_it_is_at_once(trunk):
    invite = trunk.is_called()
    trunk.house.hang_up("ours", now=trunk.now)
    assert trunk.hears() == []
    assert trunk.answers(invite, 100) == []
    assert [each.method for each in trunk.hears()] == ["CANCEL"]
    assert trunk.answers(invite, 180, tag="theirs") == []
    assert trunk.hears() == []


def test_an_answer_that_crosses_the_taking_back_is_hung_up(trunk):
    invite = trunk.is_called()
    trunk.answers(invite, 180, tag="theirs")
    trunk.house.hang_up("ours", now=trunk.now)
    [cancel] = trunk.hears()
    assert trunk.answers(invite, 200, sdp=OFFER, **THEIRS) == []
    ack, bye = trunk.hears()
    assert (ack.method, bye.method, receiver_tag(bye), bye.uri) == (
        "ACK",
        "BYE",
        "theirs",
        "sip:callee@192.0.2.9:5070",
    )
    assert trunk.answers(cancel, 481) == []
    assert trunk.answers(bye, 200) == [Ended("ours")]


def test_a_call_taken_back_that_nobody_answers_any_more_is_over_after_half_a_minute(trunk):
    invite = trunk.is_called()
    trunk.answers(invite, 180, tag="theirs")
    trunk.house.hang_up("ours", now=trunk.now)
    assert trunk.after(33) == [Ended("ours")]


def test_a_second_telephone_that_answers_the_same_call_is_hung_up(trunk):
    invite = answered(trunk)
    assert trunk.answers(invite, 200, sdp=OFFER, tag="other", contact="<sip:other@192.0.2.10>") == []
    ack, bye = trunk.hears()
    assert [(each.method, each.uri, receiver_tag(each)) for each in (ack, bye)] == [
        ("ACK", "sip:other@192.0.2.10", "other"),
        ("BYE", "sip:other@192.0.2.10", "other"),
    ]
    trunk.answers(invite, 200, sdp=OFFER, tag="other", contact="<sip:other@192.0.2.10>")
    assert [each.method for each in trunk.hears()] == ["ACK"]
    assert trunk.house.can_ask("ours")


def taken_up_while_ringing(trunk):
    """A call that rings, carried on by another process, of which no memory was kept but plain data."""
    invite = trunk.is_called()
    trunk.answers(invite, 180, tag="theirs")
    kept = json.loads(json.dumps({**trunk.house.dialog("ours").as_plain(), "invite": trunk.house.invite_of("ours")}))
    after = Trunk()
    after.tag, text = "ours", kept.pop("invite")
    after.house.take_up(Dialog.taken_up(kept), invite=text)
    return invite, after


def test_a_process_that_starts_anew_hears_the_answer_to_a_call_that_was_ringing(trunk):
    invite, after = taken_up_while_ringing(trunk)
    assert after.answers(invite, 200, sdp=OFFER, **THEIRS) == [Answered("ours", OFFER)]
    assert [(each.method, receiver_tag(each)) for each in after.hears()] == [("ACK", "theirs")]


def test_a_process_that_starts_anew_can_take_back_a_call_that_was_ringing(trunk):
    invite, after = taken_up_while_ringing(trunk)
    after.house.hang_up("ours", now=after.now)
    [cancel] = after.sent()
    assert cancel.to == EDGE
    assert message_of(cancel).via[0].branch == invite.via[0].branch
    assert after.answers(invite, 487, tag="theirs") == [Ended("ours")]


def test_what_is_answered_is_no_call_under_way_any_more(trunk):
    answered(trunk)
    with pytest.raises(KeyError):
        trunk.house.invite_of("ours")
