"""The month drawn: one column a day, in the units of the SVG that the template writes. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

WIDTH, LEFT, TOP, BOTTOM = 1088, 48, 16, 176
ROUND_EUROS = (1, 2, 5, 10, 20, 25, 50, 100, 200, 250, 500, 1000)


@dataclass(frozen=True, slots=True)
class Column:
    """A day: the middle of its place, its bar, and what it earned in cents."""

    day: date
    x: float
    left: float
    width: float
    y: float
    height: float
    cents: int
    is_today: bool
    is_best: bool


@dataclass(frozen=True, slots=True)
class Chart:
    """Columns, and the levels of the grid as (y, cents)."""

    columns: list[Column]
    grid: list[tuple[float, int]]


def draw(days: Sequence[date], cents: Mapping[date, int], *, today: date) -> Chart:
    """The days of a month with what each earned; the grid has at most four round steps of whole units of money."""
    best = max(cents.values(), default=0)
    step = next((each * 100 for each in ROUND_EUROS if each * 400 >= best), -(-best // 400) * 100)
    steps = max(2, -(-best // step))
    place = (WIDTH - LEFT) / len(days)

    def y(amount: int) -> float:
        return round(BOTTOM - amount / (steps * step) * (BOTTOM - TOP), 1)

    columns = [
        Column(
            day=day,
            x=round(LEFT + (n + 0.5) * place, 1),
            left=round(LEFT + (n + 0.2) * place, 1),
            width=round(place * 0.6, 1),
            y=y(earned := cents.get(day, 0)),
            height=round(BOTTOM - y(earned), 1),
            cents=earned,
            is_today=day == today,
            is_best=bool(earned) and earned == best,
        )
        for n, day in enumerate(days)
    ]
    return Chart(columns, [(y(n * step), n * step) for n in range(steps + 1)])
