"""Agents required in each interval of one queue, and where work that can wait finds its time."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from homeshore.planning.engine.erlang import Goals, agents_for_a, agents_for_c, erlang_a, erlang_c
from homeshore.planning.engine.problems import unusable

Floats = NDArray[np.float64]
Counts = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Requirement:
    """By interval: agents ``at_work``, agents to have ``scheduled`` once shrinkage is counted, and what to expect."""

    at_work: Counts
    scheduled: Counts
    service_level: Floats
    occupancy: Floats
    abandonment: Floats
    load: Floats


def requirement(
    calls: ArrayLike, interval_minutes: float, handling_seconds: ArrayLike, goals: Goals, *,
    patience_seconds: float | None = None, shrinkage: float = 0.0, in_parallel: int = 1, at_least: int = 0,
) -> Requirement:  # fmt: skip
    """Fewest agents that meet ``goals`` in each interval; Erlang A with a patience, Erlang C without.

    ``shrinkage``: share of scheduled time not at work. ``in_parallel``: chats an agent holds at once, ``handling_seconds``
    being a chat's time when so many are held. ``at_least`` agents wherever there are calls.
    """
    if not 0.0 <= shrinkage < 1.0:
        raise unusable(
            "shrinkage is a share from 0 to below 1, not %(shrinkage)s", field="shrinkage", shrinkage=shrinkage
        )
    if in_parallel < 1:
        raise unusable("an agent holds at least one contact at once", field="in_parallel")
    per_hour = np.asarray(calls, dtype=float) * 60.0 / interval_minutes
    times = np.broadcast_to(np.asarray(handling_seconds, dtype=float), per_hour.shape)
    if patience_seconds is None or not np.isfinite(patience_seconds):
        places = agents_for_c(per_hour, times, goals)
    else:
        places = agents_for_a(per_hour, times, patience_seconds, goals)
    at_work = -(-places // in_parallel)
    at_work = np.where(per_hour > 0, np.maximum(at_work, at_least), 0)
    if patience_seconds is None or not np.isfinite(patience_seconds):
        told = erlang_c(per_hour, times, at_work * in_parallel, goals.seconds)
    else:
        told = erlang_a(per_hour, times, patience_seconds, at_work * in_parallel, goals.seconds)
    scheduled = np.ceil(at_work / (1.0 - shrinkage) - 1e-9).astype(np.int64)
    return Requirement(
        at_work,
        scheduled,
        told.service_level,
        told.occupancy,
        told.abandonment,
        per_hour * times / 3600.0 / in_parallel,
    )


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
    work, free = np.asarray(arriving, dtype=float), np.array(spare, dtype=float)
    if due_intervals < 1:
        raise unusable("work that can wait has at least one interval to be done in", field="due_intervals")
    if work.shape != free.shape or work.ndim != 1:
        raise unusable("give the work and the spare time for the same intervals", field="spare")
    done, extra = np.zeros_like(work), np.zeros_like(work)
    for t in range(work.size):
        left = work[t]
        last = min(t + due_intervals, work.size)
        for at in range(t, last):
            taken = min(left, max(free[at], 0.0))
            free[at] -= taken
            done[at] += taken
            left -= taken
            if left <= 1e-12:
                break
        extra[t:last] += left / (last - t)
    return Deferred(done, extra)
