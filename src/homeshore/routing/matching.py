"""Who gets which contact: the one place where offers are made.

An agent who becomes free is given the most urgent contact they may answer (`serve`); a contact that comes is given
the best free agent (`place`). Both sides look only at the tops of heaps.
"""

from __future__ import annotations

from heapq import heappop, heappush

from homeshore.routing.decisions import Offered
from homeshore.routing.lanes import line_up, restand, stands_at
from homeshore.routing.parts import (
    OFFERED,
    AgentState,
    ContactState,
    IdleEntry,
    Lane,
    OfferState,
    Place,
)
from homeshore.routing.reasons import AGENT_WAITED, CONTACT_WAITED, Ranking, Reasons
from homeshore.routing.run import Run
from homeshore.routing.state import State

RULE, RULE_VERSION = "longest_idle", 1


def serve(run: Run, agent: AgentState) -> None:
    """Gives the agent the most urgent contact they may answer, if they can take one, and tells the lanes."""
    channels = agent.open_channels()
    if channels:
        contact = most_urgent_for(run.state, agent, channels)
        if contact is not None and contact.lane is not None:
            _offer(run, contact, agent, contact.lane, CONTACT_WAITED, None)
    restand(run.state, agent)


def place(run: Run, contact: ContactState) -> None:
    """Gives a waiting contact to the best free agent, or else a place in the line."""
    if not _keep_for_preferred(run, contact) and not offer_waiting(run, contact):
        line_up(run.state, contact)


def offer_waiting(run: Run, contact: ContactState) -> bool:
    """Offers a waiting contact if an agent is free for it. True when it did."""
    lane = contact.lane
    if lane is None:
        return False
    winner, runner_up = best_agents_for(run.state, contact, lane)
    if winner is None:
        return False
    _offer(run, contact, winner, lane, AGENT_WAITED, runner_up)
    restand(run.state, winner)
    return True


def leave_line(state: State, contact: ContactState) -> None:
    """The contact waits no more where it did. Its entry in the heap goes stale."""
    if contact.kept_until is not None:
        contact.kept_until = None
        agent = state.agents.get(contact.preferred) if contact.preferred is not None else None
        if agent is not None:
            agent.wanted_by.discard(contact.id)
    elif contact.lane is not None:
        contact.lane.waits -= 1


def takes(state: State, contact: ContactState, agent: AgentState) -> bool:
    """Whether this contact may go to this agent, who has a free place and may answer its lane."""
    if contact.place > 1 and agent.free_places(contact.channel) < contact.place:
        return False
    if agent.id in contact.not_agents:
        return False
    return not contact.let_go or agent.id not in contact.let_go or nobody_else(state, contact)


def _anyone_may(contact: ContactState) -> bool:
    return contact.place == 1 and not contact.not_agents and not contact.let_go


def nobody_else(state: State, contact: ContactState) -> bool:
    """Whether every agent there who may answer the contact is one who let it go, or is excluded."""
    lane = contact.lane
    if lane is None:
        return False
    others = lane.free + lane.busy
    for id in {*(contact.let_go or ()), *contact.not_agents}:
        agent = state.agents.get(id)
        if agent is not None and agent.present and lane in agent.lanes:
            others -= 1
    return others <= 0


def most_urgent_for(state: State, agent: AgentState, channels: int) -> ContactState | None:
    """The waiting contact with the earliest due time among those the agent may answer on these channels."""
    best: Place | None = None
    for lane in agent.lanes:
        if lane.waits and lane.bit & channels:
            head = first_in_line(state, lane, agent)
            if head is not None and (best is None or head < best):
                best = head
    for id in agent.wanted_by:
        contact = state.contacts[id]
        if 1 << contact.channel & channels and takes(state, contact, agent):
            head = (contact.due, contact.arrived_at, id)
            if best is None or head < best:
                best = head
    return state.contacts[best[2]] if best else None


def first_in_line(state: State, lane: Lane, agent: AgentState) -> Place | None:
    """The first place in the lane's line that this agent may take."""
    line, contacts = lane.waiting, state.contacts
    aside: list[Place] = []
    found: Place | None = None
    while line:
        head = line[0]
        contact = contacts.get(head[2])
        if contact is None or not stands_at(contact, lane, head[0]):
            heappop(line)
        elif _anyone_may(contact) or takes(state, contact, agent):
            found = head
            break
        else:
            aside.append(heappop(line))
            while line and line[0] == aside[-1]:
                heappop(line)
    for head in aside:
        heappush(line, head)
    return found


def best_agents_for(state: State, contact: ContactState, lane: Lane) -> tuple[AgentState | None, AgentState | None]:
    """The free agent who ranks first for the contact, and the one after: the preferred one, then the longest idle."""
    winner: AgentState | None = None
    if contact.preferred is not None:
        preferred = state.agents.get(contact.preferred)
        if preferred is not None and _can_take(state, contact, preferred, lane):
            winner = preferred
    runner_up: AgentState | None = None
    if lane.free > (winner is not None):
        plain = _anyone_may(contact)
        aside: list[IdleEntry] = []
        idle, agents, bit = lane.idle, state.agents, lane.bit
        while idle:
            entry = idle[0]
            agent = agents.get(entry[2])
            if agent is None or agent.stamp != entry[3] or not agent.open & bit:
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
    run: Run, contact: ContactState, agent: AgentState, lane: Lane, side: str, runner_up: AgentState | None
) -> None:
    state, now, rule = run.state, run.now, lane.queue.rule
    expires_at = now + rule.offer_seconds * 1000
    reasons = _reasons(state, now, contact, agent, lane, side, runner_up)
    if side is CONTACT_WAITED:
        leave_line(state, contact)
    offer = OfferState(run.next_id(), contact, agent.id, now, expires_at, state.policy.grace_ms)
    state.offers[offer.id] = offer
    contact.stands, contact.offer = OFFERED, offer.id
    agent.offer = offer.id
    agent.held[contact.channel] += contact.place
    agent.load += 1
    run.arm(offer.times_out_at, "offer", offer.id)
    run.decisions.append(Offered(offer.id, contact.id, agent.id, contact.queue, now, expires_at, reasons))


def _reasons(
    state: State,
    now: int,
    contact: ContactState,
    agent: AgentState,
    lane: Lane,
    side: str,
    runner_up: AgentState | None,
) -> Reasons:
    counted_free = bool(agent.open & lane.bit)
    waiting = 0 if side is CONTACT_WAITED and contact.kept_until is None else 1
    for other in agent.lanes:
        waiting += other.waits
    return Reasons(
        RULE,
        RULE_VERSION,
        side,
        contact.queue,
        lane.queue.rule.version,
        lane.stage,
        contact.due,
        now - contact.arrived_at,
        contact.priority,
        contact.priority * state.policy.head_start_seconds * 1000,
        _ranking(contact, agent, lane),
        _ranking(contact, runner_up, lane) if runner_up is not None else None,
        lane.free + (not counted_free),
        lane.busy - (not counted_free and agent.present),
        lane.away - (not counted_free and not agent.present),
        waiting,
    )


def _ranking(contact: ContactState, agent: AgentState, lane: Lane) -> Ranking:
    levels = agent.levels
    return Ranking(
        agent.id,
        agent.idle_since,
        agent.load,
        agent.free_places(lane.channel),
        tuple([(skill, levels.get(skill, 0), level) for skill, level in lane.needs]),
        agent.id == contact.preferred,
    )
