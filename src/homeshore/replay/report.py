"""The end of a replay: a table for the terminal, JSON for programs, a page with charts for people."""

import json
import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from django.template import Context, Engine
from django.utils.formats import number_format
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _

from homeshore.replay import charts
from homeshore.replay.calls import Problem
from homeshore.replay.charts import Series
from homeshore.replay.figures import Figures, Slice

SHOWN_PROBLEMS = 200
LEAST_CEILING = 4.0
SLICE_MINUTES = 30
SLICE = timedelta(minutes=SLICE_MINUTES)


@dataclass(frozen=True, slots=True)
class Report:
    """All that is told of a replay, ready to be written."""

    source: str
    day: date
    target_seconds: int
    recorded: Figures
    replayed: Figures
    by_queue: Mapping[str, tuple[Figures, Figures]]
    recorded_slices: Sequence[Slice]
    replayed_slices: Sequence[Slice]
    problems: Sequence[Problem]
    ignored: int
    agents: int
    offers: int
    inputs: int
    acts: int
    wall_seconds: float
    times_real: float
    options: Mapping[str, Any]

    def rows(self) -> list[tuple[str, str, str]]:
        """The figures side by side: what it is, as recorded, as replayed."""
        within = _("Answered within %(seconds)s s") % {"seconds": self.target_seconds}

        def row(what: str, say: Callable[[Figures], str]) -> tuple[str, str, str]:
            return what, say(self.recorded), say(self.replayed)

        return [
            row(_("Offered"), lambda one: str(one.offered)),
            row(_("Answered"), lambda one: str(one.answered)),
            row(_("Abandoned"), lambda one: f"{one.abandoned} ({percent(one.abandonment)})"),
            row(within, lambda one: percent(one.service_level)),
            row(_("Average speed of answer"), lambda one: length(one.asa)),
            row(_("Average wait of those who left"), lambda one: length(one.mean_wait_of_abandoned)),
            row(_("Average service"), lambda one: length(one.aht)),
            row(_("Occupancy"), lambda one: percent(one.occupancy)),
        ]

    def table(self) -> str:
        """The figures for a terminal."""
        head = ("", _("recorded"), _("replayed"))
        rows = [head, *self.rows()]
        widths = [max(len(row[column]) for row in rows) for column in range(3)]
        return "\n".join(
            f"{row[0]:<{widths[0]}}  {row[1]:>{widths[1]}}  {row[2]:>{widths[2]}}".rstrip() for row in rows
        )

    def as_json(self) -> dict[str, Any]:
        """The same for programs: shares from 0 to 1, seconds, counts."""
        return {
            "source": self.source,
            "day": self.day.isoformat(),
            "target_seconds": self.target_seconds,
            "recorded": self.recorded.as_dict(),
            "replayed": self.replayed.as_dict(),
            "by_queue": {
                name: {"recorded": before.as_dict(), "replayed": after.as_dict()}
                for name, (before, after) in self.by_queue.items()
            },
            "by_time": {
                "recorded": [
                    {"start": each.start.isoformat(), **each.figures.as_dict()} for each in self.recorded_slices
                ],
                "replayed": [
                    {"start": each.start.isoformat(), **each.figures.as_dict()} for each in self.replayed_slices
                ],
            },
            "left_out": [{"line": each.line, "why": each.why} for each in self.problems],
            "ignored": self.ignored,
            "agents": self.agents,
            "offers": self.offers,
            "router_inputs": self.inputs,
            "acts": self.acts,
            "wall_seconds": round(self.wall_seconds, 3),
            "times_real_time": round(self.times_real, 1),
            "options": dict(self.options),
        }


def said(problem: Problem) -> str:
    """A line that was left out, in the reader's language."""
    return _("line %(line)s: %(why)s") % {"line": problem.line, "why": _(problem.text) % problem.values}


def write(report: Report, folder: Path) -> tuple[Path, Path]:
    """Write `replay-DAY.json` and `replay-DAY.html` into a folder; returns both paths."""
    folder.mkdir(parents=True, exist_ok=True)
    stem = f"replay-{report.day.isoformat()}"
    as_json, as_page = folder / f"{stem}.json", folder / f"{stem}.html"
    as_json.write_text(json.dumps(report.as_json(), indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    as_page.write_text(page(report), encoding="utf-8")
    return as_json, as_page


def page(report: Report) -> str:
    """The report as one HTML page that loads nothing from anywhere."""
    engine = Engine(dirs=[str(Path(__file__).parent / "templates")], libraries={"i18n": "django.templatetags.i18n"})
    rows = [{"what": what, "recorded": before, "replayed": after} for what, before, after in report.rows()]
    queues = [
        {"name": name, "recorded": before, "replayed": after, "cells": queue_cells(before, after)}
        for name, (before, after) in report.by_queue.items()
    ]
    context = Context(
        {
            "report": report,
            "rows": rows,
            "queues": queues,
            "charts": [mark_safe(chart) for chart in charts_of(report)],  # noqa: S308 (made by charts, which escapes)
            "problems": [said(problem) for problem in report.problems[:SHOWN_PROBLEMS]],
            "more_problems": max(0, len(report.problems) - SHOWN_PROBLEMS),
            "times": f"{report.times_real:,.0f}".replace(",", " "),
            "wall": f"{report.wall_seconds:.0f}",
        }
    )
    return engine.get_template("report.html").render(context)


def queue_cells(before: Figures, after: Figures) -> list[tuple[str, str]]:
    """What the table of queues shows of one, as recorded and as replayed."""
    return [
        (str(before.offered), str(after.offered)),
        (percent(before.abandonment), percent(after.abandonment)),
        (percent(before.service_level), percent(after.service_level)),
        (length(before.asa), length(after.asa)),
    ]


def charts_of(report: Report) -> list[str]:
    """Calls and those who left, service level, and waits, over the day."""
    before = {each.start: each.figures for each in report.recorded_slices}
    after = {each.start: each.figures for each in report.replayed_slices}
    starts = every_slice(sorted(before.keys() | after.keys()))
    labels = [f"{start:%H:%M}" for start in starts]

    def both(name: str, factor: float = 1.0) -> list[Series]:
        def values(figures: Mapping[Any, Figures]) -> list[float | None]:
            found = [getattr(figures[start], name) if start in figures else None for start in starts]
            return [None if value is None else value * factor for value in found]

        return [Series(_("recorded"), "recorded", values(before)), Series(_("replayed"), "replayed", values(after))]

    left, level, waits = both("abandoned"), both("service_level", 100), both("asa")
    offered = [
        Series(_("arrived"), "arrived", [float(after[start].offered) if start in after else None for start in starts])
    ]
    return [
        charts.bars(labels, offered, top=ceiling(offered), unit="", title=_("Calls that arrived, by half-hour")),
        charts.bars(
            labels, left, top=ceiling(left), unit="", title=_("Callers who left before an answer, by half-hour")
        ),
        charts.lines(
            labels,
            level,
            top=100,
            unit=" %",
            title=_("Answered within %(seconds)s s, in per cent") % {"seconds": report.target_seconds},
        ),
        charts.lines(labels, waits, top=ceiling(waits), unit=" s", title=_("Average speed of answer, in seconds")),
    ]


def every_slice(starts: Sequence[datetime]) -> list[datetime]:
    """The starts of all half-hours from the first to the last, those without calls too."""
    count = (starts[-1] - starts[0]) // SLICE
    return [starts[0] + SLICE * index for index in range(count + 1)]


def ceiling(series: Sequence[Series]) -> float:
    """A round number above all values."""
    most = max((value for one in series for value in one.values if value is not None), default=LEAST_CEILING)
    most = max(most, LEAST_CEILING)
    power = 10 ** math.floor(math.log10(most))
    return next(float(step * power) for step in (1, 2, 4, 5, 8, 10) if step * power >= most)


def percent(share: float | None) -> str:
    return "—" if share is None else f"{number_format(share * 100, 1)} %"


def length(seconds: float | None) -> str:
    """Minutes and seconds."""
    if seconds is None:
        return "—"
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes}:{rest:02d}"
