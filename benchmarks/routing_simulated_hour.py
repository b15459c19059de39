"""One simulated hour of the shared floor, through the same core that runs in production, as a multiple of real time."""

from __future__ import annotations

import argparse
import json
import random
import time

from benchmarks.routing_floor import draw_floor
from homeshore.foundation import memory
from homeshore.routing.policy import Policy
from homeshore.routing.simulator import Chances, Scenario, Shift, poisson_arrivals, simulate

HOUR = 3_600_000
SERVICE, WRAP_UP, PATIENCE, OCCUPANCY = 300, 30, 180, 0.85


def main() -> None:
    """Plays the hour once and prints."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--agents", type=int, default=10_000)
    parser.add_argument("--rule", default=Policy().rule)
    parser.add_argument("--seed", type=int, default=1)
    wanted = parser.parse_args()
    plan = draw_floor(wanted.agents, wrap_up_seconds=60)
    chance = random.Random(f"arrivals {wanted.seed}")
    pace = {agent.id: chance.uniform(0.8, 1.2) for agent in plan.agents}
    per_second = OCCUPANCY * wanted.agents / (SERVICE + WRAP_UP)
    total = sum(plan.shares)
    rates = {queue.id: per_second * share / total for queue, share in zip(plan.queues, plan.shares, strict=True)}
    arrivals = list(poisson_arrivals(chance, rates, 0, HOUR, {0: 0.6, 1: 0.2, 2: 0.2}))
    scenario = Scenario(
        tuple(plan.queues),
        tuple(plan.agents),
        tuple(Shift(agent.id, 0, HOUR) for agent in plan.agents),
        arrivals,
        0,
        HOUR,
        Policy(rule=wanted.rule),
        Chances(SERVICE, PATIENCE, WRAP_UP, pace=pace),
    )
    memory.settle()  # as the process that plays a study does
    begun, used = time.perf_counter(), time.process_time()
    result = simulate(scenario, wanted.seed)
    wall, cpu = time.perf_counter() - begun, time.process_time() - used
    answered = [queue for queue in result.queues.values() if queue.answered]
    print(
        json.dumps(
            {
                "simulator_x_realtime": round(3600 / wall),
                "x_realtime_of_cpu": round(3600 / cpu),
                "rule": wanted.rule,
                "agents": wanted.agents,
                "contacts": result.offered,
                "inputs": result.inputs,
                "answered": result.answered,
                "abandoned_share": round(result.abandoned / result.offered, 4),
                "asa_s": round(sum(sum(queue.waits) for queue in answered) / result.answered / 1000, 2),
                "occupancy": round(result.occupancy or 0, 4),
            }
        )
    )


if __name__ == "__main__":
    main()
