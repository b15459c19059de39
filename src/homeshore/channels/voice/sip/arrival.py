"""Who calls arrives in a queue: their contact is durable, and the telephone carries their end of its call."""

from datetime import datetime

from homeshore.channels.voice.embedded.ends import LIFE
from homeshore.channels.voice.models import Browser, Call, Caller, Side
from homeshore.channels.voice.services import Thread, place_call
from homeshore.channels.voice.services.calls import CHANNEL
from homeshore.channels.voice.sip.driver import DEVICE, NAME
from homeshore.channels.voice.sip.notices import Telling, keep_telling
from homeshore.contacts.services import CustomerFacts
from homeshore.foundation import feed
from homeshore.foundation.transactions import write


def arrive(row: Caller, *, queue_id: int, telling: Telling | None = None, now: datetime) -> None:
    """Open the contact of a caller in this queue, in one transaction with what is kept of them, and of what they were told. Raises what
    `place_call` raises.
    """
    with write(), feed.together():
        call = _place(row, queue_id, now=now)
        row.call, row.stage = call, Caller.Stage.ON_LINE
        row.save()
        if telling:
            keep_telling(call, telling)
        Browser.objects.create(call=call, side=Side.CUSTOMER, device=DEVICE, alive_until=now + LIFE[Side.CUSTOMER])


def _place(row: Caller, queue_id: int, *, now: datetime) -> Call:
    """Their call. Who calls while another call of the same number goes on is somebody else behind the same exchange."""
    customer = CustomerFacts(name=row.name, phone=row.theirs, language=row.met_in)
    keys = [row.theirs, f"{row.theirs}/{row.tag}"] if row.theirs else [f"withheld/{row.tag}"]
    for key in keys:
        call = place_call(queue_id=queue_id, thread=Thread(CHANNEL, key), customer=customer, driver_name=NAME, now=now)
        if not Caller.objects.filter(call=call).exists():
            return call
    raise AssertionError("A key with a new tag is nobody else's.")
