"""What the schedule should give: service by queue, and income by person and hour."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from homeshore.planning.engine.income import STATUSES, minimum_hourly, net_of
from homeshore.planning.engine.scheduling import Plan
from homeshore.planning.figures.plain import number
from homeshore.planning.people import Home
from homeshore.planning.way import Demanded, Future, Wishes

WEEKS_A_MONTH = 52 / 12
NET_SINCE = date(2026, 7, 1)  # a plan of older days is shown with today's contributions: the table has none for them


def of_service(found: Demanded, lived: Future) -> list[dict[str, Any]]:
    """By queue: the share answered in time over possible futures, with the 95 % interval of its mean."""
    return [
        {"name": q.name, "kind": q.terms.kind, "goal": q.goals.share, "seconds": q.goals.seconds, "service_level": number(lived.service.mean[k], 4),
         "low": number(max(0.0, lived.service.low[k]), 4), "high": number(min(1.0, lived.service.high[k]), 4)}
        for k, q in enumerate(found.queues)
    ]  # fmt: skip


def of_income(found: Demanded, homes: Sequence[Home], plan: Plan, lived: Future, wishes: Wishes) -> dict[str, Any]:
    """Every full hour's promise, gross and net in cents; and what guaranteeing a floor would cost."""
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
        "calibrated": False,
        "service": of_service(found, lived),
        "replications": wishes.replications,
        "floor": {"cents_an_hour": cost.floor, "expected": cost.expected, "at_most_90": cost.at_most,
                  "share_of_hours": number(cost.share_of_hours, 4)},
    }  # fmt: skip


def _net(status: str, cents: int, weekly_hours: float, on: date) -> int | None:
    """Net of an hour, for a month at this week's pace; None for a status without a table."""
    if status not in STATUSES:
        return None
    month = weekly_hours * WEEKS_A_MONTH
    told = net_of(status, round(cents * month), on=max(on, NET_SINCE), hours_a_week=weekly_hours)
    return round(told.net / month)
