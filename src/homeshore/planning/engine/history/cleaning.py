"""From a table and its mapping to clean contacts or volumes; what cannot be used is left out and told, line by line.

Columns are called by what they mean (`arrived`, `calls`, …), whatever the file calls them. Each step gives the rows that
go on and what is to be said of the others.
"""

from collections.abc import Mapping as Values

import numpy as np
import polars as pl

from homeshore.planning.engine.history.copies import copies
from homeshore.planning.engine.history.dates import parse, to_utc
from homeshore.planning.engine.history.mapping import Mapping
from homeshore.planning.engine.history.reading import LINE, Table
from homeshore.planning.engine.problems import Problem, counted, unusable

Step = tuple[pl.DataFrame, list[Problem]]

_SHOWN_LINES = 5


def clean_volumes(table: Table, mapping: Mapping, zone: str, queue: str) -> Step:
    """Columns queue, start (UTC), calls, handling (mean seconds of a call, null when unknown)."""
    rows = _mapped(table, mapping)
    if "calls" not in rows.columns:
        raise unusable("say which column holds the number of calls", field="calls")
    rows, undated = _with_moments(rows, mapping.date_format)
    rows, uncounted = _with_calls(rows)
    rows = rows.with_columns(_queue(rows, queue), _seconds(rows, "handling"))
    rows, repeated = _given_once(rows, zone)
    start, moved = to_utc(rows["moment"], zone, rows["nth"] == 1)
    return rows.select("queue", "calls", "handling", start.alias("start")), undated + uncounted + repeated + moved


def clean_contacts(table: Table, mapping: Mapping, zone: str, queue: str) -> Step:
    """Columns queue, arrived (UTC), answered, wait, handling (null when unknown), agent."""
    rows = _mapped(table, mapping)
    copied, repeated = copies(table, mapping)
    rows, undated = _with_moments(rows.filter(~copied) if copied.any() else rows, mapping.date_format)
    rows, ignored = _with_answers(rows, mapping)
    rows, negative = _with_seconds(rows)
    agent = pl.col("agent") if "agent" in rows.columns else pl.lit(None, pl.String).alias("agent")
    rows = rows.with_columns(_queue(rows, queue), agent)
    arrived, moved = to_utc(rows["moment"], zone, pl.Series([False]).new_from_index(0, rows.height))
    frame = rows.select("queue", arrived.alias("arrived"), "answered", "wait", "handling", "agent")
    return frame.sort("arrived"), repeated + undated + ignored + negative + moved


def _mapped(table: Table, mapping: Mapping) -> pl.DataFrame:
    """The columns that mean something, by what they mean, with the number of each line."""
    for what, column in mapping.columns.items():
        if column not in table.columns:
            raise unusable(
                "there is no column “%(column)s” (columns: %(columns)s)", field=what, column=column,
                columns=", ".join(table.columns),
            )  # fmt: skip
    if "arrived" not in mapping.columns and "day" not in mapping.columns:
        raise unusable("say which column holds the date", field="arrived")
    return table.rows.select(LINE, *(pl.col(column).alias(what) for what, column in mapping.columns.items()))


def _told(
    text: str, rows: pl.DataFrame, column: str, field: str, values: Values[str, object] | None = None
) -> list[Problem]:
    """One problem for each of the first lines concerned, and one that counts the rest."""
    problems = [
        Problem(text, {"value": value, **(values or {})}, line, field)
        for line, value in rows.select(LINE, column).head(_SHOWN_LINES).iter_rows()
    ]
    if rows.height > _SHOWN_LINES:
        more = rows.height - _SHOWN_LINES
        problems.append(
            counted("the same in %(count)d more line", "the same in %(count)d more lines", more, field=field)
        )
    return problems


def _only(rows: pl.DataFrame, wanted: pl.Expr) -> pl.DataFrame:
    """The rows wanted; where all are, the table itself rather than a copy of millions of lines."""
    kept = rows.select(wanted.fill_null(value=False)).to_series()
    return rows if kept.all() else rows.filter(kept)


def _number(column: str) -> pl.Expr:
    return pl.col(column).str.replace(",", ".", literal=True).cast(pl.Float64, strict=False)


def _seconds(rows: pl.DataFrame, column: str) -> pl.Expr:
    """Seconds, given as a number or as H:MM:SS; unknown where the file has no such column."""
    if column not in rows.columns:
        return pl.lit(None, pl.Float64).alias(column)
    hours, minutes, seconds = (
        pl.col(column).str.split_exact(":", 2).struct.field(f"field_{place}").cast(pl.Float64, strict=False)
        for place in range(3)
    )
    by_clock = hours * 3600 + minutes * 60 + seconds
    has_clock = pl.col(column).str.contains(":", literal=True)
    return pl.when(has_clock).then(by_clock).otherwise(_number(column)).alias(column)


def _queue(rows: pl.DataFrame, only: str) -> pl.Expr:
    """Each row's queue; ``only`` where the file names none."""
    named = pl.col("queue").fill_null(only).replace("", only) if "queue" in rows.columns else pl.lit(only)
    return named.alias("queue")


def _with_moments(rows: pl.DataFrame, form: str) -> Step:
    """Adds ``moment``, the time on the file's own clock; rows whose date cannot be read are left out."""
    written, field = pl.col("arrived" if "arrived" in rows.columns else "day"), "arrived"
    if "time" in rows.columns and "arrived" not in rows.columns:
        written, form, field = written + " " + _to_the_second("time"), f"{form} %H:%M:%S", "time"
    rows = rows.with_columns(written.alias("written"))
    moments, strays = parse(rows["written"], form)
    rows = rows.with_columns(moments.alias("moment"))
    unread = rows.filter(pl.col("moment").is_null())
    problems = _told("“%(value)s” is no date that can be read: left out", unread, "written", field)
    problems += _told(
        "“%(value)s” is written unlike the others, which follow %(form)s: read all the same",
        rows.filter(strays), "written", field, {"form": form},
    )  # fmt: skip
    rows = _only(rows, pl.col("moment").is_not_null())
    if rows.is_empty():
        raise unusable("no line has a date that follows %(form)s", field=field, form=form)
    return rows, problems


def _to_the_second(column: str) -> pl.Expr:
    """A time of day as H:MM:SS: 8h30 and 8:30 become 8:30:00."""
    time = pl.col(column).str.replace("h", ":", literal=True)
    return pl.when(time.str.count_matches(":", literal=True) == 1).then(time + ":00").otherwise(time)


def _with_calls(rows: pl.DataFrame) -> Step:
    """``calls`` as numbers; intervals whose number cannot be used count as missing."""
    rows = rows.with_columns(pl.col("calls").alias("written"), _number("calls"))
    problems = _told(
        "“%(value)s” is no number of calls: this interval counts as missing",
        rows.filter(pl.col("calls").is_null()), "written", "calls",
    )  # fmt: skip
    problems += _told(
        "a number of calls cannot be %(value)s: this interval counts as missing",
        rows.filter(pl.col("calls") < 0), "written", "calls",
    )  # fmt: skip
    rows = _only(rows, pl.col("calls") >= 0)
    if rows.is_empty():
        raise unusable("no line has a usable number of calls", field="calls")
    return rows, problems


def _given_once(rows: pl.DataFrame, zone: str) -> Step:
    """One row for each interval of a queue, the first; in an hour that the clock shows twice, two, ``nth`` 0 and 1."""
    rows = rows.with_columns(_nth(rows).alias("nth"))
    twice = _shown_twice(rows["moment"], zone)
    copies = rows.filter((pl.col("nth") > 0) & ~twice)
    problems = _told("this interval was already given for this queue: the first is kept", copies, "written", "arrived")
    return _only(rows, (pl.col("nth") == 0) | (twice & (pl.col("nth") == 1))), problems


def _nth(rows: pl.DataFrame) -> pl.Series:
    """How many rows of the same queue and clock time stand before each: none, nearly always."""
    nth = np.zeros(rows.height, np.int64)
    repeated = rows.select(pl.col("moment").is_duplicated().over("queue")).to_series()
    if repeated.any():
        few = rows.filter(repeated).select(pl.int_range(pl.len()).over("queue", "moment"))
        nth[repeated.to_numpy()] = few.to_series().to_numpy()
    return pl.Series(nth)


def _shown_twice(moments: pl.Series, zone: str) -> pl.Series:
    """Which clock times come twice in ``zone``, when clocks go back."""
    if moments.dtype != pl.Datetime("us"):
        return pl.Series([False]).new_from_index(0, moments.len())
    first = moments.dt.replace_time_zone(zone, ambiguous="earliest", non_existent="null")
    last = moments.dt.replace_time_zone(zone, ambiguous="latest", non_existent="null")
    return (first != last).fill_null(value=False)


def _with_answers(rows: pl.DataFrame, mapping: Mapping) -> Step:
    """Adds ``answered``; contacts whose outcome is mapped to “ignored” are left out."""
    if "outcome" not in rows.columns:
        worked = _seconds(rows, "handling").fill_null(0) > 0 if "handling" in rows.columns else pl.lit(value=True)
        return rows.with_columns(worked.alias("answered")), []
    meaning = pl.col("outcome").replace_strict(mapping.outcomes, default="ignored", return_dtype=pl.String)
    rows = rows.with_columns(meaning.alias("meaning"))
    ignored = rows.filter(pl.col("meaning") == "ignored")
    problems = []
    if ignored.height:
        values = ", ".join(ignored["outcome"].fill_null("nothing").unique().sort().head(5).to_list())
        problems.append(
            counted(
                "%(count)d contact is ignored, by its outcome (%(values)s)",
                "%(count)d contacts are ignored, by their outcome (%(values)s)",
                ignored.height, field="outcome", values=values,
            )
        )  # fmt: skip
    rows = _only(rows, pl.col("meaning") != "ignored")
    if rows.is_empty():
        raise unusable("no contact is left: every outcome is mapped to “ignored”", field="outcome")
    return rows.with_columns((pl.col("meaning") == "answered").alias("answered")), problems


def _with_seconds(rows: pl.DataFrame) -> Step:
    """``wait`` and ``handling`` in seconds, unknown where they cannot be; only who was answered has been handled."""
    rows = rows.with_columns(_seconds(rows, "wait"), _seconds(rows, "handling"))
    problems = []
    for what in ("wait", "handling"):
        wrong = rows.filter(pl.col(what) < 0)
        problems += _told("a time cannot be %(value)s s: it counts as unknown", wrong, what, what)
    handled = pl.col("answered") & (pl.col("handling") > 0)
    return rows.with_columns(
        pl.when(pl.col("wait") >= 0).then(pl.col("wait")),
        pl.when(handled).then(pl.col("handling")),
    ), problems
