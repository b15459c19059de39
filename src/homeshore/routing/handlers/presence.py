"""Agents come and go, and their lines are lost and found."""

from __future__ import annotations

from homeshore.routing.changes import requeue_lost, wait_again, withdraw
from homeshore.routing.inputs import PresenceLapsed, PresenceRenewed, PresenceSet
from homeshore.routing.lanes import restand
from homeshore.routing.matching import serve
from homeshore.routing.parts import AgentState
from homeshore.routing.run import Run


def on_presence_set(run: Run, fact: PresenceSet) -> None:
    """The agent says whether they are ready; saying anything shows that their line holds."""
    agent = run.state.agents.get(fact.agent)
    if agent is None:
        return
    was_there = agent.is_there()
    agent.ready, agent.reason = fact.ready, fact.reason
    agent.settle_at = None
    _line_holds(run, agent)
    if fact.ready:
        if agent.rested:
            agent.rested, agent.missed = False, 0
        if not was_there:
            agent.idle_since = run.now
        agent.note_readiness(run.now)
    else:
        agent.note_readiness(run.now)
        take_back_offer(run, agent, "agent_away")
    serve(run, agent)


def on_lapsed(run: Run, fact: PresenceLapsed) -> None:
    """The line is lost: the offer goes back at once, contacts after the time their channel is kept."""
    agent = run.state.agents.get(fact.agent)
    if agent is None or agent.lapsed:
        return
    agent.lapsed = True
    agent.note_readiness(run.now)
    take_back_offer(run, agent, "line_lost")
    restand(run.state, agent)
    for id in sorted(agent.assignments):
        item = run.state.assignments[id]
        if item.wrap_up_until is not None:
            continue
        keep = run.state.policy.keep_ms(item.channel)
        if keep:
            item.keep_until = run.now + keep
            run.arm(item.keep_until, "keep", item.id)
        else:
            requeue_lost(run, item)


def on_renewed(run: Run, fact: PresenceRenewed) -> None:
    """The line is back: what the agent still holds stays theirs."""
    agent = run.state.agents.get(fact.agent)
    if agent is None:
        return
    if agent.lapsed and agent.ready:
        agent.idle_since = run.now
    agent.settle_at = None
    _line_holds(run, agent)
    agent.note_readiness(run.now)
    serve(run, agent)


def _line_holds(run: Run, agent: AgentState) -> None:
    if agent.lapsed:
        agent.lapsed = False
        for id in agent.assignments:
            run.state.assignments[id].keep_until = None


def take_back_offer(run: Run, agent: AgentState, why: str) -> None:
    """Withdraws the agent's open offer, if there is one; the contact goes to somebody else."""
    if agent.offer is not None:
        offer = run.state.offers[agent.offer]
        withdraw(run, offer, why)
        restand(run.state, agent)
        wait_again(run, run.state.contacts[offer.contact])
