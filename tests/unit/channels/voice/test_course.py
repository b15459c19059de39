"""The course of a call: whatever became of its contact, the call comes to agree with it, in few steps."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from homeshore.channels.voice.course import (
    CloseContact,
    Connect,
    HangUp,
    LegSeen,
    Move,
    PassOn,
    Release,
    Ring,
    Settle,
    Standing,
    StopRinging,
    next_move,
)

agents = st.integers(1, 3)
standings = st.one_of(
    st.just(Standing("waiting")),
    agents.map(lambda agent: Standing("offered", offer=f"offer-{agent}", agent=agent)),
    st.builds(lambda agent, key: Standing("active", assignment=key, agent=agent), agents, st.integers(1, 4)),
    st.sampled_from(["handled", "abandoned", "cancelled"]).map(lambda outcome: Standing("closed", outcome)),
)
legs = st.one_of(
    st.none(),
    agents.map(lambda agent: LegSeen(agent, "ringing", offer=f"offer-{agent}")),
    st.builds(
        lambda agent, state, key: LegSeen(agent, state, assignment=key),
        agents,
        st.sampled_from(["connecting", "talking"]),
        st.integers(1, 4),
    ),
)


def made(move: Move, standing: Standing, leg: LegSeen | None) -> tuple[Standing, LegSeen | None, bool]:
    """What a move leads to, and whether the call is over then."""
    match move:
        case Ring(agent, offer):
            return standing, LegSeen(agent, "ringing", offer=offer), False
        case Connect(agent, assignment) | PassOn(agent, assignment):
            return standing, LegSeen(agent, "connecting", assignment=assignment), False
        case StopRinging() | Release():
            return standing, None, False
        case HangUp():
            return standing, None, True
        case CloseContact():
            return replace(standing, state="closed", outcome="handled", offer="", agent=None), leg, True
    raise AssertionError(move)


@given(standings, legs, st.booleans(), st.booleans())
def test_a_call_agrees_with_its_contact_after_three_moves_at_most(standing, leg, ended, answered):
    leg = None if ended else leg
    for _ in range(4):
        move = next_move(standing, leg, ended=ended, answered=answered)
        if move is None or isinstance(move, Settle):
            break
        standing, leg, ended = made(move, standing, leg)
    else:
        raise AssertionError("it moves for ever")
    agent = leg.agent if leg else None
    if ended:
        assert leg is None
        assert standing.state in ("closed", "active")
    elif standing.state in ("offered", "active"):
        assert agent == standing.agent
    else:
        assert (standing.state, leg) == ("waiting", None)


@given(standings, legs)
def test_nobody_who_has_no_part_in_a_contact_keeps_a_leg(standing, leg):
    if leg and leg.agent != standing.agent:
        move = next_move(standing, leg, ended=False, answered=False)
        assert isinstance(move, StopRinging | Release | PassOn | HangUp)


def test_the_same_agent_taking_the_contact_a_second_time_is_another_leg():
    talking = LegSeen(1, "talking", assignment=7)
    assert next_move(Standing("active", assignment=8, agent=1), talking, ended=False, answered=True) == PassOn(1, 8)
    assert next_move(Standing("active", assignment=7, agent=1), talking, ended=False, answered=True) is None


def test_a_dead_call_is_never_offered():
    offered = Standing("offered", offer="offer-1", agent=1)
    assert next_move(offered, None, ended=True, answered=True) == CloseContact(answered=True)
    assert next_move(Standing("waiting"), None, ended=True, answered=False) == CloseContact(answered=False)


@given(standings, agents, st.integers(1, 4))
def test_a_customer_who_is_being_called_is_led_to_nobody_but_who_calls(standing, agent, assignment):
    leg = LegSeen(agent, "connecting", assignment=assignment)
    move = next_move(standing, leg, ended=False, answered=False, dialling=True)
    if (standing.assignment, standing.agent) == (assignment, agent):
        assert move is None
    else:
        assert move == HangUp(standing.outcome or "moved")
