"""Who calls is let in: the number leads to a queue, their contact is durable, and only then they are answered.

Where the number has a menu or a notice, what is kept of them is durable before they are answered, and their contact when they have chosen and
have been told.
"""

import logging
from datetime import datetime

from django.conf import settings

from homeshore.brands.queries import openings
from homeshore.channels.voice.models import Caller, Number
from homeshore.channels.voice.sip import descriptions
from homeshore.channels.voice.sip.arrival import arrive
from homeshore.channels.voice.sip.chooser import Chooser
from homeshore.channels.voice.sip.guest import Guest, Instruments
from homeshore.channels.voice.sip.media.control import MediaAway, MediaError
from homeshore.channels.voice.sip.newcomer import Newcomer
from homeshore.channels.voice.sip.notices import notice_for
from homeshore.channels.voice.sip.numbers import normalised, number_called
from homeshore.channels.voice.sip.signalling import Invited
from homeshore.channels.voice.sip.steps import Where
from homeshore.foundation.errors import Refused

logger = logging.getLogger(__name__)

NOT_FOUND, UNAVAILABLE, BUSY, NOT_ACCEPTABLE, BROKEN, AWAY = 404, 480, 486, 488, 500, 503


def warm(*, now: datetime) -> None:
    """Read what the first caller would else wait for: the calendars of the brands that are called take more than a second."""
    for language, brand in (
        Number.objects.filter(active=True).order_by().values_list("language", "queue__brand").distinct()
    ):
        openings([brand], at=now, language=language)


def receive(event: Invited, instruments: Instruments, *, home: str, monotonic: float, now: datetime) -> Guest | None:
    """Answer who calls, or refuse them; None when they are refused."""
    agent, number = instruments.agent, number_called(event.called, wrote_to=event.wrote_to)
    why = _refusal(event, number, now=now)
    if number is None or why:
        logger.info("A call to %s is refused with %s", event.called, why)
        agent.refuse(event.tag, why or NOT_FOUND, now=monotonic)
        return None
    place = f"{event.tag}.0"
    try:
        given = instruments.places.alone(place, event.sdp)
        guest = _let_in(event, number, instruments, place=place, given=given, home=home, now=now)
    except MediaError as error:
        logger.warning("A call to %s is refused: %s", event.called, error)
        agent.refuse(event.tag, AWAY if isinstance(error, MediaAway) else NOT_ACCEPTABLE, now=monotonic)
        return None
    except Refused as error:
        logger.info("A call to %s is refused: %s", event.called, error)
        agent.refuse(event.tag, BUSY, now=monotonic)
        instruments.places.close(place)
        return None
    except Exception:
        agent.refuse(event.tag, BROKEN, now=monotonic)  # they are told, and nothing is kept of their call
        instruments.places.close(place)
        raise
    agent.answer(event.tag, guest.row.said, now=monotonic)
    return guest


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
) -> Guest:
    """Who calls, kept: in the queue to which the number leads, or before its menu when there is one and keys are heard, or before its notice."""
    row = Caller(
        home=home,
        tag=event.tag,
        number=number,
        dialog=instruments.agent.dialog(event.tag).as_plain(),
        offer=event.sdp,
        place=place,
        where=Where.ALONE.value,
        came_at=now,
        theirs=normalised(event.caller)[:32] if event.caller else "",
        name=event.name[:120],
        said=descriptions.for_telephone(given, session=event.tag, version=0),
    )
    if settings.KEYS_LISTEN and number.choices.exists():
        row.stage = Caller.Stage.CHOOSING
        row.save()
        return Chooser(row, instruments)
    if notice_for(number, number.language):
        row.stage, row.queue_id = Caller.Stage.HEARING, number.queue_id
        row.save()
        return Newcomer(row, instruments)
    arrive(row, queue_id=number.queue_id, now=now)
    return Guest(row, instruments)
