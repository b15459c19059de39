from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from homeshore.values.clock import ManualClock, SystemClock, from_milliseconds, to_milliseconds


def test_a_manual_clock_moves_only_when_told() -> None:
    clock = ManualClock(datetime(2026, 11, 22, 8, tzinfo=UTC))
    assert clock.now() == clock.now()
    assert clock.advance(timedelta(minutes=-5)) == datetime(2026, 11, 22, 7, 55, tzinfo=UTC)
    assert clock.set(datetime(2026, 1, 1, 1, tzinfo=timezone(timedelta(hours=1)))) == datetime(2026, 1, 1, tzinfo=UTC)


def test_a_time_without_a_zone_is_refused() -> None:
    naive = datetime(2026, 1, 1)  # noqa: DTZ001
    with pytest.raises(ValueError, match="no time zone"):
        ManualClock(naive)
    with pytest.raises(ValueError, match="no time zone"):
        to_milliseconds(naive)


def test_the_system_clock_is_aware_and_in_utc() -> None:
    assert SystemClock().now().utcoffset() == timedelta(0)


@given(st.integers(-(10**13), 10**13))
def test_milliseconds_come_back_exactly(milliseconds: int) -> None:
    assert to_milliseconds(from_milliseconds(milliseconds)) == milliseconds
