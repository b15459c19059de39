"""All measures of routing in one run: `make bench-routing`.

    python -m benchmarks.routing [--quick]

Each part runs in a process of its own; the last line printed is one JSON object with the keys of them all. Figures are to be
compared within one run: the machine's load is printed with them.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys

PARTS = {
    "core": ["benchmarks.routing_core"],
    "hour": ["benchmarks.routing_simulated_hour"],
    "durable": ["benchmarks.routing_durable"],
}
QUICK = {"core": ["--decisions", "20000"], "hour": ["--agents", "2000"], "durable": []}


def figures_of(command: list[str]) -> dict[str, object]:
    """The JSON object that a benchmark prints last."""
    done = subprocess.run([sys.executable, "-m", *command], check=True, stdout=subprocess.PIPE, text=True)
    return dict(json.loads(done.stdout.splitlines()[-1]))


def main() -> None:
    """Run the parts one after the other and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="fewer decisions, and a smaller simulated hour")
    quick = parser.parse_args().quick
    found: dict[str, object] = {"load_average_before": round(os.getloadavg()[0], 1)}
    for part, command in PARTS.items():
        figures = figures_of([*command, *(QUICK[part] if quick else [])])
        print(json.dumps({part: figures}), flush=True)
        found |= figures
    found["load_average_after"] = round(os.getloadavg()[0], 1)
    print(json.dumps(found))


if __name__ == "__main__":
    main()
