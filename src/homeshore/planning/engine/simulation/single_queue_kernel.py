"""One queue, interchangeable agents, first come first served: a heap of the times at which agents are free."""

import math

import numpy as np

from homeshore.planning.engine.compiled import compiled
from homeshore.planning.engine.random_kernel import generator, uniform


@compiled
def _replace_first(heap: np.ndarray, size: int, value: float) -> None:
    """Put ``value`` in place of the smallest of a binary heap."""
    hole = 0
    child = 1
    while child + 1 < size:
        left, right = heap[child], heap[child + 1]
        child += int(right < left)
        least = min(left, right)
        if value <= least:
            heap[hole] = value
            return
        heap[hole] = least
        hole = child
        child = 2 * hole + 1
    if child < size and heap[child] < value:
        heap[hole] = heap[child]
        hole = child
    heap[hole] = value


@compiled
def steady(
    rate: float, service: float, patience: float, agents: int, target: float, calls: int, seed: int, replication: int
) -> tuple[int, int, int, int, float]:
    """``calls`` arrivals of an M/M/n+M queue that starts empty.

    Returns counts of waited, abandoned, answered within target, abandoned within target, and the total wait.
    Interarrival, patience and service of a call are drawn together, so that two runs of one seed see the same calls.
    """
    state = generator(seed, replication, 0)
    free = np.zeros(agents)
    now = 0.0
    waited = abandoned = in_time = gone = 0
    total = 0.0
    between = -1.0 / rate
    for _ in range(calls):
        u, state = uniform(state)
        stay, state = uniform(state)
        work, state = uniform(state)
        now += between * math.log(u)
        start = free[0]
        if start <= now:
            in_time += 1
            _replace_first(free, agents, now - service * math.log(work))
            continue
        waited += 1
        wait = start - now
        limit = -patience * math.log(stay)
        if limit < wait:
            abandoned += 1
            total += limit
            if limit <= target:
                gone += 1
            continue
        total += wait
        if wait <= target:
            in_time += 1
        _replace_first(free, agents, start - service * math.log(work))
    return waited, abandoned, in_time, gone, total
