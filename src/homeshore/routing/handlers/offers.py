"""Offers end: accepted, declined, timed out, or refused by the database."""

from __future__ import annotations

from homeshore.routing.changes import (
    admit,
    close_offer,
    enter_stage,
    hold,
    is_firm,
    known_agent,
    let_go,
    reinstate,
    release,
    remember_closed_offer,
    remove,
    take_out,
    unsettle,
    wait_again,
)
from homeshore.routing.decisions import AgentRested, OfferTimedOut
from homeshore.routing.inputs import DecisionRefused, OfferAccepted, OfferDeclined, OfferStanding
from homeshore.routing.lanes import restand
from homeshore.routing.matching import serve
from homeshore.routing.parts import ACTIVE, OFFERED, UNSETTLED, WAITING, OfferState
from homeshore.routing.past import ASSIGNMENTS, CONTACTS, DECISIONS, OFFERS
from homeshore.routing.run import Run


def on_accepted(run: Run, fact: OfferAccepted) -> None:
    """The agent holds the contact, whatever the core had decided meanwhile."""
    state = run.state
    if fact.assignment in state.assignments or state.past.recall(ASSIGNMENTS, fact.assignment) is not None:
        _close_if_open(run, fact)
        return
    contact = state.contacts.get(fact.contact)
    if contact is None:
        gone = state.past.recall(CONTACTS, fact.contact)
        if gone is None:
            return
        state.past.drop(CONTACTS, fact.contact)
        contact = admit(state, fact.contact, gone[0], run.now, None, None)
        state.arrived -= 1
        state.closed -= 1
        enter_stage(run, contact)
        contact.stands = UNSETTLED
    agent = known_agent(state, fact.agent)
    agent.missed = 0
    agent.settle_at = None
    offered_to = None
    if contact.offer == fact.offer:
        close_offer(state, state.offers[fact.offer])
        contact.stands = UNSETTLED
    elif contact.stands == ACTIVE and contact.assignment is not None:
        offered_to = release(run, state.assignments[contact.assignment], "fact")
    else:
        offered_to = take_out(run, contact, "accepted_elsewhere")
    hold(run, contact, agent, fact.assignment)
    serve(run, agent)
    if offered_to is not None and offered_to is not agent:
        serve(run, offered_to)


def _close_if_open(run: Run, fact: OfferAccepted) -> None:
    """The assignment was over before its acceptance was told: then so are the offer and the contact."""
    offer = run.state.offers.get(fact.offer)
    if offer is not None and fact.assignment not in run.state.assignments:
        agent = close_offer(run.state, offer)
        remove(run.state, run.state.contacts[offer.contact])
        run.state.past.remember(run.now, CONTACTS, offer.contact, offer.queue)
        serve(run, agent)


def on_declined(run: Run, fact: OfferDeclined) -> None:
    """The contact goes back to its old place, and to others first."""
    state = run.state
    offer = state.offers.get(fact.offer)
    if offer is not None:
        agent = close_offer(state, offer)
        agent.missed = 0
        contact = state.contacts[offer.contact]
        let_go(run, contact, agent.id)
        restand(state, agent)
        wait_again(run, contact)
        serve(run, agent)
        return
    closed = state.past.recall(OFFERS, fact.offer)
    if closed is not None:
        lost = state.contacts.get(closed[0])
        if lost is not None and lost.stands == UNSETTLED:
            let_go(run, lost, closed[1])
            wait_again(run, lost)


def on_standing(run: Run, fact: OfferStanding) -> None:
    """An open offer that the database holds and this floor did not know."""
    state = run.state
    contact = state.contacts.get(fact.contact)
    if fact.offer in state.offers or contact is None or contact.stands in (OFFERED, ACTIVE):
        return
    agent = known_agent(state, fact.agent)
    if agent.offer is not None:
        return
    take_out(run, contact, "accepted_elsewhere")
    firm, grace = is_firm(state, contact.queue), state.policy.grace_ms
    offer = OfferState(fact.offer, contact, agent.id, fact.offered_at, fact.expires_at, grace, firm)
    state.offers[offer.id] = offer
    contact.stands, contact.offer = OFFERED, offer.id
    agent.offer = offer.id
    agent.take(offer)
    run.arm(offer.times_out_at, "offer", offer.id)
    restand(state, agent)


def time_out(run: Run, offer: OfferState) -> None:
    """Nobody answered: the contact goes on, and after too many such in a row the agent is rested."""
    state = run.state
    agent = close_offer(state, offer)
    decision = OfferTimedOut(run.next_id(), offer.id, offer.contact, agent.id)
    run.decisions.append(decision)
    remember_closed_offer(run, decision.id, "timed_out", offer)
    agent.missed += 1
    if agent.missed >= state.policy.rona_limit and not agent.rested:
        agent.rested = True
        agent.note_readiness(run.now)
        rest = AgentRested(run.next_id(), agent.id)
        run.decisions.append(rest)
        state.past.remember(run.now, DECISIONS, rest.id, "rested", 0, agent.id)
    contact = state.contacts[offer.contact]
    let_go(run, contact, agent.id)
    restand(state, agent)
    wait_again(run, contact)
    serve(run, agent)


def on_refused(run: Run, fact: DecisionRefused) -> None:
    """The database knew better. Puts the picture right as far as it can, and waits for the fact that explains."""
    state = run.state
    offer = state.offers.get(fact.decision)
    if offer is not None:
        _offer_refused(run, offer, fact.why)
        return
    refused = state.past.recall(DECISIONS, fact.decision)
    if refused is None:
        return
    state.past.drop(DECISIONS, fact.decision)
    how, contact_id, agent_id = refused[:3]
    agent = state.agents.get(agent_id)
    if how == "requeued":
        reinstate(run, refused[3])
    elif how == "rested":
        if agent is not None:
            agent.rested, agent.missed = False, 0
            agent.note_readiness(run.now)
            serve(run, agent)
    else:
        contact = state.contacts.get(contact_id)
        if how == "timed_out" and agent is not None:
            agent.missed = max(agent.missed - 1, 0)
        if contact is not None and contact.stands == WAITING:
            unsettle(run, contact)


def _offer_refused(run: Run, offer: OfferState, why: str) -> None:
    state = run.state
    agent = close_offer(state, offer)
    contact = state.contacts[offer.contact]
    if why.startswith("agent"):
        agent.settle_at = run.now + state.policy.settle_ms
        run.arm(agent.settle_at, "agent_settles", agent.id)
        restand(state, agent)
        wait_again(run, contact)
    else:
        contact.stands = UNSETTLED
        unsettle(run, contact)
        serve(run, agent)
