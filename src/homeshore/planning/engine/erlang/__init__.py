"""Erlang C (everybody waits) and Erlang A (people abandon): exact, for thousands of intervals at once.

Arguments broadcast like NumPy arrays. Calls are per hour, times in seconds.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from homeshore.planning.engine.erlang import kernel
from homeshore.planning.engine.problems import unusable

Floats = NDArray[np.float64]
Counts = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Goals:
    """What a staffing must reach; the defaults of the last three ask nothing.

    ``share`` of calls answered within ``seconds``; those that abandon before ``seconds`` are not counted.
    """

    share: float = 0.80
    seconds: float = 20.0
    largest_occupancy: float = 1.0
    largest_abandonment: float = 1.0
    largest_mean_wait: float = np.inf

    def __post_init__(self) -> None:
        if not 0.0 <= self.share < 1.0:
            raise unusable(
                "a share of %(share)s cannot be promised: no staffing answers every call in time; give 0 to 0.999",
                field="share", share=self.share,
            )  # fmt: skip
        if not self.seconds >= 0.0:
            raise unusable("the target time must be 0 s or more, not %(s)s", field="seconds", s=self.seconds)
        if not 0.0 < self.largest_occupancy <= 1.0:
            raise unusable(
                "the largest occupancy must be above 0 and at most 1, not %(occupancy)s",
                field="largest_occupancy", occupancy=self.largest_occupancy,
            )  # fmt: skip
        if not self.largest_abandonment > 0.0:
            raise unusable("some calls always abandon: allow more than 0", field="largest_abandonment")
        if not self.largest_mean_wait > 0.0:
            raise unusable("some calls always wait: allow a mean wait above 0 s", field="largest_mean_wait")


@dataclass(frozen=True, slots=True)
class Performance:
    """Long-run figures, one per interval. Waits are in seconds, over all calls, abandoned ones included."""

    waits: Floats
    service_level: Floats
    mean_wait: Floats
    occupancy: Floats
    abandonment: Floats


def _amounts(**given: ArrayLike) -> list[Floats]:
    arrays = []
    for name, values in given.items():
        array = np.asarray(values, dtype=np.float64)
        positive = name not in ("calls_per_hour", "agents")
        wrong = ~np.isfinite(array) | ((array <= 0.0) if positive else (array < 0.0))
        if wrong.any():
            place = int(np.argmax(wrong.ravel()))
            raise unusable(
                "must be %(rule)s, but interval %(place)d holds %(value)s",
                field=name, rule="above 0" if positive else "0 or more",
                place=place + 1, value=float(array.ravel()[place]),
            )  # fmt: skip
        arrays.append(array)
    return [np.array(array, order="C") for array in np.broadcast_arrays(*arrays)]


def _by_interval(function: Any, shape: tuple[int, ...], *columns: Floats) -> list[Floats]:
    rows = [function(*row) for row in zip(*(column.ravel() for column in columns), strict=True)]
    return [np.array(column, dtype=np.float64).reshape(shape) for column in zip(*rows, strict=True)]


def erlang_c(
    calls_per_hour: ArrayLike, handling_seconds: ArrayLike, agents: ArrayLike, seconds: float = 20.0
) -> Performance:
    """M/M/n: P(wait) = n B / (n - a (1 - B)), service level = 1 - P(wait) exp(-(n - a) t / handling).

    With no more agents than load, the queue never settles: service level 0, wait infinite.
    Source: A. K. Erlang (1917); B by its recursion.
    """
    calls, handling, staff = _amounts(calls_per_hour=calls_per_hour, handling_seconds=handling_seconds, agents=agents)
    loads = calls * handling / 3600.0

    def one(load: float, time: float, servers: float) -> tuple[float, float, float]:
        return kernel.performance_c(float(load), float(time), int(servers), float(seconds))

    waits, level, wait = _by_interval(one, loads.shape, loads, handling, staff)
    with np.errstate(divide="ignore", invalid="ignore"):
        occupancy = np.where(loads > 0, np.minimum(1.0, loads / staff), 0.0)
    return Performance(waits, level, wait, occupancy, np.zeros_like(loads))


def erlang_a(
    calls_per_hour: ArrayLike,
    handling_seconds: ArrayLike,
    patience_seconds: ArrayLike,
    agents: ArrayLike,
    seconds: float = 20.0,
) -> Performance:
    """M/M/n+M: as Erlang C, but each caller hangs up after an exponential patience of the given mean.

    Service level counts answered within ``seconds`` over all but those abandoned within ``seconds``.
    Source: Palm (1957); Garnett, Mandelbaum and Reiman (2002); Mandelbaum and Zeltyn (2007).
    """
    calls, handling, patience, staff = _amounts(
        calls_per_hour=calls_per_hour, handling_seconds=handling_seconds,
        patience_seconds=patience_seconds, agents=agents,
    )  # fmt: skip
    loads = calls * handling / 3600.0

    def one(load: float, time: float, waiting: float, servers: float) -> tuple[float, float, float, float, float]:
        return kernel.performance_a(float(load), float(time), float(waiting), int(servers), float(seconds))

    waits, abandons, in_time, gone, wait = _by_interval(one, loads.shape, loads, handling, patience, staff)
    with np.errstate(divide="ignore", invalid="ignore"):
        level = np.where(gone < 1.0, in_time / (1.0 - gone), 0.0)
        occupancy = np.where(staff > 0, loads * (1.0 - abandons) / staff, 0.0)
    return Performance(waits, level, wait, occupancy, abandons)


def agents_for_c(calls_per_hour: ArrayLike, handling_seconds: ArrayLike, goals: Goals) -> Counts:
    """Fewest agents per interval under Erlang C; 0 where there are no calls."""
    calls, handling = _amounts(calls_per_hour=calls_per_hour, handling_seconds=handling_seconds)
    loads = calls * handling / 3600.0
    staff = kernel.staff_c(
        loads.ravel(), handling.ravel(),
        goals.share, goals.seconds, goals.largest_occupancy, goals.largest_mean_wait,
    )  # fmt: skip
    return staff.reshape(loads.shape)


def agents_for_a(
    calls_per_hour: ArrayLike, handling_seconds: ArrayLike, patience_seconds: ArrayLike, goals: Goals
) -> Counts:
    """Fewest agents per interval under Erlang A; 0 where there are no calls."""
    calls, handling, patience = _amounts(
        calls_per_hour=calls_per_hour, handling_seconds=handling_seconds, patience_seconds=patience_seconds
    )
    loads = calls * handling / 3600.0
    staff = kernel.staff_a(
        loads.ravel(), handling.ravel(), patience.ravel(), goals.share, goals.seconds,
        goals.largest_abandonment, goals.largest_occupancy, goals.largest_mean_wait,
    )  # fmt: skip
    return staff.reshape(loads.shape)
