"""An agent's part in a call: it rings, they hear one another, one is put on hold, the line breaks."""

from datetime import datetime

from homeshore.channels.voice import events
from homeshore.channels.voice.drivers import Announcement
from homeshore.channels.voice.models import Call, Companion, Leg, Side
from homeshore.channels.voice.services.calls import finish
from homeshore.channels.voice.services.companions import end_companions
from homeshore.channels.voice.services.recordings import note_hold
from homeshore.channels.voice.services.rows import call_facts, driver, leg_facts, leg_of, lock_call, open_leg
from homeshore.contacts import services as contacts
from homeshore.foundation.transactions import write


def phone_rang(*, call_id: int, agent_id: int, now: datetime) -> None:
    """The agent's phone was heard to ring: offer to ringing is measured by it. Told twice, the first counts."""
    Leg.objects.filter(call_id=call_id, agent_id=agent_id, state=Leg.State.RINGING, rang_at__isnull=True).update(
        rang_at=now
    )


def sound_heard(*, call_id: int, leg_number: int, at_side: str, now: datetime) -> bool:
    """The sound of the other end arrives at this one. At both: the call is answered, and so is its contact.

    False when that leg is over. Told twice, the first counts.
    """
    with write():
        call = lock_call(call_id)
        leg = open_leg(call)
        if leg is None or leg.number != leg_number or leg.state == Leg.State.RINGING:
            return False
        if at_side == Side.CUSTOMER:
            leg.customer_heard_at = leg.customer_heard_at or now
        else:
            leg.agent_heard_at = leg.agent_heard_at or now
        if leg.customer_heard_at and leg.agent_heard_at and leg.answered_at is None:
            _talk(call, leg, now=now)
        leg.save(update_fields=["customer_heard_at", "agent_heard_at", "state", "answered_at"])
    return True


def _talk(call: Call, leg: Leg, *, now: datetime) -> None:
    leg.state, leg.answered_at = Leg.State.TALKING, now
    call.state, call.answered_at = Call.State.TALKING, call.answered_at or now
    call.save(update_fields=["state", "answered_at"])
    contacts.record_answer(agent_id=leg.agent_id, contact_id=call.contact_id, now=now)
    driver(call).announce(call_facts(call), Announcement.SILENCE, now=now)
    events.call_changed(call, leg, at=now)


def hold(*, call_id: int, agent_id: int, on: bool, now: datetime) -> None:
    """The agent puts the customer on hold, with music, or takes them back. Raises NoSuchCall."""
    with write():
        call = lock_call(call_id)
        leg = leg_of(call, agent_id)
        if leg.state == Leg.State.TALKING and part_by_music(call, leg, on, now=now):
            events.call_changed(call, leg, at=now)


def part_by_music(call: Call, leg: Leg, on: bool, *, now: datetime) -> bool:
    """The customer is on hold from here on, or no longer; False when that is so already. In the open transaction."""
    if on == (leg.held_since is not None):
        return False
    leg.held_since = now if on else None
    leg.save(update_fields=["held_since"])
    call.state = Call.State.HELD if on else Call.State.TALKING
    call.save(update_fields=["state"])
    driver(call).hold(call_facts(call), leg_facts(leg), on, now=now)
    driver(call).announce(call_facts(call), Announcement.HOLD_MUSIC if on else Announcement.SILENCE, now=now)
    note_hold(call, on, now=now)
    for companion in Companion.objects.filter(call=call, ended_at=None, asked_by__isnull=False):
        events.consultation_changed(companion, at=now)
    return True


def drop_leg(*, call_id: int, leg_number: int, why: str, now: datetime) -> bool:
    """The agent's end is lost: the customer goes to the front of the queue with all that was said; nothing is held
    against the agent. A customer who is only being called is called no more. False when that leg was over, or had not been taken.
    """
    with write():
        call = lock_call(call_id)
        leg = open_leg(call)
        if leg is None or leg.number != leg_number or leg.state == Leg.State.RINGING:
            return False
        if call.state == Call.State.DIALLING:
            finish(call, by=Call.EndedBy.NETWORK, why=why, now=now)
            return True
        end_leg(call, leg, why=why, now=now)
        contacts.hand_back(agent_id=leg.agent_id, contact_id=call.contact_id, why="line_lost", now=now)
    return True


def end_leg(call: Call, leg: Leg, *, why: str, now: datetime) -> None:
    """A leg is over, its call is not: the customer hears music again; in the open transaction."""
    let_go(call, leg, why=why, now=now)
    call.state = Call.State.QUEUED
    call.save(update_fields=["state"])
    driver(call).announce(call_facts(call), Announcement.MUSIC, now=now)
    events.call_changed(call, leg, at=now)


def let_go(call: Call, leg: Leg, *, why: str, now: datetime) -> None:
    """The agent of a leg, and who was beside them, are in the call no longer; what follows for the customer is the caller's to say."""
    leg.state, leg.ended_at, leg.why = Leg.State.ENDED, now, why
    leg.held_since = leg.hand_raised_at = None
    leg.save(update_fields=["state", "ended_at", "why", "held_since", "hand_raised_at"])
    end_companions(call, why=why, now=now)
    driver(call).cancel(call_facts(call), leg_facts(leg), now=now)
