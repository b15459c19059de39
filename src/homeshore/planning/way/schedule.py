"""From what is needed to who works when: the people, the week's schedule, and why something cannot be planned."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

import numpy as np

from homeshore.planning.engine.history.measures import agent_paces
from homeshore.planning.engine.problems import Problem, counted
from homeshore.planning.engine.scheduling import Plan, Progress, ScheduleProblem, Shift, problem, solve
from homeshore.planning.engine.scheduling.check import check, recount
from homeshore.planning.engine.scheduling.conflicts import Conflict, smallest_conflict, uncoverable
from homeshore.planning.engine.scheduling.fairness import Fairness, fairness
from homeshore.planning.people import Home, people_of, suppose_people
from homeshore.planning.way.demand import Demanded, Say
from homeshore.planning.way.memory import week_fits
from homeshore.planning.way.wishes import WEEK, Wishes

EXPLAINED = 20  # people whose impossible week is explained: finding the fewest rules takes a while


@dataclass(frozen=True, slots=True)
class Scheduled:
    """``faults`` come from a checker apart from the solver; ``gaps`` are needs that nobody offered to cover."""

    homes: tuple[Home, ...]
    plan: Plan
    faults: tuple[Problem, ...]
    gaps: tuple[Problem, ...]
    conflicts: tuple[Conflict, ...]
    fairness: Fairness
    assumptions: tuple[Problem, ...]


def scheduled(found: Demanded, wishes: Wishes, say: Say) -> Scheduled:
    """The cheapest schedule of the first week that was found, with its bound. Raises Unusable, also for want of memory."""
    say("scheduling", 0)
    week_fits(found, wishes.people, wishes)
    homes, supposed = homes_of(found, wishes)
    given = the_problem(found, homes, wishes)

    def heard(progress: Progress) -> bool:
        say("scheduling", min(0.99, progress.sweeps / 300))
        return True

    plan = solve(given, keep_going=heard, target_gap=0.005, rounds=12, seed=wishes.seed)
    conflicts = [smallest_conflict(plan.problem, name) for name in plan.without_week[:EXPLAINED]]
    return Scheduled(
        tuple(homes), plan, check(plan).faults, tuple(uncoverable(given)), tuple(c for c in conflicts if c),
        fairness(plan, weekend_of(found.first_day, plan.problem.days)), (*supposed, *given.warnings),
    )  # fmt: skip


def the_problem(
    found: Demanded, homes: Sequence[Home], wishes: Wishes, open_slots: tuple[int, int] | None = None
) -> ScheduleProblem:  # fmt: skip
    """The first week's need and the people, as the solver takes them."""
    first, last = open_slots or found.open_slots
    week = min(WEEK, wishes.days)
    needed = {q.name: q.requirement.scheduled[:week, first:last] for q in found.queues}
    return problem(
        [home.person for home in homes], needed, first_hour=found.hours(first),
        slot_minutes=found.history.interval_minutes,
    )  # fmt: skip


def plan_from(given: ScheduleProblem, kept: Mapping[str, Any], shifts: Sequence[Shift] | None = None) -> Plan:
    """A plan kept as figures, on ``given``; or these ``shifts`` instead of its own.

    Its bound holds on: what was added since (an absence, more calls) can only cost more.
    """
    shifts = tuple(_kept_shifts(kept)) if shifts is None else tuple(shifts)
    bare = Plan(
        given,
        tuple(shifts),
        np.zeros_like(given.needed),
        0.0,
        0.0,
        0,
        float(kept["bound"]),
        tuple(kept["without_week"]),
    )
    cost, work, missing, cover = recount(bare)
    return replace(bare, cover=cover, cost=cost, work_cost=work, missing=missing)


def _kept_shifts(kept: Mapping[str, Any]) -> Iterator[Shift]:
    for person in kept["people"]:
        for row in person["shifts"]:
            begun, ended = row["break"] or (None, None)
            tasks = tuple((queue, start, end) for queue, start, end in row["tasks"])
            yield Shift(person["name"], row["day"], row["start"], row["end"], begun, ended, tasks)


def weekend_of(first: date, days: int) -> tuple[int, ...]:
    return tuple(d for d in range(days) if (first + timedelta(days=d)).weekday() >= 5)


def homes_of(found: Demanded, wishes: Wishes) -> tuple[list[Home], list[Problem]]:
    """The people of a plan, and what had to be supposed of them."""
    queues, (first, last) = found.queues, found.open_slots
    week = min(WEEK, wishes.days)
    if wishes.people is not None:
        members = {member: queue.name for queue in queues for member in (queue.name, *queue.members)}
        return people_of(wishes.people, found.first_day, members)
    days = [found.first_day + timedelta(days=d) for d in range(week)]
    hours = {q.name: found.hours(int(q.requirement.scheduled[:week, first:last].sum())) for q in queues}
    busy = np.sum([q.requirement.scheduled[:week, first:last] for q in queues], axis=0).astype(float)
    paces = [
        pace for q in queues for member in q.members for pace in agent_paces(found.history, member).values()
        if 0.5 < pace < 2
    ]  # fmt: skip
    opening = (found.hours(first), found.hours(last))
    homes = suppose_people(
        hours, days, busy, opening, found.history.interval_minutes, paces, wishes.seed, wishes.language
    )
    mails = [q.name for q in queues if q.can_wait] if wishes.shared else []
    if mails:  # who helps out answers mails in the time left free
        homes = [
            replace(home, person=replace(home.person, skills=list(dict.fromkeys([*home.person.skills, *mails]))))
            for home in homes
        ]
    return homes, [
        counted(
            "%(count)d person is supposed: give yours with a file of people",
            "the %(count)d people are supposed: give yours with a file of people",
            len(homes),
        )
    ]
