"""Figures brought into the shape in which charts and tables show them, for screens and reports alike."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

Figures = Mapping[str, Any]
SHADES = 8
"""Colours that tell queues apart (`queue-0`, … in the style sheets); the ninth queue takes the first again."""


def days_from(first: str, count: int) -> list[date]:
    """``count`` days from an ISO date on."""
    begin = date.fromisoformat(first)
    return [begin + timedelta(days=k) for k in range(count)]


def week_of(schedule: Figures) -> list[date]:
    return days_from(schedule["first_day"], schedule["days"])


def summed(tables: Sequence[Sequence[Sequence[float]]]) -> list[list[float]]:
    """Tables [day, slot] of several queues, added."""
    return [[sum(values) for values in zip(*rows, strict=True)] for rows in zip(*tables, strict=True)]


def flat(rows: Sequence[Sequence[float]]) -> list[float]:
    return [value for row in rows for value in row]


def spare_by_hour(schedule: Figures) -> tuple[list[str], list[list[float | None]]]:
    """Hours of the day, and by day and hour the mean of agents to spare (above 0) or missing; None when closed."""
    need, cover = summed(schedule["needed"]), summed(schedule["cover"])
    minutes, first = schedule["slot_minutes"], schedule["first_hour"]
    hours = range(int(first), int(-(-(first + schedule["slots"] * minutes / 60) // 1)))
    rows: list[list[float | None]] = []
    for wanted, there in zip(need, cover, strict=True):
        row: list[float | None] = []
        for hour in hours:
            places = [k for k in range(len(wanted)) if hour <= first + k * minutes / 60 < hour + 1]
            spare = [there[k] - wanted[k] for k in places]
            row.append(sum(spare) / len(spare) if spare else None)
        rows.append(row)
    return [f"{hour}" for hour in hours], rows


def income_by_person(income: Figures) -> list[dict[str, Any]]:
    """By person: full hours, what an hour pays on average with its usual interval, net, and the chief risk."""
    rows: dict[int, list[Figures]] = {}
    for hour in income["hours"]:
        rows.setdefault(hour["person"], []).append(hour)
    people = []
    for place, hours in rows.items():
        count = len(hours)
        nets = [hour["net"] for hour in hours if hour["net"] is not None]
        risks: dict[str, int] = {}
        for hour in hours:
            for code, cents in hour["reasons"][:1]:
                risks[code] = risks.get(code, 0) + cents
        people.append({
            **income["people"][place], "place": place, "hours": count,
            "expected": sum(hour["expected"] for hour in hours) / count,
            "low": sum(hour["low"] for hour in hours) / count, "high": sum(hour["high"] for hour in hours) / count,
            "net": sum(nets) / len(nets) if nets else None,
            "week": sum(hour["expected"] for hour in hours), "under_minimum": any(hour["under_minimum"] for hour in hours),
            "risk": max(risks, key=lambda code: risks[code]) if risks else None,
        })  # fmt: skip
    return people


def income_by_queue(income: Figures) -> list[dict[str, Any]]:
    """By queue: hours planned there, what an hour pays on average with its usual interval, net where it is known."""
    rows: dict[str, list[Figures]] = {}
    for hour in income["hours"]:
        rows.setdefault(hour["queue"], []).append(hour)
    found = []
    for queue, hours in rows.items():
        nets = [hour["net"] for hour in hours if hour["net"] is not None]
        count = len(hours)
        found.append({
            "queue": queue, "hours": count, "net": sum(nets) / len(nets) if nets else None,
            **{name: sum(hour[name] for hour in hours) / count for name in ("expected", "low", "high")},
        })  # fmt: skip
    return sorted(found, key=lambda row: -row["hours"])


def income_by_hour(income: Figures, person: int | None = None) -> list[dict[str, Any]]:
    """By hour of the day: the mean promise of everybody, or of one person."""
    rows: dict[int, list[Figures]] = {}
    for hour in income["hours"]:
        if person is None or hour["person"] == person:
            rows.setdefault(hour["hour"], []).append(hour)
    return [
        {"hour": hour, "count": len(found), **{name: sum(each[name] for each in found) / len(found)
                                               for name in ("expected", "low", "high")}}
        for hour, found in sorted(rows.items())
    ]  # fmt: skip
