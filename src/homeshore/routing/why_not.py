"""Why a contact was not offered to an agent, and why it waits: codes and data, to be put in words elsewhere."""

from __future__ import annotations

from dataclasses import dataclass

from homeshore.routing.lines import nobody_else, takes
from homeshore.routing.matching import best_agents_for
from homeshore.routing.parts import ACTIVE, OFFERED, SCHEDULED, UNSETTLED, AgentState, ContactState, Lane
from homeshore.routing.policy import CHANNELS, CHAT, VOICE
from homeshore.routing.ranking import RESERVED, by_price, kept_until_at_most, price_of_agent, waits_in, worth
from homeshore.routing.state import State


@dataclass(frozen=True, slots=True)
class WhyNot:
    """One reason: a code, and what it is about as (name, number) pairs.

    Codes, in the order in which they are looked for. About the contact: `unknown_contact`, `held_by_agent` (agent),
    `offered_to` (agent), `queue_removed` (queue), `queue_closed` (queue, until), `waiting_for_fact` (until), `scheduled` (until). About the
    agent: `unknown_agent`, `removed`, `not_engaged` (queue), `reserved` (queue), `skill_missing` (skill, level,
    asked), `line_lost`, `rested` (missed), `away`, `excluded`, `let_go` (until), `waiting_for_fact` (until),
    `no_place_set`, `line_without_voice`, `consulted`, `offer_open`, `on_call`, `chat_open`, `not_to_interrupt`, `no_free_place`
    (held, places). About the two: `kept_for` (agent, until), `kept_free` (queue, until): they are kept free for a
    costlier queue; `in_reserve` (queue, until): that queue keeps them in reserve; `behind` (contact, due_at): another
    contact came first; `none`: nothing stands in the way.
    """

    code: str
    facts: tuple[tuple[str, int], ...] = ()


def why_not(state: State, contact: int, agent: int) -> WhyNot:
    """The first thing that stood between this contact and this agent, as the state tells it."""
    found = state.contacts.get(contact)
    if found is None:
        return WhyNot("unknown_contact")
    person = state.agents.get(agent)
    if person is None:
        return WhyNot("unknown_agent")
    lane = found.lane
    if lane is None:
        return _elsewhere(state, found, person) or _no_line(state, found)
    return (
        _not_eligible(state, person, lane)
        or _not_there(person)
        or _passed_over(state, found, person)
        or _elsewhere(state, found, person)
        or _no_place(found, person, lane)
        or _kept_free(state, found, person, lane)
        or _behind(state, found, person)
        or WhyNot("none")
    )


def stands_between(state: State, contact: ContactState, agent: AgentState) -> WhyNot | None:
    """What would keep this contact from this agent even if both were free for it; None when nothing would."""
    lane = contact.lane
    if lane is None:
        return _no_line(state, contact)
    return (
        _not_eligible(state, agent, lane)
        or _not_there(agent)
        or _passed_over(state, contact, agent)
        or _no_place(contact, agent, lane)
    )


def why_waiting(state: State, contact: int) -> WhyNot:
    """Why nobody has the contact: `nobody_eligible`, `nobody_there` (away), `all_busy` (busy) or what holds it back.

    `nobody_eligible` names a skill that no agent engaged on the queue holds at the level asked, where that is the
    cause. Beside free agents: `kept_free` or `in_reserve` (queue, until, free), where they are worth more to that
    queue; `weighed_again` (until, free), where that has just changed; `nobody_may` (free) where each of them is
    excluded or has let the contact go. `widens_at` is told where the
    circle of agents grows at a stated moment.
    """
    found = state.contacts.get(contact)
    if found is None:
        return WhyNot("unknown_contact")
    lane = found.lane
    if lane is None:
        return _no_line(state, found)
    if found.stands == SCHEDULED:
        return WhyNot("scheduled", (("until", found.scheduled_at or 0),))
    if found.stands == UNSETTLED:
        return WhyNot("waiting_for_fact", (("until", found.settle_at or 0),))
    if found.stands == OFFERED:
        return WhyNot("offered_to", (("agent", state.offers[found.offer or ""].agent),))
    if found.stands == ACTIVE:
        return WhyNot("held_by_agent", (("agent", state.assignments[found.assignment or 0].agent),))
    if found.kept_until is not None:
        return WhyNot("kept_for", (("agent", found.preferred or 0), ("until", found.kept_until)))
    widens = (("widens_at", found.stage_at),) if found.stage_at is not None else ()
    if not lane.free + lane.busy + lane.away:
        return WhyNot("nobody_eligible", _skill_nobody_has(state, lane) + widens)
    if not lane.free + lane.busy:
        return WhyNot("nobody_there", (("away", lane.away), *widens))
    if found.let_go and not nobody_else(state, found):
        return WhyNot("let_go", (("until", min(found.let_go.values())), ("busy", lane.busy), *widens))
    return _beside_the_free(state, found, lane) or WhyNot("all_busy", (("busy", lane.busy), *widens))


def _beside_the_free(state: State, contact: ContactState, lane: Lane) -> WhyNot | None:
    """Why none of the free agents has it; None when none is free."""
    if not lane.free:
        return None
    best = best_agents_for(state, contact, lane)[0]
    if best is None:
        return WhyNot("nobody_may", (("free", lane.free),))
    kept = _kept_free(state, contact, best, lane)
    if kept is not None:
        return WhyNot(kept.code, (*kept.facts, ("free", lane.free)))
    if lane.queue.watch_at is not None:  # what the others are worth changed since it was last looked at
        return WhyNot("weighed_again", (("until", lane.queue.watch_at), ("free", lane.free)))
    return WhyNot("none")


def _no_line(state: State, contact: ContactState) -> WhyNot:
    queue = state.queues.get(contact.queue)
    if queue is not None and queue.rule.opens_at is not None:
        return WhyNot("queue_closed", (("queue", contact.queue), ("until", queue.rule.opens_at)))
    return WhyNot("queue_removed", (("queue", contact.queue),))


def _skill_nobody_has(state: State, lane: Lane) -> tuple[tuple[str, int], ...]:
    for skill, asked in lane.needs:
        members = (state.agents[id] for id in state.engaged.get(lane.queue.id, ()))
        best = max((agent.levels.get(skill, 0) for agent in members), default=0)
        if best < asked:
            return (("skill", skill), ("level", best), ("asked", asked))
    return (("queue", lane.queue.id),)


def _not_eligible(state: State, agent: AgentState, lane: Lane) -> WhyNot | None:
    if agent.removed:
        return WhyNot("removed")
    if lane in agent.lanes:
        return None
    queue = lane.queue.id
    if queue not in agent.rule.queues:
        return WhyNot("not_engaged", (("queue", queue),))
    if agent.rule.reserved_for and queue not in agent.rule.reserved_for:
        return WhyNot("reserved", (("queue", agent.rule.reserved_for[0]),))
    for skill, asked in lane.needs:
        held = agent.levels.get(skill, 0)
        if held < asked:
            return WhyNot("skill_missing", (("skill", skill), ("level", held), ("asked", asked)))
    return None


def _not_there(agent: AgentState) -> WhyNot | None:
    if agent.lapsed:
        return WhyNot("line_lost")
    if agent.rested:
        return WhyNot("rested", (("missed", agent.missed),))
    if not agent.ready:
        return WhyNot("away")
    if agent.settle_at is not None:
        return WhyNot("waiting_for_fact", (("until", agent.settle_at),))
    return None


def _passed_over(state: State, contact: ContactState, agent: AgentState) -> WhyNot | None:
    if agent.id in contact.not_agents:
        return WhyNot("excluded")
    if contact.let_go and agent.id in contact.let_go and not nobody_else(state, contact):
        return WhyNot("let_go", (("until", contact.let_go[agent.id]),))
    return None


def _elsewhere(state: State, contact: ContactState, agent: AgentState) -> WhyNot | None:
    if contact.stands == ACTIVE:
        return WhyNot("held_by_agent", (("agent", state.assignments[contact.assignment or 0].agent),))
    if contact.stands == OFFERED:
        return WhyNot("offered_to", (("agent", state.offers[contact.offer or ""].agent),))
    if contact.stands == SCHEDULED:
        return WhyNot("scheduled", (("until", contact.scheduled_at or 0),))
    if contact.stands == UNSETTLED:
        return WhyNot("waiting_for_fact", (("until", contact.settle_at or 0),))
    if contact.kept_until is not None and contact.preferred != agent.id:
        return WhyNot("kept_for", (("agent", contact.preferred or 0), ("until", contact.kept_until)))
    return None


def _no_place(contact: ContactState, agent: AgentState, lane: Lane) -> WhyNot | None:
    channel = lane.channel
    places = agent.rule.places.get(CHANNELS[channel], 0)
    if not places:
        return WhyNot("no_place_set")
    if channel == VOICE and not agent.rule.voice_line_ok:
        return WhyNot("line_without_voice")
    if agent.rule.consulted:
        return WhyNot("consulted")
    if agent.offer is not None:
        return WhyNot("offer_open")
    if agent.free_places(channel) >= contact.place:
        return None
    held = agent.held[channel]
    if agent.held[VOICE]:
        return WhyNot("on_call")
    if channel == VOICE and held < places:
        return WhyNot("chat_open" if agent.held[CHAT] else "not_to_interrupt")
    return WhyNot("no_free_place", (("held", held), ("places", places)))


def _kept_free(state: State, contact: ContactState, agent: AgentState, lane: Lane) -> WhyNot | None:
    """Serving a costlier queue of theirs is worth more; for how long this may last is bounded."""
    until = kept_until_at_most(lane.queue, contact.due)
    if not by_price(state) or state.now >= until:
        return None
    price, dearest = price_of_agent(state, agent, lane)
    if dearest is None or worth(agent, lane.queue, waits_in(lane.queue)) >= price:
        return None
    return WhyNot("in_reserve" if price >= RESERVED else "kept_free", (("queue", dearest.id), ("until", until)))


def _behind(state: State, contact: ContactState, agent: AgentState) -> WhyNot | None:
    mine = (contact.due, contact.arrived_at, contact.id)
    for lane in agent.lanes:
        for place in sorted(lane.waiting):
            if place >= mine:
                break
            other = state.contacts.get(place[2])
            if other is not None and other.lane is lane and other.due == place[0] and takes(state, other, agent):
                return WhyNot("behind", (("contact", other.id), ("due_at", other.due)))
    return None
