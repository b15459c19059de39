"""From a schedule to what it should give: service by queue, and what each hour should pay, over possible futures."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from homeshore.planning.engine.income import Correction, DaySample, FloorCost, Promise, floor_cost, promises, sample_day
from homeshore.planning.engine.scheduling import Plan
from homeshore.planning.engine.simulation import Agent, Estimate, Floor, Group, Queue, estimate, simulate
from homeshore.planning.engine.simulation.floor import tables_of
from homeshore.planning.people import Home
from homeshore.planning.way.demand import Demanded, Say
from homeshore.planning.way.wishes import Wishes


@dataclass(frozen=True, slots=True)
class Future:
    """``service`` by queue: share answered in time, and the 95 % interval of its mean. ``promises`` by day."""

    service: Estimate
    promises: tuple[tuple[Promise, ...], ...]
    samples: tuple[DaySample, ...]
    floor_cost: FloorCost


def future(found: Demanded, homes: Sequence[Home], plan: Plan, wishes: Wishes, say: Say) -> Future:
    """Simulate the scheduled week contact by contact, longest wait to longest idle, on possible futures of calls."""
    queues, (first, last) = found.queues, found.open_slots
    minutes = found.history.interval_minutes
    seconds = minutes * 60.0
    opening = first * minutes / 60
    opening_hour = int(opening)
    lead = round((opening - opening_hour) * 3600 / seconds)  # the floor starts on a full hour
    futures = [
        q.forecast.paths(wishes.replications, wishes.seed + k) * wishes.calls_factor for k, q in enumerate(queues)
    ]
    groups = {tuple(home.person.skills): f"group {k}" for k, home in enumerate(homes)}
    samples: list[DaySample] = []
    promised: list[tuple[Promise, ...]] = []
    answered = np.zeros((wishes.replications, 2, len(queues)))
    for d in range(plan.problem.days):
        say("simulating", d / plan.problem.days)
        shifts = _shifts_of_day(plan, d, opening_hour)
        paths = np.stack([f[:, d, first:last] for f in futures], axis=1)
        paths = np.pad(paths, ((0, 0), (0, 0), (lead, 0)))
        floor = Floor(
            [
                Queue(q.name, paths[:, k].mean(axis=0) * 3600 / seconds, q.handling_seconds * wishes.handling_factor,
                      law="lognormal", handling_spread=q.handling_spread, patience_seconds=q.patience_seconds,
                      target_seconds=wishes.goals.seconds)
                for k, q in enumerate(queues)
            ],
            [Group(name, skills) for skills, name in groups.items()],
            [
                Agent(groups[tuple(home.person.skills)], shifts.get(home.person.name, []), home.pace / (1 - wishes.shrinkage))
                for home in homes
            ],
            seconds,
        )  # fmt: skip
        tables = tables_of(floor)
        for r in range(wishes.replications):
            drawn = replace(tables, rates=np.ascontiguousarray(paths[r]) / seconds)
            day = simulate(floor, wishes.seed + d, r, tables=drawn)
            answered[r, 0] += day.in_time.sum(axis=1)
            answered[r, 1] += (day.arrivals - day.abandoned_in_time).sum(axis=1)
        tariffs = {q.name: q.tariff for q in queues}
        samples.append(sample_day(floor, tariffs, paths, first_hour=opening_hour, seed=wishes.seed + d))
        promised.append(tuple(promises(samples[-1], Correction.none(), [home.pace for home in homes])))
    levels = [row[0] / np.maximum(row[1], 1) for row in answered]
    return Future(estimate(levels), tuple(promised), tuple(samples), floor_cost(samples, wishes.floor))


def _shifts_of_day(plan: Plan, day: int, opening_hour: int) -> dict[str, list[tuple[float, float]]]:
    """By person, the seconds after ``opening_hour`` at work; a break parts two stretches."""
    shifts: dict[str, list[tuple[float, float]]] = {}
    for shift in plan.shifts:
        if shift.day == day:
            spans = [((begin - opening_hour) * 3600, (end - opening_hour) * 3600) for _, begin, end in shift.tasks]
            shifts.setdefault(shift.person, []).extend(spans)
    return {person: _joined(spans) for person, spans in shifts.items()}


def _joined(spans: list[tuple[float, float]]) -> list[tuple[float, float]]:
    joined: list[tuple[float, float]] = []
    for start, end in sorted(spans):
        if joined and start - joined[-1][1] < 1e-6:
            joined[-1] = (joined[-1][0], end)
        else:
            joined.append((start, end))
    return joined
