from datetime import UTC, datetime

import pytest

from homeshore.foundation import clock


class Noon:
    def now(self) -> datetime:
        return datetime(2026, 11, 22, 12, tzinfo=UTC)


def test_the_system_clock_is_aware_and_in_utc():
    assert clock.now().tzinfo is UTC


def test_another_clock_counts_inside_the_block_only():
    with clock.using(Noon()):
        assert clock.now() == datetime(2026, 11, 22, 12, tzinfo=UTC)
    assert clock.now() != datetime(2026, 11, 22, 12, tzinfo=UTC)


def test_the_old_clock_is_back_after_an_error():
    with pytest.raises(RuntimeError), clock.using(Noon()):
        raise RuntimeError
    assert clock.now() != datetime(2026, 11, 22, 12, tzinfo=UTC)
