"""Why an offer went to one agent and not to another: codes and data, to be put in words elsewhere."""

from __future__ import annotations

from homeshore.routing.decisions import Offered
from homeshore.routing.parts import AgentState, ContactState, Lane
from homeshore.routing.ranking import price_of_agent
from homeshore.routing.reasons import CONTACT_WAITED
from homeshore.routing.state import State
from homeshore.routing.why_not import WhyNot, stands_between


def why_another(state: State, offer: Offered, agent: int) -> WhyNot:
    """Why this offer, which a step has just made, went to its agent and not to `agent`; `state` is the one after it.

    What stands between the two alone comes first, with the codes of `why_not`. Of two who both could have it:
    `preferred`: it was meant for its agent; `came_free`: its agent became free while the contact waited, and this one
    had been kept free for `queue`; `needed_elsewhere` (queue): another queue of this agent needs them more than those
    of the other; `holds_more` (held, other_held): contacts in hand; `idle_less` (free_since, other_free_since);
    `tie`: nothing tells them apart.
    """
    contact = state.contacts.get(offer.contact)
    person = state.agents.get(agent)
    if person is None:
        return WhyNot("unknown_agent")
    if contact is None or contact.lane is None:
        return WhyNot("unknown_contact")
    alone = stands_between(state, contact, person)
    if alone is not None:
        return alone
    if offer.reasons.winner.preferred:
        return WhyNot("preferred")
    if offer.reasons.side == CONTACT_WAITED:
        return _had_waited(state, contact.lane, person)
    return _ranks_after(state, offer, contact, person)


def _had_waited(state: State, lane: Lane, agent: AgentState) -> WhyNot:
    """The contact had waited beside this agent, who was free: they were kept so for a queue that is worth more."""
    dearest = price_of_agent(state, agent, lane)[1]
    return WhyNot("came_free", (("queue", dearest.id),)) if dearest else WhyNot("tie")


def _ranks_after(state: State, offer: Offered, contact: ContactState, agent: AgentState) -> WhyNot:
    """Both were free when the contact came: what ranked them, in the order in which it is looked at."""
    winner, theirs = state.agents.get(offer.agent), offer.reasons.winner
    if winner is not None and contact.lane is not None:
        mine, other = _rank(agent, contact.lane), _rank(winner, contact.lane)
        if mine is not None and other is not None and mine > other:
            dearest = price_of_agent(state, agent, contact.lane)[1]
            if dearest is not None:
                return WhyNot("needed_elsewhere", (("queue", dearest.id),))
    if agent.load > theirs.load:
        return WhyNot("holds_more", (("held", agent.load), ("other_held", theirs.load)))
    if agent.idle_since > theirs.idle_since:
        return WhyNot("idle_less", (("free_since", agent.idle_since), ("other_free_since", theirs.idle_since)))
    return WhyNot("tie")


def _rank(agent: AgentState, lane: Lane) -> int | None:
    if lane not in agent.lanes or len(agent.ranks) != len(agent.lanes):
        return None
    return agent.ranks[agent.lanes.index(lane)]
