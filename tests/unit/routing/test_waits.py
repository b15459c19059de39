"""Expected waits: what can be said, what cannot, and how often what is said holds."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.waits import BANK, bank_days, report, simulated_day, told_in
from homeshore.routing.waits import Expected, Forecast, Waited, said

SECOND, MINUTE, HOUR = 1_000, 60_000, 3_600_000
NOW = 12 * HOUR


def answered_every(gap: int, waits: int, *, count: int) -> list[Waited]:
    """A line that somebody always waits in, taken from once every so often."""
    return [Waited(NOW - number * gap - waits, NOW - number * gap, answered=True) for number in range(count)]


def test_a_line_that_goes_on_every_minute_is_expected_to():
    forecast = Forecast(answered_every(MINUTE, 4 * MINUTE, count=60), [NOW - 3 * MINUTE, NOW - MINUTE], NOW)
    expected = forecast.wait_at(4)
    assert 3 * MINUTE < expected.middle_ms < 5 * MINUTE
    assert expected.low_ms < expected.middle_ms < expected.high_ms


def test_idle_hours_do_not_make_a_line_slow():
    """Answers to people who did not have to wait say nothing of how fast a line goes once there is one."""
    busy = answered_every(20 * SECOND, MINUTE, count=20)
    quiet = [
        Waited(NOW - 3 * HOUR + number * 5 * MINUTE, NOW - 3 * HOUR + number * 5 * MINUTE, True) for number in range(30)
    ]
    with_idle = Forecast(busy + quiet, [], NOW).wait_at(1)
    assert with_idle.middle_ms == pytest.approx(Forecast(busy, [], NOW).wait_at(1).middle_ms, rel=0.5)


def test_who_leaves_makes_the_line_behind_shorter():
    stay = answered_every(MINUTE, 5 * MINUTE, count=30)
    leave = [
        Waited(NOW - number * MINUTE - 3 * MINUTE, NOW - number * MINUTE - 30 * SECOND, False) for number in range(30)
    ]
    waiting = [NOW - number * SECOND for number in range(1, 10)]
    assert (
        Forecast(stay + leave, waiting, NOW).wait_at(10).middle_ms < Forecast(stay, waiting, NOW).wait_at(10).middle_ms
    )


def test_too_few_answers_to_people_who_waited_say_nothing():
    assert Forecast(answered_every(MINUTE, 4 * MINUTE, count=7), [], NOW).wait_at(1) is None
    assert Forecast(answered_every(MINUTE, 0, count=50), [], NOW).wait_at(1) is None
    yesterday = [
        Waited(wait.arrived_at - 24 * HOUR, wait.ended_at - 24 * HOUR, True)
        for wait in answered_every(MINUTE, MINUTE, count=50)
    ]
    assert Forecast(yesterday, [], NOW).wait_at(1) is None


def test_beyond_an_hour_nothing_is_said():
    assert Forecast(answered_every(MINUTE, 4 * MINUTE, count=60), [], NOW).wait_at(90) is None


@pytest.mark.parametrize(
    ("low", "high", "words"),
    [(20, 40, (0, 60)), (119, 121, (60, 180)), (180, 300, (180, 300)), (899, 1501, (840, 1800))],
)
def test_what_is_said_is_wider_than_what_was_worked_out(low, high, words):
    assert said(Expected(low * SECOND, low * SECOND, high * SECOND)) == words


waits = st.builds(
    lambda ended, length, answered: Waited(NOW - ended - length, NOW - ended, answered),
    st.integers(0, 5 * HOUR), st.integers(0, HOUR), st.booleans(),
)  # fmt: skip


@given(st.lists(waits, max_size=60), st.lists(st.integers(0, HOUR), max_size=10), st.integers(1, 30))
def test_further_back_never_waits_less_and_the_interval_is_in_order(over, ages, place):
    forecast = Forecast(over, [NOW - age for age in ages], NOW)
    here, behind = forecast.wait_at(place), forecast.wait_at(place + 1)
    if here:
        assert 0 <= here.low_ms <= here.middle_ms <= here.high_ms <= HOUR
    if behind:
        assert here
        assert (here.middle_ms, here.high_ms) <= (behind.middle_ms, behind.high_ms)


def test_on_simulated_days_eight_of_ten_are_answered_within_the_interval():
    told = [each for seed in (1, 2) for each in told_in(simulated_day(seed, agents=14, load=1.1), every=3)]
    figures = report(told)
    assert figures["said"] > 0.95
    assert 0.72 < figures["covered"] < 0.88
    assert figures["covered_as_said"] > 0.85
    assert figures["error_s"] < min(figures["error_s_of_others"].values())


@pytest.mark.skipif(not BANK.exists(), reason=f"the bank's calls are not at {BANK}")
def test_on_the_banks_days_eight_of_ten_were_answered_within_the_interval():
    figures = report([each for day in bank_days()[:12] for each in told_in(day, every=8)])
    assert figures["said"] > 0.9
    assert 0.7 < figures["covered"] < 0.88
    assert figures["covered_as_said"] > 0.85
