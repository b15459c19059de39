"""Who is engaged on what."""

from dataclasses import dataclass

from django.db.models import Count

from homeshore.missions.models import Engagement, Mission


@dataclass(frozen=True, slots=True)
class MissionFacts:
    """A mission, the queues it serves, and how many agents are engaged on it now."""

    id: int
    brand_id: int
    name: str
    queues: frozenset[int]
    agents: int


def queues_of_agent(agent_id: int) -> list[int]:
    """The queues that the missions of an agent serve, by id, while the engagement lasts."""
    current = Mission.objects.filter(engagements__agent_id=agent_id, engagements__until__isnull=True)
    return sorted(set(current.filter(queues__isnull=False).values_list("queues", flat=True)))


def queues_by_agent(operator_id: int) -> dict[int, list[int]]:
    """The same for every engaged agent of an operator, in one query."""
    rows = Engagement.objects.filter(
        mission__operator_id=operator_id, until__isnull=True, mission__queues__isnull=False
    )
    queues: dict[int, set[int]] = {}
    for agent_id, queue_id in rows.values_list("agent_id", "mission__queues"):
        queues.setdefault(agent_id, set()).add(queue_id)
    return {agent_id: sorted(each) for agent_id, each in queues.items()}


def missions_of_operator(operator_id: int) -> list[MissionFacts]:
    """The operator's missions by brand and name, with the queues they serve and how many agents are engaged."""
    missions = Mission.objects.filter(operator_id=operator_id).prefetch_related("queues").order_by("brand_id", "name")
    engaged = Engagement.objects.filter(mission__operator_id=operator_id, until__isnull=True)
    agents = dict(engaged.order_by("mission_id").values_list("mission_id").annotate(Count("agent_id", distinct=True)))
    return [
        MissionFacts(
            each.pk, each.brand_id, each.name, frozenset(q.pk for q in each.queues.all()), agents.get(each.pk, 0)
        )
        for each in missions
    ]
