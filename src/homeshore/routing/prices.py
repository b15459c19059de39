"""What one more contact costs: the prices by which the rule "least_cost" weighs queues and agents.

Take a queue with all who work for it as an Erlang A system: arrivals λ, n agents of rate μ, patience θ. With V the
expected cost to come, D(x) = V(x + 1) − V(x) is what one more contact costs when x are waiting or in service. Above
n it is the price of letting a contact wait; below n the price of occupying a free agent. Both come from one
recursion. Agents shared with other queues are counted in two ways. Where contacts wait, the agents are wanted
elsewhere too: only the share of them counts that the loads of their queues leave this one. Where some are free, they
count between that share and all of them. Prices are the first step of policy iteration from queues seen apart (Bhulai
and Koole).
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from math import ceil, fsum
from typing import Any

SECOND_MS = 1_000
_SHARED = 0.65
"""How far agents shared with other queues count as if they all worked for this one while some are free; chosen on floors drawn at random."""
LOAD_PARTS = 1_000_000
"""Loads are whole numbers of such parts, so that what pulls at an agent can be kept as a sum and stays exact."""
_LONGEST = 2_000
_AHEAD = 40
_URGENT_MS = 60_000
"""A queue's cost is its weight per contact and target; that of a queue with a target of a minute is its weight itself."""


class Prices:
    """The prices of one queue as of its last look at itself; `look_due` counts down to the next."""

    __slots__ = ("_basis", "free", "load", "look_due", "rate", "waiting")

    def __init__(self) -> None:
        self.look_due = 0
        self.load = 0
        """Work that comes in, in agents, over those able to do it, in `LOAD_PARTS`: how hard the queue pulls at shared agents."""
        self.rate = 0.0
        """Contacts per millisecond that one agent finishes, on the average of the queue."""
        self.waiting: list[float] = [0.0]
        """waiting[q]: what it is worth to start serving one of q waiting contacts."""
        self.free: list[float] = [0.0]
        """free[f]: what it costs to occupy one of f free agents."""
        self._basis: tuple[float, float, float, float, float, float, int] | None = None

    def settle(
        self, cost: float, arrivals: float, service: float, patience: float, busy: float, some_free: float, longest: int
    ) -> None:
        """Works the prices out anew. The queue counts on `busy` agents while all of them are, on `some_free` while some are free."""
        self._basis = (cost, arrivals, service, patience, busy, some_free, longest)
        self.rate = service
        table = marginal_costs(arrivals, service, patience, busy, longest)
        whole = int(busy)
        between = _between(table, busy - whole)
        self.waiting = [0.0, *[cost * price for price in between[whole : max(len(table) - 2, whole + 1)]]]
        if some_free != busy:
            table = marginal_costs(arrivals, service, patience, some_free, longest)
            whole = int(some_free)
            between = _between(table, some_free - whole)
        self.free = [0.0, *[cost * price for price in reversed(between[:whole])]]
        if whole < some_free:
            self.free.append(cost * table[0])

    def keep_nobody_free(self) -> None:
        """Not enough is known to keep anybody free for this queue."""
        self.free = [0.0]

    def of_waiting(self, queue: int) -> float:
        """What starting to serve one of `queue` waiting contacts is worth."""
        table = self.waiting
        return table[queue] if queue < len(table) else table[-1]

    def of_occupying(self, free: int) -> float:
        """What it costs this queue to have one of its `free` agents occupied."""
        table = self.free
        return table[free] if free < len(table) else table[-1]

    def dump(self) -> list[Any]:
        """What the prices were worked out from."""
        return [self.look_due, self.load, list(self._basis) if self._basis else None, len(self.free) > 1]

    @classmethod
    def load_from(cls, values: list[Any]) -> Prices:
        """The prices that `dump` wrote, worked out again."""
        prices = cls()
        if values[2] is not None:
            prices.settle(*values[2])
            if not values[3]:
                prices.keep_nobody_free()
        prices.look_due, prices.load = values[0], values[1]
        return prices


def cost_weight(cost: float, target_seconds: int) -> float:
    """The queue's weight per contact waiting, against its target: an hour's target makes waiting cheap, a short one dear."""
    return cost * _URGENT_MS / max(target_seconds * SECOND_MS, SECOND_MS)


def marginal_costs(arrivals: float, service: float, patience: float, agents: float, longest: int) -> list[float]:
    """D(x) for x from 0: the relative value of one more contact in M/M/n+M where waiting costs 1 per contact and
    time.

    n may be a fraction. From Poisson's equation λ D(x) = g − cost(x) + r(x) D(x − 1), solved upwards where r(x) < λ
    and downwards elsewhere, from 1 ÷ patience far away: each way errors die out.
    """
    top = min(ceil(agents) + longest, _LONGEST + ceil(agents))
    whole = int(agents)
    waiting = [0.0] * (whole + 1) + [x - agents for x in range(whole + 1, top + 1)]
    rates = [service * x for x in range(whole + 1)]
    rates += [service * agents + patience * beyond for beyond in waiting[whole + 1 :]]
    weight, weights, costs = 1.0, 1.0, 0.0
    for x in range(1, top + 1):
        weight *= arrivals / rates[x]
        weights += weight
        costs += weight * waiting[x]
        if weights > 1e100:
            weight, weights, costs = weight / 1e100, weights / 1e100, costs / 1e100
    average = costs / weights
    table = [0.0] * top
    turn = next((x for x in range(1, top) if rates[x] >= arrivals), top)
    table[0] = average / arrivals
    for x in range(1, turn):
        table[x] = (average - waiting[x] + rates[x] * table[x - 1]) / arrivals
    if turn < top:
        above = (waiting[top] - average + arrivals / patience) / rates[top]
        for x in range(top - 1, turn - 1, -1):
            table[x] = above
            above = (waiting[x] - average + arrivals * above) / rates[x]
        if turn == 1:
            table[0] = above
    return table


def shared_agents(able: int, load: float, pulls: Sequence[float]) -> tuple[float, float]:
    """How many of the able agents the queue counts on, while all are busy and while some are free.

    `pulls` are all loads of each agent's queues together, this one's `load` among them. The first is the share of the agents
    that falls to this queue, the second lies between that and all of them.
    """
    share = fsum([load / each if each > 0 else 1.0 for each in pulls])
    return max(share, 0.5), max(_SHARED * able + (1.0 - _SHARED) * share, 0.5)


def look_ahead(arrivals: float, service: float, patience: float, agents: float, queue: int) -> int:
    """How long a queue the prices should be worked out for: well beyond what stands there and what overload would bring."""
    overload = max(arrivals - agents * service, 0.0) / patience
    return _AHEAD + 2 * queue + ceil(min(2 * overload, _LONGEST) + agents / 8)


def _between(table: list[float], part: float) -> list[float]:
    """The table at each whole number and a part, between its neighbours."""
    return [below + (above - below) * part for below, above in pairwise(table)]
