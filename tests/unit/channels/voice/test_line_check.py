"""What a check of the line at home finds, and whether it meets what the operator asks."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from homeshore.channels.voice.quality.emodel import Measure
from homeshore.channels.voice.quality.line_check import (
    Bar,
    Connection,
    Figures,
    Headset,
    Sound,
    Weight,
    findings,
    lowest,
    meets,
    score,
)

GOOD = Measure(loss=0, jitter_ms=3, round_trip_ms=40, buffer_ms=30)
FINE = Figures(
    media=(GOOD,) * 60,
    latency_ms=20,
    down_kbps=20_000,
    up_kbps=4_000,
    sound=Sound(voice_db=-20, noise_db=-60, echo_db=0),
    headset=Headset.WIRED,
    connection=Connection.WIRED,
    screen_width=1920,
)
BAR = Bar()


def found(figures: Figures, bar: Bar = BAR) -> dict[str, Weight]:
    return {each.why: each.weight for each in findings(figures, bar)}


def test_a_good_home_is_told_what_is_well_and_meets_the_bar():
    assert set(found(FINE).values()) == {Weight.GOOD}
    assert meets(FINE, BAR) is True
    assert score(FINE) == pytest.approx(4.4, abs=0.05)


def test_without_a_relay_the_sound_is_not_measured_and_nothing_is_made_up():
    alone = replace(FINE, media=())

    assert (score(alone), lowest(alone), meets(alone, BAR)) == (None, None, None)
    assert found(alone)["not_measured"] == Weight.BETTER


def test_a_line_that_breaks_is_below_every_bar():
    lost = Measure(loss=1, jitter_ms=0, round_trip_ms=0)
    broken = replace(FINE, media=(GOOD, *(lost,) * 8), broken=True)

    assert score(broken) == pytest.approx(1.3, abs=0.3)
    assert found(broken)["broken"] == Weight.BELOW
    assert meets(broken, Bar(mos=2)) is False


def test_a_relay_that_cannot_be_reached_is_not_held_against_the_line():
    unreached = replace(FINE, media=(), broken=True)

    assert (score(unreached), meets(unreached, BAR)) == (None, None)
    assert found(unreached)["unreachable"] == Weight.BETTER


def test_what_costs_the_score_is_named():
    lossy = replace(FINE, media=(replace(GOOD, loss=0.15),) * 10)
    slow = replace(FINE, media=(replace(GOOD, round_trip_ms=1200),) * 10)

    assert {why: found(lossy)[why] for why in ("sound_weak", "loss")} == dict.fromkeys(
        ("sound_weak", "loss"), Weight.BELOW
    )
    assert {why: found(slow)[why] for why in ("sound_weak", "delay")} == dict.fromkeys(
        ("sound_weak", "delay"), Weight.BELOW
    )


@pytest.mark.parametrize(
    ("change", "why", "weight"),
    [
        ({"headset": Headset.NONE}, "no_headset", Weight.BELOW),
        ({"connection": Connection.WIFI}, "by_wifi", Weight.BETTER),
        ({"connection": Connection.MOBILE}, "by_mobile", Weight.BETTER),
        ({"up_kbps": 499}, "up_slow", Weight.BELOW),
        ({"down_kbps": 500}, "down_enough", Weight.GOOD),
        ({"screen_width": 1279}, "narrow_screen", Weight.BETTER),
        ({"sound": Sound(-100)}, "silent", Weight.BELOW),
        ({"sound": Sound(-50, -90)}, "voice_low", Weight.BETTER),
        ({"sound": Sound(-3, -60)}, "voice_loud", Weight.BETTER),
        ({"sound": Sound(-20, -30)}, "noisy", Weight.BETTER),
        ({"sound": Sound(-20, -60, 20)}, "echo", Weight.BETTER),
    ],
)
def test_each_weakness_is_found(change, why, weight):
    assert found(replace(FINE, **change))[why] == weight


def test_the_operator_sets_what_is_asked():
    by_wifi = replace(FINE, connection=Connection.WIFI)

    assert meets(by_wifi, BAR) is True
    assert meets(by_wifi, Bar(wire=True)) is False
    assert meets(FINE, Bar(mos=4.45)) is False
    assert meets(replace(FINE, headset=Headset.NONE), Bar(headset=False)) is True


MEASURES = st.builds(Measure, st.floats(0, 1), st.floats(0, 500), st.floats(0, 3000), st.none() | st.floats(0, 500))


@given(st.lists(MEASURES, min_size=1, max_size=20))
def test_the_lowest_second_is_no_better_than_its_own_parts_and_the_score_is_one(media):
    figures = Figures(media=tuple(media))
    whole, low = score(figures), lowest(figures)

    assert whole is not None
    assert low is not None
    assert 1 <= low <= 4.5
    assert 1 <= whole <= 4.5


@given(st.lists(MEASURES, min_size=1, max_size=5), st.floats(1, 4.4))
def test_meeting_a_bar_means_meeting_every_lower_one(media, mos):
    figures = replace(FINE, media=tuple(media))

    if meets(figures, Bar(mos=mos)):
        assert meets(figures, Bar(mos=max(1.0, mos - 0.5)))
