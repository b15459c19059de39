"""Make calls agree with their contacts: what routing, agents and supervisors did to a contact becomes sound."""

from datetime import datetime

from homeshore.channels.voice import events
from homeshore.channels.voice.course import (
    CloseContact,
    Connect,
    HangUp,
    Move,
    PassOn,
    Release,
    Ring,
    Settle,
    Standing,
    StopRinging,
    next_move,
)
from homeshore.channels.voice.models import Call, Leg
from homeshore.channels.voice.services.calls import finish, settle
from homeshore.channels.voice.services.companions import leave_for_own_call
from homeshore.channels.voice.services.legs import end_leg, let_go
from homeshore.channels.voice.services.rows import call_facts, driver, leg_facts, leg_seen, lock_call, open_leg
from homeshore.contacts import services as contacts
from homeshore.contacts.queries import standing
from homeshore.foundation.transactions import snapshot, write

MOST_MOVES = 8
"""A call needs at most three moves to agree; more is an error of ours, better seen than looped in."""


def follow_all(*, now: datetime) -> int:
    """Let every call follow its contact; how many had to move."""
    with snapshot():
        calls = list(Call.objects.filter(settled=False).order_by("id"))
        seen = standing.of_contacts(call.contact_id for call in calls)
        legs = {leg.call_id: leg for leg in Leg.objects.filter(call__in=calls).exclude(state=Leg.State.ENDED)}
    behind = [call.pk for call in calls if _next(call, legs.get(call.pk), _as_seen(seen[call.contact_id]))]
    return sum(follow(call_id=call_id, now=now) for call_id in behind)


def follow(*, call_id: int, now: datetime) -> bool:
    """Let one call follow its contact, in one transaction; whether it moved."""
    moved = 0
    with write():
        call = lock_call(call_id)
        while not call.settled and (move := _next(call, leg := open_leg(call), _standing(call))):
            _make(move, call, leg, now=now)
            moved += 1
            if moved == MOST_MOVES:
                raise RuntimeError(f"Call {call_id} does not come to agree with its contact: {move}.")
    return moved > 0


def _standing(call: Call) -> Standing:
    return _as_seen(standing.of_contacts([call.contact_id])[call.contact_id])


def _as_seen(at: standing.Standing) -> Standing:
    return Standing(at.state, at.outcome, at.offer, at.assignment, at.agent, at.called_back)


def _next(call: Call, leg: Leg | None, at: Standing) -> Move | None:
    ended, answered = call.state == Call.State.ENDED, call.answered_at is not None
    dialling = call.state == Call.State.DIALLING
    return next_move(at, leg_seen(leg), ended=ended, answered=answered, dialling=dialling)


def _make(move: Move, call: Call, leg: Leg | None, *, now: datetime) -> None:
    match move:
        case Settle():
            settle(call, now=now)
        case Ring(agent, offer):
            _ring(call, agent, offer, now=now)
        case Connect(agent, assignment):
            _connect(call, leg, agent, assignment, now=now)
        case StopRinging() if leg:
            end_leg(call, leg, why="not_taken", now=now)
        case Release() if leg:
            end_leg(call, leg, why="moved", now=now)
        case PassOn(agent, assignment) if leg:
            _pass_on(call, leg, agent, assignment, now=now)
        case HangUp(why):
            finish(call, by=Call.EndedBy.AGENT if why == "handled" else Call.EndedBy.HOUSE, why=why, now=now)
        case CloseContact(answered):
            contacts.close_left_behind(contact_id=call.contact_id, answered=answered, now=now)


def _new_leg(call: Call, agent_id: int, state: Leg.State, *, now: datetime) -> Leg:
    call.round += 1
    call.save(update_fields=["round"])
    number = Leg.objects.filter(call=call).count() + 1
    return Leg.objects.create(call=call, number=number, agent_id=agent_id, state=state, began_at=now)


def _ring(call: Call, agent_id: int, offer: str, *, now: datetime) -> None:
    leg = _new_leg(call, agent_id, Leg.State.RINGING, now=now)
    leg.offer_id = offer
    leg.save(update_fields=["offer_id"])
    call.state = Call.State.RINGING
    call.save(update_fields=["state"])
    driver(call).offer(call_facts(call), leg_facts(leg), now=now)
    events.call_changed(call, leg, at=now)


def _pass_on(call: Call, leg: Leg, agent_id: int, assignment_id: int, *, now: datetime) -> None:
    """The customer hears nothing of a queue: only that somebody else is picking up."""
    let_go(call, leg, why="moved", now=now)
    events.leg_ended(call, leg, at=now)
    _connect(call, None, agent_id, assignment_id, now=now)


def _connect(call: Call, leg: Leg | None, agent_id: int, assignment_id: int, *, now: datetime) -> None:
    leave_for_own_call(agent_id, now=now)
    leg = leg or _new_leg(call, agent_id, Leg.State.CONNECTING, now=now)
    leg.state, leg.assignment_id, leg.accepted_at = Leg.State.CONNECTING, assignment_id, now
    leg.save(update_fields=["state", "assignment_id", "accepted_at"])
    call.state = Call.State.CONNECTING
    call.save(update_fields=["state"])
    driver(call).connect(call_facts(call), leg_facts(leg), now=now)
    events.call_changed(call, leg, at=now)
