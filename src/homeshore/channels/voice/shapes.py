"""How calls look as plain data, to each who may see them; the same in answers and events."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from homeshore.channels.voice.models import Call, Caller, Companion, Leg, ListeningRule, Recording, WeakLine
from homeshore.channels.voice.quality.judgement import BAR
from homeshore.channels.voice.recordings.course import Consent, Standing, standing
from homeshore.outbound import numbers
from homeshore.outbound import queries as register


def moment(at: datetime | None) -> str | None:
    """A time as ISO 8601, or None."""
    return at.isoformat() if at else None


def standing_of(recording: Recording) -> Standing:
    """Where a recording stands."""
    return standing(Consent(recording.told_at is not None, recording.refused_at is not None, recording.pauses))


def recording_of(call: Call) -> dict[str, Any] | None:
    """Where the recording of a call stands, and what interrupts it; None for a call that is not to be recorded."""
    recording = Recording.objects.filter(call=call).first()
    return {"state": standing_of(recording).value, "pauses": recording.pauses} if recording else None


class Untold(StrEnum):
    """What a customer whom the house called has not been told."""

    RECORDED = "recorded"
    LISTENED = "listened"


def untold_of(call: Call) -> list[Untold]:
    """What the agent has yet to tell the customer whom they called, once that has answered; not what they have refused."""
    if call.attempt_id is None or call.answered_at is None or call.state == Call.State.ENDED:
        return []
    recorded = Recording.objects.filter(call=call, told_at=None, refused_at=None).exists()
    listened = (
        call.listening_told_at is None
        and call.listening_refused_at is None
        and ListeningRule.objects.filter(queue=call.contact.queue_id, allowed=True).exists()
    )
    return [Untold.RECORDED] * recorded + [Untold.LISTENED] * listened


def name_of(companion: Companion) -> str:
    """Who somebody beside an agent is: a colleague, a supervisor, or a number outside the house."""
    if companion.attempt is not None:
        return numbers.shown(companion.attempt.party.number)
    return str(companion.colleague or companion.user)


def companions_of(call: Call) -> list[dict[str, Any]]:
    """Who is beside the agent in a call now, in the order in which they came."""
    here = [each for each in call.companions.all() if each.ended_at is None]
    return [
        {
            "id": each.pk,
            "name": name_of(each),
            "part": each.part,
            "round": each.round,
            "colleague": each.colleague_id,
            "outside": each.attempt_id is not None,
            "passes_on": each.passes_on,
        }
        for each in sorted(here, key=lambda each: each.pk)
    ]


def consultation(companion: Companion) -> dict[str, Any]:
    """Who is asked about a call, as they and the asker see it; `until` is when a colleague's desk no longer rings."""
    rings = companion.part == Companion.Part.ASKED and companion.ended_at is None
    return {
        "id": companion.pk,
        "call": companion.call_id,
        "contact": companion.call.contact_id,
        "asker": str(companion.asked_by),
        "colleague": name_of(companion),
        "outside": companion.attempt_id is not None,
        "part": companion.part,
        "round": companion.round,
        "asked_at": moment(companion.began_at),
        "until": moment(companion.alive_until) if rings else None,
        "answered_at": moment(companion.answered_at),
        "ended_at": moment(companion.ended_at),
        "why": companion.why,
        "held": companion.call.state == Call.State.HELD,
    }


def consultation_about(companion: Companion) -> dict[str, Any]:
    """... and what it is about, for the colleague: the contact, its customer and the note."""
    contact = companion.call.contact
    return {
        **consultation(companion),
        "reference": contact.reference,
        "brand": contact.brand.name,
        "queue": contact.queue.name,
        "customer": contact.conversation.customer.name,
        "note": companion.note,
    }


def placed_of(call: Call) -> dict[str, Any] | None:
    """Whom the house called and what for, what they said of it, and what is yet to be told them; None for a call that came in."""
    if call.attempt is None:
        return None
    result = register.result_of(call.attempt)
    return {
        "number": numbers.shown(call.attempt.party.number),
        "purpose": call.attempt.data["purpose"],
        "about_contract": call.attempt.data["about_contract"],
        "result": result.value if result else None,
        "untold": [each.value for each in untold_of(call)],
    }


def call_for_agent(call: Call, leg: Leg) -> dict[str, Any]:
    """A call as the agent of this leg sees it: their part of it."""
    return {
        "id": call.pk,
        "contact": call.contact_id,
        "driver": call.driver,
        "state": call.state if leg.state != Leg.State.ENDED else Call.State.ENDED.value,
        "round": call.round,
        "leg": leg.number,
        "offer": leg.offer_id,
        "accepted_at": moment(leg.accepted_at),
        "answered_at": moment(leg.answered_at),
        "held_since": moment(leg.held_since),
        "ended_at": moment(leg.ended_at),
        "ended_by": call.ended_by,
        "why": leg.why,
        "recording": recording_of(call),
        "hand_raised_at": moment(leg.hand_raised_at),
        "companions": companions_of(call),
        "placed": placed_of(call),
    }


def call_for_customer(call: Call, leg: Leg | None, *, agent_first_name: str | None) -> dict[str, Any]:
    """A call as its customer sees it: where it stands, and with whom. One who was left with somebody outside the house is `passed_on`."""
    return {
        "id": call.pk,
        "contact": call.contact_id,
        "state": Caller.Stage.PASSED_ON.value if _is_passed_on(call) else call.state,
        "round": call.round,
        "leg": leg.number if leg and leg.state != Leg.State.ENDED else None,
        "agent": agent_first_name if leg and leg.state != Leg.State.ENDED else None,
        "joined": any(each["part"] == Companion.Part.JOIN for each in companions_of(call)) if leg else False,
        "began_at": moment(call.began_at),
        "answered_at": moment(call.answered_at),
        "ended_at": moment(call.ended_at),
        "ended_by": call.ended_by,
        "why": call.why,
        "recording": recording_of(call),
    }


def _is_passed_on(call: Call) -> bool:
    passed_on = Caller.objects.filter(call=call, stage=Caller.Stage.PASSED_ON)
    return call.state == Call.State.ENDED and passed_on.exists()


def call_for_floor(call: Call, leg: Leg | None) -> dict[str, Any]:
    """A call as the floor sees it: nothing of the customer."""
    return {
        "id": call.pk,
        "contact": call.contact_id,
        "state": call.state,
        "agent": leg.agent_id if leg and leg.state != Leg.State.ENDED else None,
        "answered_at": moment(call.answered_at),
        "held_since": moment(leg.held_since) if leg else None,
        "hand_raised_at": moment(leg.hand_raised_at) if leg else None,
        "companions": companions_of(call) if leg else [],
        "ended_at": moment(call.ended_at),
        "ended_by": call.ended_by,
        "why": call.why,
    }


def weak_line(resting: WeakLine) -> dict[str, Any] | None:
    """Why no call is offered to an agent, and until when; None once it is over."""
    if resting.ended_at is not None:
        return None
    return {
        "mos": round(resting.mos, 1),
        "bar": BAR,
        "since": moment(resting.since),
        "until": moment(resting.until),
    }
