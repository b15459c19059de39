"""Who is engaged on what."""

from homeshore.missions.models import Engagement, Mission


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
