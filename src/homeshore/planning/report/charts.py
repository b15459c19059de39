"""Charts as SVG text: no script, colours from the page's own variables, values readable as titles."""

from collections.abc import Sequence
from html import escape

import numpy as np

WIDTH, HEIGHT = 920, 220
LEFT, BOTTOM, TOP = 44, 24, 10


def _ticks(highest: float) -> list[float]:
    if highest <= 0:
        return [0.0, 1.0]
    step = 10 ** np.floor(np.log10(highest / 3))
    step *= next(k for k in (1, 2, 5, 10) if highest / (k * step) <= 4.5)
    return [float(v) for v in np.arange(0, highest + step * 0.999, step)]


def _plain(value: float) -> str:
    return f"{value:g}"


def _frame(highest: float, labels: Sequence[tuple[float, str]], name: str) -> tuple[list[str], float]:
    ticks = _ticks(highest)
    top = ticks[-1]
    parts = [f'<svg viewBox="0 0 {WIDTH} {HEIGHT}" role="img" aria-label="{escape(name)}">']
    for tick in ticks:
        y = TOP + (HEIGHT - TOP - BOTTOM) * (1 - tick / top)
        parts.append(f'<line class="rule" x1="{LEFT}" x2="{WIDTH}" y1="{y:.1f}" y2="{y:.1f}"/>')
        parts.append(f'<text class="tick" x="{LEFT - 6}" y="{y + 4:.1f}" text-anchor="end">{_plain(tick)}</text>')
    for share, label in labels:
        x = LEFT + (WIDTH - LEFT) * share
        parts.append(f'<text class="tick" x="{x:.1f}" y="{HEIGHT - 6}">{escape(label)}</text>')
        parts.append(f'<line class="rule" x1="{x:.1f}" x2="{x:.1f}" y1="{TOP}" y2="{HEIGHT - BOTTOM}"/>')
    return parts, top


def _points(values: np.ndarray, top: float) -> list[tuple[float, float]]:
    width, height = WIDTH - LEFT, HEIGHT - TOP - BOTTOM
    return [(LEFT + width * (k + 0.5) / len(values), TOP + height * (1 - float(v) / top)) for k, v in enumerate(values)]


def _line(values: np.ndarray, top: float, kind: str) -> str:
    """A line broken where values are missing."""
    runs: list[list[str]] = [[]]
    for (x, y), value in zip(_points(np.nan_to_num(values), top), values, strict=True):
        if np.isnan(value):
            runs.append([])
        else:
            runs[-1].append(f"{x:.1f},{y:.1f}")
    return "".join(f'<polyline class="{kind}" points="{" ".join(run)}"/>' for run in runs if len(run) > 1)


def history_and_forecast(
    past: np.ndarray, mean: np.ndarray, low: np.ndarray, high: np.ndarray, labels: Sequence[tuple[float, str]], name: str
) -> str:  # fmt: skip
    """Past as a grey line, then the forecast as a line within its band."""
    count = len(past) + len(mean)
    parts, top = _frame(float(np.nanmax([*past, *high, 1.0])), labels, name)
    gap = np.full(len(past), np.nan)
    upper = _points(np.concatenate([np.zeros(len(past)), high]), top)[len(past) :]
    lower = _points(np.concatenate([np.zeros(len(past)), low]), top)[len(past) :]
    band = " ".join(f"{x:.1f},{y:.1f}" for x, y in [*upper, *reversed(lower)])
    parts.append(f'<polygon class="band" points="{band}"/>')
    parts.append(_line(np.concatenate([past, np.full(count - len(past), np.nan)]), top, "past"))
    parts.append(_line(np.concatenate([gap, mean]), top, "mean"))
    return "".join([*parts, "</svg>"])


def need_and_cover(need: np.ndarray, cover: np.ndarray, labels: Sequence[tuple[float, str]], name: str) -> str:
    """Need as steps, cover as bars: coral where agents are missing."""
    parts, top = _frame(float(max(need.max(initial=1), cover.max(initial=1))), labels, name)
    width = (WIDTH - LEFT) / len(need)
    floor = HEIGHT - BOTTOM
    scale = (HEIGHT - TOP - BOTTOM) / top
    for k, (wanted, there) in enumerate(zip(need, cover, strict=True)):
        x = LEFT + width * k
        kind = "short" if there < wanted else "bar"
        parts.append(f'<rect class="{kind}" x="{x:.1f}" y="{floor - scale * there:.1f}" width="{width * 0.9:.2f}" '
                     f'height="{scale * there:.1f}"/>')  # fmt: skip
    steps = []
    for k, wanted in enumerate(need):
        y = floor - scale * wanted
        steps += [f"{LEFT + width * k:.1f},{y:.1f}", f"{LEFT + width * (k + 1):.1f},{y:.1f}"]
    parts.append(f'<polyline class="need" points="{" ".join(steps)}"/>')
    return "".join([*parts, "</svg>"])


def heat_map(
    values: np.ndarray, rows: Sequence[str], columns: Sequence[str], name: str, titles: Sequence[Sequence[str]]
) -> str:
    """Cover less need by day and hour: coral is missing, sea is to spare, the number says it too."""
    width, height, left = 920, 26 * len(rows) + 22, 96
    cell = (width - left) / len(columns)
    reach = max(1.0, float(np.abs(values).max(initial=1.0)))
    parts = [f'<svg viewBox="0 0 {width} {height}" role="img" aria-label="{escape(name)}">']
    for c, label in enumerate(columns):
        parts.append(
            f'<text class="tick" x="{left + cell * (c + 0.5):.1f}" y="14" text-anchor="middle">{escape(label)}</text>'
        )
    for r, label in enumerate(rows):
        y = 22 + 26 * r
        parts.append(f'<text class="tick" x="{left - 8}" y="{y + 16}" text-anchor="end">{escape(label)}</text>')
        for c in range(len(columns)):
            value = float(values[r, c])
            kind = "short" if value < -0.05 else "bar"
            strength = 0.08 + 0.8 * min(1.0, abs(value) / reach) if abs(value) > 0.05 else 0.0
            number = f"{value:+.1f}" if abs(value) > 0.05 else "·"
            parts.append(
                f'<rect class="{kind}" x="{left + cell * c:.1f}" y="{y}" width="{cell - 2:.1f}" height="24" rx="3" '
                f'fill-opacity="{strength:.2f}"><title>{escape(titles[r][c])}</title></rect>'
                f'<text class="cell" x="{left + cell * (c + 0.5) - 1:.1f}" y="{y + 16}" text-anchor="middle">{number}</text>'
            )
    return "".join([*parts, "</svg>"])


def schedule_grid(
    rows: Sequence[tuple[str, Sequence[tuple[float, float, int, str]]]], days: Sequence[str], hours: tuple[float, float]
) -> str:
    """One line a person, one column a day; a bar for each task, its shade by queue. ``rows``: name, (at, to, queue, title),
    with ``at`` in days and share of the open day."""
    left, width, line = 92, 920, 20
    height = line * len(rows) + 24
    day_width = (width - left) / len(days)
    parts = [f'<svg viewBox="0 0 {width} {height}" role="img" aria-label="schedule">']
    for d, label in enumerate(days):
        x = left + day_width * d
        parts.append(f'<text class="tick" x="{x + 4:.1f}" y="14">{escape(label)}</text>')
        parts.append(f'<line class="rule" x1="{x:.1f}" x2="{x:.1f}" y1="18" y2="{height}"/>')
    for r, (name, tasks) in enumerate(rows):
        y = 24 + line * r
        parts.append(f'<text class="tick" x="{left - 8}" y="{y + 12}" text-anchor="end">{escape(name)}</text>')
        for at, to, queue, title in tasks:
            x = left + day_width * at
            parts.append(f'<rect class="queue-{queue % 6}" x="{x:.1f}" y="{y}" width="{max(1.0, day_width * (to - at)):.1f}" '
                         f'height="{line - 6}" rx="2"><title>{escape(title)}</title></rect>')  # fmt: skip
    return "".join([*parts, "</svg>"])
