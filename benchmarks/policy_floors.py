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
    arrivals = poisson_arrivals(random.Random(f"arrivals {seed}"), rates, 0, end)
    shifts = tuple(Shift(agent.id, 0, end) for agent in agents)
    result = simulate(Scenario(queues, agents, shifts, arrivals, 0, end, Policy(rule=rule), chances), seed)
    waited = {id: sum(queue.waits) + sum(queue.lost_waits) for id, queue in result.queues.items()}
    return sum(floor.costs[id - 1] * total for id, total in waited.items()) / end


def draw_floors(count: int, seed: int) -> tuple[SmallFloor, ...]:
    """N-, W-, M- and X-models with loads, speeds, costs and patience drawn at random."""
    chance = random.Random(seed)

    def pace(low: float = 0.6, high: float = 1.3) -> float:
        return round(chance.uniform(low, high), 2)

    floors = []
    for number in range(count):
        kind = "NWMX"[number % 4]
        pools: tuple[tuple[int, tuple[float, ...]], ...]
        if kind == "N":
            pools = ((chance.choice([2, 4]), (1.0, 0.0)), (chance.choice([2, 3]), (pace(), pace())))
        elif kind == "W":
            pools = ((chance.choice([3, 5]), (pace(), pace())),)
        elif kind == "M":
            pools = ((2, (1.0, 0.0)), (2, (0.0, pace())), (2, (pace(), pace())))
        else:
            pools = ((3, (1.0, pace(0.4, 0.9))), (3, (pace(0.4, 0.9), 1.0)))
        load, first = chance.uniform(0.75, 1.1) * sum(size for size, _ in pools), chance.uniform(0.35, 0.75)
        floors.append(
            SmallFloor(
                f"{kind} drawn {number}",
                (round(load * first, 2), round(load * (1 - first) * 0.9, 2)),
                (chance.choice([0.2, 0.5, 1.0]), chance.choice([0.2, 0.5, 1.0])),
                (1.0, chance.choice([1.0, 2.0, 4.0])),
                pools,
            )
        )
    return tuple(floors)


_FIVE = range(5)
LARGER_FLOORS = (
    SmallFloor(
        "five queues, 60 agents, a third flexible",
        (14.0, 12.0, 10.0, 9.0, 8.0),
        (0.5,) * 5,
        (1.0, 1.0, 2.0, 2.0, 4.0),
        (
            *((8, tuple(float(k == own) for k in _FIVE)) for own in _FIVE),
            *((4, tuple(float(k in pair) for k in _FIVE)) for pair in ((0, 1), (1, 2), (2, 3), (3, 4), (4, 0))),
        ),
    ),
    SmallFloor(
        "six queues in a ring, 60 agents of two queues each",
        (9.5,) * 6,
        (0.5,) * 6,
        (1.0, 3.0) * 3,
        tuple((10, tuple(float(k in (own, (own + 1) % 6)) for k in range(6))) for own in range(6)),
    ),
)
"""Too large to be solved: held against the cost that no policy can go below."""
