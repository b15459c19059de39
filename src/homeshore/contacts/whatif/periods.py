"""Which days of a floor there are to play."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.db.models import Count
from django.db.models.functions import TruncDate

from homeshore.contacts.models import Contact, Floor

DAYS_OFFERED = 14


@dataclass(frozen=True, slots=True)
class FloorInZone:
    """A floor and the zone in which its days begin."""

    id: int
    operator_id: int
    zone: ZoneInfo


def floor_and_zone(floor_id: int) -> FloorInZone | None:
    """The floor, or None when there is none such."""
    floor = Floor.objects.select_related("operator").filter(pk=floor_id).first()
    return FloorInZone(floor.pk, floor.operator_id, ZoneInfo(floor.operator.time_zone)) if floor else None


def bounds(day: date, zone: ZoneInfo, *, now: datetime) -> tuple[datetime, datetime]:
    """The first moment of a local day and of the next one, in UTC; a day that is not over yet ends now."""
    begins = datetime(day.year, day.month, day.day, tzinfo=zone).astimezone(UTC)
    following = day + timedelta(days=1)
    ends = datetime(following.year, following.month, following.day, tzinfo=zone).astimezone(UTC)
    return begins, max(min(ends, now), begins + timedelta(minutes=1))


def days_with_contacts(floor: FloorInZone, *, now: datetime) -> dict[date, int]:
    """The last two weeks' days on which anything came, the newest first, with how many contacts."""
    since = now - timedelta(days=DAYS_OFFERED)
    inbound = Contact.objects.filter(floor_id=floor.id, direction=Contact.Direction.INBOUND)
    came = inbound.filter(arrived_at__gte=since, arrived_at__lte=now)
    rows = came.annotate(day=TruncDate("arrived_at", tzinfo=floor.zone)).order_by("-day").values_list("day")
    return dict(rows.annotate(Count("id")))
