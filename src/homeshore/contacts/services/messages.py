"""What an agent says: to the customer, or in a note; and what is known of its way."""

from collections.abc import Sequence
from datetime import datetime

from homeshore.brands import queries as brands
from homeshore.contacts import events
from homeshore.contacts.channels import traits_of
from homeshore.contacts.due import clock_starts
from homeshore.contacts.models import Assignment, Contact, Conversation, Message
from homeshore.contacts.refusals import EmptyMessage, MessageTooLong
from homeshore.contacts.services.locking import active_agent, lock_work
from homeshore.contacts.services.receiving import NewAttachment, attach
from homeshore.foundation import outbox
from homeshore.foundation.models import User
from homeshore.foundation.transactions import write

BODY_LIMIT = 100_000


def send_message(
    *,
    agent_id: int,
    contact_id: int,
    body: str,
    client_id: str,
    attachments: Sequence[NewAttachment] = (),
    now: datetime,
) -> Message:
    """Answer the customer of a contact in hand. The first answer is when the contact counts as answered.

    The same `client_id` again is the same message. Raises NotYours, EmptyMessage, MessageTooLong.
    """
    _check(body, attachments)
    with write():
        assignment = lock_work(agent_id=agent_id, contact_id=contact_id)
        contact = assignment.contact
        said_before = Message.objects.filter(conversation_id=contact.conversation_id, client_id=client_id).first()
        if said_before:
            return said_before
        outbox_kind = traits_of(contact.channel).outbox_kind
        message = Message.objects.create(
            conversation=contact.conversation,
            contact=contact,
            kind=Message.Kind.OUTBOUND,
            author_id=assignment.agent.user_id,
            author_name=assignment.agent.first_name,
            address=_answers_go_to(contact.conversation) if outbox_kind else "",
            body=body,
            delivery=Message.Delivery.QUEUED if outbox_kind else Message.Delivery.SENT,
            client_id=client_id,
            at=now,
        )
        attach(message, attachments)
        if outbox_kind:
            outbox.put(
                operator_id=contact.operator_id,
                kind=outbox_kind,
                key=f"message-{message.pk}",
                payload={"message": message.pk},
                at=now,
            )
        Conversation.objects.filter(pk=contact.conversation_id).update(last_message_at=now, agent_read_at=now)
        contact.conversation.last_message_at = contact.conversation.agent_read_at = now
        events.message_added(message, operator_id=contact.operator_id, agent_id=agent_id, at=now)
        if contact.answered_at is None:
            _answered(assignment, contact, now=now)
    return message


def record_answer(*, agent_id: int, contact_id: int, now: datetime) -> None:
    """A channel without words tells that agent and customer hear one another: the contact counts as answered.

    Once answered, nothing changes. Raises NotYours.
    """
    with write():
        assignment = lock_work(agent_id=agent_id, contact_id=contact_id)
        if assignment.contact.answered_at is None:
            _answered(assignment, assignment.contact, now=now)


def write_note(
    *, author: User, contact_id: int, body: str, audience: str, client_id: str, agent_id: int, now: datetime
) -> Message:
    """Write a note beside the thread, for the operator or shared with the brand; the customer never sees it."""
    _check(body, ())
    with write():
        contact = lock_work(agent_id=agent_id, contact_id=contact_id).contact
        note, made = Message.objects.get_or_create(
            conversation_id=contact.conversation_id,
            client_id=client_id,
            defaults={
                "contact": contact,
                "kind": Message.Kind.NOTE,
                "audience": Message.Audience(audience),
                "author": author,
                "author_name": str(author),
                "body": body,
                "at": now,
            },
        )
        if made:
            events.message_added(note, operator_id=contact.operator_id, agent_id=agent_id, at=now)
    return note


def mark_read(*, conversation_id: int, by: str, now: datetime) -> None:
    """One side (`agent` or `customer`) has read the thread up to now."""
    with write():
        conversation = Conversation.objects.get(pk=conversation_id)
        setattr(conversation, f"{by}_read_at", now)
        conversation.save(update_fields=[f"{by}_read_at"])
        contact = Contact.objects.filter(conversation=conversation, state=Contact.State.ACTIVE).first()
        events.conversation_read(
            operator_id=conversation.operator_id,
            conversation_id=conversation.pk,
            agent_id=active_agent(contact) if contact else None,
            by=by,
            at=now,
        )


def record_delivery(*, message_id: int, delivery: str, error: str = "", now: datetime) -> None:
    """A channel tells what became of a message that it was to carry."""
    with write():
        message = Message.objects.select_related("conversation", "contact").get(pk=message_id)
        message.delivery = Message.Delivery(delivery)
        message.delivery_error = error[:300]
        message.save(update_fields=["delivery", "delivery_error"])
        events.message_changed(
            message,
            operator_id=message.conversation.operator_id,
            agent_id=active_agent(message.contact) if message.contact else None,
            at=now,
        )


def say_as_system(contact: Contact, *, body: str, client_id: str, agent_id: int | None, now: datetime) -> Message:
    """A line of the system in the thread, in the open transaction."""
    message, made = Message.objects.get_or_create(
        conversation_id=contact.conversation_id,
        client_id=client_id,
        defaults={"contact": contact, "kind": Message.Kind.SYSTEM, "body": body, "at": now},
    )
    if made:
        events.message_added(message, operator_id=contact.operator_id, agent_id=agent_id, at=now)
    return message


def _answers_go_to(conversation: Conversation) -> str:
    """Where a mail is sent: as the last one from a person asks, or to the customer."""
    received = Message.objects.filter(conversation=conversation, kind=Message.Kind.INBOUND).exclude(reply_to="")
    asked = received.order_by("-at", "-id").values_list("reply_to", flat=True).first()
    return asked or conversation.unverified_email or conversation.customer.email


def _check(body: str, attachments: Sequence[NewAttachment]) -> None:
    if not body.strip() and not attachments:
        raise EmptyMessage
    if len(body) > BODY_LIMIT:
        raise MessageTooLong(limit=BODY_LIMIT)


def _answered(assignment: Assignment, contact: Contact, *, now: datetime) -> None:
    contact.answered_at = now
    queue = brands.queue_rules(assignment.queue_id)
    contact.answered_in_target = now - clock_starts(queue, arrived_at=contact.arrived_at) <= queue.target
    contact.save(update_fields=["answered_at", "answered_in_target"])
    events.contact_changed(contact, agent_id=assignment.agent_id, at=now)
    events.work_changed(assignment, at=now)
