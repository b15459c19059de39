"""What became of a call that the house placed, for the register of calls out (`outbound`)."""

from datetime import datetime

from homeshore.channels.voice.models import Call
from homeshore.channels.voice.refusals import NoSuchCall
from homeshore.channels.voice.services.rows import lock_call
from homeshore.contacts.events import DispositionRecorded
from homeshore.contacts.queries import standing
from homeshore.foundation.models import User
from homeshore.foundation.transactions import write
from homeshore.outbound import queries as register
from homeshore.outbound import services as outbound
from homeshore.outbound.gate.register import Result


def say_result(*, call_id: int, agent_id: int, result: Result, by: User, now: datetime) -> None:
    """The agent says what the customer said of being called, before they close the contact.

    Raises NoSuchCall for a call that is not theirs or that nobody answered, NoSuchAttempt when that was said already.
    """
    with write():
        call = lock_call(call_id)
        at = standing.of_contacts([call.contact_id])[call.contact_id]
        if call.attempt is None or call.answered_at is None or (at.state, at.agent) != ("active", agent_id):
            raise NoSuchCall
        _record(call, result, by=by, now=now)


def note_result(call: Call, result: Result, *, by: User, now: datetime) -> None:
    """How a call that the house placed ended, unless that is known; in the open transaction."""
    if call.attempt is not None and register.result_of(call.attempt) is None:
        _record(call, result, by=by, now=now)


def note_reached(closed: DispositionRecorded) -> None:
    """A contact is closed: who was reached in it, and said nothing else, was reached."""
    for call in Call.objects.filter(contact=closed.contact, attempt__isnull=False).select_related("attempt"):
        note_result(call, Result.REACHED, by=closed.assignment.agent.user, now=closed.at)


def _record(call: Call, result: Result, *, by: User, now: datetime) -> None:
    if call.attempt is None:
        raise NoSuchCall
    outbound.record_result(
        operator_id=call.operator_id,
        party_id=call.attempt.party_id,
        attempt=call.attempt.position,
        result=result,
        by=by,
        now=now,
    )
