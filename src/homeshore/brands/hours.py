"""Pure: when a brand is open, until when, and when it opens next.

A brand's week is a list of stretches in its own time zone; on a public holiday it is closed all day. A stretch that closes
at 00:00 lasts until the end of its day, so that two of them make a night: 20:00–00:00, then 00:00–06:00 on the day after.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

import holidays

HORIZON_DAYS = 60
"""How far ahead the next opening is sought: more than any row of holidays, less than a season's closing."""


@dataclass(frozen=True, slots=True)
class Stretch:
    """Part of a weekday (0 is Monday) when the brand is open, in local time: from `opens` until just before `closes`."""

    weekday: int
    opens: time
    closes: time


@dataclass(frozen=True, slots=True)
class Opening:
    """How it stands at one moment; times are aware UTC.

    `until` is when an open brand closes (None when it never does), `opens_at` when a closed one opens (None when that is
    beyond the horizon), `holiday` the name of the public holiday that keeps it closed today.
    """

    is_open: bool
    until: datetime | None = None
    opens_at: datetime | None = None
    holiday: str = ""


def opening(week: Sequence[Stretch], zone: ZoneInfo, holidays_by_day: Mapping[date, str], at: datetime) -> Opening:
    """Whether a brand is open at `at` (aware), until when, or when next.

    A brand without any stretch has not said its hours and is always open.
    """
    if not week:
        return Opening(is_open=True)
    today = at.astimezone(zone).date()
    for begins, ends in _spans(week, zone, holidays_by_day, today - timedelta(days=1)):
        if begins <= at < ends:
            return Opening(is_open=True, until=None if ends - at > timedelta(days=HORIZON_DAYS - 2) else ends)
        if begins > at:
            return Opening(is_open=False, opens_at=begins, holiday=holidays_by_day.get(today, ""))
    return Opening(is_open=False, holiday=holidays_by_day.get(today, ""))


def _spans(
    week: Sequence[Stretch], zone: ZoneInfo, holidays_by_day: Mapping[date, str], first: date
) -> list[tuple[datetime, datetime]]:
    """The openings of the days from `first` on, in UTC and in order; those that touch or overlap are one."""
    spans: list[tuple[datetime, datetime]] = []
    for offset in range(HORIZON_DAYS):
        day = first + timedelta(days=offset)
        if day in holidays_by_day:
            continue
        for stretch in sorted((each for each in week if each.weekday == day.weekday()), key=lambda each: each.opens):
            begins, ends = _moment(day, stretch.opens, zone), _closing(day, stretch, zone)
            if spans and begins <= spans[-1][1]:
                spans[-1] = (spans[-1][0], max(ends, spans[-1][1]))
            elif begins < ends:
                spans.append((begins, ends))
    return spans


def _closing(day: date, stretch: Stretch, zone: ZoneInfo) -> datetime:
    if stretch.closes == time(0):
        return _moment(day + timedelta(days=1), time(0), zone)
    return _moment(day, stretch.closes, zone)


def _moment(day: date, hour: time, zone: ZoneInfo) -> datetime:
    """A local time in UTC; one that the clocks skip in spring is the moment they jump to."""
    return datetime.combine(day, hour, tzinfo=zone).astimezone(UTC)


@lru_cache(maxsize=64)
def public_holidays(country: str, first_year: int, last_year: int, language: str) -> Mapping[date, str]:
    """The public holidays of a country (ISO 3166 code) by day, named in `language` ("fr", "en") where that is known.

    Source: the `holidays` library, which follows each country's law. An unknown or empty country has none.
    """
    if country not in holidays.list_supported_countries(include_aliases=False):
        return {}
    years = range(first_year, last_year + 1)
    known = holidays.country_holidays(country, years=years).supported_languages
    named = next((each for each in known if each.split("_")[0] == language), None)
    return dict(holidays.country_holidays(country, years=years, language=named))
