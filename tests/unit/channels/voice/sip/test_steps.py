"""Whatever has become of a call, the telephone gets there, and then rests."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from homeshore.channels.voice.sip.steps import (
    Dial,
    Discard,
    GiveUp,
    HangUp,
    Hold,
    House,
    Join,
    Line,
    Play,
    Prepare,
    Where,
    Withdraw,
    next_step,
)

ALONE, TOGETHER = Where.ALONE, Where.TOGETHER
MUSIC = Line(ALONE, plays=True)
IN_A_CALL = [where for where in Where if where != Where.PASSED_ON]
"""Who is left with somebody outside has no call any more: `passing` leads them."""


@pytest.mark.parametrize(
    ("house", "line", "step"),
    [
        (House("queued", 0), Line(ALONE), Play()),
        (House("queued", 0), MUSIC, None),
        (House("ringing", 1), MUSIC, Prepare(1)),
        (House("ringing", 1), replace(MUSIC, prepared=1), None),
        (House("queued", 1), replace(MUSIC, prepared=1), Discard()),
        (House("connecting", 1), replace(MUSIC, prepared=1), None),
        (House("connecting", 1), replace(MUSIC, prepared=1, answered=1), Join()),
        (House("connecting", 1), replace(MUSIC, prepared=1, answered=1, busy=True), None),
        (House("connecting", 1), replace(MUSIC, prepared=1, answered=1, tells=True), None),
        (House("ringing", 1), replace(MUSIC, tells=True), Prepare(1)),
        (House("ended", 1), replace(MUSIC, tells=True), HangUp()),
        (House("talking", 1), Line(TOGETHER, 1, prepared=1, answered=1, holds=False), None),
        (House("held", 1), Line(TOGETHER, 1, prepared=1, answered=1, holds=False), Hold(on=True)),
        (House("talking", 1), Line(TOGETHER, 1, prepared=1, answered=1, holds=True), Hold(on=False)),
        (House("talking", 2), Line(TOGETHER, 1, prepared=1, answered=1, holds=False), Prepare(2)),
        (House("queued", 1), Line(TOGETHER, 1, prepared=1, answered=1, holds=False), Withdraw()),
        (House("talking", 2), Line(Where.NOWHERE, prepared=2), Withdraw()),
        (House("ended", 1), Line(TOGETHER, 1, busy=True), HangUp()),
        (House("dialling", 1), Line(Where.NOWHERE), Prepare(1)),
        (House("dialling", 1), Line(Where.NOWHERE, prepared=1), None),
        (House("dialling", 1), Line(Where.NOWHERE, prepared=1, answered=1), Dial()),
        (House("dialling", 1), Line(Where.NOWHERE, prepared=1, answered=1, dialled=True), None),
        (House("dialling", 2), Line(Where.NOWHERE, prepared=1, answered=1, dialled=True), Prepare(2)),
        (House("dialling", 2), Line(Where.NOWHERE, prepared=2, answered=2, dialled=True), None),
        (House("dialling", 1), Line(Where.NOWHERE, prepared=1, answered=1, dialled=True, rang_out=True), GiveUp()),
        (House("ended", 1), Line(Where.NOWHERE, prepared=1, answered=1, dialled=True), HangUp()),
    ],
)
def test_the_next_step(house, line, step):
    assert next_step(house, line) == step


def done(step, house: House, line: Line) -> Line:
    """The line after a step, everybody else having agreed at once."""
    match step:
        case Prepare(round):
            return replace(line, prepared=round, answered=round)
        case Discard():
            return replace(line, prepared=0, answered=0)
        case Join():
            return replace(line, where=TOGETHER, round=house.round, plays=False, holds=False)
        case Withdraw():
            return replace(line, where=ALONE, round=0, plays=False, holds=False)
        case Play():
            return replace(line, plays=True)
        case Hold(on):
            return replace(line, holds=on)
    raise AssertionError(step)


@given(
    st.builds(House, st.sampled_from(["queued", "ringing", "connecting", "talking", "held"]), st.integers(1, 3)),
    st.builds(
        Line,
        st.sampled_from(IN_A_CALL),
        st.integers(0, 3),
        prepared=st.integers(0, 3),
        answered=st.integers(0, 3),
        plays=st.booleans(),
        holds=st.sampled_from([None, True, False]),
    ),
)
def test_from_wherever_it_is_the_telephone_comes_to_rest_where_it_should(house, line):
    for _ in range(6):
        step = next_step(house, line)
        if step is None:
            break
        line = done(step, house, line)
    assert next_step(house, line) is None
    together = house.state in ("connecting", "talking", "held") and line.answered == house.round
    assert line.where == (TOGETHER if together else ALONE) or (line.where == TOGETHER and house.state != "queued")
    if line.where == ALONE:
        assert line.plays
