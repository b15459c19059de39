"""A conversation as its customer sees it: what was said, who answers, and the place in the queue. Never a note."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Q

from homeshore.brands import queries as brands
from homeshore.contacts.models import Assignment, Attachment, Callback, Contact, Conversation, Message
from homeshore.contacts.queries.shapes import THREAD_LIMIT, moment, public_message

WAITING = (Contact.State.WAITING, Contact.State.OFFERED)
WAITED_AGAIN = {"transferred", "requeued", "line_lost"}


@dataclass(frozen=True, slots=True)
class Matter:
    """The open contact of a conversation, or the last one; `state` is waiting, active or closed."""

    id: int
    queue_id: int
    channel: str
    state: str
    outcome: str
    arrived_at: datetime
    due_at: datetime
    agent_id: int | None
    agent_first_name: str | None

    @property
    def is_open(self) -> bool:
        """Whether it is still to be answered or being answered."""
        return self.state != Contact.State.CLOSED


@dataclass(frozen=True, slots=True)
class Thread:
    """A conversation by what its customer may know of it."""

    id: int
    operator_id: int
    customer_id: int
    customer_name: str
    typed_email: str
    read_by_agent_at: datetime | None
    read_by_customer_at: datetime | None
    matter: Matter | None


def thread(*, brand_id: int, channel: str, thread_key: str) -> Thread | None:
    """The conversation that a channel knows by `thread_key`; None before the first message."""
    found = Conversation.objects.filter(brand_id=brand_id, channel=channel, thread_key=thread_key)
    conversation = found.select_related("customer").first()
    if conversation is None:
        return None
    return Thread(
        id=conversation.pk,
        operator_id=conversation.operator_id,
        customer_id=conversation.customer_id,
        customer_name=conversation.customer.name,
        typed_email=conversation.unverified_email or conversation.customer.email,
        read_by_agent_at=conversation.agent_read_at,
        read_by_customer_at=conversation.customer_read_at,
        matter=_matter(conversation.pk),
    )


def _matter(conversation_id: int) -> Matter | None:
    contacts = Contact.objects.filter(conversation_id=conversation_id)
    contact = contacts.order_by("-arrived_at", "-id").first()
    if contact is None:
        return None
    active = Assignment.objects.filter(contact=contact, state=Assignment.State.ACTIVE).select_related("agent").first()
    return Matter(
        id=contact.pk,
        queue_id=contact.queue_id,
        channel=contact.channel,
        state=Contact.State.WAITING.value if contact.state in WAITING else contact.state,
        outcome=contact.outcome,
        arrived_at=contact.arrived_at,
        due_at=contact.due_at,
        agent_id=active.agent_id if active else None,
        agent_first_name=active.agent.first_name if active else None,
    )


def messages_for_customer(thread_id: int) -> list[dict[str, Any]]:
    """The latest messages, oldest first, as the customer may read them."""
    said = Message.objects.filter(conversation_id=thread_id).exclude(kind=Message.Kind.NOTE)
    latest = said.prefetch_related("attachments").order_by("-at", "-id")[:THREAD_LIMIT]
    return [public_message(message) for message in reversed(latest)]


def has_message(thread_id: int, *, client_id: str) -> bool:
    """Whether the thread holds the message that its sender calls so."""
    return Message.objects.filter(conversation_id=thread_id, client_id=client_id).exists()


def callback_of_threads(*, queue_id: int, threads: Sequence[tuple[str, str]]) -> dict[str, Any] | None:
    """The callback that a customer waits for in one of these threads (channel, key) of the queue's brand, as they see it.

    `agent` is the first name of who is calling now; None while nobody is.
    """
    brand_id = brands.queue_rules(queue_id).brand_id
    for channel, key in threads:
        found = (
            Callback.objects.filter(
                contact__conversation__brand_id=brand_id,
                contact__conversation__channel=channel,
                contact__conversation__thread_key=key,
                withdrawn_at__isnull=True,
            )
            .exclude(contact__state=Contact.State.CLOSED)
            .select_related("contact")
            .first()
        )
        if found:
            active = Assignment.objects.filter(contact=found.contact, state=Assignment.State.ACTIVE)
            agent = active.values_list("agent__first_name", flat=True).first()
            is_scheduled = found.contact.state == Contact.State.SCHEDULED
            return {
                "contact": found.contact_id,
                "number": found.number,
                "at": moment(found.contact.arrived_at) if is_scheduled else None,
                "attempts": found.attempts,
                "agent": agent,
            }
    return None


def words_of_customer(matter: Matter) -> list[str]:
    """What the customer wrote in a contact, in order."""
    said = Message.objects.filter(contact_id=matter.id, kind=Message.Kind.INBOUND).order_by("at", "id")
    return [body for body in said.values_list("body", flat=True) if body.strip()]


def turns(thread_id: int) -> list[dict[str, Any]]:
    """When somebody took the matter (`taken`, with first name and the wait), when it waited again, and when it was closed.

    These are the moments told by `contact.state` events, so that a screen that followed them knows the same.
    """
    told: list[dict[str, Any]] = []
    contacts = Contact.objects.filter(conversation_id=thread_id).prefetch_related("assignments__agent")
    for contact in contacts.order_by("arrived_at", "id"):
        had = sorted(contact.assignments.all(), key=lambda each: (each.opened_at, each.pk))
        for number, assignment in enumerate(had):
            told.append(_taken(contact, assignment, is_first=number == 0))
            if assignment.why in WAITED_AGAIN and assignment.ended_at:
                told.append({"kind": "waiting", "contact": contact.pk, "at": moment(assignment.ended_at)})
        if contact.closed_at:
            closed_at = moment(contact.closed_at)
            told.append({"kind": "closed", "contact": contact.pk, "at": closed_at, "outcome": contact.outcome})
    return told


def _taken(contact: Contact, assignment: Assignment, *, is_first: bool) -> dict[str, Any]:
    return {
        "kind": "taken",
        "contact": contact.pk,
        "at": moment(assignment.opened_at),
        "agent": assignment.agent.first_name,
        "waited_seconds": (assignment.opened_at - contact.arrived_at).total_seconds() if is_first else None,
    }


def place_in_queue(matter: Matter) -> int | None:
    """1 for the contact of its queue that is due next, and so on; None when it does not wait."""
    if matter.state != Contact.State.WAITING:
        return None
    ahead = Q(due_at__lt=matter.due_at) | Q(due_at=matter.due_at, pk__lt=matter.id)
    return Contact.objects.filter(ahead, queue_id=matter.queue_id, state__in=WAITING).count() + 1


@dataclass(frozen=True, slots=True)
class KeptFile:
    """A file of a conversation, as it came."""

    name: str
    content_type: str
    content: bytes


def file_for_customer(*, thread_id: int, attachment_id: int) -> KeptFile | None:
    """A file of the conversation that the customer may have: not one of a note."""
    found = Attachment.objects.filter(pk=attachment_id, message__conversation_id=thread_id)
    attachment = found.exclude(message__kind=Message.Kind.NOTE).first()
    if attachment is None:
        return None
    with attachment.file.open("rb") as kept:
        return KeptFile(attachment.name, attachment.content_type, kept.read())
