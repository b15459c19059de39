"""A call goes only to a line that carries voice now."""

import pytest

from homeshore.people import services as people
from homeshore.people.models import Agent
from homeshore.routing.why_not import why_not
from tests.factories import QueueFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def queue(floor):
    return QueueFactory.create(floor=floor, brand__operator=floor.operator, channel="voice", target_seconds=20)


def test_no_call_is_offered_to_a_line_below_the_bar_until_it_carries_voice_again(routed, queue, agent):
    people.set_voice_line(agent_id=agent.pk, ok=False, why="jitter", now=routed.now)
    routed.ready(agent)
    call = routed.write_in(queue).contact

    assert not call.offers.exists()
    assert why_not(routed.router.state, call.pk, agent.pk).code == "line_without_voice"
    agent.refresh_from_db()
    assert (agent.voice_line_ok, agent.voice_line_why, agent.voice_line_at) == (False, "jitter", routed.now)

    people.set_voice_line(agent_id=agent.pk, ok=True, now=routed.now)
    routed.router.turn()

    assert routed.offer_of(call).agent_id == agent.pk


def test_a_measure_that_says_nothing_new_changes_nothing(agent, clock):
    assert people.set_voice_line(agent_id=agent.pk, ok=False, why="loss", now=clock.now())
    assert not people.set_voice_line(agent_id=agent.pk, ok=False, why="loss", now=clock.now())
    assert Agent.objects.get(pk=agent.pk).version == agent.version + 1
