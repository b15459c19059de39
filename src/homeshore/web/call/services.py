"""What a customer does with a call on a brand's page: a visitor's thread, their call, and the two ways between phone and chat."""

from datetime import datetime
from typing import Any

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
from homeshore.contacts import services as contacts
from homeshore.contacts.services import CustomerFacts
from homeshore.foundation.transactions import write


def thread_of(visitor: Visitor) -> Thread:
    """A visitor's call is in the conversation of their chat."""
    return Thread(chat.CHANNEL, visitor.thread_key)


def place(
    *, visitor: Visitor, brand: Storefront, ways: Ways, customer: CustomerFacts, device: str, now: datetime
) -> None:
    """The visitor calls. Raises NoCalls, Closed, WithAnAgent, OnAnotherDevice."""
    if ways.call_queue is None:
        raise NoCalls
    with write():
        if not brand.opening(now, language=customer.language).is_open:
            raise Closed
        call = services.place_call(
            queue_id=ways.call_queue, thread=thread_of(visitor), customer=customer, driver_name=NAME, now=now
        )
        join(End(call.pk, Side.CUSTOMER, device), now=now)


def shown(visitor: Visitor, ways: Ways, *, now: datetime) -> dict[str, Any]:
    """The visitor's call, or null, and what a page needs to carry it."""
    call = None
    if ways.call_queue is not None:
        thread = thread_of(visitor)
        call = queries.call_of_thread(queue_id=ways.call_queue, thread_channel=thread.channel, thread_key=thread.key)
    return {
        "call": call,
        "ice": ice_servers(whose=visitor.thread_key[-12:], now=now) if call else [],
        "thread": chat.thread_shown(visitor, now=now),
    }


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
