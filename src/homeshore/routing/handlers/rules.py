"""Rules change: queues, agents, the policy of the floor."""

from __future__ import annotations

from homeshore.routing.changes import enter_stage, known_agent, look_again, still_fits
from homeshore.routing.handlers.presence import take_back_offer
from homeshore.routing.inputs import AgentRemoved, AgentSet, DayCounted, PolicySet, QueueRemoved, QueueSet
from homeshore.routing.lanes import disengage, engage, enter_lanes, leave_lanes, restand
from homeshore.routing.lines import leave_line, line_up
from homeshore.routing.matching import keep_watch, serve
from homeshore.routing.parts import ACTIVE, SCHEDULED, WAITING
from homeshore.routing.policy import CHANNEL_INDEX, check_overflow
from homeshore.routing.ranking import by_price, look_at_prices
from homeshore.routing.run import Run


def on_queue_set(run: Run, fact: QueueSet) -> None:
    """A queue is new or changed: its lanes are laid anew. Raises PolicyError when overflow goes round in a circle."""
    state, id = run.state, fact.queue.id
    if fact.queue.overflow:
        others = [queue.rule for queue in state.queues.values() if queue.id != id]
        check_overflow([*others, fact.queue])
    _relay(run, id, fact)


def on_queue_removed(run: Run, fact: QueueRemoved) -> None:
    """A queue is no more; its contacts wait outside every line until they are moved, cancelled, or it comes back."""
    if fact.queue in run.state.queues:
        _relay(run, fact.queue, None)


def _relay(run: Run, id: int, fact: QueueSet | None) -> None:
    state = run.state
    near = _agents_near(run, id)
    contacts = [contact for _, contact in sorted(state.contacts.items()) if contact.queue == id]
    for contact in contacts:
        if contact.stands == WAITING:
            leave_line(state, contact)
    if fact is None:
        state.unset_queue(id)
    else:
        look_at_prices(state, state.set_queue(fact.queue), run.now)
    near |= _agents_near(run, id)
    for contact in contacts:
        if fact is not None:
            contact.channel = CHANNEL_INDEX[fact.queue.channel] if contact.stands == WAITING else contact.channel
            if contact.let_go:
                state.queues[id].let_go.add(contact.id)
        enter_stage(run, contact)
        if contact.stands in (ACTIVE, SCHEDULED):
            contact.stage_at = None
        elif contact.stands == WAITING:
            line_up(state, contact)
    for agent_id in sorted(near):
        agent = state.agents[agent_id]
        leave_lanes(agent)
        enter_lanes(state, agent)
    if fact is not None:
        look_at_prices(state, state.queues[id], run.now)  # again, now that it is known who works for it
        if by_price(state):
            keep_watch(run, state.queues[id])
    for contact in contacts:
        look_again(run, contact)
    for agent_id in sorted(near):
        serve(run, state.agents[agent_id])


def _agents_near(run: Run, id: int) -> set[int]:
    """The agents whose lanes a change of this queue may change."""
    state = run.state
    found = set(state.engaged.get(id, ()))
    queue = state.queues.get(id)
    for step in queue.rule.overflow if queue else ():
        found |= state.engaged.get(step.queue, set())
    return found


def on_agent_set(run: Run, fact: AgentSet) -> None:
    """An agent is new, or can do other things than before. What they hold stays theirs, but not an offer for which they have
    no place any more: a colleague asks them now, their line became too weak, or they have fewer places.
    """
    state = run.state
    agent = known_agent(state, fact.agent.id)
    disengage(state, agent)
    agent.follow(fact.agent)
    agent.removed = False
    agent.note_readiness(run.now)
    engage(state, agent)
    if agent.offer is not None and not still_fits(state.offers[agent.offer], agent):
        take_back_offer(run, agent, "no_place")
    for id in sorted(agent.wanted_by):
        look_again(run, state.contacts[id])
    serve(run, agent)


def on_agent_removed(run: Run, fact: AgentRemoved) -> None:
    """An agent leaves the floor; what they hold stays theirs until it is closed or moved."""
    state = run.state
    agent = state.agents.get(fact.agent)
    if agent is None or agent.removed:
        return
    agent.removed = True
    agent.note_readiness(run.now)
    take_back_offer(run, agent, "agent_removed")
    restand(state, agent)
    disengage(state, agent)
    if not agent.load:
        del state.agents[agent.id]


def on_day_counted(run: Run, fact: DayCounted) -> None:
    """What the agent has done today is what this says; ready time goes on from here."""
    agent = run.state.agents.get(fact.agent)
    if agent is None:
        return
    agent.acts, agent.ready_ms = fact.acts, fact.ready_ms
    if agent.ready_since is not None:
        agent.ready_since = run.now
    restand(run.state, agent)


def on_policy_set(run: Run, fact: PolicySet) -> None:
    """The policy of the floor changed; what has been timed already keeps its time."""
    state = run.state
    before, state.policy = state.policy, fact.policy
    if before.fairness_seconds != fact.policy.fairness_seconds:
        for _, agent in sorted(state.agents.items()):
            restand(state, agent)
    if before.rule == fact.policy.rule:
        return
    for _, queue in sorted(state.queues.items()):
        queue.watch_at = None
        if by_price(state):
            look_at_prices(state, queue, run.now)
            keep_watch(run, queue)
    for _, agent in sorted(state.agents.items()):
        if agent.open:
            serve(run, agent)
