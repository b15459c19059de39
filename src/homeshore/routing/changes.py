"""The small changes of contacts, offers and assignments that several inputs have in common."""

from __future__ import annotations

from homeshore.routing.decisions import OfferWithdrawn, Requeued
from homeshore.routing.lanes import restand
from homeshore.routing.lines import leave_line
from homeshore.routing.matching import offer_from_line, place, serve
from homeshore.routing.parts import (
    ACTIVE,
    OFFERED,
    UNSETTLED,
    WAITING,
    AgentState,
    AssignmentState,
    ContactState,
    OfferState,
)
from homeshore.routing.past import ASSIGNMENTS, DECISIONS, OFFERS
from homeshore.routing.policy import CHANNEL_INDEX, TASK, AgentRule
from homeshore.routing.run import Run
from homeshore.routing.state import State

_PACE_OF_LATE = 1_000
"""From so many contacts, an agent's pace forgets half."""

BY_FACT, BY_DECISION = "fact", "decision"
"""Who ended an assignment: the database said so, or the core decided it and may still be refused."""


# -- contacts


def admit(state: State, id: int, queue: int, arrived_at: int, priority: int | None, due_at: int | None) -> ContactState:
    """A contact enters the books; it is not in line yet."""
    contact = ContactState(id, queue, channel_of(state, queue), arrived_at, 0, 0)
    rank(state, contact, priority, due_at)
    state.contacts[id] = contact
    state.arrived += 1
    return contact


def rank(state: State, contact: ContactState, priority: int | None, due_at: int | None) -> None:
    """Gives the contact its due time: arrival + the service level's seconds − a head start a level of priority."""
    queue = state.queues.get(contact.queue)
    contact.priority = priority if priority is not None else (queue.rule.priority if queue else 0)
    if due_at is None:
        target = queue.rule.target_seconds if queue else 0
        due_at = contact.arrived_at + (target - state.policy.head_start_seconds * contact.priority) * 1000
    contact.due = due_at


def channel_of(state: State, queue: int) -> int:
    """The queue's channel; that of tasks, which exclude nothing, while the queue is not known."""
    found = state.queues.get(queue)
    return CHANNEL_INDEX[found.rule.channel] if found else TASK


def is_firm(state: State, queue: int) -> bool:
    """Whether work of this queue is not to be interrupted by a call."""
    found = state.queues.get(queue)
    return found is not None and not found.rule.interruptible


def enter_stage(run: Run, contact: ContactState) -> None:
    """Puts the contact in the lane its wait so far gives it, and sets the timer for the next."""
    queue = run.state.queues.get(contact.queue)
    contact.stage_at = None
    if queue is None:
        contact.lane, contact.stage = None, 0
        return
    after = queue.stage_after_ms
    contact.stage = 0
    if after and queue.rule.opens_at is None:
        since = max(contact.arrived_at, queue.rule.opened_at)
        contact.stage = sum(moment <= run.now - since for moment in after)
        if contact.stage < len(after):
            contact.stage_at = since + after[contact.stage]
            run.arm(contact.stage_at, "stage", contact.id)
    contact.lane = queue.lane_at(contact.stage)


def prefer(run: Run, contact: ContactState, agent: int | None, not_agents: tuple[int, ...]) -> None:
    """Says who should get the contact if possible, and who must not."""
    contact.preferred, contact.not_agents = agent, not_agents
    queue = run.state.queues.get(contact.queue)
    sticky = queue.rule.sticky_seconds if queue and agent is not None else 0
    contact.sticky_until = run.now + sticky * 1000


def next_stage(run: Run, contact: ContactState) -> None:
    """The circle of agents who may answer the contact has grown."""
    waits = contact.stands == WAITING
    if waits:
        leave_line(run.state, contact)
    enter_stage(run, contact)
    if waits:
        place(run, contact)


def look_again(run: Run, contact: ContactState) -> None:
    """Tries once more to offer a contact that stands in line, or that was kept for one agent."""
    if contact.stands != WAITING or contact.lane is None:
        return
    if contact.kept_until is None:
        offer_from_line(run, contact)
        return
    leave_line(run.state, contact)
    contact.sticky_until = 0
    place(run, contact)


def wait_again(run: Run, contact: ContactState) -> None:
    """The contact, which nobody holds now, goes back to its old place."""
    contact.stands, contact.offer, contact.assignment, contact.settle_at = WAITING, None, None, None
    contact.scheduled_at = None
    if contact.lane is not None:
        contact.channel = contact.lane.channel
    place(run, contact)


def unsettle(run: Run, contact: ContactState) -> None:
    """Holds the contact back until a fact tells what became of it, or until the policy's time to look again."""
    if contact.stands == WAITING:
        leave_line(run.state, contact)
    contact.stands, contact.offer, contact.assignment = UNSETTLED, None, None
    contact.settle_at = run.now + run.state.policy.settle_ms
    run.arm(contact.settle_at, "settle", contact.id)


def take_out(run: Run, contact: ContactState, why: str) -> AgentState | None:
    """Takes a contact that no agent holds out of line; withdraws its open offer and tells the agent who had it."""
    agent: AgentState | None = None
    if contact.stands == WAITING:
        leave_line(run.state, contact)
    elif contact.stands == OFFERED and contact.offer is not None:
        agent = withdraw(run, run.state.offers[contact.offer], why)
    contact.settle_at = contact.stage_at = contact.scheduled_at = None
    return agent


def remove(state: State, contact: ContactState) -> None:
    """The contact is over for routing."""
    del state.contacts[contact.id]
    forget_let_go(state, contact)
    state.closed += 1


def let_go(run: Run, contact: ContactState, agent: int) -> None:
    """The agent declined the contact or let it ring: it goes to others first, for a while."""
    until = run.now + run.state.policy.reoffer_after_seconds * 1000
    if until <= run.now:
        return
    if contact.let_go is None:
        contact.let_go = {}
    contact.let_go[agent] = until
    queue = run.state.queues.get(contact.queue)
    if queue is not None:
        queue.let_go.add(contact.id)
    run.arm(min(contact.let_go.values()), "reoffer", contact.id)


def forget_let_go(state: State, contact: ContactState) -> None:
    """Nobody is passed over any more for this contact."""
    contact.let_go = None
    queue = state.queues.get(contact.queue)
    if queue is not None:
        queue.let_go.discard(contact.id)


# -- offers


def close_offer(state: State, offer: OfferState) -> AgentState:
    """Takes the offer off the books and frees the places it took. Tells the agent, who is the caller's to serve."""
    del state.offers[offer.id]
    agent = state.agents[offer.agent]
    agent.offer = None
    agent.give_back(offer)
    return agent


def withdraw(run: Run, offer: OfferState, why: str) -> AgentState:
    """Decides to take an open offer back. Contact and agent are the caller's to place and serve."""
    agent = close_offer(run.state, offer)
    decision = OfferWithdrawn(run.next_id(), offer.id, offer.contact, offer.agent, why)
    run.decisions.append(decision)
    remember_closed_offer(run, decision.id, "withdrawn", offer)
    return agent


def remember_closed_offer(run: Run, decision: str, how: str, offer: OfferState) -> None:
    """The core closed this offer; the database may yet refuse it, because the agent was quicker."""
    past = run.state.past
    past.remember(run.now, DECISIONS, decision, how, offer.contact, offer.agent)
    past.remember(run.now, OFFERS, offer.id, offer.contact, offer.agent)


# -- agents and assignments


def known_agent(state: State, id: int) -> AgentState:
    """The agent; one that a fact names before any rule did is entered, away and able to answer nothing."""
    agent = state.agents.get(id)
    if agent is None:
        agent = state.agents[id] = AgentState(AgentRule(id))
    return agent


def hold(run: Run, contact: ContactState, agent: AgentState, assignment: int) -> None:
    """The agent holds the contact from now on. Withdraws an open offer that no longer fits beside it."""
    state = run.state
    item = AssignmentState(assignment, contact, agent.id, run.now, is_firm(state, contact.queue))
    state.assignments[assignment] = item
    agent.assignments.add(assignment)
    agent.take(item)
    queue = state.queues.get(contact.queue)
    if queue is not None and contact.stands != ACTIVE:
        queue.estimates.wait_ended(max(run.now - contact.arrived_at, 0), left=False)
    contact.stands, contact.offer, contact.assignment = ACTIVE, None, assignment
    contact.settle_at = contact.stage_at = contact.scheduled_at = contact.taken_back = None
    if contact.let_go:
        forget_let_go(state, contact)
    if agent.offer is not None and not still_fits(state.offers[agent.offer], agent):
        offer = state.offers[agent.offer]
        withdraw(run, offer, "no_place")
        wait_again(run, state.contacts[offer.contact])


def still_fits(offer: OfferState, agent: AgentState) -> bool:
    """Whether the agent would have the places that their open offer takes."""
    agent.give_back(offer)
    fits = agent.free_places(offer.channel) >= offer.place
    agent.take(offer)
    return fits


def release(run: Run, item: AssignmentState, by: str) -> AgentState:
    """Takes the assignment off the books and frees its places. Tells the agent, who is the caller's to serve."""
    state = run.state
    del state.assignments[item.id]
    agent = state.agents[item.agent]
    agent.assignments.discard(item.id)
    agent.give_back(item)
    agent.idle_since = run.now
    _note_pace(state, agent, item.queue, run.now - item.opened_at)
    state.past.remember(run.now, ASSIGNMENTS, item.id, by, item.contact, item.agent)
    if agent.removed and not agent.load:
        del state.agents[agent.id]
    return agent


def _note_pace(state: State, agent: AgentState, queue: int, milliseconds: int) -> None:
    """Remembers how long the agent held a contact of this queue; old contacts weigh less and less."""
    found = state.queues.get(queue)
    if found is None:
        return
    found.estimates.contact_served(milliseconds)
    pace = agent.paces.setdefault(queue, [0, 0])
    pace[0] += 1
    pace[1] += milliseconds
    if pace[0] >= _PACE_OF_LATE:
        pace[0], pace[1] = pace[0] // 2, pace[1] // 2


def requeue_lost(run: Run, item: AssignmentState) -> None:
    """Decides to take an assignment back from an agent whose line is lost; the contact waits at its old place."""
    agent = release(run, item, BY_DECISION)
    contact = run.state.contacts[item.contact]
    decision = Requeued(run.next_id(), contact.id, item.id, item.agent, item.queue)
    run.decisions.append(decision)
    run.state.past.remember(run.now, DECISIONS, decision.id, "requeued", contact.id, item.agent, item.id)
    contact.taken_back = item.id
    enter_stage(run, contact)
    wait_again(run, contact)
    serve(run, agent)


def reinstate(run: Run, assignment: int) -> AssignmentState | None:
    """Undoes a requeue that the database refused: as far as this floor can tell the agent still holds the contact.

    None when it cannot tell so: another assignment of the contact was heard of since, so that this one is over.
    """
    state = run.state
    facts = state.past.recall(ASSIGNMENTS, assignment)
    if facts is None or facts[0] != BY_DECISION:
        return None
    contact = state.contacts.get(facts[1])
    if contact is None or contact.stands == ACTIVE or contact.taken_back != assignment:
        return None
    offered_to = take_out(run, contact, "contact_gone")
    state.past.drop(ASSIGNMENTS, assignment)
    hold(run, contact, known_agent(state, facts[2]), assignment)
    restand(state, state.agents[facts[2]])
    if offered_to is not None:
        serve(run, offered_to)
    return state.assignments[assignment]
