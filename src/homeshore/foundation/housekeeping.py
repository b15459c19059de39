"""What the house forgets by itself, and when."""

import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.contrib.sessions.models import Session
from django.db import DatabaseError

from homeshore.foundation import clock, feed, grants, idempotency, limits, outbox
from homeshore.foundation.transactions import write

logger = logging.getLogger(__name__)

ANSWERS_KEPT = timedelta(days=1)
SENT_KEPT = timedelta(days=30)
EVERY_SECONDS = 3600

NIGHT_HOUR = 2
"""The hour (UTC) in which what takes long is done."""
MOST_BATCHES = 200

Forget = Callable[..., int]


@dataclass(frozen=True, slots=True)
class Kind:
    """Something to forget: `forget(now=…)` tells how many of it went. In batches, it is called until none are left."""

    forget: Forget
    batches: bool = False
    nightly: bool = False


_registered: dict[str, Kind] = {}


def register(what: str, forget: Forget, *, batches: bool = False, nightly: bool = False) -> None:
    """Let a context forget something too: `forget(now=…)` tells how many of `what` it forgot.

    `batches`: it forgets some at a time, in a transaction of their own each, and is called again while there are more.
    `nightly`: it takes long, and is done once a night.
    """
    _registered[what] = Kind(forget, batches, nightly)


def purge(*, now: datetime, nightly: bool = True) -> dict[str, int]:
    """Forget what has been kept long enough; how many of each. The audit trail is never among it.

    Each kind in transactions of its own: live screens wait for a long one, and one kind that fails keeps no other from
    being forgotten.
    """
    forgotten = {}
    for what, kind in {**_OWN, **_registered}.items():
        if kind.nightly and not nightly:
            continue
        try:
            forgotten[what] = _forget(kind, now=now)
        except (DatabaseError, OSError):
            logger.exception("Could not forget %s; the next purge tries again", what)
    return forgotten


def _forget(kind: Kind, *, now: datetime) -> int:
    if kind.nightly:
        return kind.forget(now=now)  # it walks for minutes, and writes little by little
    total = 0
    for _ in range(MOST_BATCHES if kind.batches else 1):
        with write():
            count = kind.forget(now=now)
        total += count
        if not count:
            break
    return total


_OWN: dict[str, Kind] = {
    "events": Kind(lambda now: feed.purge(before=now - timedelta(days=settings.EVENT_DAYS))),
    "answers": Kind(lambda now: idempotency.forget(before=now - ANSWERS_KEPT)),
    "sent messages": Kind(lambda now: outbox.purge(before=now - SENT_KEPT)),
    "limits": Kind(limits.forget_full),
    "revocations": Kind(lambda now: grants.forget_revocations(before=now)),
    "sessions": Kind(lambda now: Session.objects.filter(expire_date__lt=now).delete()[0]),
}


def work(stop: threading.Event) -> None:
    """Purge every hour, and what takes long once a night, until told to stop."""
    while not stop.wait(EVERY_SECONDS):
        now = clock.now()
        logger.info("Purged: %s", purge(now=now, nightly=now.hour == NIGHT_HOUR))
