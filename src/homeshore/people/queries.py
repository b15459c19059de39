"""What other contexts read of agents."""

from collections.abc import Iterable
from dataclasses import dataclass

from homeshore.people.models import Agent, AgentSkill, Skill


@dataclass(frozen=True, slots=True)
class AgentFacts:
    """An agent as the other contexts need them; `skills` maps a skill's id to the level, `places` a channel to a count."""

    id: int
    operator_id: int
    user_id: int
    name: str
    first_name: str
    status: str
    simulated: bool
    active: bool
    version: int
    places: dict[str, int]
    skills: dict[int, int]
    voice_line_ok: bool = True


def agent(agent_id: int) -> AgentFacts:
    """One agent; Agent.DoesNotExist when there is none."""
    return _facts([Agent.objects.get(pk=agent_id)])[0]


def agent_of_user(*, user_id: int, operator_id: int) -> AgentFacts | None:
    """The agent that a person is for an operator, or None."""
    found = Agent.objects.filter(user_id=user_id, operator_id=operator_id, active=True)
    return next(iter(_facts(found)), None)


def agents_of_operator(operator_id: int) -> list[AgentFacts]:
    """All agents of an operator, by id, those who left included."""
    return _facts(Agent.objects.filter(operator_id=operator_id).order_by("id"))


def skill_names(operator_id: int) -> dict[int, str]:
    """The operator's skills by id."""
    return dict(Skill.objects.filter(operator_id=operator_id).order_by("id").values_list("id", "name"))


def _facts(agents: Iterable[Agent]) -> list[AgentFacts]:
    agents = list(agents)
    skills: dict[int, dict[int, int]] = {}
    rows = AgentSkill.objects.filter(agent__in=agents).order_by("skill_id")
    for agent_id, skill_id, level in rows.values_list("agent", "skill", "level"):
        skills.setdefault(agent_id, {})[skill_id] = level
    return [
        AgentFacts(
            id=each.pk,
            operator_id=each.operator_id,
            user_id=each.user_id,
            name=each.name,
            first_name=each.first_name,
            status=each.status,
            simulated=each.simulated,
            active=each.active,
            version=each.version,
            places=each.places,
            skills=skills.get(each.pk, {}),
            voice_line_ok=each.voice_line_ok,
        )
        for each in agents
    ]
