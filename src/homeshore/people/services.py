"""All that is written about agents."""

from collections.abc import Mapping
from datetime import datetime

from django.utils.translation import gettext_lazy as _

from homeshore.foundation.errors import Invalid
from homeshore.foundation.transactions import write
from homeshore.people import events
from homeshore.people.models import Agent, AgentSkill, Skill
from homeshore.people.status import Status

LONGEST_FIRST_NAME = 60


def register_agent(
    *, operator_id: int, user_id: int, first_name: str, name: str, status: str, skills: Mapping[int, int]
) -> Agent:
    """The agent's file of a person: `skills` is {skill: level}. The file they have at this operator is opened again.

    The caller announces the agent, once their missions are known too. Raises Invalid, with every wrong field.
    """
    first_name = first_name.strip()
    ours = set(Skill.objects.filter(operator_id=operator_id).values_list("id", flat=True))
    wrong = {}
    if not first_name or len(first_name) > LONGEST_FIRST_NAME:
        wrong["first_name"] = _("A first name of at most 60 characters is needed: customers see it.")
    if status not in Status.values:
        wrong["status"] = _("There is no such status.")
    if not set(skills) <= ours or not all(1 <= level <= 5 for level in skills.values()):
        wrong["skills"] = _("A skill is not known here, or its level is not from 1 to 5.")
    with write():
        known = Agent.objects.filter(user_id=user_id).first()
        if known is not None and known.operator_id != operator_id:
            wrong["email"] = _("This person is an agent of another operator: invite them under another address.")
        if wrong:
            raise Invalid(fields=wrong)
        agent = known or Agent(operator_id=operator_id, user_id=user_id)
        agent.first_name, agent.name, agent.status, agent.active = first_name, name.strip(), status, True
        agent.version += known is not None
        agent.save()
        for skill_id, level in skills.items():
            AgentSkill.objects.update_or_create(agent=agent, skill_id=skill_id, defaults={"level": level})
    return agent


def hold_agent(agent_id: int) -> None:
    """In the open transaction: until it ends nobody else who holds the agent says anything of them."""
    Agent.objects.select_for_update(no_key=True).get(pk=agent_id)


def set_voice_line(*, agent_id: int, ok: bool, why: str = "", now: datetime) -> bool:
    """Say whether the agent's line at home carries voice now; without it no call is offered to them.

    `why` is a short code of the measure that says so, kept while the line is below the bar. True when that is news;
    the router hears of it in the same transaction. Agent.DoesNotExist when there is none.
    """
    with write():
        agent = Agent.objects.select_for_update(no_key=True).get(pk=agent_id)
        if agent.voice_line_ok == ok:
            return False
        agent.voice_line_ok, agent.voice_line_why, agent.voice_line_at = ok, "" if ok else why[:60], now
        agent.version += 1
        agent.save(update_fields=["voice_line_ok", "voice_line_why", "voice_line_at", "version"])
        events.announce_agent(agent_id)
    return True
