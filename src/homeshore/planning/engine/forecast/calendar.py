"""The days that are not like others: public holidays, their eves, school holidays, events that people announce."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any, Literal

import holidays

from homeshore.planning.engine.problems import unusable

Like = Literal["rest day", "half day", "usual"]

# Countries where a feast begins the evening before, so that offices close early on its eve.
_EVENING_FEASTS = frozenset({"IL"})


@dataclass(frozen=True, slots=True)
class SpecialDay:
    """``like`` is what to expect before any was seen: a rest day, a half day, or a usual day times ``factor``."""

    name: str
    like: Like
    factor: float = 1.0


@dataclass(frozen=True, slots=True)
class Calendar:
    """``weekend``: weekdays of rest, 0 is Monday. ``school_holidays``: days without school."""

    special: Mapping[date, SpecialDay] = field(default_factory=dict)
    weekend: frozenset[int] = frozenset({5, 6})
    school_holidays: frozenset[date] = frozenset()

    def with_events(self, events: Mapping[date, SpecialDay]) -> "Calendar":
        """The calendar with events that the user gives; they win over what was there."""
        return Calendar({**self.special, **events}, self.weekend, self.school_holidays)


def calendar_of(
    country: str | None,
    years: Iterable[int],
    region: str | None = None,
    school_holidays: Iterable[date] = (),
    language: str | None = None,
) -> Calendar:
    """Public holidays of a country (ISO code, as ``FR``), and of a region of it, named in ``language`` where the country has
    names in it; none for None.

    Raises Unusable for a country without known holidays. Source of dates: the ``holidays`` library.
    """
    if country is None:
        return Calendar(school_holidays=frozenset(school_holidays))
    try:
        spoken = getattr(holidays, country, None)
        known = [each for each in getattr(spoken, "supported_languages", ()) if language and each.startswith(language)]
        days: Any = holidays.country_holidays(
            country, subdiv=region, years=sorted({*years}), language=known[0] if known else None
        )
    except NotImplementedError as error:
        raise unusable("no public holidays are known for “%(country)s”: give a code such as FR, or none",
                       field="country", country=country) from error  # fmt: skip
    special = {day: SpecialDay(name, "rest day") for day, name in sorted(days.items())}
    if country in _EVENING_FEASTS:
        for day, name in sorted(days.items()):
            eve = day - timedelta(days=1)
            special.setdefault(eve, SpecialDay(f"eve of {name}", "half day"))
    return Calendar(special, frozenset(days.weekend), frozenset(school_holidays))


def french_school_holidays(zone: str, years: Iterable[int]) -> frozenset[date]:
    """Days without school in zone A, B or C of metropolitan France, as far as they are published.

    Source of dates: the ``vacances-scolaires-france`` library. Raises Unusable for another zone.
    """
    if zone not in ("A", "B", "C"):
        raise unusable("“%(zone)s” is no school zone: A, B or C", field="zone", zone=zone)
    from vacances_scolaires_france import SchoolHolidayDates, UnsupportedYearException  # type: ignore[import-untyped]

    dates, days = SchoolHolidayDates(), set()
    for year in years:
        try:
            days.update(dates.holidays_for_year_and_zone(year, zone))
        except UnsupportedYearException:
            continue  # before 1990, or not yet decreed: such days count as usual ones
    return frozenset(days)
