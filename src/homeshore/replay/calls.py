"""Recorded calls, and reading them from a file of separated values. Pure but for the open file it is given."""

import csv
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any, TextIO

SERVED, LEFT = "served", "left"
SEPARATORS = "\t;,|"
LONGEST_WAIT = 24 * 3600


class BadLine(ValueError):
    """A line that cannot be used: why, as an English template to be translated and the values that fill it."""

    def __init__(self, text: str, **values: Any) -> None:
        super().__init__(text % values)
        self.text, self.values = text, values


class UnknownColumns(ValueError):
    """The file lacks columns that the mapping names: `missing`; it has those `there`."""

    def __init__(self, missing: list[str], there: list[str]) -> None:
        super().__init__(f"{', '.join(missing)}; {', '.join(there)}")
        self.missing, self.there = missing, there


@dataclass(frozen=True, slots=True)
class Call:
    """One call as recorded. Times are local, without a zone; waits and services are seconds."""

    line: int
    arrived: datetime
    queue: str
    waited: float
    outcome: str
    served: float = 0.0
    agent: str = ""
    priority: int = 0
    queued: bool = True
    """False when the caller hung up before they stood in the queue: nobody could have answered them."""

    @property
    def service_started(self) -> datetime:
        return self.arrived + timedelta(seconds=self.waited)

    @property
    def service_ended(self) -> datetime:
        return self.service_started + timedelta(seconds=self.served)


@dataclass(frozen=True, slots=True)
class Problem:
    """A line that was left out, by its number in the file (the header is line 1); `text` and `values` as BadLine's."""

    line: int
    text: str
    values: Mapping[str, Any] = field(default_factory=dict)

    @property
    def why(self) -> str:
        """The reason in English, as programs read it."""
        return self.text % self.values


@dataclass(slots=True)
class CallsRead:
    """What a file held: the calls of use, in order of arrival, and the lines that were not."""

    calls: list[Call] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    ignored: int = 0

    def of_day(self, day: date) -> list[Call]:
        """The calls that arrived on a day."""
        return [call for call in self.calls if call.arrived.date() == day]

    def days(self) -> list[date]:
        """The days there are, in order."""
        return sorted({call.arrived.date() for call in self.calls})


@dataclass(frozen=True, slots=True)
class Columns:
    """Which column holds what. `arrived` holds date and time, or the time alone where `date` names another column.

    `outcome` is optional: without it, a call with a service was served. `served_words` and `ignored_words` are the words
    of that column; any other word means that the caller left.
    """

    arrived: str = "arrived"
    date: str = ""
    queue: str = "queue"
    waited: str = "waited"
    served: str = "served"
    agent: str = "agent"
    priority: str = ""
    outcome: str = ""
    served_words: frozenset[str] = frozenset({"served", "answered", "agent"})
    ignored_words: frozenset[str] = frozenset({"phantom"})
    nobody: frozenset[str] = frozenset({"", "no_server", "none", "-"})

    def needed(self) -> list[str]:
        """The names that must be in the header."""
        return [name for name in (self.arrived, self.date, self.queue, self.waited, self.served, self.outcome) if name]


PLAIN = Columns()
BANK_HEADER = {"vru+line", "q_start", "q_time", "ser_start", "ser_time", "server", "outcome"}


def read_calls(file: TextIO, columns: Columns = PLAIN) -> CallsRead:
    """Read a file with a header; what is wrong with a line is told by its number, and the other lines are used.

    The separator is seen from the header. A file of the Technion's "Anonymous Bank" is known by its columns. Raises
    UnknownColumns when a column of the mapping is missing.
    """
    header = file.readline().lstrip("\ufeff").rstrip("\r\n")
    separator = max(SEPARATORS, key=header.count)
    names = [name.strip() for name in next(csv.reader([header], delimiter=separator), [])]
    is_bank = set(names) >= BANK_HEADER
    if not is_bank:
        missing = [name for name in columns.needed() if name not in names]
        if missing:
            raise UnknownColumns(missing, names)
    found = CallsRead()
    for number, cells in numbered(file, separator):
        try:
            if len(cells) != len(names):
                raise BadLine("columns: %(found)d instead of %(named)d", found=len(cells), named=len(names))
            row = dict(zip(names, (cell.strip() for cell in cells), strict=True))
            call = bank_call(row, number) if is_bank else plain_call(row, number, columns)
        except BadLine as bad:
            found.problems.append(Problem(number, bad.text, bad.values))
            continue
        if call is None:
            found.ignored += 1
        else:
            found.calls.append(call)
    found.calls.sort(key=lambda call: (call.arrived, call.line))
    return found


def numbered(lines: Iterable[str], separator: str) -> Iterator[tuple[int, list[str]]]:
    """The cells of each line that is not empty, with its number in the file."""
    for number, line in enumerate(lines, start=2):
        if line.strip():
            try:
                yield number, next(csv.reader([line.rstrip("\r\n").replace("\0", "")], delimiter=separator))
            except csv.Error:
                yield number, []


def plain_call(row: Mapping[str, str], line: int, columns: Columns) -> Call | None:
    """A call from a row under a column mapping; None when its outcome says to ignore it."""
    outcome = row[columns.outcome].lower() if columns.outcome else ""
    if outcome in columns.ignored_words:
        return None
    served = seconds(row[columns.served], columns.served)
    is_served = outcome in columns.served_words if columns.outcome else served > 0
    agent = row.get(columns.agent, "")
    return Call(
        line=line,
        arrived=moment(row[columns.date] if columns.date else "", row[columns.arrived], columns.arrived),
        queue=row[columns.queue] or "-",
        waited=seconds(row[columns.waited], columns.waited),
        outcome=SERVED if is_served else LEFT,
        served=served if is_served else 0.0,
        agent="" if agent.lower() in columns.nobody or not is_served else agent,
        priority=whole(row[columns.priority], columns.priority) if columns.priority else 0,
    )


def bank_call(row: Mapping[str, str], line: int) -> Call | None:
    """A call of the "Anonymous Bank": it arrives when it leaves the voice menu; 0:00:00 means that there was no queue."""
    if row["outcome"] == "PHANTOM":
        return None
    if row["outcome"] not in {"AGENT", "HANG"}:
        raise BadLine("outcome: “%(cell)s” is none that is known", cell=row["outcome"])
    is_served = row["outcome"] == "AGENT"
    queued = row["q_start"] != "0:00:00"
    start = row["q_start"] if queued else row["ser_start"] if is_served else row["vru_exit"]
    agent = row["server"] if is_served and row["server"] != "NO_SERVER" else ""
    return Call(
        line=line,
        arrived=moment(row["date"], start, "q_start"),
        queue=row["type"] or "-",
        waited=seconds(row["q_time"], "q_time") if queued else 0.0,
        outcome=SERVED if is_served else LEFT,
        served=seconds(row["ser_time"], "ser_time") if is_served else 0.0,
        agent=agent,
        priority=whole(row["priority"], "priority"),
        queued=queued or is_served,
    )


def moment(day: str, at: str, name: str) -> datetime:
    """A local date and time from one cell, or from a cell for each (dates as 1999-02-03, 990203 or 03/02/1999)."""
    try:
        if not day:
            return datetime.fromisoformat(at).replace(tzinfo=None)
        return datetime.combine(day_of(day), clock_time(at))
    except ValueError as error:
        raise BadLine("%(column)s: “%(cell)s” is no date and time", column=name, cell=f"{day} {at}".strip()) from error


def day_of(text: str) -> date:
    """A date in one of the three ways; raises ValueError."""
    if len(text) == 6 and text.isdigit():
        return datetime.strptime(text, "%y%m%d").date()  # noqa: DTZ007 (a date has no zone)
    if "/" in text:
        return datetime.strptime(text, "%d/%m/%Y").date()  # noqa: DTZ007 (a date has no zone)
    return date.fromisoformat(text)


def clock_time(text: str) -> time:
    """Hours, minutes and perhaps seconds, with or without a leading zero; raises ValueError."""
    hour, minute, second = [*(int(piece) for piece in text.split(":")), 0][:3]
    return time(hour, minute, second)


def seconds(text: str, name: str) -> float:
    """A length of time in seconds, or as 0:01:30; raises BadLine."""
    try:
        pieces = [float(piece.replace(",", ".")) for piece in text.split(":")]
    except ValueError as error:
        raise BadLine("%(column)s: “%(cell)s” is no length of time", column=name, cell=text) from error
    total = 0.0
    for piece in pieces:
        total = total * 60 + piece
    if not 0 <= total <= LONGEST_WAIT:
        raise BadLine("%(column)s: “%(cell)s” is not between 0 seconds and a day", column=name, cell=text)
    return total


def whole(text: str, name: str) -> int:
    """A priority from 0 to 9; raises BadLine."""
    if text not in set("0123456789"):
        raise BadLine("%(column)s: “%(cell)s” is no priority from 0 to 9", column=name, cell=text)
    return int(text)
