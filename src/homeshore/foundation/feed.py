"""The event feed: every change of state as a row, read in the order of commits.

An event names its topics; whoever holds one of them may read its whole payload, so two audiences get two events. A screen
takes a snapshot with `position()` and then the events after it. Topics in use: `agent:ID`, `floor:ID`, `brand:ID`, and
`thread:ID` for the customer's side of a conversation.
"""

import threading
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core import signing
from django.db import connection, transaction

from homeshore.foundation.models import Event

GRANT_SALT = "homeshore.feed.grant"
GRANT_SECONDS = 24 * 3600
NOTIFY_CHANNEL = "homeshore_feed"

_listeners: list[Callable[[], None]] = []
_whisper_listeners: list[Callable[[list[str], str, Any], None]] = []
_guard = threading.Lock()


@dataclass(frozen=True, order=True, slots=True)
class Position:
    """A place in the feed: (transaction, row); the transaction is 0 on SQLite."""

    transaction: int
    row: int

    def __str__(self) -> str:
        return f"{self.transaction}.{self.row}"

    @classmethod
    def parse(cls, text: str) -> "Position":
        """Read what `str` wrote; raises ValueError on anything else."""
        first, _, second = text.partition(".")
        return cls(int(first), int(second))


@dataclass(frozen=True, slots=True)
class FeedEvent:
    """An event as readers get it."""

    position: Position
    topics: list[str]
    kind: str
    payload: Any
    at: datetime


def record(*, operator_id: int, topics: Iterable[str], kind: str, payload: Any, at: datetime) -> None:
    """Write an event in the open transaction, and wake the readers once it is committed."""
    Event.objects.create(
        transaction=current_transaction(), operator_id=operator_id, topics=list(topics), kind=kind, payload=payload, at=at
    )
    hint_after_commit()


def current_transaction() -> int:
    """The number of the open transaction in the order that `Position` compares; 0 on SQLite."""
    if connection.vendor != "postgresql":
        return 0
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_current_xact_id()::text::bigint")
        return int(cursor.fetchone()[0])


def hint_after_commit() -> None:
    """Wake the readers of this process (SQLite) or of all processes (PostgreSQL) after the commit."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_notify(%s, '')", [NOTIFY_CHANNEL])
    else:
        transaction.on_commit(wake)


def wake() -> None:
    """Tell the readers of this process that there may be new events."""
    with _guard:
        listeners = list(_listeners)
    for listener in listeners:
        listener()


def on_hint(listener: Callable[[], None]) -> Callable[[], None]:
    """Call `listener` (from any thread) when events may have come; returns what ends the subscription."""
    with _guard:
        _listeners.append(listener)

    def forget() -> None:
        with _guard:
            _listeners.remove(listener)

    return forget


def horizon() -> int | None:
    """The oldest transaction still running on PostgreSQL: below it the order is settled. None on SQLite."""
    if connection.vendor != "postgresql":
        return None
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint")
        return int(cursor.fetchone()[0])


def position() -> Position:
    """The place after the last event that is settled: take it *before* the snapshot it belongs to."""
    rows = Event.objects.order_by("-transaction", "-id")
    limit = horizon()
    if limit is not None:
        rows = rows.filter(transaction__lt=limit)
    last = rows.values_list("transaction", "id").first()
    return Position(*last) if last else Position(0, 0)


def read(after: Position, *, limit: int = 1000) -> list[FeedEvent]:
    """Up to `limit` settled events after a position, in order, of all topics."""
    rows = Event.objects.order_by("transaction", "id")
    ceiling = horizon()
    if ceiling is not None:
        rows = rows.filter(transaction__lt=ceiling)
    later = rows.filter(transaction=after.transaction, id__gt=after.row) | rows.filter(transaction__gt=after.transaction)
    return [
        FeedEvent(Position(event.transaction, event.pk), event.topics, event.kind, event.payload, event.at)
        for event in later[:limit]
    ]


def grant(*, principal: str, topics: Iterable[str]) -> str:
    """A signed subscription: whoever holds it may read these topics for a day."""
    return signing.dumps({"who": principal, "topics": sorted(topics)}, salt=GRANT_SALT, compress=True)


def granted_topics(token: str) -> list[str]:
    """The topics of a subscription; raises django.core.signing.BadSignature when it is false or too old."""
    topics: list[str] = signing.loads(token, salt=GRANT_SALT, max_age=GRANT_SECONDS)["topics"]
    return topics
