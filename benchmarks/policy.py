"""How far the rules are from the best that any rule can do, on small floors solved exactly.

`exact` evaluates a rule on the very chain that was solved, with the true rates. `core` plays the floor through the
core, which is told costs and targets only and learns rates, speeds and patience as it goes; its figure has a
standard error over seeds. The last line printed is one JSON object.
"""

from __future__ import annotations

import argparse
import json
import statistics
from concurrent.futures import ProcessPoolExecutor
from typing import Any

from benchmarks.policy_floors import MORE_FLOORS, simulated_cost
from homeshore.routing.policy import LEAST_COST, LONGEST_IDLE
from tests.unit.routing.exact import FLOORS, Chain, SmallFloor, least_cost, longest_queue_first


def compare(job: tuple[SmallFloor, int, int, int]) -> dict[str, Any]:
    """The best cost of one floor, and each rule's cost as a multiple of it."""
    floor, longest, minutes, seeds = job
    chain = Chain(floor, longest)
    best = chain.best_cost(1e-3)
    found: dict[str, Any] = {
        "floor": floor.name,
        "best_cost": round(best, 4),
        "least_cost_exact": round(chain.cost_of(least_cost(floor), 1e-3) / best, 4),
        "longest_queue_exact": round(chain.cost_of(longest_queue_first, 1e-3) / best, 4),
    }
    for rule in (LEAST_COST, LONGEST_IDLE) if minutes else ():
        costs = [simulated_cost(floor, rule, minutes, seed) / best for seed in range(1, seeds + 1)]
        found[f"{rule}_core"] = round(statistics.mean(costs), 3)
        found[f"{rule}_core_standard_error"] = round(statistics.stdev(costs) / seeds**0.5, 3)
    return found


def main() -> None:
    """Solves, plays and prints."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--longest", type=int, default=24, help="where queues are cut off")
    parser.add_argument("--minutes", type=int, default=8_000, help="minutes played for each seed; 0 to play none")
    parser.add_argument("--seeds", type=int, default=4)
    parser.add_argument("--processes", type=int, default=2)
    parser.add_argument("--more", action="store_true", help="also the floors that the rule was not looked at on")
    wanted = parser.parse_args()
    floors = FLOORS + (MORE_FLOORS if wanted.more else ())
    jobs = [
        (floor, wanted.longest if len(floor.pools) < 3 else min(wanted.longest, 16), wanted.minutes, wanted.seeds)
        for floor in floors
    ]
    with ProcessPoolExecutor(wanted.processes) as processes:
        lines = []
        for line in processes.map(compare, jobs):
            print(line, flush=True)
            lines.append(line)
    print(
        json.dumps(
            {
                "worst_cost_vs_optimum": max(line["least_cost_exact"] for line in lines),
                "worst_core_cost_vs_optimum": max((line.get("least_cost_core", 0) for line in lines), default=None),
                "floors": lines,
            }
        )
    )


if __name__ == "__main__":
    main()
