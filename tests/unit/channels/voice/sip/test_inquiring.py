"""The other end of a call of which nothing is heard is asked whether it is still there."""

import pytest

from homeshore.channels.voice.sip.signalling import Agreed, Gone, HungUp, There
from tests.unit.channels.voice.sip.trunk import Trunk


@pytest.fixture
def talking() -> Trunk:
    trunk = Trunk()
    trunk.calls()
    trunk.is_answered()
    return trunk


def inquired(trunk: Trunk):
    trunk.house.inquire(trunk.tag, now=trunk.now)
    [question] = trunk.hears()
    return question


def test_the_question_goes_the_way_of_the_call_and_an_answer_says_that_they_are_there(talking):
    question = inquired(talking)
    assert (question.method, question.uri) == ("OPTIONS", "sip:caller@192.0.2.7:5062")
    assert (question.call_id, question.cseq.seq) == ("call-1", 1)
    assert question.get_header("To").endswith(";tag=theirs")
    assert talking.answers(question, 200) == [There(talking.tag)]
    assert talking.answers(question, 200) == [], "it is heard once"


@pytest.mark.parametrize("status", [405, 501])
def test_one_who_does_not_know_the_question_is_there(talking, status):
    assert talking.answers(inquired(talking), status) == [There(talking.tag)]


def test_one_who_does_not_know_the_call_is_gone(talking):
    assert talking.answers(inquired(talking), 481) == [Gone(talking.tag, "answered 481")]
    talking.house.inquire(talking.tag, now=talking.now)
    assert talking.hears() == []


@pytest.mark.parametrize("status", [100, 404, 408, 480, 503])
def test_what_only_a_proxy_says_tells_nothing(talking, status):
    assert talking.answers(inquired(talking), status) == []
    assert talking.answers(inquired(talking), 200) == [There(talking.tag)]


def test_a_question_that_nobody_answers_is_sent_once_and_ends_no_call(talking):
    inquired(talking)
    assert (talking.after(40), talking.hears(), talking.house.next_due()) == ([], [], None)
    assert talking.answers(inquired(talking), 200) == [There(talking.tag)]


def test_who_was_called_is_asked_once_they_have_answered(talking):
    trunk = Trunk()
    invite = trunk.is_called()
    trunk.house.inquire(trunk.tag, now=trunk.now)
    assert trunk.hears() == []
    trunk.answers(invite, 200, sdp="v=0 theirs", contact="<sip:called@192.0.2.7:5062>", tag="theirs")
    trunk.hears()
    assert trunk.answers(inquired(trunk), 200) == [There(trunk.tag)]


def test_a_session_may_be_asked_for_meanwhile(talking):
    question = inquired(talking)
    talking.house.ask(talking.tag, "v=0 other", now=talking.now)
    [invite] = talking.hears()
    assert invite.cseq.seq == 2
    assert talking.answers(question, 200) == [There(talking.tag)]
    assert talking.answers(invite, 200, sdp="v=0 theirs") == [Agreed(talking.tag, "v=0 theirs")]


def test_an_answer_after_the_end_means_nothing(talking):
    question = inquired(talking)
    assert talking.within("BYE") == [HungUp(talking.tag)]
    assert talking.answers(question, 200) == []
    assert talking.answers(question, 481) == []
