"""How evenly a schedule treats people: hours against wishes, liked times, evenings and weekends."""

from dataclasses import dataclass

import numpy as np

from homeshore.planning.engine.scheduling.solver import Plan

EVENING = 20.0


@dataclass(frozen=True, slots=True)
class PersonFairness:
    """``fulfilled``: hours over the most wanted. ``liking``: 1 when all hours are at the cheapest times offered, 0 at the
    dearest."""

    person: str
    hours: float
    fulfilled: float
    liking: float
    evening_hours: float
    weekend_hours: float


@dataclass(frozen=True, slots=True)
class Fairness:
    """``inequality`` is the Gini coefficient of ``fulfilled``: 0 when all get the same share of what they want."""

    people: tuple[PersonFairness, ...]
    inequality: float
    least_fulfilled: tuple[str, ...]


def gini(values: np.ndarray) -> float:
    """Mean absolute difference of all pairs over twice the mean."""
    ordered = np.sort(np.asarray(values, dtype=float))
    count, total = ordered.size, ordered.sum()
    if count == 0 or total <= 0:
        return 0.0
    return float((2 * np.arange(1, count + 1) - count - 1) @ ordered / (count * total))


def fairness(plan: Plan, weekend: tuple[int, ...] = (5, 6)) -> Fairness:
    """The report; ``weekend`` are days of the plan, 0 its first."""
    problem = plan.problem
    slot = problem.slot_minutes / 60
    hours: dict[str, float] = {}
    evening: dict[str, float] = {}
    rest_days: dict[str, float] = {}
    spent: dict[str, list[float]] = {}
    costs = {
        p.name: np.broadcast_to(np.asarray(p.cost, dtype=float), problem.needed.shape[1:]) for p in problem.people
    }  # fmt: skip
    for shift in plan.shifts:
        for _, start, end in shift.tasks:
            hours[shift.person] = hours.get(shift.person, 0.0) + end - start
            evening[shift.person] = evening.get(shift.person, 0.0) + max(0.0, end - max(start, EVENING))
            if shift.day in weekend:
                rest_days[shift.person] = rest_days.get(shift.person, 0.0) + end - start
            first = round((start - problem.first_hour) / slot)
            last = round((end - problem.first_hour) / slot)
            spent.setdefault(shift.person, []).extend(costs[shift.person][shift.day, first:last].tolist())
    rows = []
    for person in problem.people:
        offered = [
            costs[person.name][w.day, round((w.start - problem.first_hour) / slot) : round((w.end - problem.first_hour) / slot)]
            for w in person.windows
        ]  # fmt: skip
        prices = np.concatenate(offered) if offered else np.ones(1)
        cheap, dear = float(prices.min()), float(prices.max())
        mean = float(np.mean(spent.get(person.name, [cheap])))
        rows.append(PersonFairness(
            person.name, hours.get(person.name, 0.0), hours.get(person.name, 0.0) / max(person.most_hours, slot),
            1.0 if dear - cheap < 1e-9 else 1.0 - (mean - cheap) / (dear - cheap),
            evening.get(person.name, 0.0), rest_days.get(person.name, 0.0),
        ))  # fmt: skip
    least = sorted(rows, key=lambda row: row.fulfilled)[: max(1, len(rows) // 20)]
    return Fairness(tuple(rows), gini(np.array([row.fulfilled for row in rows])), tuple(row.person for row in least))
