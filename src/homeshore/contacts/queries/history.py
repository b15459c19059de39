"""What planning learns from: every contact, how long it waited, and the agents' time it took."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, F, Max, Min, Q, QuerySet

from homeshore.contacts.models import Assignment, Contact, PresenceSpan
from homeshore.contacts.models.work import PresenceState


@dataclass(frozen=True, slots=True)
class Extent:
    """How many contacts there were, and between when."""

    contacts: int
    queues: int
    first: datetime | None
    last: datetime | None


def extent(operator_id: int) -> Extent:
    """What there is to learn from."""
    told = _settled(operator_id).aggregate(
        n=Count("id"), q=Count("queue", distinct=True), a=Min("arrived_at"), z=Max("arrived_at")
    )
    return Extent(told["n"], told["q"], told["a"], told["z"])


@dataclass(frozen=True, slots=True)
class ContactPast:
    """A contact that was answered or given up; ``waited`` in seconds until an agent took it, or it was given up.

    Who is given an agent waits no longer, though a chat's first answer is still to be written: what follows tells nothing of patience.
    """

    id: int
    queue_id: int
    arrived_at: datetime
    answered: bool
    waited: float


def pasts(operator_id: int) -> Iterator[ContactPast]:
    """Every contact that tells something, in order of arrival; none that still waits."""
    fields = ("id", "queue_id", "arrived_at", "answered_at", "closed_at", "taken_at")
    since_then = Q(assignments__opened_at__gte=F("arrived_at"))  # a callback that is tried again arrives anew
    settled = _settled(operator_id).annotate(taken_at=Min("assignments__opened_at", filter=since_then))
    for row in settled.order_by("arrived_at", "id").values_list(*fields).iterator():
        contact_id, queue_id, arrived, answered, closed, taken = row
        ended = min(taken or answered, answered) if answered else closed
        yield ContactPast(contact_id, queue_id, arrived, answered is not None, (ended - arrived).total_seconds())


@dataclass(frozen=True, slots=True)
class Stretch:
    """An agent's work on a contact, wrap-up included."""

    contact_id: int
    agent_id: int
    begun: datetime
    ended: datetime


def stretches(operator_id: int) -> Iterator[Stretch]:
    """All ended work on contacts."""
    ended = Assignment.objects.filter(contact__operator_id=operator_id, ended_at__isnull=False)
    rows = ended.order_by("opened_at", "id").values_list("contact_id", "agent_id", "opened_at", "ended_at")
    return (Stretch(contact, agent, begun, ended) for contact, agent, begun, ended in rows.iterator() if ended)


@dataclass(frozen=True, slots=True)
class Attendance:
    """A stretch of an agent's presence, ready or on a break."""

    agent_id: int
    since: datetime
    until: datetime
    ready: bool


def attendance(operator_id: int, *, since: datetime) -> list[Attendance]:
    """When the operator's agents were there, by agent and time."""
    there = PresenceSpan.objects.filter(
        agent__operator_id=operator_id, since__gte=since, until__isnull=False,
        state__in=(PresenceState.READY, PresenceState.BREAK),
    )  # fmt: skip
    rows = there.order_by("agent_id", "since").values_list("agent_id", "since", "until", "state")
    return [
        Attendance(agent, begun, ended, state == PresenceState.READY) for agent, begun, ended, state in rows if ended
    ]


def _settled(operator_id: int) -> QuerySet[Contact]:
    told = Q(answered_at__isnull=False) | Q(state=Contact.State.CLOSED, outcome=Contact.Outcome.ABANDONED)
    return Contact.objects.filter(told, operator_id=operator_id, direction=Contact.Direction.INBOUND)
