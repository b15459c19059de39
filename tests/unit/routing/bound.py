"""A cost that no policy can go below, for floors too large to be solved: what a set of queues waits even if it had everyone to itself.

For a set S of classes let n agents be able to serve some of it. However they are used, of x contacts of S that are there at most
d(x) leave in a unit of time: the fastest b ≤ n of those agents finish their own rates, and the other x − b lose patience at the
largest rate in S. So the number there is stochastically at least that of the birth-and-death process with deaths d(x), of which at most n
are in service: E[Σ waiting of S] ≥ L(S) = E[(Y − n)⁺], exactly Erlang A where all agents and customers are alike.

The cheapest split of the waiting that respects every L(S), the flow of each class (arrivals = answered + lost) and the agents of each
pool is a linear programme; its value is the bound. (Cut-set bounds as in Bassamboo, Harrison and Zeevi, *Design and control of a large
call center*, Operations Research 54(3), 2006, where the programme stands without L.)
"""

from __future__ import annotations

import itertools

import numpy as np
from scipy.optimize import linprog

from tests.unit.routing.exact import SmallFloor

_NEGLIGIBLE = 1e-13


def least_possible_cost(floor: SmallFloor) -> float:
    """Σ cost × contacts waiting, on the long-run average, that no policy can go below."""
    classes, pools = len(floor.arrivals), range(len(floor.pools))
    served = [(j, k) for j in pools for k in floor.classes if floor.pools[j][1][k]]
    width = classes + len(served)  # contacts waiting by class, then agents busy by pool and class
    flows, limits, most, least = [], [], [], []
    for k in floor.classes:
        flow = np.zeros(width)
        flow[k] = floor.patience[k]
        for at, (j, of) in enumerate(served):
            if of == k:
                flow[classes + at] = floor.pools[j][1][k]
        flows.append(flow)
    for j in pools:
        limits.append(np.array([0.0] * classes + [float(pool == j) for pool, _ in served]))
        most.append(float(floor.pools[j][0]))
    for size in range(1, classes + 1):
        for together in itertools.combinations(floor.classes, size):
            limits.append(np.array([-float(k in together) for k in range(width)]))
            least.append(-least_waiting(floor, together))
    found = linprog(
        [*floor.costs, *[0.0] * len(served)],
        A_ub=np.array(limits),
        b_ub=most + least,
        A_eq=np.array(flows),
        b_eq=floor.arrivals,
    )
    if not found.success:
        raise RuntimeError(f"{floor.name}: {found.message}")
    return float(found.fun)


def least_waiting(floor: SmallFloor, together: tuple[int, ...]) -> float:
    """L(S): how many contacts of these classes wait on average, at the very least."""
    speeds = sorted(
        (max(rates[k] for k in together) for size, rates in floor.pools for _ in range(size)),
        reverse=True,
    )
    speeds = [speed for speed in speeds if speed]
    agents, arrivals = len(speeds), sum(floor.arrivals[k] for k in together)
    patience = max(floor.patience[k] for k in together)
    weight, weights, waiting, leaving = 1.0, 1.0, 0.0, 0.0
    for x in itertools.count(1):
        leaving += max(speeds[x - 1], patience) if x <= agents else patience
        weight *= arrivals / leaving
        weights += weight
        waiting += weight * max(x - agents, 0)
        if leaving > arrivals and x > agents and weight * x < _NEGLIGIBLE * weights:
            return waiting / weights
    raise AssertionError("unreachable")
