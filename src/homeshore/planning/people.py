"""The people of a plan: read from a file, or supposed when there is none, and then said to be supposed."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np

from homeshore.planning.engine.problems import unusable
from homeshore.planning.engine.scheduling import Person, Rules, Window
from homeshore.planning.engine.scheduling.rules import rules_for

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_MICRO = "micro_bnc"


@dataclass(frozen=True, slots=True)
class Home:
    """A person with the status that decides their rules and their net; ``pace`` multiplies handling times."""

    person: Person
    status: str
    pace: float = 1.0


def _law(status: str) -> str:
    return "independent" if status.startswith("micro") else status


def read_people(path: Path, first_day: date, queues: Sequence[str]) -> list[Home]:
    """A JSON list of people: name, queues, status, windows [["mon", 9, 13], …], and optionally hours and pace.

    Raises Unusable with the place of the person and the field that is wrong.
    """
    try:
        rows = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise unusable("the file of people cannot be read: %(why)s", why=str(error)) from error
    if not isinstance(rows, list) or not rows:
        raise unusable("the file of people must hold a list of people", field="people")
    homes = []
    for place, row in enumerate(rows):
        for name in ("name", "queues", "windows"):
            if name not in row:
                raise unusable("person %(place)d has no “%(name)s”", field=name, place=place + 1, name=name)
        windows = []
        for day, start, end in row["windows"]:
            if day not in WEEKDAYS:
                raise unusable(
                    "person %(place)d: “%(day)s” is no day (mon, tue, …)", field="windows", place=place + 1, day=day
                )
            windows.append(Window((WEEKDAYS.index(day) - first_day.weekday()) % 7, float(start), float(end)))
        status = row.get("status", _MICRO)
        rules = rules_for(
            _law(status),
            first_day,
            Rules(float(row.get("shortest_shift", 2)), float(row.get("longest_shift", 8)), 11.0),
        )
        served = [queue for queue in row["queues"] if queue in queues]
        homes.append(Home(
            Person(row["name"], served, windows, float(row.get("least_hours", 0)), float(row.get("most_hours", 35)), 1.0, rules),
            status, float(row.get("pace", 1.0)),
        ))  # fmt: skip
    return homes


def suppose_people(
    needed_hours: dict[str, float], days: Sequence[date], busy: np.ndarray, opening: tuple[float, float], slot_minutes: int,
    paces: Sequence[float] = (), seed: int = 1,
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
        status = str(rng.choice([_MICRO, "employee", "portage"], p=[0.6, 0.3, 0.1]))
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
            f"Home {len(homes) + 1}", [queues[k] for k in sorted(chosen)], windows, 0.0, most,
            np.tile(liking, (len(days), 1)), rules,
        )  # fmt: skip
        pace = float(rng.choice(paces)) if len(paces) else float(np.exp(rng.normal(0, 0.15)))
        homes.append(Home(person, status, pace))
    return homes
