"""What the core decides. Only the router commits these, and nothing is shown before it has."""

from __future__ import annotations

from homeshore.routing.reasons import Reasons
from homeshore.routing.vocabulary import Word, word


@word
class Offered(Word):
    """A contact is proposed to one agent until `expires_at`; the decision's id is the offer's."""

    id: str
    contact: int
    agent: int
    queue: int
    offered_at: int
    expires_at: int
    reasons: Reasons


@word
class OfferTimedOut(Word):
    """Nobody answered in time."""

    id: str
    offer: str
    contact: int
    agent: int


@word
class OfferWithdrawn(Word):
    """An offer is taken back: line_lost, agent_away, agent_removed, contact_gone, accepted_elsewhere, no_place."""

    id: str
    offer: str
    contact: int
    agent: int
    why: str


@word
class Requeued(Word):
    """An assignment is taken back and its contact waits at its old place."""

    id: str
    contact: int
    assignment: int
    agent: int
    queue: int
    why: str = "line_lost"


@word
class WrapUpTimedOut(Word):
    """Wrap-up reached its limit; the place is free again."""

    id: str
    assignment: int
    agent: int


@word
class AgentRested(Word):
    """Too many offers in a row went unanswered: nothing is offered until the agent says they are ready."""

    id: str
    agent: int
    why: str = "no_answer"


@word
class CameDue(Word):
    """The moment of a scheduled contact has come: from now on it waits, due at `due_at`."""

    id: str
    contact: int
    queue: int
    due_at: int


Decision = CameDue | Offered | OfferTimedOut | OfferWithdrawn | Requeued | WrapUpTimedOut | AgentRested
