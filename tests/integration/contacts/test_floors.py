"""An operator's floors are split along groups that share nothing, and nobody's work is lost in it."""

import pytest

from homeshore.contacts.models import Assignment, Contact, Fact, Floor, Offer, QueueOnFloor
from homeshore.contacts.queries.floors import floor_plan
from homeshore.contacts.refusals import FloorsWouldShare
from homeshore.contacts.router.router import FloorRouter
from homeshore.contacts.router.rules import agent_changed
from homeshore.contacts.router.work import RoutingProcess
from homeshore.contacts.services import (
    CustomerFacts,
    accept_offer,
    receive_message,
    renew_lease,
    set_presence,
    split_floors,
)
from homeshore.foundation.models import AuditEntry
from tests.factories import AgentFactory, EngagementFactory, MissionFactory, QueueFactory, UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def other_queue(floor, queue):
    return QueueFactory.create(floor=floor, brand=queue.brand, channel="chat", target_seconds=60)


@pytest.fixture
def other_agent(floor, other_queue):
    return AgentFactory.create(operator=floor.operator, queues=[other_queue])


@pytest.fixture
def process(floor, queue, agent, other_queue, other_agent, clock):
    return settled(RoutingProcess("a:1:x"))


def settled(process):
    while process.sweep():
        pass
    process.turn()
    return process


def write_in(queue, thread, clock):
    said = {"body": "Bonjour", "client_id": "m1", "customer": CustomerFacts(name="Claire")}
    received = receive_message(queue_id=queue.pk, thread_key=thread, now=clock.now(), **said)
    return received.contact


def engage(agent, *queues):
    mission = MissionFactory.create(brand=queues[0].brand, queues=list(queues))
    EngagementFactory.create(mission=mission, agent=agent)


def split(operator, *floors, clock):
    queues = [[queue.pk for queue in each] for each in floors]
    return split_floors(operator_id=operator.pk, floors=queues, by=UserFactory.create(), now=clock.now())


def test_the_plan_proposes_floors_that_share_nobody(process, floor, queue, other_queue):
    as_it_is, apart = floor_plan(floor.operator_id), floor_plan(floor.operator_id, floors=2)

    assert [(each.id, each.agents) for each in as_it_is.now] == [(floor.pk, 2)]
    assert (as_it_is.possible, as_it_is.changes, as_it_is.agents_on_several) == (2, False, [])
    assert [[id for id, _ in each.queues] for each in apart.proposed] == [[queue.pk], [other_queue.pk]]
    assert ([each.agents for each in apart.proposed], apart.changes) == ([1, 1], True)
    assert floor_plan(floor.operator_id, floors=9).proposed == apart.proposed


def test_work_goes_on_where_it_stood_after_a_split(process, floor, queue, agent, other_queue, other_agent, clock):
    for each in (agent, other_agent):
        set_presence(agent_id=each.pk, state="ready", now=clock.now())
    in_hand, offered = write_in(queue, "one", clock), write_in(other_queue, "two", clock)
    process.turn()
    offer = Offer.objects.get(contact=in_hand)
    assignment = accept_offer(agent_id=agent.pk, offer_id=offer.pk, now=clock.now())
    waiting = [write_in(other_queue, f"more-{number}", clock) for number in range(5)]

    kept, made = split(floor.operator, [queue], [other_queue], clock=clock)
    settled(process)

    assert kept == floor.pk
    assert sorted(process.owned) == [kept, made]
    assert dict(QueueOnFloor.objects.values_list("queue", "floor")) == {queue.pk: kept, other_queue.pk: made}
    states = {kept: process.owned[kept].state, made: process.owned[made].state}
    assert set(states[kept].contacts) == {in_hand.pk}
    assert set(states[made].contacts) == {offered.pk, *(each.pk for each in waiting)}
    assert set(states[kept].assignments) == {assignment.pk}
    assert not Fact.objects.exists()

    clock.advance(seconds=5)
    accept_offer(agent_id=other_agent.pk, offer_id=Offer.objects.get(contact=offered, state="open").pk, now=clock.now())
    process.turn()
    later = Offer.objects.filter(contact__in=waiting, state="open").get()
    assert (later.floor_id, later.agent_id) == (made, other_agent.pk)
    assert Assignment.objects.filter(state="active").count() == 2
    assert AuditEntry.objects.get(verb="floors.split").data == {str(kept): [queue.pk], str(made): [other_queue.pk]}


def test_whoever_owned_a_floor_before_the_split_can_commit_nothing_after_it(
    floor, queue, agent, other_queue, other_agent, clock
):
    owner = FloorRouter.take_over(floor.pk, owner="a:1:x", clock=clock)
    split(floor.operator, [queue], [other_queue], clock=clock)
    assert list(Floor.objects.order_by("id").values_list("epoch", "owner")) == [(owner.epoch + 1, ""), (1, "")]
    assert FloorRouter.take_over(floor.pk, owner="b:1:x", clock=clock) is not None


def test_two_floors_become_one_again(process, floor, queue, other_queue, agent, clock):
    split(floor.operator, [queue], [other_queue], clock=clock)
    contact = write_in(other_queue, "one", clock)
    assert contact.floor_id != floor.pk

    assert split(floor.operator, [queue, other_queue], clock=clock) == [floor.pk]
    assert set(Contact.objects.values_list("floor", flat=True)) == {floor.pk}


def test_a_split_through_somebody_s_work_is_refused(process, floor, queue, agent, other_queue, clock):
    engage(agent, queue, other_queue)
    with pytest.raises(FloorsWouldShare):
        split(floor.operator, [queue], [other_queue], clock=clock)
    assert Floor.objects.count() == 1


@pytest.mark.parametrize("forgotten", ["queue", "other_queue"])
def test_no_queue_is_forgotten_and_none_is_named_twice(process, floor, queue, other_queue, clock, forgotten):
    left = {"queue": other_queue, "other_queue": queue}[forgotten]
    with pytest.raises(FloorsWouldShare):
        split(floor.operator, [left], clock=clock)
    with pytest.raises(FloorsWouldShare):
        split(floor.operator, [queue, other_queue], [left], clock=clock)


def test_an_agent_whose_new_mission_lies_on_another_floor_is_told_of_and_stays_on_one(
    process, floor, queue, agent, other_queue, clock
):
    kept, made = split(floor.operator, [queue], [other_queue], clock=clock)
    settled(process)
    engage(agent, other_queue)
    agent_changed(agent.pk)
    set_presence(agent_id=agent.pk, state="ready", now=clock.now())
    renew_lease(agent_id=agent.pk, now=clock.now())
    process.turn()

    assert floor_plan(floor.operator_id).agents_on_several == [str(agent)]
    assert process.owned[kept].state.agents[agent.pk].rule.queues == (queue.pk,)
    assert agent.pk not in process.owned[made].state.agents
