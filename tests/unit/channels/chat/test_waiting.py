from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from homeshore.channels.chat.waiting import expected_wait
from tests.clock import MORNING


def answered(*minutes_ago: float) -> list:
    return [MORNING - timedelta(minutes=each) for each in minutes_ago]


def test_a_place_waits_as_many_gaps_between_answers():
    one_every_two_minutes = answered(10, 8, 6, 4, 2)
    assert expected_wait(1, one_every_two_minutes, MORNING) == timedelta(minutes=2)
    assert expected_wait(3, one_every_two_minutes, MORNING) == timedelta(minutes=6)


def test_the_estimate_grows_while_nobody_answers():
    answers = answered(10, 8, 6, 4, 2)
    assert expected_wait(1, answers, MORNING + timedelta(minutes=8)) == timedelta(minutes=4)


def test_too_few_answers_say_nothing():
    assert expected_wait(1, answered(8, 6, 4, 2), MORNING) is None
    assert expected_wait(1, answered(70, 60, 50, 40, 2), MORNING) is None


def test_more_than_an_hour_is_not_said():
    assert expected_wait(60, answered(10, 8, 6, 4, 2), MORNING) is None


@pytest.mark.parametrize(
    ("place", "said"), [(1, timedelta(seconds=30)), (4, timedelta(seconds=90)), (11, timedelta(minutes=4))]
)
def test_the_estimate_is_rounded_up_to_what_one_says(place, said):
    every_twenty_seconds = answered(*(number / 3 for number in range(1, 31)))
    assert expected_wait(place, every_twenty_seconds, MORNING) == said


@given(st.integers(1, 200), st.lists(st.floats(0, 40), max_size=80))
def test_further_back_never_waits_less(place, minutes_ago):
    answers = answered(*minutes_ago)
    here, behind = expected_wait(place, answers, MORNING), expected_wait(place + 1, answers, MORNING)
    if here is None:
        assert behind is None
    elif behind is not None:
        assert timedelta() < here <= behind
