"""Several queues staffed: each on its own, or together where agents help each other; mails after calls and chats."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from homeshore.planning.engine.erlang import Goals
from homeshore.planning.engine.staffing.mail import mail_requirement
from homeshore.planning.engine.staffing.requirement import (
    Requirement,
    check_shares,
    expected,
    places_for,
    requirement,
)

Floats = NDArray[np.float64]
Counts = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Traffic:
    """Contacts of a queue [day, interval], the seconds each takes of an agent's time, seconds of patience, and its goals.

    ``at_once`` contacts are held by an agent together: each then lasts so many times ``handling_seconds``. What
    ``can_wait`` is due after the goal's seconds of opening time.
    """

    calls: Floats
    handling_seconds: float
    patience_seconds: float
    goals: Goals = field(default_factory=Goals)
    at_once: int = 1
    can_wait: bool = False


def staff(
    queues: Sequence[Traffic], interval_minutes: float, *, shrinkage: float = 0.0, shared: bool = False,
    open_slots: tuple[int, int] | None = None,
) -> list[Requirement]:  # fmt: skip
    """What each queue needs: on its own, or (``shared``) as its part of one pool.

    A pool is staffed by Erlang A on the sum of contacts, with the mean handling time and patience of each interval's, for
    the strictest goal of the queues that have any, and its agents are given to queues by load, whole agents by largest
    remainder. That is exact when everybody serves every queue with one goal, and a little too few otherwise: simulate the
    schedule to see (Wallace and Whitt 2005: two skills an agent already come close to all).

    What can wait takes the time that a pool's agents have free, the most urgent queue first, and needs agents of its own
    for the rest; without a pool, all its agents are its own. They work in ``open_slots`` (all intervals, if not said).
    """
    live = [k for k, queue in enumerate(queues) if not queue.can_wait]
    together = shared and len(live) > 1
    found = _pool([queues[k] for k in live], interval_minutes, shrinkage) if together else [
        _alone(queues[k], interval_minutes, shrinkage) for k in live
    ]  # fmt: skip
    needs = dict(zip(live, found, strict=True))
    opening = open_slots or (0, queues[0].calls.shape[1])
    spare = np.zeros(queues[0].calls.shape)
    if shared:
        for k in live:
            spare += needs[k].at_work * queues[k].goals.largest_occupancy - needs[k].load
    waiting = [k for k, queue in enumerate(queues) if queue.can_wait]
    for k in sorted(waiting, key=lambda k: queues[k].goals.seconds):
        queue = queues[k]
        need = needs[k] = mail_requirement(
            queue.calls, interval_minutes, queue.handling_seconds, queue.goals.seconds, spare, opening,
            shrinkage=shrinkage, largest_occupancy=queue.goals.largest_occupancy,
        )  # fmt: skip
        assert need.in_spare is not None
        spare = spare - need.in_spare
    return [needs[k] for k in range(len(queues))]


def _alone(queue: Traffic, interval_minutes: float, shrinkage: float) -> Requirement:
    return requirement(
        queue.calls, interval_minutes, queue.handling_seconds * queue.at_once, queue.goals,
        patience_seconds=queue.patience_seconds, shrinkage=shrinkage, in_parallel=queue.at_once,
    )  # fmt: skip


def _pool(queues: Sequence[Traffic], interval_minutes: float, shrinkage: float) -> list[Requirement]:
    """One pool of queues whose customers wait; it holds at once what its least parallel queue allows."""
    at_once = min(queue.at_once for queue in queues)
    check_shares(shrinkage, at_once)
    calls = np.array([q.calls for q in queues]) * 60.0 / interval_minutes
    total = calls.sum(axis=0)
    weights = np.divide(calls, total, out=np.full(calls.shape, 1 / len(queues)), where=total > 0)
    handling = np.tensordot([q.handling_seconds * at_once for q in queues], weights, axes=1)
    patience = float(np.average([q.patience_seconds for q in queues], weights=calls.sum(axis=(1, 2)) + 1e-9))
    at_work = np.zeros(total.shape, np.int64)
    for goals in {queue.goals for queue in queues}:
        asked = sum(queue.calls for queue in queues if queue.goals == goals) > 0
        places = places_for(total, handling, goals, patience)
        at_work = np.maximum(at_work, np.where(asked, -(-places // at_once), 0))
    load = calls * np.array([q.handling_seconds for q in queues])[:, None, None] / 3600.0
    found = []
    whole = {
        goals: expected(total, handling, at_work, goals.seconds, patience, shrinkage, at_once)
        for goals in {queue.goals for queue in queues}
    }
    scheduled = apportioned(next(iter(whole.values())).scheduled, load)
    given = apportioned(at_work, load)
    for k, queue in enumerate(queues):
        found.append(replace(whole[queue.goals], at_work=given[k], scheduled=scheduled[k], load=load[k]))
    return found


def apportioned(whole: Counts, load: Floats) -> Counts:
    """``whole`` [day, interval] shared out by ``load`` [queue, day, interval] in whole agents, by largest remainder."""
    sums = load.sum(axis=0)
    exact = whole * np.divide(load, sums, out=np.zeros_like(load), where=sums > 0)
    given = np.floor(exact + 1e-9).astype(np.int64)
    left = whole - given.sum(axis=0)
    rank = np.argsort(np.argsort(-(exact - given), axis=0, kind="stable"), axis=0, kind="stable")
    return np.asarray(given + (rank < left) * (sums > 0), dtype=np.int64)
