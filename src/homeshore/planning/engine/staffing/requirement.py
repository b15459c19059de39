"""Agents required in each interval of one queue, or of a pool of queues, whose customers wait for somebody."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from homeshore.planning.engine.erlang import Goals, agents_for_a, agents_for_c, erlang_a, erlang_c
from homeshore.planning.engine.problems import unusable

Floats = NDArray[np.float64]
Counts = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Requirement:
    """By interval: agents ``at_work``, agents to have ``scheduled`` once shrinkage is counted, and what to expect.

    ``load`` is the work these agents are given, in agents; ``in_spare`` the work that the free time of others takes up.
    """

    at_work: Counts
    scheduled: Counts
    service_level: Floats
    occupancy: Floats
    abandonment: Floats
    load: Floats
    in_spare: Floats | None = None


def requirement(
    calls: ArrayLike, interval_minutes: float, handling_seconds: ArrayLike, goals: Goals, *,
    patience_seconds: float | None = None, shrinkage: float = 0.0, in_parallel: int = 1, at_least: int = 0,
) -> Requirement:  # fmt: skip
    """Fewest agents that meet ``goals`` in each interval; Erlang A with a patience, Erlang C without.

    ``shrinkage``: share of scheduled time not at work. ``in_parallel``: chats an agent holds at once, ``handling_seconds``
    being a chat's time when so many are held. ``at_least`` agents wherever there are calls.
    """
    check_shares(shrinkage, in_parallel)
    per_hour = np.asarray(calls, dtype=float) * 60.0 / interval_minutes
    times = np.broadcast_to(np.asarray(handling_seconds, dtype=float), per_hour.shape)
    at_work = -(-places_for(per_hour, times, goals, patience_seconds) // in_parallel)
    at_work = np.where(per_hour > 0, np.maximum(at_work, at_least), 0)
    return expected(per_hour, times, at_work, goals.seconds, patience_seconds, shrinkage, in_parallel)


def check_shares(shrinkage: float, in_parallel: int) -> None:
    """Raises Unusable for a shrinkage or a number of contacts at once that cannot be."""
    if not 0.0 <= shrinkage < 1.0:
        raise unusable(
            "shrinkage is a share from 0 to below 1, not %(shrinkage)s", field="shrinkage", shrinkage=shrinkage
        )
    if in_parallel < 1:
        raise unusable("an agent holds at least one contact at once", field="in_parallel")


def places_for(per_hour: Floats, times: Floats, goals: Goals, patience_seconds: float | None) -> Counts:
    """Fewest contacts held at once that meet ``goals``: Erlang A with a patience, Erlang C without."""
    if patience_seconds is None or not np.isfinite(patience_seconds):
        return agents_for_c(per_hour, times, goals)
    return agents_for_a(per_hour, times, patience_seconds, goals)


def expected(
    per_hour: Floats, times: Floats, at_work: Counts, seconds: float, patience_seconds: float | None, shrinkage: float,
    in_parallel: int = 1,
) -> Requirement:  # fmt: skip
    """What ``at_work`` agents give, and how many to schedule so that so many are there."""
    places = at_work * in_parallel
    if patience_seconds is None or not np.isfinite(patience_seconds):
        told = erlang_c(per_hour, times, places, seconds)
    else:
        told = erlang_a(per_hour, times, patience_seconds, places, seconds)
    return Requirement(
        at_work,
        np.ceil(at_work / (1.0 - shrinkage) - 1e-9).astype(np.int64),
        told.service_level,
        told.occupancy,
        told.abandonment,
        per_hour * times / 3600.0 / in_parallel,
    )
