"""How a call begins and ends."""

from dataclasses import dataclass
from datetime import datetime

from homeshore.channels.voice import events
from homeshore.channels.voice.drivers import Announcement, driver_of
from homeshore.channels.voice.models import Call, Leg
from homeshore.channels.voice.refusals import WithAnAgent
from homeshore.channels.voice.services.attempts import note_over, note_result
from homeshore.channels.voice.services.companions import end_companions
from homeshore.channels.voice.services.recordings import plan_recording
from homeshore.channels.voice.services.rows import call_facts, driver, leg_facts, lock_call, open_leg
from homeshore.contacts import services as contacts
from homeshore.contacts.queries import standing
from homeshore.contacts.services import CustomerFacts
from homeshore.foundation.transactions import write
from homeshore.outbound.gate.register import Result

CHANNEL = "voice"


@dataclass(frozen=True, slots=True)
class Thread:
    """Where a call belongs among the customer's conversations: a chat goes on by phone in the same one."""

    channel: str
    key: str


def place_call(*, queue_id: int, thread: Thread, customer: CustomerFacts, driver_name: str, now: datetime) -> Call:
    """A customer calls: their contact is durable, then it is routed, and they hear music. Calling twice is one call.

    A chat of the same conversation that still waits is taken along: what was written stays, and the call counts from the
    chat's arrival. Who was cut off and calls again while their agent has not closed the contact gets that agent back.
    Raises WithAnAgent when somebody writes with them.
    """
    with write():
        before = standing.open_contact(queue_id=queue_id, thread_channel=thread.channel, thread_key=thread.key)
        arrived_at = now
        if before:
            calls = list(Call.objects.select_for_update().filter(contact_id=before.id).order_by("id"))
            known = next((call for call in calls if call.state != Call.State.ENDED), None)
            if known:
                return known
            if before.channel != CHANNEL:
                if not contacts.cancel_contact(contact_id=before.id, why="by_phone", now=now):
                    raise WithAnAgent
                arrived_at = before.arrived_at
            Call.objects.filter(contact_id=before.id).update(settled=True)
            contacts.called_by_themselves(contact_id=before.id, now=now)
        contact = contacts.arrive_contact(
            queue_id=queue_id,
            thread_key=thread.key,
            thread_channel=thread.channel,
            customer=customer,
            arrived_at=arrived_at,
            now=now,
        )
        call = Call.objects.create(
            operator_id=contact.operator_id,
            contact=contact,
            conversation_id=contact.conversation_id,
            driver=driver_name,
            began_at=now,
        )
        plan_recording(call, now=now)
        driver_of(driver_name).announce(call_facts(call), Announcement.MUSIC, now=now)
        events.call_changed(call, None, at=now)
    return call


def end_call(*, call_id: int, by: Call.EndedBy, why: str = "", now: datetime) -> bool:
    """Somebody hung up, or an end is lost: the call is over for both. False when it was already.

    Nobody had answered: the contact is abandoned, and nothing is left to do. An agent has it: it stays theirs until they say how it ended.
    """
    with write():
        call = lock_call(call_id)
        if call.state == Call.State.ENDED:
            return False
        finish(call, by=by, why=why or by.value, now=now)
        leaves = call.answered_at is None and not standing.callbacks_among([call.contact_id])
        if leaves and contacts.abandon_contact(contact_id=call.contact_id, now=now):
            settle(call, now=now)
    return True


def settle(call: Call, *, now: datetime) -> None:
    """Call and contact are both over: nobody need look at the call any more; in the open transaction."""
    call.settled = True
    call.save(update_fields=["settled"])
    note_over(call, now=now)


def finish(call: Call, *, by: Call.EndedBy, why: str, now: datetime) -> None:
    """Write the end of a call and of its open leg, and tell the driver; in the open transaction."""
    leg = open_leg(call)
    if call.state == Call.State.DIALLING and leg:
        note_result(call, Result.NOBODY, by=leg.agent.user, now=now)
    call.state, call.ended_at, call.ended_by, call.why = Call.State.ENDED, now, by, why
    call.save(update_fields=["state", "ended_at", "ended_by", "why"])
    if leg:
        leg.state, leg.ended_at, leg.why = Leg.State.ENDED, now, why
        leg.held_since = leg.hand_raised_at = None
        leg.save(update_fields=["state", "ended_at", "why", "held_since", "hand_raised_at"])
        end_companions(call, why="ended", now=now)
    driver(call).hang_up(call_facts(call), leg_facts(leg) if leg else None, why, now=now)
    events.call_changed(call, leg, at=now)
