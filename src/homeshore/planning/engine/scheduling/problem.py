"""What a schedule must respect and what it should cover."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from homeshore.planning.engine.problems import Problem, unusable

Floats = NDArray[np.float64]
Counts = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Rules:
    """Limits of a person's week, in hours; at most one shift a day. A break neither covers nor counts as worked.

    ``break_after_hours`` 0 means no break is due.
    """

    shortest_shift: float = 2.0
    longest_shift: float = 8.0
    rest_between: float = 11.0
    break_after_hours: float = 0.0
    break_minutes: float = 0.0
    most_days: int = 7


@dataclass(frozen=True, slots=True)
class Window:
    """A shift of ``day`` lies between the hours ``start`` and ``end``; 7.5 is half past seven.

    ``latest_start`` and ``earliest_end`` tighten it, and ``must`` makes the shift obligatory: one already begun, say.
    """

    day: int
    start: float
    end: float
    latest_start: float | None = None
    earliest_end: float | None = None
    must: bool = False


@dataclass(frozen=True, slots=True)
class Person:
    """``cost`` of working a slot: one number, or by [day, slot]; a preferred time costs less. Hours are for the week."""

    name: str
    skills: Sequence[str]
    windows: Sequence[Window]
    least_hours: float = 0.0
    most_hours: float = 35.0
    cost: float | Floats = 1.0
    rules: Rules = field(default_factory=Rules)


@dataclass(frozen=True, slots=True)
class ScheduleProblem:
    """See ``problem``, which checks what it is given."""

    people: tuple[Person, ...]
    skills: tuple[str, ...]
    needed: Counts
    shortage_cost: Floats
    first_hour: float
    slot_minutes: int
    warnings: tuple[Problem, ...] = ()

    @property
    def days(self) -> int:
        return int(self.needed.shape[1])

    @property
    def slots(self) -> int:
        return int(self.needed.shape[2])


def problem(
    people: Sequence[Person], needed: Mapping[str, NDArray[np.number]], *, first_hour: float = 7.0, slot_minutes: int = 15,
    shortage_cost: float | Mapping[str, float] = 10.0,
) -> ScheduleProblem:  # fmt: skip
    """A problem: people, and agents ``needed`` by skill as [day, slot], slots starting at ``first_hour``.

    Overlapping windows of a person are joined, and windows are cut to the opening hours; both are told in ``warnings``.
    Raises Unusable where something cannot be meant.
    """
    skills = tuple(needed)
    tables = [np.asarray(needed[skill]) for skill in skills]
    if not tables or any(table.ndim != 2 or table.shape != tables[0].shape for table in tables):
        raise unusable("the need of every skill must be a table [day, slot] of one size", field="needed")
    for skill, table in zip(skills, tables, strict=True):
        if not np.isfinite(table).all() or (table < 0).any():
            raise unusable("the need of “%(skill)s” is negative or missing somewhere", field="needed", skill=skill)
    days, slots = tables[0].shape
    warnings: list[Problem] = []
    names: set[str] = set()
    checked = []
    for person in people:
        if person.name in names:
            raise unusable("two people are called “%(name)s”", field="name", name=person.name)
        names.add(person.name)
        unknown = [skill for skill in person.skills if skill not in skills]
        known = tuple(skill for skill in person.skills if skill in skills)
        if unknown:
            warnings.append(
                Problem(
                    "“%(name)s”: nobody needs %(skills)s this week", {"name": person.name, "skills": ", ".join(unknown)}
                )
            )
        if person.least_hours > person.most_hours:
            raise unusable("“%(name)s” wants %(least)g hours at least and %(most)g at most", field="least_hours",
                           name=person.name, least=person.least_hours, most=person.most_hours)  # fmt: skip
        windows, said = _tidy(person, days, first_hour, first_hour + slots * slot_minutes / 60)
        warnings += said
        checked.append(replace(person, skills=known, windows=windows))
    costs = shortage_cost if isinstance(shortage_cost, Mapping) else dict.fromkeys(skills, shortage_cost)
    return ScheduleProblem(
        tuple(checked), skills, np.ceil(np.array(tables)).astype(np.int64),
        np.array([costs[skill] for skill in skills], dtype=float), first_hour, slot_minutes, tuple(warnings),
    )  # fmt: skip


def _tidy(person: Person, days: int, opening: float, closing: float) -> tuple[tuple[Window, ...], list[Problem]]:
    said: list[Problem] = []
    windows: list[Window] = []
    for window in sorted(person.windows, key=lambda w: (w.day, w.start)):
        if not 0 <= window.day < days:
            raise unusable("“%(name)s” has a window on day %(day)d of a plan of %(days)d days", field="windows",
                           name=person.name, day=window.day + 1, days=days)  # fmt: skip
        if window.end <= window.start:
            raise unusable("“%(name)s”, day %(day)d: the window ends (%(end)g h) before it starts (%(start)g h)",
                           field="windows", name=person.name, day=window.day + 1, end=window.end, start=window.start)  # fmt: skip
        if window.start < opening or window.end > closing:
            values = {"name": person.name, "day": window.day + 1, "opening": opening, "closing": closing}
            said.append(
                Problem(
                    "“%(name)s”, day %(day)d: the window is cut to the opening, %(opening)g h to %(closing)g h", values
                )
            )
            window = replace(window, start=max(window.start, opening), end=min(window.end, closing))
            if window.end <= window.start:
                continue
        last = windows[-1] if windows else None
        plain = window.latest_start is None and window.earliest_end is None and not window.must
        if last and plain and last.day == window.day and window.start < last.end:
            values = {"name": person.name, "day": window.day + 1}
            said.append(Problem("“%(name)s”, day %(day)d: windows overlap and are joined", values))
            windows[-1] = replace(last, end=max(last.end, window.end))
        else:
            windows.append(window)
    return tuple(windows), said


@dataclass(frozen=True, slots=True)
class Tables:
    """The kernel's arrays. ``rules`` [person, 8] is in slots, as ``best_allowed_week`` reads it."""

    cost: Floats
    skills: Counts
    first_window: Counts
    day: Counts
    earliest: Counts
    latest_start: Counts
    earliest_end: Counts
    latest_end: Counts
    must: NDArray[np.bool_]
    rules: Counts
    days: int
    slots: int

    def arguments(self) -> tuple[Any, ...]:
        """In the order of the kernel's parameters."""
        return (
            self.cost, self.skills, self.first_window, self.day, self.earliest, self.latest_start, self.earliest_end,
            self.latest_end, self.must, self.rules, self.days, self.slots,
        )  # fmt: skip


def tables_of(given: ScheduleProblem) -> Tables:
    """The arrays of a problem; times are rounded inward to whole slots."""
    hour = 60 / given.slot_minutes
    days, slots = given.days, given.slots
    count = len(given.people)
    cost = np.empty((count, days * slots))
    skills = np.full((count, max([1, *(len(p.skills) for p in given.people)])), -1, np.int64)
    rules = np.empty((count, 8), np.int64)
    rows: list[tuple[int, int, int, int, int, bool]] = []
    first = [0]
    for a, person in enumerate(given.people):
        cost[a] = person.cost if isinstance(person.cost, (int, float)) else np.asarray(person.cost, float).ravel()
        for k, skill in enumerate(person.skills):
            skills[a, k] = given.skills.index(skill)
        rule = person.rules
        shortest, longest = int(np.ceil(rule.shortest_shift * hour - 1e-9)), int(rule.longest_shift * hour + 1e-9)
        pause = int(np.ceil(rule.break_minutes / given.slot_minutes - 1e-9)) if rule.break_after_hours > 0 else 0
        if pause:
            longest = min(longest + pause, slots)
        between = (24 * hour - slots) - int(np.ceil(rule.rest_between * hour - 1e-9))
        rules[a] = (
            int(np.ceil(person.least_hours * hour - 1e-9)), min(int(person.most_hours * hour + 1e-9), days * slots),
            max(1, shortest), min(longest, slots), min(slots, slots + int(between)),
            int(np.ceil(rule.break_after_hours * hour - 1e-9)) if pause else 0, pause, rule.most_days,
        )  # fmt: skip
        for window in person.windows if person.skills else ():
            start = int(np.ceil((window.start - given.first_hour) * hour - 1e-9))
            end = int((window.end - given.first_hour) * hour + 1e-9)
            latest = (
                end - 1 if window.latest_start is None else int((window.latest_start - given.first_hour) * hour + 1e-9)
            )
            until = (
                start
                if window.earliest_end is None
                else int(np.ceil((window.earliest_end - given.first_hour) * hour - 1e-9))
            )
            if end > start:
                rows.append((window.day, start, min(latest, end - 1), until, end, window.must))
        first.append(len(rows))
    columns = np.array(rows, dtype=np.int64).reshape(-1, 6)
    day, earliest, latest_start, earliest_end, latest_end, must = (np.ascontiguousarray(column) for column in columns.T)
    return Tables(cost, skills, np.array(first), day, earliest, latest_start, earliest_end, latest_end,
                  must.astype(np.bool_), rules, days, slots)  # fmt: skip
