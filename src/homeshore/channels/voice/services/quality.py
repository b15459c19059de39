"""Measures of calls: kept, shown live, and read by routing when a line at home does not carry voice."""

from datetime import datetime
from statistics import fmean

from django.db.models import Avg

from homeshore.channels.voice import events
from homeshore.channels.voice.models import Call, Leg, Sample, Side, WeakLine
from homeshore.channels.voice.quality.emodel import Measure, mos
from homeshore.channels.voice.quality.judgement import LATEST, REST, is_weak
from homeshore.channels.voice.services.rows import lock_call, open_leg
from homeshore.foundation.transactions import write
from homeshore.people import services as people

WHY = "weak_calls"
"""The reason that routing tells for calls not offered."""


def record_quality(*, call_id: int, leg_number: int, at_side: str, measure: Measure, now: datetime) -> float | None:
    """What this end received over the last seconds, as a mean opinion score; None when that leg is over.

    A line that is too weak for calls rests: no call is offered to the agent for a while, and nothing is held against them.
    """
    with write():
        call = lock_call(call_id)
        leg = open_leg(call)
        if leg is None or leg.number != leg_number or leg.answered_at is None:
            return None
        score = mos(measure)
        Sample.objects.create(
            call=call,
            leg=leg.number,
            agent_id=leg.agent_id,
            side=at_side,
            at=now,
            loss=measure.loss,
            jitter_ms=measure.jitter_ms,
            round_trip_ms=measure.round_trip_ms,
            mos=score,
        )
        events.quality_whispered(call, leg, side=at_side, measure=measure, mos=score)
        _judge(call, leg, now=now)
    return score


def _judge(call: Call, leg: Leg, *, now: datetime) -> None:
    towards = {side: _latest(call, leg, side) for side in Side}
    weak = is_weak(
        to_agent=towards[Side.AGENT], to_customer=towards[Side.CUSTOMER], call_before=_call_before(call, leg.agent_id)
    )
    if weak:
        worst = min(fmean(scores) for scores in towards.values() if scores)
        rest_line(agent_id=leg.agent_id, mos=worst, now=now)


def rest_line(*, agent_id: int, mos: float, now: datetime) -> bool:
    """Offer the agent no calls for a while, and tell them why; in the open transaction. False when they rest already."""
    if WeakLine.objects.filter(agent_id=agent_id, ended_at__isnull=True).exists():
        return False
    resting = WeakLine.objects.create(agent_id=agent_id, mos=mos, since=now, until=now + REST)
    people.set_voice_line(agent_id=agent_id, ok=False, why=WHY, now=now)
    events.line_changed(resting, at=now)
    return True


def _latest(call: Call, leg: Leg, side: str) -> list[float]:
    found = Sample.objects.filter(call=call, leg=leg.number, side=side).order_by("-id")
    return list(found.values_list("mos", flat=True)[:LATEST])[::-1]


def _call_before(call: Call, agent_id: int) -> float | None:
    """The mean score of the agent's call before this one."""
    before = Sample.objects.filter(agent_id=agent_id, call_id__lt=call.pk).order_by("-call_id")
    last = before.values_list("call_id", flat=True).first()
    return Sample.objects.filter(call_id=last, agent_id=agent_id).aggregate(mean=Avg("mos"))["mean"] if last else None


def end_rests(*, now: datetime) -> int:
    """Offer calls again to the agents whose lines have rested long enough; how many."""
    over = list(WeakLine.objects.filter(ended_at__isnull=True, until__lte=now).values_list("pk", flat=True))
    return sum(_end_rest(pk, now=now) for pk in over)


def end_rest_of(*, agent_id: int, now: datetime) -> bool:
    """The agent's line carries voice again, sooner than thought. False when it did not rest."""
    resting = WeakLine.objects.filter(agent_id=agent_id, ended_at__isnull=True).values_list("pk", flat=True).first()
    return resting is not None and _end_rest(resting, now=now)


def _end_rest(weak_line_id: int, *, now: datetime) -> bool:
    with write():
        if not WeakLine.objects.filter(pk=weak_line_id, ended_at__isnull=True).update(ended_at=now):
            return False
        resting = WeakLine.objects.select_related("agent").get(pk=weak_line_id)
        people.set_voice_line(agent_id=resting.agent_id, ok=True, now=now)
        events.line_changed(resting, at=now)
    return True
