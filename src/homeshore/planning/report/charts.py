"""Charts as SVG text, for screens and reports: no script, colours by class, values readable as titles.

Classes are those of the house's figures: `fact` came, `band` may come, `plan` is expected, `goal` is needed, `bad` lacks,
`over` stands out, `said` is a figure written at its place.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from html import escape
from math import floor, log10

from homeshore.planning.report.language import figure, measured
from homeshore.planning.report.shapes import SHADES

LEFT, TOP, BOTTOM = 44, 14, 24
LETTER = 8.5
"""Room for a letter of an axis, as wide as charts on a phone write it."""

Maybe = Sequence[float | None]
Labels = Sequence[tuple[float, str]]
"""Words under the axis, each at its share of the width."""


def steps_to(highest: float) -> list[float]:
    """Round steps of an axis, four or five of them, from 0 to at least ``highest``."""
    if highest <= 0:
        return [0.0, 1.0]
    size = 10.0 ** floor(log10(highest))
    step = next(k * size for k in (0.25, 0.5, 1, 2, 2.5) if highest / (k * size) <= 4.6)
    count = int(highest / step - 1e-9) + 1
    return [round(step * k, 6) for k in range(count + 1)]


def _plain(value: float) -> str:
    return figure(value, 0 if value == round(value) else 1)


@dataclass(slots=True)
class Drawing:
    """A frame of ``width`` × ``height`` whose vertical axis runs from 0 to ``top``, and what was drawn in it."""

    name: str
    width: int
    height: int
    ticks: Sequence[float]
    labels: Labels = ()
    unit: str = ""
    parts: list[str] = field(default_factory=list)
    left: int = field(init=False)

    def __post_init__(self) -> None:
        words = [measured(_plain(tick), self.unit) for tick in self.ticks]
        self.left = max(LEFT, round(LETTER * max(map(len, words))) + 8)
        for place, (tick, text) in enumerate(zip(self.ticks, words, strict=True)):
            y = self.y(tick)
            kind = "grid" if place else "axis"
            self.parts.append(f'<line class="{kind}" x1="{self.left}" x2="{self.width}" y1="{y:.1f}" y2="{y:.1f}"/>')
            self.parts.append(f'<text x="{self.left - 8}" y="{y:.1f}" dy="4" text-anchor="end">{escape(text)}</text>')
        for share, label in self.labels:
            self.parts.append(f'<text x="{self.x(share):.1f}" y="{self.height - 6}">{escape(label)}</text>')

    def axis_at_end(self) -> None:
        """The axis said again at the right: a phone shows that end of a long chart first."""
        for tick in self.ticks[1:]:
            text, y = escape(measured(_plain(tick), self.unit)), self.y(tick) - 4
            self.parts.append(f'<text class="again" x="{self.width - 2}" y="{y:.1f}" text-anchor="end">{text}</text>')

    @property
    def ground(self) -> float:
        return self.height - BOTTOM

    def x(self, share: float) -> float:
        return self.left + (self.width - self.left) * share

    def y(self, value: float) -> float:
        return self.ground - (self.ground - TOP) * value / self.ticks[-1]

    def rule(self, share: float) -> None:
        """A hairline between days."""
        self.parts.append(
            f'<line class="grid" x1="{self.x(share):.1f}" x2="{self.x(share):.1f}" y1="{TOP}" y2="{self.ground}"/>'
        )

    def bar(self, share: float, width: float, value: float, kind: str, title: str = "", least: float = 0.0) -> None:
        """A column from ``least`` to ``value``; its place and width are shares of the whole."""
        x, wide = self.x(share), max(0.8, (self.width - self.left) * width)
        high = max(0.0, self.y(least) - self.y(value))
        told = f"<title>{escape(title)}</title>" if title else ""
        self.parts.append(
            f'<rect class="{kind}" x="{x:.1f}" y="{self.y(value):.1f}" width="{wide:.2f}" height="{high:.1f}" rx="{min(2.0, wide / 4):.1f}">'
            f"{told}</rect>"
        )

    def points(self, values: Maybe, begin: float = 0.0, end: float = 1.0) -> list[tuple[float, float] | None]:
        """A point in the middle of each value's place; None where it is missing."""
        size = (end - begin) / max(1, len(values))
        return [None if v is None else (self.x(begin + size * (k + 0.5)), self.y(v)) for k, v in enumerate(values)]

    def line(self, points: Sequence[tuple[float, float] | None], kind: str) -> None:
        """A line, broken where a point is missing."""
        runs: list[list[str]] = [[]]
        for point in points:
            if point is None:
                runs.append([])
            else:
                runs[-1].append(f"{point[0]:.1f},{point[1]:.1f}")
        self.parts += [f'<polyline class="{kind}" points="{" ".join(run)}"/>' for run in runs if len(run) > 1]

    def steps(self, values: Maybe, kind: str, begin: float = 0.0, end: float = 1.0) -> None:
        """A staircase: each value holds for its whole place."""
        size = (end - begin) / max(1, len(values))
        points: list[tuple[float, float] | None] = []
        for k, value in enumerate(values):
            if value is None:
                points.append(None)
            else:
                points += [(self.x(begin + size * k), self.y(value)), (self.x(begin + size * (k + 1)), self.y(value))]
        self.line(points, kind)

    def band(self, low: Sequence[float], high: Sequence[float], begin: float = 0.0, end: float = 1.0) -> None:
        """What lies between two staircases."""
        size = (end - begin) / max(1, len(low))
        corners = []
        for values, places in ((high, range(len(high))), (low, range(len(low) - 1, -1, -1))):
            for k in places:
                sides = (k, k + 1) if values is high else (k + 1, k)
                corners += [f"{self.x(begin + size * s):.1f},{self.y(values[k]):.1f}" for s in sides]
        self.parts.append(f'<polygon class="band" points="{" ".join(corners)}"/>')

    def mark(self, share: float, value: float, title: str) -> None:
        """A triangle above what stands out."""
        x, y = self.x(share), self.y(value) - 4
        self.parts.append(f'<path class="over" d="M{x:.1f} {y:.1f}l-5 -8h10z"><title>{escape(title)}</title></path>')

    def now(self, share: float, word: str) -> None:
        """A dotted line where the past ends."""
        x = self.x(share)
        self.parts.append(f'<line class="nowline" x1="{x:.1f}" x2="{x:.1f}" y1="{TOP}" y2="{self.ground}"/>')
        self.parts.append(f'<text class="said" x="{x + 6:.1f}" y="{TOP + 2}" dy="4">{escape(word)}</text>')

    def svg(self) -> str:
        return (
            f'<svg class="chart" viewBox="0 0 {self.width} {self.height}" role="img" aria-label="{escape(self.name)}">'
            + "".join(self.parts)
            + "</svg>"
        )


def calls_by_day(
    values: Maybe, labels: Labels, name: str, marks: dict[int, str], special: dict[int, str], width: int = 820
) -> str:
    """A column a day; a triangle on days that stand out, a paler column on special days, nothing where data is missing."""
    drawing = Drawing(name, width, 176, steps_to(max((v for v in values if v is not None), default=1) * 1.08), labels)
    size = 1 / max(1, len(values))
    for k, value in enumerate(values):
        if value is not None:
            drawing.bar(
                k * size + 0.1 * size, 0.8 * size, value, "promised" if k in special else "fact", special.get(k, "")
            )
    for k, title in marks.items():
        drawing.mark((k + 0.5) * size, values[k] or 0.0, title)
    return drawing.svg()


def past_and_forecast(
    past: Maybe, mean: Sequence[float], low: Sequence[float], high: Sequence[float], labels: Labels, name: str,
    now: str, uncertain: Sequence[int] = (), width: int = 1088, both_ends: bool = False,
) -> str:  # fmt: skip
    """Days past as columns, then the forecast as a staircase in its band; a triangle on days that are uncertain."""
    whole = len(past) + len(mean)
    highest = max([v for v in past if v is not None] + list(high) + [1.0])
    drawing = Drawing(name, width, 208, steps_to(highest * 1.05), labels)
    begin = len(past) / whole
    drawing.band(low, high, begin)
    for k, value in enumerate(past):
        if value is not None:
            drawing.bar((k + 0.14) / whole, 0.72 / whole, value, "fact")
    drawing.steps(mean, "plan", begin)
    for k in uncertain:
        drawing.mark((len(past) + k + 0.5) / whole, high[k], "")
    drawing.now(begin, now)
    if both_ends:
        drawing.axis_at_end()
    return drawing.svg()


def interval_forecast(
    mean: Sequence[float], low: Sequence[float], high: Sequence[float], labels: Labels, name: str, past: Maybe = (),
    width: int = 1088,
) -> str:  # fmt: skip
    """A day's intervals: expected as a staircase in its band, the same day a week before as a thin line."""
    highest = max([*high, *(v for v in past if v is not None), 1.0])
    drawing = Drawing(name, width, 208, steps_to(highest * 1.05), labels)
    drawing.band(low, high)
    if past:
        drawing.line(drawing.points(past), "before")
    drawing.steps(mean, "plan")
    return drawing.svg()


def need_and_cover(
    need: Sequence[float], cover: Sequence[float], labels: Labels, name: str, days: int = 1, width: int = 1088
) -> str:
    """Need as a staircase over cover as columns; what is missing stands on them in coral."""
    drawing = Drawing(name, width, 208, steps_to(max([*need, *cover, 1.0]) * 1.05), labels)
    size = 1 / max(1, len(need))
    for d in range(1, days):
        drawing.rule(d / days)
    for k, (wanted, there) in enumerate(zip(need, cover, strict=True)):
        if there:
            drawing.bar((k + 0.06) * size, 0.88 * size, there, "promised")
        if there < wanted:
            drawing.bar((k + 0.06) * size, 0.88 * size, wanted, "bad", f"{there:g} / {wanted:g}", least=there)
    drawing.steps(need, "need")
    return drawing.svg()


def need_of_week(
    need: Sequence[float], before: Sequence[float], labels: Labels, name: str, days: int, width: int = 1088
) -> str:  # fmt: skip
    """Agents needed over the week, filled; the staffing kept before as a line, when it is another."""
    drawing = Drawing(name, width, 176, steps_to(max([*need, *before, 1.0]) * 1.05), labels)
    size = 1 / max(1, len(need))
    for d in range(1, days):
        drawing.rule(d / days)
    for k, value in enumerate(need):
        if value:
            drawing.bar(k * size, size, value, "fact")
    if before:
        drawing.steps(before, "need")
    return drawing.svg()


def need_of_day(
    need: Sequence[float], work: Sequence[float], labels: Labels, name: str, width: int = 1088
) -> str:  # fmt: skip
    """Agents of a day: at work as columns, and above them those to schedule so that so many are there."""
    drawing = Drawing(name, width, 176, steps_to(max([*need, 1.0]) * 1.05), labels)
    size = 1 / max(1, len(need))
    for k, (wanted, there) in enumerate(zip(need, work, strict=True)):
        drawing.bar((k + 0.08) * size, 0.84 * size, wanted, "promised", f"{wanted:g}")
        drawing.bar((k + 0.08) * size, 0.84 * size, there, "fact", f"{there:g}")
    return drawing.svg()


def heat_map(values: Sequence[Sequence[float | None]], rows: Sequence[str], columns: Sequence[str], name: str,
             titles: Sequence[Sequence[str]], width: int = 1088) -> str:  # fmt: skip
    """Agents to spare or missing by day and hour: the figure says it, the colour shows where to look."""
    left, line = 98, 28
    height = line * len(rows) + 22
    cell = (width - left) / max(1, len(columns))
    reach = max([1.0, *(abs(v) for row in values for v in row if v is not None)])
    parts = [f'<svg class="chart heat" viewBox="0 0 {width} {height}" role="img" aria-label="{escape(name)}">']
    for c, label in enumerate(columns):
        parts.append(f'<text x="{left + cell * (c + 0.5):.1f}" y="14" text-anchor="middle">{escape(label)}</text>')
    for r, label in enumerate(rows):
        y = 22 + line * r
        parts.append(f'<text x="{left - 10}" y="{y + 18}" text-anchor="end">{escape(label)}</text>')
        for c, value in enumerate(values[r]):
            if value is None:
                continue
            kind = "bad" if value < -0.05 else "fact"
            strength = 0.10 + 0.45 * min(1.0, abs(value) / reach) if abs(value) > 0.05 else 0.03
            said = ("+" if value > 0 else "−") + _plain(round(abs(value), 1)) if abs(value) > 0.05 else "·"
            parts.append(
                f'<rect class="{kind}" x="{left + cell * c:.1f}" y="{y}" width="{cell - 2:.1f}" height="{line - 2}" rx="4" '
                f'fill-opacity="{strength:.2f}"><title>{escape(titles[r][c])}</title></rect>'
                f'<text class="{"said" if value < -0.05 else "cell"}" x="{left + cell * (c + 0.5) - 1:.1f}" y="{y + 17}" '
                f'text-anchor="middle">{said}</text>'
            )
    return "".join([*parts, "</svg>"])


def ranges(
    rows: Sequence[tuple[str, float, float, float]], name: str, unit: str, width: int = 1088,
    steps: Sequence[float] | None = None,
) -> str:  # fmt: skip
    """A column for each interval from low to high, a dot for what is expected, its words under it."""
    top = list(steps) if steps else steps_to(max([1.0, *(high for _, _, _, high in rows)]) * 1.05)
    size = 1 / max(1, len(rows))
    drawing = Drawing(name, width, 208, top, [], unit)
    for k, (label, low, expected, high) in enumerate(rows):
        wide = min(0.62 * size, 0.03)
        middle = (k + 0.5) * size
        drawing.bar(middle - wide / 2, wide, high, "promised", least=low)
        x = drawing.x(middle)
        drawing.parts.append(f'<circle class="fact" cx="{x:.1f}" cy="{drawing.y(expected):.1f}" r="4.5"/>')
        drawing.parts.append(f'<text x="{x:.1f}" y="{drawing.height - 6}" text-anchor="middle">{escape(label)}</text>')
    return drawing.svg()


def stacked(
    rows: Sequence[tuple[str, Sequence[float], str]], names: Sequence[str], name: str, width: int = 1088
) -> str:
    """A bar a row, made of parts (its classes part-0, part-1, …), and its sum in words at its end; in a narrow chart
    both stand above the bar."""
    narrow = width < 600
    left, line, right = (0, 52, 0) if narrow else (200, 36, 150)
    words, top = (18, 26) if narrow else (22, 8)
    whole = max([1e-9, *(sum(values) for _, values, _ in rows)])
    parts = [
        f'<svg class="chart stacked" viewBox="0 0 {width} {line * len(rows)}" role="img" aria-label="{escape(name)}">'
    ]
    for r, (label, values, total) in enumerate(rows):
        y, x = line * r, float(left)
        beside = f'x="{left - 12}" text-anchor="end"' if not narrow else 'x="0"'
        parts.append(f'<text class="row" {beside} y="{y + words}">{escape(label)}</text>')
        for k, value in enumerate(values):
            wide = (width - left - right) * value / whole
            parts.append(f'<rect class="part-{k}" x="{x:.1f}" y="{y + top}" width="{max(0.0, wide - 1):.1f}" height="20" rx="2">'
                         f"<title>{escape(names[k])}</title></rect>")  # fmt: skip
            x += wide
        beside = f'x="{x + 8:.1f}"' if not narrow else f'x="{width}" text-anchor="end"'
        parts.append(f'<text class="said" {beside} y="{y + words}">{escape(total)}</text>')
    return "".join([*parts, "</svg>"])


def survival(points: Sequence[Sequence[float]], name: str, unit: str, width: int = 360) -> str:
    """Share of callers still ready to wait, by seconds waited."""
    last = max((second for second, _ in points), default=1) or 1
    labels = [(second / last, f"{second:g}{unit}") for second in (0, last / 3, 2 * last / 3)]
    drawing = Drawing(name, width, 176, [0, 25, 50, 75, 100], labels, "%")
    drawing.line([(drawing.x(second / last), drawing.y(100 * share)) for second, share in points], "fact-line")
    return drawing.svg()


def bar_of_day(tasks: Sequence[tuple[float, float, int, str]], begin: float, end: float) -> str:
    """One person's day as a strip: a piece for each task, its shade by queue, from ``begin`` to ``end`` o'clock."""
    parts = []
    for start, stop, queue, title in tasks:
        x, wide = 100 * (start - begin) / (end - begin), 100 * (stop - start) / (end - begin)
        parts.append(f'<rect class="queue-{queue % SHADES}" x="{x:.2f}" y="0" width="{max(0.6, wide - 0.4):.2f}" height="12">'
                     f"<title>{escape(title)}</title></rect>")  # fmt: skip
    return (
        f'<svg class="strip" viewBox="0 0 100 12" preserveAspectRatio="none" aria-hidden="true">{"".join(parts)}</svg>'
    )
