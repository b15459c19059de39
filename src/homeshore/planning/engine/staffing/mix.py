"""The cheapest numbers of agents by skill group that keep every queue's service level with a stated probability.

Simulated with the routing policy itself on common random numbers, so that one agent more or less is judged on the same
contacts: add where it helps most for its cost, then take away and exchange while every promise still holds.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from homeshore.planning.engine.problems import unusable
from homeshore.planning.engine.simulation import Agent, Floor, Group, Queue, simulate
from homeshore.planning.engine.simulation.floor import tables_of

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Mix:
    """``agents`` by group; ``kept`` by queue: share of simulated days in which its service level was reached."""

    agents: dict[str, int]
    cost: float
    kept: dict[str, float]
    service_level: dict[str, float]
    tried: int


def cheapest_mix(
    queues: Sequence[Queue], groups: Sequence[Group], cost: Mapping[str, float], share: Mapping[str, float], *,
    probability: float = 0.9, interval_seconds: float = 1800.0, replications: int = 40, seed: int = 1, most: int = 2000,
    at_once: Mapping[str, int] | None = None, keep_going: Callable[[int, float], bool] | None = None,
) -> Mix:  # fmt: skip
    """Agents of each group, all on shift throughout, at ``cost`` each.

    ``share`` [queue] of contacts answered within the queue's own ``target_seconds`` must be reached in ``probability`` of
    days. Those of a group hold ``at_once`` contacts [group], one if not said. Raises Unusable when a queue is served by no
    group, or when ``most`` agents do not suffice. ``keep_going`` gets the number of mixes tried and the best cost, and
    stops the search by False: the best so far is returned.
    """
    if not 0.0 < probability < 1.0:
        raise unusable(
            "a probability lies between 0 and 1, not %(probability)s", field="probability", probability=probability
        )
    places = at_once or {}
    for queue in queues:
        if sum(queue.calls_per_hour) > 0 and not any(queue.name in group.queues for group in groups):
            raise unusable("no group serves queue “%(queue)s”", field="groups", queue=queue.name)
        if not 0 <= share[queue.name] < 1:
            raise unusable("a share of %(share)s cannot be promised", field="share", share=share[queue.name])
    goal = np.array([share[queue.name] for queue in queues])
    price = np.array([cost[group.name] for group in groups])
    seen: dict[tuple[int, ...], tuple[Floats, Floats]] = {}

    def levels(counts: tuple[int, ...]) -> tuple[Floats, Floats]:
        """Lack of each queue (0: kept with the probability), and its levels in every day."""
        if counts not in seen:
            length = len(queues[0].calls_per_hour) * interval_seconds
            crowd = [
                Agent(g.name, [(0.0, length)], at_once=places.get(g.name, 1))
                for g, n in zip(groups, counts, strict=True) for _ in range(n)
            ]  # fmt: skip
            floor = Floor(queues, groups, crowd, interval_seconds)
            tables = tables_of(floor)
            days = np.array([simulate(floor, seed, r, tables=tables).service_level for r in range(replications)])
            reached = np.quantile(days, 1.0 - probability, axis=0, method="lower")
            seen[counts] = (np.maximum(goal - reached, 0.0), days)
        return seen[counts]

    def lack(counts: tuple[int, ...]) -> float:
        return float(levels(counts)[0].sum())

    def moved(counts: tuple[int, ...], *changes: tuple[int, int]) -> tuple[int, ...]:
        fresh = list(counts)
        for place, by in changes:
            fresh[place] += by
        return tuple(fresh)

    counts = _first_guess(queues, groups)
    while lack(counts) > 0:
        if sum(counts) >= most:
            raise unusable("%(most)d agents do not reach the service levels asked", field="most", most=most)
        short = levels(counts)[0]
        useful = [
            k for k, g in enumerate(groups) if any(short[q] > 0 for q, u in enumerate(queues) if u.name in g.queues)
        ]
        step = max(1, int(0.02 * sum(counts)))
        counts = min(
            (moved(counts, (k, step)) for k in useful),
            key=lambda c: (lack(c) - lack(counts)) / (float(price @ np.array(c)) - float(price @ np.array(counts))),
        )
    if sum(counts) > most:
        raise unusable("%(most)d agents do not reach the service levels asked", field="most", most=most)
    improved = True
    while improved and (keep_going is None or keep_going(len(seen), float(price @ np.array(counts)))):
        improved = False
        order = np.argsort(-price)
        trials: list[tuple[tuple[int, int], ...]] = [((int(k), -1),) for k in order]
        trials += [
            ((int(k), -1), (j, 1)) for k in order for j in range(len(groups)) if price[j] < price[k] - 1e-12
        ]  # fmt: skip
        trials += [
            ((int(k), -1), (j, -1), (i, 1)) for k in order for j in range(len(groups)) for i in range(len(groups))
            if i not in (j, int(k)) and price[i] < price[k] + price[j] - 1e-12
        ]  # fmt: skip
        for changes in trials:
            fresh = moved(counts, *changes)
            if keep_going is not None and not keep_going(len(seen), float(price @ np.array(counts))):
                improved = False
                break
            if min(fresh) >= 0 and lack(fresh) <= 0:
                counts, improved = fresh, True
                break
    days = levels(counts)[1]
    return Mix(
        {g.name: n for g, n in zip(groups, counts, strict=True)}, float(price @ np.array(counts)),
        {q.name: float((days[:, k] >= goal[k]).mean()) for k, q in enumerate(queues)},
        {q.name: float(days[:, k].mean()) for k, q in enumerate(queues)}, len(seen),
    )  # fmt: skip


def _first_guess(queues: Sequence[Queue], groups: Sequence[Group]) -> tuple[int, ...]:
    """The mean load of each queue, shared by the groups that serve it."""
    counts = np.zeros(len(groups))
    for queue in queues:
        load = float(np.mean(queue.calls_per_hour)) * queue.handling_seconds / 3600.0
        serving = [k for k, group in enumerate(groups) if queue.name in group.queues]
        for k in serving:
            counts[k] += load / len(serving)
    return tuple(int(c) for c in counts)
