"""Forgetting customers: what they said after a while, who they were after longer, and all of it at once when they ask.

Contacts, assignments, acts and figures stay: they tell when somebody was answered and what it paid, and no longer whom.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import CharField, Q, Value
from django.db.models.fields.files import FieldFile
from django.db.models.functions import Cast, Concat, Replace
from django.utils.translation import gettext_lazy as _

from homeshore.contacts import events
from homeshore.contacts.events import WordsForgotten
from homeshore.contacts.models import Attachment, Callback, Contact, Conversation, Customer, Message
from homeshore.contacts.refusals import CustomerInConversation
from homeshore.foundation import audit, feed, files, outbox, retention
from homeshore.foundation.errors import Invalid, NotFound
from homeshore.foundation.models import User
from homeshore.foundation.transactions import write

BATCH = 100
"""Conversations or customers forgotten in one transaction: live screens wait for a long one."""
LONGEST_REASON = 300
_EVENTS_WITH_WORDS = ("message.added", "message.changed", "work.opened", "work.changed", "contact.state", "read")


@dataclass(frozen=True, slots=True)
class Forgotten:
    """How much went."""

    conversations: int
    messages: int
    files: int


def erase_customer(*, operator_id: int, customer_id: int, by: User | None, reason: str, now: datetime) -> Forgotten:
    """Forget one customer at once, as they may ask (GDPR, article 17): name, addresses, words, files, mails. On record.

    `by` is None when the house's own command does it. Raises NotFound, Invalid without a reason, CustomerInConversation
    while one of their contacts is open.
    """
    if not reason.strip() or len(reason.strip()) > LONGEST_REASON:
        raise Invalid(fields={"reason": _("Say in a few words who asked, and how; at most 300 characters.")})
    with write():
        customer = _locked(operator_id, customer_id)
        theirs = Conversation.objects.filter(customer=customer)
        typed = Conversation.objects.filter(brand_id=customer.brand_id).filter(_typed_by(customer))
        still_open = Contact.objects.filter(conversation__in=theirs | typed).exclude(state=Contact.State.CLOSED)
        if still_open.exists():
            references = ", ".join(each.reference for each in still_open.order_by("id"))
            raise CustomerInConversation(contacts=references)
        conversations = list(theirs.order_by("id").values_list("id", flat=True))
        _forget_events(customer, set(conversations))
        gone = _forget(customer, conversations, now=now)
        audit.record(
            operator_id=operator_id,
            actor=by,
            verb="customer.erased",
            target=customer,
            data={"reason": reason.strip(), "conversations": gone.conversations, "messages": gone.messages}
            | {"files": gone.files},
            at=now,
        )
    return gone


def forget_old_words(*, now: datetime) -> int:
    """Housekeeping: a batch of conversations whose words have been kept long enough. How many there were."""
    forgotten = 0
    for operator_id, periods in retention.operators_and_periods(at=now):
        old = now - timedelta(days=periods.conversation_days)
        kept = Conversation.objects.filter(operator_id=operator_id, forgotten_at__isnull=True, last_message_at__lt=old)
        batch = list(
            kept.exclude(_lately_in_touch(old)).order_by("last_message_at").values_list("id", flat=True)[:BATCH]
        )
        if batch:
            _forget_words(operator_id, batch, now=now)
        forgotten += len(batch)
    return forgotten


def forget_old_customers(*, now: datetime) -> int:
    """Housekeeping: a batch of customers who have not been in touch for long enough. How many there were."""
    forgotten = 0
    for operator_id, periods in retention.operators_and_periods(at=now):
        old = now - timedelta(days=periods.customer_days)
        kept = Customer.objects.filter(operator_id=operator_id, forgotten_at__isnull=True, created_at__lt=old)
        in_touch = Conversation.objects.filter(Q(last_message_at__gte=old) | _lately_in_touch(old))
        batch = kept.exclude(pk__in=in_touch.values("customer")).order_by("id").select_for_update()[:BATCH]
        for customer in batch:
            conversations = customer.conversations.order_by("id").values_list("id", flat=True)
            _forget(customer, list(conversations), now=now)
            forgotten += 1
    return forgotten


def _locked(operator_id: int, customer_id: int) -> Customer:
    kept = Customer.objects.filter(pk=customer_id, operator_id=operator_id, forgotten_at__isnull=True)
    customer = kept.select_for_update().first()
    if customer is None:
        raise NotFound
    return customer


def _lately_in_touch(since: datetime) -> Q:
    """Conversations with a contact that is open, or was after a moment."""
    lately = Contact.objects.filter(Q(closed_at__isnull=True) | Q(closed_at__gte=since))
    return Q(pk__in=lately.values("conversation"))


def _typed_by(customer: Customer) -> Q:
    """Conversations in which somebody typed the customer's address."""
    return Q(unverified_email__iexact=customer.email) if customer.email else Q(pk__in=[])


def _forget(customer: Customer, conversations: list[int], *, now: datetime) -> Forgotten:
    """All that is known of a customer, inside a transaction."""
    gone = _forget_words(customer.operator_id, conversations, customer=customer, now=now)
    if customer.email:
        elsewhere = Message.objects.filter(conversation__brand_id=customer.brand_id, address__iexact=customer.email)
        elsewhere.update(address="", reply_to="", author_name="")
        typed = Conversation.objects.filter(brand_id=customer.brand_id).filter(_typed_by(customer))
        typed.update(unverified_email="")
    for called in filter(None, (customer.name, customer.email)):
        named = Message.objects.filter(conversation__brand_id=customer.brand_id, body__contains=called)
        named.filter(kind=Message.Kind.SYSTEM).update(body=Replace("body", Value(called), Value("…")))
    customer.name = customer.email = customer.phone = ""
    customer.forgotten_at = now
    customer.save(update_fields=["name", "email", "phone", "forgotten_at"])
    return gone


def _forget_words(
    operator_id: int, conversations: list[int], *, customer: Customer | None = None, now: datetime
) -> Forgotten:
    """What was said in conversations, inside a transaction; the files go when it is committed."""
    said = Message.objects.filter(conversation__in=conversations)
    attached = list(Attachment.objects.filter(message__in=said))
    going = WordsForgotten(operator_id, conversations, files=[each.file for each in attached])
    if customer is not None:
        called = customer.name or customer.email
        going = WordsForgotten(
            operator_id,
            conversations,
            going.files,
            customer.brand_id,
            customer=called,
            address=customer.email,
            phone=customer.phone,
        )
    for listen in events.words_forgotten:
        listen(going)
    messages = list(said.values_list("id", flat=True))
    outbox.forget([f"message-{each}" for each in messages])
    said.delete()
    Callback.objects.filter(contact__conversation__in=conversations).update(number="", wording="")
    Conversation.objects.filter(pk__in=conversations).update(
        subject="", unverified_email="", forgotten_at=now, thread_key=_no_ones_key()
    )
    transaction.on_commit(lambda: _delete(going.files))
    return Forgotten(len(conversations), len(messages), len(going.files))


def _no_ones_key() -> Any:
    """A key under which no channel looks for a thread: whoever writes again begins anew."""
    return Concat(Value("forgotten-"), Cast("pk", CharField()))


def _delete(gone: list[FieldFile]) -> None:
    """Files that cannot be deleted now have no row any more: the nightly sweep finds them."""
    for each in gone:
        if each.name:
            each.storage.delete(each.name)


def _forget_events(customer: Customer, conversations: set[int]) -> None:
    """What the feed still tells of a customer; screens that are open have taken it already."""
    threads = {f"thread:{each}" for each in conversations}
    called = [each for each in (customer.name, customer.email) if each]

    def tells(topics: list[str], payload: dict[str, Any]) -> bool:
        said = payload.get("message", {})
        if said.get("kind") == Message.Kind.SYSTEM and any(each in said["body"] for each in called):
            return True
        told = payload.get("conversation") or payload.get("work", {}).get("conversation")
        return bool(threads & set(topics)) or (told["id"] if isinstance(told, dict) else told) in conversations

    feed.forget(operator_id=customer.operator_id, kinds=_EVENTS_WITH_WORDS, which=tells)


def sweep_files(*, now: datetime) -> int:
    """Housekeeping: the files of messages that no row names. How many there were."""

    def named(paths: Collection[str]) -> set[str]:
        return set(Attachment.objects.filter(file__in=paths).values_list("file", flat=True))

    return files.sweep("attachments", named=named, now=now)
