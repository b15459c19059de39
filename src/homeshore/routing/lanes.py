"""Who may answer what, and who is free: agents in lanes, and the counts kept right at each change."""

from __future__ import annotations

from collections.abc import Iterable
from heapq import heapify, heappush
from typing import TYPE_CHECKING

from homeshore.routing.parts import AgentState, IdleEntry, Lane
from homeshore.routing.policy import Need
from homeshore.routing.ranking import ranks

if TYPE_CHECKING:
    from homeshore.routing.state import State

_SLACK = 64
"""Stale entries a heap may hold before it is swept."""


def meets(agent: AgentState, needs: Iterable[Need]) -> bool:
    """Whether the agent holds every skill at the level asked."""
    levels = agent.levels
    return all(levels.get(skill, 0) >= level for skill, level in needs)


def may_answer(state: State, agent: AgentState, lane: Lane) -> bool:
    """Whether the agent is engaged on the lane's queue and meets its needs, or those of a queue it overflows to.

    A closed queue is answered by nobody.
    """
    rule = agent.rule
    if lane.queue.rule.opens_at is not None:
        return False
    if rule.reserved_for and lane.queue.id not in rule.reserved_for:
        return False
    if lane.queue.id in rule.queues and meets(agent, lane.needs):
        return True
    for over in lane.overflow:
        other = state.queues.get(over)
        if other is not None and over in rule.queues and meets(agent, other.rule.needs):
            return True
    return False


def engage(state: State, agent: AgentState, as_ranked: tuple[int, ...] | None = None) -> None:
    """Notes which queues the agent is engaged on, and puts them in every lane they may answer."""
    for queue in agent.rule.queues:
        state.engaged.setdefault(queue, set()).add(agent.id)
    enter_lanes(state, agent, as_ranked)


def disengage(state: State, agent: AgentState) -> None:
    """Takes the agent out of every lane and queue."""
    leave_lanes(agent)
    for queue in agent.rule.queues:
        members = state.engaged.get(queue)
        if members is not None:
            members.discard(agent.id)
            if not members:
                del state.engaged[queue]


def enter_lanes(state: State, agent: AgentState, as_ranked: tuple[int, ...] | None = None) -> None:
    """Works out the agent's lanes and counts them in each, as they stand. Ranks, where known, are kept."""
    near: set[int] = set()
    for queue in agent.rule.queues:
        near.add(queue)
        near.update(state.overflows_from.get(queue, ()))
    agent.lanes = tuple(
        lane
        for queue in sorted(near)
        if queue in state.queues
        for lane in state.queues[queue].lanes
        if may_answer(state, agent, lane)
    )
    agent.pulled = sum([lane.queue.prices.load for lane in agent.lanes if not lane.stage])
    agent.present, agent.open = False, 0
    for lane in agent.lanes:
        lane.away += 1
    restand(state, agent, as_ranked)


def leave_lanes(agent: AgentState) -> None:
    """Counts the agent out of all lanes."""
    for lane in agent.lanes:
        if not agent.present:
            lane.away -= 1
        elif agent.open & lane.bit:
            lane.free -= 1
        else:
            lane.busy -= 1
    agent.lanes, agent.pulled = (), 0
    agent.present, agent.open, agent.stamp = False, 0, 0


def restand(state: State, agent: AgentState, as_ranked: tuple[int, ...] | None = None) -> None:
    """Tells the lanes where the agent stands now: free, busy or away. To be called after every change of an agent."""
    found = agent.open_channels()
    present = found != 0 or agent.is_there()
    was_present, was_open = agent.present, agent.open
    if found == 0 and was_open == 0 and present == was_present:
        return
    agent.present, agent.open = present, found
    state.stamps = agent.stamp = stamp = state.stamps + 1
    if found == 0 and present == was_present:
        for lane in agent.lanes:
            if was_open & lane.bit:
                lane.free -= 1
                lane.busy += 1
        return
    if found:
        agent.ranks = ranks(state, agent, was_open) if as_ranked is None else as_ranked
    load, id = agent.load, agent.id
    idle_since = agent.idle_since + agent.handicap_ms(state.policy.fairness_seconds)
    for index, lane in enumerate(agent.lanes):
        bit = lane.bit
        if was_open & bit:
            lane.free -= 1
        elif was_present:
            lane.busy -= 1
        else:
            lane.away -= 1
        if found & bit:
            lane.free += 1
            idle = lane.idle
            heappush(idle, (agent.ranks[index], load, idle_since, id, stamp))
            if len(idle) > 2 * lane.free + _SLACK:
                sweep_idle(state, lane)
        elif present:
            lane.busy += 1
        else:
            lane.away += 1
    if was_present and not present:
        _look_again(state, agent)


def rank_anew(state: State, agent: AgentState) -> bool:
    """Ranks a free agent by what they cost others now, and not when they became free; whether that is another rank."""
    found = ranks(state, agent, agent.open)
    if found == agent.ranks:
        return False
    agent.ranks = found
    state.stamps = agent.stamp = state.stamps + 1
    idle_since = agent.idle_since + agent.handicap_ms(state.policy.fairness_seconds)
    for lane, rank in zip(agent.lanes, found, strict=True):
        if agent.open & lane.bit:
            heappush(lane.idle, (rank, agent.load, idle_since, agent.id, agent.stamp))
            if len(lane.idle) > 2 * lane.free + _SLACK:
                sweep_idle(state, lane)
    return True


def _look_again(state: State, agent: AgentState) -> None:
    """Who left may have been the only other one for contacts that somebody let go, or the one they waited for."""
    for lane in agent.lanes:
        if lane.queue.let_go:
            state.to_look_at.update(lane.queue.let_go)
    state.to_look_at.update(agent.wanted_by)


def is_current(state: State, lane: Lane, entry: IdleEntry) -> bool:
    """Whether an entry of the lane's free agents still tells the truth."""
    agent = state.agents.get(entry[3])
    return agent is not None and agent.stamp == entry[4] and bool(agent.open & lane.bit)


def sweep_idle(state: State, lane: Lane) -> None:
    """Drops the stale entries of the lane's free agents."""
    lane.idle = [entry for entry in lane.idle if is_current(state, lane, entry)]
    heapify(lane.idle)
