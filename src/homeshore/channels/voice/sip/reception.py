"""Who calls is let in: the number leads to a queue, their contact is durable, and only then they are answered."""

import logging
from datetime import datetime

from homeshore.brands.queries import openings
from homeshore.channels.voice.embedded import ends
from homeshore.channels.voice.models import Call, Caller, Number
from homeshore.channels.voice.services import Thread, place_call
from homeshore.channels.voice.services.calls import CHANNEL
from homeshore.channels.voice.sip import descriptions
from homeshore.channels.voice.sip.driver import NAME
from homeshore.channels.voice.sip.guest import Guest, Instruments
from homeshore.channels.voice.sip.media.control import MediaAway, MediaError
from homeshore.channels.voice.sip.numbers import normalised, number_called
from homeshore.channels.voice.sip.signalling import Invited
from homeshore.channels.voice.sip.steps import Where
from homeshore.contacts.services import CustomerFacts
from homeshore.foundation.errors import Refused
from homeshore.foundation.transactions import write

logger = logging.getLogger(__name__)

NOT_FOUND, UNAVAILABLE, BUSY, NOT_ACCEPTABLE, AWAY = 404, 480, 486, 488, 503


def receive(event: Invited, instruments: Instruments, *, home: str, monotonic: float, now: datetime) -> Guest | None:
    """Answer who calls, or refuse them; None when they are refused."""
    agent, number = instruments.agent, number_called(event.called)
    why = _refusal(event, number, now=now)
    if number is None or why:
        logger.info("A call to %s is refused with %s", event.called, why)
        agent.refuse(event.tag, why or NOT_FOUND, now=monotonic)
        return None
    place = f"{event.tag}.0"
    try:
        given = instruments.places.alone(place, event.sdp)
        row = _let_in(event, number, instruments, place=place, given=given, home=home, now=now)
    except MediaError as error:
        logger.warning("A call to %s is refused: %s", event.called, error)
        agent.refuse(event.tag, AWAY if isinstance(error, MediaAway) else NOT_ACCEPTABLE, now=monotonic)
        return None
    except Refused as error:
        logger.info("A call to %s is refused: %s", event.called, error)
        agent.refuse(event.tag, BUSY, now=monotonic)
        instruments.places.close(place)
        return None
    agent.answer(event.tag, row.said, now=monotonic)
    return Guest(row, instruments)


def _refusal(event: Invited, number: Number | None, *, now: datetime) -> int:
    """Why a call is not let in, as SIP says it; 0 when it is."""
    if number is None:
        return NOT_FOUND
    if not descriptions.has_audio(event.sdp):
        return NOT_ACCEPTABLE
    brand = number.queue.brand_id
    return 0 if openings([brand], at=now, language=number.language)[brand].is_open else UNAVAILABLE


def _let_in(
    event: Invited, number: Number, instruments: Instruments, *, place: str, given: str, home: str, now: datetime
) -> Caller:
    with write():
        call = _place(event, number, now=now)
        row = Caller(
            call=call,
            home=home,
            tag=event.tag,
            number=number,
            dialog=instruments.agent.dialog(event.tag).as_plain(),
            offer=event.sdp,
            place=place,
            where=Where.ALONE.value,
            said=descriptions.for_telephone(given, session=call.pk, version=0),
        )
        row.save()
        ends.join(Guest(row, instruments).end, now=now)
    return row


def _place(event: Invited, number: Number, *, now: datetime) -> Call:
    """Their call. Who calls while another call of the same number goes on is somebody else behind the same exchange."""
    digits = normalised(event.caller) if event.caller else ""
    customer = CustomerFacts(name=event.name, phone=digits, language=number.language)
    keys = [digits, f"{digits}/{event.tag}"] if digits else [f"withheld/{event.tag}"]
    for key in keys:
        call = place_call(
            queue_id=number.queue_id, thread=Thread(CHANNEL, key), customer=customer, driver_name=NAME, now=now
        )
        if not Caller.objects.filter(call=call).exists():
            return call
    raise AssertionError("A key with a new tag is nobody else's.")
