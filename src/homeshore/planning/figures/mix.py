"""The cheapest mix of skills, as plain values."""

from typing import Any

import numpy as np

from homeshore.planning.figures.plain import number, problems
from homeshore.planning.way.mix import MixAsked, Mixed
from homeshore.planning.way.wishes import Wishes


def of_mix(found: Mixed, asked: MixAsked, wishes: Wishes) -> dict[str, Any]:
    """By group its queues, agents at work and to schedule, and cost; by queue its goal and how often it was kept."""
    mix = found.mix
    agents = list(mix.agents.values())
    return {
        "day": asked.day, "first_hour": asked.first_hour, "last_hour": asked.last_hour,
        "probability": asked.probability, "more_a_skill": asked.more_a_skill,
        "groups": [
            {"queues": list(queues), "later": dict(later), "agents": n, "scheduled": int(np.ceil(n / (1 - wishes.shrinkage) - 1e-9)),
             "cost": round(n * (1 + asked.more_a_skill * (len(queues) - 1)), 3)}
            for (queues, later), n in zip(found.groups, agents, strict=True)
        ],
        "queues": [
            {"name": q.name, "goal": q.goals.share, "seconds": q.goals.seconds, "kept": number(mix.kept[q.name], 4),
             "service_level": number(mix.service_level[q.name], 4)}
            for q in found.queues
        ],
        "agents": sum(agents),
        "cost": round(mix.cost, 3),
        "rule": mix.rule,
        "by_kernel": mix.by_kernel,
        "by_core": mix.by_core,
        "settled": mix.settled,
        "replications": wishes.replications,
        "assumptions": problems(found.assumptions),
    }  # fmt: skip
