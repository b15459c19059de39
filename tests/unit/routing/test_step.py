"""The way of a contact through the core, one input at a time."""

from __future__ import annotations

from dataclasses import replace

import pytest

from homeshore.routing import State
from homeshore.routing.decisions import (
    AgentRested,
    Decision,
    Offered,
    OfferTimedOut,
    OfferWithdrawn,
    Requeued,
    WrapUpTimedOut,
)
from homeshore.routing.inputs import (
    AgentRemoved,
    AgentSet,
    AssignmentClosed,
    AssignmentOpened,
    AssignmentRequeued,
    ContactArrived,
    ContactCancelled,
    DayCounted,
    DecisionRefused,
    OfferAccepted,
    OfferDeclined,
    PresenceLapsed,
    PresenceRenewed,
    PresenceSet,
    QueueRemoved,
    QueueSet,
    Tick,
    WrapUpEnded,
)
from homeshore.routing.parts import WAITING
from homeshore.routing.policy import Overflow, Policy, PolicyError, QueueRule, Ring
from homeshore.routing.ranking import kept_until_at_most
from homeshore.routing.reasons import Ranking, Reasons
from homeshore.routing.why_not import WhyNot, why_not, why_waiting
from tests.unit.routing.floors import (
    CALLS,
    CHATS,
    FRENCH,
    MAILS,
    MINUTE,
    PORTUGUESE,
    SECOND,
    START,
    Floor,
    agent,
    offered,
)

calls = QueueRule(CALLS, "voice", target_seconds=20)
chats = QueueRule(CHATS, "chat", target_seconds=60)
mails = QueueRule(MAILS, "email", target_seconds=3600)
LONGEST_IDLE = Policy(rule="longest_idle")


def arrived(contact: int, queue: int = CALLS, at: int = START, **more: object) -> ContactArrived:
    return ContactArrived(contact, queue, at, **more)  # type: ignore[arg-type]


def test_a_contact_is_offered_to_the_agent_idle_longest_with_its_reasons() -> None:
    floor = Floor(LONGEST_IDLE, calls, agent(1), agent(2))
    floor.ready(2)
    floor.ready(1, after=SECOND)
    floor.now += SECOND
    assert floor.tell(arrived(7, at=floor.now, priority=1)) == [
        Offered(
            id=f"f-{floor.state.seq}-0",
            contact=7,
            agent=2,
            queue=CALLS,
            offered_at=floor.now,
            expires_at=floor.now + 20 * SECOND,
            reasons=Reasons(
                rule="longest_idle",
                rule_version=1,
                side="agent_waited",
                queue=CALLS,
                queue_version=1,
                stage=0,
                due_at=floor.now + 20 * SECOND - 30 * SECOND,
                waited_ms=0,
                priority=1,
                head_start_ms=30 * SECOND,
                winner=Ranking(2, START, 0, 1, (), False),
                runner_up=Ranking(1, START + SECOND, 0, 1, (), False),
                free=2,
                busy=0,
                away=0,
                waiting=1,
            ),
        )
    ]


def test_an_agent_who_becomes_free_gets_the_contact_due_first() -> None:
    floor = Floor(LONGEST_IDLE, calls, agent(1))
    floor.tell(arrived(1), arrived(2, priority=1), arrived(3))
    assert offered(floor.ready(1)) == [(2, 1)]


def test_a_contact_waits_for_an_agent_who_meets_every_need() -> None:
    floor = Floor(
        QueueRule(CALLS, "voice", needs=((FRENCH, 2), (PORTUGUESE, 4))),
        agent(1, skills=((FRENCH, 5), (PORTUGUESE, 3))),
        agent(2, skills=((FRENCH, 2), (PORTUGUESE, 4))),
    )
    floor.ready(1)
    assert offered(floor.tell(arrived(1))) == []
    assert offered(floor.ready(2)) == [(1, 2)]


def test_an_agent_not_engaged_on_the_queue_is_not_asked() -> None:
    floor = Floor(calls, agent(1, queues=(CHATS,)))
    floor.ready(1)
    assert offered(floor.tell(arrived(1))) == []


def test_three_chats_at_once_but_one_ring_at_a_time() -> None:
    floor = Floor(chats, agent(1, queues=(CHATS,)))
    floor.ready(1)
    first = floor.tell(arrived(1, CHATS), arrived(2, CHATS), arrived(3, CHATS), arrived(4, CHATS))
    assert offered(first) == [(1, 1)]
    assert offered(floor.tell(OfferAccepted(first[0].id, 1, 1, 101))) == [(2, 1)]
    second = floor.decisions[-1]
    assert offered(floor.tell(OfferAccepted(second.id, 2, 1, 102))) == [(3, 1)]
    assert offered(floor.tell(OfferAccepted(floor.decisions[-1].id, 3, 1, 103))) == []
    assert offered(floor.tell(AssignmentClosed(102))) == [(4, 1)]


def test_chats_go_to_who_holds_fewest_before_who_has_been_ready_longest() -> None:
    floor = Floor(LONGEST_IDLE, chats, agent(1, queues=(CHATS,)), agent(2, queues=(CHATS,)))
    floor.ready(1)
    floor.ready(2, after=MINUTE)
    first = floor.tell(arrived(1, CHATS))
    floor.tell(OfferAccepted(first[0].id, 1, 1, 101))
    assert offered(floor.tell(arrived(2, CHATS))) == [(2, 2)]


def test_a_call_keeps_chats_away_and_chats_keep_calls_away_but_mail_stands_beside_chat() -> None:
    floor = Floor(calls, chats, mails, agent(1, queues=(CALLS, CHATS, MAILS)))
    floor.ready(1)
    chat = floor.tell(arrived(1, CHATS))
    floor.tell(OfferAccepted(chat[0].id, 1, 1, 101))
    assert offered(floor.tell(arrived(2, CALLS))) == []
    mail = floor.tell(arrived(3, MAILS))
    assert offered(mail) == [(3, 1)]
    floor.tell(OfferAccepted(mail[0].id, 3, 1, 103))
    call = floor.tell(AssignmentClosed(101))
    assert offered(call) == [(2, 1)]
    floor.tell(OfferAccepted(call[0].id, 2, 1, 102))
    assert offered(floor.tell(arrived(4, CHATS))) == []


def test_a_line_that_carries_no_voice_gets_no_call() -> None:
    floor = Floor(calls, agent(1, voice_line_ok=False))
    floor.ready(1)
    assert offered(floor.tell(arrived(1))) == []


def test_an_offer_nobody_answers_goes_elsewhere_at_the_old_place_and_not_back_at_once() -> None:
    floor = Floor(LONGEST_IDLE, calls, agent(1), agent(2))
    floor.ready(1)
    first = floor.tell(arrived(1))
    assert floor.tell(Tick(), after=20 * SECOND) == []
    floor.ready(2)
    decided = floor.tell(Tick(), after=SECOND)
    assert decided[0] == OfferTimedOut(f"f-{floor.state.seq}-0", first[0].id, 1, 1)
    assert offered(decided) == [(1, 2)]
    assert floor.tell(Tick()) == []


def test_a_contact_comes_back_to_who_let_it_go_when_nobody_else_is_there() -> None:
    floor = Floor(calls, agent(1))
    floor.ready(1)
    first = floor.tell(arrived(1))
    assert offered(floor.tell(OfferDeclined(first[0].id))) == [(1, 1)]


def test_a_contact_waits_for_the_others_for_a_minute_before_it_returns_to_who_declined_it() -> None:
    floor = Floor(calls, agent(1), agent(2))
    floor.ready(2)
    busy = floor.tell(arrived(9))
    floor.tell(OfferAccepted(busy[0].id, 9, 2, 109))
    floor.ready(1)
    first = floor.tell(arrived(1))
    assert offered(floor.tell(OfferDeclined(first[0].id))) == []
    assert [offered(floor.tell(Tick(), after=MINUTE // 6)) for _ in range(6)] == [[]] * 5 + [[(1, 1)]]


def test_a_timer_that_is_no_longer_wanted_is_due_by_no_moment() -> None:
    floor = Floor(calls, agent(1))
    floor.ready(1)
    (offer,) = floor.tell(arrived(1))
    due = floor.state.offers[offer.id].times_out_at
    assert (floor.state.due_by(due - 1), floor.state.due_by(due)) == (None, due)
    floor.tell(OfferAccepted(offer.id, 1, 1, 101))
    assert floor.state.due_by(due) is None


def test_it_returns_at_once_when_the_last_other_leaves() -> None:
    floor = Floor(calls, agent(1), agent(2))
    floor.ready(2)
    busy = floor.tell(arrived(9))
    floor.tell(OfferAccepted(busy[0].id, 9, 2, 109))
    floor.ready(1)
    first = floor.tell(arrived(1))
    floor.tell(OfferDeclined(first[0].id))
    assert offered(floor.tell(PresenceSet(2, False, "lunch"))) == [(1, 1)]


def test_an_agent_who_lets_three_offers_ring_is_rested_until_they_are_ready_again() -> None:
    floor = Floor(calls, agent(1))
    floor.ready(1)
    floor.tell(arrived(1))
    for _ in range(3):
        decided = floor.tell(Tick(), after=21 * SECOND)
    assert [type(item) for item in decided] == [OfferTimedOut, AgentRested]
    assert offered(floor.ready(1)) == [(1, 1)]


def test_an_acceptance_counts_though_the_offer_was_timed_out_and_given_to_another() -> None:
    floor = Floor(calls, agent(1), agent(2))
    floor.ready(1)
    first = floor.tell(arrived(1))
    floor.ready(2)
    decided = floor.tell(Tick(), after=21 * SECOND)
    assert offered(decided) == [(1, 2)]
    late = floor.tell(OfferAccepted(first[0].id, 1, 1, 101))
    assert late == [OfferWithdrawn(f"f-{floor.state.seq}-0", decided[1].id, 1, 2, "accepted_elsewhere")]
    assert offered(floor.tell(arrived(2))) == [(2, 2)]


def test_refusals_of_a_time_out_and_of_the_offer_after_it_wait_for_the_acceptance() -> None:
    floor = Floor(calls, agent(1), agent(2))
    floor.ready(1)
    first = floor.tell(arrived(1))
    floor.ready(2)
    timed_out, again = floor.tell(Tick(), after=21 * SECOND)
    assert floor.tell(DecisionRefused(timed_out.id), DecisionRefused(again.id)) == []
    assert floor.tell(OfferAccepted(first[0].id, 1, 1, 101)) == []
    assert floor.state.contacts[1].assignment == 101
    assert offered(floor.tell(arrived(2))) == [(2, 2)]


def test_a_refused_offer_is_tried_again_when_no_fact_explains_it() -> None:
    floor = Floor(calls, agent(1))
    floor.ready(1)
    first = floor.tell(arrived(1))
    assert floor.tell(DecisionRefused(first[0].id)) == []
    assert offered(floor.tell(Tick(), after=5 * SECOND)) == [(1, 1)]


def test_an_offer_refused_because_of_the_agent_goes_to_another_at_once() -> None:
    floor = Floor(LONGEST_IDLE, calls, agent(1), agent(2))
    floor.ready(1, 2)
    first = floor.tell(arrived(1))
    assert offered(floor.tell(DecisionRefused(first[0].id, "agent_away"))) == [(1, 2)]
    floor.tell(PresenceSet(1, False, "break"))


def test_a_contact_that_leaves_while_offered_is_withdrawn_and_the_agent_gets_the_next() -> None:
    floor = Floor(calls, agent(1))
    floor.ready(1)
    floor.tell(arrived(1), arrived(2))
    decided = floor.tell(ContactCancelled(1, "abandoned"))
    assert isinstance(decided[0], OfferWithdrawn)
    assert decided[0].why == "contact_gone"
    assert offered(decided) == [(2, 1)]
    assert floor.tell(arrived(1)) == []
    assert 1 not in floor.state.contacts


def test_wrap_up_keeps_the_place_until_it_ends_or_its_limit() -> None:
    floor = Floor(QueueRule(CALLS, "voice", wrap_up_seconds=30), agent(1))
    floor.ready(1)
    first = floor.tell(arrived(1))
    floor.tell(OfferAccepted(first[0].id, 1, 1, 101), arrived(2))
    assert floor.tell(AssignmentClosed(101, wrap_up=True)) == []
    decided = floor.tell(Tick(), after=30 * SECOND)
    assert decided[0] == WrapUpTimedOut(f"f-{floor.state.seq}-0", 101, 1)
    assert offered(decided) == [(2, 1)]
    floor.tell(OfferAccepted(decided[1].id, 2, 1, 102), arrived(3), AssignmentClosed(102, wrap_up=True))
    assert offered(floor.tell(WrapUpEnded(102))) == [(3, 1)]


def test_a_lost_line_gives_calls_back_at_once_chats_after_a_minute_and_keeps_the_mail() -> None:
    floor = Floor(chats, mails, agent(1, queues=(CHATS, MAILS)))
    floor.ready(1)
    chat = floor.tell(arrived(1, CHATS))
    mail = floor.tell(OfferAccepted(chat[0].id, 1, 1, 101), arrived(2, MAILS))
    floor.tell(OfferAccepted(mail[0].id, 2, 1, 102))
    assert floor.tell(PresenceLapsed(1)) == []
    assert floor.tell(Tick(), after=MINUTE) == [Requeued(f"f-{floor.state.seq}-0", 1, 101, 1, CHATS)]
    assert offered(floor.tell(PresenceRenewed(1))) == [(1, 1)]
    assert floor.state.contacts[2].assignment == 102
    assert floor.tell(Tick(), after=30 * MINUTE)[0].contact != 2


def test_a_requeue_that_the_database_refuses_leaves_the_contact_with_its_agent() -> None:
    floor = Floor(calls, agent(1), agent(2))
    floor.ready(1)
    first = floor.tell(arrived(1))
    floor.tell(OfferAccepted(first[0].id, 1, 1, 101))
    floor.ready(2)
    requeued, again = floor.tell(PresenceLapsed(1))
    assert isinstance(requeued, Requeued)
    assert offered([again]) == [(1, 2)]
    floor.tell(DecisionRefused(again.id), DecisionRefused(requeued.id))
    assert floor.state.contacts[1].assignment == 101
    floor.tell(AssignmentClosed(101))
    assert 1 not in floor.state.contacts


def test_a_requeue_is_not_undone_when_somebody_else_has_had_the_contact_since() -> None:
    floor = Floor(calls, agent(1), agent(2))
    floor.ready(1)
    first = floor.tell(arrived(1))
    floor.tell(OfferAccepted(first[0].id, 1, 1, 101))
    requeued = floor.tell(PresenceLapsed(1))[0]
    floor.tell(AssignmentOpened(102, 1, 2, CALLS), AssignmentRequeued(102, 1, CALLS, START, not_agents=(2,)))
    floor.tell(DecisionRefused(requeued.id, "assignment_closed"))
    assert (floor.state.contacts[1].stands, floor.state.assignments) == (WAITING, {})
    assert offered(floor.tell(PresenceRenewed(1))) == [(1, 1)]


def test_a_transfer_waits_again_at_its_old_place_and_not_for_who_sent_it() -> None:
    floor = Floor(calls, agent(1), agent(2))
    floor.ready(1)
    first = floor.tell(arrived(1))
    floor.tell(OfferAccepted(first[0].id, 1, 1, 101))
    floor.tell(arrived(2, at=START + SECOND), after=SECOND)
    moved = floor.tell(AssignmentRequeued(101, 1, CALLS, START, not_agents=(1,)))
    assert offered(moved) == [(2, 1)]
    assert offered(floor.ready(2)) == [(1, 2)]


def test_a_contact_waits_for_the_agent_it_prefers_as_long_as_the_queue_says() -> None:
    floor = Floor(QueueRule(CALLS, "voice", sticky_seconds=40), agent(1), agent(2))
    floor.ready(1)
    first = floor.tell(arrived(1))
    floor.tell(OfferAccepted(first[0].id, 1, 1, 101))
    floor.ready(2)
    assert floor.tell(arrived(2, preferred_agent=1)) == []
    assert offered(floor.tell(Tick(), after=40 * SECOND)) == [(2, 2)]
    assert floor.tell(arrived(3, preferred_agent=1)) == []
    assert offered(floor.tell(AssignmentClosed(101))) == [(3, 1)]


def test_a_supervisor_gives_a_contact_that_was_being_offered_to_another() -> None:
    floor = Floor(LONGEST_IDLE, calls, agent(1), agent(2))
    floor.ready(1, 2)
    first = floor.tell(arrived(1))
    decided = floor.tell(AssignmentOpened(101, 1, 2, CALLS))
    assert decided == [OfferWithdrawn(f"f-{floor.state.seq}-0", first[0].id, 1, 1, "accepted_elsewhere")]


def test_what_waits_in_a_removed_queue_is_kept_until_it_comes_back() -> None:
    floor = Floor(calls, agent(1))
    floor.tell(arrived(1), QueueRemoved(CALLS))
    assert offered(floor.ready(1)) == []
    assert offered(floor.tell(QueueSet(calls))) == [(1, 1)]


def test_an_agent_removed_in_a_call_keeps_it_and_gets_no_other() -> None:
    floor = Floor(calls, agent(1))
    floor.ready(1)
    first = floor.tell(arrived(1))
    floor.tell(OfferAccepted(first[0].id, 1, 1, 101), arrived(2), AgentRemoved(1))
    assert floor.tell(AssignmentClosed(101)) == []
    assert 1 not in floor.state.agents


def test_needs_are_relaxed_ring_by_ring() -> None:
    queue = QueueRule(CALLS, "voice", needs=((FRENCH, 4),), rings=(Ring(30, ((FRENCH, 2),)), Ring(60, ())))
    floor = Floor(queue, agent(1), agent(2, skills=((FRENCH, 2),)))
    floor.ready(1, 2)
    assert floor.tell(arrived(1)) == []
    assert offered(floor.tell(Tick(), after=30 * SECOND)) == [(1, 2)]
    assert floor.decisions[-1].reasons.stage == 1
    floor.tell(OfferAccepted(floor.decisions[-1].id, 1, 2, 101))
    assert floor.tell(arrived(2, at=floor.now)) == []
    assert offered(floor.tell(Tick(), after=20 * SECOND)) == []
    assert offered(floor.tell(Tick(), after=40 * SECOND)) == [(2, 1)]


def test_a_queue_overflows_to_the_agents_of_another() -> None:
    queue = QueueRule(CALLS, "voice", overflow=(Overflow(30, 4),))
    floor = Floor(queue, QueueRule(4, "voice"), agent(1, queues=(4,)))
    floor.ready(1)
    assert floor.tell(arrived(1)) == []
    assert offered(floor.tell(Tick(), after=30 * SECOND)) == [(1, 1)]


def test_overflow_in_a_circle_is_refused_and_the_floor_stays_as_it_was() -> None:
    floor = Floor(QueueRule(1, "voice", overflow=(Overflow(30, 2),)), QueueRule(2, "voice"))
    before = floor.state.dump()
    with pytest.raises(PolicyError, match="1 → 2 → 1"):
        floor.tell(QueueSet(QueueRule(2, "voice", overflow=(Overflow(30, 1),))))
    assert floor.state.dump() == before


def test_a_clock_that_falls_back_is_held() -> None:
    floor = Floor(calls, agent(1))
    floor.ready(1, after=MINUTE)
    floor.now -= MINUTE
    assert floor.tell(arrived(1, at=floor.now))[0].offered_at == START + MINUTE


def test_a_state_written_and_read_is_the_same() -> None:
    floor = Floor(calls, chats, agent(1), agent(2, queues=(CALLS, CHATS)))
    floor.ready(1, 2)
    floor.tell(arrived(1), arrived(2), arrived(3), arrived(4, CHATS))
    assert State.load(floor.state.dump()).dump() == floor.state.dump()


def test_a_flexible_agent_is_kept_free_for_a_costlier_queue_but_not_past_the_limit() -> None:
    cheap, dear = QueueRule(1, "voice", target_seconds=60), QueueRule(2, "voice", target_seconds=60, reserve=1)
    floor = Floor(cheap, dear, agent(1, queues=(1, 2)))
    floor.ready(1)
    assert floor.tell(arrived(1, 1)) == []
    assert why_not(floor.state, 1, 1).code == "in_reserve"
    assert offered(floor.tell(arrived(2, 2))) == [(2, 1)]
    floor.tell(OfferAccepted(floor.decisions[-1].id, 2, 1, 102))
    assert floor.tell(AssignmentClosed(102)) == []
    limit = kept_until_at_most(floor.state.queues[1], floor.state.contacts[1].due)
    while not (made := offered(floor.tell(Tick(), after=10 * SECOND))):
        assert floor.now < limit
    assert (made, floor.now) == ([(1, 1)], limit)


def test_who_waits_beside_an_agent_kept_free_is_weighed_again_within_ten_seconds() -> None:
    """The agent was the last one of a queue that reserves them; then a colleague who answers that queue alone becomes free."""
    cheap, dear = QueueRule(1, "voice", target_seconds=60), QueueRule(2, "voice", target_seconds=60, reserve=1)
    floor = Floor(cheap, dear, agent(1, queues=(1, 2)), agent(2, queues=(2,)))
    floor.ready(1)
    assert floor.tell(arrived(1, 1)) == []
    floor.ready(2)
    assert why_not(floor.state, 1, 1).code == "none"
    assert offered(floor.tell(Tick(), after=10 * SECOND)) == [(1, 1)]


def test_who_let_a_contact_go_is_not_kept_free_for_it() -> None:
    """It waits for a colleague who is busy, in a queue that is worth more: that is no reason to be given nothing else."""
    cheap = QueueRule(1, "voice", target_seconds=60)
    dear = QueueRule(2, "voice", target_seconds=60, cost=9.0)
    floor = Floor(cheap, dear, agent(1, queues=(1, 2)), agent(2, queues=(2,)))
    floor.ready(2)
    (busy,) = floor.tell(arrived(9, 2))
    floor.tell(OfferAccepted(busy.id, 9, 2, 109))
    floor.ready(1)
    (offer,) = floor.tell(arrived(2, 2))
    assert floor.tell(OfferDeclined(offer.id)) == []
    assert offered(floor.tell(arrived(1, 1))) == [(1, 1)]


def test_behind_a_contact_that_was_let_go_others_are_weighed_again_too() -> None:
    """The first in line waits for a busy colleague; the one behind for the reserve to be gone."""
    cheap, dear = QueueRule(1, "voice", target_seconds=60), QueueRule(2, "voice", target_seconds=60, reserve=1)
    floor = Floor(cheap, dear, agent(1, queues=(1, 2)), agent(2, queues=(2,)), agent(3, queues=(1,)))
    floor.ready(3)
    (busy,) = floor.tell(arrived(9, 1))
    floor.tell(OfferAccepted(busy.id, 9, 3, 109))
    floor.ready(2)
    floor.ready(1)
    (offer,) = floor.tell(arrived(1, 1))
    floor.tell(PresenceSet(2, False, "lunch"))
    floor.tell(OfferDeclined(offer.id))
    assert floor.tell(arrived(2, 1)) == []
    floor.ready(2)
    assert offered(floor.tell(Tick(), after=10 * SECOND)) == [(2, 1)]


def test_who_is_kept_in_reserve_since_they_became_free_hides_nobody_who_is_free_for_the_contact() -> None:
    """Both have been free as long; the first one has become the last of a queue that reserves its agents meanwhile."""
    reserving = QueueRule(CHATS, "chat", reserve=1)
    floor = Floor(calls, reserving, agent(1, (CALLS, CHATS)), agent(2), agent(3, (CHATS,)))
    floor.ready(1, 2, 3)
    floor.tell(PresenceSet(3, False))
    assert offered(floor.tell(arrived(1))) == [(1, 2)]


def test_who_comes_behind_somebody_whom_the_free_may_not_have_is_offered_too() -> None:
    """Both rang out at somebody: the first goes to who let the second go, and the second to who let the first go."""
    floor = Floor(calls, agent(1), agent(2))
    floor.ready(1, 2)
    floor.tell(arrived(1), arrived(2))
    assert offered(floor.tell(Tick(), after=22 * SECOND)) == [(1, 2), (2, 1)]


def test_who_prefers_an_agent_kept_for_others_goes_to_somebody_else() -> None:
    reserving = QueueRule(CHATS, "chat", reserve=1)
    floor = Floor(calls, reserving, agent(1, (CALLS, CHATS)), agent(2))
    floor.ready(1, 2)
    assert offered(floor.tell(arrived(1, preferred_agent=1))) == [(1, 2)]


def test_an_agent_with_an_open_offer_who_has_no_place_for_it_any_more_loses_it() -> None:
    floor = Floor(calls, agent(1))
    floor.ready(1)
    floor.tell(arrived(1))
    (back,) = floor.tell(AgentSet(agent(1, voice_line_ok=False)))
    assert isinstance(back, OfferWithdrawn)
    assert back.why == "no_place"
    assert floor.state.contacts[1].stands == WAITING


def test_what_is_told_of_the_last_decisions_is_understood_though_minutes_passed_at_once() -> None:
    """A clock is set, or a machine sleeps, between a decision and what the database says to it."""
    floor = Floor(calls, agent(1))
    floor.ready(1)
    floor.tell(AssignmentOpened(7, 1, 1, CALLS))
    (taken_back,) = floor.tell(PresenceLapsed(1))
    floor.tell(Tick(), after=10 * MINUTE)
    floor.tell(AssignmentClosed(7), DecisionRefused(taken_back.id, "assignment_not_active"))
    assert floor.state.contacts == {}


def test_a_reserved_agent_answers_only_what_they_are_reserved_for() -> None:
    floor = Floor(calls, chats, agent(1, queues=(CALLS, CHATS), reserved_for=(CHATS,)))
    floor.ready(1)
    assert offered(floor.tell(arrived(1, CALLS))) == []
    assert why_not(floor.state, 1, 1) == WhyNot("reserved", (("queue", CHATS),))
    assert offered(floor.tell(arrived(2, CHATS))) == [(2, 1)]


def test_why_a_contact_waits_names_the_skill_that_nobody_has() -> None:
    floor = Floor(QueueRule(CALLS, "voice", needs=((PORTUGUESE, 4),)), agent(1, skills=((PORTUGUESE, 3),)))
    floor.ready(1)
    floor.tell(arrived(1))
    missing = (("skill", PORTUGUESE), ("level", 3), ("asked", 4))
    assert why_waiting(floor.state, 1) == WhyNot("nobody_eligible", missing)
    assert why_not(floor.state, 1, 1) == WhyNot("skill_missing", (("skill", PORTUGUESE), ("level", 3), ("asked", 4)))


def test_why_not_me_names_the_contact_that_came_first() -> None:
    floor = Floor(LONGEST_IDLE, calls, agent(1))
    floor.ready(1)
    floor.tell(arrived(1), arrived(2), arrived(3))
    floor.tell(OfferAccepted(floor.decisions[-1].id, 1, 1, 101))
    assert why_not(floor.state, 2, 1) == WhyNot("on_call")
    assert why_waiting(floor.state, 2) == WhyNot("all_busy", (("busy", 1),))
    assert why_not(floor.state, 1, 1) == WhyNot("held_by_agent", (("agent", 1),))


def test_a_closed_queue_keeps_its_contacts_and_answers_them_when_it_opens() -> None:
    night = replace(mails, opens_at=START + MINUTE)
    floor = Floor(night, agent(1, (MAILS,)))
    floor.ready(1)
    assert floor.tell(arrived(7, MAILS, due_at=START + MINUTE + 3600 * SECOND)) == []
    closed = WhyNot("queue_closed", (("queue", MAILS), ("until", START + MINUTE)))
    assert (why_waiting(floor.state, 7), why_not(floor.state, 7, 1)) == (closed, closed)
    [offer] = floor.tell(QueueSet(replace(mails, opened_at=START + MINUTE)), after=MINUTE)
    assert (offer.contact, offer.agent) == (7, 1)


def test_who_waited_for_the_opening_goes_to_the_first_circle_of_agents_first() -> None:
    wide = replace(mails, needs=((FRENCH, 4),), rings=(Ring(60, ((FRENCH, 2),)),))
    floor = Floor(replace(wide, opens_at=START + 600 * SECOND), agent(1, (MAILS,), skills=((FRENCH, 2),)))
    floor.ready(1)
    floor.tell(arrived(7, MAILS))
    opening = QueueSet(replace(wide, opened_at=START + 600 * SECOND))
    assert floor.tell(opening, after=600 * SECOND) == []
    assert [offer.agent for offer in floor.tell(Tick(), after=60 * SECOND)] == [1]


def the_offer(decisions: list[Decision]) -> Offered:
    [offer] = [decision for decision in decisions if isinstance(decision, Offered)]
    return offer


def test_no_call_interrupts_work_that_is_not_to_be_interrupted() -> None:
    floor = Floor(calls, replace(mails, interruptible=False), agent(1, (CALLS, MAILS)))
    floor.ready(1)
    offer = the_offer(floor.tell(arrived(7, MAILS)))
    floor.tell(OfferAccepted(offer.id, 7, 1, 70))
    assert floor.tell(arrived(8)) == []
    assert why_not(floor.state, 8, 1) == WhyNot("not_to_interrupt")
    assert [offer.contact for offer in floor.tell(AssignmentClosed(70)) if isinstance(offer, Offered)] == [8]


def test_a_mail_that_may_be_put_aside_stays_with_its_agent_through_a_call() -> None:
    floor = Floor(calls, mails, agent(1, (CALLS, MAILS)))
    floor.ready(1)
    mail = the_offer(floor.tell(arrived(7, MAILS)))
    floor.tell(OfferAccepted(mail.id, 7, 1, 70))
    call = the_offer(floor.tell(arrived(8)))
    floor.tell(OfferAccepted(call.id, 8, 1, 80))
    assert floor.state.contacts[7].assignment == 70
    assert the_offer(floor.tell(arrived(9, MAILS), AssignmentClosed(80))).contact == 9


def test_acts_are_spread_by_the_hour_among_agents_who_rank_alike() -> None:
    """Agent 1 has been idle longer, yet has done twelve acts an hour against agent 2's two."""
    floor = Floor(Policy(rule="longest_idle", fairness_seconds=30), calls, agent(1), agent(2))
    floor.ready(1)
    floor.ready(2, after=2 * MINUTE)
    floor.tell(DayCounted(1, acts=12, ready_ms=60 * MINUTE), DayCounted(2, acts=4, ready_ms=120 * MINUTE))
    offer = the_offer(floor.tell(arrived(7)))
    assert offer.agent == 2
    assert [(offer.reasons.winner.acts, offer.reasons.winner.handicap_ms)] == [(4, 60 * SECOND)]
    assert offer.reasons.runner_up is not None
    assert (offer.reasons.runner_up.acts, offer.reasons.runner_up.handicap_ms) == (12, 360 * SECOND)


def test_an_act_counts_when_its_contact_is_closed_and_the_time_while_ready() -> None:
    floor = Floor(calls, agent(1))
    floor.ready(1)
    offer = the_offer(floor.tell(arrived(7)))
    floor.tell(OfferAccepted(offer.id, 7, 1, 70))
    floor.tell(AssignmentClosed(70), AssignmentClosed(70), after=5 * MINUTE)
    floor.tell(PresenceSet(1, False, "lunch"), after=5 * MINUTE)
    someone = floor.state.agents[1]
    assert (someone.acts, someone.ready_ms, someone.ready_since) == (1, 10 * MINUTE, None)
