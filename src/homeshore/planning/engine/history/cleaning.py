"""From a table and its mapping to clean contacts or volumes; what cannot be used is left out and told, line by line."""

from dataclasses import replace

import numpy as np
import polars as pl

from homeshore.planning.engine.history.dates import parse, to_utc
from homeshore.planning.engine.history.mapping import Mapping
from homeshore.planning.engine.history.reading import LINE, Table
from homeshore.planning.engine.problems import Problem, counted, unusable

_SHOWN_LINES = 5
_TEXT = pl.String


def _told(
    text: str, rows: pl.DataFrame, column: str, field: str, values: dict[str, object] | None = None
) -> list[Problem]:
    """One problem for each of the first lines concerned, and one that counts the rest."""
    problems = [
        Problem(text, {"value": value, **(values or {})}, line, field)
        for line, value in rows.select(LINE, column).head(_SHOWN_LINES).iter_rows()
    ]
    if rows.height > _SHOWN_LINES:
        problems.append(
            counted(
                "the same in %(count)d more line",
                "the same in %(count)d more lines",
                rows.height - _SHOWN_LINES,
                field=field,
            )
        )
    return problems


def _need(table: Table, mapping: Mapping) -> None:
    for what, column in mapping.columns.items():
        if column not in table.columns:
            raise unusable(
                "there is no column “%(column)s” (columns: %(columns)s)", field=what, column=column,
                columns=", ".join(table.columns),
            )  # fmt: skip
    if "arrived" not in mapping.columns and "day" not in mapping.columns:
        raise unusable("say which column holds the date", field="arrived")


def _local_times(table: Table, mapping: Mapping) -> tuple[pl.DataFrame, list[Problem]]:
    columns, rows = mapping.columns, table.rows
    text, form, shown = rows[columns.get("arrived", columns.get("day", ""))], mapping.date_format, "arrived"
    if "time" in columns and "arrived" not in columns:
        times = rows[columns["time"]].str.replace("h", ":", literal=True)
        padded = times.to_frame("t").select(
            pl.when(pl.col("t").str.count_matches(":", literal=True) == 1).then(pl.col("t") + ":00").otherwise(pl.col("t"))
        ).to_series()  # fmt: skip
        text = text + " " + padded
        form, shown = f"{form} %H:%M:%S", "time"
    moments, odd = parse(text, form)
    rows = rows.with_columns(moments.alias("__local__"), text.alias("__text__"))
    problems = []
    unread = rows.filter(pl.col("__local__").is_null())
    if unread.height:
        problems += _told("“%(value)s” is no date that can be read: left out", unread, "__text__", shown)
    if odd.any():
        strays = rows.filter(odd)
        problems += _told("“%(value)s” is written unlike the others, which follow %(form)s: read all the same",
                          strays, "__text__", shown, {"form": form})  # fmt: skip
    rows = _only(rows, pl.col("__local__").is_not_null())
    if rows.is_empty():
        raise unusable("no line has a date that follows %(form)s", field=shown, form=form)
    return rows, problems


def _only(rows: pl.DataFrame, wanted: pl.Expr) -> pl.DataFrame:
    """The rows wanted; where all are, the table itself rather than a copy of millions of lines."""
    kept = rows.select(wanted.fill_null(value=False)).to_series()
    return rows if kept.all() else rows.filter(kept)


def _number(column: str) -> pl.Expr:
    return pl.col(column).str.replace(",", ".", literal=True).cast(pl.Float64, strict=False)


def _seconds(column: str) -> pl.Expr:
    """Seconds, given as a number or as H:MM:SS."""
    parts = pl.col(column).str.split_exact(":", 2)
    clock = (
        parts.struct.field("field_0").cast(pl.Float64, strict=False) * 3600
        + parts.struct.field("field_1").cast(pl.Float64, strict=False) * 60
        + parts.struct.field("field_2").cast(pl.Float64, strict=False)
    )
    return pl.when(pl.col(column).str.contains(":", literal=True)).then(clock).otherwise(_number(column))


def clean_volumes(table: Table, mapping: Mapping, zone: str, queue: str) -> tuple[pl.DataFrame, list[Problem]]:
    """Columns queue, start (UTC), calls, handling (mean seconds of a call, null when unknown)."""
    _need(table, mapping)
    if "calls" not in mapping.columns:
        raise unusable("say which column holds the number of calls", field="calls")
    mapped = table.rows.select(*dict.fromkeys(mapping.columns.values()), LINE)
    rows, problems = _local_times(replace(table, rows=mapped), mapping)
    column = mapping.columns["calls"]
    rows = rows.with_columns(_number(column).alias("__calls__"))
    problems += _told("“%(value)s” is no number of calls: this interval counts as missing",
                      rows.filter(pl.col("__calls__").is_null()), column, "calls")  # fmt: skip
    negative = rows.filter(pl.col("__calls__") < 0)
    problems += _told(
        "a number of calls cannot be %(value)s: this interval counts as missing", negative, column, "calls"
    )
    rows = _only(rows, pl.col("__calls__") >= 0).with_columns(_queue(mapping, queue).alias("__queue__"))
    if rows.is_empty():
        raise unusable("no line has a usable number of calls", field="calls")
    handling = _seconds(mapping.columns["handling"]) if "handling" in mapping.columns else pl.lit(None, pl.Float64)
    rows = rows.with_columns(handling.alias("__handling__"))
    rows = rows.with_columns(_nth(rows).alias("__nth__"))
    both = _twice(rows, zone)
    copies = rows.filter((pl.col("__nth__") > 0) & ~both)
    problems += _told("this interval was already given for this queue: the first is kept", copies, column, "arrived")
    rows = _only(rows, (pl.col("__nth__") == 0) | (both & (pl.col("__nth__") == 1)))
    start, said = to_utc(rows["__local__"], zone, rows["__nth__"] == 1)
    chosen = [pl.col(f"__{what}__").alias(what) for what in ("queue", "calls", "handling")]
    frame = rows.select(*chosen, start.alias("start"))
    return frame, problems + said


def _nth(rows: pl.DataFrame) -> pl.Series:
    """How many rows of the same queue and clock time stand before each: none, nearly always."""
    nth = np.zeros(rows.height, np.int64)
    repeated = rows.select(pl.col("__local__").is_duplicated().over("__queue__")).to_series()
    if repeated.any():
        few = rows.filter(repeated).select(pl.int_range(pl.len()).over("__queue__", "__local__"))
        nth[repeated.to_numpy()] = few.to_series().to_numpy()
    return pl.Series(nth)


def _twice(rows: pl.DataFrame, zone: str) -> pl.Series:
    if rows["__local__"].dtype != pl.Datetime("us"):
        return pl.Series([False]).new_from_index(0, rows.height)
    first = rows["__local__"].dt.replace_time_zone(zone, ambiguous="earliest", non_existent="null")
    last = rows["__local__"].dt.replace_time_zone(zone, ambiguous="latest", non_existent="null")
    return (first != last).fill_null(value=False)


def _queue(mapping: Mapping, queue: str) -> pl.Expr:
    if "queue" not in mapping.columns:
        return pl.lit(queue)
    return pl.col(mapping.columns["queue"]).fill_null(queue).replace("", queue)


def clean_contacts(table: Table, mapping: Mapping, zone: str, queue: str) -> tuple[pl.DataFrame, list[Problem]]:
    """Columns queue, arrived (UTC), answered, wait, handling (null when unknown), agent."""
    _need(table, mapping)
    rows, problems = _local_times(table, mapping)
    columns = mapping.columns
    copies = rows.filter(pl.struct(pl.exclude(LINE)).is_duplicated() & ~pl.struct(pl.exclude(LINE)).is_first_distinct())
    problems += _told("this line repeats an earlier one (%(value)s): left out", copies, "__text__", "arrived")
    rows = rows.filter(~pl.col(LINE).is_in(copies[LINE].implode()))
    if "outcome" in columns:
        meaning = pl.col(columns["outcome"]).replace_strict(mapping.outcomes, default="ignored", return_dtype=_TEXT)
        rows = rows.with_columns(meaning.alias("__meaning__"))
        ignored = rows.filter(pl.col("__meaning__") == "ignored")
        if ignored.height:
            values = ", ".join(ignored[columns["outcome"]].fill_null("nothing").unique().sort().head(5).to_list())
            problems.append(
                counted(
                    "%(count)d contact is ignored, by its outcome (%(values)s)",
                    "%(count)d contacts are ignored, by their outcome (%(values)s)",
                    ignored.height,
                    field="outcome",
                    values=values,
                )
            )
        rows = rows.filter(pl.col("__meaning__") != "ignored")
        answered = pl.col("__meaning__") == "answered"
    elif "handling" in columns:
        answered = _seconds(columns["handling"]).fill_null(0) > 0
    else:
        answered = pl.lit(value=True)
    if rows.is_empty():
        raise unusable("no contact is left: every outcome is mapped to “ignored”", field="outcome")
    nothing = pl.lit(None, pl.Float64)
    wait = _seconds(columns["wait"]) if "wait" in columns else nothing
    handling = _seconds(columns["handling"]) if "handling" in columns else nothing
    agent = pl.col(columns["agent"]) if "agent" in columns else pl.lit(None, _TEXT)
    rows = rows.with_columns(
        answered.alias("answered"), wait.alias("__wait__"), handling.alias("__work__"), agent.alias("__agent__"),
        _queue(mapping, queue).alias("__queue__"),
    )  # fmt: skip
    for what, name in (("wait", "__wait__"), ("handling", "__work__")):
        if what in columns:
            wrong = rows.filter(pl.col(name) < 0)
            problems += _told("a time cannot be %(value)s s: it counts as unknown", wrong, columns[what], what)
    start, said = to_utc(rows["__local__"], zone, pl.Series([False]).new_from_index(0, rows.height))
    frame = rows.select(
        pl.col("__queue__").alias("queue"),
        start.alias("arrived"),
        "answered",
        pl.when(pl.col("__wait__") >= 0).then(pl.col("__wait__")).alias("wait"),
        pl.when(pl.col("answered") & (pl.col("__work__") > 0)).then(pl.col("__work__")).alias("handling"),
        pl.col("__agent__").alias("agent"),
    )
    return frame.sort("arrived"), problems + said
