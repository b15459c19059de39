"""Contacts come, and leave before anyone answered."""

from __future__ import annotations

from homeshore.routing.changes import (
    BY_FACT,
    admit,
    channel_of,
    enter_stage,
    prefer,
    rank,
    reinstate,
    release,
    remove,
    take_out,
    wait_again,
)
from homeshore.routing.decisions import CameDue
from homeshore.routing.inputs import ContactArrived, ContactCancelled, ContactScheduled
from homeshore.routing.lines import first_waiting
from homeshore.routing.matching import place, serve
from homeshore.routing.parts import ACTIVE, SCHEDULED, UNSETTLED, AgentState, ContactState, QueueState
from homeshore.routing.past import ASSIGNMENTS, CONTACTS, DECISIONS
from homeshore.routing.ranking import by_price, look_at_prices
from homeshore.routing.run import Run

MOVED = "moved"
"""Why a cancelled contact is expected to arrive again: from now on it waits elsewhere."""


def on_arrived(run: Run, fact: ContactArrived) -> None:
    """A contact waits from now on, at the place its due time gives."""
    state = run.state
    known = state.contacts.get(fact.contact)
    if known is not None:
        if known.stands == SCHEDULED:  # brought forward
            rank(state, known, fact.priority, fact.due_at)
            enter_stage(run, known)
        if known.stands in (SCHEDULED, UNSETTLED):
            wait_again(run, known)
        return
    if state.past.recall(CONTACTS, fact.contact) is not None:
        return
    contact = admit(state, fact.contact, fact.queue, fact.arrived_at, fact.priority, fact.due_at)
    contact.place = fact.place
    prefer(run, contact, fact.preferred_agent, fact.not_agents)
    enter_stage(run, contact)
    if contact.lane is not None and fact.counted:
        _note_arrival(run, contact.lane.queue)
    place(run, contact)


def on_scheduled(run: Run, fact: ContactScheduled) -> None:
    """A contact is to wait from a moment on; an agent who tried it in vain is free again."""
    state = run.state
    agent: AgentState | None = None
    contact = state.contacts.get(fact.contact)
    if fact.assignment is not None:
        item = state.assignments.get(fact.assignment) or reinstate(run, fact.assignment)
        if item is not None:
            agent = release(run, item, BY_FACT)
        elif state.past.recall(ASSIGNMENTS, fact.assignment) is not None:
            return
        else:
            state.past.remember(run.now, ASSIGNMENTS, fact.assignment, BY_FACT, 0, 0)
    elif contact is not None or state.past.recall(CONTACTS, fact.contact) is not None:
        return
    contact = state.contacts.get(fact.contact)
    if contact is None:
        contact = admit(state, fact.contact, fact.queue, fact.arrived_at, fact.priority, fact.due_at)
    elif contact.stands == ACTIVE and contact.assignment in state.assignments:
        return
    else:
        offered_to = take_out(run, contact, "contact_gone")
        if offered_to is not None and offered_to is not agent:
            serve(run, offered_to)
    contact.taken_back = None
    contact.queue, contact.channel, contact.arrived_at = fact.queue, channel_of(state, fact.queue), fact.arrived_at
    rank(state, contact, fact.priority, fact.due_at)
    contact.preferred, contact.not_agents = fact.preferred_agent, ()
    enter_stage(run, contact)
    contact.stage_at = contact.settle_at = None
    contact.stands, contact.offer, contact.assignment = SCHEDULED, None, None
    contact.scheduled_at, contact.keeps_due = fact.at, fact.due_at is not None
    run.arm(fact.at, "scheduled", contact.id)
    if agent is not None:
        serve(run, agent)


def come_due(run: Run, contact: ContactState) -> None:
    """The moment has come: the contact waits, first in its line unless it keeps an old place."""
    contact.scheduled_at = None
    enter_stage(run, contact)
    if not contact.keeps_due:
        contact.due = run.now
        for lane in contact.lane.queue.lanes if contact.lane else ():
            head = first_waiting(run.state, lane)
            if head is not None and head.due <= contact.due:
                contact.due = head.due - 1
    decision = CameDue(run.next_id(), contact.id, contact.queue, contact.due)
    run.decisions.append(decision)
    run.state.past.remember(run.now, DECISIONS, decision.id, "came_due", contact.id, 0)
    prefer(run, contact, contact.preferred, contact.not_agents)
    if contact.lane is not None:
        _note_arrival(run, contact.lane.queue)
    wait_again(run, contact)


def on_cancelled(run: Run, fact: ContactCancelled) -> None:
    """A contact waits no more. One that an agent holds is not touched: its assignment will be closed."""
    contact = run.state.contacts.get(fact.contact)
    if contact is None or contact.stands == ACTIVE:
        return
    queue = run.state.queues.get(contact.queue)
    if queue is not None and fact.why != MOVED and contact.stands != SCHEDULED:
        queue.estimates.wait_ended(max(run.now - contact.arrived_at, 0), left=True)
    agent = take_out(run, contact, "contact_gone")
    remove(run.state, contact)
    if fact.why != MOVED:
        run.state.past.remember(run.now, CONTACTS, contact.id, contact.queue)
    if agent is not None:
        serve(run, agent)


def _note_arrival(run: Run, queue: QueueState) -> None:
    queue.estimates.contact_came(run.now)
    if by_price(run.state):
        queue.prices.look_due -= 1
        if queue.prices.look_due <= 0:
            look_at_prices(run.state, queue, run.now)
