"""Who gets which contact: the one place where offers are made.

An agent who becomes free is given the most urgent contact they may answer (`serve`); a contact that comes is given
the best free agent (`place`). Both sides look only at the tops of heaps.
"""

from __future__ import annotations

from heapq import heappop, heappush

from homeshore.routing.decisions import Offered
from homeshore.routing.lanes import is_current, rank_anew, restand
from homeshore.routing.lines import anyone_may, first_in_line, first_waiting, leave_line, line_up, takes
from homeshore.routing.parts import (
    OFFERED,
    WAITING,
    AgentState,
    ContactState,
    IdleEntry,
    Lane,
    OfferState,
    Place,
    QueueState,
)
from homeshore.routing.ranking import VERSIONS, by_price, kept_until_at_most, price_of_agent, waits_in, worth
from homeshore.routing.reasons import AGENT_WAITED, CONTACT_WAITED, Ranking, Reasons
from homeshore.routing.run import Run
from homeshore.routing.state import State

Weighed = tuple[float, float] | None
"""What serving was worth, and what it cost the agent's other queues, where the rule weighs prices."""

LOOK_AGAIN_MS = 10_000
"""How soon who waits beside agents kept free is weighed again."""


def serve(run: Run, agent: AgentState) -> None:
    """Gives the agent the contact that ranks first for them, if they can take one, and tells the lanes how they stand."""
    channels = agent.open_channels()
    if channels:
        contact, weighed = contact_for(run, agent, channels)
        if contact is not None and contact.lane is not None:
            _offer(run, contact, agent, contact.lane, CONTACT_WAITED, None, weighed)
        elif by_price(run.state):
            _watch_beside(run, agent, channels)
            run.state.to_look_at |= agent.wanted_by  # they waited for an agent who was busy, and is kept free now
    restand(run.state, agent)


def place(run: Run, contact: ContactState) -> None:
    """Gives a waiting contact to the best free agent, or else a place in the line."""
    if _keep_for_preferred(run, contact):
        return
    lane = contact.lane
    if lane is not None and lane.waits and lane.free and by_price(run.state):
        _place_behind(run, contact, lane)
    elif not offer_waiting(run, contact):
        line_up(run.state, contact)
        if lane is not None and lane.free and lane.queue.watch_at is None and by_price(run.state):
            watch(run, lane.queue, contact.due)


def _place_behind(run: Run, contact: ContactState, lane: Lane) -> None:
    """Others wait here although agents are free: it is the first of them that may now be worth an agent, then the next."""
    line_up(run.state, contact)
    head = first_waiting(run.state, lane)
    while head is not None and offer_from_line(run, head):
        head = first_waiting(run.state, lane) if head is not contact else None
    # Whoever is free may be barred for the first, and not for this one.
    if contact.stands == WAITING and head is not contact:
        offer_from_line(run, contact)
    if lane.queue.watch_at is None:
        watch(run, lane.queue, contact.due)


def _watch_beside(run: Run, agent: AgentState, channels: int) -> None:
    """The agent stays free beside whoever waits in their lanes: those queues are to be watched from now on."""
    for lane in agent.lanes:
        if lane.waits and lane.bit & channels and lane.queue.watch_at is None:
            head = first_waiting(run.state, lane)
            if head is not None:
                watch(run, lane.queue, head.due)


def watch(run: Run, queue: QueueState, due: int) -> None:
    """Sets the moment to weigh again who waits here beside an agent kept free: soon, since what agents are worth elsewhere changes."""
    at, soon = kept_until_at_most(queue, due), run.now + LOOK_AGAIN_MS
    queue.watch_at = at if run.now < at < soon else soon
    run.arm(queue.watch_at, "watch", queue.id)


def keep_watch(run: Run, queue: QueueState) -> None:
    """Weighs again who waits beside agents kept free, offers what is worth it by now or has waited as long as may be, and sets the next watch.

    Where nobody is free there is nothing to watch: whoever becomes free looks at the lines by themselves.
    """
    queue.watch_at = None
    earliest: int | None = None
    for lane in queue.lanes:
        if not lane.free:
            continue
        head = first_waiting(run.state, lane)
        while head is not None and offer_from_line(run, head):
            head = first_waiting(run.state, lane)
        if head is not None:
            if not anyone_may(head):
                _serve_behind(run, lane)
            earliest = head.due if earliest is None else min(earliest, head.due)
    if earliest is not None and queue.watch_at is None:
        watch(run, queue, earliest)


def _serve_behind(run: Run, lane: Lane) -> None:
    """Whoever is free here may be barred for the first in line, and not for those behind."""
    agent = _first_free(run.state, lane)
    while agent is not None:
        serve(run, agent)
        agent = _first_free(run.state, lane) if agent.offer is not None else None


def _first_free(state: State, lane: Lane) -> AgentState | None:
    while lane.idle:
        if is_current(state, lane, lane.idle[0]):
            return state.agents[lane.idle[0][3]]
        heappop(lane.idle)
    return None


def offer_from_line(run: Run, contact: ContactState) -> bool:
    """Offers a contact that stands in line if an agent is free for it; else it stays where it is."""
    leave_line(run.state, contact)
    if offer_waiting(run, contact):
        return True
    if contact.lane is not None:
        contact.lane.waits += 1
    return False


def offer_waiting(run: Run, contact: ContactState) -> bool:
    """Offers a waiting contact that is in no line. True when an agent is free for it, and not kept for costlier ones.

    An agent's rank is of when they became free: whoever ranks first and would be kept free is ranked anew, and the next one asked.
    """
    lane, state = contact.lane, run.state
    if lane is None or not lane.free:
        return False
    winner, runner_up = best_agents_for(state, contact, lane)
    weighed: Weighed = None
    if by_price(state):
        late, favour = run.now >= kept_until_at_most(lane.queue, contact.due), contact.preferred is not None
        while winner is not None:
            weighed = worth(winner, lane.queue, waits_in(lane.queue) + 1), price_of_agent(state, winner, lane)[0]
            if late or weighed[0] >= weighed[1]:
                break
            if not favour and not rank_anew(state, winner):
                return False
            favour = False
            winner, runner_up = best_agents_for(state, contact, lane, favour)
    if winner is None:
        return False
    _offer(run, contact, winner, lane, AGENT_WAITED, runner_up, weighed)
    restand(state, winner)
    return True


def contact_for(run: Run, agent: AgentState, channels: int) -> tuple[ContactState | None, Weighed]:
    """The waiting contact that ranks first for the agent on these channels, and what weighed for it; None to stay free."""
    state, priced = run.state, by_price(run.state)
    best: ContactState | None = None
    best_place: Place | None = None
    best_value = -1.0
    overdue = False
    for place, contact in _heads_for(state, agent, channels):
        if not priced:
            if best_place is None or place < best_place:
                best, best_place = contact, place
            continue
        queue = state.queues[contact.queue]
        late = run.now >= kept_until_at_most(queue, contact.due)
        value = worth(agent, queue, waits_in(queue) or 1)
        if best_place is None or _ranks_before((late, value, place), (overdue, best_value, best_place)):
            best, best_place, best_value, overdue = contact, place, value, late
    if best is None or best.lane is None or not priced:
        return best, None
    price = price_of_agent(state, agent, best.lane)[0]
    return (best if overdue or best_value >= price else None), (best_value, price)


def _ranks_before(one: tuple[bool, float, Place], other: tuple[bool, float, Place]) -> bool:
    """Who has waited as long as may be comes first, by place; then the greater worth, and the place again."""
    if one[0] != other[0]:
        return one[0]
    if one[0] or one[1] == other[1]:
        return one[2] < other[2]
    return one[1] > other[1]


def _heads_for(state: State, agent: AgentState, channels: int) -> list[tuple[Place, ContactState]]:
    """The first contact of each line that the agent may take, and those that wait for this agent alone."""
    found = []
    for lane in agent.lanes:
        if lane.waits and lane.bit & channels:
            head = first_in_line(state, lane, agent)
            if head is not None:
                found.append((head, state.contacts[head[2]]))
    for id in agent.wanted_by:
        contact = state.contacts[id]
        if 1 << contact.channel & channels and takes(state, contact, agent):
            found.append(((contact.due, contact.arrived_at, id), contact))
    return found


def best_agents_for(
    state: State, contact: ContactState, lane: Lane, favour: bool = True
) -> tuple[AgentState | None, AgentState | None]:
    """The free agent who ranks first for the contact, and the one after: the preferred one, in whose `favour` it is, then the
    longest idle.
    """
    winner: AgentState | None = None
    if contact.preferred is not None and favour:
        preferred = state.agents.get(contact.preferred)
        if preferred is not None and _can_take(state, contact, preferred, lane):
            winner = preferred
    runner_up: AgentState | None = None
    if lane.free > (winner is not None):
        plain = anyone_may(contact)
        aside: list[IdleEntry] = []
        idle, agents, bit = lane.idle, state.agents, lane.bit
        while idle:
            entry = idle[0]
            agent = agents.get(entry[3])
            if agent is None or agent.stamp != entry[4] or not agent.open & bit:
                heappop(idle)
                continue
            if agent is not winner and (plain or takes(state, contact, agent)):
                if winner is not None:
                    runner_up = agent
                    break
                winner = agent
            aside.append(heappop(idle))
        for entry in aside:
            heappush(idle, entry)
    return winner, runner_up


def _can_take(state: State, contact: ContactState, agent: AgentState, lane: Lane) -> bool:
    return bool(agent.open & lane.bit) and lane in agent.lanes and takes(state, contact, agent)


def _keep_for_preferred(run: Run, contact: ContactState) -> bool:
    """Where the queue says so, a contact waits for the agent it prefers, as long as that agent is there and busy."""
    lane = contact.lane
    if lane is None or contact.preferred is None or run.now >= contact.sticky_until:
        return False
    agent = run.state.agents.get(contact.preferred)
    if agent is None or not agent.is_there() or agent.open & lane.bit or lane not in agent.lanes:
        return False
    if agent.id in contact.not_agents or (contact.let_go and agent.id in contact.let_go):
        return False
    contact.kept_until = contact.sticky_until
    agent.wanted_by.add(contact.id)
    run.arm(contact.kept_until, "sticky", contact.id)
    return True


def _offer(
    run: Run,
    contact: ContactState,
    agent: AgentState,
    lane: Lane,
    side: str,
    runner_up: AgentState | None,
    weighed: Weighed,
) -> None:
    state, now, rule = run.state, run.now, lane.queue.rule
    expires_at = now + rule.offer_seconds * 1000
    reasons = _reasons(run, contact, agent, lane, side, runner_up, weighed)
    if side is CONTACT_WAITED:
        leave_line(state, contact)
    firm = not rule.interruptible
    offer = OfferState(run.next_id(), contact, agent.id, now, expires_at, state.policy.grace_ms, firm)
    state.offers[offer.id] = offer
    contact.stands, contact.offer = OFFERED, offer.id
    agent.offer = offer.id
    agent.take(offer)
    run.arm(offer.times_out_at, "offer", offer.id)
    run.decisions.append(Offered(offer.id, contact.id, agent.id, contact.queue, now, expires_at, reasons))


def _reasons(
    run: Run,
    contact: ContactState,
    agent: AgentState,
    lane: Lane,
    side: str,
    runner_up: AgentState | None,
    weighed: Weighed,
) -> Reasons:
    policy = run.state.policy
    counted_free = bool(agent.open & lane.bit)
    waiting = 0 if side is CONTACT_WAITED and contact.kept_until is None else 1
    for other in agent.lanes:
        waiting += other.waits
    return Reasons(
        policy.rule,
        VERSIONS[policy.rule],
        side,
        contact.queue,
        lane.queue.rule.version,
        lane.stage,
        contact.due,
        run.now - contact.arrived_at,
        contact.priority,
        contact.priority * policy.head_start_seconds * 1000,
        _ranking(run.state, contact, agent, lane),
        _ranking(run.state, contact, runner_up, lane) if runner_up is not None else None,
        lane.free + (not counted_free),
        lane.busy - (not counted_free and agent.present),
        lane.away - (not counted_free and not agent.present),
        waiting,
        *(weighed or (None, None)),
    )


def _ranking(state: State, contact: ContactState, agent: AgentState, lane: Lane) -> Ranking:
    levels = agent.levels
    return Ranking(
        agent.id,
        agent.idle_since,
        agent.load,
        agent.free_places(lane.channel),
        tuple([(skill, levels.get(skill, 0), level) for skill, level in lane.needs]),
        agent.id == contact.preferred,
        agent.acts,
        agent.handicap_ms(state.policy.fairness_seconds),
    )
