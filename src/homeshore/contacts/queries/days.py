"""An agent's time: presence, offers and work, for pay and for the timeline of a day."""

from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet

from homeshore.contacts.models import Assignment, Offer, PresenceSpan
from homeshore.contacts.models.work import PresenceState
from homeshore.contacts.queries import shapes


def spans(agent_id: int, *, since: datetime, until: datetime) -> QuerySet[PresenceSpan]:
    """The stretches of presence that touch a period, in order."""
    touching = PresenceSpan.objects.filter(
        Q(until__isnull=True) | Q(until__gt=since), agent_id=agent_id, since__lt=until
    )
    return touching.order_by("since", "id")


def ready_seconds(agent_id: int, *, since: datetime, until: datetime, now: datetime) -> int:
    """How many seconds of a period, up to now, the agent was ready; breaks and lost lines are not counted."""
    ready = spans(agent_id, since=since, until=until).filter(state=PresenceState.READY)
    total = 0.0
    for begun, ended in ready.values_list("since", "until"):
        total += max(0.0, (min(ended or now, until, now) - max(begun, since)).total_seconds())
    return round(total)


def offers_made(agent_id: int, *, since: datetime, until: datetime) -> list[dict[str, Any]]:
    """The offers made to the agent in a period, in order, with how each ended."""
    made = Offer.objects.filter(agent_id=agent_id, offered_at__gte=since, offered_at__lt=until)
    return [
        shapes.offer_for_floor(offer) | {"ended_at": shapes.moment(offer.ended_at), "contest": offer.contest}
        for offer in made.order_by("offered_at", "id")
    ]


def work_done(agent_id: int, *, since: datetime, until: datetime) -> list[dict[str, Any]]:
    """The agent's assignments that touch a period, in order."""
    touching = Assignment.objects.filter(
        Q(ended_at__isnull=True) | Q(ended_at__gt=since), agent_id=agent_id, opened_at__lt=until
    )
    return [shapes.assignment_for_floor(each) for each in touching.order_by("opened_at", "id")]
