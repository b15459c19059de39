"""What the core is told: rules, presence, and facts that the database already holds.

Every input may come twice; the second time changes nothing. Times are milliseconds since the epoch, UTC.
"""

from __future__ import annotations

from homeshore.routing.policy import AgentRule, Policy, QueueRule
from homeshore.routing.vocabulary import Word, word


@word
class QueueSet(Word):
    """A queue is new or its rule changed. A changed target holds for contacts that arrive from now on."""

    queue: QueueRule


@word
class QueueRemoved(Word):
    """A queue is no more. What waits in it keeps its place until it is moved, cancelled, or the queue comes back."""

    queue: int


@word
class AgentSet(Word):
    """An agent is new to the floor or their skills, queues or places changed."""

    agent: AgentRule


@word
class AgentRemoved(Word):
    """An agent left the floor. What they hold stays theirs until it is closed or moved."""

    agent: int


@word
class PolicySet(Word):
    """The policy of the floor changed."""

    policy: Policy


@word
class PresenceSet(Word):
    """The agent says they are ready, or not and why."""

    agent: int
    ready: bool
    reason: str = ""


@word
class PresenceLapsed(Word):
    """The presence lease ran out: the line is lost."""

    agent: int


@word
class PresenceRenewed(Word):
    """The line is back after a lapse."""

    agent: int


@word
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


@word
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


@word
class ContactCancelled(Word):
    """A contact waits no more: abandoned, closed by the customer, moved, or taken by a supervisor."""

    contact: int
    why: str = ""


@word
class OfferStanding(Word):
    """An open offer found in the database when a floor is rebuilt without a checkpoint."""

    offer: str
    contact: int
    agent: int
    queue: int
    offered_at: int
    expires_at: int


@word
class OfferAccepted(Word):
    """An agent accepted, and the database says so: always honoured, even when the offer had been timed out."""

    offer: str
    contact: int
    agent: int
    assignment: int


@word
class OfferDeclined(Word):
    """An agent declined an offer."""

    offer: str
    why: str = ""


@word
class AssignmentOpened(Word):
    """A contact was taken or given without an offer."""

    assignment: int
    contact: int
    agent: int
    queue: int


@word
class AssignmentClosed(Word):
    """The contact is closed; with `wrap_up` its place stays taken until wrap-up ends."""

    assignment: int
    wrap_up: bool = False


@word
class WrapUpEnded(Word):
    """The agent finished wrapping up."""

    assignment: int


@word
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


@word
class DayCounted(Word):
    """What an agent has done today: acts, and milliseconds ready. Told where a day begins and where a floor is laid anew."""

    agent: int
    acts: int = 0
    ready_ms: int = 0


@word
class DecisionRefused(Word):
    """The conditional UPDATE of a decision changed no row. `why` begins with "agent" when the agent was the cause."""

    decision: str
    why: str = ""


@word
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
