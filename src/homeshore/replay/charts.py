"""Charts as SVG text, for a page that loads nothing. Pure.

Two series are told apart by shape and dash as well as by colour, and every chart says in a sentence what it shows.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

WIDTH, HEIGHT = 760, 220
LEFT, RIGHT, TOP, BOTTOM = 44, 12, 12, 28


@dataclass(frozen=True, slots=True)
class Series:
    """One line or set of bars: its name, its CSS class, a value for each label (None leaves a gap)."""

    name: str
    style: str
    values: Sequence[float | None]


def lines(labels: Sequence[str], series: Sequence[Series], *, top: float, unit: str, title: str) -> str:
    """Values over time, a line for each series."""
    drawn = []
    for one in series:
        points = [
            (across(index, len(labels)), up(value, top)) for index, value in enumerate(one.values) if value is not None
        ]
        path = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
        drawn.append(f'<polyline class="line {one.style}" points="{path}"/>')
        drawn += [mark(one.style, x, y) for x, y in points]
    return frame(labels, "".join(drawn), series, top=top, unit=unit, title=title)


def bars(labels: Sequence[str], series: Sequence[Series], *, top: float, unit: str, title: str) -> str:
    """Values over time, a bar for each series side by side."""
    room = (WIDTH - LEFT - RIGHT) / max(1, len(labels))
    width = room * 0.8 / max(1, len(series))
    drawn = []
    for place, one in enumerate(series):
        for index, value in enumerate(one.values):
            if value:
                x = LEFT + room * (index + 0.1) + width * place
                y = up(value, top)
                drawn.append(
                    f'<rect class="bar {one.style}" x="{x:.1f}" y="{y:.1f}" width="{width:.1f}" height="{HEIGHT - BOTTOM - y:.1f}"/>'
                )
    return frame(labels, "".join(drawn), series, top=top, unit=unit, title=title)


def frame(labels: Sequence[str], drawn: str, series: Sequence[Series], *, top: float, unit: str, title: str) -> str:
    """Axes, grid and legend around what is drawn."""
    grid = []
    for quarter in range(5):
        value = top * quarter / 4
        y = up(value, top)
        grid.append(f'<line class="grid" x1="{LEFT}" x2="{WIDTH - RIGHT}" y1="{y:.1f}" y2="{y:.1f}"/>')
        grid.append(
            f'<text class="tick" x="{LEFT - 6}" y="{y + 4:.1f}" text-anchor="end">{value:.0f}{escape(unit)}</text>'
        )
    every = max(1, len(labels) // 12)
    for index in range(0, len(labels), every):
        x = across(index, len(labels))
        grid.append(
            f'<text class="tick" x="{x:.1f}" y="{HEIGHT - 8}" text-anchor="middle">{escape(labels[index])}</text>'
        )
    legend = "".join(
        f'<span><svg class="key" viewBox="0 0 16 12" aria-hidden="true"><line class="line {one.style}" x1="0" x2="16" y1="6" y2="6"/>'
        f"{mark(one.style, 8, 6)}</svg>{escape(one.name)}</span>"
        for one in series
    )
    return (
        f'<figure><figcaption>{escape(title)}</figcaption><div class="legend">{legend}</div>'
        f'<svg class="chart" viewBox="0 0 {WIDTH} {HEIGHT}" role="img" aria-label="{escape(title)}">{"".join(grid)}{drawn}</svg></figure>'
    )


def mark(style: str, x: float, y: float) -> str:
    """A point: a disc for what was recorded, a square for what was replayed."""
    if style == "recorded":
        return f'<circle class="mark {style}" cx="{x:.1f}" cy="{y:.1f}" r="3"/>'
    return f'<rect class="mark {style}" x="{x - 3:.1f}" y="{y - 3:.1f}" width="6" height="6"/>'


def across(index: int, count: int) -> float:
    room = (WIDTH - LEFT - RIGHT) / max(1, count)
    return LEFT + room * (index + 0.5)


def up(value: float, top: float) -> float:
    return HEIGHT - BOTTOM - (HEIGHT - TOP - BOTTOM) * min(1.0, value / top if top else 0.0)
