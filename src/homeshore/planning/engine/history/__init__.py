"""History: contacts or volumes from files or from the platform, cleaned, on a regular grid of intervals.

Nothing is corrected in silence: what was left out, moved or missing is in ``problems``; outliers and special days are
marks beside the data (``marks``), never edits of it.
"""

from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from pathlib import Path
from typing import BinaryIO

import numpy as np
import polars as pl
from numpy.typing import NDArray

from homeshore.planning.engine.history.cleaning import clean_contacts, clean_volumes
from homeshore.planning.engine.history.dates import known_zone
from homeshore.planning.engine.history.mapping import Mapping, guess_mapping
from homeshore.planning.engine.history.reading import Table, read_table
from homeshore.planning.engine.problems import Problem, counted, unusable

__all__ = ["History", "Mapping", "Series", "Table", "guess_mapping", "history_of", "history_of_contacts", "read_table"]

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Series:
    """Calls of one queue as a matrix [local day, interval of the day]; NaN where the data is missing.

    On the day clocks go forward the skipped hour is NaN; on the day they go back the hour that comes twice holds the
    mean of its two passes, so that it compares with the same hour of other days.
    """

    queue: str
    first_day: date
    calls: Floats
    zone: str
    interval_minutes: int

    @property
    def days(self) -> list[date]:
        return [self.first_day + timedelta(days=k) for k in range(self.calls.shape[0])]


@dataclass(frozen=True, slots=True)
class History:
    """``volumes``: queue, start (UTC), calls (null where missing), handling (mean seconds, null where unknown).

    ``contacts``: one row each, as in ``clean_contacts``, or None when the history has only counts.
    """

    zone: str
    interval_minutes: int
    volumes: pl.DataFrame
    contacts: pl.DataFrame | None
    problems: tuple[Problem, ...]
    layout: str = ""
    mapping: Mapping | None = field(default=None)

    @property
    def queues(self) -> list[str]:
        return self.volumes["queue"].unique().sort().to_list()

    def series(self, queue: str) -> Series:
        """The matrix of one queue."""
        local = pl.col("start").dt.convert_time_zone(self.zone)
        minutes = local.dt.hour().cast(pl.Int32) * 60 + local.dt.minute()
        rows = self.volumes.filter(pl.col("queue") == queue).select(
            local.dt.date().alias("day"), (minutes // self.interval_minutes).alias("slot"), "calls"
        )
        if rows.is_empty():
            raise unusable("there is no queue “%(queue)s” in this history", field="queue", queue=queue)
        rows = rows.group_by("day", "slot").agg(pl.col("calls").mean())
        first, last = rows["day"].min(), rows["day"].max()
        assert isinstance(first, date)
        assert isinstance(last, date)
        matrix = np.full(((last - first).days + 1, 24 * 60 // self.interval_minutes), np.nan)
        offsets = (rows["day"] - first).dt.total_days().to_numpy()
        matrix[offsets, rows["slot"].to_numpy()] = rows["calls"].cast(pl.Float64).to_numpy()
        return Series(queue, first, matrix, self.zone, self.interval_minutes)


def history_of(
    source: Path | str | bytes | BinaryIO | Table, mapping: Mapping | None = None, *, zone: str = "Europe/Paris",
    interval_minutes: int = 30, queue: str = "all",
) -> History:  # fmt: skip
    """Read, map and clean a file. Without ``mapping`` the guessed one is used, and kept in the result to be shown.

    ``zone`` is where the file's clock times were read off; ``queue`` names the queue when no column does.
    Raises Unusable when nothing can be used.
    """
    if interval_minutes not in (5, 10, 15, 20, 30, 60):
        raise unusable("intervals of %(minutes)d minutes do not fill an hour evenly: choose 15 or 30",
                       field="interval_minutes", minutes=interval_minutes)  # fmt: skip
    try:
        known_zone(zone)
    except ValueError as error:
        raise unusable("%(why)s", field="zone", why=str(error)) from error
    table = source if isinstance(source, Table) else read_table(source)
    mapping = mapping or guess_mapping(table)
    if mapping.kind == "contacts":
        contacts, problems = clean_contacts(table, mapping, zone, queue)
        history = history_of_contacts(contacts, zone=zone, interval_minutes=interval_minutes)
    else:
        volumes, problems = clean_volumes(table, mapping, zone, queue)
        history = _history_of_volumes(volumes, zone, interval_minutes)
    return replace(
        history, problems=(*table.problems, *problems, *history.problems), layout=table.layout, mapping=mapping
    )


def history_of_contacts(contacts: pl.DataFrame, *, zone: str, interval_minutes: int = 30) -> History:
    """History of single contacts: columns queue, arrived (UTC), answered, wait, handling, agent.

    An interval without contacts holds zero; a day without any contact of any queue, between days that have some, is
    missing unless at least half of the same weekdays are empty too.
    """
    length = timedelta(minutes=interval_minutes)
    counts = contacts.group_by("queue", pl.col("arrived").dt.truncate(length).alias("start")).agg(
        pl.len().cast(pl.Float64).alias("calls"), pl.col("handling").mean()
    )
    grid = _grid(counts, zone, interval_minutes)
    volumes = grid.join(counts, on=["queue", "start"], how="left").with_columns(pl.col("calls").fill_null(0.0))
    volumes = volumes.select("queue", "start", "calls", "handling")
    day = pl.col("start").dt.convert_time_zone(zone).dt.date()
    totals = volumes.group_by(day.alias("day")).agg(pl.col("calls").sum()).sort("day")
    totals = totals.with_columns(
        ((pl.col("calls") == 0).mean() >= 0.5).over(pl.col("day").dt.weekday()).alias("closed")
    )
    missing = totals.filter((pl.col("calls") == 0) & ~pl.col("closed"))["day"]
    volumes = volumes.with_columns(
        pl.when(day.is_in(missing.implode())).then(None).otherwise(pl.col("calls")).alias("calls")
    )
    return History(zone, interval_minutes, volumes, contacts, tuple(_gaps(volumes, zone)))


def _grid(counts: pl.DataFrame, zone: str, minutes: int) -> pl.DataFrame:
    """Every interval from the first local midnight to the last, for every queue."""
    local = counts["start"].dt.convert_time_zone(zone).dt.date()
    first, last = local.min(), local.max()
    assert isinstance(first, date)
    assert isinstance(last, date)
    bounds = pl.Series([first, last + timedelta(days=1)]).cast(pl.Datetime("us"))
    edges = bounds.dt.replace_time_zone(zone, ambiguous="earliest", non_existent="null").dt.convert_time_zone("UTC")
    starts = pl.datetime_range(edges[0], edges[1], timedelta(minutes=minutes), closed="left", eager=True).alias("start")
    return counts.select(pl.col("queue").unique().sort()).join(starts.to_frame(), how="cross")


def _history_of_volumes(volumes: pl.DataFrame, zone: str, minutes: int) -> History:
    steps = volumes.select(
        pl.col("start").sort().diff().over("queue").dt.total_seconds().alias("step")
    )["step"].drop_nulls()  # fmt: skip
    steps = steps.filter(steps > 0)
    file_minutes = float(np.median(steps.to_numpy())) / 60 if steps.len() else float(minutes)
    problems: list[Problem] = []
    if file_minutes > minutes:
        if file_minutes > 60 or 60 % file_minutes:
            raise unusable(
                "the file counts calls by %(file)d minutes; planning needs counts by the hour or finer",
                field="arrived", file=int(file_minutes),
            )  # fmt: skip
        problems.append(Problem("the file counts by %(file)d minutes: intervals of %(file)d minutes are used, not %(asked)d",
                                {"file": int(file_minutes), "asked": minutes}))  # fmt: skip
        minutes = int(file_minutes)
    per = max(1, round(minutes / file_minutes))
    counts = volumes.group_by("queue", pl.col("start").dt.truncate(timedelta(minutes=minutes)).alias("start")).agg(
        pl.col("calls").sum(),
        pl.len().alias("parts"),
        ((pl.col("handling") * pl.col("calls")).sum() / pl.col("calls").filter(pl.col("handling").is_not_null()).sum())
        .fill_nan(None)
        .alias("handling"),
    )
    holds_zeros = bool((volumes["calls"] == 0).any())
    partial = counts.filter(pl.col("parts") < per)
    if holds_zeros and partial.height:
        problems.append(
            counted(
                "%(count)d interval has only a part of its counts: it counts as missing",
                "%(count)d intervals have only a part of their counts: they count as missing",
                partial.height,
            )
        )
        counts = counts.with_columns(pl.when(pl.col("parts") >= per).then("calls").alias("calls"))
    grid = _grid(counts, zone, minutes).join(counts, on=["queue", "start"], how="left")
    grid, filled = _with_zeros(grid, zone, every=not holds_zeros)
    if filled and holds_zeros:
        problems.append(
            Problem("times of day at which no day of the file has a count are taken as closed: they count as zero")
        )
    elif filled:
        problems.append(
            counted(
                "the file holds no zero: %(count)d interval it leaves out, on a day it has, counts as zero",
                "the file holds no zero: %(count)d intervals it leaves out, on days it has, count as zero",
                filled,
            )
        )
    return History(zone, minutes, grid, None, tuple(problems + _gaps(grid, zone)))


def _with_zeros(grid: pl.DataFrame, zone: str, *, every: bool) -> tuple[pl.DataFrame, int]:
    """Zero for intervals that days of the file leave out, ``every`` one or those left out on all days; and how many."""
    local, given = pl.col("start").dt.convert_time_zone(zone), pl.col("parts").is_not_null()
    left_out = ~given & given.any().over("queue", local.dt.date())
    if not every:
        left_out &= ~given.any().over("queue", local.dt.time())
    zeros = grid.select(left_out).to_series()
    calls = pl.when(zeros).then(0.0).otherwise("calls").alias("calls")
    return grid.with_columns(calls).drop("parts"), int(zeros.sum())


def _gaps(volumes: pl.DataFrame, zone: str) -> list[Problem]:
    """Whole days, then single intervals, that are missing."""
    problems = []
    frame = volumes.with_columns(pl.col("start").dt.convert_time_zone(zone).dt.date().alias("day"))
    for queue, rows in sorted(frame.partition_by("queue", as_dict=True).items()):
        days = rows.group_by("day").agg(pl.col("calls").is_null().mean().alias("share")).sort("day")
        whole = days.filter(pl.col("share") > 0.99)["day"].to_list()
        runs: list[list[date]] = []
        for day in whole:
            if runs and day - runs[-1][-1] == timedelta(days=1):
                runs[-1].append(day)
            else:
                runs.append([day])
        for run in runs:
            problems.append(
                counted(
                    "queue “%(queue)s”: nothing on %(first)s (%(count)d day): left out of fitting",
                    "queue “%(queue)s”: nothing from %(first)s to %(last)s (%(count)d days): left out of fitting",
                    len(run), queue=queue[0], first=run[0].isoformat(), last=run[-1].isoformat(),
                )
            )  # fmt: skip
        lone = int(rows.filter(~pl.col("day").is_in(whole))["calls"].is_null().sum())
        if lone:
            problems.append(
                counted(
                    "queue “%(queue)s”: %(count)d single interval is missing",
                    "queue “%(queue)s”: %(count)d single intervals are missing",
                    lone,
                    queue=queue[0],
                )
            )
    return problems
