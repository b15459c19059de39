"""An operator's floors as they are, and how they could be split along groups that share no work."""

from dataclasses import dataclass

from homeshore.brands import queries as brands
from homeshore.contacts.floors import floors_of_queues
from homeshore.contacts.models import Floor
from homeshore.missions import queries as missions
from homeshore.people import queries as people
from homeshore.routing.groups import Group, connected_groups, packed


@dataclass(frozen=True, slots=True)
class FloorShare:
    """What lies on one floor, or would: its queues by brand and name, with their ids, and how many agents work there."""

    name: str
    id: int | None
    queues: list[tuple[int, str]]
    agents: int


@dataclass(frozen=True, slots=True)
class FloorPlan:
    """The floors as they are, as they could be, how many are possible, and who has missions on several now."""

    now: list[FloorShare]
    proposed: list[FloorShare]
    possible: int
    agents_on_several: list[str]

    @property
    def changes(self) -> bool:
        """Whether the proposal is something else than what is there."""
        return sorted(each.queues for each in self.now if each.queues) != sorted(each.queues for each in self.proposed)


def groups_of(operator_id: int) -> list[Group]:
    """The groups of the operator's active queues and agents that can be routed apart."""
    overflows = {
        queue.id: [step.queue for step in queue.overflow]
        for queue in brands.queues_of_operator(operator_id)
        if queue.active
    }
    active = {agent.id for agent in people.agents_of_operator(operator_id) if agent.active}
    engaged = missions.queues_by_agent(operator_id)
    return connected_groups(overflows, {agent: queues for agent, queues in engaged.items() if agent in active})


def floor_plan(operator_id: int, *, floors: int | None = None) -> FloorPlan:
    """The floors, and a proposal for so many of them (as many as there are now, when it is not said)."""
    groups, floor_of = groups_of(operator_id), floors_of_queues(operator_id)
    queues_of = brands.queues_of_operator(operator_id)
    of_brand = brands.brand_names(operator_id)
    names = {queue.id: f"{of_brand[queue.brand_id]} · {queue.name}" for queue in queues_of if queue.active}
    engaged = missions.queues_by_agent(operator_id)
    agents = [agent for agent in people.agents_of_operator(operator_id) if agent.active]
    reach = {
        agent.id: {floor_of[queue] for queue in engaged.get(agent.id, ()) if queue in floor_of} for agent in agents
    }
    now = [
        FloorShare(
            name,
            floor_id,
            [(queue, said) for queue, said in names.items() if floor_of[queue] == floor_id],
            sum(floor_id in floors_reached for floors_reached in reach.values()),
        )
        for floor_id, name in Floor.objects.filter(operator_id=operator_id).order_by("id").values_list("id", "name")
    ]
    wanted = min(max(1, floors or sum(bool(each.queues) for each in now)), max(1, len(groups)))
    proposed = [
        FloorShare(str(number), None, [(queue, names[queue]) for queue in each.queues], len(each.agents))
        for number, each in enumerate(packed(groups, wanted), start=1)
    ]
    return FloorPlan(now, proposed, len(groups), [agent.name for agent in agents if len(reach[agent.id]) > 1])
