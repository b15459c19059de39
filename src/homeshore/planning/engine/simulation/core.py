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
from homeshore.planning.engine.simulation import SUPPORTED_POLICIES, Contacts, Day, Floor, Queue, route_contacts
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
    tables = tables or tables_of(floor)
    state, assignments = State("simulated"), count(1)
    queue_ids = {queue.name: k + 1 for k, queue in enumerate(floor.queues)}
    live = {queue.name for queue in floor.queues if not queue.can_wait}
    groups = {
        group.name: tuple(queue_ids[name] for name in (*group.queues, *group.later) if name in live)
        for group in floor.groups
    }
    skills = _skills(floor)
    had = {
        group.name: tuple(
            (skill, 1) for name, rings in skills.items() for after, skill in rings if group.later.get(name, 0.0) < after
        )
        for group in floor.groups
    }
    at_once = {queue.name: queue.at_once for queue in floor.queues}
    chats = {group.name: group_places(group, at_once) for group in floor.groups}
    total = contacts.time.size
    agent_of = np.full(total, -1, np.int32)
    left_at = contacts.time + contacts.patience
    busy = np.zeros(len(floor.agents))
    acts = np.zeros((len(floor.agents) if record_acts else 0, floor.intervals, len(floor.queues)), np.int32)
    held: dict[int, int] = {}  # queue by assignment
    events: list[tuple[int, int, int, int]] = []

    def ms(seconds: float) -> int:
        return round(float(seconds) * 1000)

    def tell(now: int, given: Input) -> None:
        for decision in step(state, given, now).decisions:
            if isinstance(decision, Offered):
                c, a, number = decision.contact - 1, decision.agent - 1, next(assignments)
                agent_of[c], left_at[c] = a, now / 1000
                queue = int(contacts.queue[c])
                own = contacts.work[c] * tables.handling[a, queue]
                busy[a] += own
                length = ms(own * tables.at_once[queue])
                held[number] = queue
                heapq.heappush(events, (now + length, _ENDS, a, number))
                tell(now, OfferAccepted(decision.id, decision.contact, decision.agent, number))

    tell(0, PolicySet(replace(policy, head_start_seconds=0)))
    rules = [_rule(queue, queue_ids, skills) for queue in floor.queues]
    check_overflow(rules)
    for rule in rules:
        tell(0, QueueSet(rule))
    for a, agent in enumerate(floor.agents):
        places = {"voice": 1, "chat": chats[agent.group]}
        tell(0, AgentSet(AgentRule(a + 1, had[agent.group], groups[agent.group], places)))
        for start, end in agent.shifts:
            heapq.heappush(events, (ms(start), _STARTS, a, 0))
            heapq.heappush(events, (ms(end), _LEAVES, a, 0))
    for c in range(total):
        heapq.heappush(events, (ms(contacts.time[c]), _ARRIVES, c, 0))
    while events:
        due = state.next_due()
        if due is not None and due <= events[0][0]:
            tell(due, Tick())
            continue
        now, what, who, number = heapq.heappop(events)
        if what == _ARRIVES:
            if np.isfinite(contacts.patience[who]):
                heapq.heappush(events, (ms(contacts.time[who] + contacts.patience[who]), _GIVES_UP, who, 0))
            tell(now, ContactArrived(who + 1, int(contacts.queue[who]) + 1, now))
        elif what == _GIVES_UP:
            if agent_of[who] < 0:
                tell(now, ContactCancelled(who + 1, "abandoned"))
        elif what == _ENDS:
            ended = held.pop(number)
            if record_acts:
                acts[who, min(int(now / 1000 / floor.interval_seconds), floor.intervals - 1), ended] += 1
            tell(now, AssignmentClosed(number))
        else:
            tell(now, PresenceSet(who + 1, ready=what == _STARTS))
    return _day_of(floor, contacts, agent_of, left_at, busy, acts)


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
