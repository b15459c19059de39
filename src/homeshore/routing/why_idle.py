"""Why nothing is offered to an agent now: codes and data, to be put in words elsewhere."""

from __future__ import annotations

from dataclasses import dataclass

from homeshore.routing.lanes import is_current
from homeshore.routing.parts import WAITING, AgentState, ContactState
from homeshore.routing.policy import VOICE
from homeshore.routing.state import State
from homeshore.routing.why_not import WhyNot, why_not

SHOWN = 20
"""Waiting contacts that are looked at one by one."""


@dataclass(frozen=True, slots=True)
class WhyIdle:
    """Why nothing comes, and for the contacts that wait in the agent's queues, the first ones due, why not each.

    Codes of `why`, in the order in which they are looked for: `unknown_agent`, `removed`, `no_queue`, `no_lane` (they
    meet the needs of none of their queues; queue and what is missing for the first one), `line_lost`, `rested`
    (missed), `away`, `waiting_for_fact` (until), `offer_open`, `on_call`, `consulted`, `no_free_place` (held), `nothing_waits`
    (free: how many more are free for the agent's queues and rank before them), and else what stands between the agent
    and the first contact that waits.
    """

    why: WhyNot
    waiting: tuple[tuple[int, WhyNot], ...] = ()
    """(contact, why not)."""
    waits: int = 0
    """How many wait in the queues that the agent is engaged on, those not looked at included."""


def why_idle(state: State, agent: int) -> WhyIdle:
    """What keeps offers from the agent, as the state tells it. Looks at every open contact: to be asked by people only."""
    person = state.agents.get(agent)
    if person is None:
        return WhyIdle(WhyNot("unknown_agent"))
    if person.removed:
        return WhyIdle(WhyNot("removed"))
    waiting = _waiting_for(state, person)
    each = tuple((contact.id, why_not(state, contact.id, agent)) for contact in waiting[:SHOWN])
    why = _not_able(state, person) or _not_open(person) or _no_work(state, person, each)
    return WhyIdle(why, each, len(waiting))


def _waiting_for(state: State, agent: AgentState) -> list[ContactState]:
    """What waits in the queues that the agent is engaged on, the first due first."""
    queues = {*agent.rule.queues, *(lane.queue.id for lane in agent.lanes)}
    found = [each for each in state.contacts.values() if each.stands == WAITING and each.queue in queues]
    return sorted(found, key=lambda each: (each.due, each.arrived_at, each.id))


def _not_able(state: State, agent: AgentState) -> WhyNot | None:
    if not agent.rule.queues:
        return WhyNot("no_queue")
    if agent.lanes:
        return None
    for queue in agent.rule.queues:
        known = state.queues.get(queue)
        for skill, asked in known.rule.needs if known else ():
            held = agent.levels.get(skill, 0)
            if held < asked:
                return WhyNot("no_lane", (("queue", queue), ("skill", skill), ("level", held), ("asked", asked)))
    return WhyNot("no_lane", (("queue", agent.rule.queues[0]),))


def _not_open(agent: AgentState) -> WhyNot | None:
    if agent.lapsed:
        return WhyNot("line_lost")
    if agent.rested:
        return WhyNot("rested", (("missed", agent.missed),))
    if not agent.ready:
        return WhyNot("away")
    if agent.settle_at is not None:
        return WhyNot("waiting_for_fact", (("until", agent.settle_at),))
    if agent.offer is not None:
        return WhyNot("offer_open")
    if agent.held[VOICE]:
        return WhyNot("on_call")
    if agent.rule.consulted:
        return WhyNot("consulted")
    return None if agent.open_channels() else WhyNot("no_free_place", (("held", agent.load),))


def _no_work(state: State, agent: AgentState, waiting: tuple[tuple[int, WhyNot], ...]) -> WhyNot:
    if waiting:
        return waiting[0][1]
    before = {
        entry[3]
        for place, lane in enumerate(agent.lanes)
        if not lane.stage and agent.open & lane.bit
        for entry in lane.idle
        if is_current(state, lane, entry) and entry[:4] < _place(agent, place)
    }
    return WhyNot("nothing_waits", (("before", len(before)),))


def _place(agent: AgentState, lane: int) -> tuple[int, int, int, int]:
    """The agent's place among the free ones of a lane, as their entry in its heap tells it."""
    return (agent.ranks[lane], agent.load, agent.idle_since, agent.id)
