"""In from the channels: a customer's message or call becomes, or joins, a contact."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.core.files.base import ContentFile
from django.db import IntegrityError, transaction

from homeshore.brands import queries as brands
from homeshore.brands.queries import QueueRules
from homeshore.contacts import events, facts
from homeshore.contacts.due import due_at
from homeshore.contacts.floors import hold_floor_of_queue
from homeshore.contacts.models import Assignment, Attachment, Contact, Conversation, Customer, Message
from homeshore.contacts.queries.policies import policy_of_floor
from homeshore.contacts.services.identity import join_owner_of_address
from homeshore.contacts.services.locking import active_agent, lock_conversation
from homeshore.foundation.transactions import write
from homeshore.missions import queries as missions
from homeshore.routing.inputs import ContactArrived
from homeshore.values.clock import to_milliseconds


@dataclass(frozen=True, slots=True)
class CustomerFacts:
    """What a channel knows of who writes or calls.

    `email` is the address they write from. One that they only typed is `typed_email`: it does not say who they are.
    `id` is the brand's customer, when the channel knows them already.
    """

    id: int | None = None
    name: str = ""
    email: str = ""
    typed_email: str = ""
    phone: str = ""
    language: str = "fr"
    simulated: bool = False


@dataclass(frozen=True, slots=True)
class NewAttachment:
    """A file that came or goes with a message; `name` is already safe to show."""

    name: str
    content_type: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Received:
    """What became of an inbound message; `contact` is None when it neither found nor opened one."""

    message: Message
    conversation: Conversation
    contact: Contact | None
    duplicate: bool


def receive_message(
    *,
    queue_id: int,
    thread_key: str,
    customer: CustomerFacts,
    body: str,
    client_id: str,
    html: str = "",
    quoted: str = "",
    subject: str = "",
    attachments: Sequence[NewAttachment] = (),
    reply_to: str = "",
    opens_contact: bool = True,
    now: datetime,
) -> Received:
    """A customer said something: kept once, in their thread, and in an open contact (opened unless told not to).

    `thread_key` is unique per brand and channel, `client_id` per thread: whatever comes twice, or at the same moment
    from two sides, is one message in one contact of one conversation. `reply_to` is where an answer goes by mail.
    """
    queue = brands.receiving_queue(queue_id)
    with write():
        conversation = _conversation(queue, thread_key, customer, subject=subject, now=now)
        if opens_contact and customer.email and customer.email.strip().lower() == conversation.unverified_email:
            join_owner_of_address(conversation, now=now)  # a person answered from the address that was typed
        said_before = Message.objects.filter(conversation=conversation, client_id=client_id).first()
        if said_before:
            return Received(said_before, conversation, said_before.contact, duplicate=True)
        contact = _open_contact(conversation)
        if contact:
            bring_forward(contact, now=now)
        arrives = contact is None and opens_contact
        if arrives:
            contact = _arrive(conversation, queue, arrived_at=now)
        message = Message.objects.create(
            conversation=conversation,
            contact=contact,
            kind=Message.Kind.INBOUND,
            author_name=_author(conversation.customer, customer),
            address=customer.email.strip().lower(),
            reply_to=reply_to,
            body=body,
            html=html,
            quoted=quoted,
            client_id=client_id,
            at=now,
        )
        attach(message, attachments)
        conversation.last_message_at = now
        conversation.save(update_fields=["last_message_at"])
        agent_id = active_agent(contact) if contact else None
        events.message_added(message, operator_id=queue.operator_id, agent_id=agent_id, at=now)
        if contact and arrives:
            _announce_arrival(contact, now=now)
    return Received(message, conversation, contact, duplicate=False)


def arrive_contact(
    *,
    queue_id: int,
    thread_key: str,
    customer: CustomerFacts,
    thread_channel: str | None = None,
    arrived_at: datetime | None = None,
    now: datetime,
) -> Contact:
    """A contact without words: a call. Returns the open contact of the thread, opened when there is none.

    `thread_channel` says by which channel the thread is known when it is another than the queue's: a chat that goes on
    by phone stays one conversation.
    """
    queue = brands.receiving_queue(queue_id)
    with write():
        conversation = _conversation(queue, thread_key, customer, thread_channel=thread_channel, subject="", now=now)
        contact = _open_contact(conversation)
        if contact is None:
            contact = _arrive(conversation, queue, arrived_at=arrived_at or now)
            _announce_arrival(contact, now=now)
    return contact


def bring_forward(contact: Contact, *, now: datetime) -> None:
    """The customer of a scheduled contact is there now: it waits from now on; in the open transaction, the contact locked."""
    if contact.state != Contact.State.SCHEDULED:
        return
    contact.state, contact.arrived_at, contact.due_at = Contact.State.WAITING, now, now
    contact.save(update_fields=["state", "arrived_at", "due_at"])
    _announce_arrival(contact, now=now)


def attach(message: Message, attachments: Sequence[NewAttachment]) -> None:
    """Keep the files of a message, as they came."""
    for each in attachments:
        kept = Attachment(message=message, name=each.name, content_type=each.content_type, size=len(each.content))
        kept.file.save("file", ContentFile(each.content), save=False)
        kept.save()


def _conversation(
    queue: QueueRules,
    thread_key: str,
    facts_known: CustomerFacts,
    *,
    thread_channel: str | None = None,
    subject: str,
    now: datetime,
) -> Conversation:
    """The thread, locked; made with its customer when it is new."""
    key = {"brand_id": queue.brand_id, "channel": thread_channel or queue.channel, "thread_key": thread_key}
    typed = facts_known.typed_email.strip().lower()
    known = Conversation.objects.filter(**key).values_list("id", flat=True).first()
    if known is None:
        customer = _customer(queue, facts_known, now=now)
        made, _ = Conversation.objects.get_or_create(
            **key,
            defaults={
                "operator_id": queue.operator_id,
                "customer": customer,
                "subject": subject[:300],
                "unverified_email": typed,
                "created_at": now,
                "last_message_at": now,
            },
        )
        known = made.pk
    conversation = lock_conversation(known)
    if typed and not conversation.unverified_email and not conversation.customer.email:
        conversation.unverified_email = typed
        conversation.save(update_fields=["unverified_email"])
    return conversation


def _customer(queue: QueueRules, known: CustomerFacts, *, now: datetime) -> Customer:
    """The brand's customer whom the channel knows or who writes from this address, or a new one."""
    if known.id is not None:
        return Customer.objects.get(pk=known.id, brand_id=queue.brand_id)
    email = known.email.strip().lower()
    if email:
        found = Customer.objects.filter(brand_id=queue.brand_id, email=email).first()
        if found:
            return found
    fresh = {
        "operator_id": queue.operator_id,
        "brand_id": queue.brand_id,
        "name": known.name[:120],
        "phone": known.phone[:32],
        "language": known.language,
        "simulated": known.simulated,
        "created_at": now,
    }
    try:
        with transaction.atomic():
            return Customer.objects.create(email=email, **fresh)
    except IntegrityError:  # the same customer wrote at the same moment by another way
        return Customer.objects.get(brand_id=queue.brand_id, email=email)


def _author(owner: Customer, writes: CustomerFacts) -> str:
    """Who wrote: the customer, or whoever writes in their thread from another address, by their own name; "" if unknown."""
    is_other = writes.email and writes.email.strip().lower() != owner.email
    return ((writes.name or writes.email) if is_other else owner.name or owner.email)[:120]


def _open_contact(conversation: Conversation) -> Contact | None:
    """The contact that is open in the thread, held, so that nobody closes it while a message joins it."""
    still_open = Contact.objects.filter(conversation=conversation).exclude(state=Contact.State.CLOSED)
    return still_open.select_for_update().first()


def thread_of(queue: QueueRules, thread_key: str, customer: CustomerFacts, *, now: datetime) -> Conversation:
    """The thread of the queue's channel, locked; made with its customer when it is new. In the open transaction."""
    return _conversation(queue, thread_key, customer, subject="", now=now)


def new_contact(
    conversation: Conversation,
    queue: QueueRules,
    *,
    floor_id: int | None = None,
    state: str = Contact.State.WAITING,
    arrived_at: datetime,
    due_at: datetime,
    preferred_agent_id: int | None,
    direction: str = Contact.Direction.INBOUND,
) -> Contact:
    """A contact of the queue, on its floor (`floor_id`, when the caller holds it already); the router is the caller's to tell."""
    return Contact.objects.create(
        operator_id=queue.operator_id,
        floor_id=floor_id or hold_floor_of_queue(queue.id),
        conversation=conversation,
        brand_id=queue.brand_id,
        queue_id=queue.id,
        channel=queue.channel,
        direction=direction,
        state=state,
        priority=queue.priority,
        preferred_agent_id=preferred_agent_id,
        arrived_at=arrived_at,
        due_at=due_at,
    )


def _arrive(conversation: Conversation, queue: QueueRules, *, arrived_at: datetime) -> Contact:
    floor_id = hold_floor_of_queue(queue.id)
    policy = policy_of_floor(floor_id)
    return new_contact(
        conversation,
        queue,
        floor_id=floor_id,
        arrived_at=arrived_at,
        due_at=due_at(queue, arrived_at=arrived_at, priority=queue.priority, policy=policy),
        preferred_agent_id=_last_agent(conversation.customer_id, queue, before=arrived_at),
    )


def _last_agent(customer_id: int, queue: QueueRules, *, before: datetime) -> int | None:
    """The agent who had the customer last, where the queue brings customers back to them and they still work on it."""
    if not queue.last_agent_days:
        return None
    since = before - timedelta(days=queue.last_agent_days)
    theirs = Assignment.objects.filter(contact__conversation__customer_id=customer_id, opened_at__gte=since)
    agent_id = theirs.order_by("-opened_at", "-id").values_list("agent_id", flat=True).first()
    return agent_id if agent_id is not None and queue.id in missions.queues_of_agent(agent_id) else None


def _announce_arrival(contact: Contact, *, now: datetime) -> None:
    arrived = ContactArrived(
        contact=contact.pk,
        queue=contact.queue_id,
        arrived_at=to_milliseconds(contact.arrived_at),
        due_at=to_milliseconds(contact.due_at),
        priority=contact.priority,
        preferred_agent=contact.preferred_agent_id,
    )
    facts.tell(contact.floor_id, arrived)
    events.contact_changed(contact, at=now)
    events.customer_told(contact, at=now)
