"""What comes after each attempt to reach somebody on a list."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta

import pytest

from homeshore.outbound.gate.register import Result
from homeshore.outbound.lists.course import Next, Pauses, Skip, State, after_contact, after_skip, is_open, result_of
from tests.clock import MORNING

PAUSES = Pauses(most=3, pause=timedelta(hours=24))
TOMORROW, THURSDAY = MORNING + timedelta(hours=24), MORNING + timedelta(days=2)
REACHED, NOBODY, REFUSED, OPPOSED = Result.REACHED, Result.NOBODY, Result.REFUSED, Result.OPPOSED


def after(*results: Result | None, tried: int = 0, asked_back: bool = False, promised: datetime | None = None) -> Next:
    return after_contact(results, tried=tried, asked_back=asked_back, promised_for=promised, pauses=PAUSES, now=MORNING)


def test_who_does_not_answer_is_tried_again_after_the_pause_and_not_more_often_than_was_said():
    assert after(NOBODY) == Next(State.TO_CALL, TOMORROW, 1)
    assert after(NOBODY, tried=1) == Next(State.TO_CALL, TOMORROW, 2)
    assert after(NOBODY, tried=2) == Next(State.UNREACHED, None, 3)


def test_calls_again_in_the_same_contact_count_as_attempts_too():
    assert after(NOBODY, NOBODY, tried=1) == Next(State.UNREACHED, None, 3)
    assert after(NOBODY, REACHED) == Next(State.REACHED, None, 0)


def test_a_call_of_which_nothing_is_known_counts_as_one_without_an_answer():
    assert after(None) == Next(State.TO_CALL, TOMORROW, 1)


def test_who_refuses_or_objects_is_not_called_again():
    assert after(REFUSED) == Next(State.REFUSED, None, 0)
    assert after(OPPOSED, promised=THURSDAY) == Next(State.REFUSED, None, 0)


def test_who_names_a_moment_is_called_then_and_their_attempts_begin_anew():
    assert after(REACHED, tried=2, promised=THURSDAY) == Next(State.TO_CALL, THURSDAY, 0, asked_back=True)


def test_who_asked_to_be_called_back_and_does_not_answer_still_asked():
    assert after(NOBODY, asked_back=True) == Next(State.TO_CALL, TOMORROW, 1, asked_back=True)


@pytest.mark.parametrize(
    ("results", "one"),
    [([], NOBODY), ([None], NOBODY), ([NOBODY, REACHED], REACHED), ([REACHED, REFUSED], REFUSED), ([OPPOSED, REFUSED], OPPOSED)],
)  # fmt: skip
def test_a_contact_comes_to_the_gravest_thing_that_was_said_in_it(results, one):
    assert result_of(results) == one


def test_a_skip_puts_off_gives_to_somebody_else_or_ends():
    skipped = {why: after_skip(why, due_at=MORNING, pauses=PAUSES, now=MORNING) for why in Skip}
    assert skipped == {
        Skip.LATER: (State.TO_CALL, TOMORROW),
        Skip.KNOWN: (State.TO_CALL, MORNING),
        Skip.USELESS: (State.SKIPPED, MORNING),
    }


def test_a_list_is_called_on_its_days_and_within_its_hours():
    tuesday = datetime(2026, 11, 24, 9, 30, tzinfo=UTC)
    assert is_open(frozenset(), None, None, local=tuesday)
    assert is_open({1}, time(9, 30), time(12), local=tuesday)
    assert not is_open({0, 2}, None, None, local=tuesday)
    assert not is_open({1}, time(10), None, local=tuesday)
    assert not is_open({1}, None, time(9, 30), local=tuesday)
