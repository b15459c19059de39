"""A limit is one limit, however many processes count."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connection

from homeshore.foundation import housekeeping
from homeshore.foundation.errors import TooMany
from homeshore.foundation.limits import Limit, take
from homeshore.foundation.models import Allowance, SharedValue
from tests.clock import MORNING

THREE = Limit("messages", burst=3, per_minute=6)
ONE = Limit("mails", burst=1, per_minute=6)


def left(name: str) -> float:
    return Allowance.objects.get(key=name).remaining


@pytest.mark.django_db
def test_a_burst_passes_what_follows_waits_and_time_gives_back():
    for _ in range(3):
        take((THREE, "someone"), now=MORNING)
    with pytest.raises(TooMany) as refused:
        take((THREE, "someone"), now=MORNING)
    assert refused.value.retry_after == 10
    take((THREE, "someone else"), now=MORNING)
    take((THREE, "someone"), now=MORNING + timedelta(seconds=10))
    with pytest.raises(TooMany):
        take((THREE, "someone"), now=MORNING + timedelta(seconds=11))


@pytest.mark.django_db
def test_time_gives_back_no_more_than_the_burst():
    take((THREE, "someone"), now=MORNING)
    take((THREE, "someone"), now=MORNING + timedelta(days=1))
    assert left("messages:someone") == 2


@pytest.mark.django_db
def test_a_clock_that_goes_back_gives_nothing():
    for _ in range(3):
        take((THREE, "someone"), now=MORNING)
    with pytest.raises(TooMany):
        take((THREE, "someone"), now=MORNING - timedelta(hours=1))
    with pytest.raises(TooMany):
        take((THREE, "someone"), now=MORNING)


@pytest.mark.django_db
def test_what_one_limit_refuses_is_counted_against_none():
    take((THREE, "someone"), (ONE, "someone"), now=MORNING)
    with pytest.raises(TooMany):
        take((THREE, "someone"), (ONE, "someone"), now=MORNING)
    assert (left("messages:someone"), left("mails:someone")) == (2, 0)


@pytest.mark.django_db(transaction=True)
def test_many_who_count_at_once_never_take_the_same_one():
    def try_one(_: int) -> bool:
        try:
            take((THREE, "someone"), (Limit("messages of a brand", 100, 60), 1), now=MORNING)
        except TooMany:
            return False
        finally:
            connection.close()
        return True

    with ThreadPoolExecutor(6) as threads:
        assert sum(threads.map(try_one, range(20))) == 3


@pytest.mark.django_db
def test_what_is_whole_again_or_has_expired_is_forgotten():
    take((THREE, "someone"), now=MORNING)
    take((THREE, "someone else"), now=MORNING + timedelta(minutes=5))
    SharedValue.objects.create(cache_key="old attempts", value="", expires=MORNING + timedelta(minutes=4))
    SharedValue.objects.create(cache_key="new attempts", value="", expires=MORNING + timedelta(minutes=6))
    housekeeping.purge(now=MORNING + timedelta(minutes=5))
    assert list(Allowance.objects.values_list("key", flat=True)) == ["messages:someone else"]
    assert list(SharedValue.objects.values_list("cache_key", flat=True)) == ["new attempts"]
