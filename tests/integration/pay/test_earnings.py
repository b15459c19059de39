"""What an agent has earned, line by line, and what becomes of a line they doubt."""

from datetime import date, timedelta

import pytest

from homeshore.foundation.errors import Invalid, NotFound
from homeshore.foundation.models import Role
from homeshore.pay import earnings
from homeshore.pay import services as pay
from homeshore.pay.models import Contest
from tests.clock import MORNING
from tests.factories import ActFactory, AgentFactory, PresenceSpanFactory, user_as

pytestmark = pytest.mark.django_db


def test_earnings_are_grouped_by_local_day_and_say_what_an_hour_brought():
    act = ActFactory.create(at=MORNING, amount_cents=240)
    agent = act.agent
    late = MORNING.replace(hour=23, minute=30)  # half past midnight in Paris
    ActFactory.create(assignment__agent=agent, assignment__contact__queue=act.queue, at=late, amount_cents=160)
    PresenceSpanFactory.create(agent=agent, since=MORNING, until=MORNING + timedelta(hours=2))
    PresenceSpanFactory.create(agent=agent, state="break", since=MORNING + timedelta(hours=2), until=None)
    month = earnings.earnings(agent.pk, month=date(2026, 11, 1), now=late)
    assert [(day.date, day.acts, day.cents) for day in month.days] == [
        (date(2026, 11, 25), 1, 160),
        (date(2026, 11, 24), 1, 240),
    ]
    assert (month.cents, month.acts, month.presence_seconds, month.cents_per_hour) == (400, 2, 7200, 200)


def test_an_agent_sees_their_own_acts_only():
    act = ActFactory.create()
    stranger = AgentFactory.create(operator=act.operator)
    assert earnings.act_for_agent(act.pk, agent_id=stranger.pk) is None
    with pytest.raises(NotFound):
        pay.contest_act(agent_id=stranger.pk, act_id=act.pk, text="Pourquoi ?", now=MORNING)


def test_a_contested_act_is_answered_by_a_person_with_a_reason_and_a_correction_of_its_own():
    act = ActFactory.create(amount_cents=190)
    supervisor = user_as(Role.SUPERVISOR, act.operator)
    contest = pay.contest_act(agent_id=act.agent_id, act_id=act.pk, text="La langue a été oubliée", now=MORNING)
    assert earnings.contests_to_answer(act.operator_id) == [contest]
    answer = {"operator_id": act.operator_id, "contest_id": contest.pk, "by": supervisor, "accepted": True}
    with pytest.raises(Invalid):
        pay.answer_contest(**answer, answer=" ", now=MORNING)
    pay.answer_contest(**answer, answer="Exact.", correction_cents=50, now=MORNING + timedelta(days=1))
    with pytest.raises(pay.AnsweredAlready):
        pay.answer_contest(**answer, answer="Encore.", now=MORNING + timedelta(days=1))
    act.refresh_from_db()
    month = earnings.earnings(act.agent_id, month=MORNING.date(), now=MORNING)
    assert act.amount_cents == 190
    assert [(line.cents, line.corrects) for day in month.days for line in day.lines] == [
        (50, act.contact.reference),
        (190, ""),
    ]
    assert earnings.contests_to_answer(act.operator_id) == []


def test_a_supervisor_of_another_operator_cannot_answer():
    act = ActFactory.create()
    contest = pay.contest_act(agent_id=act.agent_id, act_id=act.pk, text="Pourquoi ?", now=MORNING)
    stranger = user_as(Role.SUPERVISOR, AgentFactory.create().operator)
    with pytest.raises(NotFound):
        pay.answer_contest(
            operator_id=AgentFactory.create().operator_id,
            contest_id=contest.pk,
            by=stranger,
            accepted=False,
            answer="Non",
            now=MORNING,
        )
    assert Contest.objects.get().answered_at is None


def test_acts_without_a_rate_are_counted_by_queue():
    gap = ActFactory.create(amount_cents=0)
    ActFactory.create(assignment__contact__queue=gap.queue)
    assert earnings.gaps(gap.operator_id, since=MORNING) == [{"queue": gap.queue_id, "acts": 1}]
