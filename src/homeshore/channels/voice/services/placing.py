"""Calls that the house places: the gate first, then the contact, then the telephone. Either all three, or none."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime

from homeshore.brands import queries as brands
from homeshore.channels.voice import events, queries
from homeshore.channels.voice.drivers import Driver, that_places_calls
from homeshore.channels.voice.models import Call, Leg, Number
from homeshore.channels.voice.refusals import AlreadyCalling, NoNumberToShow, NoTelephone
from homeshore.channels.voice.services.calls import CHANNEL
from homeshore.channels.voice.services.companions import leave_for_own_call
from homeshore.channels.voice.services.recordings import plan_recording
from homeshore.channels.voice.services.rows import call_facts, lock_call, open_leg
from homeshore.contacts import services as contacts
from homeshore.contacts.queries import standing
from homeshore.contacts.refusals import NotACallback, NotYours
from homeshore.contacts.services import CustomerFacts
from homeshore.foundation.errors import NotFound
from homeshore.foundation.models import User
from homeshore.foundation.transactions import write
from homeshore.outbound import numbers
from homeshore.outbound import services as outbound
from homeshore.outbound.gate.rules import Purpose
from homeshore.outbound.lists import calling as lists


@dataclass(frozen=True, slots=True)
class Errand:
    """Whom an agent calls (the number as somebody wrote it), and what for."""

    number: str
    purpose: Purpose
    about_contract: bool = False


def call_customer(
    *, agent_id: int, by: User, queue_id: int, errand: Errand, customer: CustomerFacts, now: datetime
) -> Call:
    """An agent calls a customer of whom they have no contact in hand: it is one from here on, in the queue, and theirs.

    Raises MayNotCall when a rule stands against it (nothing is dialled, and that is kept), Invalid for a number that is none, NotFound,
    NoTelephone, NoNumberToShow, NotFreeToCall, AlreadyInTouch.
    """
    queue = brands.receiving_queue(queue_id)
    if queue.channel != CHANNEL:
        raise NotFound

    def contact_for(digits: str) -> int:
        return contacts.open_outgoing(
            agent_id=agent_id,
            queue_id=queue_id,
            thread_key=_thread_key(queue.brand_id, digits, customer),
            customer=replace(customer, phone=customer.phone or digits),
            now=now,
        ).pk

    return _place(
        errand, contact_for, operator_id=queue.operator_id, brand_id=queue.brand_id, queue_id=queue.id, by=by, now=now
    )


def call_in_contact(*, agent_id: int, by: User, contact_id: int, errand: Errand | None = None, now: datetime) -> Call:
    """An agent calls the customer of a call's contact that they have in hand: to call back as asked (no errand), or once more.

    Raises NotYours, NotACallback also for one without a number, AlreadyCalling, and what `call_customer` raises.
    """
    facts = standing.facts_in_hand(agent_id=agent_id, contact_id=contact_id)
    asked = standing.callback_of(contact_id)
    if facts is None:
        raise NotYours
    if errand is None:
        if asked is None or not asked.number:
            raise NotACallback
        errand = Errand(asked.number, Purpose.CALLBACK)
        _keep_asked(facts.operator_id, facts.brand_id, asked, by=by, now=now)
    if facts.channel != CHANNEL:
        raise NotYours

    def contact_for(digits: str) -> int:
        if queries.is_going_on(contact_id):
            raise AlreadyCalling
        return contact_id

    return _place(
        errand,
        contact_for,
        operator_id=facts.operator_id,
        brand_id=facts.brand_id,
        queue_id=facts.queue_id,
        by=by,
        now=now,
    )


def call_listed(*, agent_id: int, by: User, entry_id: int, now: datetime) -> Call:
    """An agent calls the person of a list about whom they read. What the gate stops moves the person on, and is kept, in the same
    transaction.

    Raises NotInYourHands, and what `call_customer` raises.
    """
    person = lists.in_hand(agent_id=agent_id, entry_id=entry_id)
    queue = brands.receiving_queue(person.queue_id)
    customer = CustomerFacts(name=person.name, phone=person.number, language=person.language)

    def contact_for(digits: str) -> int:
        contact = contacts.open_outgoing(
            agent_id=agent_id,
            queue_id=queue.id,
            thread_key=_thread_key(queue.brand_id, digits, customer),
            customer=customer,
            now=now,
        )
        lists.note_called(agent_id=agent_id, entry_id=entry_id, contact_id=contact.pk, now=now)
        return contact.pk

    return _place(
        Errand(person.number, person.purpose, person.about_contract),
        contact_for,
        operator_id=queue.operator_id,
        brand_id=queue.brand_id,
        queue_id=queue.id,
        shows=person.caller_number,
        when_stopped=lambda why: lists.note_stopped(agent_id=agent_id, entry_id=entry_id, why=why, now=now),
        by=by,
        now=now,
    )


def customer_reached(*, call_id: int, now: datetime) -> bool:
    """The customer whom the house calls has answered: the two ends are brought together. False when that is over."""
    with write():
        call = lock_call(call_id)
        leg = open_leg(call)
        if call.state != Call.State.DIALLING or leg is None:
            return False
        call.state, leg.accepted_at = Call.State.CONNECTING, now
        call.save(update_fields=["state"])
        leg.save(update_fields=["accepted_at"])
        events.call_changed(call, leg, at=now)
    return True


def number_to_show(*, brand_id: int, queue_id: int, wanted: str = "") -> Number | None:
    """The number of the brand that a customer sees who is called for a queue: the one `wanted` (E.164), without one the queue's own
    before another. None when there is none."""
    known = Number.objects.filter(queue__brand_id=brand_id, active=True).order_by("id")
    if wanted:
        return known.filter(digits=wanted).first()
    return min(known, key=lambda each: each.queue_id != queue_id, default=None)


def _place(
    errand: Errand,
    contact_for: Callable[[str], int],
    *,
    operator_id: int,
    brand_id: int,
    queue_id: int,
    shows: str = "",
    when_stopped: Callable[[list[str]], None] = lambda _why: None,
    by: User,
    now: datetime,
) -> Call:
    driver = that_places_calls()
    if driver is None:
        raise NoTelephone
    shown = number_to_show(brand_id=brand_id, queue_id=queue_id, wanted=shows)
    if shown is None:
        raise NoNumberToShow
    digits = numbers.read(errand.number)
    with write():
        party = outbound.open_party(operator_id=operator_id, brand_id=brand_id, number=digits)
        judged = outbound.try_attempt(
            operator_id=operator_id,
            party_id=party.pk,
            purpose=errand.purpose,
            caller_number=shown.digits,
            about_contract=errand.about_contract,
            by=by,
            now=now,
        )
        if judged.refusal is None:
            return _dial(contact_for(digits), judged.entry.pk, digits, driver=driver, shown=shown.pk, now=now)
        when_stopped(judged.entry.data["why"])
    raise judged.refusal


def _dial(contact_id: int, attempt_id: int, digits: str, *, driver: Driver, shown: int, now: datetime) -> Call:
    """The call of a contact in an agent's hands, with their part in it, in the open transaction."""
    at = standing.of_contacts([contact_id])[contact_id]
    if at.agent is None:
        raise NotYours
    if Leg.objects.filter(agent_id=at.agent).exclude(state=Leg.State.ENDED).exists():
        raise AlreadyCalling
    facts = standing.facts_in_hand(agent_id=at.agent, contact_id=contact_id)
    if facts is None:
        raise NotYours
    Call.objects.filter(contact_id=contact_id).update(settled=True)
    call = Call.objects.create(
        operator_id=facts.operator_id,
        contact_id=contact_id,
        conversation_id=facts.conversation_id,
        driver=driver.name,
        state=Call.State.DIALLING,
        round=1,
        attempt_id=attempt_id,
        began_at=now,
    )
    plan_recording(call, now=now)
    leave_for_own_call(at.agent, now=now)
    leg = Leg.objects.create(
        call=call,
        number=1,
        agent_id=at.agent,
        assignment_id=at.assignment,
        state=Leg.State.CONNECTING,
        began_at=now,
    )
    driver.dial(call_facts(call), digits, shown=shown, now=now)
    events.call_changed(call, leg, at=now)
    return call


def _thread_key(brand_id: int, digits: str, customer: CustomerFacts) -> str:
    """Who calls back from that number is in the same conversation; two customers of one number have one each."""
    owner = standing.customer_of_thread(brand_id=brand_id, thread_channel=CHANNEL, thread_key=digits)
    return digits if customer.id is None or owner in (None, customer.id) else f"{digits}/{customer.id}"


def _keep_asked(operator_id: int, brand_id: int, asked: standing.CallbackAsked, *, by: User, now: datetime) -> None:
    """That the customer asked to be called back stands in the register, where the gate looks for it, in the words they agreed to."""
    party = outbound.open_party(operator_id=operator_id, brand_id=brand_id, number=asked.number)
    if party.callback_from is None:
        outbound.ask_callback(
            operator_id=operator_id,
            party_id=party.pk,
            due=None,
            note=asked.wording,
            asked_at=asked.asked_at,
            by=by,
            now=now,
        )
