"""One step while it runs: the state, the moment, and what has been decided so far."""

from __future__ import annotations

from homeshore.routing.decisions import Decision
from homeshore.routing.state import State, Timer


class Run:
    """What the handlers of one input share."""

    __slots__ = ("decisions", "now", "state", "timers")

    def __init__(self, state: State, now: int) -> None:
        self.state = state
        self.now = now
        self.decisions: list[Decision] = []
        self.timers: list[Timer] = []

    def next_id(self) -> str:
        """The id of the next decision, from floor, input and place within the step."""
        return f"{self.state.floor}-{self.state.seq}-{len(self.decisions)}"

    def arm(self, due: int, what: str, whose: int | str) -> None:
        """Sets a timer and tells it with the step."""
        self.timers.append(self.state.arm(due, what, whose))
