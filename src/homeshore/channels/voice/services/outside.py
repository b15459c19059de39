"""An agent asks somebody outside the house about a call: a number is rung while the customer hears music, and then the agent decides as
with a colleague (`consultations`).

They are a `Companion` whose page is the house's telephone (docs/explanation/adr/0023). A number passes the one gate of calls out.
"""

from datetime import datetime, timedelta

from django.utils.translation import gettext_noop

from homeshore.brands import queries as brands
from homeshore.channels.voice import events
from homeshore.channels.voice.course.consulting import Act, Stage, after
from homeshore.channels.voice.drivers import that_places_calls
from homeshore.channels.voice.models import Companion, Number
from homeshore.channels.voice.refusals import NoNumberToShow, NoSuchCall, NoTelephone, OwnNumber
from homeshore.channels.voice.services.companions import LIFE, end_companion, locked, note_companion
from homeshore.channels.voice.services.consultations import free_to_ask, note_in_thread, pass_on
from homeshore.channels.voice.services.legs import part_by_music
from homeshore.channels.voice.services.placing import number_to_show
from homeshore.channels.voice.services.rows import call_facts, lock_call, open_leg
from homeshore.foundation.models import User
from homeshore.foundation.transactions import write
from homeshore.outbound import numbers
from homeshore.outbound import services as outbound
from homeshore.outbound.gate.rules import Purpose

PATIENCE = timedelta(seconds=90)
"""How long a telephone may take to be ready and to ring it, at most; it gives up by itself before."""


def ask_outside(
    *, call_id: int, agent_id: int, by: User, number: str, passes_on: bool = False, now: datetime
) -> Companion:
    """Ring a number about the call one is in; its customer is on hold from here on, with music. With `passes_on` the call is theirs as soon
    as they answer.

    Raises MayNotCall when a rule stands against it (nothing is dialled, and that is kept), Invalid for a number that is none or is dear,
    OwnNumber, NoSuchCall, AlreadyConsulting, NoTelephone, NoNumberToShow.
    """
    with write():
        call = lock_call(call_id)
        leg = free_to_ask(call, agent_id)
        digits = numbers.read_to_consult(number)
        if Number.objects.filter(digits=digits).exists():
            raise OwnNumber
        dials = that_places_calls()
        if dials is None:
            raise NoTelephone
        queue = brands.queue_rules(call.contact.queue_id)
        shown = number_to_show(brand_id=queue.brand_id, queue_id=queue.id)
        if shown is None:
            raise NoNumberToShow
        party = outbound.open_party(operator_id=call.operator_id, brand_id=queue.brand_id, number=digits)
        judged = outbound.try_attempt(
            operator_id=call.operator_id,
            party_id=party.pk,
            purpose=Purpose.CONSULTATION,
            caller_number=shown.digits,
            about_contract=False,
            by=by,
            now=now,
        )
        if judged.refusal is None:
            companion = Companion.objects.create(
                call=call,
                attempt_id=judged.entry.pk,
                leg=leg.number,
                part=Companion.Part.ASKED,
                passes_on=passes_on,
                asked_by_id=agent_id,
                alive_until=now + PATIENCE,
                began_at=now,
            )
            dials.dial_beside(companion.pk, digits, shown=shown.pk, beside=call_facts(call), now=now)
            part_by_music(call, leg, True, now=now)
            events.consultation_changed(companion, at=now)
            events.call_changed(call, leg, at=now)
            return companion
    raise judged.refusal


def outside_answered(*, companion_id: int, now: datetime) -> bool:
    """They answered: the two speak alone, or the call is theirs at once. False when it is over."""
    with write():
        try:
            call, companion = locked(companion_id, by=None)
        except NoSuchCall:
            return False
        if after(Stage(companion.part), Act.ANSWER) is None:
            return True
        companion.part, companion.answered_at = Companion.Part.CONSULT, now
        companion.alive_until = now + LIFE
        companion.save(update_fields=["part", "answered_at", "alive_until"])
        note_companion(companion, "call.asked_outside", now=now)
        if companion.passes_on:
            pass_on(call, companion, now=now)
            return True
        note_in_thread(companion, gettext_noop("Spoke with %(number)s."), now=now)
        events.consultation_changed(companion, at=now)
        events.call_changed(call, open_leg(call), at=now)
    return True


def outside_over(*, companion_id: int, why: str, now: datetime) -> bool:
    """It is over with them: they hung up, did not answer, or could not be reached. False when it was over."""
    with write():
        try:
            call, companion = locked(companion_id, by=None)
        except NoSuchCall:
            return False
        end_companion(companion, why=why, now=now)
        events.call_changed(call, open_leg(call), at=now)
    return True
