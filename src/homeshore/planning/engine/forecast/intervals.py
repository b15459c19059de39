"""How far the truth strays from a forecast, learned from the method's own past errors."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtri

from homeshore.planning.engine.forecast.choice import Trial

Floats = NDArray[np.float64]

_BUCKETS = (2.0, 10.0, 40.0)  # calls an interval at which quiet, small, medium and busy part
_CLOSED = 0.05
_LEAST = 60  # errors needed to learn the quantiles of a bucket


@dataclass(frozen=True, slots=True)
class Spread:
    """Variance = ``noise`` x mean + (``day_spread`` x mean)²: counting noise, and whole days above or below.

    ``low`` and ``high`` are the standardised errors that leave (1 - level) outside, by bucket of mean.
    """

    noise: float
    day_spread: float
    level: float
    low: tuple[float, ...]
    high: tuple[float, ...]

    def bounds(self, mean: Floats) -> tuple[Floats, Floats]:
        """The interval around each mean; never below zero."""
        deviation = np.sqrt(self.noise * mean + (self.day_spread * mean) ** 2)
        bucket = np.digitize(mean, _BUCKETS)
        low = np.maximum(0.0, mean + np.array(self.low)[bucket] * deviation)
        return low, mean + np.array(self.high)[bucket] * deviation


def spread_of(trial: Trial, usual: NDArray[np.bool_], level: float = 0.80) -> Spread:
    """Learn the spread on the usual days ([origin, day] flags) of a method's rolling-origin forecasts."""
    normal = 1.2815515594600038 if level == 0.80 else float(normal_quantile(level))
    if trial.forecast.size == 0 or not usual.any():
        return Spread(1.5, 0.3, level, (-normal,) * 4, (normal,) * 4)
    mean, actual = trial.forecast[usual], trial.actual[usual]
    whole = np.isfinite(actual).all(axis=1) & (mean.sum(axis=1) > 0)
    day_mean, day_actual = mean[whole].sum(axis=1), actual[whole].sum(axis=1)
    seen = np.isfinite(actual) & (mean > _CLOSED)  # hours when nobody ever calls would teach that errors are nil
    m, error = mean[seen], actual[seen] - mean[seen]
    if m.size == 0:
        return Spread(1.5, 0.3, level, (-normal,) * 4, (normal,) * 4)
    day_spread = 0.0
    if day_mean.size:
        relative = (day_actual - day_mean) / day_mean
        trimmed = np.clip(relative, *np.quantile(relative, [0.02, 0.98]).tolist())
        counting = float(np.mean(1.0 / np.maximum(day_mean, 1.0)))
        day_spread = float(np.sqrt(max(0.0, float(np.mean(trimmed**2)) - counting)))
    excess = np.mean(error**2) - day_spread**2 * np.mean(m**2)
    noise = max(1.0, float(excess) / max(float(np.mean(m)), 1e-9))
    standard = error / np.sqrt(np.maximum(noise * m + (day_spread * m) ** 2, 1e-9))
    bucket = np.digitize(m, _BUCKETS)
    outside = (1.0 - level) / 2
    lows, highs = [], []
    for k in range(len(_BUCKETS) + 1):
        here = standard[bucket == k]
        if here.size < _LEAST:
            here = standard
        low = float(np.quantile(here, outside))
        below = (
            _share_below(m[bucket == k], error[bucket == k], noise, day_spread, low)
            if here is not standard
            else outside
        )
        above = min(2 * outside - below, 0.5)
        lows.append(low)
        highs.append(float(np.quantile(here, 1.0 - above)))
    return Spread(noise, day_spread, level, tuple(lows), tuple(highs))


def _share_below(m: Floats, error: Floats, noise: float, day_spread: float, low: float) -> float:
    """Share of counts under the lower bound, which never falls below zero: quiet intervals have nothing under it."""
    if m.size == 0:
        return 0.0
    bound = np.maximum(0.0, m + low * np.sqrt(noise * m + (day_spread * m) ** 2))
    return float((m + error < bound - 1e-9).mean())


def normal_quantile(level: float) -> float:
    return float(ndtri(0.5 + level / 2))
