"""How long callers wait, from waits that mostly ended with an answer."""

import itertools
import math
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from homeshore.replay.patience import estimate

WAITS = st.lists(st.tuples(st.floats(0.1, 1000), st.booleans()), min_size=1, max_size=60)


def test_a_curve_computed_by_hand():
    """Kaplan and Meier: leaving at 10 of 5, at 30 of 3, at 40 of 2."""
    curve = estimate([(10, True), (20, False), (30, True), (40, True), (50, False)])

    assert curve.times == (10, 30, 40)
    assert curve.survival == pytest.approx((4 / 5, 4 / 5 * 2 / 3, 4 / 5 * 2 / 3 * 1 / 2))
    assert curve.rate == pytest.approx(3 / 150)


def test_patience_that_was_exponential_is_found_again_although_most_were_answered():
    chance = random.Random(7)
    waits = []
    for _ in range(20_000):
        patience, offered = chance.expovariate(1 / 180), chance.expovariate(1 / 60)
        waits.append((min(patience, offered), patience < offered))
    curve = estimate(waits)

    draws = [curve.draw(chance.random()) for _ in range(4_000)]

    assert sum(draws) / len(draws) == pytest.approx(180, rel=0.08)


def test_nobody_who_ever_left_means_nobody_leaves():
    assert estimate([(10, False), (20, False)]).draw(0.99) == math.inf


@given(WAITS, st.floats(0, 0.999), st.floats(0, 1200))
def test_who_has_waited_some_time_has_more_patience_than_that(waits, chance, waited):
    assert estimate(waits).draw(chance, longer_than=waited) >= waited


@given(WAITS, st.floats(0, 0.9), st.floats(0, 0.09))
def test_a_higher_chance_is_a_longer_patience(waits, chance, more):
    curve = estimate(waits)

    assert curve.draw(chance + more) >= curve.draw(chance)


@given(WAITS)
def test_the_share_still_waiting_never_rises(waits):
    curve = estimate(waits)
    shares = [curve.still_waiting(after) for after in range(0, 1500, 50)]

    assert all(before >= after for before, after in itertools.pairwise(shares))
    assert 0 <= shares[-1] <= shares[0] <= 1
