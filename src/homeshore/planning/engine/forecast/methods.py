"""Forecasting methods, from the simplest: each reads the days before an origin and tells the days after it.

In the trials, all but the naive one leave special days out of what they learn, then put on special days what was seen on such days,
leaning on a rest day or a half day while few or none were seen.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from homeshore.planning.engine.forecast.calendar import Calendar
from homeshore.planning.engine.history import Series

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]

_PRIOR_SEEN = 1.0  # a kind of special day weighs its own past as much as the prior after one was seen


@dataclass(frozen=True)
class Days:
    """A series and its calendar, prepared once: ``calls`` [day, interval], NaN where missing or still to come."""

    series: Series
    calendar: Calendar
    horizon: int
    unfit: frozenset[date] = field(default=frozenset())
    unfit_slots: frozenset[tuple[date, int]] = field(default=frozenset())

    @cached_property
    def dates(self) -> list[date]:
        count = self.series.calls.shape[0] + self.horizon
        return [self.series.first_day + timedelta(days=k) for k in range(count)]

    @cached_property
    def calls(self) -> Floats:
        future = np.full((self.horizon, self.series.calls.shape[1]), np.nan)
        return np.vstack([self.series.calls, future])

    @cached_property
    def fit_calls(self) -> Floats:
        """``calls`` without the marked intervals: a copy, the data stays as it is."""
        if not self.unfit_slots:
            return self.calls
        copy = self.calls.copy()
        for day, slot in self.unfit_slots:
            copy[(day - self.series.first_day).days, slot] = np.nan
        return copy

    @cached_property
    def known(self) -> Flags:
        """Days with at least half of their intervals."""
        return np.asarray(np.isfinite(self.calls).mean(axis=1) >= 0.5)

    @cached_property
    def totals(self) -> Floats:
        """Calls a day, missing intervals made up in proportion."""
        share = np.maximum(np.isfinite(self.fit_calls).mean(axis=1), 1e-9)
        return np.where(self.known, np.nansum(self.fit_calls, axis=1) / share, np.nan)

    @cached_property
    def weekday(self) -> NDArray[np.int64]:
        return np.array([day.weekday() for day in self.dates])

    @cached_property
    def special(self) -> Flags:
        return np.array([day in self.calendar.special for day in self.dates])

    @cached_property
    def fit(self) -> Flags:
        """Days that fitting may use: known, not special, not marked."""
        usual = np.array([day not in self.unfit for day in self.dates])
        return np.asarray(self.known & ~self.special & usual)

    @cached_property
    def month_waves(self) -> Floats:
        """Six waves of the place in the month: pay day, bills, ends of month."""
        place = 2 * np.pi * (np.array([day.day for day in self.dates]) - 1) / 30.4
        return np.column_stack([wave(k * place) for k in range(1, 7) for wave in (np.cos, np.sin)])

    @cached_property
    def school(self) -> Floats:
        return np.array([float(day in self.calendar.school_holidays) for day in self.dates])


def weekday_profile(days: Days, origin: int, half_life: float) -> Floats:
    """Mean calls by [weekday, interval], a day counting half as much every ``half_life`` days back."""
    age = origin - np.arange(origin)
    weight = np.where(days.fit[:origin], 0.5 ** (age / half_life), 0.0)
    calls = days.fit_calls[:origin]
    seen = np.isfinite(calls)
    filled = np.where(seen, calls, 0.0)
    weekdays = np.zeros((7, origin))
    weekdays[days.weekday[:origin], np.arange(origin)] = weight
    above, below = weekdays @ filled, weekdays @ seen
    everyday = above.sum(axis=0) / np.maximum(below.sum(axis=0), 1e-9)
    return np.asarray(np.where(below > 1e-9, above / np.maximum(below, 1e-9), everyday))


def _same_day_last_week(days: Days, origin: int, count: int) -> Floats:
    rows = []
    for ahead in range(count):
        back = origin + ahead - 7 * (ahead // 7 + 1)
        while back >= 7 and not days.known[back]:
            back -= 7
        rows.append(np.nan_to_num(days.calls[max(back, 0)]))
    return np.array(rows)


def _mean_or(rows: Floats, otherwise: Floats) -> Floats:
    seen = np.isfinite(rows).sum(axis=0)
    return np.asarray(np.where(seen > 0, np.nansum(rows, axis=0) / np.maximum(seen, 1), otherwise))


def _mean_of_four_weeks(days: Days, origin: int, count: int) -> Floats:
    rows = []
    everything = weekday_profile(days, origin, 1e9)
    for ahead in range(count):
        same = [k for k in range(origin + ahead - 7 * (ahead // 7 + 1), -1, -7) if days.fit[k]][:4]
        usual = everything[days.weekday[origin + ahead]]
        rows.append(_mean_or(days.fit_calls[same], usual) if same else usual)
    return np.asarray(np.nan_to_num(np.array(rows)))


def _profile(days: Days, origin: int, count: int, half_life: float) -> Floats:
    return np.asarray(weekday_profile(days, origin, half_life)[days.weekday[origin : origin + count]])


def _profile_at_level(days: Days, origin: int, count: int, half_life: float) -> Floats:
    profile = weekday_profile(days, origin, half_life)
    usual = profile.sum(axis=1)[days.weekday[:origin]]
    recent = days.fit[:origin] & (usual > 0)
    weight = 0.5 ** ((origin - np.arange(origin)[recent]) / 7.0)
    if not recent.any():
        return profile[days.weekday[origin : origin + count]]
    level = float((weight * days.totals[:origin][recent]).sum() / (weight * usual[recent]).sum())
    return level * profile[days.weekday[origin : origin + count]]


def level_shift(days: Days, origin: int, least_days: int = 14) -> int | None:
    """The day at which the level changed for good, or None.

    The split of the logarithm of daily totals, freed of weekdays, whose two sides differ most in their medians: more
    than 3.5 robust deviations of a day, with at least ``least_days`` on each side.
    """
    fit = np.flatnonzero(days.fit[:origin] & (np.nan_to_num(days.totals[:origin]) > 0))
    if fit.size < 3 * least_days:
        return None
    logs = np.log(days.totals[fit])
    for weekday in range(7):
        same = days.weekday[fit] == weekday
        if same.any():
            logs[same] -= np.median(logs[same])
    noise = 1.4826 * float(np.median(np.abs(np.diff(logs)))) / np.sqrt(2) + 1e-6
    best, where = 3.5, None
    sums = np.concatenate([[0.0], np.cumsum(logs)])
    for split in range(least_days, fit.size - least_days):
        before, after = sums[split] / split, (sums[-1] - sums[split]) / (fit.size - split)
        gap = abs(after - before) / noise
        if gap > best:
            best, where = gap, int(fit[split])
    return where


def _calendar_regression(days: Days, origin: int, count: int, half_life: float, waves: bool) -> Floats:
    """Logarithm of the day's total on weekday, place in the month, school holidays, a level shift; ridge, robust.

    The total is then shared out by the weekday's profile.
    """
    span = origin + count
    columns = [np.ones((span, 1)), np.eye(7)[days.weekday[:span]]]
    penalty = [1e-6] + [0.05] * 7
    if waves:
        columns.append(days.month_waves[:span])
        penalty += [1.0] * days.month_waves.shape[1]
    if days.school[:origin].any():
        columns.append(days.school[:span, None])
        penalty.append(1.0)
    shift = level_shift(days, origin)
    if shift is not None:
        columns.append((np.arange(span) >= shift).astype(float)[:, None])
        penalty.append(1e-3)
    design = np.hstack(columns)
    usable = days.fit[:origin] & (np.nan_to_num(days.totals[:origin]) > 0)
    if usable.sum() < 14:
        return _profile(days, origin, count, half_life)
    rows, logs = design[:origin][usable], np.log(days.totals[:origin][usable])
    age = origin - np.flatnonzero(usable)
    decay = 0.5 ** (age / half_life)
    trust: Floats = np.ones(logs.size)
    ridge = np.diag(penalty)
    solution: Floats = np.zeros(rows.shape[1])
    for _ in range(3):
        weighted = rows.T * (decay * trust)
        solution = np.asarray(np.linalg.solve(weighted @ rows + ridge, weighted @ logs), dtype=np.float64)
        errors = np.abs(logs - rows @ solution)
        trust = 1.0 / np.maximum(1.0, errors / (2.0 * (1.4826 * np.median(errors) + 0.02)))
    totals = np.exp(np.minimum(design[origin:] @ solution, 25.0))
    profile = weekday_profile(days, origin, 1.5 * half_life)
    shape = profile / np.maximum(profile.sum(axis=1, keepdims=True), 1e-9)
    # a weekday that is never open has no logarithm to learn from
    open_weekdays = profile.sum(axis=1) > 0
    future = days.weekday[origin:span]
    return np.asarray(np.where(open_weekdays[future], totals, 0.0)[:, None] * shape[future])


def on_special_days(days: Days, origin: int, usual: Floats) -> tuple[Floats, list[int]]:
    """``usual`` with special days replaced; and how many days alike history holds, for each day (-1: not special).

    The total leans between the prior (rest or half day, or usual times the event's factor) and the mean of those seen,
    in logarithms; the shape is that of the prior's day.
    """
    result, seen_counts = usual.copy(), [-1] * len(usual)
    if not days.special[origin : origin + len(usual)].any():
        return result, seen_counts
    profile = weekday_profile(days, origin, 84.0)
    rests = sorted(days.calendar.weekend, key=lambda weekday: float(profile[weekday].sum())) or [6]
    for ahead in range(len(usual)):
        special = days.calendar.special.get(days.dates[origin + ahead])
        if special is None:
            continue
        if special.like == "usual":
            prior = usual[ahead] * special.factor
            alike = [k for k in range(origin) if days.known[k] and _same_name(days, k, special.name)]
        else:
            prior = profile[rests[0] if special.like == "rest day" else rests[-1]]
            alike = [k for k in range(origin) if days.known[k] and _same_kind(days, k, special.like)]
        seen_counts[ahead] = len(alike)
        expected = max(float(prior.sum()), 0.5)
        if alike:
            past = np.log(np.maximum(days.totals[alike], 0.5)).mean()
            weight = len(alike) / (len(alike) + _PRIOR_SEEN)
            expected = float(np.exp(weight * past + (1 - weight) * np.log(expected)))
        shape = prior if prior.sum() > 0 else usual[ahead]
        result[ahead] = expected * shape / max(float(shape.sum()), 1e-9)
    return result, seen_counts


def _same_kind(days: Days, place: int, like: str) -> bool:
    special = days.calendar.special.get(days.dates[place])
    return special is not None and special.like == like


def _same_name(days: Days, place: int, name: str) -> bool:
    special = days.calendar.special.get(days.dates[place])
    return special is not None and special.name == name


@dataclass(frozen=True, slots=True)
class Method:
    """``usual(days, origin, count)`` gives calls [day, interval] for ``count`` days from ``origin``.

    Called, it puts special days in, unless it is the naive method, that the others are measured against.
    """

    name: str
    usual: Callable[[Days, int, int], Floats]
    knows_special_days: bool = True

    def __call__(self, days: Days, origin: int, count: int) -> Floats:
        usual = self.usual(days, origin, count)
        return on_special_days(days, origin, usual)[0] if self.knows_special_days else usual


def _with(function: Callable[..., Floats], *settings: Any) -> Callable[[Days, int, int], Floats]:
    return lambda days, origin, count: function(days, origin, count, *settings)


NAIVE = Method("same day last week", _same_day_last_week, knows_special_days=False)

METHODS: tuple[Method, ...] = (
    NAIVE,
    Method("mean of four same weekdays", _mean_of_four_weeks),
    *(Method(f"weekday profile, half-life {h} days", _with(_profile, h)) for h in (14, 56)),
    Method("weekday profile at last week's level", _with(_profile_at_level, 56)),
    *(Method(f"calendar regression, half-life {h} days", _with(_calendar_regression, h, False)) for h in (28, 120)),
    *(
        Method(f"calendar regression with place in month, half-life {h} days", _with(_calendar_regression, h, True))
        for h in (28, 120)
    ),
)
