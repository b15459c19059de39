"""What the core answers when somebody asks why: why a contact waits, why nothing comes, why another and not me."""

from __future__ import annotations

from homeshore.routing.decisions import Decision, Offered
from homeshore.routing.inputs import (
    AssignmentClosed,
    ContactArrived,
    OfferAccepted,
    OfferDeclined,
    PresenceLapsed,
    PresenceSet,
)
from homeshore.routing.policy import Policy, QueueRule, Ring
from homeshore.routing.ranking import kept_until_at_most
from homeshore.routing.why_another import why_another
from homeshore.routing.why_idle import WhyIdle, why_idle
from homeshore.routing.why_not import WhyNot, why_waiting
from tests.unit.routing.floors import CALLS, CHATS, PORTUGUESE, SECOND, START, Floor, agent

calls = QueueRule(CALLS, "voice", target_seconds=20)
chats = QueueRule(CHATS, "chat", target_seconds=60)
LONGEST_IDLE = Policy(rule="longest_idle")


def arrived(contact: int, queue: int = CALLS, **more: object) -> ContactArrived:
    return ContactArrived(contact, queue, START, **more)  # type: ignore[arg-type]


def only_offer(decisions: list[Decision]) -> Offered:
    (offer,) = [each for each in decisions if isinstance(each, Offered)]
    return offer


def test_a_contact_that_waits_beside_a_free_agent_says_for_whom_they_are_kept_and_until_when() -> None:
    cheap, dear = QueueRule(1, "voice", target_seconds=60), QueueRule(2, "voice", target_seconds=60, reserve=1)
    floor = Floor(cheap, dear, agent(1, queues=(1, 2)))
    floor.ready(1)
    assert floor.tell(arrived(1, 1)) == []
    why = why_waiting(floor.state, 1)
    facts = dict(why.facts)
    assert why.code == "in_reserve"
    assert (facts["queue"], facts["free"]) == (2, 1)
    assert facts["until"] == kept_until_at_most(floor.state.queues[1], floor.state.contacts[1].due)
    assert why_idle(floor.state, 1) == WhyIdle(
        WhyNot("in_reserve", (("queue", 2), ("until", facts["until"]))),
        ((1, WhyNot("in_reserve", (("queue", 2), ("until", facts["until"])))),),
        1,
    )


def test_a_contact_says_when_more_agents_may_answer_it() -> None:
    asks = QueueRule(CALLS, "voice", needs=((PORTUGUESE, 4),), rings=(Ring(30, ((PORTUGUESE, 2),)),))
    floor = Floor(asks, agent(1, skills=((PORTUGUESE, 3),)))
    floor.ready(1)
    floor.tell(arrived(1))
    widens = ("widens_at", START + 30 * SECOND)
    missing = (("skill", PORTUGUESE), ("level", 3), ("asked", 4))
    assert why_waiting(floor.state, 1) == WhyNot("nobody_eligible", (*missing, widens))


def test_a_contact_that_the_only_free_agents_may_not_take_says_so() -> None:
    floor = Floor(LONGEST_IDLE, calls, agent(1), agent(2))
    floor.ready(1)
    floor.tell(arrived(1, not_agents=(1,)))
    assert why_waiting(floor.state, 1) == WhyNot("nobody_may", (("free", 1),))


def test_an_agent_asks_why_nothing_comes() -> None:
    floor = Floor(LONGEST_IDLE, calls, chats, agent(1), agent(2), agent(3, queues=(CHATS,)), agent(4, queues=()))
    assert why_idle(floor.state, 9).why == WhyNot("unknown_agent")
    assert why_idle(floor.state, 4).why == WhyNot("no_queue")
    assert why_idle(floor.state, 1).why == WhyNot("away")
    floor.ready(1)
    floor.ready(2, 3, after=SECOND)
    assert why_idle(floor.state, 1).why == WhyNot("nothing_waits", (("before", 0),))
    assert why_idle(floor.state, 2).why == WhyNot("nothing_waits", (("before", 1),))
    floor.tell(PresenceLapsed(3))
    assert why_idle(floor.state, 3).why == WhyNot("line_lost")
    offer = only_offer(floor.tell(arrived(1)))
    assert why_idle(floor.state, 1).why == WhyNot("offer_open")
    floor.tell(OfferAccepted(offer.id, 1, 1, 101))
    assert why_idle(floor.state, 1).why == WhyNot("on_call")


def test_an_agent_without_the_level_of_any_of_their_queues_is_told_which_one() -> None:
    floor = Floor(QueueRule(CALLS, "voice", needs=((PORTUGUESE, 4),)), agent(1, skills=((PORTUGUESE, 3),)))
    floor.ready(1)
    missing = (("queue", CALLS), ("skill", PORTUGUESE), ("level", 3), ("asked", 4))
    assert why_idle(floor.state, 1).why == WhyNot("no_lane", missing)


def test_who_was_free_for_less_long_is_told_both_times() -> None:
    floor = Floor(LONGEST_IDLE, calls, agent(1), agent(2))
    floor.ready(1)
    floor.ready(2, after=SECOND)
    offer = only_offer(floor.tell(arrived(1)))
    assert why_another(floor.state, offer, 2) == WhyNot(
        "idle_less", (("free_since", START + SECOND), ("other_free_since", START))
    )


def test_who_holds_more_contacts_is_told_how_many() -> None:
    floor = Floor(LONGEST_IDLE, chats, agent(1, queues=(CHATS,)), agent(2, queues=(CHATS,)))
    floor.ready(1)
    first = only_offer(floor.tell(arrived(1, CHATS)))
    floor.tell(OfferAccepted(first.id, 1, 1, 101))
    floor.ready(2, after=SECOND)
    offer = only_offer(floor.tell(arrived(2, CHATS)))
    assert offer.agent == 2
    assert why_another(floor.state, offer, 1) == WhyNot("holds_more", (("held", 1), ("other_held", 0)))


def test_what_stands_between_the_two_alone_is_told_first() -> None:
    floor = Floor(LONGEST_IDLE, calls, agent(1), agent(2), agent(3, queues=(CHATS,)))
    floor.ready(1, 2)
    offer = only_offer(floor.tell(arrived(1)))
    assert why_another(floor.state, offer, 3) == WhyNot("not_engaged", (("queue", CALLS),))
    floor.tell(OfferDeclined(offer.id))
    again = floor.decisions[-1]
    assert isinstance(again, Offered)
    assert again.agent == 2
    assert why_another(floor.state, again, 1).code == "let_go"


def test_an_offer_meant_for_somebody_is_told_as_such() -> None:
    floor = Floor(LONGEST_IDLE, calls, agent(1), agent(2))
    floor.ready(1, 2)
    offer = only_offer(floor.tell(arrived(1, preferred_agent=2)))
    assert why_another(floor.state, offer, 1) == WhyNot("preferred")


def test_who_was_kept_free_learns_that_the_contact_went_to_somebody_who_became_free() -> None:
    cheap, dear = QueueRule(1, "voice", target_seconds=60), QueueRule(2, "voice", target_seconds=60, reserve=1)
    floor = Floor(cheap, dear, agent(1, queues=(1, 2)), agent(2, queues=(1,)))
    floor.ready(1)
    assert floor.tell(arrived(1, 1)) == []
    offer = only_offer(floor.ready(2))
    assert offer.agent == 2
    assert why_another(floor.state, offer, 1) == WhyNot("came_free", (("queue", 2),))


def test_who_is_on_a_break_is_told_so_and_nothing_of_the_others() -> None:
    floor = Floor(LONGEST_IDLE, calls, agent(1), agent(2))
    floor.ready(1, 2)
    floor.tell(PresenceSet(2, False, "lunch"))
    offer = only_offer(floor.tell(arrived(1)))
    assert why_another(floor.state, offer, 2) == WhyNot("away")
    floor.tell(OfferAccepted(offer.id, 1, 1, 101), AssignmentClosed(101))
