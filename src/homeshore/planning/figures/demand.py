"""What is to come, and whom it needs."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from homeshore.planning.engine.forecast import Forecast
from homeshore.planning.engine.staffing import Requirement
from homeshore.planning.figures.plain import number, numbers, problems
from homeshore.planning.way import Demanded, Wishes
from homeshore.planning.way.staffing import Staffed, needs_of
from homeshore.planning.way.wishes import Terms

SHOWN_PAST = 28  # days of the past beside a forecast
WEEK = 7


def of_forecast(found: Demanded) -> dict[str, Any]:
    """By queue: the chosen method and every method's error, the interval, and the days before it."""
    first, last = found.open_slots
    end = found.queues[0].forecast.mean.shape[0]
    special = {
        day.isoformat(): each.name for day, each in found.calendar.special.items()
        if 0 <= (day - found.first_day).days < end
    }  # fmt: skip
    return {
        "first_day": found.first_day.isoformat(),
        "interval_minutes": found.history.interval_minutes,
        "zone": found.history.zone,
        "open_slots": [first, last],
        "special_days": special,
        "assumptions": problems(found.assumptions),
        "queues": [_queue(q.forecast, q.series.calls) | {
            "members": list(q.members), "handling_seconds": round(q.handling_seconds, 2),
            "patience_seconds": round(q.patience_seconds, 2), "cents": q.tariff.mean,
        } for q in found.queues],
        "brands": [_forecast(each) for each in found.brands],
    }  # fmt: skip


def _queue(told: Forecast, calls: NDArray[np.float64]) -> dict[str, Any]:
    past = calls[-SHOWN_PAST:]
    daily = np.where(np.isfinite(past).any(axis=1), np.nansum(past, axis=1), np.nan)
    return _forecast(told) | {"past_daily": numbers(daily, 0), "past": numbers(past[-WEEK:], 1)}


def _forecast(told: Forecast) -> dict[str, Any]:
    daily, low, high = told.by_day()
    return {
        "name": told.queue,
        "method": told.method,
        "methods": [{"name": m.name, "wape": number(m.wape, 4), "chosen": m.chosen} for m in told.methods],
        "noise_wape": number(told.noise_wape, 4),
        "level": told.level,
        "warnings": problems(told.warnings),
        "uncertain_days": sorted(day.isoformat() for day in told.uncertain_days),
        "mean": numbers(told.mean),
        "low": numbers(told.low),
        "high": numbers(told.high),
        "daily": numbers(daily, 1),
        "daily_low": numbers(low, 1),
        "daily_high": numbers(high, 1),
    }


def of_staffing(
    queues: Sequence[Staffed], interval_minutes: int, open_slots: Sequence[int], wishes: Wishes
) -> dict[str, Any]:
    """By queue, what each interval needs and what that gives; and the sums of the first week.

    The same functions answer a what-if: only ``wishes`` differ.
    """
    opens, closes = open_slots
    needs = needs_of(queues, interval_minutes, (opens, closes), wishes)
    hour = interval_minutes / 60
    rows = [
        _need(queue, need, open_slots, wishes.shared) | _terms(wishes.terms(queue.name, queue.members), need, hour)
        for queue, need in zip(queues, needs, strict=True)
    ]
    week = np.sum([np.array(row["scheduled"])[:WEEK] for row in rows], axis=0)
    work = np.sum([np.array(row["at_work"])[:WEEK] for row in rows], axis=0)
    load = sum(float(np.array(row["load"])[:WEEK].sum()) for row in rows)
    load += sum(row.get("spare_hours", 0.0) for row in rows) / hour
    return {
        "goals": {"share": wishes.goals.share, "seconds": wishes.goals.seconds,
                  "occupancy": wishes.goals.largest_occupancy},
        "shrinkage": wishes.shrinkage,
        "shared": wishes.shared,
        "one_goal": wishes.one_goal,
        "calls_factor": wishes.calls_factor,
        "handling_factor": wishes.handling_factor,
        "open_slots": list(open_slots),
        "interval_minutes": interval_minutes,
        "queues": rows,
        "week_hours": round(float(week.sum()) * hour, 2),
        "week_hours_at_work": round(float(work.sum()) * hour, 2),
        "busiest": int(week.max()),
        "occupancy": number(load / max(float(work.sum()), 1e-9), 4),
    }  # fmt: skip


def _terms(terms: Terms, need: Requirement, hour: float) -> dict[str, Any]:
    """How the queue is served; of mails, the week's hours of work, and those done while no customer waits."""
    told: dict[str, Any] = {
        "kind": terms.kind, "share": terms.share, "seconds": terms.seconds, "at_once": terms.at_once
    }  # fmt: skip
    if need.in_spare is not None:
        spare = float(need.in_spare[:WEEK].sum()) * hour
        told |= {"spare_hours": round(spare, 2), "work_hours": round(spare + float(need.load[:WEEK].sum()) * hour, 2)}
    return told


def _occupancy(
    need: Requirement, inside: NDArray[np.bool_], weights: NDArray[np.float64], shared: bool
) -> float | None:  # fmt: skip
    """How busy the queue's agents are; in a pool, which has no agents of one queue, how busy the pool is for its contacts."""
    if shared and need.in_spare is None:
        return number(float((weights * np.nan_to_num(need.occupancy)).sum()), 4)
    agents = float((need.at_work * inside).sum())
    return number(float((need.load * inside).sum()) / agents, 4) if agents else None


def _need(queue: Staffed, need: Requirement, open_slots: Sequence[int], shared: bool) -> dict[str, Any]:
    """Only opening hours are staffed: what comes outside them is said beside, not planned."""
    first, last = open_slots
    inside = np.zeros(need.at_work.shape, dtype=bool)
    inside[:, first:last] = True
    calls = np.where(inside, queue.calls, 0.0)
    weights = calls / max(calls.sum(), 1e-9)
    return {
        "name": queue.name,
        "at_work": numbers(np.where(inside, need.at_work, 0)),
        "scheduled": numbers(np.where(inside, need.scheduled, 0)),
        "service_level": number(float((weights * np.nan_to_num(need.service_level)).sum()), 4),
        "abandonment": number(float((weights * np.nan_to_num(need.abandonment)).sum()), 4),
        "occupancy": _occupancy(need, inside, weights, shared),
        "load": numbers(np.where(inside, need.load, 0.0), 2),
    }


def staffed_of(figures: dict[str, Any]) -> list[Staffed]:
    """The queues of a forecast kept as figures, to be staffed anew."""
    return [
        Staffed(
            row["name"],
            tuple(row["members"]),
            np.array(row["mean"], dtype=float),
            row["handling_seconds"],
            row["patience_seconds"],
        )
        for row in figures["queues"]
    ]
