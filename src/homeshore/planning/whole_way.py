"""From a file of history to forecast, staffing, schedule and promises of income, step by step."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import polars as pl

from homeshore.planning.engine.erlang import Goals
from homeshore.planning.engine.forecast import Forecast, calendar_of, forecast, french_school_holidays
from homeshore.planning.engine.history import History, Mapping, Series, history_of
from homeshore.planning.engine.history.marks import Mark, outlying_days, outlying_intervals
from homeshore.planning.engine.history.measures import agent_paces, measures
from homeshore.planning.engine.income import (
    Correction,
    DaySample,
    FloorCost,
    Promise,
    Tariff,
    floor_cost,
    promises,
    sample_day,
)
from homeshore.planning.engine.problems import Problem, unusable
from homeshore.planning.engine.scenarios import Demand
from homeshore.planning.engine.scheduling import Plan, Progress, problem, solve
from homeshore.planning.engine.scheduling.check import check
from homeshore.planning.engine.scheduling.conflicts import uncoverable
from homeshore.planning.engine.scheduling.fairness import Fairness, fairness
from homeshore.planning.engine.simulation import Agent, Estimate, Floor, Group, Queue, estimate, simulate
from homeshore.planning.engine.simulation.floor import tables_of
from homeshore.planning.engine.staffing import Requirement, requirement
from homeshore.planning.people import Home, read_people, suppose_people

SMALL_QUEUE = 0.05  # queues with less than this share of calls are planned together: alone, each would want an agent
QUIET = 0.05  # share of the busiest interval's calls under which, on a usual day, the centre counts as closed


@dataclass(frozen=True, slots=True, kw_only=True)
class Wishes:
    """What the planner asks; the rest comes from the file. Times in seconds, amounts in cents."""

    zone: str = "Europe/Paris"
    country: str | None = "FR"
    school_zone: str | None = None
    interval_minutes: int = 30
    days: int = 14
    goals: Goals = field(default_factory=Goals)
    shrinkage: float = 0.1
    handling: float | None = None
    patience: float | None = None
    people: Path | None = None
    hourly: int = 1600
    floor: int = 1200
    replications: int = 40
    seed: int = 1


@dataclass(frozen=True, slots=True)
class QueuePlan:
    """One planned queue: several small ones may be planned as one."""

    name: str
    members: tuple[str, ...]
    series: Series
    forecast: Forecast
    handling_seconds: float
    handling_spread: float
    patience_seconds: float | None
    requirement: Requirement
    tariff: Tariff


@dataclass(frozen=True, slots=True)
class Outcome:
    """``first`` and ``last`` slot of the local day are open. ``assumptions`` were not in the file."""

    history: History
    marks: tuple[Mark, ...]
    queues: tuple[QueuePlan, ...]
    open_slots: tuple[int, int]
    homes: tuple[Home, ...]
    plan: Plan
    faults: tuple[Problem, ...]
    gaps: tuple[Problem, ...]
    fairness: Fairness
    service: Estimate
    promises: tuple[tuple[Promise, ...], ...]
    samples: tuple[DaySample, ...]
    floor_cost: FloorCost
    assumptions: tuple[Problem, ...]
    wishes: Wishes

    @property
    def week(self) -> list[date]:
        return [self.queues[0].forecast.first_day + timedelta(days=d) for d in range(self.plan.problem.days)]


Tell = Callable[[str, float], bool]
"""Hears the step and the share of it that is done; False cancels."""


class Cancelled(Exception):
    """The planner stopped the work."""


def whole_way(source: Path | History, wishes: Wishes, tell: Tell, mapping: Mapping | None = None) -> Outcome:
    """Everything from history to promises. Raises Unusable, or Cancelled when ``tell`` answers False."""

    def say(step: str, share: float) -> None:
        if not tell(step, share):
            raise Cancelled

    say("reading", 0)
    history = source if isinstance(source, History) else history_of(
        source, mapping, zone=wishes.zone, interval_minutes=wishes.interval_minutes
    )  # fmt: skip
    wishes = replace(wishes, interval_minutes=history.interval_minutes)
    assumptions: list[Problem] = []
    marks: list[Mark] = []
    queues = []
    pools = list(_pools(history))
    for k, (name, members) in enumerate(pools):
        say("forecasting", k / len(pools))
        planned, marked = _planned(history, name, members, wishes, assumptions)
        queues.append(planned)
        marks += marked
    first, last = _opening(queues, assumptions)
    say("scheduling", 0)
    homes = _homes(history, queues, first, last, wishes, assumptions)
    week = min(7, wishes.days)
    needed = {q.name: q.requirement.scheduled[:week, first:last] for q in queues}
    given = problem(
        [home.person for home in homes], needed, first_hour=first * wishes.interval_minutes / 60,
        slot_minutes=wishes.interval_minutes,
    )  # fmt: skip

    def heard(progress: Progress) -> bool:
        say("scheduling", min(0.99, progress.sweeps / 300))
        return True

    plan = solve(given, keep_going=heard, target_gap=0.005, rounds=12, seed=wishes.seed)
    checked = check(plan)
    service, samples, promised = _live(queues, homes, plan, first, last, wishes, say)
    say("done", 1)
    return Outcome(
        history, tuple(marks), tuple(queues), (first, last), tuple(homes), plan, checked.faults, tuple(uncoverable(given)),
        fairness(plan, _weekend(queues[0].forecast.first_day, week)), service, tuple(promised), tuple(samples),
        floor_cost(samples, wishes.floor), (*assumptions, *given.warnings), wishes,
    )  # fmt: skip


def _weekend(first: date, days: int) -> tuple[int, ...]:
    return tuple(d for d in range(days) if (first + timedelta(days=d)).weekday() >= 5)


def _pools(history: History) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Each large queue alone, all small ones together."""
    totals = history.volumes.group_by("queue").agg(pl.col("calls").sum()).sort("calls", descending=True)
    whole = float(totals["calls"].sum() or 0)
    if whole <= 0:
        raise unusable("the history holds no call at all: there is nothing to plan", field="calls")
    small = tuple(queue for queue, calls in totals.iter_rows() if calls < SMALL_QUEUE * whole)
    for queue, _ in totals.iter_rows():
        if queue not in small:
            yield queue, (queue,)
    if small:
        yield " + ".join(small), small


def _planned(
    history: History, name: str, members: tuple[str, ...], wishes: Wishes, assumptions: list[Problem]
) -> tuple[QueuePlan, list[Mark]]:  # fmt: skip
    parts = [history.series(member) for member in members]
    first = min(part.first_day for part in parts)
    length = max((part.first_day - first).days + part.calls.shape[0] for part in parts)
    calls = np.zeros((length, parts[0].calls.shape[1]))
    for part in parts:
        at = (part.first_day - first).days
        calls[at : at + part.calls.shape[0]] += part.calls
    series = replace(parts[0], queue=name, first_day=first, calls=calls)
    known = [measures(history, member) for member in members]
    weights = [max(m.contacts, 1) for m in known]
    handling = wishes.handling or _weighted([m.handling_seconds for m in known], weights)
    patience = wishes.patience or _weighted([m.patience_seconds for m in known], weights)
    spread = _weighted([m.handling_spread for m in known], weights) or 1.0
    if handling is None:
        handling = 240.0
        assumptions.append(Problem("“%(queue)s”: the file has no handling times; 240 s are supposed", {"queue": name}))
    if patience is None or not np.isfinite(patience):
        patience = 180.0
        assumptions.append(
            Problem("“%(queue)s”: the file does not tell how long people wait; 180 s are supposed", {"queue": name})
        )
    marks = [*outlying_days(series), *outlying_intervals(series)]
    end = first + timedelta(days=length + wishes.days)
    years = range(first.year, end.year + 1)
    school = french_school_holidays(wishes.school_zone, years) if wishes.school_zone else frozenset()
    told = forecast(series, wishes.days, calendar_of(wishes.country, years, school_holidays=school), marks)
    need = requirement(
        told.mean,
        history.interval_minutes,
        handling,
        wishes.goals,
        patience_seconds=patience,
        shrinkage=wishes.shrinkage,
    )
    cents = max(1, round(wishes.hourly * handling / 3600 / 0.75))
    assumptions.append(Problem("“%(queue)s”: an act pays %(cents)d cents, so that an hour three quarters busy pays %(hourly)d",
                               {"queue": name, "cents": cents, "hourly": wishes.hourly}))  # fmt: skip
    return QueuePlan(name, members, series, told, handling, spread, patience, need, Tariff([cents], [1.0])), marks


def _weighted(values: list[float | None], weights: list[int]) -> float | None:
    pairs = [(v, w) for v, w in zip(values, weights, strict=True) if v is not None and np.isfinite(v)]
    return sum(v * w for v, w in pairs) / sum(w for _, w in pairs) if pairs else None


def demand_of(history: History, wishes: Wishes) -> tuple[Demand, list[Problem]]:
    """The next week of all queues together, for comparing models; and what had to be supposed."""
    assumptions: list[Problem] = []
    queues = [_planned(history, name, members, wishes, assumptions)[0] for name, members in _pools(history)]
    calls = np.sum([q.forecast.mean[:7] for q in queues], axis=0)
    weights = [float(q.forecast.mean.sum()) for q in queues]
    handling, patience = (
        float(np.average(values, weights=weights))
        for values in ([q.handling_seconds for q in queues], [q.patience_seconds or 180.0 for q in queues])
    )
    said = [p for p in assumptions if "cents" not in p.values]
    return Demand(calls, history.interval_minutes, handling, patience, wishes.goals), said


def _opening(queues: list[QueuePlan], assumptions: list[Problem]) -> tuple[int, int]:
    calls = np.sum([q.forecast.mean for q in queues], axis=0).mean(axis=0)
    if calls.max(initial=0.0) <= 0:
        raise unusable("the forecast is of almost no calls: there is nothing to staff", field="calls")
    first = last = int(calls.argmax())
    while first > 0 and calls[first - 1] >= QUIET * calls.max():
        first -= 1
    while last < len(calls) and calls[last] >= QUIET * calls.max():
        last += 1
    outside = calls.sum() - calls[first:last].sum()
    hour = queues[0].forecast.interval_minutes / 60
    assumptions.append(Problem("open from %(first)g h to %(last)g h: %(outside).1f calls a day come outside and are not staffed",
                               {"first": first * hour, "last": last * hour, "outside": float(outside)}))  # fmt: skip
    return first, last


def _homes(
    history: History, queues: list[QueuePlan], first: int, last: int, wishes: Wishes, assumptions: list[Problem]
) -> list[Home]:  # fmt: skip
    week = min(7, wishes.days)
    start = queues[0].forecast.first_day
    days = [start + timedelta(days=d) for d in range(week)]
    hour = wishes.interval_minutes / 60
    if wishes.people is not None:
        return read_people(wishes.people, start, [q.name for q in queues])
    hours = {q.name: float(q.requirement.scheduled[:week, first:last].sum()) * hour for q in queues}
    busy = np.sum([q.requirement.scheduled[:week, first:last] for q in queues], axis=0).astype(float)
    paces = [
        pace for q in queues for member in q.members for pace in agent_paces(history, member).values() if 0.5 < pace < 2
    ]
    homes = suppose_people(hours, days, busy, (first * hour, last * hour), wishes.interval_minutes, paces, wishes.seed)
    assumptions.append(
        Problem("the %(count)d people are supposed: give yours with a file of people", {"count": len(homes)})
    )
    return homes


def _live(
    queues: list[QueuePlan], homes: list[Home], plan: Plan, first: int, last: int, wishes: Wishes,
    say: Callable[[str, float], None],
) -> tuple[Estimate, list[DaySample], list[tuple[Promise, ...]]]:  # fmt: skip
    """Simulate the scheduled week on possible futures: service by queue, and what each agent-hour should pay."""
    seconds = wishes.interval_minutes * 60.0
    slots = slice(first, last)
    opening = first * wishes.interval_minutes / 60
    opening_hour = int(opening)
    lead = round((opening - opening_hour) * 3600 / seconds)  # the floor starts on a full hour
    futures = [q.forecast.paths(wishes.replications, wishes.seed + k) for k, q in enumerate(queues)]
    names = [home.person.name for home in homes]
    groups = {tuple(home.person.skills): f"group {k}" for k, home in enumerate(homes)}
    levels: list[np.ndarray] = []
    samples: list[DaySample] = []
    promised: list[tuple[Promise, ...]] = []
    answered = np.zeros((wishes.replications, 2, len(queues)))
    for d in range(plan.problem.days):
        say("simulating", d / plan.problem.days)
        shifts: dict[str, list[tuple[float, float]]] = {name: [] for name in names}
        for shift in plan.shifts:
            if shift.day == d:
                for _, begin, end in shift.tasks:
                    shifts[shift.person].append(((begin - opening_hour) * 3600, (end - opening_hour) * 3600))
        paths = np.stack([f[:, d, slots] for f in futures], axis=1)
        paths = np.pad(paths, ((0, 0), (0, 0), (lead, 0)))
        floor = Floor(
            [
                Queue(q.name, paths[:, k].mean(axis=0) * 3600 / seconds, q.handling_seconds, law="lognormal",
                      handling_spread=q.handling_spread, patience_seconds=q.patience_seconds or np.inf,
                      target_seconds=wishes.goals.seconds)
                for k, q in enumerate(queues)
            ],
            [Group(name, skills) for skills, name in groups.items()],
            [
                Agent(groups[tuple(home.person.skills)], _joined(shifts[home.person.name]), home.pace / (1 - wishes.shrinkage))
                for home in homes
            ],
            seconds,
        )  # fmt: skip
        tables = tables_of(floor)
        for r in range(wishes.replications):
            day = simulate(
                floor, wishes.seed + d, r, tables=replace(tables, rates=np.ascontiguousarray(paths[r]) / seconds)
            )
            answered[r, 0] += day.in_time.sum(axis=1)
            answered[r, 1] += (day.arrivals - day.abandoned_in_time).sum(axis=1)
        sample = sample_day(
            floor, {q.name: q.tariff for q in queues}, paths, first_hour=opening_hour, seed=wishes.seed + d
        )
        samples.append(sample)
        promised.append(tuple(promises(sample, Correction.none(), [home.pace for home in homes])))
    levels = [row[0] / np.maximum(row[1], 1) for row in answered]
    return estimate(levels), samples, promised


def _joined(spans: list[tuple[float, float]]) -> list[tuple[float, float]]:
    joined: list[tuple[float, float]] = []
    for start, end in sorted(spans):
        if joined and start - joined[-1][1] < 1e-6:
            joined[-1] = (joined[-1][0], end)
        else:
            joined.append((start, end))
    return joined
