"""Contacts that are to wait from a moment on: callbacks promised, tried again, brought forward, taken back."""

from homeshore.routing.decisions import CameDue, Offered
from homeshore.routing.inputs import (
    AssignmentClosed,
    ContactArrived,
    ContactCancelled,
    ContactScheduled,
    DecisionRefused,
    OfferAccepted,
    Tick,
)
from homeshore.routing.policy import QueueRule
from homeshore.routing.why_not import WhyNot, why_waiting
from tests.unit.routing.floors import CALLS, CHATS, MINUTE, SECOND, START, Floor, agent, offered

calls = QueueRule(CALLS, "voice", target_seconds=20, sticky_seconds=30)


def test_a_callback_is_offered_when_its_moment_comes_and_not_before():
    floor = Floor(calls, agent(1))
    floor.ready(1)
    assert floor.tell(ContactScheduled(7, CALLS, START + 10 * MINUTE, START + 10 * MINUTE)) == []
    assert why_waiting(floor.state, 7) == WhyNot("scheduled", (("until", START + 10 * MINUTE),))
    assert floor.state.next_due() == START + 10 * MINUTE
    came, offer = floor.tell(Tick(), after=10 * MINUTE)
    assert came == CameDue(came.id, 7, CALLS, START + 10 * MINUTE)
    assert offered([offer]) == [(7, 1)]


def test_at_its_moment_it_is_first_in_the_line_whoever_waits_already():
    floor = Floor(calls, agent(1))
    floor.tell(ContactScheduled(7, CALLS, START + 10 * MINUTE, START + 10 * MINUTE))
    floor.tell(ContactArrived(8, CALLS, START), after=MINUTE)
    (came,) = floor.tell(Tick(), after=9 * MINUTE)
    assert came.due_at == START + 20 * SECOND - 1
    assert offered(floor.ready(1)) == [(7, 1)]


def test_one_that_keeps_an_old_place_goes_back_to_it():
    floor = Floor(calls, agent(1))
    floor.tell(ContactScheduled(7, CALLS, START + MINUTE, START, due_at=START + 5 * MINUTE))
    floor.tell(ContactArrived(8, CALLS, START))
    floor.tell(Tick(), after=MINUTE)
    assert offered(floor.ready(1)) == [(8, 1)]


def test_an_attempt_in_vain_frees_its_agent_and_is_made_again_later():
    floor = Floor(calls, agent(1))
    floor.ready(1)
    (offer,) = floor.tell(ContactArrived(7, CALLS, START))
    floor.tell(OfferAccepted(offer.id, 7, 1, assignment=70))
    again = ContactScheduled(7, CALLS, START + 15 * MINUTE, START + 15 * MINUTE, assignment=70)
    floor.tell(again)
    assert floor.tell(again) == []
    assert offered(floor.tell(ContactArrived(8, CALLS, START), after=SECOND)) == [(8, 1)]
    floor.tell(OfferAccepted(floor.decisions[-1].id, 8, 1, assignment=80), AssignmentClosed(80))
    came, offer = floor.tell(Tick(), after=15 * MINUTE)
    assert isinstance(came, CameDue)
    assert offered([offer]) == [(7, 1)]


def test_one_taken_back_is_never_offered():
    floor = Floor(calls, agent(1))
    floor.tell(ContactScheduled(7, CALLS, START + MINUTE, START + MINUTE))
    floor.tell(ContactCancelled(7, "cancelled"))
    floor.ready(1)
    assert floor.tell(Tick(), after=2 * MINUTE) == []
    assert floor.state.next_due() is None


def test_one_that_was_taken_back_as_its_moment_came_waits_for_the_fact_that_says_so():
    floor = Floor(calls, agent(1))
    floor.tell(ContactScheduled(7, CALLS, START + MINUTE, START + MINUTE))
    (came,) = floor.tell(Tick(), after=MINUTE)
    floor.tell(DecisionRefused(came.id, "contact_not_scheduled"))
    assert floor.ready(1) == []
    floor.tell(ContactCancelled(7, "cancelled"))
    assert floor.state.contacts == {}


def test_one_brought_forward_waits_at_once():
    floor = Floor(calls, agent(1))
    floor.ready(1)
    floor.tell(ContactScheduled(7, CALLS, START + 60 * MINUTE, START + 60 * MINUTE))
    assert offered(floor.tell(ContactArrived(7, CALLS, START))) == [(7, 1)]
    assert floor.tell(Tick(), after=SECOND) == []


def test_who_waits_for_an_agent_who_is_then_kept_free_goes_to_the_line():
    """The last free agent of a queue that reserves them: whoever waited for them alone waits for anybody, and is watched."""
    floor = Floor(
        calls,
        QueueRule(CHATS, "chat", reserve=1),
        agent(1, queues=(CALLS, CHATS), places={"voice": 1, "chat": 1}),
    )
    floor.ready(1)
    (offer,) = floor.tell(ContactArrived(1, CHATS, START))
    floor.tell(OfferAccepted(offer.id, 1, 1, assignment=10))
    floor.tell(ContactArrived(2, CALLS, START, preferred_agent=1))
    assert why_waiting(floor.state, 2).code == "kept_for"
    floor.tell(AssignmentClosed(10), after=SECOND)
    assert why_waiting(floor.state, 2).code == "in_reserve"
    assert any(isinstance(each, Offered) and each.contact == 2 for each in floor.tell(Tick(), after=10 * MINUTE))
