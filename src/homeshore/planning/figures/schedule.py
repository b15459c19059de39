"""Who works when, how good that is, and what a repair changes."""

from collections.abc import Sequence
from typing import Any

from homeshore.planning.engine.problems import Problem
from homeshore.planning.engine.scheduling import Plan, Shift
from homeshore.planning.engine.scheduling.conflicts import Conflict
from homeshore.planning.engine.scheduling.fairness import Fairness
from homeshore.planning.engine.scheduling.replanning import Replan
from homeshore.planning.figures.plain import number, numbers, problems
from homeshore.planning.people import Home
from homeshore.planning.way import Scheduled


def of_schedule(found: Scheduled, first_day: str) -> dict[str, Any]:
    """The week: need and cover by queue, everybody's shifts and fair share, cost beside its bound."""
    return schedule(
        found.homes, found.plan, found.fairness, first_day, faults=found.faults, gaps=found.gaps,
        conflicts=found.conflicts, assumptions=found.assumptions,
    )  # fmt: skip


def schedule(
    homes: Sequence[Home], plan: Plan, fair: Fairness, first_day: str, *, faults: Sequence[Problem] = (),
    gaps: Sequence[Problem] = (), conflicts: Sequence[Conflict] = (), assumptions: Sequence[Problem] = (),
) -> dict[str, Any]:  # fmt: skip
    given = plan.problem
    shifts: dict[str, list[dict[str, Any]]] = {}
    for shift in plan.shifts:
        shifts.setdefault(shift.person, []).append(_shift(shift))
    people = []
    for home, share in zip(homes, fair.people, strict=True):
        people.append({
            "name": home.person.name, "status": home.status, "pace": round(home.pace, 3),
            "queues": list(home.person.skills), "hours": round(share.hours, 2),
            "least_hours": home.person.least_hours, "most_hours": round(home.person.most_hours, 2),
            "fulfilled": number(share.fulfilled), "liking": number(share.liking),
            "evening_hours": round(share.evening_hours, 2), "weekend_hours": round(share.weekend_hours, 2),
            "windows": [[w.day, w.start, w.end] for w in home.person.windows],
            "shifts": shifts.get(home.person.name, []),
        })  # fmt: skip
    return {
        "first_day": first_day,
        "days": given.days,
        "first_hour": given.first_hour,
        "slot_minutes": given.slot_minutes,
        "slots": given.slots,
        "queues": list(given.skills),
        "needed": numbers(given.needed),
        "cover": numbers(plan.cover),
        "people": people,
        "cost": round(plan.cost, 2),
        "work_cost": round(plan.work_cost, 2),
        "bound": round(plan.bound, 2),
        "gap": number(max(plan.gap, 0.0), 5),
        "missing": plan.missing,
        "inequality": number(fair.inequality, 4),
        "least_fulfilled": list(fair.least_fulfilled),
        "without_week": list(plan.without_week),
        "faults": problems(faults),
        "cannot_be_covered": problems(gaps),
        "conflicts": [{"person": each.person, "rules": list(each.rules)} for each in conflicts],
        "assumptions": problems(assumptions),
    }


def of_repair(found: Replan) -> dict[str, Any]:
    """What people are told, and what would be missing without the repair."""
    return {
        "missing_before": found.missing_before,
        "missing": found.plan.missing,
        "changes": [
            {"person": change.person, "day": change.day, "before": change.before and _shift(change.before),
             "after": change.after and _shift(change.after)}
            for change in found.changes
        ],
    }  # fmt: skip


def _shift(shift: Shift) -> dict[str, Any]:
    return {
        "day": shift.day,
        "start": shift.start,
        "end": shift.end,
        "break": None if shift.break_start is None else [shift.break_start, shift.break_end],
        "tasks": [list(task) for task in shift.tasks],
    }
