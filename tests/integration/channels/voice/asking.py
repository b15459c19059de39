"""What an agent does who asks somebody about a call, each step followed by the router and by the calls."""

from __future__ import annotations

from homeshore.channels.voice.models import Call, Companion
from homeshore.channels.voice.queries import calls_of_agent
from homeshore.people.models import Agent


class Asking:
    """An agent in a call, and whoever is beside them."""

    def __init__(self, board, call: Call, asker: Agent) -> None:
        self.board, self.call, self.asker = board, call, asker

    def how_it_ended(self, asked: Companion) -> str:
        asked.refresh_from_db()
        assert (asked.ended_at is not None) == bool(asked.why)
        return asked.why

    def decide(self, verb) -> None:
        verb(call_id=self.call.pk, agent_id=self.asker.pk, now=self.board.floor.now)
        self.board.settle()

    @property
    def state(self) -> str:
        return self.board.seen(self.call).state

    @property
    def beside(self) -> list[tuple[str, str]]:
        """Who is beside the asker, and how, as their desk shows it."""
        return [(each["name"], each["part"]) for call in calls_of_agent(self.asker.pk) for each in call["companions"]]
