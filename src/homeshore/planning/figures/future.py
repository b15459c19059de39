"""What the schedule should give: service by queue, and income by person and hour."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

import numpy as np

from homeshore.planning.engine.income import STATUSES, Band, Correction, minimum_hourly, net_of
from homeshore.planning.engine.problems import Problem
from homeshore.planning.engine.scheduling import Plan
from homeshore.planning.figures.plain import number, problem
from homeshore.planning.people import Home
from homeshore.planning.way import Demanded, Future, Wishes
from homeshore.planning.way.past import Checked

WEEKS_A_MONTH = 52 / 12
NET_SINCE = date(2026, 7, 1)  # a plan of older days is shown with today's contributions: the table has none for them


def of_service(found: Demanded, lived: Future) -> list[dict[str, Any]]:
    """By queue: the share answered in time over possible futures, with the 95 % interval of its mean."""
    return [
        {"name": q.name, "kind": q.terms.kind, "goal": q.goals.share, "seconds": q.goals.seconds, "service_level": number(lived.service.mean[k], 4),
         "low": number(max(0.0, lived.service.low[k]), 4), "high": number(min(1.0, lived.service.high[k]), 4)}
        for k, q in enumerate(found.queues)
    ]  # fmt: skip


def of_income(
    found: Demanded, homes: Sequence[Home], plan: Plan, lived: Future, wishes: Wishes,
    told: Checked | Problem | None = None,
) -> dict[str, Any]:  # fmt: skip
    """Every full hour's promise, gross and net in cents; what guaranteeing a floor would cost; how past promises held,
    or why that is not known."""
    worked: dict[str, float] = {}
    queues: dict[tuple[str, int, int], str] = {}
    for shift in plan.shifts:
        for queue, start, end in shift.tasks:
            worked[shift.person] = worked.get(shift.person, 0.0) + end - start
            for hour in range(int(start), int(-(-end // 1))):
                queues.setdefault((shift.person, shift.day, hour), queue)
    rows = []
    for d, day in enumerate(lived.promises):
        on = found.first_day + timedelta(days=d)
        for promise in day:
            home = homes[promise.agent]
            weekly = max(1.0, worked.get(home.person.name, 1.0))
            rows.append({
                "person": promise.agent, "day": d, "hour": promise.hour,
                "queue": queues.get((home.person.name, d, promise.hour), ""),
                "expected": promise.expected, "low": promise.low, "high": promise.high,
                "net": _net(home.status, promise.expected, weekly, on),
                "under_minimum": home.status == "employee" and promise.expected < minimum_hourly(max(on, NET_SINCE)),
                "reasons": [[reason.code, reason.cents] for reason in promise.reasons],
            })  # fmt: skip
    rows.sort(key=lambda row: (row["person"], row["day"], row["hour"]))
    cost = lived.floor_cost
    return {
        "first_day": found.first_day.isoformat(),
        "level": 0.8,
        "people": [{"name": home.person.name, "status": home.status, "pace": round(home.pace, 3)} for home in homes],
        "hours": rows,
        "hourly": wishes.hourly,
        "acts": [{"queue": q.name, "cents": q.tariff.mean} for q in found.queues],
        "calibrated": isinstance(told, Checked),
        "calibration": _calibration(told) if isinstance(told, Checked) else None,
        "not_calibrated": problem(told) if isinstance(told, Problem) else None,
        "service": of_service(found, lived),
        "replications": wishes.replications,
        "rule": lived.rule,
        "as_routed": lived.as_routed,
        "floor": {"cents_an_hour": cost.floor, "expected": cost.expected, "at_most_90": cost.at_most,
                  "share_of_hours": number(cost.share_of_hours, 4)},
    }  # fmt: skip


def _calibration(told: Checked) -> dict[str, Any]:
    """Coverage with its band and by hour of the day, bias and how much of it chance explains; the correction they taught."""
    held, taught = told.held, told.correction
    return {
        "week": told.week.isoformat(), "days": held.days, "agent_hours": held.agent_hours,
        "bias": number(held.bias.value, 4), "bias_by_chance": number(held.bias.high - held.bias.value, 4),
        "coverage": _band(held.coverage),
        "by_hour": [{"hour": hour, **_band(band)} for hour, band in held.by_hour.items()],
        "correction": {"scale": taught.scale, "low": taught.low.tolist(), "high": taught.high.tolist(), "level": taught.level},
    }  # fmt: skip


def correction_of(income: Mapping[str, Any]) -> Correction | None:
    """The correction with which kept promises were made."""
    if not income.get("calibration"):
        return None
    kept = income["calibration"]["correction"]
    return Correction(kept["scale"], np.array(kept["low"]), np.array(kept["high"]), kept["level"])


def _band(band: Band) -> dict[str, Any]:
    return {"value": number(band.value, 4), "low": number(band.low, 4), "high": number(band.high, 4)}


def _net(status: str, cents: int, weekly_hours: float, on: date) -> int | None:
    """Net of an hour, for a month at this week's pace; None for a status without a table."""
    if status not in STATUSES:
        return None
    month = weekly_hours * WEEKS_A_MONTH
    told = net_of(status, round(cents * month), on=max(on, NET_SINCE), hours_a_week=weekly_hours)
    return round(told.net / month)
