"""Do promises hold? Coverage and bias on days that were not used to make them, and the correction they teach."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtri, stdtrit

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Correction:
    """Multiply the mean by ``scale``; the interval goes ``low`` to ``high`` deviations from it.

    By hour of day where enough was seen, else over all hours.
    """

    scale: float
    low: Floats
    high: Floats
    level: float

    @staticmethod
    def none(level: float = 0.80) -> "Correction":
        """Before anything was seen: the deviations of a bell curve."""
        reach = float(ndtri(0.5 + level / 2))
        return Correction(1.0, np.full(24, -reach), np.full(24, reach), level)


def learn(
    mean: Floats,
    deviation: Floats,
    actual: Floats,
    hour: Integers,
    day: Integers,
    level: float = 0.80,
    least: int = 200,
) -> Correction:
    """What past promises teach: arrays over agent-hours; ``actual`` in the unit of ``mean``.

    The scale leans on 1 as far as chance, day by day, would explain its distance from 1. Of no hour nothing is learnt.
    """
    if not actual.size:
        return Correction.none(level)
    total = float(mean.sum())
    scale = float(actual.sum() / total) if total > 0 else 1.0
    days = np.unique(day)
    if total > 0 and days.size > 1:
        strays = np.array([(actual - scale * mean)[day == d].sum() for d in days])
        chance = float((strays**2).sum()) * days.size / (days.size - 1) / total**2
        scale = 1.0 + (scale - 1.0) ** 3 / ((scale - 1.0) ** 2 + chance)
    outside = (1.0 - level) / 2
    error = (actual - scale * mean) / np.maximum(deviation, 1e-9)
    everywhere = np.quantile(error, [outside, 1 - outside])
    low, high = np.full(24, everywhere[0]), np.full(24, everywhere[1])
    for h in np.unique(hour):
        here = error[hour == h]
        if here.size >= least:  # leaning on all hours, so that few days do not decide
            weight = here.size / (here.size + least)
            own = np.quantile(here, [outside, 1 - outside])
            low[h], high[h] = weight * own + (1 - weight) * everywhere
    return Correction(scale, low, high, level)


@dataclass(frozen=True, slots=True)
class Band:
    """A ratio with the band that chance alone explains, days being independent and hours of a day not."""

    value: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Calibration:
    """``bias``: (promised - earned) / earned over all agent-hours. ``by_hour``: coverage by hour of the day."""

    coverage: Band
    bias: Band
    by_hour: dict[int, Band]
    days: int
    agent_hours: int


def _ratio(part: Floats, whole: Floats, day: Integers) -> Band:
    """Sum of ``part`` over sum of ``whole`` with 95 % of Student's band, clustered by day (ratio estimator)."""
    total, days = float(whole.sum()), np.unique(day)
    if not total:
        return Band(0.0, -np.inf, np.inf)
    value = float(part.sum()) / total
    if days.size < 2:
        return Band(value, -np.inf, np.inf)
    residual = np.array([(part - value * whole)[day == d].sum() for d in days])
    error = float(np.sqrt((residual**2).sum() * days.size / (days.size - 1)) / total)
    reach = float(stdtrit(days.size - 1, 0.975)) * error
    return Band(value, value - reach, value + reach)


def _covered(inside: NDArray[np.bool_], day: Integers) -> Band:
    found = _ratio(inside.astype(float), np.ones(inside.size), day)
    return Band(found.value, max(0.0, found.low), min(1.0, found.high))


def calibration(mean: Floats, low: Floats, high: Floats, actual: Floats, hour: Integers, day: Integers) -> Calibration:
    """Coverage, with its band, and bias of promises, on agent-hours they had not seen."""
    inside = (actual >= low) & (actual <= high)
    return Calibration(
        _covered(inside, day), _ratio(mean - actual, actual, day),
        {int(h): _covered(inside[hour == h], day[hour == h]) for h in np.unique(hour)},
        int(np.unique(day).size), int(inside.size),
    )  # fmt: skip
