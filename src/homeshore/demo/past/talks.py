"""What became of each contact of the past, gathered as the routing core decides it."""

from dataclasses import dataclass, field
from typing import Any

from homeshore.routing.decisions import Decision, Offered, OfferTimedOut, OfferWithdrawn, WrapUpTimedOut
from homeshore.routing.inputs import (
    AssignmentClosed,
    ContactArrived,
    ContactCancelled,
    Input,
    OfferAccepted,
    WrapUpEnded,
)


@dataclass(slots=True)
class Ring:
    """An offer and how it ended; times in milliseconds."""

    offer: Offered
    state: str = "open"
    ended_at: int = 0
    why: str = ""


@dataclass(slots=True)
class Talk:
    """A contact from its arrival to its end; times in milliseconds, 0 while they have not come."""

    queue: int
    arrived_at: int
    rings: list[Ring] = field(default_factory=list)
    agent: int = 0
    opened_at: int = 0
    closed_at: int = 0
    ended_at: int = 0
    abandoned: bool = False

    @property
    def over(self) -> bool:
        """Nothing of it is under way any more."""
        return bool(self.closed_at if self.abandoned else self.ended_at)


class Talks:
    """Watches a simulation and remembers every contact, in the order of arrival."""

    def __init__(self) -> None:
        self.by_contact: dict[int, Talk] = {}
        self._ring: dict[str, Ring] = {}
        self._by_assignment: dict[int, Talk] = {}

    def watch(self, told: Input, decided: tuple[Decision, ...], now: int) -> None:
        """Take in one input and what was decided on it."""
        self._hear(told, now)
        for decision in decided:
            self._obey(decision, now)

    def _hear(self, told: Any, now: int) -> None:
        if isinstance(told, ContactArrived):
            self.by_contact[told.contact] = Talk(told.queue, told.arrived_at)
        elif isinstance(told, OfferAccepted):
            self._end_ring(told.offer, "accepted", now)
            talk = self.by_contact[told.contact]
            talk.agent, talk.opened_at = told.agent, now
            self._by_assignment[told.assignment] = talk
        elif isinstance(told, AssignmentClosed):
            talk = self._by_assignment[told.assignment]
            talk.closed_at = now
            talk.ended_at = 0 if told.wrap_up else now
        elif isinstance(told, WrapUpEnded):
            self._by_assignment[told.assignment].ended_at = now
        elif isinstance(told, ContactCancelled):
            talk = self.by_contact[told.contact]
            talk.abandoned, talk.closed_at = True, now

    def _obey(self, decision: Decision, now: int) -> None:
        if isinstance(decision, Offered):
            self._ring[decision.id] = ring = Ring(decision)
            self.by_contact[decision.contact].rings.append(ring)
        elif isinstance(decision, OfferTimedOut):
            self._end_ring(decision.offer, "timed_out", now)
        elif isinstance(decision, OfferWithdrawn):
            self._end_ring(decision.offer, "withdrawn", now, why=decision.why)
        elif isinstance(decision, WrapUpTimedOut):
            self._by_assignment[decision.assignment].ended_at = now

    def _end_ring(self, offer: str, state: str, now: int, *, why: str = "") -> None:
        ring = self._ring[offer]
        ring.state, ring.ended_at, ring.why = state, now, why
