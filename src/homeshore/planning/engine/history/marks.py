"""Marks: what is known of a day besides its counts. They are kept beside the data and never change it."""

from dataclasses import dataclass
from datetime import date
from typing import Literal

import numpy as np

from homeshore.planning.engine.history import Series
from homeshore.planning.engine.problems import Problem

MarkKind = Literal["outlier", "special_day", "event", "imputed"]


@dataclass(frozen=True, slots=True)
class Mark:
    """A day of a queue (of all queues when None), or one interval of it. ``fits`` tells whether fitting may use it."""

    day: date
    kind: MarkKind
    note: Problem
    queue: str | None = None
    fits: bool = False
    slot: int | None = None


def outlying_days(series: Series, threshold: float = 4.0) -> list[Mark]:
    """Days whose total is far from those of the eight nearest same weekdays: beyond ``threshold`` robust deviations.

    The deviation is the larger of that of the neighbours (1.4826 x median absolute deviation), the Poisson noise, and
    five per cent of the usual total.
    """
    totals = np.nansum(series.calls, axis=1)
    known = [bool(np.isfinite(day).any()) for day in series.calls]
    marks = []
    for place, day in enumerate(series.days):
        if not known[place]:
            continue
        same = [k for k in range(place % 7, len(totals), 7) if k != place and known[k]]
        near = sorted(same, key=lambda k: abs(k - place))[:8]
        if len(near) < 3:
            continue
        usual = float(np.median(totals[near]))
        robust = 1.4826 * float(np.median(np.abs(totals[near] - usual)))
        deviation = max(robust, np.sqrt(max(usual, 1.0)), 0.05 * usual)
        if abs(totals[place] - usual) > threshold * deviation:
            marks.append(Mark(
                day, "outlier",
                Problem("%(calls).0f calls where %(usual).0f are usual on that weekday",
                        {"calls": float(totals[place]), "usual": usual}),
                series.queue,
            ))  # fmt: skip
    return marks


def outlying_intervals(series: Series, times: float = 3.0, threshold: float = 8.0) -> list[Mark]:
    """Single intervals that burst: over ``times`` the median of the same interval of other same weekdays, and over it by
    ``threshold`` deviations (of these, of Poisson's law, or 15 per cent, whichever is largest)."""
    marks = []
    length = series.interval_minutes
    for first in range(7):
        calls = series.calls[first::7]
        if calls.shape[0] < 4:
            continue
        for row in range(calls.shape[0]):
            others = np.delete(calls, row, axis=0)
            known = np.isfinite(others).sum(axis=0) >= 3
            usual = np.array([np.nanmedian(others[:, k]) if known[k] else np.inf for k in range(calls.shape[1])])
            stray = np.array(
                [np.nanmedian(np.abs(others[:, k] - usual[k])) if known[k] else 0.0 for k in range(len(usual))]
            )
            deviation = np.maximum(np.maximum(1.4826 * stray, np.sqrt(np.maximum(usual, 1.0))), 0.15 * usual)
            burst = np.nan_to_num(calls[row]) > np.maximum(times * usual, usual + threshold * deviation)
            for slot in np.flatnonzero(burst):
                day = series.days[first + 7 * row]
                clock = f"{slot * length // 60:02d}:{slot * length % 60:02d}"
                note = Problem("%(calls).0f calls at %(clock)s where %(usual).0f are usual on that weekday",
                               {"calls": float(calls[row, slot]), "clock": clock, "usual": float(usual[slot])})  # fmt: skip
                marks.append(Mark(day, "outlier", note, series.queue, slot=int(slot)))
    return sorted(marks, key=lambda mark: (mark.day, mark.slot or 0))
