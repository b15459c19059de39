"""The rules of a floor as the routing core reads them, from the tables where people set them."""

from collections.abc import Iterable

from homeshore.brands import queries as brands
from homeshore.brands.queries import QueueRules
from homeshore.contacts import facts
from homeshore.contacts.floors import floor_of_agent, floor_of_queue, queues_on
from homeshore.contacts.models import Floor
from homeshore.missions import queries as missions
from homeshore.people import queries as people
from homeshore.people.queries import AgentFacts
from homeshore.routing.inputs import AgentRemoved, AgentSet, QueueRemoved, QueueSet
from homeshore.routing.policy import AgentRule, QueueRule


def queue_rule(queue: QueueRules) -> QueueRule:
    """A queue as routing sees it."""
    return QueueRule(
        id=queue.id,
        channel=queue.channel,
        needs=tuple(sorted(queue.needs.items())),
        target_seconds=queue.target_seconds,
        target_share=queue.target_percent / 100,
        offer_seconds=queue.offer_seconds,
        wrap_up_seconds=queue.wrap_up_seconds,
        priority=queue.priority,
        version=queue.version,
    )


def agent_rule(agent: AgentFacts, queues: Iterable[int]) -> AgentRule:
    """An agent as routing sees them."""
    return AgentRule(
        id=agent.id,
        skills=tuple(sorted(agent.skills.items())),
        queues=tuple(sorted(queues)),
        places=agent.places,
        voice_line_ok=agent.voice_line_ok,
        version=agent.version,
    )


def queues_of_floor(floor_id: int) -> list[QueueRule]:
    """The rules of the queues that a floor routes."""
    operator_id = Floor.objects.values_list("operator_id", flat=True).get(pk=floor_id)
    on_floor = queues_on(floor_id)
    return [queue_rule(each) for each in brands.queues_of_operator(operator_id) if each.active and each.id in on_floor]


def agents_of_floor(floor_id: int) -> list[AgentRule]:
    """The rules of the agents who work on a floor."""
    operator_id = Floor.objects.values_list("operator_id", flat=True).get(pk=floor_id)
    on_floor = queues_on(floor_id)
    engaged = missions.queues_by_agent(operator_id)
    return [
        agent_rule(agent, queues)
        for agent in people.agents_of_operator(operator_id)
        if agent.active and (queues := on_floor.intersection(engaged.get(agent.id, ())))
    ]


def queue_changed(queue_id: int) -> None:
    """Tell the router, in the open transaction, that the rules of a queue are others now."""
    queue = brands.queue_rules(queue_id)
    told = QueueSet(queue_rule(queue)) if queue.active else QueueRemoved(queue_id)
    facts.tell(floor_of_queue(queue_id), told)


def agent_changed(agent_id: int) -> None:
    """Tell the router, in the open transaction, that an agent's skills, places or missions are others now."""
    agent = people.agent(agent_id)
    rule = agent_rule(agent, missions.queues_of_agent(agent_id))
    facts.tell(floor_of_agent(agent_id), AgentSet(rule) if agent.active else AgentRemoved(agent_id))
