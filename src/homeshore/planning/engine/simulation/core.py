"""The routing core itself on a virtual clock: what is simulated is what runs. Slower than the kernel, and the judge of it.

Agents accept every offer at once. Ten thousand contacts take a second or so.
"""

import heapq
from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import count

import numpy as np
from numpy.typing import NDArray

from homeshore.planning.engine.problems import unusable
from homeshore.planning.engine.simulation import SUPPORTED_POLICIES, Contacts, Day, Floor, Group, Queue, route_contacts
from homeshore.planning.engine.simulation.floor import Tables, group_places, tables_of
from homeshore.routing import State, step
from homeshore.routing.decisions import Offered
from homeshore.routing.inputs import (
    AgentSet,
    AssignmentClosed,
    ContactArrived,
    ContactCancelled,
    Input,
    OfferAccepted,
    PolicySet,
    PresenceSet,
    QueueSet,
    Tick,
)  # fmt: skip
from homeshore.routing.policy import LONGEST_IDLE, AgentRule, Overflow, Policy, QueueRule, Ring, check_overflow

# at one instant: who gave up is gone, who leaves has left, then work ends, shifts start, contacts arrive
_GIVES_UP, _LEAVES, _ENDS, _STARTS, _ARRIVES = range(5)


IDLE_LONGEST = Policy(rule=LONGEST_IDLE)
"""The policy that the kernel plays too."""


def kernel_plays(policy: Policy, floor: Floor) -> bool:
    """Whether the fast simulation takes the same decisions as the core by this policy."""
    return policy.rule in SUPPORTED_POLICIES and not policy.fairness_seconds and not floor.widens


def route_by(
    policy: Policy, floor: Floor, contacts: Contacts, record_acts: bool = False, tables: Tables | None = None
) -> Day:
    """The day by any ``policy``: from the kernel where it takes the same decisions, else from the core."""
    if kernel_plays(policy, floor):
        return route_contacts(floor, contacts, record_acts, tables)
    return route_with_core(floor, contacts, policy, record_acts, tables)


def route_with_core(
    floor: Floor, contacts: Contacts, policy: Policy = IDLE_LONGEST, record_acts: bool = False, tables: Tables | None = None
) -> Day:  # fmt: skip
    """The same day as ``route_contacts``, decided by ``homeshore.routing`` step by step, to the millisecond.

    ``policy`` may be any that the core knows, also those that the kernel refuses; head starts are those of the queues.
    """
    if any(group.queues_in_order for group in floor.groups) or any(queue.groups for queue in floor.queues):
        raise unusable(
            "the routing core knows no order among groups or queues but urgency and time idle", field="groups"
        )
    return _Lived(floor, contacts, policy, record_acts, tables or tables_of(floor)).to_the_end()


class _Lived:
    """A day while the core decides on it, in milliseconds from its start. There contacts and agents are numbered from one, here from nought."""

    def __init__(self, floor: Floor, contacts: Contacts, policy: Policy, record_acts: bool, tables: Tables) -> None:
        self.floor, self.contacts, self.policy, self.tables = floor, contacts, policy, tables
        self.record_acts = record_acts
        self.state, self.assignments = State("simulated"), count(1)
        self.events: list[tuple[int, int, int, int]] = []
        """(when, what, whose, number of the assignment), the next first."""
        self.held: dict[int, int] = {}
        """The queue of each assignment that goes on."""
        self.agent_of = np.full(contacts.time.size, -1, np.int32)
        self.left_at = contacts.time + contacts.patience
        self.busy = np.zeros(len(floor.agents))
        people = len(floor.agents) if record_acts else 0
        self.acts = np.zeros((people, floor.intervals, len(floor.queues)), np.int32)

    def to_the_end(self) -> Day:
        """Lives the day: a timer of the core first, then whatever is next."""
        self._set_rules()
        self._set_agents()
        for c, at in enumerate(self.contacts.time):
            self._expect(_ms(at), _ARRIVES, c)
        while self.events:
            due = self.state.next_due()
            if due is not None and due <= self.events[0][0]:
                self._tell(due, Tick())
            else:
                self._happens(*heapq.heappop(self.events))
        return _day_of(self.floor, self.contacts, self.agent_of, self.left_at, self.busy, self.acts)

    def _set_rules(self) -> None:
        self._tell(0, PolicySet(replace(self.policy, head_start_seconds=0)))
        ids, skills = _ids(self.floor), _skills(self.floor)
        rules = [_rule(queue, ids, skills) for queue in self.floor.queues]
        check_overflow(rules)
        for rule in rules:
            self._tell(0, QueueSet(rule))

    def _set_agents(self) -> None:
        ids, skills = _ids(self.floor), _skills(self.floor)
        live = {queue.name for queue in self.floor.queues if not queue.can_wait}
        at_once = {queue.name: queue.at_once for queue in self.floor.queues}
        rules = {
            group.name: AgentRule(
                0, _had(group, skills), tuple(ids[name] for name in (*group.queues, *group.later) if name in live),
                {"voice": 1, "chat": group_places(group, at_once)},
            )
            for group in self.floor.groups
        }  # fmt: skip
        for a, agent in enumerate(self.floor.agents):
            self._tell(0, AgentSet(replace(rules[agent.group], id=a + 1)))
            for start, end in agent.shifts:
                self._expect(_ms(start), _STARTS, a)
                self._expect(_ms(end), _LEAVES, a)

    def _expect(self, at: int, what: int, whose: int, number: int = 0) -> None:
        heapq.heappush(self.events, (at, what, whose, number))

    def _happens(self, now: int, what: int, whose: int, number: int) -> None:
        if what == _ARRIVES:
            patience = self.contacts.patience[whose]
            if np.isfinite(patience):
                self._expect(_ms(self.contacts.time[whose] + patience), _GIVES_UP, whose)
            self._tell(now, ContactArrived(whose + 1, int(self.contacts.queue[whose]) + 1, now))
        elif what == _GIVES_UP:
            if self.agent_of[whose] < 0:
                self._tell(now, ContactCancelled(whose + 1, "abandoned"))
        elif what == _ENDS:
            queue = self.held.pop(number)
            if self.record_acts:
                slot = min(int(now / 1000 / self.floor.interval_seconds), self.floor.intervals - 1)
                self.acts[whose, slot, queue] += 1
            self._tell(now, AssignmentClosed(number))
        else:
            self._tell(now, PresenceSet(whose + 1, ready=what == _STARTS))

    def _tell(self, now: int, given: Input) -> None:
        for decision in step(self.state, given, now).decisions:
            if isinstance(decision, Offered):
                self._accept(decision, now)

    def _accept(self, offer: Offered, now: int) -> None:
        c, a, number = offer.contact - 1, offer.agent - 1, next(self.assignments)
        self.agent_of[c], self.left_at[c] = a, now / 1000
        queue = int(self.contacts.queue[c])
        own = self.contacts.work[c] * self.tables.handling[a, queue]
        self.busy[a] += own
        self.held[number] = queue
        self._expect(now + _ms(own * self.tables.at_once[queue]), _ENDS, a, number)
        self._tell(now, OfferAccepted(offer.id, offer.contact, offer.agent, number))


def _ms(seconds: float) -> int:
    return round(float(seconds) * 1000)


def _ids(floor: Floor) -> dict[str, int]:
    return {queue.name: k + 1 for k, queue in enumerate(floor.queues)}


def _had(group: Group, skills: Mapping[str, Sequence[tuple[float, int]]]) -> tuple[tuple[int, int], ...]:
    """The skills of a group: those that its queues ask for until it serves them."""
    return tuple(
        (skill, 1) for name, asked in skills.items() for after, skill in asked if group.later.get(name, 0.0) < after
    )


def _skills(floor: Floor) -> dict[str, list[tuple[float, int]]]:
    """For queues that some groups serve later, a skill for each moment from which it is asked for no more: who serves the
    queue from a moment on has those that end after it."""
    moments = {queue.name: {group.later[queue.name] for group in floor.groups if queue.name in group.later}
               for queue in floor.queues}  # fmt: skip
    numbers = count(1)
    return {name: [(after, next(numbers)) for after in sorted(found)] for name, found in moments.items() if found}


def _rule(queue: Queue, ids: Mapping[str, int], skills: Mapping[str, Sequence[tuple[float, int]]]) -> QueueRule:
    asked = skills.get(queue.name, ())
    rings = tuple(
        Ring(round(after), tuple((skill, 1) for later, skill in asked if later > after)) for after, _ in asked
    )
    return QueueRule(
        ids[queue.name], _channel(queue), tuple((skill, 1) for _, skill in asked),
        target_seconds=round(queue.target_seconds - queue.head_start_seconds), cost=queue.weight, rings=rings,
        overflow=tuple(Overflow(round(after), ids[name]) for after, name in queue.overflow), reserve=queue.reserve,
    )  # fmt: skip


def _channel(queue: Queue) -> str:
    return "chat" if queue.at_once > 1 else "voice"


def _day_of(
    floor: Floor, contacts: Contacts, agent: NDArray[np.int32], left_at: NDArray[np.float64], busy: NDArray[np.float64],
    acts: NDArray[np.int32],
) -> Day:  # fmt: skip
    targets = np.array([queue.target_seconds for queue in floor.queues])[contacts.queue]
    wait = left_at - contacts.time
    answered, gone = agent >= 0, (agent < 0) & np.isfinite(left_at)
    slot = np.minimum((contacts.time / floor.interval_seconds).astype(int), floor.intervals - 1)

    def summed(weight: NDArray[np.float64]) -> NDArray[np.float64]:
        table = np.zeros((len(floor.queues), floor.intervals))
        np.add.at(table, (contacts.queue, slot), weight)
        return table

    columns: Mapping[str, NDArray[np.float64]] = {
        "arrivals": np.ones(agent.size),
        "answered": answered.astype(np.float64),
        "in_time": (answered & (wait <= targets)).astype(np.float64),
        "abandoned": gone.astype(np.float64),
        "abandoned_in_time": (gone & (wait <= targets)).astype(np.float64),
        "wait_of_answered": np.where(answered, wait, 0.0),
        "wait_of_abandoned": np.where(gone, wait, 0.0),
    }
    tables = {name: summed(weight) for name, weight in columns.items()}
    return Day(**tables, agent=agent, left_queue_at=left_at, busy_seconds=busy, acts=acts)
