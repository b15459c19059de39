"""From a schedule to what it should give: service by queue, and what each hour should pay, over possible futures."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from homeshore.planning.engine.income import Correction, DaySample, FloorCost, Promise, floor_cost, promises, sample_day
from homeshore.planning.engine.scheduling import Plan
from homeshore.planning.engine.simulation import Agent, Estimate, Floor, Group, Queue, estimate
from homeshore.planning.engine.simulation.core import IDLE_LONGEST, kernel_plays
from homeshore.planning.engine.simulation.waiting import Backlog, mails_of
from homeshore.planning.engine.staffing import when_open
from homeshore.planning.people import Home
from homeshore.planning.way.demand import Demanded, QueuePlan, Say
from homeshore.planning.way.staffing import own_seconds
from homeshore.planning.way.wishes import Wishes

MOST_BY_CORE = 1_500_000
"""Contacts of a week, over all possible futures, that the routing core decides on: some three minutes."""


@dataclass(frozen=True, slots=True)
class Future:
    """``service`` by queue: share answered in time, and the 95 % interval of its mean. ``promises`` by day.

    ``rule``: the one by which contacts were given out; ``as_routed``: by the floor's policy, rings, overflow and reserved
    agents included.
    """

    rule: str
    as_routed: bool
    service: Estimate
    promises: tuple[tuple[Promise, ...], ...]
    samples: tuple[DaySample, ...]
    floor_cost: FloorCost


@dataclass(frozen=True, slots=True)
class Lived:
    """A week that was simulated: incomes by day, service by queue; and how contacts were given out, as in ``Future``."""

    samples: tuple[DaySample, ...]
    service: Estimate
    rule: str
    as_routed: bool


@dataclass(frozen=True, slots=True)
class Worker:
    """Somebody on a floor: the queues they serve, their pace and how sure it is, and by day the seconds they are there;
    and the queues that they serve ``later``, once a contact has waited for so many seconds."""

    skills: tuple[str, ...]
    pace: float
    pace_spread: float
    shifts: Sequence[Sequence[tuple[float, float]]]
    later: tuple[tuple[str, float], ...] = ()


def future(
    found: Demanded, homes: Sequence[Home], plan: Plan, wishes: Wishes, say: Say, correction: Correction | None = None
) -> Future:  # fmt: skip
    """Simulate the scheduled week contact by contact, and promise from it; ``correction`` is what past promises taught."""
    opening = opening_hour(found)
    by_day = [_shifts_of_day(plan, d, opening) for d in range(plan.problem.days)]
    workers = [
        Worker(
            tuple(home.person.skills),
            home.pace / (1 - wishes.shrinkage),
            home.pace_spread,
            [shifts.get(home.person.name, []) for shifts in by_day],
            tuple(sorted(home.later.items())),
        )
        for home in homes
    ]
    lived = live_week(found, workers, plan.problem.days, wishes, say)
    taught = correction or Correction.none()
    promised = tuple(tuple(promises(sample, taught, [home.pace for home in homes])) for sample in lived.samples)
    cost = floor_cost(lived.samples, wishes.floor, taught.scale)
    return Future(lived.rule, lived.as_routed, lived.service, promised, lived.samples, cost)


def few_enough(found: Demanded, days: int, wishes: Wishes) -> bool:
    """Whether the routing core can decide on every contact of these days in all futures."""
    first, last = found.open_slots
    live = [queue.forecast.mean[:days, first:last].sum() for queue in found.queues if not queue.can_wait]
    return float(sum(live)) * wishes.calls_factor * wishes.replications <= MOST_BY_CORE


def opening_hour(found: Demanded) -> int:
    """The full hour at which simulated days begin."""
    return int(found.hours(found.open_slots[0]))


def live_week(
    found: Demanded, workers: Sequence[Worker], days: int, wishes: Wishes, say: Say, step: str = "simulating"
) -> Lived:
    """Samples of income by day, on possible futures of calls given out by ``wishes.policy``; and the service by queue.

    Chats are held several at once, calls alone; mails are done in the time left free. Where there are too many contacts for
    the routing core, they go to who is idle longest, and nobody helps out.
    """
    queues, (first, last) = found.queues, found.open_slots
    seconds = found.history.interval_minutes * 60.0
    opening = opening_hour(found)
    lead = round((found.hours(first) - opening) * 3600 / seconds)  # the floor starts on a full hour
    futures = _futures(found, wishes)
    kinds_of_agents = dict.fromkeys((worker.skills, worker.later) for worker in workers)
    groups = {kind: f"group {k}" for k, kind in enumerate(kinds_of_agents)}
    overflow = overflow_of(queues)
    policy, as_routed = wishes.policy, True
    backlogs: list[Backlog] = []
    samples: list[DaySample] = []
    for d in range(days):
        say(step, d / days)
        paths = np.stack([f[:, d, first:last] for f in futures], axis=1)
        paths = np.pad(paths, ((0, 0), (0, 0), (lead, 0)))
        floor = Floor(
            [
                queue_of(q, paths[:, k].mean(axis=0) * 3600 / seconds, overflow[q.name], wishes)
                for k, q in enumerate(queues)
            ],
            [Group(name, skills, later=dict(later)) for (skills, later), name in groups.items()],
            [Agent(groups[w.skills, w.later], w.shifts[d], w.pace) for w in workers],
            seconds,
        )
        if not kernel_plays(wishes.policy, floor) and not few_enough(found, days, wishes):
            floor, policy, as_routed = floor.narrowed(), IDLE_LONGEST, False
        kinds = mails_of(floor)
        if kinds and not backlogs:
            backlogs = [Backlog(kinds) for _ in range(wishes.replications)]
        samples.append(sample_day(
            floor, {q.name: q.tariff for q in queues}, paths, pace_spread=[worker.pace_spread for worker in workers],
            first_hour=opening, opening=lead, seed=wishes.seed + d, backlogs=backlogs, policy=policy,
        ))  # fmt: skip
    levels = sum(s.in_time for s in samples) / np.maximum(sum(s.counted for s in samples), 1)
    for r, backlog in enumerate(backlogs):
        levels[r, [mails.queue for mails in backlog.kinds]] = backlog.level()
    return Lived(tuple(samples), estimate(levels), policy.rule, as_routed)


def overflow_of(queues: Sequence[QueuePlan]) -> dict[str, tuple[tuple[float, str], ...]]:
    """By queue, from which second the agents of which other queue help: among queues that are planned alone and for which
    customers wait."""
    alone = {member: queue.name for queue in queues if len(queue.members) == 1 and not queue.can_wait
             for member in queue.members}  # fmt: skip
    return {
        queue.name: tuple((after, alone[name]) for after, name in queue.terms.overflow if name in alone)
        if queue.name in alone.values()
        else ()
        for queue in queues
    }


def _futures(found: Demanded, wishes: Wishes) -> list[NDArray[np.float64]]:
    """By queue, contacts [replication, day, interval]; of mails, those that come at night in the next opening's interval."""
    first, last = found.open_slots
    drawn = []
    for k, queue in enumerate(found.queues):
        path = queue.forecast.paths(wishes.replications, wishes.seed + k) * wishes.calls_factor
        if queue.can_wait:
            path = path.copy()
            for future_of in path:
                future_of[:, first:last] = when_open(future_of, (first, last))
        drawn.append(path)
    return drawn


def queue_of(
    queue: QueuePlan, calls_per_hour: NDArray[np.float64], overflow: Sequence[tuple[float, str]], wishes: Wishes
) -> Queue:
    """A planned queue as it is simulated, with so many calls an hour by interval."""
    return Queue(
        queue.name, calls_per_hour.tolist(), own_seconds(queue.handling_seconds, queue.terms, wishes) * wishes.handling_factor,
        law="lognormal", handling_spread=queue.handling_spread, patience_seconds=queue.patience_seconds,
        target_seconds=queue.goals.seconds, can_wait=queue.can_wait, at_once=queue.terms.at_once, weight=queue.terms.weight,
        overflow=overflow, reserve=queue.terms.reserve,
    )  # fmt: skip


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
