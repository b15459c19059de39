"""What a brand may see of its contacts: how soon they are answered, and the notes that the operator shares with it."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Min, Q

from homeshore.contacts.models import Contact, Message
from homeshore.contacts.queries.floor import ContactEnd
from homeshore.contacts.queries.thread import WAITING


@dataclass(frozen=True, slots=True)
class Waiting:
    """How many wait in a queue, and since when the first of them."""

    count: int
    oldest_arrived_at: datetime


def waiting_of_brand(brand_id: int) -> dict[int, Waiting]:
    """Who waits for the brand, by queue; queues where nobody waits are left out."""
    rows = Contact.objects.filter(brand_id=brand_id, state__in=WAITING).values_list("queue_id")
    counted = rows.annotate(Count("id"), Min("arrived_at")).order_by("queue_id")
    return {queue_id: Waiting(count, oldest) for queue_id, count, oldest in counted}


def answered_or_closed_of_brand(brand_id: int, *, since: datetime) -> list[ContactEnd]:
    """The brand's contacts that came since a moment and were answered or closed, as they count for the service level."""
    came = Contact.Direction.INBOUND
    found = Contact.objects.filter(brand_id=brand_id, direction=came, arrived_at__gte=since)
    settled = found.filter(Q(state=Contact.State.CLOSED) | Q(answered_at__isnull=False)).order_by("id")
    return [
        ContactEnd(
            queue_id=each.queue_id,
            arrived_at=each.arrived_at,
            answered_at=each.answered_at,
            answered_in_target=each.answered_in_target,
            outcome=each.outcome,
            closed_at=each.closed_at or each.answered_at or each.arrived_at,
        )
        for each in settled
    ]


@dataclass(frozen=True, slots=True)
class SharedNote:
    """A note about a customer that the operator shares with the brand."""

    id: int
    at: datetime
    author_name: str
    body: str
    customer_name: str
    reference: str
    channel: str


def shared_notes(brand_id: int, *, before: int | None = None, limit: int = 30) -> list[SharedNote]:
    """The notes shared with the brand, latest first; `before` is the id of the last one seen."""
    notes = Message.objects.filter(
        conversation__brand_id=brand_id, kind=Message.Kind.NOTE, audience=Message.Audience.BRAND
    )
    if before is not None:
        notes = notes.filter(pk__lt=before)
    return [
        SharedNote(
            id=note.pk,
            at=note.at,
            author_name=note.author_name,
            body=note.body,
            customer_name=str(note.conversation.customer),
            reference=note.contact.reference if note.contact else "",
            channel=note.conversation.channel,
        )
        for note in notes.select_related("conversation__customer", "contact").order_by("-id")[:limit]
    ]
