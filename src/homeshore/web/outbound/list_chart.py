"""The calls of a list drawn: one column a day, in the units of the SVG that the template writes. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass

from homeshore.outbound.lists.queries import Day

WIDTH, LEFT, TOP, BOTTOM = 720, 36, 12, 156
ROUND = (1, 2, 5, 10, 20, 25, 50, 100, 200, 250, 500, 1000, 2000, 5000, 10000)


@dataclass(frozen=True, slots=True)
class Column:
    """A day: the middle of its place, and its parts from the ground up as (code, top, height)."""

    day: Day
    x: float
    left: float
    width: float
    parts: list[tuple[str, float, float]]


@dataclass(frozen=True, slots=True)
class Chart:
    """Columns, and the levels of the grid as (y, calls)."""

    columns: list[Column]
    grid: list[tuple[float, int]]


def draw(days: Sequence[Day]) -> Chart:
    """The calls of each day: who was reached, who refused, who did not answer."""
    best = max((each.calls for each in days), default=0)
    step = next((each for each in ROUND if each * 4 >= best), -(-best // 4))
    steps = max(2, -(-best // step))
    place = (WIDTH - LEFT) / len(days)

    def y(calls: int) -> float:
        return round(BOTTOM - calls / (steps * step) * (BOTTOM - TOP), 1)

    columns = []
    for n, each in enumerate(days):
        parts, below = [], 0
        for code, number in (("reached", each.reached), ("refused", each.refused), ("nobody", each.nobody)):
            if number:
                parts.append((code, y(below + number), round(y(below) - y(below + number), 1)))
                below += number
        columns.append(
            Column(
                each,
                round(LEFT + (n + 0.5) * place, 1),
                round(LEFT + (n + 0.2) * place, 1),
                round(place * 0.6, 1),
                parts,
            )
        )
    return Chart(columns, [(y(n * step), n * step) for n in range(steps + 1)])
