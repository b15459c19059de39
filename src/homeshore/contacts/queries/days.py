"""An agent's time: the stretches of presence that pay and the timeline are made of."""

from datetime import datetime

from django.db.models import Q, QuerySet

from homeshore.contacts.models import PresenceSpan
from homeshore.contacts.models.work import PresenceState


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
