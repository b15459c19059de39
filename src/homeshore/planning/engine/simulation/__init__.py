"""Simulation of single contacts: one queue in steady state, or a whole day of many queues, skills and shifts."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import stdtrit

from homeshore.planning.engine.execution import Executor, Here
from homeshore.planning.engine.problems import unusable
from homeshore.planning.engine.simulation import (
    contacts_kernel,
    multi_skill_kernel,
    side_by_side_kernel,
    single_queue_kernel,
)  # fmt: skip
from homeshore.planning.engine.simulation.floor import (
    SUPPORTED_POLICIES,
    Agent,
    Floor,
    Group,
    Queue,
    Tables,
    tables_of,
)  # fmt: skip

__all__ = [
    "SUPPORTED_POLICIES", "Agent", "Contacts", "Day", "Estimate", "Floor", "Group", "Queue", "SteadyQueue",
    "compare", "draw_contacts", "estimate", "replicate", "route_contacts", "simulate", "steady_queue",
]  # fmt: skip

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class SteadyQueue:
    """Shares of all calls, and the mean wait in seconds over all calls."""

    waits: float
    abandonment: float
    service_level: float
    mean_wait: float


def steady_queue(
    calls_per_hour: float, handling_seconds: float, patience_seconds: float, agents: int,
    seconds: float = 20.0, calls: int = 1_000_000, seed: int = 1, replication: int = 0,
) -> SteadyQueue:  # fmt: skip
    """An M/M/n+M queue from empty through ``calls`` calls; same seed and replication, same calls."""
    waited, abandoned, in_time, gone, total = single_queue_kernel.steady(
        calls_per_hour / 3600.0, handling_seconds, patience_seconds, agents, seconds, calls, seed, replication
    )
    return SteadyQueue(waited / calls, abandoned / calls, in_time / max(1, calls - gone), total / calls)


@dataclass(frozen=True, slots=True)
class Contacts:
    """Contacts in order of arrival: second of arrival, place of the queue, work in mean handling times, patience."""

    time: Floats
    queue: NDArray[np.int32]
    work: Floats
    patience: Floats


@dataclass(frozen=True, slots=True)
class Day:
    """What happened. Arrays by [queue, interval of arrival]; waits are sums in seconds.

    ``agent`` and ``left_queue_at`` are by contact (-1: abandoned); ``busy_seconds`` by agent; ``acts`` counts ended
    contacts by [agent, interval of the end, queue], empty unless asked for.
    """

    arrivals: Floats
    answered: Floats
    in_time: Floats
    abandoned: Floats
    abandoned_in_time: Floats
    wait_of_answered: Floats
    wait_of_abandoned: Floats
    agent: NDArray[np.int32]
    left_queue_at: Floats
    busy_seconds: Floats
    acts: NDArray[np.int32]

    @property
    def service_level(self) -> Floats:
        """By queue: answered in time over all but those abandoned in time; 1 where nobody called."""
        counted = (self.arrivals - self.abandoned_in_time).sum(axis=1)
        return _ratio(self.in_time.sum(axis=1), counted, 1.0)

    @property
    def abandonment(self) -> Floats:
        """By queue; 0 where nobody called."""
        return _ratio(self.abandoned.sum(axis=1), self.arrivals.sum(axis=1), 0.0)

    @property
    def mean_wait(self) -> Floats:
        """By queue, over all calls, in seconds."""
        total = (self.wait_of_answered + self.wait_of_abandoned).sum(axis=1)
        return _ratio(total, self.arrivals.sum(axis=1), 0.0)


def _ratio(part: Floats, whole: Floats, of_nothing: float) -> Floats:
    result = np.full(whole.shape, of_nothing)
    np.divide(part, whole, out=result, where=whole > 0)
    return result


def draw_contacts(floor: Floor, seed: int = 1, replication: int = 0, tables: Tables | None = None) -> Contacts:
    """The contacts of one day: each queue from its own random stream."""
    t = tables or tables_of(floor)
    return Contacts(
        *contacts_kernel.draw_contacts(
            t.rates, t.length, t.law, t.spread, t.recorded, t.patience, seed, replication
        )
    )  # fmt: skip


def route_contacts(floor: Floor, contacts: Contacts, record_acts: bool = False, tables: Tables | None = None) -> Day:
    """Give each contact to an agent as the routing policy would, or let it abandon."""
    if floor.widens:
        raise unusable(
            "the fast simulation does not know overflow, reserved agents and queues served later: "
            "run the routing core itself on a virtual clock instead",
            field="policy",
        )
    t = tables or tables_of(floor)
    agents, queues = t.handling.shape
    acts = np.zeros((agents if record_acts else 0, t.intervals, queues), np.int32)
    if t.places.max(initial=1) > 1:
        figures, agent, left, busy = side_by_side_kernel.route_side_by_side(
            contacts.time, contacts.queue, contacts.work, contacts.patience, t.target, t.due_after, t.handling,
            t.at_once, t.places, t.group_queues, t.queue_rank, t.queue_groups, t.group_rank, t.group_of,
            t.start_time, t.start_agent, t.start_end, t.end_time, t.end_agent, t.length, t.intervals, acts,
        )  # fmt: skip
    else:
        figures, agent, left, busy = multi_skill_kernel.route(
            contacts.time, contacts.queue, contacts.work, contacts.patience, t.target, t.due_after, t.handling,
            t.group_queues, t.queue_rank, t.queue_groups, t.group_rank, t.group_of,
            t.start_time, t.start_agent, t.start_end, t.end_time, t.end_agent, t.length, t.intervals, acts,
        )  # fmt: skip
    arrivals, answered, in_time, abandoned, gone, waited, lost = np.moveaxis(figures, 2, 0)
    return Day(arrivals, answered, in_time, abandoned, gone, waited, lost, agent, left, busy, acts)


def simulate(
    floor: Floor, seed: int = 1, replication: int = 0, record_acts: bool = False, tables: Tables | None = None
) -> Day:
    """One day of ``floor``. Two floors with the same seed and replication see the same contacts."""
    t = tables or tables_of(floor)
    return route_contacts(floor, draw_contacts(floor, seed, replication, t), record_acts, t)


@dataclass(frozen=True, slots=True)
class Estimate:
    """A mean over replications with its confidence interval, element by element."""

    mean: Floats
    low: Floats
    high: Floats


def estimate(values: Sequence[Floats] | Floats, confidence: float = 0.95) -> Estimate:
    """Student's interval of the mean of independent replications (rows)."""
    table = np.asarray(values, dtype=float)
    count = table.shape[0]
    mean = table.mean(axis=0)
    if count < 2:
        return Estimate(mean, np.full_like(mean, -np.inf), np.full_like(mean, np.inf))
    half = stdtrit(count - 1, 0.5 + confidence / 2) * table.std(axis=0, ddof=1) / np.sqrt(count)
    return Estimate(mean, mean - half, mean + half)


@dataclass(frozen=True, slots=True)
class _Batch:
    floor: Floor
    measure: Callable[[Day], Floats]
    seed: int
    replications: range

    def __call__(self) -> list[Floats]:
        tables = tables_of(self.floor)
        return [
            np.asarray(self.measure(simulate(self.floor, self.seed, r, tables=tables)), dtype=float)
            for r in self.replications
        ]  # fmt: skip


def _measured(
    floor: Floor, measure: Callable[[Day], Floats], replications: int, seed: int, executor: Executor, batch: int
) -> Floats:
    parts = [range(first, min(first + batch, replications)) for first in range(0, replications, batch)]
    done = executor.run([_Batch(floor, measure, seed, part) for part in parts])
    return np.array([row for rows in done for row in rows])


def replicate(
    floor: Floor, measure: Callable[[Day], Floats], replications: int = 20, seed: int = 1,
    confidence: float = 0.95, executor: Executor | None = None, batch: int = 10,
) -> Estimate:  # fmt: skip
    """``measure`` of the day, over replications. ``measure`` must be a module's function if an executor is given."""
    return estimate(_measured(floor, measure, replications, seed, executor or Here(), batch), confidence)


def compare(
    one: Floor, other: Floor, measure: Callable[[Day], Floats], replications: int = 20, seed: int = 1,
    confidence: float = 0.95, executor: Executor | None = None, batch: int = 10,
) -> Estimate:  # fmt: skip
    """``measure`` of ``other`` minus that of ``one``, on the same contacts: the interval is that of the difference."""
    runner = executor or Here()
    before = _measured(one, measure, replications, seed, runner, batch)
    after = _measured(other, measure, replications, seed, runner, batch)
    return estimate(after - before, confidence)
