"""What must hold between two steps. Slow and plain on purpose: it looks at everything and trusts no index."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from homeshore.routing.lanes import may_answer
from homeshore.routing.lines import takes
from homeshore.routing.matching import LOOK_AGAIN_MS
from homeshore.routing.parts import (
    ACTIVE,
    OFFERED,
    SCHEDULED,
    UNSETTLED,
    WAITING,
    AgentState,
    AssignmentState,
    ContactState,
    OfferState,
)
from homeshore.routing.policy import CHANNELS, CHAT, VOICE
from homeshore.routing.ranking import by_price
from homeshore.routing.state import State


class InvariantBroken(AssertionError):
    """The state contradicts itself, with everything that is wrong in it."""


def check_invariants(state: State) -> None:
    """Raises InvariantBroken when I1 to I4, I7, I8 or I10 does not hold, or an index does not tell the truth."""
    broken = [
        *_one_offer_each(state),
        *_places_add_up(state),
        *_assignments_match(state),
        *_nobody_lost(state),
        *_nobody_idle_beside_waiting(state),
        *_everything_ends(state),
        *_indexes_tell_the_truth(state),
    ]
    if broken:
        raise InvariantBroken("\n".join(broken))


def _one_offer_each(state: State) -> Iterator[str]:
    """I1, and one open offer per agent."""
    by_contact = Counter(offer.contact for offer in state.offers.values())
    by_agent = Counter(offer.agent for offer in state.offers.values())
    yield from (f"I1: contact {id} has {n} open offers" for id, n in by_contact.items() if n > 1)
    yield from (f"I1: agent {id} has {n} open offers" for id, n in by_agent.items() if n > 1)
    for offer in state.offers.values():
        contact = state.contacts.get(offer.contact)
        if contact is None or contact.stands != OFFERED or contact.offer != offer.id:
            yield f"I1: offer {offer.id} is open, its contact {offer.contact} does not know"
        if state.agents[offer.agent].offer != offer.id:
            yield f"I1: offer {offer.id} is open, its agent {offer.agent} does not know"


def _places_add_up(state: State) -> Iterator[str]:
    """What agents hold is what offers and assignments take. (`check_offer` judges I2 itself, at each decision.)"""
    held: Counter[tuple[int, int]] = Counter()
    load: Counter[int] = Counter()
    firm: Counter[int] = Counter()
    items: list[OfferState | AssignmentState] = [*state.offers.values(), *state.assignments.values()]
    for item in items:
        held[item.agent, item.channel] += item.place
        load[item.agent] += 1
        firm[item.agent] += item.firm
    for agent in state.agents.values():
        expected = [held[agent.id, channel] for channel in range(len(CHANNELS))]
        if (agent.held, agent.load, agent.firm) != (expected, load[agent.id], firm[agent.id]):
            yield f"I2: agent {agent.id} counts {agent.held} ({agent.load}); what is held says {expected}"


def check_offer(state: State, offer: OfferState) -> None:
    """I2: raises InvariantBroken when an offer just made takes its agent over capacity on its channel."""
    agent = state.agents[offer.agent]
    name = CHANNELS[offer.channel]
    if agent.held[offer.channel] > agent.rule.places.get(name, 0):
        raise InvariantBroken(f"I2: agent {agent.id} was offered more {name} than they have places for")
    if offer.channel == VOICE and (agent.held[VOICE] > offer.place or agent.held[CHAT] or agent.firm > offer.firm):
        raise InvariantBroken(f"I2: agent {agent.id} was offered a call beside live contacts")
    if offer.channel != VOICE and agent.held[VOICE]:
        raise InvariantBroken(f"I2: agent {agent.id} was offered {name} beside a call")


def _assignments_match(state: State) -> Iterator[str]:
    """I3: a contact has at most one active assignment, and both know of it."""
    active = Counter(item.contact for item in state.assignments.values() if item.wrap_up_until is None)
    yield from (f"I3: contact {id} has {n} active assignments" for id, n in active.items() if n > 1)
    for item in state.assignments.values():
        contact = state.contacts.get(item.contact)
        if item.wrap_up_until is None and (contact is None or contact.assignment != item.id):
            yield f"I3: assignment {item.id} is active, its contact {item.contact} does not know"
        if item.id not in state.agents[item.agent].assignments:
            yield f"I3: assignment {item.id} is unknown to its agent {item.agent}"
    for contact in state.contacts.values():
        if contact.stands == ACTIVE and contact.assignment not in state.assignments:
            yield f"I3: contact {contact.id} is active without an assignment"


def _nobody_lost(state: State) -> Iterator[str]:
    """I4: scheduled + waiting + offered + active + closed = arrived."""
    stands = Counter(contact.stands for contact in state.contacts.values())
    known = sum(stands[name] for name in (SCHEDULED, WAITING, UNSETTLED, OFFERED, ACTIVE))
    if known + state.closed != state.arrived or known != len(state.contacts):
        yield f"I4: {dict(stands)} and {state.closed} closed are not the {state.arrived} that arrived"


def _nobody_idle_beside_waiting(state: State) -> Iterator[str]:
    """I7: no idle eligible agent beside a waiting contact, unless the policy gives its reason."""
    free = [agent for agent in state.agents.values() if agent.open_channels()]
    for contact in state.contacts.values():
        if contact.stands != WAITING or contact.lane is None:
            continue
        for agent in free:
            if _should_have_it(state, contact, agent):
                yield f"I7: contact {contact.id} waits beside agent {agent.id}, who is free"


def _should_have_it(state: State, contact: ContactState, agent: AgentState) -> bool:
    lane = contact.lane
    if lane is None or agent.removed or not agent.open_channels() & lane.bit or not may_answer(state, agent, lane):
        return False
    if contact.kept_until is not None and contact.preferred != agent.id:
        return False
    return takes(state, contact, agent) and not _may_be_kept_free(state, contact, agent)


def _may_be_kept_free(state: State, contact: ContactState, agent: AgentState) -> bool:
    """Prices may keep an agent free for another queue of theirs, as long as that is weighed again soon."""
    queue = state.queues[contact.queue]
    others = any(lane.queue is not queue for lane in agent.lanes)
    soon = queue.watch_at is not None and queue.watch_at <= state.now + LOOK_AGAIN_MS
    return by_price(state) and others and soon


def _everything_ends(state: State) -> Iterator[str]:
    """I8 and I10: every offer and every wrap-up has its timer, and every live timer is set."""
    live = state.all_timers()
    yield from (f"I10: {timer} stands twice" for timer, n in Counter(live).items() if n > 1)
    yield from (f"I8: {timer} is not set" for timer in set(live) - set(state.timers))
    for contact in state.contacts.values():
        if contact.stands == UNSETTLED and contact.settle_at is None:
            yield f"I8: contact {contact.id} is unsettled for ever"
        if (contact.stands == SCHEDULED) != (contact.scheduled_at is not None):
            yield f"I8: contact {contact.id} is {contact.stands} with its moment {contact.scheduled_at}"


def _indexes_tell_the_truth(state: State) -> Iterator[str]:
    """Lanes count what is there, their heaps hold everyone they should, and agents know what pulls at them."""
    for agent in state.agents.values():
        pulled = sum(lane.queue.prices.load for lane in agent.lanes if not lane.stage)
        if agent.pulled != pulled:
            yield f"agent {agent.id}: pulled at by {agent.pulled}, in truth by {pulled}"
    for queue in state.queues.values():
        for lane in queue.lanes:
            members = [agent for agent in state.agents.values() if lane in agent.lanes]
            right = {id for id, agent in state.agents.items() if not agent.removed and may_answer(state, agent, lane)}
            where = f"lane {queue.id}/{lane.stage}"
            if {agent.id for agent in members} != right:
                yield f"{where}: members are wrong"
            free = {agent.id for agent in members if agent.open_channels() & lane.bit}
            there = sum(agent.is_there() for agent in members)
            counts = (len(free), there - len(free), len(members) - there)
            if (lane.free, lane.busy, lane.away) != counts:
                yield f"{where}: counts {(lane.free, lane.busy, lane.away)}, there are {counts}"
            line = {
                contact.id
                for contact in state.contacts.values()
                if contact.lane is lane and contact.stands == WAITING and contact.kept_until is None
            }
            if lane.waits != len(line) or not line <= {place[2] for place in lane.waiting}:
                yield f"{where}: {lane.waits} wait by count, {len(line)} in truth"
            stamped = {entry[3] for entry in lane.idle if (a := state.agents.get(entry[3])) and a.stamp == entry[4]}
            if not free <= stamped:
                yield f"{where}: free agents {sorted(free - stamped)} are not in the heap"
