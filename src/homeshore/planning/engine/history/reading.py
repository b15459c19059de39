"""From bytes to a table of texts whose rows know their line in the file. Nothing is interpreted yet."""

import csv
import io
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

import polars as pl

from homeshore.planning.engine.problems import Problem, Unusable, unusable

LINE = "__line__"
_SEPARATORS = {",": "comma", ";": "semicolon", "\t": "tab", "|": "bar"}
_SHOWN_LINES = 5


@dataclass(frozen=True, slots=True)
class Table:
    """``rows`` holds one text column per column of the file, and LINE; ``layout`` says how the file was read."""

    rows: pl.DataFrame
    layout: str
    problems: tuple[Problem, ...] = field(default=())

    @property
    def columns(self) -> list[str]:
        return [name for name in self.rows.columns if name != LINE]


def read_table(source: Path | str | bytes | BinaryIO, name: str = "") -> Table:
    """Read CSV (any separator), TSV, Parquet or Excel; the kind is told by content, not by name.

    Raises Unusable when the file is empty, has a header only, or is none of these.
    """
    if isinstance(source, (str, Path)):
        try:
            content = Path(source).read_bytes()
        except OSError as error:
            raise unusable(
                "“%(file)s” cannot be read: %(why)s", file=str(source), why=error.strerror or str(error)
            ) from error
    elif isinstance(source, bytes):
        content = source
    else:
        content = source.read()
    if not content.strip():
        raise unusable("the file is empty: it needs a header and at least one line below it")
    if content[:4] == b"PAR1":
        return _typed(pl.read_parquet(io.BytesIO(content)), "Parquet", first_line=1)
    if content[:4] == b"PK\x03\x04" or content[:8] == b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1":
        return _excel(content)
    return _text(content)


def _excel(content: bytes) -> Table:
    try:
        frame = pl.read_excel(io.BytesIO(content), engine="calamine", infer_schema_length=None)
    except Exception as error:
        raise unusable("this workbook cannot be opened: %(why)s", why=str(error)) from error
    return _typed(frame, "Excel, first sheet", first_line=2)


def _typed(frame: pl.DataFrame, layout: str, first_line: int) -> Table:
    if frame.is_empty():
        raise unusable("the file has columns and no rows")
    texts = [
        pl.col(name).dt.to_string("%Y-%m-%d %H:%M:%S%z" if kind.time_zone else "%Y-%m-%d %H:%M:%S")
        if isinstance(kind, pl.Datetime)
        else pl.col(name).cast(pl.String, strict=False)
        for name, kind in frame.schema.items()
    ]
    rows = frame.select(texts).with_columns(pl.int_range(first_line, frame.height + first_line).alias(LINE))
    return Table(rows, layout)


def _decoded(content: bytes) -> tuple[bytes, str]:
    if content[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return content.decode("utf-16").encode(), "UTF-16"
    if content[:3] == b"\xef\xbb\xbf":
        content = content[3:]
    try:
        content.decode()
    except UnicodeDecodeError:
        return content.decode("cp1252", errors="replace").encode(), "Windows-1252"
    return content, "UTF-8"


def _separator(lines: list[str]) -> str:
    """The separator that splits the most lines into the same number of fields, two at least."""
    best, best_score = "", 0.0
    for separator in _SEPARATORS:
        counts = [line.count(separator) for line in lines]
        usual = max(set(counts), key=counts.count)
        if usual:
            score = counts.count(usual) / len(counts) + 0.01 * min(usual, 20) + (counts[0] == usual)
            if score > best_score:
                best, best_score = separator, score
    return best


def _text(content: bytes) -> Table:
    content, encoding = _decoded(content)
    if b"\x00" in content[:10_000]:
        raise unusable("this is neither a text file, nor Parquet, nor Excel")
    head = content[:200_000].decode(errors="ignore").splitlines()
    lines = [line for line in (head[:-1] if len(content) > 200_000 else head) if line.strip()]
    separator = _separator(lines)
    if not separator:
        raise unusable(
            "no separator found: the first line reads “%(text)s”; expected columns separated by "
            "a comma, a semicolon, a tab or a bar", line=1, text=lines[0][:80],
        )  # fmt: skip
    if b'"' in content:
        rows, bad = _quoted(content.decode(), separator)
    else:
        rows, bad = _plain(content, separator)
    if rows.is_empty() and bad and len(rows.columns) == 2:
        raise unusable(
            "the header reads “%(text)s” and the lines below it are separated by %(separator)s: use one separator throughout",
            line=1, text=lines[0][:80], separator=_SEPARATORS[separator],
        )  # fmt: skip
    if rows.is_empty():
        raise Unusable(
            Problem("the file has a header and no usable line below it"), *_ragged(bad, len(rows.columns) - 1)
        )
    layout = f"{encoding}, separated by {_SEPARATORS[separator]}"
    return Table(rows, layout, _ragged(bad, len(rows.columns) - 1))


def _header(names: list[str]) -> list[str]:
    seen: dict[str, int] = {}
    unique = []
    for place, raw in enumerate(names):
        name = raw.strip().strip('"') or f"column {place + 1}"
        seen[name] = seen.get(name, 0) + 1
        unique.append(name if seen[name] == 1 else f"{name} ({seen[name]})")
    return unique


def _plain(content: bytes, separator: str) -> tuple[pl.DataFrame, list[tuple[int, int]]]:
    """Millions of lines without quotes: split in columns at once; lines with another number of fields come back."""
    lines = (
        pl.Series("text", [content], dtype=pl.Binary).cast(pl.String).str.replace_all("\r", "", literal=True)
        .str.split("\n").explode()
    )  # fmt: skip
    frame = pl.DataFrame({"text": lines, LINE: pl.int_range(1, len(lines) + 1, eager=True)})
    frame = frame.filter(pl.col("text").str.strip_chars(" \t").str.len_bytes() > 0)
    names = _header(frame["text"][0].split(separator))
    frame = frame.slice(1).with_columns(pl.col("text").str.count_matches(separator, literal=True).alias("__fields__"))
    wrong = frame.filter(pl.col("__fields__") != len(names) - 1)
    parts = (
        frame.filter(pl.col("__fields__") == len(names) - 1)
        .with_columns(pl.col("text").str.split_exact(separator, len(names) - 1).struct.rename_fields(names))
        .unnest("text")
        .drop("__fields__")
    )
    bad = [(line, fields + 1) for line, fields in wrong.select(LINE, "__fields__").iter_rows()]
    return parts.with_columns(pl.col(names).str.strip_chars()), bad


def _quoted(content: str, separator: str) -> tuple[pl.DataFrame, list[tuple[int, int]]]:
    reader = csv.reader(io.StringIO(content), delimiter=separator)
    names: list[str] = []
    kept: list[list[str]] = []
    numbers: list[int] = []
    bad: list[tuple[int, int]] = []
    for record in reader:
        if not any(value.strip() for value in record):
            continue
        if not names:
            names = _header(record)
        elif len(record) != len(names):
            bad.append((reader.line_num, len(record)))
        else:
            kept.append([value.strip() for value in record])
            numbers.append(reader.line_num)
    frame = pl.DataFrame(kept, schema=dict.fromkeys(names, pl.String), orient="row")
    return frame.with_columns(pl.Series(LINE, numbers, dtype=pl.Int64)), bad


def _ragged(bad: list[tuple[int, int]], expected: int) -> tuple[Problem, ...]:
    return tuple(
        Problem("has %(found)d fields instead of %(expected)d: left out", {"found": fields, "expected": expected}, line)
        for line, fields in bad[:_SHOWN_LINES]
    ) + (
        (Problem("%(count)d more lines with a wrong number of fields were left out", {"count": len(bad) - _SHOWN_LINES}),)
        if len(bad) > _SHOWN_LINES
        else ()
    )  # fmt: skip
