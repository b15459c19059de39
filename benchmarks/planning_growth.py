"""How time and memory of the planning engine grow with size: measures each in a process of its own, and draws the chart.

python -m benchmarks.planning_growth [--to docs/explanation/planning-growth.svg]

Seconds are processor seconds; memory is what a process takes beyond the libraries and the compiled code.
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
from datetime import date, timedelta
from functools import partial
from math import log10
from pathlib import Path
from typing import Any

WORK = {
    "Erlang C, 672 intervals": (37, 372, 3720),
    "Erlang A, 672 intervals": (37, 372, 3720),
    "Simulated day, agents": (200, 2000, 8000),
    "Schedule to 0.5 %, agents": (200, 800, 2000),
    "Single queue, calls": (10_000, 100_000, 1_000_000, 10_000_000),
    "Forecast with choice, days of history": (60, 120, 240, 360),
    "Promises of income, agents": (10, 40, 160),
    "File of counts, rows": (10_000, 100_000, 1_000_000, 5_000_000),
}
"""What is measured, and at which sizes: peak Erlangs, agents, or what the name says."""
SHADES = ("#0a655b", "#b27400", "#5b6f9e", "#9a4f7c", "#c2553d", "#2b7fb8", "#6d8f1f", "#42535c")


def megabytes() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def measured(name: str, size: int) -> dict[str, float]:
    """Seconds and megabytes of one piece of work, once compiled."""
    from benchmarks.planning import timed
    from benchmarks.planning_instances import tight_week
    from homeshore.planning.engine.history import history_of
    from homeshore.planning.engine.scheduling import solve
    from homeshore.planning.engine.simulation import steady_queue

    work: Any
    small: Any
    if name.startswith("Erlang"):
        from benchmarks.planning import week_of_loads
        from homeshore.planning.engine.erlang import Goals, agents_for_a, agents_for_c

        def work(peak: float = size) -> Any:
            if name.startswith("Erlang C"):
                return agents_for_c(week_of_loads(peak), 300, Goals())
            return agents_for_a(week_of_loads(peak), 300, 180, Goals())

        def small() -> Any:
            return work(10)
    elif name.startswith("Simulated"):
        work, small = partial(day_of, size), partial(day_of, 10)
    elif name.startswith("Schedule"):
        work, small = partial(solve, tight_week(size), target_gap=0.005), partial(solve, tight_week(4), rounds=1)
    elif name.startswith("Single"):
        queue = partial(steady_queue, 5700, 60, 120, 100)
        work, small = partial(queue, calls=size), partial(queue, calls=1000)
    elif name.startswith("Forecast"):
        work, small = partial(forecast_of, size), partial(forecast_of, 60)
    elif name.startswith("Promises"):
        work, small = partial(income_of, size), partial(income_of, 4)
    else:
        work, small = partial(history_of, file_of(size), zone="UTC"), partial(history_of, file_of(100), zone="UTC")

    small()
    before = megabytes()
    seconds, _ = timed(work)
    return {"seconds": seconds, "megabytes": max(0.0, megabytes() - before)}


def forecast_of(days: int) -> Any:
    """Two weeks ahead, from so many days of one queue in 30 minutes, the method chosen among all."""
    import numpy as np

    from homeshore.planning.engine.forecast import calendar_of, forecast
    from homeshore.planning.engine.history import Series

    shape = 40 * np.sin(np.linspace(0.2, 2.9, 48)) ** 2
    calls = np.random.default_rng(1).poisson(shape, (days, 48)).astype(float)
    return forecast(Series("a", date(2025, 1, 1), calls, "UTC", 30), 14, calendar_of("FR", [2025, 2026]))


def income_of(agents: int) -> Any:
    """Promises for the hours of a day from 100 possible futures: the floor routed contact by contact each time."""
    import numpy as np

    from homeshore.planning.engine.income import Tariff, sample_day

    floor = day_floor(agents)
    expected = np.array([queue.calls_per_hour for queue in floor.queues]) / 2
    tariffs = {queue.name: Tariff([250], [1.0]) for queue in floor.queues}
    return sample_day(floor, tariffs, np.tile(expected, (100, 1, 1)))


def file_of(rows: int) -> bytes:
    """Counts of four queues by the minute, as text."""
    lines = [f"DAY {m // 60:02}:{m % 60:02},{queue},3\n" for m in range(1440) for queue in "abcd"]
    day = "".join(lines).encode()
    first, length = date(2020, 1, 1), len("2020-01-01 00:00,a,3\n")
    days = (day.replace(b"DAY", str(first + timedelta(days=k)).encode()) for k in range(-(-rows // len(lines))))
    return b"start,queue,calls\n" + b"".join(days)[: rows * length]


def day_floor(agents: int) -> Any:
    """Five queues and 25 groups, as the multi-skill workload says."""
    from homeshore.planning.engine.simulation import Agent, Floor, Group, Queue

    names, sets = "abcde", [(0,), (0, 1), (0, 2), (0, 1, 2), (0, 1, 3)]
    groups = [
        Group(f"g{k}{s}", [names[(i + k) % 5] for i in members]) for k in range(5) for s, members in enumerate(sets)
    ]
    queues = [Queue(n, [200 * agents / 16 / 5] * 32, 240, law="lognormal", patience_seconds=180) for n in names]
    return Floor(queues, groups, [Agent(groups[a % 25].name, [(0.0, 57_600.0)]) for a in range(agents)], 1800.0)


def day_of(agents: int) -> Any:
    """A day of that floor."""
    from homeshore.planning.engine.simulation import draw_contacts, route_contacts

    floor = day_floor(agents)
    return route_contacts(floor, draw_contacts(floor))


def drawn(found: dict[str, dict[int, dict[str, float]]]) -> str:
    """Two frames with logarithmic axes: seconds, and megabytes."""
    parts = ['<rect width="1040" height="392" fill="#fff"/>']
    for place, (unit, word, low, high) in enumerate((("seconds", "s", -4, 2), ("megabytes", "MB", -1, 4))):
        left = 64 + 520 * place

        def x(size: float, left: int = left) -> float:
            return left + 430 * (log10(size) - 1) / 6

        def y(value: float, low: int = low, high: int = high) -> float:
            return 316 - 284 * (log10(max(value, 10**low)) - low) / (high - low)

        parts.append(f'<text x="{left}" y="18" fill="#15222a" font-weight="600">{unit}</text>')
        for power in range(low, high + 1):
            parts.append(f'<line x1="{left}" x2="{left + 430}" y1="{y(10**power):.0f}" y2="{y(10**power):.0f}" stroke="#e0e5e6"/>'
                         f'<text x="{left - 8}" y="{y(10**power) + 4:.0f}" text-anchor="end" fill="#56676f">{10**power:g} {word}</text>')  # fmt: skip
        for power, shown in ((2, "100"), (4, "10 thousand"), (6, "1 million")):
            parts.append(f'<text x="{x(10**power):.0f}" y="336" text-anchor="middle" fill="#56676f">{shown}</text>')
        for shade, (_, sizes) in zip(SHADES, found.items(), strict=True):
            points = [(x(size), y(told[unit])) for size, told in sizes.items()]
            path = " ".join(f"{a:.1f},{b:.1f}" for a, b in points)
            parts.append(f'<polyline points="{path}" fill="none" stroke="{shade}" stroke-width="2"/>')
            parts += [f'<circle cx="{a:.1f}" cy="{b:.1f}" r="3.5" fill="{shade}"/>' for a, b in points]
    for place, (shade, name) in enumerate(zip(SHADES, found, strict=True)):
        at, row = 64 + 244 * (place % 4), 359 + 20 * (place // 4)
        parts.append(
            f'<circle cx="{at + 4}" cy="{row}" r="4" fill="{shade}"/><text x="{at + 14}" y="{row + 4}" fill="#42535c">{name}</text>'
        )
    return ('<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1040 392" font-family="system-ui, sans-serif" font-size="12">'
            + "".join(parts) + "</svg>\n")  # fmt: skip


def table(found: dict[str, dict[int, dict[str, float]]]) -> str:
    """The same as a table of the documentation."""
    rows = [
        f"| {name} | {size:,} | {told['seconds']:.4g} | {told['megabytes']:.0f} |"
        for name, sizes in found.items() for size, told in sizes.items()
    ]  # fmt: skip
    return "\n".join(["| work | size | seconds | MB |", "|---|--:|--:|--:|", *rows])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--to", type=Path, help="where the chart goes; without it, only the figures are printed")
    parser.add_argument("--one", nargs=2, metavar=("NAME", "SIZE"), help="measure one, in this process")
    given = parser.parse_args()
    if given.one:
        print(json.dumps(measured(given.one[0], int(given.one[1]))))
        return
    found: dict[str, dict[int, dict[str, float]]] = {}
    for name, sizes in WORK.items():
        for size in sizes:
            command = [sys.executable, "-m", "benchmarks.planning_growth", "--one", name, str(size)]
            told = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
            found.setdefault(name, {})[size] = told
            print(f"{name:<40} {size:>6} {told['seconds']:>10.4f} s {told['megabytes']:>8.1f} MB", flush=True)
    print(table(found))
    if given.to:
        given.to.write_text(drawn(found), encoding="utf-8")


if __name__ == "__main__":
    main()
