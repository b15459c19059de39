"""What a floor looks like from above: its contacts, who has them, what is offered; nothing of the customers."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Max, Q

from homeshore.contacts.models import Assignment, Callback, Contact, Floor, Offer, Presence, QueueOnFloor
from homeshore.contacts.models.work import PresenceState
from homeshore.contacts.queries import shapes


@dataclass(frozen=True, slots=True)
class FloorFacts:
    """A floor and the queues that it routes."""

    id: int
    operator_id: int
    name: str
    queues: frozenset[int]


@dataclass(frozen=True, slots=True)
class ContactEnd:
    """How a closed contact counts: when it came, and whether and when it was answered or left."""

    queue_id: int
    arrived_at: datetime
    answered_at: datetime | None
    answered_in_target: bool | None
    outcome: str
    closed_at: datetime


def floor_of_operator(operator_id: int, *, floor_id: int | None = None) -> FloorFacts | None:
    """One of the operator's floors, the first one when none is named; None when there is none such."""
    floors = Floor.objects.filter(operator_id=operator_id).order_by("id")
    floor = (floors.filter(pk=floor_id) if floor_id else floors).first()
    if floor is None:
        return None
    queues = QueueOnFloor.objects.filter(floor=floor).values_list("queue_id", flat=True)
    return FloorFacts(floor.pk, operator_id, floor.name, frozenset(queues))


def floors_of_operator(operator_id: int) -> dict[int, str]:
    """The operator's floors by id, with their names."""
    return dict(Floor.objects.filter(operator_id=operator_id).order_by("id").values_list("id", "name"))


def contact_of_operator(contact_id: int, *, operator_id: int) -> bool:
    """Whether the operator has such a contact."""
    return Contact.objects.filter(pk=contact_id, operator_id=operator_id).exists()


def contacts(floor_id: int, *, closed_since: datetime) -> list[dict[str, Any]]:
    """The floor's open contacts and those closed since a moment, oldest arrival first, with who has them."""
    found = list(
        Contact.objects.filter(floor_id=floor_id)
        .filter(~Q(state=Contact.State.CLOSED) | Q(closed_at__gte=closed_since))
        .order_by("arrived_at", "id")
    )
    holders = dict(
        Assignment.objects.filter(contact__in=found)
        .filter(Q(state=Assignment.State.ACTIVE) | Q(why="closed"))
        .values_list("contact_id", "agent_id")
    )
    offered = dict(Offer.objects.filter(contact__in=found, state=Offer.State.OPEN).values_list("contact_id", "id"))
    return [
        shapes.contact_for_floor(each, agent_id=holders.get(each.pk), offer_id=offered.get(each.pk)) for each in found
    ]


def callbacks(floor_id: int) -> list[dict[str, Any]]:
    """Who is to be called back, of the contacts that are open."""
    found = Callback.objects.filter(contact__floor_id=floor_id, withdrawn_at__isnull=True)
    open_ones = found.exclude(contact__state=Contact.State.CLOSED).order_by("contact_id")
    return [shapes.callback_for_floor(each) for each in open_ones]


def ends(floor_id: int, *, arrived_since: datetime, closed_before: datetime) -> Iterator[ContactEnd]:
    """How the floor's contacts that customers began since a moment and were closed before another one ended."""
    rows = Contact.objects.filter(
        floor_id=floor_id,
        direction=Contact.Direction.INBOUND,
        arrived_at__gte=arrived_since,
        state=Contact.State.CLOSED,
        closed_at__lt=closed_before,
    )
    fields = ("queue_id", "arrived_at", "answered_at", "answered_in_target", "outcome", "closed_at")
    return (ContactEnd(*row) for row in rows.values_list(*fields).order_by("id").iterator())


def work_in_hand(floor_id: int) -> list[dict[str, Any]]:
    """The assignments that are not over, wrap-ups included."""
    found = Assignment.objects.filter(contact__floor_id=floor_id).exclude(state=Assignment.State.ENDED)
    return [shapes.assignment_for_floor(each) for each in found.order_by("opened_at", "id")]


def open_offers(floor_id: int) -> list[dict[str, Any]]:
    """The offers that wait for an answer."""
    found = Offer.objects.filter(floor_id=floor_id, state=Offer.State.OPEN).order_by("offered_at", "id")
    return [shapes.offer_for_floor(each) for each in found]


def presences(operator_id: int) -> dict[int, dict[str, Any]]:
    """Where each agent who has ever signed in stands."""
    found = Presence.objects.filter(agent__operator_id=operator_id)
    return {each.agent_id: shapes.presence(each) for each in found}


def offline(now: datetime) -> dict[str, Any]:
    """Where an agent stands who never signed in."""
    return shapes.presence(Presence(state=PresenceState.OFFLINE, since=now, lease_until=now))


def last_work_ended(floor_id: int, *, since: datetime) -> dict[int, datetime]:
    """When each agent last finished something since a moment."""
    ended = Assignment.objects.filter(contact__floor_id=floor_id, ended_at__gte=since)
    return dict(ended.values_list("agent_id").annotate(Max("ended_at")).values_list("agent_id", "ended_at__max"))
