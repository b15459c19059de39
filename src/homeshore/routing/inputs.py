"""What the core is told: rules, presence, and facts that the database already holds.

Every input may come twice; the second time changes nothing. Times are milliseconds since the epoch, UTC.
"""

from __future__ import annotations

from dataclasses import dataclass

from homeshore.routing.policy import AgentRule, Policy, QueueRule
from homeshore.routing.vocabulary import Word


@dataclass(frozen=True, slots=True)
class QueueSet(Word):
    """A queue is new or its rule changed. A changed target holds for contacts that arrive from now on."""

    queue: QueueRule


@dataclass(frozen=True, slots=True)
class QueueRemoved(Word):
    """A queue is no more. What waits in it keeps its place until it is moved, cancelled, or the queue comes back."""

    queue: int


@dataclass(frozen=True, slots=True)
class AgentSet(Word):
    """An agent is new to the floor or their skills, queues or places changed."""

    agent: AgentRule


@dataclass(frozen=True, slots=True)
class AgentRemoved(Word):
    """An agent left the floor. What they hold stays theirs until it is closed or moved."""

    agent: int


@dataclass(frozen=True, slots=True)
class PolicySet(Word):
    """The policy of the floor changed."""

    policy: Policy


@dataclass(frozen=True, slots=True)
class PresenceSet(Word):
    """The agent says they are ready, or not and why."""

    agent: int
    ready: bool
    reason: str = ""


@dataclass(frozen=True, slots=True)
class PresenceLapsed(Word):
    """The presence lease ran out: the line is lost."""

    agent: int


@dataclass(frozen=True, slots=True)
class PresenceRenewed(Word):
    """The line is back after a lapse."""

    agent: int


@dataclass(frozen=True, slots=True)
class ContactArrived(Word):
    """A contact waits. `due_at` keeps an old place; `place` is how many of an agent's places it takes.

    It is not `counted` among the arrivals where it is told again, because a floor is laid anew: it came before.
    """

    contact: int
    queue: int
    arrived_at: int
    priority: int | None = None
    due_at: int | None = None
    preferred_agent: int | None = None
    not_agents: tuple[int, ...] = ()
    place: int = 1
    counted: bool = True


@dataclass(frozen=True, slots=True)
class ContactScheduled(Word):
    """A contact is to wait from `at` on: a callback promised for that moment, or tried again then.

    `due_at` keeps an old place; without it the contact comes first in its line when its moment has come. `assignment` is
    who tried and did not reach the customer: it ends, and its place is free.
    """

    contact: int
    queue: int
    at: int
    arrived_at: int
    due_at: int | None = None
    priority: int | None = None
    preferred_agent: int | None = None
    assignment: int | None = None


@dataclass(frozen=True, slots=True)
class ContactCancelled(Word):
    """A contact waits no more: abandoned, closed by the customer, moved, or taken by a supervisor."""

    contact: int
    why: str = ""


@dataclass(frozen=True, slots=True)
class OfferStanding(Word):
    """An open offer found in the database when a floor is rebuilt without a checkpoint."""

    offer: str
    contact: int
    agent: int
    queue: int
    offered_at: int
    expires_at: int


@dataclass(frozen=True, slots=True)
class OfferAccepted(Word):
    """An agent accepted, and the database says so: always honoured, even when the offer had been timed out."""

    offer: str
    contact: int
    agent: int
    assignment: int


@dataclass(frozen=True, slots=True)
class OfferDeclined(Word):
    """An agent declined an offer."""

    offer: str
    why: str = ""


@dataclass(frozen=True, slots=True)
class AssignmentOpened(Word):
    """A contact was taken or given without an offer."""

    assignment: int
    contact: int
    agent: int
    queue: int


@dataclass(frozen=True, slots=True)
class AssignmentClosed(Word):
    """The contact is closed; with `wrap_up` its place stays taken until wrap-up ends."""

    assignment: int
    wrap_up: bool = False


@dataclass(frozen=True, slots=True)
class WrapUpEnded(Word):
    """The agent finished wrapping up."""

    assignment: int


@dataclass(frozen=True, slots=True)
class AssignmentRequeued(Word):
    """An assignment ended and its contact waits again: a transfer, or a requeue by a person."""

    assignment: int
    contact: int
    queue: int
    arrived_at: int
    due_at: int | None = None
    priority: int | None = None
    preferred_agent: int | None = None
    not_agents: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class DayCounted(Word):
    """What an agent has done today: acts, and milliseconds ready. Told where a day begins and where a floor is laid anew."""

    agent: int
    acts: int = 0
    ready_ms: int = 0


@dataclass(frozen=True, slots=True)
class DecisionRefused(Word):
    """The conditional UPDATE of a decision changed no row. `why` begins with "agent" when the agent was the cause."""

    decision: str
    why: str = ""


@dataclass(frozen=True, slots=True)
class Tick(Word):
    """Time passed: every timer that is due fires, once."""


Input = (
    QueueSet
    | QueueRemoved
    | AgentSet
    | AgentRemoved
    | PolicySet
    | PresenceSet
    | PresenceLapsed
    | PresenceRenewed
    | ContactArrived
    | ContactScheduled
    | ContactCancelled
    | OfferStanding
    | OfferAccepted
    | OfferDeclined
    | AssignmentOpened
    | AssignmentClosed
    | WrapUpEnded
    | AssignmentRequeued
    | DayCounted
    | DecisionRefused
    | Tick
)
