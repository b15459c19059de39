"""Handling times and patience, by queue and time of day."""

from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from homeshore.planning.engine.history import History
from homeshore.planning.engine.problems import unusable

Floats = NDArray[np.float64]

_PRIOR_CALLS = 30.0  # an interval of the day with fewer calls than this leans on the queue's mean


@dataclass(frozen=True, slots=True)
class Survival:
    """Kaplan–Meier: share of callers still ready to wait after each of ``seconds``."""

    seconds: Floats
    share: Floats

    def at(self, second: float) -> float:
        place = int(np.searchsorted(self.seconds, second, side="right")) - 1
        return 1.0 if place < 0 else float(self.share[place])


def kaplan_meier(waits: Floats, abandoned: NDArray[np.bool_]) -> Survival:
    """Survival of patience: an answered caller only tells that patience was longer than the wait (censored).

    Source: Kaplan and Meier (1958): product over abandonment times of 1 - abandons / still waiting.
    """
    order = np.argsort(waits, kind="stable")
    times, leaves = waits[order], abandoned[order]
    moments, first = np.unique(times, return_index=True)
    still = len(times) - first
    left = np.add.reduceat(leaves.astype(float), first) if len(times) else np.zeros(0)
    keep = left > 0
    return Survival(moments[keep], np.asarray(np.cumprod(1.0 - left[keep] / still[keep]), dtype=np.float64))


def mean_patience(waits: Floats, abandoned: NDArray[np.bool_]) -> float:
    """Mean of an exponential patience, in seconds: all time waited over the number of abandons (censored likelihood)."""
    lost = int(abandoned.sum())
    return float(waits.sum() / lost) if lost else float("inf")


@dataclass(frozen=True, slots=True)
class QueueMeasures:
    """Times in seconds. ``handling_by_interval`` leans on the mean where few calls were seen.

    ``handling_spread`` is deviation over mean. ``abandonment`` is a share of contacts, None when unknown.
    """

    queue: str
    contacts: int
    handling_seconds: float | None
    handling_spread: float | None
    handling_by_interval: Floats
    patience_seconds: float | None
    survival: Survival | None
    abandonment: float | None


def measures(history: History, queue: str) -> QueueMeasures:
    """What history says of one queue's handling times and patience; None where it says nothing."""
    if history.contacts is None:
        return _measures_of_volumes(history, queue)
    rows = history.contacts.filter(pl.col("queue") == queue)
    if rows.is_empty():
        raise unusable("there is no queue “%(queue)s” in this history", field="queue", queue=queue)
    mean = spread = None
    slots = 24 * 60 // history.interval_minutes
    by_slot = np.full(slots, np.nan)
    worked = rows.filter(pl.col("handling").is_not_null())
    if worked.height:
        times = worked["handling"].to_numpy()
        mean = float(times.mean())
        spread = float(times.std() / mean) if mean > 0 else None
        by_slot = _by_slot(history, worked["arrived"], times, np.ones(times.size), mean)
    patience, survival = None, None
    waited = rows.filter(pl.col("wait").is_not_null())
    if waited.height:
        waits, gone = waited["wait"].to_numpy(), ~waited["answered"].to_numpy()
        if gone.any():
            patience, survival = mean_patience(waits, gone), kaplan_meier(waits, gone)
    return QueueMeasures(
        queue, rows.height, mean, spread, by_slot, patience, survival, float((~rows["answered"]).mean() or 0.0)  # type: ignore[arg-type]
    )  # fmt: skip


def _by_slot(history: History, moments: pl.Series, times: Floats, calls: Floats, mean: float) -> Floats:
    local = moments.dt.convert_time_zone(history.zone)
    slot = (local.dt.hour().cast(pl.Int32) * 60 + local.dt.minute()).to_numpy() // history.interval_minutes
    slots = 24 * 60 // history.interval_minutes
    count = np.bincount(slot, weights=calls, minlength=slots)
    total = np.bincount(slot, weights=times * calls, minlength=slots)
    return np.asarray((total + _PRIOR_CALLS * mean) / (count + _PRIOR_CALLS), dtype=np.float64)


def _measures_of_volumes(history: History, queue: str) -> QueueMeasures:
    rows = history.volumes.filter((pl.col("queue") == queue) & (pl.col("calls") > 0))
    calls = int(rows["calls"].sum() or 0)
    rows = rows.filter(pl.col("handling").is_not_null())
    if rows.is_empty():
        unknown = np.full(24 * 60 // history.interval_minutes, np.nan)
        return QueueMeasures(queue, calls, None, None, unknown, None, None, None)
    times, weights = rows["handling"].to_numpy(), rows["calls"].to_numpy()
    mean = float(np.average(times, weights=weights))
    by_slot = _by_slot(history, rows["start"], times, weights, mean)
    return QueueMeasures(queue, calls, mean, None, by_slot, None, None, None)


def agent_paces(history: History, queue: str, least_calls: int = 30) -> dict[str, float]:
    """Each agent's handling time over the queue's, leaning on 1 in proportion to ``least_calls`` calls unseen."""
    if history.contacts is None:
        return {}
    rows = history.contacts.filter(
        (pl.col("queue") == queue) & pl.col("handling").is_not_null() & pl.col("agent").is_not_null()
    )
    if rows.is_empty():
        return {}
    mean = float(rows["handling"].mean() or 1.0)  # type: ignore[arg-type]
    by_agent = (
        rows.group_by("agent").agg(pl.col("handling").sum().alias("total"), pl.len().alias("count")).sort("agent")
    )
    return {
        agent: float((total / mean + least_calls) / (count + least_calls))
        for agent, total, count in by_agent.iter_rows()
    }
