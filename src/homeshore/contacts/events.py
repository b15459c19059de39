"""What contacts declares: the events that screens follow, and the lists in which later contexts listen.

Each function writes one event in the open transaction. Payloads carry whole entities, so that a reader may apply them
twice. `agent:ID` is read at a desk, `floor:ID` by supervisors (no words of customers, no names), `thread:ID` by the customer.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models.fields.files import FieldFile

from homeshore.contacts.models import Assignment, Callback, Contact, ContestedOffer, Message, Offer, Presence
from homeshore.contacts.queries import shapes
from homeshore.foundation import feed


@dataclass(frozen=True, slots=True)
class DispositionRecorded:
    """A contact was closed by an agent, with a disposition or without one where the queue allows it."""

    operator_id: int
    contact: Contact
    assignment: Assignment
    at: datetime


disposition_recorded: list[Callable[[DispositionRecorded], None]] = []
"""Called inside the transaction of the disposition: what one of them raises undoes it."""


@dataclass(frozen=True, slots=True)
class WordsForgotten:
    """What was said in these conversations is about to be forgotten, `files` of the house with it.

    With a `customer`, all that is known of them at the brand goes too: `customer` is how they were called, `address` their
    e-mail address, `phone` their number as it was written.
    """

    operator_id: int
    conversations: list[int]
    files: list[FieldFile]
    brand_id: int | None = None
    customer: str = ""
    address: str = ""
    phone: str = ""


words_forgotten: list[Callable[[WordsForgotten], None]] = []
"""Called inside the transaction, before the messages go. Whoever keeps copies forgets them, and adds its files to `files`."""

work_described: list[Callable[[dict[str, Any], Contact], None]] = []
"""Called with each picture of an agent's work, to add what a later context knows of the contact."""


def contact_changed(contact: Contact, *, agent_id: int | None = None, at: datetime) -> None:
    """For the floor: where a contact stands, and with whom."""
    payload = {"contact": shapes.contact_for_floor(contact, agent_id=agent_id, offer_id=None)}
    _record(contact.operator_id, [f"floor:{contact.floor_id}"], "contact.changed", payload, at)


def callback_changed(contact: Contact, callback: Callback, *, at: datetime) -> None:
    """For the floor: that a customer is to be called back, and how often it was tried."""
    payload = {"callback": shapes.callback_for_floor(callback)}
    _record(contact.operator_id, [f"floor:{contact.floor_id}"], "callback.changed", payload, at)


def customer_told(contact: Contact, *, agent_first_name: str | None = None, at: datetime) -> None:
    """For the customer: where their contact stands, and who answers them."""
    payload = {"state": contact.state, "outcome": contact.outcome, "agent": agent_first_name, "contact": contact.pk}
    _record(contact.operator_id, [f"thread:{contact.conversation_id}"], "contact.state", payload, at)


def message_added(message: Message, *, operator_id: int, agent_id: int | None, at: datetime) -> None:
    """For the agent who has the contact, and for the customer when the message is not a note."""
    _message("message.added", message, operator_id=operator_id, agent_id=agent_id, at=at)


def message_changed(message: Message, *, operator_id: int, agent_id: int | None, at: datetime) -> None:
    """The delivery of a message took another turn."""
    _message("message.changed", message, operator_id=operator_id, agent_id=agent_id, at=at)


def _message(kind: str, message: Message, *, operator_id: int, agent_id: int | None, at: datetime) -> None:
    if agent_id is not None:
        payload = {"conversation": message.conversation_id, "message": shapes.message(message)}
        _record(operator_id, [f"agent:{agent_id}"], kind, payload, at)
    if message.kind != Message.Kind.NOTE:
        public = {"message": shapes.public_message(message)}
        _record(operator_id, [f"thread:{message.conversation_id}"], kind, public, at)


def conversation_read(*, operator_id: int, conversation_id: int, agent_id: int | None, by: str, at: datetime) -> None:
    """One side has read what the other said, up to `at`."""
    payload = {"conversation": conversation_id, "by": by, "at": at.isoformat()}
    if agent_id is not None:
        _record(operator_id, [f"agent:{agent_id}"], "conversation.read", payload, at)
    _record(operator_id, [f"thread:{conversation_id}"], "read", {"by": by, "at": at.isoformat()}, at)


def offer_opened(offer: shapes.OfferRow, *, operator_id: int, called_back: bool, at: datetime) -> None:
    """For the agent: a contact is proposed, which they are to call when `called_back`. For the floor: that, and where the contact stands now."""
    contact = offer.contact
    mine = shapes.offer(offer, arrived_at=contact.arrived_at, called_back=called_back)
    _record(operator_id, [f"agent:{offer.agent_id}"], "offer.opened", {"offer": mine}, at)
    seen = {
        "offer": shapes.offer_for_floor(offer),
        "contact": shapes.contact_for_floor(contact, agent_id=None, offer_id=offer.pk),
    }
    _record(operator_id, [f"floor:{offer.floor_id}"], "offer.opened", seen, at)


def offer_ended(offer: Offer, *, operator_id: int, at: datetime) -> None:
    """For the agent and the floor: an offer is no longer open."""
    brief = {"id": offer.pk, "state": offer.state, "why": offer.why}
    _record(operator_id, [f"agent:{offer.agent_id}"], "offer.ended", brief, at)
    _record(operator_id, [f"floor:{offer.floor_id}"], "offer.ended", {"offer": shapes.offer_for_floor(offer)}, at)


def offer_contested(contest: ContestedOffer, *, at: datetime) -> None:
    """For the floor: that a choice is contested or answered. For the agent who contests it, with what is said."""
    operator_id = contest.offer.contact.operator_id
    counted = {"contest": shapes.contest_for_floor(contest)}
    _record(operator_id, [f"floor:{contest.offer.floor_id}"], "offer.contested", counted, at)
    said = {"contest": shapes.contest_for_agent(contest)}
    _record(operator_id, [f"agent:{contest.agent_id}"], "offer.contested", said, at)


def work_opened(assignment: Assignment, *, at: datetime) -> None:
    """For the agent: a contact is theirs, with all there is to know of it. For the floor: that it is theirs."""
    contact = assignment.contact
    work = shapes.work(assignment)
    for describe in work_described:
        describe(work, contact)
    _record(contact.operator_id, [f"agent:{assignment.agent_id}"], "work.opened", {"work": work}, at)
    _tell_floor(assignment, at=at)


def work_changed(assignment: Assignment, *, at: datetime) -> None:
    """For the agent and the floor: a contact in hand or its wrap-up took another turn."""
    contact = assignment.contact
    payload = {
        "assignment": shapes.assignment(assignment),
        "contact": shapes.contact(contact),
        "conversation": shapes.conversation(contact.conversation),
    }
    _record(contact.operator_id, [f"agent:{assignment.agent_id}"], "work.changed", payload, at)
    _tell_floor(assignment, at=at)


def work_ended(assignment: Assignment, *, at: datetime) -> None:
    """For the agent and the floor: the contact is no longer theirs, and why."""
    payload = {"contact": assignment.contact_id, "assignment": assignment.pk, "why": assignment.why}
    _record(assignment.contact.operator_id, [f"agent:{assignment.agent_id}"], "work.ended", payload, at)
    _tell_floor(assignment, at=at)


def _tell_floor(assignment: Assignment, *, at: datetime) -> None:
    contact = assignment.contact
    payload = {"assignment": shapes.assignment_for_floor(assignment)}
    _record(contact.operator_id, [f"floor:{contact.floor_id}"], "assignment.changed", payload, at)


def presence_changed(presence: Presence, *, operator_id: int, floor_id: int, at: datetime) -> None:
    """For the agent and the floor: where the agent stands."""
    state = shapes.presence(presence)
    _record(operator_id, [f"agent:{presence.agent_id}"], "presence.changed", {"presence": state}, at)
    agent = {"id": presence.agent_id, **state}
    _record(operator_id, [f"floor:{floor_id}"], "agent.changed", {"agent": agent}, at)


def _record(operator_id: int, topics: list[str], kind: str, payload: dict[str, Any], at: datetime) -> None:
    feed.record(operator_id=operator_id, topics=topics, kind=kind, payload=payload, at=at)
