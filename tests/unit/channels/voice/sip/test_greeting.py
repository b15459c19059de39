"""The house asks the edge whether it is there, and hears whether it is a new one."""

import pytest

from homeshore.channels.voice.sip.signalling import ProxySeen
from tests.unit.channels.voice.sip.trunk import EDGE, Trunk


@pytest.fixture
def edge() -> Trunk:
    return Trunk()


def asked(edge: Trunk):
    edge.house.greet(EDGE, now=edge.now)
    [question] = edge.hears()
    return question


@pytest.mark.parametrize(("more", "started"), [({"X-Homeshore-Edge": "1795460000"}, "1795460000"), ({}, "")])
def test_the_edge_is_seen_with_the_moment_when_it_was_started(edge, more, started):
    question = asked(edge)
    assert (question.method, question.uri) == ("OPTIONS", f"sip:{EDGE[0]}:{EDGE[1]}")
    assert edge.answers(question, 200, more=more) == [ProxySeen(started)]
    assert edge.answers(question, 200, more=more) == [], "it is heard once"


def test_an_edge_that_is_away_is_asked_once_each_time_and_an_answer_of_before_means_nothing(edge):
    first = asked(edge)
    assert (edge.after(40), edge.hears(), edge.house.next_due()) == ([], [], None)
    second = asked(edge)
    assert edge.answers(first, 200) == []
    assert edge.answers(second, 200) == [ProxySeen("")]
