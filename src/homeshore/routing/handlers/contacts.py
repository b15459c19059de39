"""Contacts come, and leave before anyone answered."""

from __future__ import annotations

from homeshore.routing.changes import admit, enter_stage, prefer, remove, take_out, wait_again
from homeshore.routing.inputs import ContactArrived, ContactCancelled
from homeshore.routing.matching import place, serve
from homeshore.routing.parts import ACTIVE, UNSETTLED, QueueState
from homeshore.routing.past import CONTACTS
from homeshore.routing.ranking import by_price, look_at_prices
from homeshore.routing.run import Run

MOVED = "moved"
"""Why a cancelled contact is expected to arrive again: from now on it waits elsewhere."""


def on_arrived(run: Run, fact: ContactArrived) -> None:
    """A contact waits from now on, at the place its due time gives."""
    state = run.state
    known = state.contacts.get(fact.contact)
    if known is not None:
        if known.stands == UNSETTLED:
            wait_again(run, known)
        return
    if state.past.recall(CONTACTS, fact.contact) is not None:
        return
    contact = admit(state, fact.contact, fact.queue, fact.arrived_at, fact.priority, fact.due_at)
    contact.place = fact.place
    prefer(run, contact, fact.preferred_agent, fact.not_agents)
    enter_stage(run, contact)
    if contact.lane is not None:
        _note_arrival(run, contact.lane.queue)
    place(run, contact)


def on_cancelled(run: Run, fact: ContactCancelled) -> None:
    """A contact waits no more. One that an agent holds is not touched: its assignment will be closed."""
    contact = run.state.contacts.get(fact.contact)
    if contact is None or contact.stands == ACTIVE:
        return
    queue = run.state.queues.get(contact.queue)
    if queue is not None and fact.why != MOVED:
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
