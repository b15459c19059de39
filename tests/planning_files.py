"""Files that are odd or wrong, and what is to be said of each, on the screens and by the command alike."""

from __future__ import annotations

from datetime import datetime, timedelta

MONDAY = datetime(2026, 1, 5)  # noqa: DTZ001  a clock time in a file


def counts(start: datetime = MONDAY, days: int = 28, calls: int | None = None) -> list[str]:
    """Lines of calls by half hour, most from eight to six."""
    moments = [start + timedelta(minutes=30 * k) for k in range(days * 48)]
    usual = [(9 + at.hour % 5) * (8 <= at.hour < 18) for at in moments]
    return [f"{at:%Y-%m-%d %H:%M},{n if calls is None else calls}" for at, n in zip(moments, usual, strict=True)]


def file_of(lines: list[str], header: str = "start,calls") -> bytes:
    return "\n".join([header, *lines, ""]).encode()


LINES = counts()
ODD: dict[str, tuple[bytes, str]] = {
    "one date written otherwise": (
        file_of([*LINES[:100], f"{MONDAY + timedelta(hours=50):%d/%m/%Y %H:%M},9", *LINES[101:]]),
        "line 102, field “date and time of arrival”: “07/01/2026 02:00” is written unlike the others",
    ),
    "a negative count": (file_of([*LINES[:20], "2026-01-05 10:00,-4", *LINES[21:]]), "line 22, field “number of calls”: a number of calls cannot be -4"),
    "a word for a count": (file_of([*LINES[:20], "2026-01-05 10:00,many", *LINES[21:]]), "line 22, field “number of calls”"),
    "a missing week": (file_of(LINES[: 7 * 48] + LINES[14 * 48 :]), "nothing from 12 January 2026 to 18 January 2026 (7 days)"),
    "a line with too many fields": (file_of([*LINES[:5], LINES[5] + ",x", *LINES[6:]]), "line 7: has 3 fields instead of 2: left out"),
    "clocks that go forward": (file_of(counts(datetime(2026, 3, 2), 35, 5)), "2 rows are at clock times that do not exist in Europe/Paris"),  # noqa: DTZ001
    "clocks that go back": (file_of(counts(datetime(2026, 10, 5), 35, 5)), "2 rows are in an hour that comes twice in Europe/Paris"),  # noqa: DTZ001
    "one row": (file_of(["2026-01-05 08:00,7"]), "the file holds no zero: 47 intervals it leaves out"),
}  # fmt: skip
"""Can be used: what is odd is said, the rest is learned from."""

WRONG: dict[str, tuple[bytes, str]] = {
    "no separator": (b"hello\nworld\n", "line 1: no separator found: the first line reads “hello”"),
    "another separator below the header": (
        file_of([line.replace(",", ";") for line in LINES]), "line 1: the header reads “start,calls” and the lines below it are separated by semicolon"
    ),
    "a header alone": (b"start,calls\n", "the file has a header and no usable line below it"),
    "nothing but spaces": (b"  \n \n", "the file is empty: it needs a header and at least one line below it"),
    "no dates": (b"a,b\n1,2\n", "no column holds dates (columns: a, b)"),
    "no text": (bytes(range(256)), "neither a text file, nor Parquet, nor Excel"),
    "no calls": (file_of(counts(days=14, calls=0)), "the history holds no call at all: there is nothing to plan"),
}  # fmt: skip
"""Cannot be used: why is said, with line or field, and nothing is kept."""
