"""How long who stands in a line will wait: an interval that holds as often as it says, or nothing.

The model is the queue length with abandonment of Ibrahim and Whitt (*Real-Time Delay Estimation in Overloaded
Multiserver Queues with Abandonments*, Management Science 55(10), 2009): the contact at place n is answered after n
departures, which come at r + iθ while i others are still before it. r is how fast agents took contacts of this line
*while somebody waited*, so that neither idle hours nor the number of agents shared with other lines need to be known;
θ is the rate at which who waits here leaves. Sums of such steps are close to a gamma distribution of the same mean and
variance.

What the model does not know (others who overtake, agents who go home, uneven service) shows in how its answers of the
last hours turned out: each contact that waited is put to the model as of its arrival, and the quantiles that are told are
those within which they fell (recalibration, Kuleshov, Fenner and Ermon, ICML 2018). Who left unanswered counts as having
waited longer than that (Kaplan and Meier).
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import sqrt
from statistics import NormalDist
from typing import NamedTuple

REMEMBERED_MS = 4 * 3_600_000
"""Older waits say nothing of now."""
REMEMBERED = 200
"""So many of the latest waits are looked at, however many there were."""
LONGEST_SAID_MS = 3_600_000
OUTSIDE = 0.1
"""The share of contacts that may be answered before the interval, and as many after it: it holds for 80 %."""

_ANSWERS = 40
"""The pace of a line is that of its last answers, so many while somebody waited."""
_FEWEST = 8
"""With fewer answers nothing is said."""
_NO_WAIT_MS = 1_000
"""Who was taken within a second did not wait: an agent was free."""
_GUESS_MS = 180_000
"""Patience is taken for three minutes until something is known, with the weight of one contact."""
_TRIALS = 40
"""So many contacts are put to the model again, to see how its answers turn out."""
_PRIOR = 12.0
"""Until as many have been, the model is believed as much as they are."""
_STANDARD = NormalDist()


class Waited(NamedTuple):
    """A wait that is over: from arrival to an answer, or to the customer's leaving; in milliseconds."""

    arrived_at: int
    ended_at: int
    answered: bool


@dataclass(frozen=True, slots=True)
class Expected:
    """Of ten who stand so, eight are answered between `low_ms` and `high_ms` from now; `middle_ms` is the median."""

    low_ms: int
    middle_ms: int
    high_ms: int


_MINUTE, _FIVE_MINUTES, _QUARTER = 60, 300, 900


def said(expected: Expected) -> tuple[int, int]:
    """The interval as one says it, in seconds, widened: to whole minutes, to five minutes beyond a quarter of an hour."""
    low, high = expected.low_ms // 1000, -(-expected.high_ms // 1000)
    fine, coarse = _step_of(low), _step_of(high)
    return low // fine * fine, max(-(-high // coarse) * coarse, _MINUTE)


def _step_of(seconds: int) -> int:
    return _MINUTE if seconds <= _QUARTER else _FIVE_MINUTES


class Forecast:
    """What the latest waits of one line say about whoever waits in it at `now` (milliseconds since the epoch).

    `over` are waits that have ended, in any order, `waiting` the arrivals of who waits now.
    """

    def __init__(self, over: Iterable[Waited], waiting: Iterable[int], now: int) -> None:
        self.now = now
        recent = sorted((wait for wait in over if now - REMEMBERED_MS <= wait.ended_at <= now), key=_by_end)
        self._over = recent[-REMEMBERED:]
        self._waiting = sorted(waiting)
        self._pace = _pace_at(self._over, self._waiting, now)
        self._levels = self._how_it_turned_out() if self._pace else (OUTSIDE, 0.5, 1 - OUTSIDE)

    def wait_at(self, place: int) -> Expected | None:
        """The wait from now on at a place in the line (1 is next); None when it cannot be said honestly.

        That is so with fewer than eight answers to people who waited in the last four hours, and beyond an hour.
        """
        if self._pace is None:
            return None
        mean, variance = self._pace.delay(place)
        low, middle, high = (_gamma_quantile(mean, variance, level) for level in self._levels)
        return Expected(round(low), round(middle), round(high)) if high <= LONGEST_SAID_MS else None

    def _how_it_turned_out(self) -> tuple[float, float, float]:
        """The levels of the model's distribution below which a tenth, half and nine tenths of the latest waits fell."""
        by_arrival = sorted(self._over)
        arrivals = [wait.arrived_at for wait in by_arrival]
        ends = [wait.ended_at for wait in self._over]

        def share_at(arrived: int, until: int) -> float | None:
            """Where in the model's distribution, as of the arrival, the wait until then falls."""
            before = by_arrival[: bisect_left(arrivals, arrived)]
            ahead = [each.arrived_at for each in before if each.ended_at > arrived]
            ahead += self._waiting[: bisect_left(self._waiting, arrived)]
            pace = _pace_at(self._over[: bisect_right(ends, arrived)], ahead, arrived)
            return None if pace is None else _gamma_share(*pace.delay(len(ahead) + 1), until - arrived)

        waited = [wait for wait in self._over if wait.ended_at - wait.arrived_at >= _NO_WAIT_MS]
        tried = [(share_at(*wait[:2]), wait.answered) for wait in waited[-_TRIALS:]]
        tried += [(share_at(arrived, self.now), False) for arrived in self._waiting[-_TRIALS:] if arrived < self.now]
        fell = [(share, answered) for share, answered in tried if share is not None]
        return _levels_of(fell)


@dataclass(frozen=True, slots=True)
class _Pace:
    """How fast a line goes: `answers` in `spell` milliseconds during which somebody waited, and who waits leaves at `leaving`."""

    answers: int
    spell: int
    leaving: float

    def delay(self, place: int) -> tuple[float, float]:
        """Mean and variance of the time until the contact at this place is answered."""
        rate = self.answers / self.spell
        mean = variance = 0.0
        for before in range(place):
            step = 1.0 / (rate + before * self.leaving)
            mean += step
            variance += step * step
        return mean, variance + mean * mean / self.answers


def _by_end(wait: Waited) -> tuple[int, int]:
    return wait.ended_at, wait.arrived_at


def _pace_at(over: Sequence[Waited], waiting: Sequence[int], at: int) -> _Pace | None:
    """The pace of a line from the waits that were over `at` then, in the order of their ends; None from too few."""
    since = at - REMEMBERED_MS
    answers = 0
    waited = left = 0
    spells: list[tuple[int, int]] = [(max(arrived, since), at) for arrived in waiting]
    begun = since
    for wait in reversed(over):
        if wait.ended_at < since:
            break
        length = wait.ended_at - wait.arrived_at
        if wait.answered and length >= _NO_WAIT_MS:
            if answers == _ANSWERS:  # the pace begins with this answer, which is not of it
                begun = wait.ended_at
                break
            answers += 1
        waited += length
        left += not wait.answered
        if length >= _NO_WAIT_MS:
            spells.append((max(wait.arrived_at, since), wait.ended_at))
    spell = _length_of(spells, begun)
    if answers < _FEWEST or not spell:
        return None
    return _Pace(answers, spell, (left + 1) / (waited + _GUESS_MS))


def _length_of(spells: list[tuple[int, int]], begun: int) -> int:
    """How long at least one of the spells went on, from `begun`."""
    length, until = 0, begun
    for start, end in sorted(spells):
        if end > until:
            length += end - max(start, until)
            until = end
    return length


def _levels_of(fell: list[tuple[float, bool]]) -> tuple[float, float, float]:
    """The quantiles of where waits fell in the model's distribution, mixed with the model's own.

    Kaplan and Meier's: who left unanswered fell beyond where they left, as all who are known to have waited longer did.
    """
    trust = len(fell) / (len(fell) + _PRIOR)
    left_over, points, reached = len(fell), [(0.0, 0.0)], 0.0
    for share, answered in sorted(fell, key=lambda one: (one[0], not one[1])):
        if answered:
            reached += (1.0 - reached) / left_over
            points.append((share, reached))
        left_over -= 1
    points.append((1.0, 1.0))
    return tuple(  # type: ignore[return-value]  # three of them
        trust * _where(points, wanted) + (1 - trust) * wanted for wanted in (OUTSIDE, 0.5, 1 - OUTSIDE)
    )


def _where(points: Sequence[tuple[float, float]], wanted: float) -> float:
    """Where a rising line through (x, y) reaches y = wanted."""
    for (x, y), (next_x, next_y) in pairwise(points):
        if next_y >= wanted:
            return x + (next_x - x) * (wanted - y) / (next_y - y)
    return 1.0


def _gamma_quantile(mean: float, variance: float, level: float) -> float:
    """The quantile of a gamma distribution of this mean and variance (Wilson and Hilferty)."""
    ninth = variance / (9.0 * mean * mean)
    root = 1.0 - ninth + _STANDARD.inv_cdf(min(max(level, 1e-4), 1 - 1e-4)) * sqrt(ninth)
    return float(mean * max(root, 0.0) ** 3)


def _gamma_share(mean: float, variance: float, value: float) -> float:
    """The share of a gamma distribution of this mean and variance below a value (Wilson and Hilferty)."""
    ninth = variance / (9.0 * mean * mean)
    return _STANDARD.cdf(((value / mean) ** (1 / 3) - 1.0 + ninth) / sqrt(ninth))
