"""Small floors as Markov decision processes: the best that any policy can do, and exactly what a given policy costs.

Contacts of each class arrive as a Poisson process, are served and lose patience after exponential times; agents
stand in pools of equals. The cost is the long-run average of Σ cost × contacts waiting. Decisions may be taken
after every event: any number of waiting contacts may be given to free agents who can serve them. Queues are cut off
at a length that is hardly ever reached. Solved by relative value iteration on the uniformised chain (Puterman,
Markov Decision Processes, 1994, section 8.5).
"""

from __future__ import annotations

import itertools
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from homeshore.routing.prices import Prices, shared_agents
from homeshore.routing.ranking import SLOW_TO_KEEP_FREE


@dataclass(frozen=True)
class SmallFloor:
    """Rates per class, and pools as (number of agents, rate of service by class; 0 where they cannot serve it)."""

    name: str
    arrivals: tuple[float, ...]
    patience: tuple[float, ...]
    costs: tuple[float, ...]
    pools: tuple[tuple[int, tuple[float, ...]], ...]

    @property
    def classes(self) -> range:
        return range(len(self.arrivals))


Counts = tuple[tuple[int, ...], tuple[tuple[int, ...], ...]]
"""(contacts waiting by class, and for each pool how many it serves of each class)."""

Rule = Callable[[SmallFloor, Counts], tuple[int, int] | None]
"""Given the counts, the next contact to give: (class, pool), or None to leave things as they are."""


class Chain:
    """The floor's states, numbered, with where every event and every gift leads."""

    def __init__(self, floor: SmallFloor, longest: int = 24) -> None:
        self.floor, self.longest = floor, longest
        classes = floor.classes
        self.pool_states = [
            [
                held
                for held in itertools.product(*(range(size + 1 if rates[k] else 1) for k in classes))
                if sum(held) <= size
            ]
            for size, rates in floor.pools
        ]
        shape = [longest + 1] * len(classes) + [len(states) for states in self.pool_states]
        self.shape = tuple(shape)
        self.size = int(np.prod(shape))
        grid = np.indices(shape).reshape(len(shape), -1)
        self.queues = grid[: len(classes)]
        strides = np.array([int(np.prod(shape[axis + 1 :])) for axis in range(len(shape))])
        here = np.arange(self.size)
        self.cost = sum(floor.costs[k] * self.queues[k] for k in classes).astype(float)
        self.events: list[tuple[Any, Any]] = []
        for k in classes:
            room = self.queues[k] < longest
            self.events.append((np.where(room, floor.arrivals[k], 0.0), np.where(room, here + strides[k], here)))
            some = self.queues[k] > 0
            self.events.append((floor.patience[k] * self.queues[k], np.where(some, here - strides[k], here)))
        self.gifts: dict[tuple[int, int], Any] = {}
        for j, (size, rates) in enumerate(floor.pools):
            axis = len(classes) + j
            states = self.pool_states[j]
            number = {held: index for index, held in enumerate(states)}
            at = grid[axis]
            for k in classes:
                if not rates[k]:
                    continue
                less = [number.get((*h[:k], h[k] - 1, *h[k + 1 :]), -1) for h in states]
                more = [number.get((*h[:k], h[k] + 1, *h[k + 1 :]), -1) if sum(h) < size else -1 for h in states]
                held = np.array([h[k] for h in states])[at]
                fewer = here + (np.array(less)[at] - at) * strides[axis]
                self.events.append((rates[k] * held, np.where(held > 0, fewer, here)))
                given = here - strides[k] + (np.array(more)[at] - at) * strides[axis]
                self.gifts[k, j] = np.where((self.queues[k] > 0) & (np.array(more)[at] >= 0), given, -1)
        self.rate = float(sum(rate for rate, _ in self.events).max()) * 1.001
        self.stay = 1.0 - sum(rate for rate, _ in self.events) / self.rate

    def counts(self, state: int) -> Counts:
        """What a numbered state stands for."""
        where = np.unravel_index(state, self.shape)
        classes = len(self.floor.arrivals)
        held = tuple(states[int(at)] for states, at in zip(self.pool_states, where[classes:], strict=True))
        return tuple(int(length) for length in where[:classes]), held

    def best_cost(self, tolerance: float = 1e-4) -> float:
        """The lowest long-run cost of any policy."""
        rounds = sum(size for size, _ in self.floor.pools)

        def settle(values: Any) -> Any:
            for _ in range(min(rounds, 3)):
                best = values
                for given in self.gifts.values():
                    best = np.minimum(best, np.where(given >= 0, values[given], np.inf))
                values = best
            return values

        return self._iterate(settle, tolerance)

    def cost_of(self, rule: Rule, tolerance: float = 1e-4) -> float:
        """The long-run cost of a rule that looks at the counts."""
        after = np.arange(self.size)
        for state in range(self.size):
            gift = rule(self.floor, self.counts(state))
            if gift is not None:
                after[state] = self.gifts[gift][state]
        while not np.array_equal(after[after], after):
            after = after[after]
        return self._iterate(lambda values: values[after], tolerance)

    def _iterate(self, settle: Callable[[Any], Any], tolerance: float) -> float:
        values = np.zeros(self.size)
        for turn in range(200_000):
            settled = settle(values)
            following = self.cost / self.rate + self.stay * settled
            for rate, to in self.events:
                following = following + rate / self.rate * settled[to]
            change = (following - values) * self.rate
            low, high = float(change.min()), float(change.max())
            values = following - following[0]
            if turn % 16 == 0 and high - low < tolerance * max(high, 1e-9):
                return (low + high) / 2
        raise RuntimeError(f"{self.floor.name}: the values did not settle.")


def longest_queue_first(floor: SmallFloor, counts: Counts) -> tuple[int, int] | None:
    """Close to longest wait and longest idle, in counts: the longest queue an idle agent can serve, specialists first."""
    queues, held = counts
    order = sorted(range(len(floor.pools)), key=lambda j: sum(rate > 0 for rate in floor.pools[j][1]))
    for j in order:
        size, rates = floor.pools[j]
        if sum(held[j]) < size:
            able = [k for k in floor.classes if rates[k] and queues[k]]
            if able:
                return max(able, key=lambda k: queues[k]), j
    return None


_N = ((4, (1.0, 0.0)), (3, (1.0, 1.0)))
FLOORS = (
    SmallFloor("N equal costs", (3.9, 1.3), (0.5, 0.5), (1.0, 1.0), _N),
    SmallFloor("N unequal costs", (3.9, 2.6), (0.5, 0.5), (1.0, 3.0), _N),
    SmallFloor("N slower flexible", (3.9, 2.4), (0.5, 0.5), (1.0, 3.0), ((4, (1.0, 0.0)), (3, (0.7, 1.0)))),
    SmallFloor("W unequal speeds", (2.4, 1.2), (0.5, 0.5), (1.0, 2.0), ((5, (1.0, 0.6)),)),
    SmallFloor("W costly and slow", (3.0, 0.8), (0.3, 1.0), (1.0, 3.0), ((5, (1.2, 0.5)),)),
    SmallFloor(
        "M equal costs", (2.2, 2.8), (0.5, 0.5), (1.0, 1.0), ((2, (1.0, 0.0)), (2, (0.0, 1.0)), (2, (1.0, 1.0)))
    ),
    SmallFloor(
        "M unequal costs", (2.8, 1.8), (0.5, 0.5), (1.0, 3.0), ((2, (1.0, 0.0)), (2, (0.0, 1.0)), (2, (0.8, 0.8)))
    ),
)


def least_cost(floor: SmallFloor) -> Rule:
    """The core's default rule on this floor, with prices of its own making from the true rates."""
    able = [sum(size for size, rates in floor.pools if rates[k]) for k in floor.classes]
    service = [sum(size * rates[k] for size, rates in floor.pools) / able[k] for k in floor.classes]
    loads = [floor.arrivals[k] / service[k] / able[k] for k in floor.classes]
    prices = []
    for k in floor.classes:
        pulls = [
            sum(loads[o] for o in floor.classes if rates[o])
            for size, rates in floor.pools
            if rates[k]
            for _ in range(size)
        ]
        priced = Prices()
        priced.settle(
            floor.costs[k],
            floor.arrivals[k],
            service[k],
            floor.patience[k],
            *shared_agents(able[k], loads[k], pulls),
            60,
        )
        prices.append(priced)

    def worth(pool: int, k: int, queues: tuple[int, ...]) -> float:
        rate = floor.pools[pool][1][k]
        return rate * (rate / service[k]) ** 1.5 * prices[k].of_waiting(queues[k])

    def price(pool: int, taken: int, queues: tuple[int, ...], free: list[int]) -> float:
        rates = floor.pools[pool][1]
        others = [k for k in floor.classes if k != taken and rates[k]]
        return max(
            (
                worth(pool, k, queues)
                if queues[k]
                else SLOW_TO_KEEP_FREE
                * rates[k]
                * (rates[k] / service[k]) ** 0.5
                * prices[k].of_occupying(sum(free[j] for j, (_, able) in enumerate(floor.pools) if able[k]))
                for k in others
            ),
            default=0.0,
        )

    def rule(floor: SmallFloor, counts: Counts) -> tuple[int, int] | None:
        queues, held = counts
        free = [size - sum(held[j]) for j, (size, _) in enumerate(floor.pools)]
        best: tuple[float, int, int] | None = None
        for j, (_, rates) in enumerate(floor.pools):
            for k in floor.classes:
                if free[j] and rates[k] and queues[k]:
                    gain = worth(j, k, queues) - price(j, k, queues, free)
                    if gain >= 0 and (best is None or gain > best[0]):
                        best = (gain, k, j)
        return None if best is None else best[1:]

    return rule
