"""The people of a plan: read from a file, or supposed when there is none, and then said to be supposed."""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import numpy as np

from homeshore.planning.availability import MICRO, WEEKDAYS
from homeshore.planning.engine.history.reading import LINE, Table, read_table
from homeshore.planning.engine.income import STATUSES
from homeshore.planning.engine.problems import Problem, unusable
from homeshore.planning.engine.scheduling import Person, Rules, Window
from homeshore.planning.engine.scheduling.rules import rules_for

HOME = {"fr": "Domicile", "en": "Home"}
"""What supposed people are called, by language, with a number."""
STATUSES_KNOWN = (*STATUSES, "company")


@dataclass(frozen=True, slots=True)
class Home:
    """A person with the status that decides their rules and their net; ``pace`` multiplies handling times, and is
    uncertain by ``pace_spread`` (deviation over mean). Queues in ``later`` they serve once a contact has waited so many
    seconds."""

    person: Person
    status: str
    pace: float = 1.0
    pace_spread: float = 0.0
    later: Mapping[str, float] = field(default_factory=dict)


def _law(status: str) -> str:
    return "independent" if status.startswith("micro") else status


def rows_of_file(content: bytes) -> tuple[dict[str, Any], ...]:
    """The people in a file: a JSON list, or a table (CSV, Excel, Parquet) with a line for each time somebody offers.

    A table has the columns name, queues (parted by +), day, from, to, and optionally status, least_hours, most_hours,
    pace. Raises Unusable.
    """
    if content.lstrip()[:1] in (b"[", b"{"):
        try:
            rows = json.loads(content)
        except ValueError as error:
            raise unusable("the file of people cannot be read: %(why)s", why=str(error)) from error
        if not isinstance(rows, list) or not rows or not all(isinstance(row, dict) for row in rows):
            raise unusable("the file of people must hold a list of people", field="people")
        return tuple(rows)
    return tuple(_rows_of_table(read_table(content)))


def _rows_of_table(table: Table) -> list[dict[str, Any]]:
    columns = {re.sub(r"[^a-z]+", "_", name.lower()).strip("_"): name for name in table.columns}
    for name in ("name", "queues", "day", "from", "to"):
        if name not in columns:
            raise unusable("the table of people has no column “%(name)s” (columns: %(columns)s)", field="people",
                           name=name, columns=", ".join(table.columns))  # fmt: skip
    people: dict[str, dict[str, Any]] = {}
    for row in table.rows.iter_rows(named=True):
        told = {field: (row[column] or "").strip() for field, column in columns.items()}
        person = people.setdefault(told["name"], {"name": told["name"], "windows": []})
        person["queues"] = [queue.strip() for queue in told["queues"].split("+") if queue.strip()]
        for column in ("status", "least_hours", "most_hours", "pace"):
            if told.get(column):
                person[column] = told[column]
        if told["day"]:
            start, end = (_hour(told[side], row[LINE]) for side in ("from", "to"))
            person["windows"].append([told["day"].lower()[:3], start, end])
    return list(people.values())


def _hour(text: str, line: int) -> float:
    """9, 9.5, 9:30 and 9h30 as hours of the day."""
    hour, _, minutes = text.replace("h", ":").replace(",", ".").partition(":")
    try:
        return float(hour) + float(minutes or 0) / 60
    except ValueError as error:
        raise unusable("“%(text)s” is no time of day, like 9:30", line=line, field="people", text=text) from error


def people_of(
    rows: Sequence[Mapping[str, Any]], first_day: date, queues: Mapping[str, str]
) -> tuple[list[Home], list[Problem]]:  # fmt: skip
    """People from rows: name, queues, windows [["mon", 9, 13], …], and optionally status, hours and pace.

    ``queues`` gives for each queue that people may name the planned one. What was left out is told. Raises Unusable with
    the place of the person and the field that is wrong, and when nobody serves any queue.
    """
    homes: list[Home] = []
    told: list[Problem] = []
    for place, row in enumerate(rows):
        for name in ("name", "queues", "windows"):
            if name not in row:
                raise unusable("person %(place)d has no “%(name)s”", field=name, place=place + 1, name=name)
        windows = [_window(window, place, first_day) for window in row["windows"]]
        later = row.get("later", {})
        if not isinstance(later, Mapping) or not all(isinstance(after, int | float) for after in later.values()):
            raise unusable("person %(place)d: “later” gives seconds by queue, like {\"claims\": 60}", field="later",
                           place=place + 1)  # fmt: skip
        status = row.get("status") or MICRO
        if status not in STATUSES_KNOWN:
            raise unusable("person %(place)d: “%(status)s” is no status (%(known)s)", field="status", place=place + 1,
                           status=status, known=", ".join(STATUSES_KNOWN))  # fmt: skip
        served = list(dict.fromkeys(queues[queue] for queue in row["queues"] if queue in queues))
        if not served:
            told.append(Problem("“%(name)s” serves none of the planned queues: left out", {"name": row["name"]}))
            continue
        wished = Rules(_number(row, "shortest_shift", 2, place), _number(row, "longest_shift", 8, place), 11.0)
        least, most = _number(row, "least_hours", 0, place), _number(row, "most_hours", 35, place)
        person = Person(row["name"], served, windows, least, most, 1.0, rules_for(_law(status), first_day, wished))
        spread = _number(row, "pace_spread", 0.0, place)
        homes.append(Home(person, status, _number(row, "pace", 1.0, place), spread, served_later(row, queues)))
    if not homes:
        raise unusable("nobody serves a planned queue (%(queues)s)", field="queues", queues=", ".join(queues))
    return homes, told


def served_later(row: Mapping[str, Any], queues: Mapping[str, str]) -> dict[str, float]:
    """The planned queues that somebody serves only once a contact has waited for so many seconds: the row's ``later``,
    without what its ``queues`` serve at once."""
    at_once = {queues[queue] for queue in row["queues"] if queue in queues}
    later: dict[str, float] = {}
    for queue, after in row.get("later", {}).items():
        name = queues.get(queue)
        if name is not None and name not in at_once:
            later[name] = min(float(after), later.get(name, float(after)))
    return later


def _window(window: Sequence[Any], place: int, first_day: date) -> Window:
    try:
        day, start, end = window[0], float(window[1]), float(window[2])
    except (IndexError, TypeError, ValueError) as error:
        raise unusable("person %(place)d: a window is a day and two hours, like [\"mon\", 9, 13]", field="windows",
                       place=place + 1) from error  # fmt: skip
    if day not in WEEKDAYS:
        raise unusable("person %(place)d: “%(day)s” is no day (mon, tue, …)", field="windows", place=place + 1, day=day)
    if not 0 <= start < end <= 24:
        raise unusable("person %(place)d: from %(start)g to %(end)g is no time of a day", field="windows",
                       place=place + 1, start=start, end=end)  # fmt: skip
    return Window((WEEKDAYS.index(day) - first_day.weekday()) % 7, start, end)


def _number(row: Mapping[str, Any], field: str, default: float, place: int) -> float:
    try:
        return float(str(row.get(field) or default).replace(",", "."))
    except ValueError as error:
        raise unusable("person %(place)d: “%(value)s” is no number", field=field, place=place + 1,
                       value=row[field]) from error  # fmt: skip


def suppose_people(
    needed_hours: dict[str, float], days: Sequence[date], busy: np.ndarray, opening: tuple[float, float], slot_minutes: int,
    paces: Sequence[float] = (), seed: int = 1, language: str | None = None,
) -> list[Home]:  # fmt: skip
    """People enough for ``needed_hours`` by queue: part-time, in pieces of days, each on one to three queues.

    ``busy`` [day, slot] is when agents are needed: the supposed people offer more of their time then.
    """
    rng = np.random.default_rng(seed)
    queues = [queue for queue, hours in needed_hours.items() if hours > 0]
    shares = np.array([needed_hours[queue] for queue in queues])
    shares = shares / shares.sum()
    first, last = opening
    slots = busy.shape[1]
    chance = busy.sum(axis=0) / busy.sum()
    per_day = busy.sum(axis=1) / busy.sum(axis=1).max()
    homes: list[Home] = []
    offered = 0.0
    while offered < 1.35 * sum(needed_hours.values()) or len(homes) < 4:
        count = min(len(queues), int(rng.choice([1, 2, 3], p=[0.4, 0.4, 0.2])))
        chosen = rng.choice(len(queues), count, replace=False, p=shares)
        status = str(rng.choice([MICRO, "employee", "portage"], p=[0.6, 0.3, 0.1]))
        windows = []
        for d in range(len(days)):
            if rng.random() > 0.35 + 0.5 * per_day[d]:
                continue
            middle = first + (rng.choice(slots, p=chance) + 0.5) * slot_minutes / 60 + rng.uniform(-2, 2)
            length = min(rng.uniform(4, 10), last - first)
            start = float(np.clip(np.round((middle - length / 2) * 2) / 2, first, last - length))
            start = float(np.round(start * 2) / 2)
            windows.append(Window(d, start, min(last, float(np.round((start + length) * 2) / 2))))
        if not windows:
            continue
        most = min(float(rng.choice([15, 20, 25, 30, 35])), sum(min(8.0, w.end - w.start) for w in windows))
        offered += most
        rules = rules_for(_law(status), days[0], Rules(2, 8, 11))
        liking = 1 + 0.3 * rng.random() * np.abs(np.linspace(-1, 1, slots))
        person = Person(
            f"{HOME.get(language or '', HOME['en'])} {len(homes) + 1}", [queues[k] for k in sorted(chosen)], windows, 0.0, most,
            np.tile(liking, (len(days), 1)), rules,
        )  # fmt: skip
        pace = float(rng.choice(paces)) if len(paces) else float(np.exp(rng.normal(0, 0.15)))
        homes.append(Home(person, status, pace))
    return homes
