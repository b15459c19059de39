"""What the house forgets by itself, and when."""

import logging
import threading
from collections.abc import Callable
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

Forget = Callable[..., int]
_registered: dict[str, Forget] = {}


def register(what: str, forget: Forget) -> None:
    """Let a context forget something too: `forget(now=…)` tells how many of `what` it forgot."""
    _registered[what] = forget


def purge(*, now: datetime) -> dict[str, int]:
    """Forget what has been kept long enough; how many of each. The audit trail is never among it.

    Each kind in a transaction of its own: live screens wait for a long one, and one kind that fails keeps no other from
    being forgotten.
    """
    forgotten = {}
    for what, forget in {**_OWN, **_registered}.items():
        try:
            with write():
                forgotten[what] = forget(now=now)
        except DatabaseError:
            logger.exception("Could not forget %s; the next purge tries again", what)
    return forgotten


_OWN: dict[str, Forget] = {
    "events": lambda now: feed.purge(before=now - timedelta(days=settings.EVENT_DAYS)),
    "answers": lambda now: idempotency.forget(before=now - ANSWERS_KEPT),
    "sent messages": lambda now: outbox.purge(before=now - SENT_KEPT),
    "limits": limits.forget_full,
    "revocations": lambda now: grants.forget_revocations(before=now),
    "sessions": lambda now: Session.objects.filter(expire_date__lt=now).delete()[0],
}


def work(stop: threading.Event) -> None:
    """Purge every hour until told to stop."""
    while not stop.wait(EVERY_SECONDS):
        logger.info("Purged: %s", purge(now=clock.now()))
