from datetime import timedelta

import pytest

from homeshore.channels.chat.limits import KEPT, Limiter
from homeshore.foundation.errors import TooMany
from homeshore.foundation.limits import Limit
from tests.clock import MORNING

THREE = Limit("messages", burst=3, per_minute=6)


def test_a_burst_passes_and_what_follows_waits():
    limiter = Limiter()
    for _ in range(3):
        limiter.take(THREE, "someone", now=MORNING)
    with pytest.raises(TooMany) as refused:
        limiter.take(THREE, "someone", now=MORNING)
    assert refused.value.retry_after == 10


def test_time_gives_back():
    limiter = Limiter()
    for _ in range(3):
        limiter.take(THREE, "someone", now=MORNING)
    limiter.take(THREE, "someone", now=MORNING + timedelta(seconds=10))
    with pytest.raises(TooMany):
        limiter.take(THREE, "someone", now=MORNING + timedelta(seconds=11))


def test_each_side_and_each_limit_is_counted_apart():
    limiter = Limiter()
    for whose in ("one", "other"):
        for limit in (THREE, Limit("typing", burst=3, per_minute=6)):
            for _ in range(3):
                limiter.take(limit, whose, now=MORNING)


def test_a_clock_that_goes_back_gives_nothing():
    limiter = Limiter()
    for _ in range(3):
        limiter.take(THREE, "someone", now=MORNING)
    with pytest.raises(TooMany):
        limiter.take(THREE, "someone", now=MORNING - timedelta(hours=1))


def test_memory_stays_within_bounds():
    limiter = Limiter()
    for number in range(KEPT + 10):
        limiter.take(THREE, number, now=MORNING)
    assert len(limiter._buckets) == KEPT
