"""How contacts and what belongs to them look as plain data, the same in snapshots and events."""

from datetime import datetime
from typing import Any, NamedTuple

from django.conf import settings

from homeshore.brands import queries as brands
from homeshore.contacts.models import (
    Assignment,
    Callback,
    Contact,
    ContestedOffer,
    Conversation,
    Customer,
    Message,
    Offer,
    Presence,
)
from homeshore.values.telephone import shown


class ContactRow(NamedTuple):
    """The columns of a contact that its picture on a floor needs: a router offers thousands, and an instance costs more than its row."""

    pk: int
    operator_id: int
    floor_id: int
    queue_id: int
    channel: str
    direction: str
    state: str
    outcome: str
    priority: int
    arrived_at: datetime
    due_at: datetime
    answered_at: datetime | None
    answered_in_target: bool | None
    closed_at: datetime | None

    @property
    def reference(self) -> str:
        """What people call this contact."""
        return Contact.reference_of(self.pk)


class OfferRow(NamedTuple):
    """The columns of an offer that has just been made, and the contact it offers."""

    pk: str
    floor_id: int
    contact_id: int
    agent_id: int
    queue_id: int
    state: str
    epoch: int
    offered_at: datetime
    expires_at: datetime
    ended_at: datetime | None
    why: str
    reasons: Any
    contact: ContactRow


THREAD_LIMIT = 200
HISTORY_LIMIT = 20


def moment(at: datetime | None) -> str | None:
    """A time as ISO 8601, or None."""
    return at.isoformat() if at else None


def contact(contact: Contact) -> dict[str, Any]:
    """A contact as its agent sees it."""
    return {
        "id": contact.pk,
        "reference": contact.reference,
        "state": contact.state,
        "queue": contact.queue_id,
        "brand": contact.brand_id,
        "channel": contact.channel,
        "direction": contact.direction,
        "priority": contact.priority,
        "arrived_at": moment(contact.arrived_at),
        "due_at": moment(contact.due_at),
        "answered_at": moment(contact.answered_at),
    }


def contact_for_floor(contact: Contact | ContactRow, *, agent_id: int | None, offer_id: str | None) -> dict[str, Any]:
    """A contact as the floor sees it: nothing of the customer."""
    return {
        "id": contact.pk,
        "reference": contact.reference,
        "queue": contact.queue_id,
        "channel": contact.channel,
        "direction": contact.direction,
        "state": contact.state,
        "outcome": contact.outcome,
        "priority": contact.priority,
        "arrived_at": moment(contact.arrived_at),
        "due_at": moment(contact.due_at),
        "answered_at": moment(contact.answered_at),
        "answered_in_target": contact.answered_in_target,
        "closed_at": moment(contact.closed_at),
        "agent": agent_id,
        "offer": offer_id,
    }


def callback(callback: Callback) -> dict[str, Any]:
    """A callback as the agent who makes it sees it: the number, and what was agreed to when."""
    return {
        "number": callback.number,
        "number_shown": shown(callback.number),
        "wanted_at": moment(callback.wanted_at),
        "asked_at": moment(callback.asked_at),
        "asked_by": callback.asked_by,
        "wording": callback.wording,
        "attempts": callback.attempts,
    }


def callback_for_floor(callback: Callback) -> dict[str, Any]:
    """A callback as the floor sees it: nothing of the customer."""
    return {
        "contact": callback.contact_id,
        "wanted_at": moment(callback.wanted_at),
        "asked_at": moment(callback.asked_at),
        "asked_by": callback.asked_by,
        "attempts": callback.attempts,
        "withdrawn": callback.withdrawn_at is not None,
    }


def offer(offer: Offer | OfferRow, *, arrived_at: datetime, called_back: bool = False) -> dict[str, Any]:
    """An offer as the agent sees it."""
    return {
        "id": offer.pk,
        "contact": offer.contact_id,
        "queue": offer.queue_id,
        "offered_at": moment(offer.offered_at),
        "expires_at": moment(offer.expires_at),
        "arrived_at": moment(arrived_at),
        "called_back": called_back,
        "reasons": offer.reasons,
    }


def offer_for_floor(offer: Offer | OfferRow) -> dict[str, Any]:
    """An offer as the floor sees it."""
    return {
        "id": offer.pk,
        "contact": offer.contact_id,
        "agent": offer.agent_id,
        "queue": offer.queue_id,
        "state": offer.state,
        "why": offer.why,
        "offered_at": moment(offer.offered_at),
        "expires_at": moment(offer.expires_at),
    }


def contest_for_floor(contest: ContestedOffer) -> dict[str, Any]:
    """A contested choice as supervisors count it on the floor."""
    return {
        "id": contest.pk,
        "offer": contest.offer_id,
        "agent": contest.agent_id,
        "queue": contest.offer.queue_id,
        "at": moment(contest.at),
        "answered_at": moment(contest.answered_at),
    }


def contest_for_agent(contest: ContestedOffer) -> dict[str, Any]:
    """A contested choice as the agent who contests it sees it."""
    return {
        "id": contest.pk,
        "offer": contest.offer_id,
        "queue": contest.offer.queue_id,
        "offered_at": moment(contest.offer.offered_at),
        "text": contest.text,
        "at": moment(contest.at),
        "outcome": contest.outcome,
        "answer": contest.answer,
        "answered_by": str(contest.answered_by) if contest.answered_by else "",
        "answered_at": moment(contest.answered_at),
    }


def presence(presence: Presence) -> dict[str, Any]:
    """An agent's presence."""
    return {
        "state": presence.state,
        "reason": presence.reason,
        "since": moment(presence.since),
        "line_lost_at": moment(presence.line_lost_at),
        "lease_seconds": settings.PRESENCE_LEASE_SECONDS,
    }


def assignment(assignment: Assignment) -> dict[str, Any]:
    """An assignment as its agent sees it."""
    return {
        "id": assignment.pk,
        "state": assignment.state,
        "opened_at": moment(assignment.opened_at),
        "closed_at": moment(assignment.closed_at),
        "wrap_up_until": moment(assignment.wrap_up_until),
        "why": assignment.why,
    }


def assignment_for_floor(assignment: Assignment) -> dict[str, Any]:
    """An assignment as the floor sees it: whose, of which contact, how far."""
    return {
        "id": assignment.pk,
        "contact": assignment.contact_id,
        "agent": assignment.agent_id,
        "queue": assignment.queue_id,
        "state": assignment.state,
        "why": assignment.why,
        "opened_at": moment(assignment.opened_at),
        "closed_at": moment(assignment.closed_at),
        "wrap_up_until": moment(assignment.wrap_up_until),
        "ended_at": moment(assignment.ended_at),
    }


def conversation(conversation: Conversation) -> dict[str, Any]:
    """A conversation, and how many of the customer's messages its agent has yet to read."""
    unread = conversation.messages.filter(kind=Message.Kind.INBOUND)
    if conversation.agent_read_at:
        unread = unread.filter(at__gt=conversation.agent_read_at)
    return {
        "id": conversation.pk,
        "subject": conversation.subject,
        "channel": conversation.channel,
        "unverified_email": conversation.unverified_email,
        "created_at": moment(conversation.created_at),
        "last_message_at": moment(conversation.last_message_at),
        "unread": unread.count(),
        "agent_read_at": moment(conversation.agent_read_at),
        "customer_read_at": moment(conversation.customer_read_at),
    }


def customer(customer: Customer) -> dict[str, Any]:
    """What is known of a customer."""
    return {
        "id": customer.pk,
        "name": customer.name,
        "email": customer.email,
        "phone": customer.phone,
        "phone_shown": shown(customer.phone),
        "language": customer.language,
        "simulated": customer.simulated,
        "since": moment(customer.created_at),
    }


def message(message: Message) -> dict[str, Any]:
    """A message as an agent sees it."""
    return {
        "id": message.pk,
        "conversation": message.conversation_id,
        "contact": message.contact_id,
        "kind": message.kind,
        "audience": message.audience,
        "author": {"name": message.author_name, "user": message.author_id},
        "address": message.address,
        "reply_to": message.reply_to,
        "body": message.body,
        "html": message.html,
        "quoted": message.quoted,
        "delivery": message.delivery,
        "delivery_error": message.delivery_error,
        "at": moment(message.at),
        "client_id": message.client_id,
        "attachments": [{**each, "url": f"/desk/attachments/{each['id']}"} for each in _attachments(message)],
    }


def public_message(message: Message) -> dict[str, Any]:
    """A message as the customer sees it: text, files, and the first name of who wrote it.

    Where a file can be fetched is the channel's business.
    """
    return {
        "id": message.pk,
        "kind": message.kind,
        "author": message.author_name,
        "body": message.body,
        "at": moment(message.at),
        "client_id": message.client_id,
        "attachments": _attachments(message),
    }


def _attachments(message: Message) -> list[dict[str, Any]]:
    return [
        {
            "id": attachment.pk,
            "name": attachment.name,
            "content_type": attachment.content_type,
            "size": attachment.size,
        }
        for attachment in sorted(message.attachments.all(), key=lambda each: each.pk)
    ]


def work(current: Assignment) -> dict[str, Any]:
    """All that an agent needs to answer a contact: the thread, the customer, and what went before."""
    thread = current.contact.conversation
    latest = thread.messages.prefetch_related("attachments").order_by("-at", "-id")[:THREAD_LIMIT]
    return {
        "assignment": assignment(current),
        "contact": contact(current.contact),
        "conversation": conversation(thread),
        "customer": customer(thread.customer),
        "callback": _callback_of(current.contact),
        "messages": [message(each) for each in reversed(latest)],
        "history": history(thread.customer, but=current.contact_id),
    }


def _callback_of(contact: Contact) -> dict[str, Any] | None:
    found = Callback.objects.filter(contact=contact, withdrawn_at__isnull=True).first()
    return callback(found) if found else None


def history(customer: Customer, *, but: int) -> list[dict[str, Any]]:
    """The customer's closed contacts, latest first, except the one in hand."""
    earlier = list(
        Contact.objects.filter(conversation__customer=customer, state=Contact.State.CLOSED)
        .exclude(pk=but)
        .select_related("conversation")
        .prefetch_related("assignments__agent")
        .order_by("-closed_at", "-id")[:HISTORY_LIMIT]
    )
    names = brands.disposition_names(each.disposition_id for each in earlier if each.disposition_id)
    return [
        {
            "contact": each.pk,
            "reference": each.reference,
            "channel": each.channel,
            "queue": each.queue_id,
            "outcome": each.outcome,
            "closed_at": moment(each.closed_at),
            "disposition": names.get(each.disposition_id or 0, ""),
            "agent": next((str(one.agent) for one in each.assignments.all() if one.why == "closed"), ""),
            "subject": each.conversation.subject,
        }
        for each in earlier
    ]
