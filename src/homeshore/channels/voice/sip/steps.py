"""Pure: what the telephone does next for a caller, so that what they hear agrees with what has become of their call.

As in `course`, two pictures are compared: nothing is lost when a process dies between them.
"""

from dataclasses import dataclass
from enum import StrEnum

WITH_AN_AGENT = ("connecting", "talking", "held")
"""States of a call in which the caller is with an agent, once there is a place for the two."""
CHOOSING = "choosing"
"""In place of a state, while a caller chooses in a menu, or hears a notice, and has no call."""
PASSED_ON = "passed_on"
"""... once the call is over for its agent, who left the caller with somebody outside the house: see `passing`."""


class Where(StrEnum):
    """Where a caller is."""

    NOWHERE = ""
    ALONE = "alone"
    TOGETHER = "together"
    PASSED_ON = "passed_on"
    """With another caller, without an agent."""


@dataclass(frozen=True, slots=True)
class House:
    """What has become of a call: its state (or CHOOSING, PASSED_ON), and the round in which two ends find each other."""

    state: str
    round: int


@dataclass(frozen=True, slots=True)
class Line:
    """How far the telephone is: where the caller is, which round has a place and which of these the agent has answered;
    `busy` while a session is being asked for; whether a caller who is alone hears something, and one who is not is on hold, or
    None when that is not known; `tells` while they are being told that the call is recorded, which nothing cuts short; `dialled` once one whom the house calls
    is called, `rang_out` once that, or making ready for it, has lasted long enough.
    """

    where: Where
    round: int = 0
    prepared: int = 0
    answered: int = 0
    busy: bool = False
    plays: bool = False
    holds: bool | None = False
    tells: bool = False
    dialled: bool = False
    rang_out: bool = False


@dataclass(frozen=True, slots=True)
class HangUp:
    """The call is over."""


@dataclass(frozen=True, slots=True)
class Prepare:
    """Make a place for the caller and the agent of this round, and offer it to the agent's browser."""

    round: int


@dataclass(frozen=True, slots=True)
class Discard:
    """Nobody will come to the place that was prepared."""


@dataclass(frozen=True, slots=True)
class Join:
    """Lead the caller to where the agent is."""


@dataclass(frozen=True, slots=True)
class Withdraw:
    """Lead the caller to a place where they are alone."""


@dataclass(frozen=True, slots=True)
class Play:
    """Let the caller, who is alone, hear the next piece of their programme."""


@dataclass(frozen=True, slots=True)
class Hold:
    """Part the two by music, or let them hear each other again."""

    on: bool


@dataclass(frozen=True, slots=True)
class Dial:
    """Call the customer: the agent's browser is ready to hear them."""


@dataclass(frozen=True, slots=True)
class GiveUp:
    """It has rung long enough, or the agent's browser does not get ready."""


Step = Dial | GiveUp | HangUp | Prepare | Discard | Join | Withdraw | Play | Hold


def next_step(house: House, line: Line) -> Step | None:
    """The next thing to do, or None when the telephone agrees with the call, or must wait for somebody's answer."""
    if house.state == "ended":
        return HangUp()
    if house.state == "dialling":
        return _towards_their_answer(house, line)
    if house.state == "queued" and line.prepared and line.where != Where.TOGETHER:
        return Discard()
    if house.state not in ("queued", CHOOSING) and line.prepared != house.round and not (line.busy and line.prepared):
        return Prepare(house.round)
    if line.busy or line.tells:
        return None
    if house.state in WITH_AN_AGENT:
        if line.answered == house.round and (line.where, line.round) != (Where.TOGETHER, house.round):
            return Join()
    elif line.where == Where.TOGETHER:
        return Withdraw()
    return _what_is_heard(house, line)


def _towards_their_answer(house: House, line: Line) -> Step | None:
    """Nobody's telephone rings before the agent can hear them; a browser that was loaded again meanwhile gets a place of its own."""
    if line.rang_out:
        return GiveUp()
    if line.prepared != house.round:
        return Prepare(house.round)
    return Dial() if line.answered == house.round and not line.dialled else None


def _what_is_heard(house: House, line: Line) -> Step | None:
    if line.where == Where.NOWHERE:
        return Withdraw()
    if line.where == Where.ALONE:
        return None if line.plays else Play()
    held = house.state == "held"
    return Hold(held) if held != line.holds else None
