"""What a customer does with a call on a brand's page: a visitor's thread, their call, and the two ways between phone and chat."""

from dataclasses import replace
from datetime import datetime
from typing import Any

from django.utils.translation import gettext

from homeshore.brands.storefront import Storefront, Ways
from homeshore.channels.chat import queries as chat
from homeshore.channels.chat.visitors import Visitor
from homeshore.channels.voice import queries, services
from homeshore.channels.voice.embedded.driver import NAME
from homeshore.channels.voice.embedded.ends import End, join
from homeshore.channels.voice.embedded.relays import ice_servers
from homeshore.channels.voice.models import Call, Side
from homeshore.channels.voice.refusals import Closed, NoCalls, NoSuchCall
from homeshore.channels.voice.services import Thread
from homeshore.channels.voice.services.calls import CHANNEL
from homeshore.contacts import services as contacts
from homeshore.contacts.queries import standing
from homeshore.contacts.queries.thread import callback_of_threads
from homeshore.contacts.services import CustomerFacts
from homeshore.foundation.transactions import write
from homeshore.outbound import numbers


def thread_of(visitor: Visitor) -> Thread:
    """A visitor's call is in the conversation of their chat."""
    return Thread(chat.CHANNEL, visitor.thread_key)


def place(
    *,
    visitor: Visitor,
    brand: Storefront,
    ways: Ways,
    customer: CustomerFacts,
    device: str,
    unrecorded: bool = False,
    now: datetime,
) -> None:
    """The visitor calls, unless they still speak with somebody to whom they were passed on, and may refuse to be recorded at once. Raises NoCalls, Closed, WithAnAgent, OnAnotherDevice."""
    if ways.call_queue is None:
        raise NoCalls
    thread = thread_of(visitor)
    with write():
        passed_on = queries.passed_on_in_thread(
            queue_id=ways.call_queue, thread_channel=thread.channel, thread_key=thread.key
        )
        if passed_on:
            join(End(passed_on.pk, Side.CUSTOMER, device), now=now)
            return
        if not brand.opening(now, language=customer.language).is_open:
            raise Closed
        call = services.place_call(
            queue_id=ways.call_queue, thread=thread, customer=customer, driver_name=NAME, now=now
        )
        join(End(call.pk, Side.CUSTOMER, device), now=now)
        if queries.is_listening_to_be_told(call.pk):  # their page says so, before the call and as long as it lasts
            services.customer_told_of_listening(call_id=call.pk, now=now)
        if unrecorded and queries.is_to_be_recorded(call.pk):
            services.refuse_recording(call_id=call.pk, now=now)


def shown(visitor: Visitor, ways: Ways, *, now: datetime) -> dict[str, Any]:
    """The visitor's call, or null, and what a page needs to carry it."""
    call = None
    if ways.call_queue is not None:
        thread = thread_of(visitor)
        call = queries.call_of_thread(queue_id=ways.call_queue, thread_channel=thread.channel, thread_key=thread.key)
    return {
        "call": call,
        "callback": _callback(visitor, ways),
        "recording_days": queries.recording_days(ways.call_queue, at=now) if ways.call_queue is not None else None,
        "listened": queries.may_be_listened_to(ways.call_queue),
        "ice": ice_servers(whose=visitor.thread_key[-12:], now=now) if call else [],
        "thread": chat.thread_shown(visitor, now=now),
    }


def ask_callback(*, visitor: Visitor, ways: Ways, end: End, number: str, now: datetime) -> None:
    """The visitor hangs up and is called back when their turn comes: on that number, or on the page they keep open.

    Raises NotWaiting when an agent has just taken the call, NoSuchCall, Invalid for a number that is none.
    """
    told = numbers.read(number) if number.strip() else ""
    thread = thread_of(visitor)
    waits = standing.open_contact(queue_id=ways.call_queue or 0, thread_channel=thread.channel, thread_key=thread.key)
    if waits is None:
        raise NoSuchCall
    with write():
        contacts.ask_callback(contact_id=waits.id, number=told, wording=wording(told), now=now)
        services.end_call(call_id=end.call_id, by=Call.EndedBy.CUSTOMER, why="callback", now=now)


def promise_callback(
    *, visitor: Visitor, ways: Ways, customer: CustomerFacts, number: str, wanted_at: datetime, now: datetime
) -> None:
    """The visitor is called on a number at a moment of their choice. Raises NoCalls, Invalid."""
    if ways.call_queue is None:
        raise NoCalls
    told = numbers.read(number)
    with write():
        cancel_callback(visitor=visitor, ways=ways, now=now)  # another moment takes the place of the first
        contacts.schedule_callback(
            queue_id=ways.call_queue,
            thread_key=_promised(visitor).key,
            customer=replace(customer, phone=told),
            wanted_at=wanted_at,
            number=told,
            wording=wording(told, later=True),
            now=now,
        )


def cancel_callback(*, visitor: Visitor, ways: Ways, now: datetime) -> None:
    """The visitor need not be called back. Nothing happens when nobody was to call, or somebody is calling already."""
    asked = _callback(visitor, ways)
    if asked:
        contacts.cancel_contact(contact_id=asked["contact"], why="callback_cancelled", now=now)


def wording(number: str, *, later: bool = False) -> str:
    """What a visitor agrees to, in their language, as their page shows it and as it is kept."""
    if later:
        return gettext("I ask to be called back on %(number)s at this moment.") % {"number": number}
    if number:
        return gettext("I ask to be called back on %(number)s when my turn comes.") % {"number": number}
    return gettext("I ask to be called back on this page when my turn comes.")


def _promised(visitor: Visitor) -> Thread:
    """A callback at a chosen moment has a thread of its own: what is written meanwhile is answered meanwhile."""
    return Thread(CHANNEL, f"callback-{visitor.thread_key}")


def _callback(visitor: Visitor, ways: Ways) -> dict[str, Any] | None:
    """Who is to call the visitor back, when and where; the one asked for in the line before the one promised."""
    if ways.call_queue is None:
        return None
    threads = (thread_of(visitor), _promised(visitor))
    found = callback_of_threads(queue_id=ways.call_queue, threads=[(each.channel, each.key) for each in threads])
    return None if found and found["agent"] and queries.was_answered(found["contact"]) else found


def end_of(visitor: Visitor, ways: Ways, *, call_id: int, device: str) -> End:
    """The visitor's end of that call. Raises NoSuchCall when it is over or not theirs."""
    thread = thread_of(visitor)
    known = ways.call_queue is not None and queries.call_of_thread(
        queue_id=ways.call_queue, thread_channel=thread.channel, thread_key=thread.key
    )
    if not known or known["id"] != call_id:
        raise NoSuchCall
    return End(call_id, Side.CUSTOMER, device)


def go_on_by_chat(*, visitor: Visitor, ways: Ways, end: End, customer: CustomerFacts, now: datetime) -> None:
    """The visitor would rather write than wait: the same conversation, at the same place in time. Raises NoSuchCall."""
    with write():
        thread = chat.thread_of(visitor)
        if thread is None or thread.matter is None:
            raise NoSuchCall
        contact_id, arrived_at = thread.matter.id, thread.matter.arrived_at
        if contacts.cancel_contact(contact_id=contact_id, why="by_chat", now=now):
            services.end_call(call_id=end.call_id, by=Call.EndedBy.CUSTOMER, why="by_chat", now=now)
            contacts.arrive_contact(
                queue_id=ways.chat_queue,
                thread_key=visitor.thread_key,
                customer=customer,
                arrived_at=arrived_at,
                now=now,
            )
