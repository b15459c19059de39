"""From a schedule to what it should give: service by queue, and what each hour should pay, over possible futures."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from homeshore.planning.engine.income import Correction, DaySample, FloorCost, Promise, floor_cost, promises, sample_day
from homeshore.planning.engine.scheduling import Plan
from homeshore.planning.engine.simulation import Agent, Estimate, Floor, Group, Queue, estimate
from homeshore.planning.engine.simulation.waiting import Backlog, mails_of
from homeshore.planning.engine.staffing import when_open
from homeshore.planning.people import Home
from homeshore.planning.way.demand import Demanded, QueuePlan, Say
from homeshore.planning.way.staffing import own_seconds
from homeshore.planning.way.wishes import Wishes


@dataclass(frozen=True, slots=True)
class Future:
    """``service`` by queue: share answered in time, and the 95 % interval of its mean. ``promises`` by day."""

    service: Estimate
    promises: tuple[tuple[Promise, ...], ...]
    samples: tuple[DaySample, ...]
    floor_cost: FloorCost


def future(found: Demanded, homes: Sequence[Home], plan: Plan, wishes: Wishes, say: Say) -> Future:
    """Simulate the scheduled week contact by contact, longest wait to longest idle, on possible futures of calls.

    Chats are held several at once by those who serve nothing else that cannot wait; mails are done in the time left free.
    """
    queues, (first, last) = found.queues, found.open_slots
    seconds = found.history.interval_minutes * 60.0
    opening = first * found.history.interval_minutes / 60
    opening_hour = int(opening)
    lead = round((opening - opening_hour) * 3600 / seconds)  # the floor starts on a full hour
    futures = _futures(found, wishes)
    groups = {tuple(home.person.skills): f"group {k}" for k, home in enumerate(homes)}
    tariffs = {q.name: q.tariff for q in queues}
    backlogs: list[Backlog] = []
    samples: list[DaySample] = []
    promised: list[tuple[Promise, ...]] = []
    for d in range(plan.problem.days):
        say("simulating", d / plan.problem.days)
        shifts = _shifts_of_day(plan, d, opening_hour)
        paths = np.stack([f[:, d, first:last] for f in futures], axis=1)
        paths = np.pad(paths, ((0, 0), (0, 0), (lead, 0)))
        floor = Floor(
            [_queue(q, paths[:, k].mean(axis=0) * 3600 / seconds, wishes) for k, q in enumerate(queues)],
            [Group(name, skills) for skills, name in groups.items()],
            [
                Agent(groups[tuple(home.person.skills)], shifts.get(home.person.name, []), home.pace / (1 - wishes.shrinkage),
                      _at_once(queues, home.person.skills))
                for home in homes
            ],
            seconds,
        )  # fmt: skip
        kinds = mails_of(floor)
        if kinds and not backlogs:
            backlogs = [Backlog(kinds) for _ in range(wishes.replications)]
        samples.append(sample_day(
            floor, tariffs, paths, first_hour=opening_hour, opening=lead, seed=wishes.seed + d, backlogs=backlogs,
        ))  # fmt: skip
        promised.append(tuple(promises(samples[-1], Correction.none(), [home.pace for home in homes])))
    levels = sum(s.in_time for s in samples) / np.maximum(sum(s.counted for s in samples), 1)
    for r, backlog in enumerate(backlogs):
        levels[r, [mails.queue for mails in backlog.kinds]] = backlog.level()
    return Future(estimate(levels), tuple(promised), tuple(samples), floor_cost(samples, wishes.floor))


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


def _queue(queue: QueuePlan, calls_per_hour: NDArray[np.float64], wishes: Wishes) -> Queue:
    return Queue(
        queue.name, calls_per_hour.tolist(), own_seconds(queue.handling_seconds, queue.terms, wishes) * wishes.handling_factor,
        law="lognormal", handling_spread=queue.handling_spread, patience_seconds=queue.patience_seconds,
        target_seconds=queue.goals.seconds, can_wait=queue.can_wait,
    )  # fmt: skip


def _at_once(queues: Sequence[QueuePlan], skills: Sequence[str]) -> int:
    """Contacts held at once: chats' own number for who serves chats and mails alone, one beside calls."""
    places = [queue.terms.at_once for queue in queues if queue.name in skills and not queue.can_wait]
    return min(places, default=1)


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
