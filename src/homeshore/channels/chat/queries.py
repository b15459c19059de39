"""What a widget is told: of the brand, of the thread, and of the place in the queue."""

from dataclasses import asdict
from datetime import datetime
from typing import Any

from django.conf import settings

from homeshore.brands.storefront import Storefront, Ways
from homeshore.channels.chat.forms import TEXT_LIMIT
from homeshore.channels.chat.visitors import Visitor
from homeshore.contacts.queries import thread as threads
from homeshore.contacts.queries import waits
from homeshore.contacts.queries.shapes import moment
from homeshore.contacts.queries.thread import Matter, Thread
from homeshore.foundation import feed

CHANNEL = "chat"


def brand_shown(brand: Storefront, ways: Ways, *, language: str, now: datetime) -> dict[str, Any]:
    """The brand as its widget shows it, open or closed, and the limits that the widget says beforehand."""
    opening = brand.opening(now, language=language)
    return {
        "now": moment(now),
        "brand": {
            "name": brand.name,
            "tones": {theme: asdict(tones) for theme, tones in brand.tones.items()},
            "greeting": brand.greeting,
            "privacy_url": brand.privacy_url,
            "time_zone": brand.time_zone,
        },
        "opening": {
            "is_open": opening.is_open,
            "until": moment(opening.until),
            "opens_at": moment(opening.opens_at),
            "holiday": opening.holiday,
        },
        "answers_by_mail": ways.mail_queue is not None,
        "takes_calls": ways.call_queue is not None,
        "limits": {
            "text": TEXT_LIMIT,
            "upload_bytes": settings.MAX_UPLOAD_BYTES,
            "upload_kinds": settings.UPLOAD_KINDS,
        },
    }


def thread_of(visitor: Visitor) -> Thread | None:
    """The visitor's conversation; None before the first message."""
    return threads.thread(brand_id=visitor.brand_id, channel=CHANNEL, thread_key=visitor.thread_key)


def thread_shown(visitor: Visitor, *, now: datetime) -> dict[str, Any] | None:
    """All that the visitor may know of their conversation, and the grant and place from which to follow it."""
    position = feed.position()
    thread = thread_of(visitor)
    if thread is None:
        return None
    return {
        "position": str(position),
        "grant": feed.grant(principal=f"thread:{thread.id}", topics=[f"thread:{thread.id}"]),
        "now": moment(now),
        "conversation": thread.id,
        "customer": {"name": thread.customer_name, "email": thread.typed_email},
        "contact": _matter_shown(thread.matter) if thread.matter else None,
        "place": waits.place_in_queue(thread.matter, now=now) if thread.matter else None,
        "messages": threads.messages_for_customer(thread.id),
        "turns": threads.turns(thread.id),
        "read_by_agent_at": moment(thread.read_by_agent_at),
        "read_by_customer_at": moment(thread.read_by_customer_at),
    }


def _matter_shown(matter: Matter) -> dict[str, Any]:
    return {
        "id": matter.id,
        "channel": matter.channel,
        "state": matter.state,
        "outcome": matter.outcome,
        "arrived_at": moment(matter.arrived_at),
        "agent": matter.agent_first_name,
    }
