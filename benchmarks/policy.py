"""How far the rules are from the best that any rule can do, on small floors solved exactly.

`bound` is a cost that no policy can go below, of floors too large to be solved as well, over which the core's cost is told there.
`exact` evaluates a rule on the very chain that was solved, with the true rates. `core` plays the floor through the
core, which is told costs and targets only and learns rates, speeds and patience as it goes; its figure has a
standard error over seeds. The last line printed is one JSON object; `drawn` in it is how the exact ratios of floors
drawn at random are spread, all of them and by kind.
"""

from __future__ import annotations

import argparse
import json
import statistics
from concurrent.futures import ProcessPoolExecutor
from typing import Any

from benchmarks.policy_floors import LARGER_FLOORS, draw_floors, simulated_cost
from homeshore.routing.policy import LEAST_COST, LONGEST_IDLE
from tests.unit.routing.bound import least_possible_cost
from tests.unit.routing.exact import FLOORS, Chain, SmallFloor, least_cost, longest_queue_first

GOAL = 1.05
LARGER = 8
"""A larger floor sees as many contacts in this much less time."""


def compare(job: tuple[SmallFloor, int, int, int]) -> dict[str, Any]:
    """The best cost of one floor, and each rule's cost as a multiple of it."""
    floor, longest, minutes, seeds = job
    chain = Chain(floor, longest)
    best = chain.best_cost(1e-3)
    found: dict[str, Any] = {
        "floor": floor.name,
        "best_cost": round(best, 4),
        "bound": round(least_possible_cost(floor) / best, 3),
        "least_cost_exact": round(chain.cost_of(least_cost(floor), 1e-3) / best, 4),
        "longest_queue_exact": round(chain.cost_of(longest_queue_first, 1e-3) / best, 4),
    }
    return found | played(floor, best, minutes, seeds)


def compare_with_bound(job: tuple[SmallFloor, int, int]) -> dict[str, Any]:
    """What the core costs on a floor too large to be solved, as a multiple of what no policy can go below."""
    floor, minutes, seeds = job
    bound = least_possible_cost(floor)
    return {"floor": floor.name, "least_possible_cost": round(bound, 4)} | played(floor, bound, minutes, seeds)


def played(floor: SmallFloor, against: float, minutes: int, seeds: int) -> dict[str, float]:
    """The cost of each rule of the core, played over so many minutes, as a multiple of another cost."""
    found = {}
    for rule in (LEAST_COST, LONGEST_IDLE) if minutes else ():
        costs = [simulated_cost(floor, rule, minutes, seed) / against for seed in range(1, seeds + 1)]
        found[f"{rule}_core"] = round(statistics.mean(costs), 3)
        found[f"{rule}_core_standard_error"] = round(statistics.stdev(costs) / seeds**0.5, 3)
    return found


def spread(lines: list[dict[str, Any]]) -> dict[str, dict[str, float]]:
    """Of the default rule's exact ratios: how many, the median, the worst, and how many miss the goal; by the floors' kind."""
    found = {}
    for kind in ("", *sorted({line["floor"][0] for line in lines})):
        ratios = [line["least_cost_exact"] for line in lines if line["floor"].startswith(kind)]
        if ratios:
            found[kind or "all"] = {
                "floors": len(ratios),
                "median": round(statistics.median(ratios), 3),
                "worst": round(max(ratios), 3),
                "above_goal": sum(ratio > GOAL for ratio in ratios),
            }
    return found


def main() -> None:
    """Solves, plays and prints."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--longest", type=int, default=24, help="where queues are cut off")
    parser.add_argument("--minutes", type=int, default=8_000, help="minutes played for each seed; 0 to play none")
    parser.add_argument("--seeds", type=int, default=4)
    parser.add_argument("--processes", type=int, default=2)
    parser.add_argument("--drawn", type=int, default=0, help="also so many floors drawn at random: N, W, M, X in turn")
    parser.add_argument("--draw-seed", type=int, default=2026)
    wanted = parser.parse_args()
    floors = FLOORS + draw_floors(wanted.drawn, wanted.draw_seed)
    jobs = [
        (floor, wanted.longest if len(floor.pools) < 3 else min(wanted.longest, 16), wanted.minutes, wanted.seeds)
        for floor in floors
    ]
    with ProcessPoolExecutor(wanted.processes) as processes:
        lines = []
        for line in processes.map(compare, jobs):
            print(line, flush=True)
            lines.append(line)
        larger = list(
            processes.map(
                compare_with_bound, [(floor, wanted.minutes // LARGER, wanted.seeds) for floor in LARGER_FLOORS]
            )
        )
    print(
        json.dumps(
            {
                "worst_cost_vs_optimum": max(line["least_cost_exact"] for line in lines),
                "drawn": spread(lines[len(FLOORS) :]),
                "worst_core_cost_vs_optimum": max((line.get("least_cost_core", 0) for line in lines), default=None),
                "floors": lines,
                "larger_floors": larger,
            }
        )
    )


if __name__ == "__main__":
    main()
