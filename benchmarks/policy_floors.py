"""Small floors played through the core itself, which learns rates, speeds and patience as it goes."""

from __future__ import annotations

import random

from homeshore.routing.policy import AgentRule, Policy, QueueRule
from homeshore.routing.simulator import Chances, Scenario, Shift, poisson_arrivals, simulate
from tests.unit.routing.exact import SmallFloor

MINUTE = 60_000


class PoolChances(Chances):
    """Exponential service by pool and class, and exponential patience by class; one unit of time is a minute."""

    def __init__(self, floor: SmallFloor) -> None:
        super().__init__()
        self.floor = floor
        self.pool_of = {}
        for pool, (size, _) in enumerate(floor.pools):
            for _ in range(size):
                self.pool_of[len(self.pool_of) + 1] = pool

    def service(self, chance: random.Random, agent: int, queue: int) -> int:
        return round(chance.expovariate(self.floor.pools[self.pool_of[agent]][1][queue - 1]) * MINUTE)

    def patience(self, chance: random.Random, queue: int) -> int:
        return round(chance.expovariate(self.floor.patience[queue - 1]) * MINUTE)


def simulated_cost(floor: SmallFloor, rule: str, minutes: int, seed: int, target_seconds: int = 60) -> float:
    """The average of Σ cost × contacts waiting over so many minutes, the first tenth included in which the core learns."""
    chances = PoolChances(floor)
    end = minutes * MINUTE
    queues = tuple(QueueRule(k + 1, "voice", target_seconds=target_seconds, cost=floor.costs[k]) for k in floor.classes)
    agents = tuple(
        AgentRule(
            agent,
            queues=tuple(k + 1 for k in floor.classes if floor.pools[pool][1][k]),
            places={"voice": 1},
        )
        for agent, pool in chances.pool_of.items()
    )
    rates = {k + 1: floor.arrivals[k] / 60 for k in floor.classes}
    arrivals = poisson_arrivals(random.Random(seed), rates, 0, end)
    shifts = tuple(Shift(agent.id, 0, end) for agent in agents)
    result = simulate(Scenario(queues, agents, shifts, arrivals, 0, end, Policy(rule=rule), chances), seed)
    waited = {id: sum(queue.waits) + sum(queue.lost_waits) for id, queue in result.queues.items()}
    return sum(floor.costs[id - 1] * total for id, total in waited.items()) / end
