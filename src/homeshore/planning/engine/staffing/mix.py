"""The cheapest numbers of agents by skill group that keep every queue's service level with a stated probability.

Simulated on common random numbers, so that one agent more or less is judged on the same contacts: add where it helps
most for its cost, then take away and exchange while every promise still holds. The kernel searches first; where the floor
is routed by a rule that it does not know, the routing core itself goes on from there, by the same steps, and decides.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from homeshore.planning.engine.problems import unusable
from homeshore.planning.engine.simulation import Agent, Floor, Group, Queue, draw_contacts, simulate
from homeshore.planning.engine.simulation.core import IDLE_LONGEST, kernel_plays, route_with_core
from homeshore.planning.engine.simulation.floor import tables_of
from homeshore.routing.policy import LONGEST_IDLE, Policy

Floats = NDArray[np.float64]
Counts = tuple[int, ...]
Levels = Callable[[int], Floats]
"""The service level [queue] of a day, by its number."""


@dataclass(frozen=True, slots=True)
class Tried:
    """How far the search is: mixes that the kernel tried, then the routing core, and the days it lived; the best's cost."""

    by_kernel: int
    by_core: int
    core_days: int
    cost: float


@dataclass(frozen=True, slots=True)
class Mix:
    """``agents`` by group; ``kept`` by queue: share of simulated days in which its service level was reached.

    ``rule``: the routing rule by which these days were lived. ``by_kernel`` and ``by_core``: mixes that each tried; the
    core none where the kernel knows the rule. ``settled``: every cheaper neighbour was tried and breaks a promise.
    """

    agents: dict[str, int]
    cost: float
    kept: dict[str, float]
    service_level: dict[str, float]
    rule: str
    by_kernel: int
    by_core: int
    settled: bool


def cheapest_mix(
    queues: Sequence[Queue], groups: Sequence[Group], cost: Mapping[str, float], share: Mapping[str, float], *,
    probability: float = 0.9, interval_seconds: float = 1800.0, replications: int = 40, seed: int = 1, most: int = 2000,
    policy: Policy = IDLE_LONGEST, keep_going: Callable[[Tried], bool] | None = None,
) -> Mix:  # fmt: skip
    """Agents of each group, all on shift throughout, at ``cost`` each.

    ``share`` [queue] of contacts answered within the queue's own ``target_seconds`` must be reached in ``probability`` of
    days, when contacts are given out by the ``policy``. Raises Unusable when a queue is served by no
    group, or when ``most`` agents do not suffice. ``keep_going`` is asked before every day that is simulated: by False the
    search ends, once some mix keeps every promise, and the best so far is returned.
    """
    if not 0.0 < probability < 1.0:
        raise unusable(
            "a probability lies between 0 and 1, not %(probability)s", field="probability", probability=probability
        )
    for queue in queues:
        if sum(queue.calls_per_hour) > 0 and not any(queue.name in group.queues for group in groups):
            raise unusable("no group serves queue “%(queue)s”", field="groups", queue=queue.name)
        if not 0 <= share[queue.name] < 1:
            raise unusable("a share of %(share)s cannot be promised", field="share", share=share[queue.name])

    length = len(queues[0].calls_per_hour) * interval_seconds

    def floor(counts: Counts) -> Floor:
        crowd = [Agent(g.name, [(0.0, length)]) for g, n in zip(groups, counts, strict=True) for _ in range(n)]
        return Floor(queues, groups, crowd, interval_seconds)

    def by_kernel(counts: Counts) -> Levels:
        told = floor(counts).narrowed()
        tables = tables_of(told)
        return lambda day: simulate(told, seed, day, tables=tables).service_level

    def by_core(counts: Counts) -> Levels:
        told = floor(counts)
        tables = tables_of(told)
        return lambda day: (
            route_with_core(told, draw_contacts(told, seed, day, tables), policy, tables=tables).service_level
        )

    def go_on() -> None:
        told = Tried(len(kernel.lived), len(core.lived), core.days_lived, min(kernel.best_cost, core.best_cost))
        nothing_yet = not kernel.best
        if keep_going is not None and not keep_going(told) and not nothing_yet:
            raise _Enough

    asked = _Asked(
        queues, groups, np.array([cost[group.name] for group in groups]), np.array([share[queue.name] for queue in queues]),
        replications, int((1.0 - probability) * (replications - 1) + 1e-9), most,
    )  # fmt: skip
    kernel, core = _Search(asked, by_kernel, go_on), _Search(asked, by_core, go_on)
    kernel.run(_first_guess(queues, groups))
    if not kernel_plays(policy, Floor(queues, groups, (), interval_seconds)):
        core.run(kernel.best)
    decided = core if core.best else kernel
    days = decided.every_day()
    return Mix(
        {g.name: n for g, n in zip(groups, decided.best, strict=True)}, decided.best_cost,
        {q.name: float((days[:, k] >= asked.goal[k]).mean()) for k, q in enumerate(queues)},
        {q.name: float(days[:, k].mean()) for k, q in enumerate(queues)},
        policy.rule if decided is core else LONGEST_IDLE, len(kernel.lived), len(core.lived), decided.settled,
    )  # fmt: skip


class _Enough(Exception):
    """No more is to be tried."""


@dataclass(frozen=True, slots=True)
class _Asked:
    """What must hold: each queue's ``goal`` on all of the days but ``may_miss``, with ``most`` agents."""

    queues: Sequence[Queue]
    groups: Sequence[Group]
    price: Floats
    goal: Floats
    days: int
    may_miss: int
    most: int

    def cost(self, counts: Counts) -> float:
        return float(self.price @ np.array(counts))


class _Search:
    """A search among neighbouring mixes. Of each mix only the days that decide about it are lived, the hardest first."""

    def __init__(self, asked: _Asked, live: Callable[[Counts], Levels], go_on: Callable[[], None]) -> None:
        self.asked = asked
        self.live = live
        self.go_on = go_on
        self.lived: dict[Counts, dict[int, Floats]] = {}
        """By mix, of each day that was lived the level of every queue."""
        self.days_lived = 0
        self.missed = np.zeros(asked.days)
        """How many mixes missed a goal on the day."""
        self.best: Counts = ()
        self.settled = False

    @property
    def best_cost(self) -> float:
        return self.asked.cost(self.best) if self.best else np.inf

    def run(self, counts: Counts) -> None:
        """From ``counts`` up until every promise holds, then down; ends early, with the best so far, when told enough."""
        try:
            self.best = self._raised(counts)
            while cheaper := next(filter(self._keeps, self._cheaper(self.best)), None):
                self.best = cheaper
            self.settled = True
        except _Enough:
            return

    def every_day(self) -> Floats:
        """Service level [day, queue] of the best mix, each of whose days was lived to know that it keeps every promise."""
        return np.array([self.lived[self.best][day] for day in range(self.asked.days)])

    def _levels(self, counts: Counts, days: Iterable[int]) -> Iterator[tuple[int, Floats]]:
        known = self.lived.setdefault(counts, {})
        live: Levels | None = None
        for day in days:
            if day not in known:
                self.go_on()
                live = live or self.live(counts)
                known[day] = live(day)
                self.days_lived += 1
            yield day, known[day]

    def _keeps(self, counts: Counts) -> bool:
        """Whether the mix keeps every promise: no queue misses its goal on more days than it may."""
        missed = np.zeros(len(self.asked.queues))
        for day, levels in self._levels(counts, np.argsort(-self.missed, kind="stable").tolist()):
            short = levels < self.asked.goal
            missed += short
            self.missed[day] += short.any()
            if missed.max() > self.asked.may_miss:
                return False
        return True

    def _raised(self, counts: Counts) -> Counts:
        """Agents added, each time to the group where they help most for their cost on the days that were missed."""
        asked = self.asked
        while sum(counts) > asked.most or not self._keeps(counts):
            if sum(counts) >= asked.most:
                raise unusable("%(most)d agents do not reach the service levels asked", field="most", most=asked.most)
            hard = [day for day, levels in self.lived[counts].items() if (levels < asked.goal).any()]
            lack = self._lack(counts, hard)
            useful = [
                k for k, g in enumerate(asked.groups)
                if any(lack[q] > 0 for q, u in enumerate(asked.queues) if u.name in g.queues)
            ]  # fmt: skip
            step = max(1, int(0.02 * sum(counts)))
            before, spent = lack.sum(), asked.cost(counts)
            counts = min(
                (_moved(counts, (k, step)) for k in useful),
                key=lambda c: (self._lack(c, hard).sum() - before) / (asked.cost(c) - spent),
            )
        return counts

    def _lack(self, counts: Counts, days: Sequence[int]) -> Floats:
        """By queue, how far it stays under its goal on these days, summed."""
        lack = np.zeros(len(self.asked.queues))
        for _, levels in self._levels(counts, days):
            lack += np.maximum(self.asked.goal - levels, 0.0)
        return lack

    def _cheaper(self, counts: Counts) -> Iterator[Counts]:
        """The cheaper neighbours: one agent less, one exchanged for a cheaper one, two for one who costs less than both."""
        price = self.asked.price
        groups, dearest = range(len(price)), [int(k) for k in np.argsort(-price)]
        yield from (_moved(counts, (k, -1)) for k in dearest if counts[k])
        for k in (k for k in dearest if counts[k]):
            yield from (_moved(counts, (k, -1), (j, 1)) for j in groups if price[j] < price[k] - 1e-12)
        for k in dearest:
            for j in groups:
                fewer = _moved(counts, (k, -1), (j, -1))
                if min(fewer) >= 0 and k <= j:
                    yield from (
                        _moved(fewer, (i, 1))
                        for i in groups
                        if i not in (j, k) and price[i] < price[k] + price[j] - 1e-12
                    )


def _moved(counts: Counts, *changes: tuple[int, int]) -> Counts:
    fresh = list(counts)
    for place, by in changes:
        fresh[place] += by
    return tuple(fresh)


def _first_guess(queues: Sequence[Queue], groups: Sequence[Group]) -> Counts:
    """The mean load of each queue, shared by the groups that serve it."""
    counts = np.zeros(len(groups))
    for queue in queues:
        load = float(np.mean(queue.calls_per_hour)) * queue.handling_seconds / 3600.0
        serving = [k for k, group in enumerate(groups) if queue.name in group.queues]
        for k in serving:
            counts[k] += load / len(serving)
    return tuple(int(c) for c in counts)
