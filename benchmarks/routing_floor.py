"""The routing floor that benchmarks share: agents, skills, queues and traffic, drawn from a seed."""

from __future__ import annotations

import random
from dataclasses import dataclass
from itertools import accumulate

from homeshore.routing.policy import AgentRule, QueueRule

SKILLS = 50
SKILL_COUNT_WEIGHTS = (1, 2, 2, 1, 1, 1)
TARGETS = (20, 30, 60, 300, 3_600)
AGENTS, QUEUES, WAITING = 10_000, 200, 5_000


@dataclass(frozen=True)
class FloorPlan:
    """Queues with their share of the traffic, and agents with the queues they may answer."""

    queues: list[QueueRule]
    agents: list[AgentRule]
    shares: list[float]

    def draw_queue(self, chance: random.Random) -> int:
        """A queue's id, by its share of the traffic."""
        return chance.choices(range(1, len(self.queues) + 1), cum_weights=list(accumulate(self.shares)))[0]


def draw_floor(agents: int = AGENTS, queues: int = QUEUES, seed: int = 1, wrap_up_seconds: int = 30) -> FloorPlan:
    """A floor of voice queues; each agent has 1 to 6 skills and is engaged wherever those suffice."""
    chance = random.Random(seed)
    rules = []
    for id in range(1, queues + 1):
        if id % 2:
            needs: tuple[tuple[int, int], ...] = ((chance.randrange(SKILLS), chance.randint(1, 3)),)
        else:
            first, second = chance.sample(range(SKILLS), 2)
            needs = ((first, chance.randint(1, 2)), (second, chance.randint(1, 2)))
        target = chance.choice(TARGETS)
        rules.append(QueueRule(id, "voice", needs, target_seconds=target, wrap_up_seconds=wrap_up_seconds))
    shares = [(rank + 1) ** -0.5 for rank in range(queues)]
    chance.shuffle(shares)
    people = []
    for id in range(1, agents + 1):
        count = chance.choices(range(1, 7), SKILL_COUNT_WEIGHTS)[0]
        skills = {skill: chance.randint(1, 5) for skill in chance.sample(range(SKILLS), count)}
        able = [queue.id for queue in rules if all(skills.get(skill, 0) >= level for skill, level in queue.needs)]
        people.append(AgentRule(id, tuple(sorted(skills.items())), tuple(able), {"voice": 1}))
    return FloorPlan(rules, people, shares)
