"""What becomes of a call, whoever carries it."""

import pytest

from homeshore.channels.voice.models import Side
from homeshore.channels.voice.services import hold
from homeshore.contacts import services as contacts
from homeshore.contacts.models import Assignment, Offer
from homeshore.contacts.router.rules import agent_changed, queue_changed
from homeshore.foundation.models import Event
from tests.factories import AgentFactory, QueueFactory, UserFactory

pytestmark = pytest.mark.django_db


def test_a_call_waits_as_a_contact_of_its_queue(board):
    call = board.call()
    contact = call.contact
    assert (call.state, contact.channel, contact.state, contact.queue) == ("queued", "voice", "waiting", board.queue)


def test_the_phone_rings_at_who_is_offered_the_call(board, ready):
    call = board.call()
    leg = board.leg(call)
    board.ends.phone_rings(leg)
    leg.refresh_from_db()
    assert (call.state, leg.state, leg.agent, leg.rang_at) == ("ringing", "ringing", ready, board.floor.now)
    assert call.answered_at is None


def test_accepted_a_call_is_connecting_until_sound_goes_both_ways(board, ready):
    call = board.call()
    board.accept(call)
    assert board.seen(call).state == "connecting"
    board.ends.sound_reaches(Side.AGENT, board.leg(call))
    assert (board.seen(call).state, board.seen(call).contact.answered_at) == ("connecting", None)
    board.floor.clock.advance(seconds=2)
    board.ends.sound_reaches(Side.CUSTOMER, board.leg(call))
    call = board.seen(call)
    assert (call.state, call.answered_at, call.contact.answered_at) == ("talking", board.floor.now, board.floor.now)
    assert call.contact.answered_in_target is True


def test_an_agent_on_a_call_is_offered_nothing_else(board, ready):
    chats = QueueFactory.create(brand=board.queue.brand, floor=board.floor.floor, channel="chat")
    queue_changed(chats.pk)
    board.talk()
    other = board.floor.write_in(chats, thread="visitor-2").contact
    assert not Offer.objects.filter(contact=other).exists()


@pytest.mark.parametrize("stage", ["queued", "ringing"])
def test_a_customer_who_hangs_up_before_anybody_took_the_call_has_abandoned_it(board, routed, agent, stage):
    if stage == "ringing":
        routed.ready(agent)
    call = board.call()
    assert call.state == stage
    call = board.hang_up(call)
    assert (call.state, call.ended_by, call.contact.state, call.contact.outcome) == (
        "ended",
        "customer",
        "closed",
        "abandoned",
    )
    assert not Offer.objects.filter(state="open").exists()
    assert not call.legs.exclude(state="ended").exists()
    assert call.settled


@pytest.mark.parametrize("stage", ["connecting", "talking", "held"])
def test_a_customer_who_hangs_up_later_leaves_the_contact_with_its_agent_to_be_closed(board, ready, stage):
    call = board.call() if stage == "connecting" else board.talk()
    if stage == "connecting":
        board.accept(call)
    if stage == "held":
        hold(call_id=call.pk, agent_id=ready.pk, on=True, now=board.floor.now)
    assert board.seen(call).state == stage
    call = board.hang_up(call)
    assert (call.state, call.contact.state, board.leg(call).state) == ("ended", "active", "ended")
    board.close(call)
    call = board.seen(call)
    assert (call.contact.state, call.contact.outcome, call.settled) == ("closed", "handled", True)


def test_an_agent_who_closes_the_contact_hangs_up(board, ready):
    call = board.talk()
    board.close(call)
    call = board.seen(call)
    assert (call.state, call.ended_by, call.why) == ("ended", "agent", "handled")


def test_a_call_declined_rings_at_somebody_else(board, ready):
    call = board.call()
    first = board.floor.offer_of(call.contact)
    other = AgentFactory.create(operator=ready.operator, queues=[board.queue])
    agent_changed(other.pk)
    board.floor.ready(other)
    contacts.decline_offer(agent_id=first.agent_id, offer_id=first.pk, now=board.floor.now)
    board.settle()
    rang, rings = call.legs.order_by("number")
    assert (rang.agent, rang.state, rang.why) == (ready, "ended", "not_taken")
    assert (rings.agent, rings.state, board.seen(call).state) == (other, "ringing", "ringing")


def test_a_call_transferred_goes_back_to_music_and_then_to_whom_it_was_meant_for(board, ready):
    call = board.talk()
    colleague = AgentFactory.create(operator=ready.operator, queues=[board.queue])
    agent_changed(colleague.pk)
    contacts.transfer_contact(
        agent_id=ready.pk, contact_id=call.contact_id, to_agent_id=colleague.pk, now=board.floor.now
    )
    board.settle()
    assert (board.seen(call).state, board.leg(call).why) == ("queued", "moved")
    board.floor.ready(colleague)
    board.settle()
    assert (board.seen(call).state, board.leg(call).agent) == ("ringing", colleague)
    board.accept(call)
    for side in Side:
        board.ends.sound_reaches(side, board.leg(call))
    call = board.seen(call)
    assert (call.state, [leg.state for leg in call.legs.order_by("number")]) == ("talking", ["ended", "talking"])


def test_a_supervisor_who_gives_a_call_to_an_agent_connects_them(board, agent):
    call = board.call()
    contacts.assign_contact(contact_id=call.contact_id, agent_id=agent.pk, by=UserFactory.create(), now=board.floor.now)
    board.settle()
    leg = board.leg(call)
    assert (board.seen(call).state, leg.state, leg.agent) == ("connecting", "connecting", agent)


def test_an_offer_accepted_twice_is_one_call(board, ready):
    call = board.call()
    offer = board.floor.offer_of(call.contact)
    once, twice = (contacts.accept_offer(agent_id=ready.pk, offer_id=offer.pk, now=board.floor.now) for _ in range(2))
    board.settle()
    assert once == twice
    assert [leg.state for leg in call.legs.all()] == ["connecting"]


def test_when_the_agents_line_breaks_the_customer_waits_at_the_front_with_music(board, ready):
    call = board.talk()
    board.ends.line_breaks(Side.AGENT, call)
    call, leg = board.seen(call), board.leg(call)
    assert (call.state, call.contact.state, leg.state) == ("queued", "waiting", "ended")
    assert Assignment.objects.get().why == "line_lost"
    assert call.contact.arrived_at == call.began_at
    other = AgentFactory.create(operator=ready.operator, queues=[board.queue])
    agent_changed(other.pk)
    board.floor.ready(other)
    board.settle()
    assert (board.seen(call).state, board.leg(call).agent) == ("ringing", other)


def test_when_the_customers_line_breaks_the_call_is_over_and_its_agent_closes_it(board, ready):
    call = board.talk()
    board.ends.line_breaks(Side.CUSTOMER, call)
    call = board.seen(call)
    assert (call.state, call.ended_by, call.contact.state) == ("ended", "network", "active")


def test_who_calls_again_after_a_cut_gets_the_same_agent(board, ready):
    first = board.talk()
    board.ends.line_breaks(Side.CUSTOMER, first)
    second = board.call()
    leg = board.leg(second)
    assert (second.contact, second.state, leg.agent, leg.state) == (first.contact, "connecting", ready, "connecting")
    assert board.seen(first).settled


def test_a_call_over_in_nobodys_hands_is_closed_and_offered_to_nobody(board, ready):
    call = board.hang_up(board.talk())
    contacts.transfer_contact(
        agent_id=ready.pk, contact_id=call.contact_id, to_queue_id=board.queue.pk, now=board.floor.now
    )
    board.settle()
    call = board.seen(call)
    assert (call.contact.state, call.contact.outcome, call.settled) == ("closed", "handled", True)


def test_every_turn_is_told_to_each_who_may_know_it(board, ready):
    call = board.hang_up(board.talk())
    told = Event.objects.filter(kind="call.changed").order_by("id")
    to_customer = [event.payload["call"] for event in told if event.topics == [f"thread:{call.conversation_id}"]]
    to_agent = [event.payload["call"]["state"] for event in told if event.topics == [f"agent:{ready.pk}"]]
    assert [each["state"] for each in to_customer] == ["queued", "ringing", "connecting", "talking", "ended"]
    assert [each["agent"] for each in to_customer] == [None, None, ready.first_name, ready.first_name, None]
    assert to_agent == ["ringing", "connecting", "talking", "ended"]
