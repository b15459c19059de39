"""Who of an operator's agents can answer what a queue asks for; and what nobody can."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from homeshore.missions import queries as missions
from homeshore.people import queries as people
from homeshore.people.queries import AgentFacts


@dataclass(frozen=True, slots=True)
class Lack:
    """A skill that too few have: the level asked, the best that anybody has (0: nobody has it), and how many have that."""

    skill: int
    asked: int
    best: int
    having_best: int


@dataclass(frozen=True, slots=True)
class Coverage:
    """How needs are met by those engaged on a queue: who can answer, and which skills keep everybody else out.

    `lacks` is filled only where nobody can answer; it is empty then when each need is met by somebody, but all of them
    by nobody.
    """

    engaged: int
    able: frozenset[int]
    lacks: tuple[Lack, ...]


def cover(needs: Mapping[int, int], agents: Sequence[AgentFacts]) -> Coverage:
    """How these agents meet these needs (skill → least level)."""
    able = frozenset(agent.id for agent in agents if meets(agent, needs))
    return Coverage(len(agents), able, () if able else tuple(_lacks(needs, agents)))


def meets(agent: AgentFacts, needs: Mapping[int, int]) -> bool:
    """Whether the agent has every skill at its level."""
    return all(agent.skills.get(skill, 0) >= level for skill, level in needs.items())


def engaged_agents(operator_id: int) -> dict[int, list[AgentFacts]]:
    """The active agents by the queue they are engaged on."""
    by_agent = missions.queues_by_agent(operator_id)
    found: dict[int, list[AgentFacts]] = {}
    for agent in people.agents_of_operator(operator_id):
        for queue_id in by_agent.get(agent.id, ()) if agent.active else ():
            found.setdefault(queue_id, []).append(agent)
    return found


def _lacks(needs: Mapping[int, int], agents: Sequence[AgentFacts]) -> Iterable[Lack]:
    for skill, asked in sorted(needs.items()):
        levels = [agent.skills.get(skill, 0) for agent in agents]
        best = max(levels, default=0)
        if best < asked:
            yield Lack(skill, asked, best, levels.count(best) if best else 0)
