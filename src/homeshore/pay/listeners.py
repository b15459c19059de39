"""What pay hears of contacts, inside their transactions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from homeshore.contacts import events
from homeshore.foundation import clock
from homeshore.pay import queries, services

if TYPE_CHECKING:
    from homeshore.contacts.models import Contact


def listen() -> None:
    """Write an act at every disposition, and say beside every contact in hand what closing it would pay."""
    events.disposition_recorded.append(_act)
    events.work_described.append(_closing_pay)


def _act(recorded: events.DispositionRecorded) -> None:
    services.record_act(recorded)


def _closing_pay(work: dict[str, Any], contact: Contact) -> None:
    work["pay"] = queries.closing_pay(queue_id=contact.queue_id, at=clock.now())
