"""When a registration is asked for again."""

from datetime import timedelta

import pytest

from homeshore.channels.voice.sip.registration import again_after, is_no_answer, refresh_after


@pytest.mark.parametrize(("granted", "after"), [(600, 300), (3600, 300), (60, 30), (4, 5)])
def test_it_is_asked_for_again_at_half_of_its_time_and_within_five_minutes(granted, after):
    assert refresh_after(granted) == timedelta(seconds=after)


def test_what_is_in_vain_is_tried_ever_less_often():
    assert [again_after(tries, retry_after=0).total_seconds() for tries in (1, 2, 3, 7, 500)] == [
        30,
        60,
        120,
        1800,
        1800,
    ]


def test_a_trunk_that_wants_more_time_gets_it():
    assert again_after(1, retry_after=7200) == timedelta(hours=2)
    assert again_after(5, retry_after=1) == timedelta(minutes=8)


@pytest.mark.parametrize(("status", "is_none"), [(401, False), (403, False), (404, False), (408, True), (503, True)])
def test_a_refusal_is_told_from_no_answer(status, is_none):
    assert is_no_answer(status) == is_none
