"""What a new owner of a floor finds, and what it goes on from."""

import threading

import pytest

from homeshore.contacts import services
from homeshore.contacts.models import Floor, QueueOnFloor
from homeshore.contacts.router import checkpoints, lease, rebuild
from homeshore.contacts.router.journal import replay
from homeshore.contacts.router.router import FloorRouter
from homeshore.contacts.router.rules import queue_changed
from homeshore.foundation import clock
from homeshore.people.events import announce_agent
from tests.factories import AgentFactory, DispositionFactory, QueueFactory, UserFactory

pytestmark = pytest.mark.django_db


def taken_over(routed):
    """The owner died a minute ago, with all it had not yet heard."""
    routed.clock.advance(seconds=61)
    return FloorRouter.take_over(routed.floor.pk, owner="a:1:next", clock=routed.clock)


def test_what_was_learned_of_arrivals_patience_and_speeds_is_not_learned_anew(routed, queue, agent):
    routed.ready(agent)
    contact = routed.write_in(queue).contact
    routed.after(5)
    routed.accept(contact)
    routed.after(55)
    services.close_contact(
        agent_id=agent.pk,
        contact_id=contact.pk,
        disposition_id=DispositionFactory.create(brand=queue.brand).pk,
        wrap_up=False,
        now=routed.now,
    )
    routed.router.turn()
    checkpoints.save(routed.router.state, at=routed.now)
    before = routed.router.state
    after = taken_over(routed)
    assert after.state.queues[queue.pk].estimates.dump() == before.queues[queue.pk].estimates.dump()
    assert after.state.queues[queue.pk].estimates.served == 1
    assert after.state.agents[agent.pk].paces == before.agents[agent.pk].paces
    after.turn()
    assert all(each.same for each in replay(routed.floor.pk, epoch=after.epoch))


def test_a_queue_that_nobody_placed_is_routed_by_the_operators_first_floor(routed, queue):
    QueueOnFloor.objects.all().delete()
    after = taken_over(routed)
    assert queue.pk in after.state.queues
    assert QueueOnFloor.objects.get().floor == routed.floor


def test_who_waits_while_the_owner_changes_is_not_counted_as_arriving_again(routed, queue):
    routed.write_in(queue)
    after = taken_over(routed)
    after.turn()
    assert len(after.state.contacts) == 1
    assert after.state.queues[queue.pk].estimates.came == 0


@pytest.mark.parametrize("state", ["waiting", "offered"])
def test_a_contact_handed_on_and_sent_back_is_known_while_its_first_agent_wraps_up(routed, queue, agent, state):
    colleague, third = (AgentFactory.create(operator=queue.operator, queues=[queue]) for _ in range(2))
    for each in (colleague, third):
        announce_agent(each.pk)
    routed.ready(agent)
    contact = routed.write_in(queue).contact
    first = routed.accept(contact)
    services.set_presence(agent_id=agent.pk, state="break", now=routed.now)
    routed.ready(colleague)
    services.hand_over(agent_id=agent.pk, contact_id=contact.pk, to_agent_id=colleague.pk, now=routed.now)
    services.set_presence(agent_id=colleague.pk, state="break", now=routed.now)
    if state == "offered":
        routed.ready(third)
    services.transfer_contact(agent_id=colleague.pk, contact_id=contact.pk, to_queue_id=queue.pk, now=routed.now)
    routed.router.turn()
    before = routed.router.state
    routed.router.release()

    after = FloorRouter.take_over(routed.floor.pk, owner="a:1:next", clock=routed.clock)

    for each in (before, after.state):
        assert {id: known.stands for id, known in each.contacts.items()} == {contact.pk: state}
        assert list(each.assignments) == [first.pk]
    after.turn()
    routed.clock.advance(seconds=queue.wrap_up_seconds + 1)
    after.turn()
    first.refresh_from_db()
    assert first.state == "ended"
    assert contact.pk in after.state.contacts
    assert all(each.same for each in replay(routed.floor.pk, epoch=after.epoch))


def test_who_takes_a_break_while_nobody_routes_is_offered_nothing_any_more(routed, queue, agent):
    """The floor could not be laid, and nothing on it was routed, while such an offer was open."""
    routed.ready(agent)
    contact = routed.write_in(queue).contact
    offer = routed.offer_of(contact)
    services.set_presence(agent_id=agent.pk, state="break", now=routed.now)
    after = taken_over(routed)
    after.turn()
    offer.refresh_from_db()
    assert (offer.state, offer.why) == ("withdrawn", "agent_away")
    assert after.state.contacts[contact.pk].stands == "waiting"
    assert all(each.same for each in replay(routed.floor.pk, epoch=after.epoch))


def test_who_is_given_a_contact_while_nobody_routes_is_offered_no_other_beside_it(routed, queue, agent):
    """The same: given by a supervisor what leaves no place for the contact that was being offered."""
    agent.chat_places = 1
    agent.save()
    announce_agent(agent.pk)
    routed.ready(agent)
    contact = routed.write_in(queue).contact
    other = routed.write_in(queue, thread="visitor-2", id="m2").contact
    offer = routed.offer_of(contact)
    services.assign_contact(contact_id=other.pk, agent_id=agent.pk, by=UserFactory.create(), now=routed.now)
    after = taken_over(routed)
    after.turn()
    offer.refresh_from_db()
    assert (offer.state, offer.why) == ("withdrawn", "no_place")
    assert {id: known.stands for id, known in after.state.contacts.items()} == {
        contact.pk: "waiting",
        other.pk: "active",
    }
    assert all(each.same for each in replay(routed.floor.pk, epoch=after.epoch))


@pytest.mark.parametrize(
    ("happens", "stands"),
    [("leaves", "closed"), ("given", "active"), ("moved", "waiting")],
    ids=["leaves", "given", "moved"],
)
def test_an_offer_of_a_contact_that_went_elsewhere_while_nobody_routes_is_taken_back(
    routed, queue, agent, happens, stands
):
    """It stayed open for ever: nobody could accept it, and its agent was offered nothing else by telephone."""
    colleague = AgentFactory.create(operator=queue.operator, queues=[queue])
    other = QueueFactory.create(brand=queue.brand, floor=routed.floor)
    announce_agent(colleague.pk)
    queue_changed(other.pk)
    routed.ready(agent)
    contact = routed.write_in(queue).contact
    offer = routed.offer_of(contact)
    if happens == "leaves":
        services.abandon_contact(contact_id=contact.pk, now=routed.now)
    else:
        by = {"contact_id": contact.pk, "by": UserFactory.create(), "now": routed.now}
        if happens == "given":
            services.assign_contact(agent_id=colleague.pk, **by)
        else:
            services.requeue_contact(queue_id=other.pk, **by)
    after = taken_over(routed)
    after.turn()
    offer.refresh_from_db()
    contact.refresh_from_db()
    assert (offer.state, contact.state) == ("withdrawn", stands)
    assert {id: known.stands for id, known in after.state.contacts.items()} == (
        {} if stands == "closed" else {contact.pk: stands}
    )
    assert all(each.same for each in replay(routed.floor.pk, epoch=after.epoch))


@pytest.mark.django_db(transaction=True)
def test_a_floor_that_takes_longer_to_lay_than_a_lease_lasts_is_not_taken_meanwhile(floor, settings, monkeypatch):
    settings.ROUTER_LEASE_SECONDS = 0.3
    renewed, renew, picture = threading.Event(), lease.renew, rebuild.picture
    begun_with = []

    def renew_and_tell(*which, **owner):
        kept = renew(*which, **owner)
        renewed.set()
        return kept

    def read_until_the_lease_was_renewed(floor_id):
        begun_with.append(Floor.objects.get(pk=floor_id).lease_until)
        assert renewed.wait(30)
        return picture(floor_id)

    monkeypatch.setattr(lease, "renew", renew_and_tell)
    monkeypatch.setattr(rebuild, "picture", read_until_the_lease_was_renewed)
    router = FloorRouter.take_over(floor.pk, owner="a:1:slow", clock=clock)
    assert router is not None
    assert Floor.objects.get(pk=floor.pk).lease_until > begun_with[0]
