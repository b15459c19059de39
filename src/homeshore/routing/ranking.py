"""How a rule ranks: which queue a free agent turns to, which agent a contact goes to, and when someone is better
kept free.

"longest_idle": the contact due first, the agent idle longest. "least_cost": the queue where serving is worth most,
the agent whose being occupied costs the other queues least; and nobody, where keeping the agent free for a costlier
queue is worth more than serving now. How long it may keep a contact waiting beside a free agent is bounded by
`kept_until_at_most`.
"""

from __future__ import annotations

from math import frexp, sqrt
from typing import TYPE_CHECKING

from homeshore.routing.lines import first_in_line
from homeshore.routing.parts import AgentState, Lane, QueueState
from homeshore.routing.policy import CHAT, LEAST_COST, VOICE
from homeshore.routing.prices import LOAD_PARTS, cost_weight, look_ahead, shared_agents

if TYPE_CHECKING:
    from homeshore.routing.state import State

VERSIONS = {"longest_idle": 1, "least_cost": 6}

SLOW_TO_KEEP_FREE = 0.85
"""Prices see queues apart and so overrate a little what a free agent is worth."""
RESERVED = 1e9
"""The price of an agent whom a queue has reserved."""
_KNOWN = 4
"""How many contacts the queue's average speed weighs against an agent's own."""
_PATIENCES, _KEEP_AT_MOST_MS = 2, 300_000
_EVIDENCE = 10
"""Arrivals a queue must have shown lately before an agent is kept free for it."""
_LOOK_AT_LEAST, _LOOK_AT_MOST = 16, 64


def by_price(state: State) -> bool:
    """Whether the floor's rule weighs prices."""
    return state.policy.rule == LEAST_COST


def kept_until_at_most(queue: QueueState, due: int) -> int:
    """Until when a contact may wait beside an agent kept free: its due time and twice the patience seen, or five minutes."""
    patience = _PATIENCES / queue.estimates.patience_rate()
    return due + min(int(patience), _KEEP_AT_MOST_MS)


def waits_in(queue: QueueState) -> int:
    """How many contacts wait in the queue, at whatever stage."""
    lanes = queue.lanes
    return lanes[0].waits if len(lanes) == 1 else sum(lane.waits for lane in lanes)


def speed(agent: AgentState, queue: QueueState) -> float:
    """Contacts of this queue per millisecond that the agent finishes, from what they did and the queue's average."""
    own, rate = agent.paces.get(queue.id), queue.prices.rate
    return rate if own is None else (own[0] + _KNOWN) / (own[1] + _KNOWN / rate)


def worth(agent: AgentState, queue: QueueState, waiting: int) -> float:
    """What it is worth that this agent starts serving one of so many waiting contacts.

    Their speed counts more than once: who is slower here than others takes time that a faster one would not need, and
    the contact loses little by waiting for that one.
    """
    own, rate = speed(agent, queue), queue.prices.rate
    ahead = own / rate
    return own * ahead * sqrt(ahead) * queue.prices.of_waiting(waiting)


def price_of_agent(state: State, agent: AgentState, taken: Lane) -> tuple[float, QueueState | None]:
    """What it costs the agent's other queues that they take a contact of this lane, and the queue it costs most.

    Who waits in vain for this agent, because they let that contact go, costs nothing.
    """
    price = 0.0
    dearest: QueueState | None = None
    taken_queue, occupied = taken.queue, channels_taken(agent, taken)
    paces, counted = agent.paces, agent.open
    for lane in agent.lanes:
        queue = lane.queue
        if lane.stage or queue is taken_queue or not lane.bit & occupied:
            continue
        prices, own = queue.prices, paces.get(queue.id)
        rate, ahead = prices.rate, 1.0
        if own is not None:
            rate = (own[0] + _KNOWN) / (own[1] + _KNOWN / rate)
            ahead = rate / prices.rate
        if lane.waits and first_in_line(state, lane, agent) is not None:
            cost = rate * ahead * sqrt(ahead) * prices.of_waiting(lane.waits)
        else:
            free, table = lane.free + (not counted & lane.bit), prices.free
            if free <= queue.rule.reserve:
                cost = RESERVED
            else:
                cost = SLOW_TO_KEEP_FREE * rate * sqrt(ahead) * (table[free] if free < len(table) else table[-1])
        if cost > price:
            price, dearest = cost, queue
    return price, dearest


def channels_taken(agent: AgentState, taken: Lane) -> int:
    """The channels, as bits, on which the agent can take nothing more beside a contact of this lane."""
    channel = taken.channel
    if channel == VOICE:
        others = ~taken.bit
    else:
        others = 1 << VOICE if channel == CHAT or not taken.queue.rule.interruptible else 0
    return others | taken.bit if agent.free_places(channel) <= 1 else others


def ranks(state: State, agent: AgentState, counted: int) -> tuple[int, ...]:
    """The agent's rank among the free of each of their lanes: lower where they cost others less for the speed they bring.

    `counted` are the channels, as bits, in whose lanes they are counted among the free already.
    """
    if not by_price(state):
        return (0,) * len(agent.lanes)
    paces = agent.paces
    first = second = 0.0
    dearest: QueueState | None = None
    speeds = []
    for lane in agent.lanes:
        queue = lane.queue
        prices, own = queue.prices, paces.get(queue.id)
        rate, ahead = prices.rate, 1.0
        if own is not None:
            rate = (own[0] + _KNOWN) / (own[1] + _KNOWN / rate)
            ahead = sqrt(rate / prices.rate)
        speeds.append(rate)
        if not lane.stage:
            free, table = lane.free + (not counted & lane.bit), prices.free
            if free <= queue.rule.reserve:
                cost = RESERVED
            else:
                cost = rate * ahead * (table[free] if free < len(table) else table[-1])
            if cost > first:
                first, second, dearest = cost, first, queue
            elif cost > second:
                second = cost
    return tuple(
        [
            _step_of((second if lane.queue is dearest else first) / rate)
            for lane, rate in zip(agent.lanes, speeds, strict=True)
        ]
    )


def _step_of(cost: float) -> int:
    """The cost in steps of about a quarter, so that near equals are told apart by how long they have been idle."""
    if cost <= 0.0:
        return -1_000
    part, power = frexp(cost)
    return power * 4 + int(part * 8)


def look_at_all_prices(state: State, now: int) -> None:
    """Works out every queue's prices: a floor was laid, and it is known who works there and what was learned before."""
    if by_price(state):
        for _, queue in sorted(state.queues.items()):
            look_at_prices(state, queue, now)


def look_at_prices(state: State, queue: QueueState, now: int) -> None:
    """Works out the queue's prices from what it has seen, once in so many arrivals that each pays for little of it."""
    estimates, prices, rule, lane = queue.estimates, queue.prices, queue.rule, queue.lanes[0]
    arrivals, service = estimates.arrival_rate(now), estimates.service_rate()
    able = lane.free + lane.busy
    load = round(LOAD_PARTS * arrivals / service / max(able, 1))
    change, prices.load = load - prices.load, load
    pulls, agents_known = [], state.agents
    for id in state.engaged.get(queue.id, ()):
        agent = agents_known[id]
        if lane in agent.lanes:
            agent.pulled += change
            if agent.present:
                pulls.append(agent.pulled)
    busy, some_free = shared_agents(able, load, pulls)
    patience = estimates.patience_rate()
    longest = look_ahead(arrivals, service, patience, busy, waits_in(queue))
    cost = cost_weight(rule.cost, rule.target_seconds)
    prices.settle(cost, arrivals, service, patience, busy, some_free, longest)
    if estimates.came + estimates.before < _EVIDENCE:
        prices.keep_nobody_free()
    prices.look_due = max(_LOOK_AT_LEAST, min(estimates.came + estimates.before, max(_LOOK_AT_MOST, able)))
