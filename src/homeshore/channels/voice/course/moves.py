"""What a call must do next so that it agrees with its contact. Looked at as often as one likes, it says the same.

A call never decides who speaks with whom: routing, agents and supervisors do, by what they do to the contact. The call
follows. As it compares two pictures instead of hearing events, nothing is lost when a process dies between the two.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a contact stands: `state` is waiting, offered, active or closed; with the open offer or the active assignment."""

    state: str
    outcome: str = ""
    offer: str = ""
    assignment: int | None = None
    agent: int | None = None
    called_back: bool = False
    """The customer asked to be called back: the contact waits on although nobody is on the line."""


@dataclass(frozen=True, slots=True)
class LegSeen:
    """The open leg of a call: `state` is ringing, connecting or talking."""

    agent: int
    state: str
    offer: str = ""
    assignment: int | None = None


@dataclass(frozen=True, slots=True)
class Ring:
    """Let the phone of the agent ring who was offered the contact."""

    agent: int
    offer: str


@dataclass(frozen=True, slots=True)
class Connect:
    """Bring customer and agent together: on the leg that rang, or on a new one when nothing rang."""

    agent: int
    assignment: int


@dataclass(frozen=True, slots=True)
class StopRinging:
    """The offer is gone; the customer goes on waiting."""


@dataclass(frozen=True, slots=True)
class Release:
    """The agent no longer has the contact; the customer waits again, with music."""


@dataclass(frozen=True, slots=True)
class PassOn:
    """Another agent has the contact already: lead the customer from one to the other, without waiting in between."""

    agent: int
    assignment: int


@dataclass(frozen=True, slots=True)
class HangUp:
    """The contact is closed: so is the call."""

    why: str


@dataclass(frozen=True, slots=True)
class CloseContact:
    """The call is over and nobody has its contact: it must not be offered to anybody."""

    answered: bool


@dataclass(frozen=True, slots=True)
class Settle:
    """Call and contact are both over: nothing is left to do."""


Move = Settle | Ring | Connect | StopRinging | Release | PassOn | HangUp | CloseContact


def next_move(
    standing: Standing, leg: LegSeen | None, *, ended: bool, answered: bool, dialling: bool = False
) -> Move | None:
    """The next thing to do, or None when call and contact agree. While the customer is being called (`dialling`) nobody else
    can be led to them: when the contact leaves who calls, the call is over.
    """
    if ended:
        if standing.state == "closed":
            return Settle()
        return None if standing.state == "active" or standing.called_back else CloseContact(answered)
    if standing.state == "closed":
        return HangUp(standing.outcome or "closed")
    if dialling and not (leg and (leg.assignment, leg.agent) == (standing.assignment, standing.agent)):
        return HangUp("moved")
    if standing.state == "active" and standing.agent is not None and standing.assignment is not None:
        return _towards_agent(standing.agent, standing.assignment, leg)
    if leg and not (leg.state == "ringing" and standing.state == "offered" and leg.offer == standing.offer):
        return _end(leg)
    if leg is None and standing.state == "offered" and standing.agent is not None:
        return Ring(standing.agent, standing.offer)
    return None


def _towards_agent(agent: int, assignment: int, leg: LegSeen | None) -> Move | None:
    if leg is None or (leg.state == "ringing" and leg.agent == agent):
        return Connect(agent, assignment)
    if (leg.assignment, leg.agent) == (assignment, agent):
        return None
    return StopRinging() if leg.state == "ringing" else PassOn(agent, assignment)


def _end(leg: LegSeen) -> Move:
    return StopRinging() if leg.state == "ringing" else Release()
