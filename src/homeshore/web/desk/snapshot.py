"""The desk as of one moment: a place in the feed, and everything an island needs to draw itself and to follow the feed."""

from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from homeshore.brands import queries as brands
from homeshore.contacts.queries import desk
from homeshore.foundation import feed
from homeshore.foundation.models import Operator
from homeshore.foundation.transactions import snapshot
from homeshore.missions import queries as missions
from homeshore.pay import queries as pay
from homeshore.people import queries as people
from homeshore.people.queries import AgentFacts


def desk_snapshot(agent: AgentFacts, operator: Operator, *, now: datetime) -> dict[str, Any]:
    """All that the agent's desk shows, with the grant to follow it; see the reference of the desk's API for the shape."""
    position = feed.position()
    with snapshot():
        return {
            "position": str(position),
            "grant": feed.grant(principal=f"user:{agent.user_id}", topics=[f"agent:{agent.id}"]),
            "now": now.isoformat(),
            "agent": {
                "id": agent.id,
                "name": agent.name,
                "first_name": agent.first_name,
                "status": agent.status,
                "places": agent.places,
                "simulated": agent.simulated,
            },
            "operator": {
                "id": operator.pk,
                "name": operator.name,
                "time_zone": operator.time_zone,
                "currency": operator.currency,
                "language": operator.language,
            },
            "presence": desk.presence(agent.id, now=now),
            "brands": brands.brands_for_desk(operator.pk),
            "queues": _queues(agent, operator, now=now),
            "skills": people.skill_names(operator.pk),
            "offers": desk.open_offers(agent.id),
            "work": desk.work(agent.id),
            "today": {
                **pay.today(agent.id, now=now),
                "contacts": desk.contacts_handled(agent.id, since=start_of_day(operator, now)),
            },
        }


def start_of_day(operator: Operator, now: datetime) -> datetime:
    """Midnight of the operator's local day, in UTC."""
    local = now.astimezone(ZoneInfo(operator.time_zone))
    return local.replace(hour=0, minute=0, second=0, microsecond=0).astimezone(UTC)


def _queues(agent: AgentFacts, operator: Operator, *, now: datetime) -> dict[int, dict[str, Any]]:
    mine = set(missions.queues_of_agent(agent.id))
    pays = pay.ranges(operator.pk, now=now)
    return {
        queue.id: {
            "id": queue.id,
            "name": queue.name,
            "brand": queue.brand_id,
            "channel": queue.channel,
            "activity": queue.activity,
            "target_seconds": queue.target_seconds,
            "offer_seconds": queue.offer_seconds,
            "wrap_up_seconds": queue.wrap_up_seconds,
            "disposition_required": queue.disposition_required,
            "mine": queue.id in mine,
            "pay": pays.get(queue.id),
        }
        for queue in brands.queues_of_operator(operator.pk)
        if queue.active
    }
