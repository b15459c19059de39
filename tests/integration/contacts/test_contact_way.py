"""A contact's way, from the customer's first word to its disposition, on a real database."""

import pytest

from homeshore.contacts import refusals, services
from homeshore.contacts.models import Assignment, Contact, Fact, JournalEntry, Offer, Presence
from homeshore.contacts.queries import shapes
from homeshore.contacts.router.commit import Deposed
from homeshore.contacts.router.router import FloorRouter
from homeshore.contacts.router.rules import agent_changed, queue_changed
from homeshore.contacts.services import CustomerFacts
from homeshore.foundation.models import Event
from tests.factories import AgentFactory, DispositionFactory, MissionFactory, QueueFactory, UserFactory

pytestmark = pytest.mark.django_db


def test_a_message_is_offered_to_an_agent_who_is_ready(routed, queue, agent):
    routed.ready(agent)
    contact = routed.write_in(queue).contact
    offer = routed.offer_of(contact)
    contact.refresh_from_db()
    assert (offer.agent_id, contact.state) == (agent.pk, "offered")
    assert offer.reasons["winner"]["agent"] == agent.pk
    assert not Fact.objects.exists()


def test_an_accepted_offer_answered_and_closed_leaves_the_agent_free_for_the_next(routed, queue, agent):
    routed.ready(agent)
    contact = routed.write_in(queue).contact
    routed.accept(contact)
    services.send_message(
        agent_id=agent.pk, contact_id=contact.pk, body="Bonjour Claire", client_id="r1", now=routed.now
    )
    disposition = DispositionFactory.create(brand=queue.brand)
    services.close_contact(
        agent_id=agent.pk, contact_id=contact.pk, disposition_id=disposition.pk, wrap_up=False, now=routed.now
    )
    routed.router.turn()
    contact.refresh_from_db()
    assert (contact.state, contact.outcome, contact.answered_in_target) == ("closed", "handled", True)
    second = routed.write_in(queue, thread="visitor-2").contact
    assert routed.offer_of(second).agent_id == agent.pk


def test_an_offer_left_unanswered_goes_to_somebody_else_at_its_old_place(routed, floor, queue, agent):
    other = AgentFactory.create(operator=floor.operator, queues=[queue])
    agent_changed(other.pk)
    routed.ready(agent)
    contact = routed.write_in(queue).contact
    routed.ready(other)
    first = routed.offer_of(contact)
    routed.after(queue.offer_seconds + 2)
    first.refresh_from_db()
    assert (first.agent_id, first.state) == (agent.pk, "timed_out")
    assert routed.offer_of(contact).agent_id == other.pk


def test_an_agent_who_never_answers_is_rested_and_said_so(routed, queue, agent):
    routed.ready(agent)
    routed.write_in(queue)
    for _ in range(3):
        routed.after(queue.offer_seconds + 2)
        services.renew_lease(agent_id=agent.pk, now=routed.now)
    presence = Presence.objects.get(agent=agent)
    assert (presence.state, presence.reason) == ("break", "no_answer")


def test_accepting_an_offer_that_has_just_run_out_is_refused_and_loses_nothing(routed, queue, agent):
    routed.ready(agent)
    contact = routed.write_in(queue).contact
    offer = routed.offer_of(contact)
    routed.after(queue.offer_seconds + 2)
    with pytest.raises(refusals.OfferGone):
        services.accept_offer(agent_id=agent.pk, offer_id=offer.pk, now=routed.now)
    contact.refresh_from_db()
    assert contact.state in {"waiting", "offered"}


def test_the_same_message_twice_is_one_message_in_one_contact(routed, queue):
    first = routed.write_in(queue)
    again = routed.write_in(queue)
    assert (again.message, again.contact, again.duplicate) == (first.message, first.contact, True)
    assert Contact.objects.count() == 1


def test_a_lost_line_gives_the_offer_back_at_once_and_the_chat_after_a_minute(routed, floor, queue, agent):
    routed.ready(agent)
    mine = routed.write_in(queue).contact
    routed.accept(mine)
    routed.after(85)
    offered = routed.write_in(queue, thread="visitor-2").contact
    routed.clock.advance(seconds=6)
    assert services.lapse_presences(now=routed.now) == 1
    routed.router.turn()
    assert Offer.objects.get(contact=offered).why == "line_lost"
    assert Assignment.objects.get(contact=mine).state == "active"
    routed.after(61)
    assert Assignment.objects.get(contact=mine).why == "line_lost"
    mine.refresh_from_db()
    assert mine.state == "waiting"


def test_a_router_that_lost_its_floor_commits_nothing(routed, floor, queue, agent):
    routed.router.release()
    successor = FloorRouter.take_over(floor.pk, owner="b:2:test", clock=routed.clock)
    services.set_presence(agent_id=agent.pk, state="ready", now=routed.now)
    services.receive_message(
        queue_id=queue.pk, thread_key="v", customer=CustomerFacts(), body="Bonjour", client_id="1", now=routed.now
    )
    with pytest.raises(Deposed):
        routed.router.turn()
    assert not Offer.objects.exists()
    successor.turn()
    assert Offer.objects.count() == 1


def test_a_new_owner_lays_the_same_picture_from_the_tables(routed, floor, queue, agent):
    routed.ready(agent)
    contact = routed.write_in(queue).contact
    offer = routed.offer_of(contact)
    routed.router.release()
    successor = FloorRouter.take_over(floor.pk, owner="b:2:test", clock=routed.clock)
    assert set(successor.state.offers) == {offer.pk}
    services.accept_offer(agent_id=agent.pk, offer_id=offer.pk, now=routed.now)
    successor.turn()
    assert [each.agent for each in successor.state.assignments.values()] == [agent.pk]


def test_every_step_is_an_event_and_the_floor_reads_no_word_of_the_customer(routed, queue, agent):
    routed.ready(agent)
    contact = routed.write_in(queue, text="Ma lampe clignote").contact
    routed.accept(contact)
    kinds = list(Event.objects.order_by("id").values_list("kind", flat=True))
    assert kinds == [
        "presence.changed",
        "agent.changed",
        "message.added",
        "contact.changed",
        "contact.state",
        "offer.opened",
        "offer.opened",
        "offer.ended",
        "offer.ended",
        "work.opened",
        "assignment.changed",
        "contact.changed",
        "contact.state",
    ]
    on_floor = [event for event in Event.objects.all() if any(t.startswith("floor:") for t in event.topics)]
    assert on_floor
    assert not any("lampe" in str(event.payload) for event in on_floor)


def test_an_offer_is_told_with_the_contact_as_the_floor_reads_it_afresh(routed, queue, agent):
    routed.ready(agent)
    contact = routed.write_in(queue).contact
    offer = routed.offer_of(contact)
    contact.refresh_from_db()
    by_topic = {each.topics[0]: each.payload for each in Event.objects.filter(kind="offer.opened")}
    assert by_topic[f"floor:{contact.floor_id}"]["contact"] == shapes.contact_for_floor(
        contact, agent_id=None, offer_id=offer.pk
    )
    assert by_topic[f"agent:{agent.pk}"]["offer"]["arrived_at"] == contact.arrived_at.isoformat()


def test_the_journal_names_every_input_in_order(routed, queue, agent):
    routed.ready(agent)
    routed.write_in(queue)
    seqs = list(JournalEntry.objects.order_by("seq").values_list("seq", flat=True))
    assert seqs == list(range(1, len(seqs) + 1))


def test_an_agent_who_goes_offline_gives_e_mails_back_at_their_old_place(routed, floor, queue, agent):
    mails = QueueFactory.create(floor=floor, brand=queue.brand, channel="email", target_seconds=3600)
    queue_changed(mails.pk)
    MissionFactory.create(brand=queue.brand, queues=[mails]).engagements.create(
        agent=agent, status="employee", since=routed.now
    )
    agent_changed(agent.pk)
    routed.ready(agent)
    contact = routed.write_in(mails).contact
    due_at = contact.due_at
    routed.accept(contact)
    services.set_presence(agent_id=agent.pk, state="offline", now=routed.now)
    routed.router.turn()
    contact.refresh_from_db()
    assert (contact.state, contact.due_at) == ("waiting", due_at)
    assert Assignment.objects.get(contact=contact).why == "agent_left"


def test_a_vanished_agent_is_offline_only_when_the_router_has_taken_back_what_they_held(routed, floor, queue, agent):
    mails = QueueFactory.create(floor=floor, brand=queue.brand, channel="email", target_seconds=3600)
    queue_changed(mails.pk)
    MissionFactory.create(brand=queue.brand, queues=[mails]).engagements.create(
        agent=agent, status="employee", since=routed.now
    )
    agent_changed(agent.pk)
    routed.ready(agent)
    contact = routed.write_in(mails).contact
    routed.accept(contact)
    routed.clock.advance(seconds=120)
    services.lapse_presences(now=routed.now)
    routed.clock.advance(seconds=0.2)
    routed.router.turn()
    routed.clock.advance(minutes=30, seconds=-0.1)
    services.lapse_presences(now=routed.now)
    assert Presence.objects.get(agent=agent).state == "ready"
    routed.after(1)
    contact.refresh_from_db()
    assert contact.state == "waiting"
    services.lapse_presences(now=routed.now)
    assert Presence.objects.get(agent=agent).state == "offline"


def test_an_offer_cannot_be_accepted_by_an_agent_who_went_offline_in_another_window(routed, queue, agent):
    routed.ready(agent)
    contact = routed.write_in(queue).contact
    offer = routed.offer_of(contact)
    services.set_presence(agent_id=agent.pk, state="offline", now=routed.now)
    with pytest.raises(refusals.OfferGone):
        services.accept_offer(agent_id=agent.pk, offer_id=offer.pk, now=routed.now)
    routed.router.turn()
    contact.refresh_from_db()
    assert (contact.state, Assignment.objects.count()) == ("waiting", 0)


def test_of_two_supervisors_who_decide_at_once_on_what_both_saw_the_second_is_told(routed, floor, queue, agent):
    other = AgentFactory.create(operator=floor.operator, queues=[queue])
    supervisor = UserFactory.create()
    contact = routed.write_in(queue).contact
    nobody = services.Seen(None)
    given = {"contact_id": contact.pk, "by": supervisor, "seen": nobody, "now": routed.now}
    services.assign_contact(agent_id=agent.pk, **given)
    with pytest.raises(refusals.ContactMoved):
        services.assign_contact(agent_id=other.pk, **given)
    with pytest.raises(refusals.ContactMoved):
        services.requeue_contact(**given)
    assert Assignment.objects.get(contact=contact, state="active").agent_id == agent.pk


def test_an_agent_who_was_ready_before_they_were_engaged_is_offered_contacts_once_they_are(routed, floor, queue):
    newcomer = AgentFactory.create(operator=floor.operator)
    services.set_presence(agent_id=newcomer.pk, state="ready", now=routed.now)
    routed.router.turn()
    contact = routed.write_in(queue).contact
    MissionFactory.create(brand=queue.brand, queues=[queue]).engagements.create(
        agent=newcomer, status="employee", since=routed.now
    )
    agent_changed(newcomer.pk)
    routed.router.turn()
    assert routed.offer_of(contact).agent_id == newcomer.pk


def test_an_agent_who_is_let_in_again_is_where_they_said_they_were(routed, queue, agent):
    routed.ready(agent)
    for active in (False, True):
        agent.active = active
        agent.save()
        agent_changed(agent.pk)
        routed.router.turn()
    contact = routed.write_in(queue).contact
    assert routed.offer_of(contact).agent_id == agent.pk


def test_who_says_that_they_are_there_as_their_last_offer_rings_out_is_not_rested(routed, queue, agent):
    """They were put on a break, and offered contacts all the same: the router believed them ready."""
    routed.ready(agent)
    routed.write_in(queue)
    for _ in range(2):
        routed.after(queue.offer_seconds + 2)
        services.renew_lease(agent_id=agent.pk, now=routed.now)
    routed.clock.advance(seconds=queue.offer_seconds + 2)
    for state in ("break", "ready"):
        services.set_presence(agent_id=agent.pk, state=state, now=routed.now)
    routed.router.turn()
    assert Presence.objects.get(agent=agent).state == "ready"
    assert routed.router.state.agents[agent.pk].is_there()


def test_a_contact_is_not_offered_in_a_queue_that_it_has_just_left(routed, queue, agent):
    other = QueueFactory.create(brand=queue.brand, floor=routed.floor)
    queue_changed(other.pk)
    contact = routed.write_in(queue).contact
    services.set_presence(agent_id=agent.pk, state="ready", now=routed.now)
    group = routed.router._next_group()
    services.requeue_contact(contact_id=contact.pk, queue_id=other.pk, by=UserFactory.create(), now=routed.now)
    routed.router._commit(group)
    assert not contact.offers.exists()
    routed.router.turn()
    assert routed.router.state.contacts[contact.pk].queue == other.pk


def test_an_offer_is_taken_back_from_who_is_asked_by_a_colleague_as_it_was_made(routed, floor, queue, agent):
    colleague = AgentFactory.create(operator=floor.operator, queues=[queue], voice_places=1)
    agent_changed(colleague.pk)
    routed.ready(agent)
    mine = routed.write_in(queue).contact
    routed.accept(mine)
    services.set_presence(agent_id=agent.pk, state="break", now=routed.now)
    routed.ready(colleague)
    services.receive_message(
        queue_id=queue.pk, thread_key="v2", customer=CustomerFacts(), body="?", client_id="2", now=routed.now
    )
    group = routed.router._next_group()
    services.reserve_agent(agent_id=colleague.pk, contact_id=mine.pk, asked_by=agent.pk, now=routed.now)
    routed.router._commit(group)
    routed.router.turn()
    offer = Offer.objects.get(agent=colleague)
    assert (offer.state, offer.why) == ("withdrawn", "no_place")
