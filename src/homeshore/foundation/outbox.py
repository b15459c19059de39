"""What must happen outside after the commit: written with the change, done by a worker, retried, and seen when it fails."""

import logging
import threading
from collections.abc import Callable, Collection
from datetime import datetime, timedelta
from typing import Any

from django.db.models import F, Q

from homeshore.foundation import clock, hints
from homeshore.foundation.models import OutboxMessage
from homeshore.foundation.transactions import write

logger = logging.getLogger(__name__)

Handler = Callable[[OutboxMessage], None]
_handlers: dict[str, Handler] = {}
_given_up: dict[str, Handler] = {}

HINT = "outbox"
LOOK_SECONDS = 2.0

RETRY_AFTER = [timedelta(seconds=seconds) for seconds in (5, 30, 120, 600, 1800, 3600, 7200, 14400)]
CLAIM = timedelta(minutes=2)


class DeliveryError(Exception):
    """What is to be done outside failed; `permanent` says that trying again is no use."""

    def __init__(self, message: str, *, permanent: bool = False) -> None:
        super().__init__(message)
        self.permanent = permanent


class PutOff(DeliveryError):
    """It is not worth trying before a moment, which counts as no try."""

    def __init__(self, message: str, *, until: datetime) -> None:
        super().__init__(message)
        self.until = until


def handles(kind: str) -> Callable[[Handler], Handler]:
    """Register a function as the one that does what messages of `kind` ask; it raises DeliveryError when it cannot."""

    def register(handler: Handler) -> Handler:
        _handlers[kind] = handler
        return handler

    return register


def gave_up(kind: str) -> Callable[[Handler], Handler]:
    """Register a function that is told, in the transaction that records it, when a message of `kind` is given up."""

    def register(handler: Handler) -> Handler:
        _given_up[kind] = handler
        return handler

    return register


def put(*, operator_id: int, kind: str, key: str, payload: dict[str, Any], at: datetime) -> OutboxMessage:
    """Write a message in the open transaction; a second one with the same key is the first one."""
    message, is_new = OutboxMessage.objects.get_or_create(
        key=key,
        defaults={"operator_id": operator_id, "kind": kind, "payload": payload, "due_at": at, "created_at": at},
    )
    if is_new:
        hints.after_commit(HINT)
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
    except PutOff as error:
        OutboxMessage.objects.filter(pk=message.pk).update(
            due_at=error.until, claimed_until=None, attempts=F("attempts") - 1, last_error=str(error)
        )
    except DeliveryError as error:
        _record_failure(message, error, now=now)
    except Exception as error:
        logger.exception("Outbox message %s of kind %s failed in a way nobody foresaw", message.pk, message.kind)
        _record_failure(message, DeliveryError(f"{type(error).__name__}: {error}"), now=now)
    else:
        OutboxMessage.objects.filter(pk=message.pk).update(
            state=OutboxMessage.State.SENT, ended_at=now, claimed_until=None, last_error=""
        )


def _record_failure(message: OutboxMessage, error: DeliveryError, *, now: datetime) -> None:
    message.last_error = str(error)
    logger.warning("Outbox message %s of kind %s, attempt %s: %s", message.pk, message.kind, message.attempts, error)
    if error.permanent or message.attempts > len(RETRY_AFTER):
        with write():
            OutboxMessage.objects.filter(pk=message.pk).update(
                state=OutboxMessage.State.FAILED, ended_at=now, claimed_until=None, last_error=message.last_error
            )
            if message.kind in _given_up:
                _given_up[message.kind](message)
    else:
        OutboxMessage.objects.filter(pk=message.pk).update(
            due_at=now + RETRY_AFTER[message.attempts - 1], claimed_until=None, last_error=message.last_error
        )


def deliver_due() -> int:
    """Deliver, one by one, what is due and has a handler here; how many were tried.

    One at a time, each claimed as of its own moment, so that a slow delivery cannot outlast the claim of the next one.
    """
    tried = 0
    while claimed := claim(now=clock.now(), kinds=list(_handlers), limit=1):
        deliver(claimed[0], now=clock.now())
        tried += 1
    return tried


def work(stop: threading.Event) -> None:
    """Deliver what comes, at every hint and every two seconds, until told to stop."""
    look = threading.Event()
    forget = hints.on(HINT, lambda _: look.set())
    try:
        while not stop.is_set():
            look.clear()
            deliver_due()
            look.wait(LOOK_SECONDS)
    finally:
        forget()


def forget(keys: Collection[str]) -> int:
    """Drop messages by their keys, whatever became of them: what they were about is gone. How many."""
    return OutboxMessage.objects.filter(key__in=keys).delete()[0]


def purge(*, before: datetime) -> int:
    """Drop what was sent before a moment; how many. What failed stays."""
    return OutboxMessage.objects.filter(state=OutboxMessage.State.SENT, ended_at__lt=before).delete()[0]
