"""Forecast of calls by interval, with intervals that were checked on the series' own past."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

import numpy as np
from numpy.typing import NDArray

from homeshore.planning.engine.forecast.calendar import Calendar, SpecialDay, calendar_of, french_school_holidays
from homeshore.planning.engine.forecast.choice import Choice, choose
from homeshore.planning.engine.forecast.intervals import Spread, normal_quantile, spread_of
from homeshore.planning.engine.forecast.methods import METHODS, NAIVE, Days, Method, level_shift, on_special_days
from homeshore.planning.engine.history import Series
from homeshore.planning.engine.history.marks import Mark
from homeshore.planning.engine.problems import Problem, counted, unusable

__all__ = [
    "METHODS", "NAIVE", "Calendar", "Forecast", "MethodError", "SpecialDay", "calendar_of", "forecast",
    "french_school_holidays", "reconciled",
]  # fmt: skip

Floats = NDArray[np.float64]

_UNSEEN = 3  # special days alike seen fewer times than this are said to be uncertain


@dataclass(frozen=True, slots=True)
class MethodError:
    """``wape``: sum of absolute errors over sum of calls, by interval, over the rolling origins."""

    name: str
    wape: float
    chosen: bool


@dataclass(frozen=True, slots=True)
class Forecast:
    """Calls [day, interval of the local day]: ``mean``, and ``low`` to ``high``, which holds ``level`` of outcomes.

    ``warnings`` says in words what the interval alone would not. ``noise_wape`` is the error that counting noise alone
    would leave; ``day_spread`` the relative error of a whole day's level.
    """

    queue: str
    first_day: date
    zone: str
    interval_minutes: int
    mean: Floats
    low: Floats
    high: Floats
    level: float
    methods: tuple[MethodError, ...]
    noise_wape: float
    spread: Spread
    warnings: tuple[Problem, ...]
    uncertain_days: frozenset[date] = frozenset()

    def by_day(self) -> tuple[Floats, Floats, Floats]:
        """Calls of whole days: mean, and the bounds that hold ``level`` of outcomes.

        A day's bounds are narrower than the sums of its intervals' bounds, save on days that history hardly knows.
        """
        mean = self.mean.sum(axis=1)
        normal = float(normal_quantile(self.level))
        deviation = normal * np.sqrt(self.spread.noise * mean + (self.spread.day_spread * mean) ** 2)
        days = [self.first_day + timedelta(days=k) for k in range(mean.size)]
        unsure = np.array([day in self.uncertain_days for day in days], dtype=np.bool_)
        low = np.where(unsure, self.low.sum(axis=1), np.maximum(0.0, mean - deviation))
        return mean, low, np.where(unsure, self.high.sum(axis=1), mean + deviation)

    @property
    def method(self) -> str:
        return next((row.name for row in self.methods if row.chosen), "mean of four same weekdays")

    def paths(self, count: int, seed: int = 1) -> Floats:
        """``count`` possible futures of expected calls, [path, day, interval].

        Whole days rise and fall together (lognormal, ``day_spread``), and intervals stray around them as much as counts
        were seen to stray beyond Poisson's law (gamma).
        """
        rng = np.random.default_rng(seed)
        sigma = np.sqrt(np.log1p(self.spread.day_spread**2))
        expected = rng.lognormal(-0.5 * sigma**2, sigma, (count, self.mean.shape[0], 1)) * self.mean
        excess = self.spread.noise - 1.0
        if excess < 1e-6:
            return np.asarray(expected)
        return np.asarray(rng.gamma(np.maximum(expected, 1e-9) / excess, excess))


def forecast(
    series: Series, horizon_days: int, calendar: Calendar | None = None, marks: Iterable[Mark] = (),
    level: float = 0.80, methods: Sequence[Method] = METHODS,
) -> Forecast:  # fmt: skip
    """Forecast the days after ``series`` by the method that did best on its past.

    Days and intervals marked as not fit are left out of learning. Raises Unusable without data.
    """
    if horizon_days < 1:
        raise unusable("ask for at least one day ahead", field="horizon_days")
    ours = [
        mark for mark in marks if not mark.fits and mark.queue in (None, series.queue) and mark.day in set(series.days)
    ]
    unfit = frozenset(mark.day for mark in ours if mark.slot is None)
    slots = frozenset((mark.day, mark.slot) for mark in ours if mark.slot is not None)
    days = Days(series, calendar or Calendar(), horizon_days, unfit, slots)
    origin = series.calls.shape[0]
    choice = choose(days, origin, min(horizon_days, 14), tuple(methods))
    return _forecast_from(days, origin, horizon_days, choice, level)


def _forecast_from(days: Days, origin: int, count: int, choice: Choice, level: float) -> Forecast:
    method = choice.chosen.method
    usual = method.usual(days, origin, count)
    mean, seen = on_special_days(days, origin, usual)
    trial = choice.chosen
    ahead = trial.actual.shape[1]
    ordinary = np.array([[not days.special[o + k] for k in range(ahead)] for o in choice.origins], dtype=np.bool_)
    spread = spread_of(trial, ordinary, level)
    low, high = spread.bounds(mean)
    warnings: list[Problem] = []
    unsure: set[date] = set()
    for k in range(count):
        if 0 <= seen[k] < _UNSEEN:
            special = days.calendar.special[days.dates[origin + k]]
            rest_low = np.minimum(low[k], spread.bounds(np.minimum(mean[k], 0.3 * usual[k]))[0])
            low[k], high[k] = rest_low, np.maximum(high[k], (1.0 if seen[k] == 0 else 0.6) * usual[k])
            unsure.add(days.dates[origin + k])
            day = days.dates[origin + k].isoformat()
            like = special.like if special.like != "usual" else "usual day with your factor"
            warnings.append(counted(
                "%(day)s is %(name)s: history holds %(count)d day like it; the forecast supposes a %(like)s and is uncertain",
                "%(day)s is %(name)s: history holds %(count)d days like it; the forecast supposes a %(like)s and is uncertain",
                seen[k], day=day, name=special.name, like=like,
            ) if seen[k] else Problem(
                "%(day)s is %(name)s: history holds no day like it; the forecast supposes a %(like)s and is uncertain",
                {"day": day, "name": special.name, "like": like},
            ))  # fmt: skip
    shift = level_shift(days, origin)
    if shift is not None:
        warnings.append(Problem("the level of this series changed around %(day)s: what came before counts for less",
                                {"day": days.dates[shift].isoformat()}))  # fmt: skip
    if not choice.trials:
        warnings.append(
            counted(
                "only %(count)d day of history: no method could be tried on its past; the interval is a guess",
                "only %(count)d days of history: no method could be tried on its past; the interval is a guess",
                origin,
            )
        )
    errors = tuple(MethodError(t.method.name, t.wape, t is trial) for t in choice.trials)
    series = days.series
    return Forecast(
        series.queue, days.dates[origin], series.zone, series.interval_minutes, np.maximum(mean, 0.0), low, high, level,
        errors, choice.noise_wape, spread, tuple(warnings), frozenset(unsure),
    )  # fmt: skip


def reconciled(forecasts: Mapping[str, Forecast], parents: Mapping[str, str]) -> dict[str, Forecast]:
    """Forecasts of a tree (queue → brand → …) made to add up: each parent is the sum of its children.

    Least squares weighted by each forecast's variance at each interval, so that what is known best moves least; means
    stay at zero or above, and intervals move with their means. Source: Hyndman et al. (2016), weighted reconciliation.
    """
    leaves = [name for name in forecasts if name not in parents.values()]
    for child, parent in parents.items():
        if child not in forecasts or parent not in forecasts:
            raise unusable("“%(child)s” → “%(parent)s”: both need a forecast", child=child, parent=parent)
    names = list(forecasts)
    above = {name: {name} for name in leaves}
    for leaf in leaves:
        at = leaf
        while at in parents:
            at = parents[at]
            above[leaf].add(at)
    sums = np.array([[float(name in above[leaf]) for leaf in leaves] for name in names])
    shape = forecasts[names[0]].mean.shape
    means = np.array([forecasts[name].mean.ravel() for name in names]).T
    weights = np.array([1.0 / (f.spread.noise * np.maximum(f.mean, 0.05) + (f.spread.day_spread * f.mean) ** 2).ravel()
                        for f in forecasts.values()]).T  # fmt: skip
    normal = np.einsum("nl,tn,nm->tlm", sums, weights, sums)
    right = np.einsum("nl,tn->tl", sums, weights * means)
    bottom = np.maximum(np.linalg.solve(normal, right[..., None])[..., 0], 0.0)
    together = (bottom @ sums.T).T.reshape(len(names), *shape)
    result = {}
    for name, mean in zip(names, together, strict=True):
        old = forecasts[name]
        moved = mean - old.mean
        result[name] = replace(
            old,
            mean=mean,
            low=np.maximum(0.0, np.minimum(old.low + moved, mean)),
            high=np.maximum(old.high + moved, mean),
        )
    return result
