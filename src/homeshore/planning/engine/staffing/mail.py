"""Work that can wait: mails are done in the time that calls leave free, and agents are added for the rest."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from homeshore.planning.engine.problems import unusable
from homeshore.planning.engine.staffing.mail_kernel import deferred
from homeshore.planning.engine.staffing.requirement import Requirement

Floats = NDArray[np.float64]
Counts = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Deferred:
    """By interval, in agents: work done in the time that calls leave free, and agents to add for the rest."""

    done_in_spare: Floats
    extra: Floats


def defer(arriving: ArrayLike, due_intervals: int, spare: ArrayLike) -> Deferred:
    """E-mail and other work that can wait: ``arriving`` agent-intervals of work, due within ``due_intervals``.

    Each interval's work takes the earliest ``spare`` agent-time of its delay, oldest work first; what finds none is
    spread evenly over its delay as agents to add.
    """
    work, free = np.asarray(arriving, dtype=float), np.asarray(spare, dtype=float)
    if due_intervals < 1:
        raise unusable("work that can wait has at least one interval to be done in", field="due_intervals")
    if work.shape != free.shape or work.ndim != 1:
        raise unusable("give the work and the spare time for the same intervals", field="spare")
    return Deferred(*deferred(work, due_intervals, free))


def whole_agents(work: ArrayLike, due_intervals: int, spare: ArrayLike, extra: ArrayLike) -> Counts:
    """Whole agents to add by interval so that, with ``spare`` time, all ``work`` is done before it is due.

    They follow the sum of ``extra`` as it grows, never a whole agent behind it; where the oldest work would still be
    late, as many more are there in the last interval of its delay. Work is done in the order in which it came.
    """
    left, free = np.array(work, dtype=float), np.asarray(spare, dtype=float)
    wanted = np.cumsum(np.asarray(extra, dtype=float))
    agents = np.zeros(left.size, np.int64)
    given, oldest = 0, 0
    for t in range(left.size):
        agents[t] = max(0, int(np.ceil(wanted[t] - given - 1e-9)))
        time = max(free[t], 0.0) + agents[t]
        oldest, time = _done(left, oldest, t, time)
        due = t - due_intervals + 1
        if due >= oldest and left[oldest : due + 1].sum() > 1e-9:
            more = int(np.ceil(left[oldest : due + 1].sum() - 1e-9))
            agents[t] += more
            oldest, _ = _done(left, oldest, t, float(more))
        given += int(agents[t])
    return agents


def _done(left: Floats, oldest: int, now: int, time: float) -> tuple[int, float]:
    """Take ``time`` from the oldest work; the first interval whose work is not done, and the time that is over."""
    while oldest <= now and time > 0.0:
        taken = min(left[oldest], time)
        left[oldest] -= taken
        time -= taken
        if left[oldest] > 1e-12:
            break
        oldest += 1
    return oldest, time


def mail_requirement(
    calls: Floats, interval_minutes: float, handling_seconds: float, due_seconds: float, spare: Floats,
    open_slots: tuple[int, int], *, shrinkage: float = 0.0, largest_occupancy: float = 1.0,
) -> Requirement:  # fmt: skip
    """Agents to add for mails [day, interval] that are due ``due_seconds`` of opening time after they came.

    What comes while nobody is there waits for the next opening. ``spare`` [day, interval]: agents' time that calls leave
    free. Nobody is busier than ``largest_occupancy``.
    """
    days, (first, last) = calls.shape[0], open_slots
    work = when_open(calls, open_slots) * handling_seconds / (interval_minutes * 60.0)
    due = max(1, round(due_seconds / (interval_minutes * 60.0)))
    free = np.maximum(spare[:, first:last], 0.0)
    found = defer(work.ravel(), due, free.ravel())
    extra = found.extra / largest_occupancy
    at_work = whole_agents(work.ravel() / largest_occupancy, due, free.ravel() / largest_occupancy, extra)
    there = 1.0 - shrinkage
    scheduled = whole_agents(
        work.ravel() / (largest_occupancy * there), due, free.ravel() / (largest_occupancy * there), extra / there
    )

    def spread(values: NDArray[np.generic]) -> NDArray[np.generic]:
        table = np.zeros(calls.shape, values.dtype)
        table[:, first:last] = values.reshape(days, last - first)
        return table

    load = np.asarray(spread(found.extra), dtype=float)
    agents = np.asarray(spread(at_work), dtype=np.int64)
    return Requirement(
        agents, np.maximum(agents, np.asarray(spread(scheduled), dtype=np.int64)), np.ones(calls.shape),
        np.minimum(1.0, load / np.maximum(agents, 1)), np.zeros(calls.shape), load, np.asarray(spread(found.done_in_spare), dtype=float),
    )  # fmt: skip


def when_open(calls: Floats, open_slots: tuple[int, int]) -> Floats:
    """Mails [day, open interval]: what comes outside opening hours is moved to the next opening, the last night's away."""
    first, last = open_slots
    table = calls[:, first:last].copy()
    table[:, 0] += calls[:, :first].sum(axis=1)
    table[1:, 0] += calls[:-1, last:].sum(axis=1)
    return table
