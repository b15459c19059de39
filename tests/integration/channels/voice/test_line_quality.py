"""Calls are measured at both ends, and a line that is too weak rests from calls without anything being held against its agent."""

import pytest

from homeshore.channels.voice import queries, services
from homeshore.channels.voice.models import Sample, Side, WeakLine
from homeshore.channels.voice.quality.emodel import Measure
from homeshore.contacts.models import Offer
from homeshore.contacts.router.rules import queue_changed
from homeshore.foundation.models import Event
from homeshore.people.models import Agent
from tests.factories import QueueFactory
from tests.integration.channels.voice.drivers import EmbeddedEnds

pytestmark = pytest.mark.django_db

GOOD = Measure(loss=0, jitter_ms=3, round_trip_ms=40, buffer_ms=40)
POOR = Measure(loss=0.12, jitter_ms=30, round_trip_ms=300, buffer_ms=120)


@pytest.fixture
def ends(routed):
    return EmbeddedEnds(routed)


def measure(board, call, side, measured, times=3):
    for _ in range(times):
        board.floor.clock.advance(seconds=5)
        services.record_quality(
            call_id=call.pk, leg_number=board.leg(call).number, at_side=side, measure=measured, now=board.floor.now
        )


def test_both_directions_are_kept_apart(board, ready):
    call = board.talk()
    measure(board, call, Side.AGENT, GOOD, times=1)
    measure(board, call, Side.CUSTOMER, POOR, times=1)
    kept = queries.quality_of_call(call.pk)
    assert set(kept) == {"agent", "customer"}
    assert (kept["agent"]["loss"], kept["customer"]["loss"]) == (0, 0.12)
    assert kept["agent"]["mos"] > 4.2 > 3 > kept["customer"]["mos"]


def test_nothing_is_kept_of_a_call_that_is_not_answered_or_over(board, ready):
    call = board.call()
    assert (
        services.record_quality(call_id=call.pk, leg_number=1, at_side="agent", measure=GOOD, now=board.floor.now)
        is None
    )
    call = board.hang_up(call)
    assert (
        services.record_quality(call_id=call.pk, leg_number=1, at_side="agent", measure=GOOD, now=board.floor.now)
        is None
    )
    assert not Sample.objects.exists()


def test_one_poor_direction_of_one_call_says_nothing_of_the_agents_line(board, ready):
    call = board.talk()
    measure(board, call, Side.AGENT, POOR, times=6)
    measure(board, call, Side.CUSTOMER, GOOD)
    assert Agent.objects.get().voice_line_ok


def test_a_weak_line_rests_from_calls_not_from_chats_and_is_tried_again(board, ready):
    chats = QueueFactory.create(brand=board.queue.brand, floor=board.floor.floor, channel="chat")
    queue_changed(chats.pk)
    call = board.talk()
    measure(board, call, Side.AGENT, POOR)
    measure(board, call, Side.CUSTOMER, POOR)
    agent = Agent.objects.get()
    assert (agent.voice_line_ok, agent.voice_line_why) == (False, "weak_calls")
    resting = WeakLine.objects.get()
    told = Event.objects.filter(kind="call.line").latest("id")
    topics = [f"agent:{agent.pk}", f"floor:{board.floor.floor.pk}"]
    assert (told.topics, told.payload["line"]["until"]) == (topics, resting.until.isoformat())
    assert queries.weak_line_of(agent.pk) == told.payload["line"]

    board.hang_up(call)
    board.close(call, wrap_up=False)
    next_call = board.ends.customer_calls(board.queue.pk)
    board.settle()
    assert not Offer.objects.filter(contact_id=next_call.contact_id).exists()
    assert not Offer.objects.filter(state__in=("declined", "timed_out")).exists()

    board.floor.clock.set(resting.until)
    assert services.end_rests(now=board.floor.now) == 1
    board.floor.ready(agent)
    board.settle()
    assert board.seen(next_call).state == "ringing"
    assert queries.weak_line_of(agent.pk) is None
