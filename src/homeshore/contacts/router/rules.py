"""The rules of a floor as the routing core reads them, from the tables where people set them."""

from collections.abc import Iterable
from datetime import datetime

from homeshore.brands import queries as brands
from homeshore.brands.queries import QueueRules
from homeshore.contacts import facts
from homeshore.contacts.floors import floor_of_agent, floor_of_queue, floors_of_queues, queues_on
from homeshore.contacts.models import Floor, QueueOnFloor
from homeshore.contacts.queries import taking
from homeshore.contacts.queries.policies import policy_of_floor
from homeshore.missions import queries as missions
from homeshore.people import queries as people
from homeshore.people.queries import AgentFacts
from homeshore.people.services import hold_agent
from homeshore.routing.inputs import AgentRemoved, AgentSet, PolicySet, QueueRemoved, QueueSet
from homeshore.routing.policy import AgentRule, Overflow, QueueRule, Ring
from homeshore.values.clock import to_milliseconds


def queue_rule(queue: QueueRules, *, opens_at: datetime | None = None, opened_at: datetime | None = None) -> QueueRule:
    """A queue as routing sees it; one that is kept until it opens says when, and since when it has been open."""
    return QueueRule(
        id=queue.id,
        channel=queue.channel,
        needs=tuple(sorted(queue.needs.items())),
        target_seconds=queue.target_seconds,
        target_share=queue.target_percent / 100,
        offer_seconds=queue.offer_seconds,
        wrap_up_seconds=queue.wrap_up_seconds,
        priority=queue.priority,
        cost=queue.cost,
        rings=tuple(Ring(ring.after_seconds, tuple(sorted(ring.needs.items()))) for ring in queue.rings),
        overflow=tuple(Overflow(step.after_seconds, step.queue) for step in queue.overflow),
        reserve=queue.reserve,
        sticky_seconds=queue.sticky_seconds,
        interruptible=queue.interruptible,
        opens_at=to_milliseconds(opens_at) if opens_at else None,
        opened_at=to_milliseconds(opened_at) if opened_at else 0,
        version=queue.version,
    )


def agent_rule(agent: AgentFacts, queues: Iterable[int], *, consulted: bool) -> AgentRule:
    """An agent as routing sees them; `consulted` while a colleague asks them about a contact."""
    return AgentRule(
        id=agent.id,
        skills=tuple(sorted(agent.skills.items())),
        queues=tuple(sorted(queues)),
        places=agent.places,
        voice_line_ok=agent.voice_line_ok,
        consulted=consulted,
        version=agent.version,
    )


def queues_of_floor(floor_id: int) -> list[QueueRule]:
    """The rules of the queues that a floor routes."""
    operator_id = Floor.objects.values_list("operator_id", flat=True).get(pk=floor_id)
    on_floor = queues_on(floor_id)
    here = [each for each in brands.queues_of_operator(operator_id) if each.active and each.id in on_floor]
    hours = _hours_told(queue.id for queue in here)
    return [queue_rule(queue, **hours[queue.id]) for queue in here]


def _hours_told(queue_ids: Iterable[int]) -> dict[int, dict[str, datetime | None]]:
    rows = QueueOnFloor.objects.filter(queue_id__in=list(queue_ids)).order_by("queue_id")
    return {
        queue_id: {"opens_at": opens_at, "opened_at": opened_at}
        for queue_id, opens_at, opened_at in rows.values_list("queue_id", "opens_at", "opened_at")
    }


def agents_of_floor(floor_id: int) -> list[AgentRule]:
    """The rules of the agents who work on a floor."""
    operator_id = Floor.objects.values_list("operator_id", flat=True).get(pk=floor_id)
    floors = floors_of_queues(operator_id)
    engaged = missions.queues_by_agent(operator_id)
    consulted = taking.reserved_agents(engaged)
    return [
        agent_rule(agent, [queue for queue in queues if floors.get(queue) == floor_id], consulted=agent.id in consulted)
        for agent in people.agents_of_operator(operator_id)
        if agent.active and (queues := engaged.get(agent.id)) and floors.get(min(queues)) == floor_id
    ]


def queue_changed(queue_id: int) -> None:
    """Tell the router, in the open transaction, that the rules of a queue are others now.

    Who tells last has read all that was told before: two changes at one moment are told one after the other.
    """
    floor_id = floor_of_queue(queue_id)
    QueueOnFloor.objects.select_for_update(no_key=True).get(queue_id=queue_id)
    queue = brands.queue_rules(queue_id)
    hours = _hours_told([queue_id])[queue_id]
    facts.tell(floor_id, QueueSet(queue_rule(queue, **hours)) if queue.active else QueueRemoved(queue_id))


def policy_changed(floor_id: int) -> None:
    """Tell the router, in the open transaction, that the policy of its floor is another now."""
    facts.tell(floor_id, PolicySet(policy_of_floor(floor_id)))


def agent_changed(agent_id: int) -> None:
    """Tell the router, in the open transaction, that an agent's skills, places or missions are others now, or that a colleague
    asks them about a contact, or does no longer.

    Who tells last has read all that was told before: two changes at one moment are told one after the other.
    """
    hold_agent(agent_id)
    agent = people.agent(agent_id)
    home, floors = floor_of_agent(agent_id), floors_of_queues(agent.operator_id)
    queues = [queue for queue in missions.queues_of_agent(agent_id) if floors.get(queue) == home]
    rule = agent_rule(agent, queues, consulted=bool(taking.reserved_agents([agent_id])))
    for floor_id in {home, *floors.values()}:
        works_here = agent.active and floor_id == home
        facts.tell(floor_id, AgentSet(rule) if works_here else AgentRemoved(agent_id))
