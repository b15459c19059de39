"""An agent's time: presence, offers and work, for pay and for the timeline of a day."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Count, Q, QuerySet

from homeshore.contacts.models import Assignment, ContestedOffer, Floor, Offer, PresenceSpan
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


def done_today(floor_id: int, *, now: datetime) -> Iterator[tuple[int, int, int]]:
    """(agent, acts, milliseconds ready) of the local day so far, for each agent who did anything on the floor."""
    floor = Floor.objects.select_related("operator").get(pk=floor_id)
    local = now.astimezone(ZoneInfo(floor.operator.time_zone))
    begins = local.replace(hour=0, minute=0, second=0, microsecond=0).astimezone(UTC)
    closed = Assignment.objects.filter(contact__floor_id=floor_id, why="closed", closed_at__gte=begins)
    acts = dict(closed.order_by("agent_id").values_list("agent_id").annotate(Count("id")))
    touching = PresenceSpan.objects.filter(
        Q(until__isnull=True) | Q(until__gt=begins),
        agent__operator_id=floor.operator_id,
        state=PresenceState.READY,
    )
    ready: dict[int, int] = {}
    for agent_id, since, until in touching.order_by("agent_id", "since").values_list("agent_id", "since", "until"):
        milliseconds = (min(until or now, now) - max(since, begins)).total_seconds() * 1000
        ready[agent_id] = ready.get(agent_id, 0) + max(0, round(milliseconds))
    for agent_id in sorted({*acts, *ready}):
        yield agent_id, acts.get(agent_id, 0), ready.get(agent_id, 0)


def offers_made(agent_id: int, *, since: datetime, until: datetime) -> list[dict[str, Any]]:
    """The offers made to the agent in a period, in order, with how each ended."""
    made = Offer.objects.filter(agent_id=agent_id, offered_at__gte=since, offered_at__lt=until)
    contested = ContestedOffer.objects.filter(agent_id=agent_id, offer__in=made)
    said = dict(contested.values_list("offer_id", "text"))
    return [
        shapes.offer_for_floor(offer) | {"ended_at": shapes.moment(offer.ended_at), "contest": said.get(offer.pk, "")}
        for offer in made.order_by("offered_at", "id")
    ]


def work_done(agent_id: int, *, since: datetime, until: datetime) -> list[dict[str, Any]]:
    """The agent's assignments that touch a period, in order."""
    touching = Assignment.objects.filter(
        Q(ended_at__isnull=True) | Q(ended_at__gt=since), agent_id=agent_id, opened_at__lt=until
    )
    return [shapes.assignment_for_floor(each) for each in touching.order_by("opened_at", "id")]
