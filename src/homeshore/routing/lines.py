"""Who waits in a lane's line, in which order, and for whom: contacts in heaps, and agents who are barred for some of them."""

from __future__ import annotations

from heapq import heapify, heappop, heappush
from typing import TYPE_CHECKING

from homeshore.routing.parts import WAITING, AgentState, ContactState, Lane, Place

if TYPE_CHECKING:
    from homeshore.routing.state import State

_SLACK = 64
"""Stale entries a heap may hold before it is swept."""


def line_up(state: State, contact: ContactState) -> None:
    """Puts a waiting contact in its lane's line, at the place its due time gives."""
    lane = contact.lane
    if lane is None:
        return
    lane.waits += 1
    heappush(lane.waiting, (contact.due, contact.arrived_at, contact.id))
    if len(lane.waiting) > 2 * lane.waits + _SLACK:
        known = state.contacts
        places = {
            place for place in lane.waiting if (found := known.get(place[2])) and stands_at(found, lane, place[0])
        }
        lane.waiting = list(places)
        heapify(lane.waiting)


def leave_line(state: State, contact: ContactState) -> None:
    """The contact waits no more where it did. Its entry in the heap goes stale."""
    if contact.kept_until is not None:
        contact.kept_until = None
        agent = state.agents.get(contact.preferred) if contact.preferred is not None else None
        if agent is not None:
            agent.wanted_by.discard(contact.id)
    elif contact.lane is not None:
        contact.lane.waits -= 1


def stands_at(contact: ContactState, lane: Lane, due: int) -> bool:
    """Whether the contact waits in this lane at this place."""
    return contact.lane is lane and contact.stands == WAITING and contact.due == due and contact.kept_until is None


def first_waiting(state: State, lane: Lane) -> ContactState | None:
    """The first contact in the lane's line."""
    line = lane.waiting
    while line:
        contact = state.contacts.get(line[0][2])
        if contact is not None and stands_at(contact, lane, line[0][0]):
            return contact
        heappop(line)
    return None


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
        elif anyone_may(contact) or takes(state, contact, agent):
            found = head
            break
        else:
            aside.append(heappop(line))
            while line and line[0] == aside[-1]:
                heappop(line)
    for head in aside:
        heappush(line, head)
    return found


def takes(state: State, contact: ContactState, agent: AgentState) -> bool:
    """Whether this contact may go to this agent, who has a free place and may answer its lane."""
    if contact.place > 1 and agent.free_places(contact.channel) < contact.place:
        return False
    if agent.id in contact.not_agents:
        return False
    return not contact.let_go or agent.id not in contact.let_go or nobody_else(state, contact)


def anyone_may(contact: ContactState) -> bool:
    """Whether no agent is barred for the contact."""
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
