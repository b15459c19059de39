"""The core: one input in, decisions and timers out. No clock, no I/O, no chance."""

from __future__ import annotations

from typing import Any, NamedTuple

from homeshore.routing import inputs
from homeshore.routing.changes import look_again
from homeshore.routing.decisions import Decision
from homeshore.routing.handlers import assignments, contacts, offers, presence, rules, timers
from homeshore.routing.inputs import Input
from homeshore.routing.past import REMEMBER_MS
from homeshore.routing.run import Run
from homeshore.routing.state import State, Timer

_HANDLERS: dict[type[Any], Any] = {
    inputs.QueueSet: rules.on_queue_set,
    inputs.QueueRemoved: rules.on_queue_removed,
    inputs.AgentSet: rules.on_agent_set,
    inputs.AgentRemoved: rules.on_agent_removed,
    inputs.PolicySet: rules.on_policy_set,
    inputs.PresenceSet: presence.on_presence_set,
    inputs.PresenceLapsed: presence.on_lapsed,
    inputs.PresenceRenewed: presence.on_renewed,
    inputs.ContactArrived: contacts.on_arrived,
    inputs.ContactScheduled: contacts.on_scheduled,
    inputs.ContactCancelled: contacts.on_cancelled,
    inputs.OfferStanding: offers.on_standing,
    inputs.OfferAccepted: offers.on_accepted,
    inputs.OfferDeclined: offers.on_declined,
    inputs.AssignmentOpened: assignments.on_opened,
    inputs.AssignmentClosed: assignments.on_closed,
    inputs.WrapUpEnded: assignments.on_wrap_up_ended,
    inputs.AssignmentRequeued: assignments.on_requeued,
    inputs.DayCounted: rules.on_day_counted,
    inputs.DecisionRefused: offers.on_refused,
    inputs.Tick: timers.on_tick,
}


class Step(NamedTuple):
    """What one input led to. `state` is the state given, changed in place; `timers` are those newly set."""

    state: State
    seq: int
    decisions: tuple[Decision, ...]
    timers: tuple[Timer, ...]


def step(state: State, input: Input, now: int) -> Step:
    """Takes one input at `now` (milliseconds since the epoch, UTC) and decides what follows from it.

    Changes `state` in place and returns it with the decisions, in the order in which they are to be committed. A
    clock that fell back is held. Raises PolicyError for a rule that cannot be followed; the state is then as it
    was.
    """
    handle = _HANDLERS[type(input)]
    if now < state.now:
        now = state.now
    run = Run(state, now)
    state.seq += 1
    try:
        handle(run, input)
    except ValueError:
        state.seq -= 1
        raise
    state.now = now
    if state.to_look_at:
        _look_at(run)
    past = state.past
    if past.oldest and past.oldest[0][0] <= now - REMEMBER_MS:
        past.forget(now)
    return Step(state, state.seq, tuple(run.decisions), tuple(run.timers))


def _look_at(run: Run) -> None:
    """Contacts for which an agent who left made a difference, in the order of their ids."""
    state = run.state
    while state.to_look_at:
        ids = sorted(state.to_look_at)
        state.to_look_at.clear()
        for id in ids:
            contact = state.contacts.get(id)
            if contact is not None:
                look_again(run, contact)
