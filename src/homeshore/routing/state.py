"""What the core remembers of one floor, and how it is written down.

`step` changes the state in place. What `dump` writes holds the truth only, without the heaps, in one canonical
order, so that a state which was written and read again behaves, and is written, exactly as one that never was.
"""

from __future__ import annotations

from collections.abc import Mapping
from heapq import heapify, heappop, heappush
from typing import Any

from homeshore.routing.estimates import Estimates
from homeshore.routing.lanes import engage
from homeshore.routing.lines import line_up
from homeshore.routing.parts import (
    WAITING,
    AgentState,
    AssignmentState,
    ContactState,
    OfferState,
    QueueState,
)
from homeshore.routing.past import Past
from homeshore.routing.policy import AgentRule, Policy, QueueRule
from homeshore.routing.prices import Prices
from homeshore.routing.vocabulary import build, plain

DUMP_VERSION = 5

Timer = tuple[int, str, int | str]
"""(due, what, whose): limits of offers and wrap-ups, lapses, rings, re-offers, settling."""

_AGENT_FIELDS = (
    "ready",
    "reason",
    "lapsed",
    "rested",
    "removed",
    "missed",
    "offer",
    "idle_since",
    "settle_at",
    "acts",
    "ready_ms",
    "ready_since",
)
_CONTACT_FIELDS = (
    "id",
    "queue",
    "channel",
    "arrived_at",
    "due",
    "priority",
    "place",
    "preferred",
    "stands",
    "stage",
    "offer",
    "assignment",
    "stage_at",
    "settle_at",
    "kept_until",
    "sticky_until",
    "scheduled_at",
    "keeps_due",
    "taken_back",
)
_OFFER_FIELDS = OfferState.__slots__
_ASSIGNMENT_FIELDS = AssignmentState.__slots__


class UnreadableState(ValueError):
    """A dump that this version of the program cannot read."""


class State:
    """One floor, as the core sees it."""

    def __init__(self, floor: int | str) -> None:
        self.floor = floor
        self.seq = 0
        self.now = 0
        self.policy = Policy()
        self.queues: dict[int, QueueState] = {}
        self.agents: dict[int, AgentState] = {}
        self.contacts: dict[int, ContactState] = {}
        self.offers: dict[str, OfferState] = {}
        self.assignments: dict[int, AssignmentState] = {}
        self.arrived = 0
        self.closed = 0
        self.past = Past()
        self.timers: list[Timer] = []
        self.engaged: dict[int, set[int]] = {}
        """Agents by queue they are engaged on, whether or not that queue is known yet."""
        self.overflows_from: dict[int, set[int]] = {}
        """Queues by the queue they overflow to."""
        self.stamps = 0
        """Dates the entries of free agents in the lanes; rises for the whole floor, since an agent may go and come back."""
        self.to_look_at: set[int] = set()
        """Contacts to look at again before the step ends; empty between steps."""

    def arm(self, due: int, what: str, whose: int | str) -> Timer:
        """Sets a timer; it stays live while what it belongs to wants that moment."""
        timer = (due, what, whose)
        heappush(self.timers, timer)
        return timer

    def next_due(self) -> int | None:
        """When the next timer is due, in milliseconds since the epoch; None when none is set."""
        timers = self.timers
        while timers and not self.is_live(timers[0]):
            heappop(timers)
        return timers[0][0] if timers else None

    def due_by(self, moment: int) -> int | None:
        """When the next timer is due, if that is by this moment; else None. It asks of no timer that is due later whether it is live."""
        timers = self.timers
        if not timers or timers[0][0] > moment:
            return None
        due = self.next_due()
        return due if due is not None and due <= moment else None

    def is_live(self, timer: Timer) -> bool:
        """Whether what this timer belongs to still wants that moment."""
        due, what, whose = timer
        return due == self._wanted(what, whose)

    def _wanted(self, what: str, whose: Any) -> int | None:
        if what == "offer":
            offer = self.offers.get(whose)
            return offer.times_out_at if offer else None
        if what in ("wrap_up", "keep"):
            assignment = self.assignments.get(whose)
            if assignment is None:
                return None
            return assignment.wrap_up_until if what == "wrap_up" else assignment.keep_until
        if what == "watch":
            queue = self.queues.get(whose)
            return queue.watch_at if queue else None
        if what == "agent_settles":
            agent = self.agents.get(whose)
            return agent.settle_at if agent else None
        contact = self.contacts.get(whose)
        if contact is None:
            return None
        if what == "reoffer":
            return min(contact.let_go.values()) if contact.let_go else None
        wanted: int | None = getattr(contact, _CONTACT_TIMERS[what])
        return wanted

    def all_timers(self) -> list[Timer]:
        """Every live timer, each once, in the order in which they fall due."""
        found: list[Timer] = [(offer.times_out_at, "offer", offer.id) for offer in self.offers.values()]
        for assignment in self.assignments.values():
            if assignment.wrap_up_until is not None:
                found.append((assignment.wrap_up_until, "wrap_up", assignment.id))
            if assignment.keep_until is not None:
                found.append((assignment.keep_until, "keep", assignment.id))
        for queue in self.queues.values():
            if queue.watch_at is not None:
                found.append((queue.watch_at, "watch", queue.id))
        for agent in self.agents.values():
            if agent.settle_at is not None:
                found.append((agent.settle_at, "agent_settles", agent.id))
        for contact in self.contacts.values():
            for what, name in _CONTACT_TIMERS.items():
                due = getattr(contact, name)
                if due is not None:
                    found.append((due, what, contact.id))
            if contact.let_go:
                found.append((min(contact.let_go.values()), "reoffer", contact.id))
        return sorted(found)

    def dump(self) -> dict[str, Any]:
        """The whole state as plain JSON values, in one canonical order."""
        return {
            "version": DUMP_VERSION,
            "floor": self.floor,
            "seq": self.seq,
            "now": self.now,
            "policy": plain(self.policy),
            "queues": [
                {
                    "rule": plain(queue.rule),
                    "estimates": queue.estimates.dump(),
                    "prices": queue.prices.dump(),
                    "watch_at": queue.watch_at,
                }
                for _, queue in sorted(self.queues.items())
            ],
            "agents": [
                {
                    "rule": plain(agent.rule),
                    **_fields(agent, _AGENT_FIELDS),
                    "paces": sorted([queue, list(pace)] for queue, pace in agent.paces.items()),
                    "ranks": list(agent.ranks) if agent.open else [],
                }
                for _, agent in sorted(self.agents.items())
            ],
            "contacts": [
                {
                    **_fields(contact, _CONTACT_FIELDS),
                    "not_agents": list(contact.not_agents),
                    "let_go": sorted(map(list, (contact.let_go or {}).items())),
                }
                for _, contact in sorted(self.contacts.items())
            ],
            "offers": [_fields(offer, _OFFER_FIELDS) for _, offer in sorted(self.offers.items())],
            "assignments": [_fields(item, _ASSIGNMENT_FIELDS) for _, item in sorted(self.assignments.items())],
            "arrived": self.arrived,
            "closed": self.closed,
            "past": self.past.dump(),
        }

    @classmethod
    def load(cls, values: Mapping[str, Any]) -> State:
        """The state that `dump` wrote. Raises UnreadableState when it was written by another version."""
        _check_version(values)
        state = cls(values["floor"])
        state.seq, state.now = values["seq"], values["now"]
        state.policy = build(Policy, values["policy"])
        state.arrived, state.closed = values["arrived"], values["closed"]
        state.past = Past.load(values["past"])
        for entry in values["queues"]:
            queue = state.set_queue(build(QueueRule, entry["rule"]))
            queue.estimates, queue.prices = Estimates.load(entry["estimates"]), Prices.load_from(entry["prices"])
            queue.watch_at = entry["watch_at"]
        for entry in values["offers"]:
            state.offers[entry["id"]] = _filled(OfferState.__new__(OfferState), entry, _OFFER_FIELDS)
        for entry in values["assignments"]:
            state.assignments[entry["id"]] = _filled(
                AssignmentState.__new__(AssignmentState), entry, _ASSIGNMENT_FIELDS
            )
        for entry in values["agents"]:
            agent = AgentState(build(AgentRule, entry["rule"]))
            for name in _AGENT_FIELDS:
                setattr(agent, name, entry[name])
            agent.paces = {queue: list(pace) for queue, pace in entry["paces"]}
            agent.ranks = tuple(entry["ranks"])
            state.agents[agent.id] = agent
        state._give_back_what_is_held()
        for entry in values["contacts"]:
            state._put_back(entry)
        for agent in state.agents.values():
            if not agent.removed:
                engage(state, agent, agent.ranks or None)
        state.timers = state.all_timers()
        heapify(state.timers)
        return state

    def set_queue(self, rule: QueueRule) -> QueueState:
        """Puts a queue's rule in place; its contacts and agents are the caller's to put back."""
        old = self.queues.get(rule.id)
        self.unset_queue(rule.id)
        queue = self.queues[rule.id] = QueueState(rule)
        if old is not None:
            queue.estimates, queue.prices, queue.watch_at = old.estimates, old.prices, old.watch_at
        for step in rule.overflow:
            self.overflows_from.setdefault(step.queue, set()).add(rule.id)
        return queue

    def take_rates_of(self, before: Mapping[str, Any]) -> None:
        """Goes on from what another state of this floor, as `dump` wrote it, had learned: rates by queue, and the agents' own speeds.

        Raises UnreadableState when it was written by another version.
        """
        _check_version(before)
        for entry in before["queues"]:
            queue = self.queues.get(entry["rule"]["id"])
            if queue is not None:
                queue.estimates = Estimates.load(entry["estimates"])
        for entry in before["agents"]:
            agent = self.agents.get(entry["rule"]["id"])
            if agent is not None:
                agent.paces = {queue: list(pace) for queue, pace in entry["paces"]}

    def unset_queue(self, id: int) -> None:
        """Forgets a queue's rule."""
        old = self.queues.pop(id, None)
        if old is not None:
            for step in old.rule.overflow:
                self.overflows_from.get(step.queue, set()).discard(id)

    def _give_back_what_is_held(self) -> None:
        for assignment in self.assignments.values():
            agent = self.agents[assignment.agent]
            agent.assignments.add(assignment.id)
            agent.take(assignment)
        for offer in self.offers.values():
            self.agents[offer.agent].take(offer)

    def _put_back(self, entry: Mapping[str, Any]) -> None:
        contact: ContactState = _filled(ContactState.__new__(ContactState), entry, _CONTACT_FIELDS)
        contact.not_agents = tuple(entry["not_agents"])
        contact.let_go = dict(entry["let_go"]) or None
        queue = self.queues.get(contact.queue)
        contact.lane = queue.lane_at(contact.stage) if queue else None
        self.contacts[contact.id] = contact
        if contact.let_go and queue:
            queue.let_go.add(contact.id)
        if contact.kept_until is not None and contact.preferred is not None:
            self.agents[contact.preferred].wanted_by.add(contact.id)
        elif contact.stands == WAITING:
            line_up(self, contact)


_CONTACT_TIMERS = {
    "stage": "stage_at",
    "settle": "settle_at",
    "sticky": "kept_until",
    "scheduled": "scheduled_at",
}


def _check_version(values: Mapping[str, Any]) -> None:
    if values.get("version") != DUMP_VERSION:
        raise UnreadableState(
            f"This state was written in version {values.get('version')!r}; this program reads {DUMP_VERSION}. "
            "Rebuild the floor from the database."
        )


def _fields(thing: Any, names: tuple[str, ...]) -> dict[str, Any]:
    return {name: getattr(thing, name) for name in names}


def _filled(thing: Any, values: Mapping[str, Any], names: tuple[str, ...]) -> Any:
    for name in names:
        setattr(thing, name, values[name])
    return thing
