"""Marks: what is known of a day besides its counts. They are kept beside the data and never change it."""

from dataclasses import dataclass
from datetime import date
from typing import Literal

import numpy as np

from homeshore.planning.engine.history import Series

MarkKind = Literal["outlier", "special_day", "event", "imputed"]


@dataclass(frozen=True, slots=True)
class Mark:
    """A day of a queue (of all queues when None). ``fits`` tells whether fitting may use the day."""

    day: date
    kind: MarkKind
    note: str
    queue: str | None = None
    fits: bool = False


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
                day, "outlier", f"{totals[place]:.0f} calls where {usual:.0f} are usual on that weekday", series.queue
            ))  # fmt: skip
    return marks
