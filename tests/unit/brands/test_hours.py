from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from homeshore.brands.hours import Opening, Stretch, opening, public_holidays

PARIS = ZoneInfo("Europe/Paris")
OFFICE = [Stretch(day, time(9), time(18)) for day in range(5)]
NEW_YEAR = {date(2027, 1, 1): "Jour de l’an"}


def paris(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=PARIS)


def test_is_open_until_the_end_of_the_stretch():
    assert opening(OFFICE, PARIS, {}, paris(2026, 11, 23, 10, 0)) == Opening(True, until=paris(2026, 11, 23, 18, 0))


def test_the_closing_minute_is_closed_and_the_opening_minute_is_open():
    assert opening(OFFICE, PARIS, {}, paris(2026, 11, 23, 9, 0)).is_open
    assert opening(OFFICE, PARIS, {}, paris(2026, 11, 23, 18, 0)) == Opening(False, opens_at=paris(2026, 11, 24, 9, 0))


def test_after_friday_comes_monday():
    assert opening(OFFICE, PARIS, {}, paris(2026, 11, 27, 19, 0)) == Opening(False, opens_at=paris(2026, 11, 30, 9, 0))


def test_a_public_holiday_is_named_and_skipped():
    friday_new_year = paris(2027, 1, 1, 10, 0)
    assert opening(OFFICE, PARIS, NEW_YEAR, friday_new_year) == Opening(
        False, opens_at=paris(2027, 1, 4, 9, 0), holiday="Jour de l’an"
    )


def test_a_lunch_break_is_closed():
    week = [Stretch(0, time(9), time(12)), Stretch(0, time(14), time(18))]
    assert opening(week, PARIS, {}, paris(2026, 11, 23, 12, 30)) == Opening(False, opens_at=paris(2026, 11, 23, 14, 0))


def test_two_stretches_make_a_night():
    week = [Stretch(0, time(20), time(0)), Stretch(1, time(0), time(6))]
    assert opening(week, PARIS, {}, paris(2026, 11, 23, 23, 0)) == Opening(True, until=paris(2026, 11, 24, 6, 0))
    assert opening(week, PARIS, {}, paris(2026, 11, 24, 0, 0)) == Opening(True, until=paris(2026, 11, 24, 6, 0))


def test_hours_are_local_when_clocks_change():
    week = [Stretch(6, time(2), time(5))]
    before, after = paris(2027, 3, 27, 12, 0), datetime(2027, 3, 28, 3, 0, tzinfo=UTC)
    assert opening(week, PARIS, {}, before).opens_at == datetime(2027, 3, 28, 1, 0, tzinfo=UTC)
    assert not opening(week, PARIS, {}, after).is_open


def test_a_brand_without_hours_is_always_open():
    assert opening([], PARIS, NEW_YEAR, paris(2027, 1, 1, 3, 0)) == Opening(True)


def test_a_brand_open_day_and_night_never_closes():
    week = [Stretch(day, time(0), time(0)) for day in range(7)]
    assert opening(week, PARIS, {}, paris(2026, 11, 23, 3, 0)) == Opening(True)


weeks = st.lists(
    st.builds(
        Stretch,
        weekday=st.integers(0, 6),
        opens=st.integers(0, 22).map(time),
        closes=st.sampled_from([time(0), time(23), time(23, 30)]),
    ),
    min_size=1,
    max_size=8,
)
moments = st.datetimes(datetime(2026, 1, 1), datetime(2028, 1, 1)).map(lambda naive: naive.replace(tzinfo=UTC))  # noqa: DTZ001


@given(weeks, moments)
def test_what_is_promised_is_kept(week, at):
    """A closed brand is open at the moment it announces, and closed just before; an open one is closed when it says so."""
    now = opening(week, PARIS, {}, at)
    if now.opens_at:
        assert opening(week, PARIS, {}, now.opens_at).is_open
        assert not opening(week, PARIS, {}, now.opens_at - timedelta(microseconds=1)).is_open
    if now.until:
        assert not opening(week, PARIS, {}, now.until).is_open
        assert opening(week, PARIS, {}, now.until - timedelta(microseconds=1)).is_open


@pytest.mark.parametrize(("language", "name"), [("fr", "Fête nationale"), ("en", "National Day")])
def test_french_holidays_are_named_in_both_languages(language, name):
    assert public_holidays("FR", 2026, 2026, language)[date(2026, 7, 14)] == name


def test_france_has_eleven_public_holidays():
    assert len(public_holidays("FR", 2027, 2027, "fr")) == 11


def test_an_unknown_country_has_no_holidays():
    assert public_holidays("XX", 2026, 2026, "fr") == {}
