"""The contacts of a day: when each comes, in which queue, how much work it is and how patient its customer."""

import math

import numpy as np

from homeshore.planning.engine.compiled import compiled, inlined
from homeshore.planning.engine.random_kernel import Generator, exponential, generator, normal, uniform

EXPONENTIAL, LOGNORMAL, RECORDED = 0, 1, 2


@inlined
def _next_arrival(
    now: float, interval: int, rates: np.ndarray, length: float, state: Generator
) -> tuple[float, int, Generator]:
    """The arrival after ``now`` in a queue of ``rates`` by interval, and the interval in which it lies; infinite after
    the last."""
    while interval < rates.size:
        if rates[interval] > 0.0:
            step, state = exponential(state)
            now += step / rates[interval]
            if now < interval * length + length:
                return now, interval, state
        interval += 1
        now = interval * length
    return np.inf, interval, state


@compiled
def draw_contacts(
    rates: np.ndarray, length: float, law: np.ndarray, spread: np.ndarray, recorded: np.ndarray,
    patience: np.ndarray, seed: int, replication: int,
) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:  # fmt: skip
    """Arrival times in order, their queue, work (mean 1 handling time), and patience in seconds.

    ``rates`` [queue, interval] are per second. Each queue draws from its own stream, so that changing one queue,
    the agents or the policy leaves the contacts of the others as they were: common random numbers.
    ``recorded`` [queue, k] are equally likely values of work, for law RECORDED.
    """
    queues = rates.shape[0]
    mean = rates.sum() * length
    room = int(mean + 10.0 * math.sqrt(mean + 1.0) + 20.0)
    time, kind, work, stay = np.empty(room), np.empty(room, np.int32), np.empty(room), np.empty(room)
    sigma = np.sqrt(np.log1p(spread**2))
    states = np.empty((queues, 4), np.uint64)
    arrival, interval = np.empty(queues), np.zeros(queues, np.int64)
    for q in range(queues):
        arrival[q], interval[q], state = _next_arrival(0.0, 0, rates[q], length, generator(seed, replication, q))
        states[q, 0], states[q, 1], states[q, 2], states[q, 3] = state
    for count in range(room):
        q = int(np.argmin(arrival))
        now = arrival[q]
        if now == np.inf:
            return time[:count], kind[:count], work[:count], stay[:count]
        state = (states[q, 0], states[q, 1], states[q, 2], states[q, 3])
        if law[q] == EXPONENTIAL:
            amount, state = exponential(state)
        elif law[q] == LOGNORMAL:
            z, state = normal(state)
            amount = math.exp(sigma[q] * z - 0.5 * sigma[q] ** 2)
        else:
            u, state = uniform(state)
            amount = recorded[q, min(int(u * recorded.shape[1]), recorded.shape[1] - 1)]
        limit, state = exponential(state)
        time[count], kind[count], work[count], stay[count] = now, q, amount, limit * patience[q]
        arrival[q], interval[q], state = _next_arrival(now, interval[q], rates[q], length, state)
        states[q, 0], states[q, 1], states[q, 2], states[q, 3] = state
    return time, kind, work, stay
