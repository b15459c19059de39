"""The simulator's calendar against a list that is sorted anew each time."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from homeshore.routing.simulator.calendar import Calendar, Event

LATER = st.integers(0, 4_000)


def nothing(_: object) -> None: ...


@given(st.lists(st.one_of(st.none(), LATER), max_size=60))
def test_events_come_in_the_order_of_time_and_then_of_their_numbers_whenever_they_are_written(
    days: list[int | None],
) -> None:
    calendar, awaited, now = Calendar(), [], 0
    for number, later in enumerate([*days, *[None] * len(days)]):
        if later is not None:
            event: Event = (now + later, number, nothing, None)
            calendar.write(event)
            awaited.append(event)
        assert calendar.next_at() == min((event[0] for event in awaited), default=None)
        if later is None and awaited:
            first = min(awaited, key=lambda event: event[:2])
            awaited.remove(first)
            now = first[0]
            assert calendar.take() == first


def test_an_event_written_for_before_the_page_that_was_looked_at_comes_first() -> None:
    calendar = Calendar()
    late, early = (9_500, 1, nothing, None), (1_200, 2, nothing, None)
    calendar.write(late)
    assert calendar.next_at() == 9_500
    calendar.write(early)
    assert (calendar.next_at(), calendar.take(), calendar.next_at()) == (1_200, early, 9_500)
