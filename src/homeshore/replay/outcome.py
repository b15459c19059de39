"""What a replay did, read back from its own database."""

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from django.db.models import Count, Sum

from homeshore.contacts.models import Assignment, Contact, JournalEntry, Offer, PresenceSpan
from homeshore.pay.models import Act
from homeshore.replay.figures import Ended
from homeshore.replay.world import World


@dataclass(frozen=True, slots=True)
class Lived:
    """The day as it was lived: how every call ended, the seconds staffed and busy, and what it left behind."""

    ended: list[Ended]
    staffed_seconds: float
    busy_seconds: float
    offers: int
    inputs: int
    acts: int
    paid_cents: int


def read_back(world: World, *, zone: ZoneInfo) -> Lived:
    """Read the whole day; every contact is closed by now."""
    names = {queue_id: name for (name, _), queue_id in world.queues.items()}
    opened: dict[int, Assignment] = {one.contact_id: one for one in Assignment.objects.order_by("id")}
    ended = []
    for contact in Contact.objects.order_by("arrived_at", "id"):
        one = opened.get(contact.pk)
        until = one.opened_at if one else contact.closed_at
        served = seconds_between(one.opened_at, one.closed_at) if one else 0.0
        arrived = contact.arrived_at.astimezone(zone).replace(tzinfo=None)
        ended.append(
            Ended(arrived, names[contact.queue_id], seconds_between(contact.arrived_at, until), one is not None, served)
        )
    spans = PresenceSpan.objects.exclude(state="offline").order_by("id")
    paid = Act.objects.aggregate(acts=Count("id"), cents=Sum("amount_cents"))
    return Lived(
        ended=ended,
        staffed_seconds=sum(seconds_between(span.since, span.until) for span in spans),
        busy_seconds=sum(seconds_between(one.opened_at, one.closed_at) for one in opened.values()),
        offers=Offer.objects.count(),
        inputs=JournalEntry.objects.count(),
        acts=paid["acts"],
        paid_cents=paid["cents"] or 0,
    )


def seconds_between(start: datetime, end: datetime | None) -> float:
    """Seconds from one moment to another; none when it has not come."""
    return (end - start).total_seconds() if end else 0.0
