"""What an agent's desk shows of contacts: where they stand, what is offered to them, what they have in hand."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from homeshore.contacts import events
from homeshore.contacts.models import Assignment, Attachment, Contact, Offer, Presence
from homeshore.contacts.models.work import PresenceState
from homeshore.contacts.queries import shapes, taking
from homeshore.contacts.queries.standing import callbacks_among


def presence(agent_id: int, *, now: datetime) -> dict[str, Any]:
    """Where the agent stands; offline since now when they never said."""
    known = Presence.objects.filter(agent_id=agent_id).first()
    return shapes.presence(
        known or Presence(agent_id=agent_id, state=PresenceState.OFFLINE, since=now, lease_until=now)
    )


def open_offers(agent_id: int) -> list[dict[str, Any]]:
    """The offers that the agent may still answer."""
    found = (
        Offer.objects.filter(agent_id=agent_id, state=Offer.State.OPEN).select_related("contact").order_by("offered_at")
    )
    called_back = callbacks_among(offer.contact_id for offer in found)
    return [
        shapes.offer(offer, arrived_at=offer.contact.arrived_at, called_back=offer.contact_id in called_back)
        for offer in found
    ]


def work(agent_id: int) -> list[dict[str, Any]]:
    """The contacts in the agent's hands, those in wrap-up included, oldest first."""
    return [described(assignment) for assignment in _current(agent_id).order_by("opened_at", "id")]


def work_on(agent_id: int, contact_id: int) -> dict[str, Any] | None:
    """One contact in the agent's hands, or None when it is not (any more)."""
    assignment = _current(agent_id).filter(contact_id=contact_id).order_by("-id").first()
    return described(assignment) if assignment else None


def described(assignment: Assignment) -> dict[str, Any]:
    """An assignment with all that is known of its contact, also by later contexts."""
    picture = shapes.work(assignment)
    for describe in events.work_described:
        describe(picture, assignment.contact)
    return picture


def contacts_handled(agent_id: int, *, since: datetime) -> int:
    """How many contacts the agent has closed since a moment."""
    return Assignment.objects.filter(agent_id=agent_id, why="closed", closed_at__gte=since).count()


def colleagues_present(*, operator_id: int, but: int) -> list[dict[str, Any]]:
    """Who else of the operator is there now, by name: ready or on a break, with a line that holds; and what keeps each from
    taking a call, if anything does.
    """
    there = (
        Presence.objects.filter(agent__operator_id=operator_id, agent__active=True, line_lost_at=None)
        .exclude(agent_id=but)
        .exclude(state=PresenceState.OFFLINE)
        .order_by("agent__name", "agent_id")
        .values_list("agent_id", "agent__name", "state")
    )
    hindered = taking.hindrances(operator_id, among=[agent_id for agent_id, _, _ in there])
    return [
        {"id": agent_id, "name": name, "state": state, "no_call": hindered[agent_id]} for agent_id, name, state in there
    ]


def attachment_for_agent(*, agent_id: int, attachment_id: int) -> Attachment | None:
    """A file of a conversation on which the agent works or has worked, or None."""
    conversations = Contact.objects.filter(assignments__agent_id=agent_id).values("conversation")
    return Attachment.objects.filter(pk=attachment_id, message__conversation__in=conversations).first()


def _current(agent_id: int) -> Any:
    return (
        Assignment.objects.filter(agent_id=agent_id)
        .exclude(state=Assignment.State.ENDED)
        .select_related("contact__conversation__customer")
    )


@dataclass(frozen=True, slots=True)
class CallbackFacts:
    """Of whom a contact in hand is, and for which brand."""

    customer_id: int
    brand_id: int


def facts_for_callback(agent_id: int, contact_id: int) -> CallbackFacts | None:
    """What must be known to call the customer of a contact back; None when the contact is not in the agent's hands."""
    active = Assignment.objects.filter(agent_id=agent_id, contact_id=contact_id, state=Assignment.State.ACTIVE)
    found = active.values_list("contact__conversation__customer", "contact__brand").first()
    return CallbackFacts(*found) if found else None


def conversation_in_hand(agent_id: int, contact_id: int) -> int | None:
    """The conversation of a contact that the agent answers or wraps up, or None."""
    had = Assignment.objects.filter(agent_id=agent_id, contact_id=contact_id)
    found = had.exclude(state=Assignment.State.ENDED)
    return found.values_list("contact__conversation", flat=True).first()


def customer_in_hand(agent_id: int, contact_id: int) -> int | None:
    """The customer of a contact that the agent answers or wraps up, or None."""
    had = Assignment.objects.filter(agent_id=agent_id, contact_id=contact_id).exclude(state=Assignment.State.ENDED)
    return had.values_list("contact__conversation__customer", flat=True).first()


def last_assignment(agent_id: int, contact_id: int) -> int | None:
    """The agent's latest assignment of a contact, ended or not, or None when they never had it."""
    found = Assignment.objects.filter(agent_id=agent_id, contact_id=contact_id).order_by("-id")
    return found.values_list("id", flat=True).first()
