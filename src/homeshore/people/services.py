"""All that is written about agents."""

from datetime import datetime

from homeshore.foundation.transactions import write
from homeshore.people import events
from homeshore.people.models import Agent


def set_voice_line(*, agent_id: int, ok: bool, why: str = "", now: datetime) -> bool:
    """Say whether the agent's line at home carries voice now; without it no call is offered to them.

    `why` is a short code of the measure that says so, kept while the line is below the bar. True when that is news;
    the router hears of it in the same transaction. Agent.DoesNotExist when there is none.
    """
    with write():
        agent = Agent.objects.select_for_update().get(pk=agent_id)
        if agent.voice_line_ok == ok:
            return False
        agent.voice_line_ok, agent.voice_line_why, agent.voice_line_at = ok, "" if ok else why[:60], now
        agent.version += 1
        agent.save(update_fields=["voice_line_ok", "voice_line_why", "voice_line_at", "version"])
        events.announce_agent(agent_id)
    return True
