"""Assignments open without an offer, close, are wrapped up, or send their contact back."""

from __future__ import annotations

from homeshore.routing.changes import (
    BY_FACT,
    admit,
    channel_of,
    enter_stage,
    hold,
    known_agent,
    prefer,
    rank,
    reinstate,
    release,
    remove,
    take_out,
    wait_again,
)
from homeshore.routing.decisions import WrapUpTimedOut
from homeshore.routing.inputs import AssignmentClosed, AssignmentOpened, AssignmentRequeued, WrapUpEnded
from homeshore.routing.matching import serve
from homeshore.routing.parts import ACTIVE, AgentState, AssignmentState
from homeshore.routing.past import ASSIGNMENTS, CONTACTS, DECISIONS
from homeshore.routing.run import Run


def on_opened(run: Run, fact: AssignmentOpened) -> None:
    """A supervisor gave a contact, or took it, or an agent began it by calling: the agent holds it now.

    One that was never in line has waited for nobody: no estimate of waits learns from it.
    """
    state = run.state
    if fact.assignment in state.assignments or state.past.recall(ASSIGNMENTS, fact.assignment) is not None:
        return
    contact = state.contacts.get(fact.contact)
    if contact is None:
        contact = admit(state, fact.contact, fact.queue, run.now, None, None)
        if state.past.recall(CONTACTS, fact.contact) is not None:
            state.past.drop(CONTACTS, fact.contact)
            state.arrived -= 1
            state.closed -= 1
        enter_stage(run, contact)
        contact.stands = ACTIVE
    if contact.stands == ACTIVE and contact.assignment is not None:
        before: AgentState | None = release(run, state.assignments[contact.assignment], BY_FACT)
    else:
        before = take_out(run, contact, "accepted_elsewhere")
    agent = known_agent(state, fact.agent)
    agent.settle_at = None
    hold(run, contact, agent, fact.assignment)
    serve(run, agent)
    if before is not None and before is not agent:
        serve(run, before)


def on_closed(run: Run, fact: AssignmentClosed) -> None:
    """The contact is over. With wrap-up its place stays taken, up to the queue's limit."""
    state = run.state
    item = state.assignments.get(fact.assignment) or reinstate(run, fact.assignment)
    if item is None:
        if state.past.recall(ASSIGNMENTS, fact.assignment) is None:
            state.past.remember(run.now, ASSIGNMENTS, fact.assignment, BY_FACT, 0, 0)
        return
    if item.wrap_up_until is not None:
        return
    contact = state.contacts[item.contact]
    state.agents[item.agent].acts += 1
    remove(state, contact)
    state.past.remember(run.now, CONTACTS, contact.id, contact.queue)
    item.keep_until = None
    if not fact.wrap_up:
        serve(run, release(run, item, BY_FACT))
        return
    queue = state.queues.get(item.queue)
    limit = queue.rule.wrap_up_seconds * 1000 if queue else 0
    item.wrap_up_until = run.now + limit
    if limit:
        run.arm(item.wrap_up_until, "wrap_up", item.id)
    else:
        wrap_up_times_out(run, item)


def on_wrap_up_ended(run: Run, fact: WrapUpEnded) -> None:
    """The agent's place is free again."""
    item = run.state.assignments.get(fact.assignment)
    if item is not None and item.wrap_up_until is not None:
        serve(run, release(run, item, BY_FACT))


def wrap_up_times_out(run: Run, item: AssignmentState) -> None:
    """Wrap-up reached its limit."""
    decision = WrapUpTimedOut(run.next_id(), item.id, item.agent)
    run.decisions.append(decision)
    run.state.past.remember(run.now, DECISIONS, decision.id, "wrapped_up", 0, item.agent)
    serve(run, release(run, item, BY_FACT))


def on_requeued(run: Run, fact: AssignmentRequeued) -> None:
    """A person sent the contact on: the place is free, and the contact waits again at its old place."""
    state = run.state
    item = state.assignments.get(fact.assignment) or reinstate(run, fact.assignment)
    agent = None
    if item is not None:
        agent = release(run, item, BY_FACT)
    elif state.past.recall(ASSIGNMENTS, fact.assignment) is not None:
        return
    else:
        state.past.remember(run.now, ASSIGNMENTS, fact.assignment, BY_FACT, 0, 0)
    contact = state.contacts.get(fact.contact)
    if contact is None:
        contact = admit(state, fact.contact, fact.queue, fact.arrived_at, fact.priority, fact.due_at)
    elif contact.stands != ACTIVE or contact.assignment not in state.assignments:
        offered_to = take_out(run, contact, "contact_gone")
        if offered_to is not None:
            serve(run, offered_to)
    else:
        return
    contact.taken_back = None
    contact.queue, contact.channel, contact.arrived_at = fact.queue, channel_of(state, fact.queue), fact.arrived_at
    rank(state, contact, fact.priority, fact.due_at)
    prefer(run, contact, fact.preferred_agent, fact.not_agents)
    enter_stage(run, contact)
    wait_again(run, contact)
    if agent is not None:
        serve(run, agent)
