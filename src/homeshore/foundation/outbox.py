"""What must happen outside after the commit: written with the change, done by a worker, retried, visible when it fails."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from django.db.models import F, Q

from homeshore.foundation.models import OutboxMessage

Handler = Callable[[OutboxMessage], None]
_handlers: dict[str, Handler] = {}

RETRY_AFTER = [timedelta(seconds=seconds) for seconds in (5, 30, 120, 600, 1800, 3600, 7200, 14400)]
CLAIM = timedelta(minutes=2)


class DeliveryError(Exception):
    """What is to be done outside failed; `permanent` says that trying again is no use."""

    def __init__(self, message: str, *, permanent: bool = False) -> None:
        super().__init__(message)
        self.permanent = permanent


def handles(kind: str) -> Callable[[Handler], Handler]:
    """Register a function as the one that does what messages of `kind` ask; it raises DeliveryError when it cannot."""

    def register(handler: Handler) -> Handler:
        _handlers[kind] = handler
        return handler

    return register


def put(*, operator_id: int, kind: str, key: str, payload: dict[str, Any], at: datetime) -> OutboxMessage:
    """Write a message in the open transaction; a second one with the same key is the first one."""
    message, _ = OutboxMessage.objects.get_or_create(
        key=key,
        defaults={"operator_id": operator_id, "kind": kind, "payload": payload, "due_at": at, "created_at": at},
    )
    return message


def claim(*, now: datetime, kinds: list[str] | None = None, limit: int = 20) -> list[OutboxMessage]:
    """Take pending messages that are due, for as long as a claim lasts; no two workers get the same one."""
    due = OutboxMessage.objects.filter(
        Q(claimed_until__isnull=True) | Q(claimed_until__lt=now), state=OutboxMessage.State.PENDING, due_at__lte=now
    )
    if kinds is not None:
        due = due.filter(kind__in=kinds)
    claimed = []
    for message in due.order_by("due_at", "id")[:limit]:
        changed = OutboxMessage.objects.filter(
            Q(claimed_until__isnull=True) | Q(claimed_until__lt=now), pk=message.pk, state=OutboxMessage.State.PENDING
        ).update(claimed_until=now + CLAIM, attempts=F("attempts") + 1)
        if changed:
            message.attempts += 1
            claimed.append(message)
    return claimed


def deliver(message: OutboxMessage, *, now: datetime) -> None:
    """Do what a claimed message asks, and record how it went: sent, to be tried again later, or given up."""
    try:
        _handlers[message.kind](message)
    except DeliveryError as error:
        _record_failure(message, error, now=now)
    else:
        OutboxMessage.objects.filter(pk=message.pk).update(
            state=OutboxMessage.State.SENT, ended_at=now, claimed_until=None, last_error=""
        )


def _record_failure(message: OutboxMessage, error: DeliveryError, *, now: datetime) -> None:
    if error.permanent or message.attempts > len(RETRY_AFTER):
        OutboxMessage.objects.filter(pk=message.pk).update(
            state=OutboxMessage.State.FAILED, ended_at=now, claimed_until=None, last_error=str(error)
        )
    else:
        OutboxMessage.objects.filter(pk=message.pk).update(
            due_at=now + RETRY_AFTER[message.attempts - 1], claimed_until=None, last_error=str(error)
        )
