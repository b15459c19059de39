"""Why something cannot be planned: the smallest set of rules, or of skills, that contradict each other."""

from dataclasses import dataclass, replace
from itertools import combinations
from typing import Any

import numpy as np

from homeshore.planning.engine.problems import Problem
from homeshore.planning.engine.scheduling import kernel
from homeshore.planning.engine.scheduling.problem import Person, ScheduleProblem, Window, tables_of

_ORDER = (
    "least hours of the week", "availability", "shortest shift", "longest shift", "most hours of the week",
    "rest between shifts", "most days", "obligatory shifts",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Conflict:
    """The rules of one person that cannot hold together; dropping any one of them leaves a lawful week."""

    person: str
    rules: tuple[str, ...]


def smallest_conflict(problem: ScheduleProblem, name: str) -> Conflict | None:
    """The fewest rules of the person that contradict each other, or None when a lawful week exists."""
    person = next(p for p in problem.people if p.name == name)
    for size in range(1, len(_ORDER) + 1):
        for kept in combinations(_ORDER, size):
            if not _has_week(problem, _with_only(person, frozenset(kept), problem)):
                return Conflict(name, kept)
    return None


def _with_only(person: Person, kept: frozenset[str], problem: ScheduleProblem) -> Person:
    rules, day_hours = person.rules, problem.slots * problem.slot_minutes / 60
    if "shortest shift" not in kept:
        rules = replace(rules, shortest_shift=problem.slot_minutes / 60)
    if "longest shift" not in kept:
        rules = replace(rules, longest_shift=day_hours, break_after_hours=0.0)
    if "rest between shifts" not in kept:
        rules = replace(rules, rest_between=0.0)
    if "most days" not in kept:
        rules = replace(rules, most_days=problem.days)
    windows = tuple(person.windows)
    if "obligatory shifts" not in kept:
        windows = tuple(replace(w, must=False) for w in windows)
    if "availability" not in kept:
        forced = {w.day for w in windows if w.must}
        last = problem.first_hour + day_hours
        windows = tuple(Window(d, problem.first_hour, last, must=d in forced) for d in range(problem.days))
    return replace(
        person, rules=rules, windows=windows,
        least_hours=person.least_hours if "least hours of the week" in kept else 0.0,
        most_hours=person.most_hours if "most hours of the week" in kept else problem.days * day_hours,
    )  # fmt: skip


def _has_week(problem: ScheduleProblem, person: Person) -> bool:
    alone = replace(problem, people=(replace(person, skills=problem.skills[:1], cost=0.0),))
    t = tables_of(alone)
    asked = np.zeros((1, t.days * t.slots), np.int64)
    nothing = np.zeros_like(asked)
    shifts, duty = np.full((1, t.days, 3), -1, np.int64), np.full((1, t.days * t.slots), -1, np.int8)
    sweep: Any = kernel.sweep
    stuck = sweep(
        np.array([0]), np.zeros(asked.shape), 0.0, np.ones(1), nothing, asked,
        *t.arguments(), shifts, duty, np.zeros(asked.shape),
    )  # fmt: skip
    return bool(stuck == 0)


def uncoverable(problem: ScheduleProblem) -> list[Problem]:
    """Times when even everybody who offered it would not do, with the smallest set of skills that shows it.

    By Hall's theorem: a set of skills needs more agents than there are available with any of them.
    """
    slots, hour = problem.slots, problem.slot_minutes / 60
    there = np.zeros((len(problem.people), problem.days, slots), dtype=bool)
    for a, person in enumerate(problem.people):
        for window in person.windows:
            first = int(np.ceil((window.start - problem.first_hour) / hour - 1e-9))
            there[a, window.day, first : int((window.end - problem.first_hour) / hour + 1e-9)] = True
    told: list[Problem] = []
    explained = np.zeros((problem.days, slots), dtype=bool)
    for size in range(1, min(len(problem.skills), 4) + 1):
        for subset in combinations(range(len(problem.skills)), size):
            names = {problem.skills[s] for s in subset}
            able = np.array([bool(names & set(person.skills)) for person in problem.people], dtype=bool)
            offered = there[able].sum(axis=0)
            short = problem.needed[list(subset)].sum(axis=0) - offered
            for day in range(problem.days):
                at = np.flatnonzero((short[day] > 0) & ~explained[day])
                for run in np.split(at, np.flatnonzero(np.diff(at) > 1) + 1):
                    if run.size:
                        worst = int(short[day, run].max())
                        told.append(Problem(
                            "day %(day)d, %(start)g h to %(end)g h: up to %(worst)d agents are missing for %(skills)s, even if all who offered work",
                            {"day": day + 1, "start": problem.first_hour + run[0] * hour,
                             "end": problem.first_hour + (run[-1] + 1) * hour,
                             "skills": " + ".join(sorted(names)), "worst": worst},
                        ))  # fmt: skip
                        explained[day, run] = True
    return told
