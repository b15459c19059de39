"""A plan repaired during the day: what is past stays, what has begun goes on, and as few shifts as possible change."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from homeshore.planning.engine.scheduling import solver
from homeshore.planning.engine.scheduling.check import recount
from homeshore.planning.engine.scheduling.problem import Person, ScheduleProblem, Window, tables_of
from homeshore.planning.engine.scheduling.solver import Plan, Shift

SETTLED = 1e4
"""More than any slot is worth: what it would cost to put a break elsewhere than it was taken."""


@dataclass(frozen=True, slots=True)
class Change:
    """A person's day before and after; None: off."""

    person: str
    day: int
    before: Shift | None
    after: Shift | None


@dataclass(frozen=True, slots=True)
class Replan:
    """``plan`` is the whole week, its cost and bound those of what is left to decide; ``changes`` what people are told.

    ``worked`` is what who fell ill had worked of that day's shift: no shift of the plan, and paid all the same.
    ``missing_before`` is what would be missing had only the absent been taken out.
    """

    plan: Plan
    worked: tuple[Shift, ...]
    changes: tuple[Change, ...]
    missing_before: int


def replan(
    plan: Plan, *, day: int, hour: float, absent: Mapping[str, set[int]] | None = None,
    needed: Mapping[str, NDArray[np.number]] | None = None, notice_hours: float = 1.0, change_cost: float = 0.5,
    sweeps: int = 6, seed: int = 1,
) -> Replan:  # fmt: skip
    """Repair ``plan`` at an hour of a day: people ``absent`` on some days, or another need.

    ``change_cost`` is charged for each slot that is worked and was not, or the reverse: a change must save more.
    Nobody is asked to start sooner than ``notice_hours`` from now, on top of the rules of the week.
    """
    old = plan.problem
    gone = absent or {}
    before = {(shift.person, shift.day): shift for shift in plan.shifts}
    need = old.needed if needed is None else np.ceil(np.array([needed[s] for s in old.skills])).astype(np.int64)
    left = need.copy()
    past = max(0, int(np.floor((hour - old.first_hour) * 60 / old.slot_minutes + 1e-9)))
    left[:, :day] = 0
    left[:, day, :past] = 0
    people = tuple(
        _still_free(person, old, before, gone.get(person.name, set()), day, hour, notice_hours, change_cost)
        for person in old.people
    )
    settled = tuple(_break_settled(person, old, before, day, hour) for person in people)
    problem = replace(old, people=settled, needed=left)
    tables = tables_of(problem)
    search = solver.Search(problem, tables, seed, None)
    _start_from(search, problem, before, gone, day, hour)
    missing_before = int(np.maximum(left.reshape(search.cover.shape) - search.cover, 0).sum())
    search.best_cost = np.inf
    for _ in range(sweeps):
        was = search.best_cost
        search.sweep(np.zeros_like(search.worth), 1e9)
        if search.best_cost >= was - 1e-9:
            break
    now = old.first_hour + past * old.slot_minutes / 60
    found = solver.plan_of(problem, tables, search)
    shifts = tuple(_with_its_past(shift, before.get((shift.person, shift.day)), day, now) for shift in found.shifts)
    repaired = replace(found, problem=replace(problem, people=people), shifts=shifts)
    cost, work, missing, cover = recount(repaired)
    repaired = replace(repaired, cost=cost, work_cost=work, missing=missing, cover=cover)
    worked = tuple(
        _until(shift, now) for (name, d), shift in before.items()
        if d == day and d in gone.get(name, set()) and shift.start < now < shift.end
    )  # fmt: skip
    after = {(shift.person, shift.day): shift for shift in (*repaired.shifts, *worked)}
    changes = tuple(
        Change(name, d, before.get((name, d)), after.get((name, d)))
        for name, d in sorted({*before, *after})
        if d >= day and _times(before.get((name, d))) != _times(after.get((name, d)))
    )
    return Replan(repaired, worked, changes, missing_before)


def _break_settled(
    person: Person, problem: ScheduleProblem, before: Mapping[tuple[str, int], Shift], day: int, hour: float
) -> Person:
    """The person, whose break of the day stays where it was taken, or else lies ahead."""
    shift = before.get((person.name, day))
    if shift is None or shift.start >= hour:
        return person
    cost = np.array(np.broadcast_to(np.asarray(person.cost, dtype=float), problem.needed.shape[1:]))

    def slots(start: float, end: float) -> slice:
        return slice(*(round((at - problem.first_hour) * 60 / problem.slot_minutes) for at in (start, end)))

    if shift.break_start is not None and shift.break_end is not None and shift.break_start < hour:
        cost[day, slots(shift.break_start, shift.break_end)] += SETTLED
    else:
        cost[day, slots(shift.start, min(hour, shift.end))] -= SETTLED
    return replace(person, cost=cost)


def _with_its_past(shift: Shift, before: Shift | None, day: int, now: float) -> Shift:
    """The shift, of which nothing is done otherwise that was done before ``now``."""
    if before is None or shift.day > day:
        return shift
    if shift.day < day:
        return before
    done = [(skill, start, min(end, now)) for skill, start, end in before.tasks if start < now]
    ahead = [(skill, max(start, now), end) for skill, start, end in shift.tasks if end > now]
    if done and ahead and done[-1][0] == ahead[0][0] and done[-1][2] == ahead[0][1]:
        skill, start, _ = done.pop()
        ahead[0] = (skill, start, ahead[0][2])
    return replace(shift, tasks=(*done, *ahead))


def _until(shift: Shift, now: float) -> Shift:
    """What of a shift was worked when it was broken off."""
    tasks = tuple((skill, start, min(end, now)) for skill, start, end in shift.tasks if start < now)
    rested = shift.break_end is not None and shift.break_end <= now
    return replace(
        shift, end=now, tasks=tasks, break_start=shift.break_start if rested else None,
        break_end=shift.break_end if rested else None,
    )  # fmt: skip


def _times(shift: Shift | None) -> tuple[float, float] | None:
    return None if shift is None else (shift.start, shift.end)


def _still_free(
    person: Person, problem: ScheduleProblem, before: Mapping[tuple[str, int], Shift], gone: set[int],
    day: int, hour: float, notice: float, change_cost: float,
) -> Person:  # fmt: skip
    """The person's windows from now on: past shifts as they were, a begun shift with its start, the rest free."""
    windows = []
    shape = problem.needed.shape[1:]
    slot = problem.slot_minutes / 60
    cost = np.array(np.broadcast_to(np.asarray(person.cost, dtype=float), shape)) + change_cost
    for d in range(problem.days):
        shift = before.get((person.name, d))
        if shift is not None and d not in gone:
            first, last = (round((at - problem.first_hour) / slot) for at in (shift.start, shift.end))
            cost[d, first:last] -= 2 * change_cost
        begun = shift is not None and (d < day or (d == day and shift.start < hour + notice))
        if shift is not None and begun:
            ended = d < day or shift.end <= hour
            if ended or d not in gone:
                offered = [
                    w.end for w in person.windows if w.day == d and w.start <= shift.start and shift.end <= w.end
                ]
                end = shift.end if ended else max([shift.end, *offered])
                until = shift.end if ended else max(shift.start, min(hour, shift.end))
                windows.append(Window(d, shift.start, end, latest_start=shift.start, earliest_end=until, must=True))
            continue
        if d < day or d in gone:
            continue
        for window in person.windows:
            start = max(window.start, hour + notice) if d == day else window.start
            if window.day == d and start < window.end:
                windows.append(replace(window, start=start))
    return replace(person, windows=tuple(windows), cost=cost, least_hours=0.0)


def _start_from(
    search: solver.Search, problem: ScheduleProblem, before: Mapping[tuple[str, int], Shift],
    gone: Mapping[str, set[int]], day: int, hour: float,
) -> None:  # fmt: skip
    """Put the old plan in place, without the absent."""
    slot = problem.slot_minutes / 60
    at = {person.name: a for a, person in enumerate(problem.people)}
    for (name, d), shift in before.items():
        if d in gone.get(name, set()) and (d > day or (d == day and shift.end > hour)):
            continue
        a = at[name]
        search.shifts[a, d, 0] = round((shift.start - problem.first_hour) / slot)
        search.shifts[a, d, 1] = round((shift.end - problem.first_hour) / slot)
        if shift.break_start is not None:
            search.shifts[a, d, 2] = round((shift.break_start - problem.first_hour) / slot)
        for skill, start, end in shift.tasks:
            s = problem.skills.index(skill)
            for t in range(round((start - problem.first_hour) / slot), round((end - problem.first_hour) / slot)):
                search.duty[a, d * problem.slots + t] = s
                search.cover[s, d * problem.slots + t] += 1
