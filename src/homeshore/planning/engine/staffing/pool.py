"""Queues whose agents help each other: staffed as one, then shared out by load."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from homeshore.planning.engine.erlang import Goals
from homeshore.planning.engine.staffing.requirement import Requirement, requirement

Floats = NDArray[np.float64]
Counts = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Traffic:
    """Calls of a queue [day, interval], and seconds of handling and of patience."""

    calls: Floats
    handling_seconds: float
    patience_seconds: float


def staff(
    queues: Sequence[Traffic], interval_minutes: float, goals: Goals, *, shrinkage: float = 0.0, shared: bool = False
) -> list[Requirement]:  # fmt: skip
    """What each queue needs: on its own, or (``shared``) as its part of one pool.

    A pool is staffed by Erlang A on the sum of calls, with the mean handling time and patience of each interval's calls,
    and its agents are given to queues by load, whole agents by largest remainder. That is exact when everybody serves
    every queue, and a little too few otherwise: simulate the schedule to see (Wallace and Whitt 2005: two skills an
    agent already come close to all).
    """
    if not shared or len(queues) == 1:
        return [
            requirement(q.calls, interval_minutes, q.handling_seconds, goals, patience_seconds=q.patience_seconds, shrinkage=shrinkage)
            for q in queues
        ]  # fmt: skip
    calls = np.array([q.calls for q in queues])
    total = calls.sum(axis=0)
    weights = np.divide(calls, total, out=np.full(calls.shape, 1 / len(queues)), where=total > 0)
    handling = np.tensordot([q.handling_seconds for q in queues], weights, axes=1)
    patience = float(np.average([q.patience_seconds for q in queues], weights=calls.sum(axis=(1, 2)) + 1e-9))
    whole = requirement(total, interval_minutes, handling, goals, patience_seconds=patience, shrinkage=shrinkage)
    load = calls * np.array([q.handling_seconds for q in queues])[:, None, None] / (interval_minutes * 60)
    at_work, scheduled = apportioned(whole.at_work, load), apportioned(whole.scheduled, load)
    return [replace(whole, at_work=at_work[k], scheduled=scheduled[k], load=load[k]) for k in range(len(queues))]


def apportioned(whole: Counts, load: Floats) -> Counts:
    """``whole`` [day, interval] shared out by ``load`` [queue, day, interval] in whole agents, by largest remainder."""
    sums = load.sum(axis=0)
    exact = whole * np.divide(load, sums, out=np.zeros_like(load), where=sums > 0)
    given = np.floor(exact + 1e-9).astype(np.int64)
    left = whole - given.sum(axis=0)
    rank = np.argsort(np.argsort(-(exact - given), axis=0, kind="stable"), axis=0, kind="stable")
    return np.asarray(given + (rank < left) * (sums > 0), dtype=np.int64)
