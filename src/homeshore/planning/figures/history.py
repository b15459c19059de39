"""What the history holds, queue by queue."""

from typing import Any

import numpy as np

from homeshore.planning.engine.forecast import Calendar
from homeshore.planning.engine.history import History
from homeshore.planning.engine.history.marks import outlying_days, outlying_intervals
from homeshore.planning.engine.history.measures import Survival, measures
from homeshore.planning.figures.plain import number, numbers, problem, problems

SHOWN_SECONDS = (0, 5, 10, 15, 20, 30, 45, 60, 90, 120, 180, 240, 300, 420, 600, 900)


def of_history(history: History, calendar: Calendar) -> dict[str, Any]:
    """Layout, mapping, what was odd, and by queue: calls a day, a usual week, handling times, patience, marks."""
    queues = [_queue(history, name) for name in history.queues]
    days = sorted({day for queue in queues for day in (queue["first_day"], queue["last_day"])})
    special = [
        {"day": day.isoformat(), "name": each.name} for day, each in sorted(calendar.special.items())
        if days[0] <= day.isoformat() <= days[-1]
    ]  # fmt: skip
    return {
        "layout": history.layout,
        "kind": "volumes" if history.contacts is None else "contacts",
        "zone": history.zone,
        "interval_minutes": history.interval_minutes,
        "mapping": [list(row) for row in history.mapping.described()] if history.mapping else [],
        "contacts": int(history.volumes["calls"].sum() or 0),
        "first_day": days[0],
        "last_day": days[-1],
        "problems": problems(history.problems),
        "special_days": special,
        "queues": sorted(queues, key=lambda queue: -queue["contacts"]),
    }


def _queue(history: History, name: str) -> dict[str, Any]:
    series, told = history.series(name), measures(history, name)
    weekday = np.array([day.weekday() for day in series.days])
    known = np.isfinite(series.calls)
    week = np.full((7, series.calls.shape[1]), np.nan)
    for d in range(7):
        rows, seen = series.calls[weekday == d], known[weekday == d].sum(axis=0)
        np.divide(np.nansum(rows, axis=0), seen, out=week[d], where=seen > 0)
    daily = np.where(known.any(axis=1), np.nansum(series.calls, axis=1), np.nan)
    marks = [*outlying_days(series), *outlying_intervals(series)]
    return {
        "name": name,
        "contacts": told.contacts,
        "first_day": series.days[0].isoformat(),
        "last_day": series.days[-1].isoformat(),
        "daily": numbers(daily, 0),
        "usual_week": numbers(week, 2),
        "handling_seconds": number(told.handling_seconds, 1),
        "handling_spread": number(told.handling_spread),
        "handling_by_interval": numbers(told.handling_by_interval, 1),
        "patience_seconds": number(told.patience_seconds, 1),
        "survival": [] if told.survival is None else _survival(told.survival),
        "abandonment": number(told.abandonment, 4),
        "marks": [{"day": mark.day.isoformat(), "slot": mark.slot, "note": problem(mark.note)} for mark in marks],
    }


def _survival(survival: Survival) -> list[list[float]]:
    return [[second, round(survival.at(second), 4)] for second in SHOWN_SECONDS]
