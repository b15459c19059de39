"""From bytes to a table of texts whose rows know their line in the file. Nothing is interpreted yet."""

import csv
import io
import zipfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

import numpy as np
import polars as pl
from numpy.typing import NDArray

from homeshore.planning.engine.problems import Problem, Unusable, counted, unusable

Integers = NDArray[np.int64]

LINE = "__line__"
_SEPARATORS = {",": "comma", ";": "semicolon", "\t": "tab", "|": "bar"}
_SHOWN_LINES = 5
_BYTES_OF_A_VALUE = 20  # of a typed column, once written as text
MOST_BYTES = 200_000_000


@dataclass(frozen=True, slots=True)
class Table:
    """``rows`` holds one text column per column of the file, and LINE; ``layout`` says how the file was read."""

    rows: pl.DataFrame
    layout: str
    problems: tuple[Problem, ...] = field(default=())

    @property
    def columns(self) -> list[str]:
        return [name for name in self.rows.columns if name != LINE]


def read_table(source: Path | str | bytes | BinaryIO, most_bytes: int = MOST_BYTES) -> Table:
    """Read CSV (any separator), TSV, Parquet or Excel; the kind is told by content, not by name.

    Raises Unusable when the file is empty, has a header only, is none of these, or holds more than ``most_bytes`` once
    unpacked. Reading and cleaning take about twelve times those bytes of memory.
    """
    if isinstance(source, (str, Path)):
        try:
            _allow(Path(source).stat().st_size, most_bytes)
            content = Path(source).read_bytes()
        except OSError as error:
            raise unusable(
                "“%(file)s” cannot be read: %(why)s", file=str(source), why=error.strerror or str(error)
            ) from error
    elif isinstance(source, bytes):
        content = source
    else:
        content = source.read(most_bytes + 1)
    _allow(len(content), most_bytes)
    if not content.strip():
        raise unusable("the file is empty: it needs a header and at least one line below it")
    if content[:4] == b"PAR1":
        return _parquet(content, most_bytes)
    if content[:4] == b"PK\x03\x04" or content[:8] == b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1":
        return _excel(content, most_bytes)
    return _text(content)


def _allow(found: int, most: int) -> None:
    if found > most:
        raise unusable(
            "this file holds %(found)d MB once unpacked, and at most %(most)d MB are read, so that memory suffices: take fewer "
            "months or fewer columns, or have the limit raised (HOMESHORE_PLANNING_FILE_BYTES)",
            found=-(-found // 1_000_000), most=most // 1_000_000,
        )  # fmt: skip


def _parquet(content: bytes, most_bytes: int) -> Table:
    try:
        found = pl.scan_parquet(io.BytesIO(content))
        rows = int(found.select(pl.len()).collect().item())
        _allow(rows * len(found.collect_schema()) * _BYTES_OF_A_VALUE, most_bytes)
        frame = found.collect()
    except pl.exceptions.PolarsError as error:
        raise unusable("this Parquet file cannot be opened: %(why)s", why=str(error)) from error
    return _typed(frame, "Parquet", first_line=1)


def _excel(content: bytes, most_bytes: int) -> Table:
    if zipfile.is_zipfile(io.BytesIO(content)):
        with zipfile.ZipFile(io.BytesIO(content)) as parts:
            _allow(sum(part.file_size for part in parts.infolist()), most_bytes)
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
    if b"\r" in content:
        content = content.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
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
    if not content.endswith(b"\n"):
        content += b"\n"
    letters = np.frombuffer(content, np.uint8)
    ends = np.flatnonzero(letters == ord("\n"))
    begins = np.concatenate([[0], ends[:-1] + 1])
    fields = np.diff(np.searchsorted(np.flatnonzero(letters == ord(separator)), ends), prepend=0) + 1
    empty = _blank(content, begins, ends, fields)
    head = int(np.flatnonzero(~empty)[0])
    names = _header(content[begins[head] : ends[head]].decode().split(separator))
    usable = ~empty & (fields == len(names))
    usable[: head + 1] = False
    wrong = np.flatnonzero(~empty & (fields != len(names)))
    bad = [(int(line) + 1, int(fields[line])) for line in wrong if line > head]
    lines = np.flatnonzero(usable)
    if lines.size == 0:
        return pl.DataFrame(schema=dict.fromkeys([*names, LINE], pl.String)), bad
    if lines.size < ends.size - head - 1:
        content = letters[np.repeat(usable, ends - begins + 1)].tobytes()
        skipped = 0
    else:
        skipped = head + 1
    rows = pl.read_csv(
        content, separator=separator, has_header=False, skip_rows=skipped, new_columns=names, infer_schema=False,
        quote_char=None,
    )  # fmt: skip
    for name in names:  # one by one: the old column is let go before the next
        rows = rows.with_columns(pl.col(name).str.strip_chars().fill_null(""))
    return rows.with_columns(pl.Series(LINE, lines + 1)), bad


def _blank(content: bytes, begins: Integers, ends: Integers, fields: Integers) -> NDArray[np.bool_]:
    """Which lines hold nothing but spaces: only lines of a single field can."""
    blank: NDArray[np.bool_] = np.equal(ends, begins)
    for line in np.flatnonzero((fields == 1) & ~blank):
        blank[line] = not content[begins[line] : ends[line]].strip()
    return blank


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
        counted(
            "has %(count)d field instead of %(expected)d: left out", "has %(count)d fields instead of %(expected)d: left out",
            fields, line=line, expected=expected,
        )
        for line, fields in bad[:_SHOWN_LINES]
    ) + (
        (
            counted(
                "%(count)d more line with a wrong number of fields was left out",
                "%(count)d more lines with a wrong number of fields were left out",
                len(bad) - _SHOWN_LINES,
            ),
        )
        if len(bad) > _SHOWN_LINES
        else ()
    )  # fmt: skip
