"""What a visitor does: write, leave the queue, ask for the answer by e-mail."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from django.utils.translation import gettext as _

from homeshore.brands.storefront import Storefront, Ways
from homeshore.channels.chat.queries import thread_of
from homeshore.channels.chat.refusals import AlreadyTaken, Closed, NoMail, NothingSaid
from homeshore.channels.chat.visitors import Visitor
from homeshore.contacts import services as contacts
from homeshore.contacts.queries import thread as threads
from homeshore.contacts.services import CustomerFacts, NewAttachment
from homeshore.foundation import feed
from homeshore.foundation.transactions import write


def say(
    *,
    visitor: Visitor,
    brand: Storefront,
    ways: Ways,
    body: str,
    client_id: str,
    customer: CustomerFacts,
    files: Sequence[NewAttachment] = (),
    now: datetime,
) -> None:
    """A message of the visitor: joins their open contact or opens one.

    Raises Closed when the brand is closed and no contact is open, NothingSaid when there is neither text nor file.
    """
    if not body.strip() and not files:
        raise NothingSaid
    with write():
        if not _goes_on(visitor, client_id) and not brand.opening(now, language=customer.language).is_open:
            raise Closed
        contacts.receive_message(
            queue_id=ways.chat_queue,
            thread_key=visitor.thread_key,
            customer=customer,
            body=body.replace("\x00", ""),
            client_id=client_id,
            attachments=files,
            now=now,
        )


def _goes_on(visitor: Visitor, client_id: str) -> bool:
    """Whether a contact is open, or the message came before and is only sent again."""
    thread = thread_of(visitor)
    if thread is None:
        return False
    return (thread.matter is not None and thread.matter.is_open) or threads.has_message(thread.id, client_id=client_id)


def tell_typing(*, visitor: Visitor) -> None:
    """Show the agent who has the conversation that the visitor is writing; nothing is kept."""
    thread = thread_of(visitor)
    if thread and thread.matter and thread.matter.agent_id:
        feed.whisper(
            operator_id=thread.operator_id,
            topics=[f"agent:{thread.matter.agent_id}"],
            kind="typing",
            payload={"conversation": thread.id, "who": thread.customer_name},
        )


def mark_read(*, visitor: Visitor, now: datetime) -> None:
    """The visitor has seen all that was said up to now."""
    thread = thread_of(visitor)
    if thread:
        contacts.mark_read(conversation_id=thread.id, by="customer", now=now)


def leave(*, visitor: Visitor, now: datetime) -> None:
    """The visitor gives up waiting: the contact counts as abandoned. What an agent has in hand stays theirs to close.

    Raises AlreadyTaken when an agent took the contact just before.
    """
    thread = thread_of(visitor)
    if thread is None or thread.matter is None or not thread.matter.is_open:
        return
    if not contacts.abandon_contact(contact_id=thread.matter.id, now=now):
        raise AlreadyTaken


def ask_by_mail(
    *,
    visitor: Visitor,
    brand: Storefront,
    ways: Ways,
    body: str,
    client_id: str,
    customer: CustomerFacts,
    now: datetime,
) -> None:
    """Leave the queue, or a closed door, for an answer by e-mail: a contact on the brand's e-mail queue.

    What was written in the chat and not answered goes with it; the chat's own contact is cancelled in the same
    transaction. Asked twice under one `client_id`, it is asked once. Raises NoMail, NothingSaid, AlreadyTaken.
    """
    if ways.mail_queue is None:
        raise NoMail
    thread_key = f"chat-{visitor.thread_key}-{client_id}"
    with write():
        if threads.thread(brand_id=brand.brand_id, channel="email", thread_key=thread_key):
            return
        thread = thread_of(visitor)
        matter = thread.matter if thread and thread.matter and thread.matter.is_open else None
        words = [*(threads.words_of_customer(matter) if matter else []), *([body.strip()] if body.strip() else [])]
        if not words:
            raise NothingSaid
        if matter and not contacts.cancel_contact(contact_id=matter.id, why="by_mail", now=now):
            raise AlreadyTaken
        contacts.receive_message(
            queue_id=ways.mail_queue,
            thread_key=thread_key,
            customer=replace(customer, id=thread.customer_id) if thread else customer,
            subject=_("Your question to %(brand)s") % {"brand": brand.name},
            body="\n\n".join(words).replace("\x00", ""),
            client_id=client_id,
            now=now,
        )
