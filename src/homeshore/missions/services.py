"""What is written about missions."""

from collections.abc import Collection
from datetime import datetime

from homeshore.foundation import audit
from homeshore.foundation.errors import Invalid, NotFound
from homeshore.foundation.models import User
from homeshore.foundation.transactions import write
from homeshore.missions.models import Engagement, Mission
from homeshore.people.events import announce_agent


def serve_queue(
    *, operator_id: int, brand_id: int, queue_id: int, mission_ids: Collection[int], by: User, now: datetime
) -> None:
    """These missions of the brand serve the queue, and no others: their agents may be offered its contacts.

    The router hears of each agent whose queues are others now. Raises Invalid for a mission that is not the brand's.
    """
    with write():
        ours = Mission.objects.filter(operator_id=operator_id, brand_id=brand_id)
        if not ours.exists():
            raise NotFound
        known = {mission.pk: mission for mission in ours.order_by("id")}
        if not set(mission_ids) <= set(known):
            raise Invalid
        before = set(ours.filter(queues=queue_id).values_list("id", flat=True))
        changed = before ^ set(mission_ids)
        for mission_id in sorted(changed):
            queues = known[mission_id].queues
            (queues.remove if mission_id in before else queues.add)(queue_id)
        if changed:
            told = {"queue": queue_id, "missions": sorted(mission_ids)}
            audit.record(operator_id=operator_id, actor=by, verb="missions.serve_queue", target="", data=told, at=now)
        engaged = Engagement.objects.filter(mission_id__in=changed, until__isnull=True)
        for agent_id in sorted(set(engaged.values_list("agent_id", flat=True))):
            announce_agent(agent_id)
