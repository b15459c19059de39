"""A schedule checked against the words of its problem: written apart from the solver, in hours, and shares no code."""

from collections import defaultdict
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from homeshore.planning.engine.problems import Problem
from homeshore.planning.engine.scheduling.problem import Person
from homeshore.planning.engine.scheduling.solver import Plan, Shift

_EXACT = 1e-6


@dataclass(frozen=True, slots=True)
class Checked:
    """``faults`` is empty for a lawful plan; ``cost`` and ``missing`` are recomputed from the shifts alone."""

    faults: tuple[Problem, ...]
    cost: float
    missing: int


def check(plan: Plan) -> Checked:
    """Recompute everything that the plan claims, and name each rule that it breaks."""
    problem = plan.problem
    faults: list[Problem] = []
    by_person: dict[str, list[Shift]] = defaultdict(list)
    for shift in plan.shifts:
        by_person[shift.person].append(shift)
    known = {person.name for person in problem.people}
    for name in by_person:
        if name not in known:
            faults.append(Problem("“%(name)s” is scheduled and unknown", {"name": name}))
    for person in problem.people:
        faults += _faults_of(person, sorted(by_person[person.name], key=lambda s: (s.day, s.start)), plan)
    cost, _, missing, cover = recount(plan)
    if not np.array_equal(cover, plan.cover):
        faults.append(Problem("the cover that the plan states is not that of its shifts"))
    if abs(cost - plan.cost) > 1e-6 * max(1.0, cost) or missing != plan.missing:
        faults.append(
            Problem(
                "the plan states a cost of %(stated)g, its shifts cost %(real)g", {"stated": plan.cost, "real": cost}
            )
        )
    if plan.bound > cost * (1 + 1e-9) + 1e-6:
        faults.append(Problem("the bound %(bound)g is above the cost %(real)g", {"bound": plan.bound, "real": cost}))
    return Checked(tuple(faults), cost, missing)


def _faults_of(person: Person, shifts: list[Shift], plan: Plan) -> list[Problem]:
    rules, faults = person.rules, []

    def fault(text: str, **values: object) -> None:
        faults.append(Problem(f"“%(name)s”, {text}", {"name": person.name, **values}))

    if person.name in plan.without_week:
        if shifts:
            fault("said to have no lawful week, has shifts")
        return faults
    worked = 0.0
    for shift in shifts:
        inside = [
            w for w in person.windows
            if w.day == shift.day and w.start - _EXACT <= shift.start and shift.end <= w.end + _EXACT
            and (w.latest_start is None or shift.start <= w.latest_start + _EXACT)
            and (w.earliest_end is None or shift.end >= w.earliest_end - _EXACT)
        ]  # fmt: skip
        if not inside:
            fault("day %(day)d: the shift is outside what was offered", day=shift.day + 1)
        pause = 0.0 if shift.break_start is None or shift.break_end is None else shift.break_end - shift.break_start
        length = shift.end - shift.start - pause
        worked += length
        if length < rules.shortest_shift - pause - _EXACT or length > rules.longest_shift + _EXACT:
            fault("day %(day)d: a shift of %(length)g h", day=shift.day + 1, length=length)
        if rules.break_after_hours > 0 and length >= rules.break_after_hours - _EXACT:
            if pause * 60 < rules.break_minutes - _EXACT:
                fault("day %(day)d: the break is missing or short", day=shift.day + 1)
            elif not shift.start < (shift.break_start or 0.0) < (shift.break_end or 0.0) < shift.end:
                fault("day %(day)d: the break is not inside the shift", day=shift.day + 1)
        covered = 0.0
        for skill, start, end in shift.tasks:
            covered += end - start
            if skill not in person.skills:
                fault("day %(day)d: works on %(skill)s without the skill", day=shift.day + 1, skill=skill)
            if start < shift.start - _EXACT or end > shift.end + _EXACT:
                fault("day %(day)d: a task outside the shift", day=shift.day + 1)
        ends = sorted((start, end) for _, start, end in shift.tasks)
        if any(b[0] < a[1] - _EXACT for a, b in pairwise(ends)) or abs(covered - length) > _EXACT:
            fault("day %(day)d: tasks do not fill the shift once", day=shift.day + 1)
    days = [shift.day for shift in shifts]
    if len(set(days)) < len(days):
        fault("two shifts in a day")
    if len(set(days)) > rules.most_days:
        fault("works %(days)d days", days=len(set(days)))
    for before, after in pairwise(shifts):
        rest = 24 * (after.day - before.day) + after.start - before.end
        if rest < rules.rest_between - _EXACT:
            fault("day %(day)d: only %(rest)g h of rest", day=after.day + 1, rest=rest)
    if worked > person.most_hours + _EXACT or worked < person.least_hours - _EXACT:
        fault("%(worked)g h in the week", worked=worked)
    for window in person.windows:
        if window.must and window.day not in days:
            fault("day %(day)d: an obligatory shift is missing", day=window.day + 1)
    return faults


def recount(plan: Plan) -> tuple[float, float, int, np.ndarray]:
    """Cost, cost of work, agent slots missing, and cover [skill, day, slot], from the shifts alone."""
    problem = plan.problem
    cover = np.zeros_like(problem.needed)
    people = {person.name: person for person in problem.people}
    work = 0.0
    for shift in plan.shifts:
        person = people.get(shift.person)
        for skill, start, end in shift.tasks:
            first = round((start - problem.first_hour) * 60 / problem.slot_minutes)
            last = round((end - problem.first_hour) * 60 / problem.slot_minutes)
            cover[problem.skills.index(skill), shift.day, first:last] += 1
            if person is not None:
                cost = np.broadcast_to(np.asarray(person.cost, dtype=float), problem.needed.shape[1:])
                work += float(cost[shift.day, first:last].sum())
    missing = np.maximum(problem.needed - cover, 0)
    short = float((missing.sum(axis=(1, 2)) * problem.shortage_cost).sum())
    return work + short, work, int(missing.sum()), cover
