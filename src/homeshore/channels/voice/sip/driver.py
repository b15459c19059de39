"""The driver of calls from telephones. Like a customer's page, the telephone follows the call by itself (see `steps`)."""

import secrets
from datetime import datetime

from django.conf import settings
from django.db.models import Q

from homeshore.channels.voice.drivers import CallFacts
from homeshore.channels.voice.embedded.driver import EmbeddedDriver
from homeshore.channels.voice.embedded.ends import LIFE
from homeshore.channels.voice.models import Browser, Caller, Side

NAME = "sip"
DEVICE = "telephone"
"""The word by which the house knows who carries the caller's end."""


class SipDriver(EmbeddedDriver):
    """A telephone at one end, an agent's browser at the other, rtpengine between them."""

    name = NAME

    @property
    def tells_of_recording(self) -> bool:
        """Where no keys are heard nobody could refuse by one."""
        return settings.KEYS_LISTEN is not None

    @property
    def places_calls(self) -> bool:
        """Where there is a telephone that knows its way to the trunk."""
        return settings.SIP_LISTEN is not None and settings.SIP_EDGE is not None

    def dial(self, call: CallFacts, number: str, *, shown: int, now: datetime) -> None:
        """Whichever telephone of the house sees it first dials it."""
        Caller.objects.create(
            call_id=call.id, tag=secrets.token_hex(10), number_id=shown, called=number, stage=Caller.Stage.TO_DIAL
        )
        Browser.objects.create(
            call_id=call.id, side=Side.CUSTOMER, device=DEVICE, alive_until=now + LIFE[Side.CUSTOMER]
        )

    def dial_beside(self, companion_id: int, number: str, *, shown: int, beside: CallFacts, now: datetime) -> None:
        """The telephone that carries the customer dials it, since it may have to lead the two to each other; else whichever sees it first."""
        home = Caller.objects.filter(call=beside.id).values_list("home", flat=True).first() or ""
        Caller.objects.create(
            companion_id=companion_id,
            home=home,
            tag=secrets.token_hex(10),
            number_id=shown,
            called=number,
            stage=Caller.Stage.TO_DIAL,
        )

    def pass_on(self, call: CallFacts, companion_id: int, *, now: datetime) -> None:
        """The telephone leads the two to each other."""
        ends = list(Caller.objects.select_for_update().filter(Q(call=call.id) | Q(companion=companion_id)))
        for one, other in zip(ends, reversed(ends), strict=True):
            Caller.objects.filter(pk=one.pk).update(stage=Caller.Stage.PASSED_ON, opposite=other)
