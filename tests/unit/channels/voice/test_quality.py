"""How good a line sounds: the E-model against published values, and what must hold of it whatever is measured."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from homeshore.channels.voice.quality.emodel import (
    Measure,
    delay_impairment,
    loss_impairment,
    mos,
    mos_of,
    rating,
)
from homeshore.channels.voice.quality.judgement import is_poor, is_weak

shares = st.floats(0, 1)
milliseconds = st.floats(0, 3000)
measures = st.builds(Measure, shares, milliseconds, milliseconds, st.none() | milliseconds)
scores = st.floats(1, 4.5)


@pytest.mark.parametrize(("r", "expected"), [(90, 4.34), (80, 4.03), (70, 3.60), (60, 3.10), (50, 2.58)])
def test_scores_of_ratings_are_those_of_the_recommendation(r, expected):
    """ITU-T G.107, Annex B, table B.1."""
    assert mos_of(r) == pytest.approx(expected, abs=0.015)


def test_a_perfect_line_is_as_good_as_the_default_connection_of_the_recommendation():
    """G.107, clause 7.7: with all default values R is 93.2, and the score 4.41."""
    perfect = Measure(loss=0, jitter_ms=0, round_trip_ms=0)
    assert rating(perfect) == 93.2
    assert mos(perfect) == pytest.approx(4.41, abs=0.005)


@pytest.mark.parametrize(("delay", "expected"), [(100, 0.0), (150, 0.16), (200, 3.04), (300, 14.76), (400, 24.07)])
def test_delay_costs_what_the_formula_says(delay, expected):
    """Equation 7-27 worked out by hand."""
    assert delay_impairment(delay) == pytest.approx(expected, abs=0.01)


@pytest.mark.parametrize(("percent", "expected"), [(0, 0), (1, 3.64), (2, 7.01), (5, 15.78), (10, 27.07)])
def test_loss_costs_what_the_formula_says(percent, expected):
    assert loss_impairment(percent / 100) == pytest.approx(expected, abs=0.01)


@given(measures)
def test_a_score_is_between_1_and_4_and_a_half(measure):
    assert 1 <= mos(measure) <= 4.5


@given(measures, st.floats(0, 0.5), st.floats(0, 1000))
def test_no_line_sounds_better_for_losing_more_or_taking_longer(measure, more_loss, more_delay):
    worse = Measure(
        min(1, measure.loss + more_loss), measure.jitter_ms, measure.round_trip_ms + more_delay, measure.buffer_ms
    )
    assert mos(worse) <= mos(measure) + 1e-9


@given(st.lists(scores, max_size=2))
def test_nothing_is_said_before_three_samples(few):
    assert not is_poor(few)


@given(st.lists(scores), st.lists(st.floats(3.6, 4.5), min_size=3), st.none() | st.floats(3.6, 4.5))
def test_one_poor_direction_of_one_call_is_not_held_against_the_agents_line(one_way, other_way, before):
    assert not is_weak(to_agent=one_way, to_customer=other_way, call_before=before)
    assert not is_weak(to_agent=other_way, to_customer=one_way, call_before=before)


def test_both_directions_or_the_call_before_as_well_say_that_it_is_the_agents_line():
    poor, good = [3.0, 3.1, 3.2], [4.2, 4.3, 4.3]
    assert is_weak(to_agent=poor, to_customer=poor, call_before=None)
    assert is_weak(to_agent=poor, to_customer=good, call_before=3.2)
    assert not is_weak(to_agent=good, to_customer=good, call_before=3.2)
