"""Dates as people write them: the format guessed, odd ones tried apart, clock changes found and said."""

from zoneinfo import ZoneInfo

import polars as pl

from homeshore.planning.engine.problems import Problem, counted

_DAYS = ("%Y-%m-%d", "%d/%m/%Y", "%m/%d/%Y", "%d-%m-%Y", "%d.%m.%Y", "%Y/%m/%d", "%Y%m%d", "%d/%m/%y", "%y%m%d")
_TIMES = ("%H:%M:%S", "%H:%M", "%Hh%M", "%H:%M:%S%.f", "%H:%M:%S%z", "%H:%M:%S%.f%z", "%H:%M%z")
_ALL = tuple(f"{day}{gap}{time}" for day in _DAYS for gap in (" ", "T") for time in _TIMES) + _DAYS


def _parsed(texts: pl.Series, form: str) -> pl.Series:
    """Naive local times, or UTC turned naive when the text itself tells its offset."""
    if form == "%y%m%d":  # polars would also read 1999-style years here
        texts = texts.to_frame("t").select(pl.when(pl.col("t").str.len_bytes() == 6).then(pl.col("t"))).to_series()
    if "%z" in form:
        return texts.str.to_datetime(form, strict=False, time_unit="us", time_zone="UTC")
    if "%H" in form:
        return texts.str.to_datetime(form, strict=False, time_unit="us")
    return texts.str.to_date(form, strict=False).cast(pl.Datetime("us"))


def _coverage(texts: pl.Series, form: str) -> float:
    try:
        parsed = _parsed(texts, form)
    except pl.exceptions.PolarsError:
        return 0.0
    sensible = parsed.dt.year().is_between(1970, 2100)
    return float(sensible.fill_null(False).sum()) / max(1, texts.len() - texts.null_count())


def datetime_format(texts: pl.Series) -> str | None:
    """The format that reads the most of ``texts``, and half at least; day before month when both fit."""
    sample = texts.head(400)
    best, share = None, 0.5
    for form in _ALL:
        found = _coverage(sample, form)
        if found > share:
            best, share = form, found
    if best is not None and "%d/%m/%Y" in best and texts.len() > 400 and _coverage(texts, best) < share:
        other = best.replace("%d/%m/%Y", "%m/%d/%Y")
        if _coverage(texts, other) > _coverage(texts, best):
            return other
    return best


def formats_like(form: str) -> list[str]:
    """The formats that may be meant where ``form`` was guessed: the day written otherwise, with the same time."""
    day = next((day for day in sorted(_DAYS, key=len, reverse=True) if form.startswith(day)), form)
    return list(dict.fromkeys([form, *(each + form.removeprefix(day) for each in _DAYS)]))


def looks_like_time_of_day(texts: pl.Series) -> bool:
    """H:MM or H:MM:SS in nearly all rows."""
    matches = texts.drop_nulls().str.contains(r"^\d{1,2}[:h]\d{2}(:\d{2})?$")
    return matches.len() > 0 and float(matches.mean() or 0.0) > 0.9  # type: ignore[arg-type]


def parse(texts: pl.Series, form: str) -> tuple[pl.Series, pl.Series]:
    """Parsed datetimes (null where unreadable) and which rows needed another format than ``form``."""
    parsed = _parsed(texts, form)
    missing = parsed.is_null() & texts.is_not_null() & (texts != "")
    if not missing.any():
        return parsed, missing
    others = [other for other in _ALL if other != form and ("%z" in other) == ("%z" in form)]
    rest = texts.to_frame("t").with_columns(missing.alias("m")).select(pl.when("m").then(pl.col("t"))).to_series()
    for other in others:
        try:
            found = _parsed(rest, other)
        except pl.exceptions.PolarsError:
            continue
        sensible = found.is_not_null() & found.dt.year().is_between(1970, 2100)
        parsed = pl.select(pl.when(parsed.is_null() & sensible).then(found).otherwise(parsed)).to_series()
        if not (parsed.is_null() & missing).any():
            break
    return parsed, missing & parsed.is_not_null()


def to_utc(local: pl.Series, zone: str, second_pass: pl.Series) -> tuple[pl.Series, list[Problem]]:
    """Local clock times as UTC. ``second_pass`` marks rows that repeat a clock time of the same series.

    Times that a spring change skips move forward by the hour skipped; in an autumn hour that comes twice, a row that
    repeats another is of the second pass. Both are said.
    """
    if local.dtype == pl.Datetime("us", "UTC"):
        return local, []
    frame = pl.DataFrame({"t": local, "later": second_pass})
    frame = frame.with_columns(
        pl.col("t").dt.replace_time_zone(zone, ambiguous="earliest", non_existent="null").alias("first"),
        pl.col("t").dt.replace_time_zone(zone, ambiguous="latest", non_existent="null").alias("last"),
    )
    problems = []
    skipped = frame.filter(pl.col("t").is_not_null() & pl.col("first").is_null())
    if skipped.height:
        problems.append(counted(
            "%(count)d row is at a clock time that does not exist in %(zone)s (clocks went forward on %(days)s): "
            "read one hour later",
            "%(count)d rows are at clock times that do not exist in %(zone)s (clocks went forward on %(days)s): "
            "read one hour later",
            skipped.height, zone=zone, days=_days(skipped["t"]),
        ))  # fmt: skip
    twice = frame.filter(pl.col("first") != pl.col("last"))
    second = int(twice["later"].sum())
    if second:
        problems.append(Problem(
            "%(count)d rows are in an hour that comes twice in %(zone)s (clocks went back on %(days)s): %(second)d that "
            "repeat a time already seen are read as the second pass, the others as the first",
            {"count": twice.height, "zone": zone, "days": _days(twice["t"]), "second": second},
        ))  # fmt: skip
    elif twice.height:
        problems.append(counted(
            "%(count)d row is in an hour that comes twice in %(zone)s (clocks went back on %(days)s): read as the first pass",
            "%(count)d rows are in an hour that comes twice in %(zone)s (clocks went back on %(days)s), none a second time: read as the first pass",
            twice.height, zone=zone, days=_days(twice["t"]),
        ))  # fmt: skip
    moved = (pl.col("t") + pl.duration(hours=1)).dt.replace_time_zone(zone, ambiguous="earliest", non_existent="null")
    chosen = pl.when(pl.col("later")).then(pl.col("last")).otherwise(pl.col("first")).fill_null(moved)
    return frame.select(chosen.dt.convert_time_zone("UTC").alias("t"))["t"], problems


def _days(times: pl.Series) -> str:
    days = times.dt.date().unique().sort()
    return ", ".join(day.isoformat() for day in days.head(4)) + (" …" if days.len() > 4 else "")


def known_zone(zone: str) -> ZoneInfo:
    """The zone; raises ValueError with the name when there is none such."""
    try:
        return ZoneInfo(zone)
    except Exception as error:
        raise ValueError(f"“{zone}” is no time zone; expected for example Europe/Paris") from error
