"""Agents seen through their calls, and a day in figures."""
# ruff: noqa: DTZ001 (recorded times are local, without a zone)

from datetime import datetime, timedelta

import pytest

from homeshore.replay.calls import LEFT, SERVED, Call
from homeshore.replay.figures import Ended, by_time, recorded, summarise
from homeshore.replay.roster import shifts

NINE = datetime(2026, 11, 20, 9, 0)


def call(at: float, waited: float, served: float = 0, agent: str = "", queue: str = "sales") -> Call:
    return Call(1, NINE + timedelta(seconds=at), queue, waited, SERVED if served else LEFT, served, agent)


def test_an_agent_is_there_from_call_to_call_and_away_in_a_long_gap():
    calls = [call(0, 0, 60, "Nadia"), call(100, 20, 60, "Nadia", "help"), call(1000, 0, 60, "Nadia"), call(5, 30)]

    (shift,) = shifts(calls, away_after=300)

    assert shift.queues == {"sales", "help"}
    assert shift.stretches == (
        (NINE, NINE + timedelta(seconds=180)),
        (NINE + timedelta(seconds=1000), NINE + timedelta(seconds=1060)),
    )
    assert shift.seconds == 240


def test_a_day_in_figures():
    ended = recorded([call(0, 5, 100, "a"), call(1, 30, 200, "a"), call(2, 10), call(3, 40)])

    figures = summarise(ended, target_seconds=20, staffed_seconds=400, busy_seconds=300)

    assert figures.as_dict() == {
        "offered": 4,
        "answered": 2,
        "abandoned": 2,
        "in_target": 1,
        "service_level": pytest.approx(1 / 3),  # who left after 10 s does not count
        "abandonment": 0.5,
        "asa": 17.5,
        "mean_wait_of_abandoned": 25,
        "aht": 150,
        "occupancy": 0.75,
    }


def test_nothing_at_all_divides_by_nothing():
    assert summarise([], target_seconds=20).service_level is None


def test_calls_fall_into_the_stretch_they_arrived_in():
    ended = [Ended(NINE + timedelta(minutes=minute), "q", 0, True, 1) for minute in (0, 29, 30)]

    slices = by_time(ended, minutes=30, target_seconds=20)

    assert [(one.start.minute, one.figures.offered) for one in slices] == [(0, 2), (30, 1)]
