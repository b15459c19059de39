"""How soon the next look at the house may follow the last."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from homeshore.channels.voice.pace import CREDIT_SECONDS, PAUSE_SECONDS, Pace

LOOKS = st.lists(
    st.tuples(st.floats(min_value=0, max_value=2), st.floats(min_value=0, max_value=1)), min_size=1, max_size=30
)
"""How long each look takes, and how much later than it may it begins; in seconds."""


def test_after_a_rest_a_slow_look_does_not_keep_the_next_one_waiting() -> None:
    pace = Pace(others=4)

    pace.looked(began=100.0, ended=100.1, took=0.1)

    assert pace.next_at == pytest.approx(100.1 + PAUSE_SECONDS)


def test_slow_looks_one_after_another_come_to_leave_the_others_their_time() -> None:
    pace, began = Pace(others=4), 100.0
    starts = []
    for _ in range(4):
        starts.append(began)
        pace.looked(began=began, ended=began + 0.2, took=0.2)
        began = pace.next_at

    assert starts == pytest.approx([100.0, 100.5, 101.5, 102.5])


def test_looks_that_waited_more_than_they_worked_owe_only_their_work() -> None:
    pace = Pace(others=4)

    for _ in range(5):
        began = max(100.0, pace.next_at)
        pace.looked(began=began, ended=began + 0.2, took=0.01)

    assert pace.next_at == pytest.approx(100.0 + 5 * 0.2 + 5 * PAUSE_SECONDS)


@given(LOOKS)
def test_looks_never_take_more_than_their_share_and_what_may_be_owed(looks: list[tuple[float, float]]) -> None:
    pace, first, at, took = Pace(others=2), 50.0, 50.0, 0.0
    for lasts, later in looks:
        began = at + later
        pace.looked(began=began, ended=began + lasts, took=lasts)
        took, at = took + lasts, pace.next_at
        assert at >= began + lasts + PAUSE_SECONDS
        assert took <= (at - first + CREDIT_SECONDS) / 3 + 1e-9
