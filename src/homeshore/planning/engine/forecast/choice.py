"""Which method suits this series: each is tried on its own past, from several origins, on days it has not seen."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from homeshore.planning.engine.forecast.methods import METHODS, NAIVE, Days, Method
from homeshore.planning.engine.problems import unusable

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Trial:
    """A method's rolling-origin forecasts of the past, [origin, day ahead, interval], beside what came."""

    method: Method
    forecast: Floats
    actual: Floats

    @property
    def wape(self) -> float:
        """Sum of absolute errors over sum of calls, by interval."""
        seen = np.isfinite(self.actual)
        calls = self.actual[seen].sum()
        return float(np.abs(self.forecast - self.actual)[seen].sum() / calls) if calls > 0 else float("inf")


@dataclass(frozen=True, slots=True)
class Choice:
    """``noise_wape`` is the error that Poisson noise alone would leave a perfect forecast of this series."""

    chosen: Trial
    trials: tuple[Trial, ...]
    origins: tuple[int, ...]
    noise_wape: float


def origins_of(days: Days, end: int, count: int, step: int = 7, first: int = 28, most: int = 16) -> tuple[int, ...]:
    """Origins ``step`` days apart whose ``count`` days end before ``end``, ``first`` days of past at least."""
    latest = end - count
    found = tuple(range(latest, first - 1, -step))[:most]
    return tuple(reversed(found))


def tried(days: Days, method: Method, origins: tuple[int, ...], count: int) -> Trial:
    """One method's forecasts from every origin."""
    forecasts = np.array([method(days, origin, count) for origin in origins])
    actual = np.array([days.calls[origin : origin + count] for origin in origins])
    return Trial(method, forecasts, actual)


def choose(days: Days, end: int, count: int, methods: tuple[Method, ...] = METHODS) -> Choice:
    """Try all methods before ``end`` and take the least error; the mean of the best three counts as one more method.

    With too short a past to try anything (under six weeks), the plain weekday mean, or last week's, is taken.
    """
    if not days.known[:end].any():
        raise unusable("no day of this series has data", field="calls")
    origins = origins_of(days, end, count)
    if len(origins) < 2:
        origins = origins_of(days, end, min(7, max(1, end // 2)), first=min(7, max(1, end // 2)))
        count = min(7, max(1, end // 2))
    if len(origins) < 2:
        lone = Trial(methods[1] if end >= 14 else NAIVE, np.zeros((0, 1, 1)), np.zeros((0, 1, 1)))
        return Choice(lone, (), (), float("nan"))
    trials = [tried(days, method, origins, count) for method in methods]
    ranked = sorted((trial for trial in trials if trial.method is not NAIVE), key=lambda trial: trial.wape)
    if len(ranked) >= 3:
        best = [trial.method for trial in ranked[:3]]
        blend = Method(
            "mean of the best three",
            lambda days, origin, count: np.mean([method.usual(days, origin, count) for method in best], axis=0),
        )
        trials.append(tried(days, blend, origins, count))
    chosen = min(trials, key=lambda trial: trial.wape)
    return Choice(chosen, tuple(sorted(trials, key=lambda trial: trial.wape)), origins, noise_wape(chosen))


def noise_wape(trial: Trial) -> float:
    """Mean absolute deviation of Poisson counts with the forecast's means, over their sum.

    Exact: E|X - m| = 2 exp(-m) m^(k+1) / k! with k = floor(m) (De Moivre).
    """
    from scipy.special import gammaln

    means = np.maximum(trial.forecast[np.isfinite(trial.actual)], 1e-12)
    whole = np.floor(means)
    deviation = 2.0 * np.exp(-means + (whole + 1.0) * np.log(means) - gammaln(whole + 1.0))
    return float(deviation.sum() / means.sum())
