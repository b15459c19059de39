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
from homeshore.outbound.lists import calling as lists


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
    """A contact is closed: who was reached in it, and said nothing else, was reached. A list hears of its own."""
    user = closed.assignment.agent.user
    placed = _placed_in(closed.contact.pk)
    for call in placed:
        note_result(
            call, Result.NOBODY if call.state == Call.State.DIALLING else Result.REACHED, by=user, now=closed.at
        )
    if placed:
        lists.note_closed(
            contact_id=closed.contact.pk,
            results=_results(placed),
            disposition_id=closed.contact.disposition_id,
            by=user,
            now=closed.at,
        )


def note_over(call: Call, *, now: datetime) -> None:
    """Call and contact are both over, whoever ended them: a list hears of its own, if nobody has told it; in the open transaction."""
    if call.attempt_id is not None:
        lists.note_closed(contact_id=call.contact_id, results=_results(_placed_in(call.contact_id)), now=now)


def _placed_in(contact_id: int) -> list[Call]:
    """The calls that the house placed in a contact."""
    return list(Call.objects.filter(contact=contact_id, attempt__isnull=False).select_related("attempt").order_by("id"))


def _results(calls: list[Call]) -> list[Result | None]:
    return [register.result_of(call.attempt) for call in calls if call.attempt]


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
