"""The event feed: every change of state as a row, read in the order of commits.

An event names its topics; whoever holds one of them may read its whole payload, so two audiences get two events. A
screen takes a snapshot with `position()` and then the events after it. Topics in use: `agent:ID`, `floor:ID`,
`brand:ID`, and `thread:ID` for the customer's side of a conversation; `grants` signs who may read which.
"""

import json
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db import connection
from django.db.models import Q

from homeshore.foundation import bulk, grants, hints
from homeshore.foundation.models import Event

FEED, WHISPERS = "feed", "whispers"
PURGED = "feed.purged"


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


@dataclass(frozen=True, slots=True)
class NewEvent:
    """An event to be written; `topics` say who may read the whole `payload`."""

    operator_id: int
    topics: list[str]
    kind: str
    payload: Any
    at: datetime


def record(*, operator_id: int, topics: Iterable[str], kind: str, payload: Any, at: datetime) -> None:
    """Write an event in the open transaction, and wake the readers once it is committed."""
    record_all([NewEvent(operator_id, list(topics), kind, payload, at)])


_gathered: ContextVar[list[NewEvent] | None] = ContextVar("_gathered", default=None)


@contextmanager
def together() -> Iterator[None]:
    """Events recorded inside the block are written when it ends, in order, as one statement; none when it raises."""
    if _gathered.get() is not None:
        yield
        return
    events: list[NewEvent] = []
    token = _gathered.set(events)
    try:
        yield
    finally:
        _gathered.reset(token)
    record_all(events)


def record_all(events: Sequence[NewEvent]) -> None:
    """Write several events, in order, as one statement."""
    gathered = _gathered.get()
    if gathered is not None:
        gathered += events
        return
    if not events:
        return
    transaction = current_transaction()
    names = ("transaction", "operator", "topics", "kind", "payload", "at")
    rows = ((transaction, each.operator_id, each.topics, each.kind, each.payload, each.at) for each in events)
    bulk.insert(Event, names, rows)
    hints.after_commit(FEED)


def current_transaction() -> int:
    """The number of the open transaction in the order that `Position` compares; 0 on SQLite."""
    if connection.vendor != "postgresql":
        return 0
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_current_xact_id()::text::bigint")
        return int(cursor.fetchone()[0])


def whisper(*, operator_id: int, topics: Iterable[str], kind: str, payload: Any) -> None:
    """Tell whoever listens now (someone is typing, the place in the queue) after the commit; kept nowhere."""
    told = {"operator": operator_id, "topics": list(topics), "kind": kind, "payload": payload}
    hints.after_commit(WHISPERS, json.dumps(told, cls=DjangoJSONEncoder))


def on_hint(listener: Callable[[], None]) -> Callable[[], None]:
    """Call `listener` (from any thread) when events may have come; returns what ends the subscription."""
    return hints.on(FEED, lambda _: listener())


def on_whisper(listener: Callable[[list[str], str, Any], None]) -> Callable[[], None]:
    """Call `listener(topics, kind, payload)` at every whisper; returns what ends the subscription."""

    def heard(text: str) -> None:
        if text:
            told = json.loads(text)
            listener(told["topics"], told["kind"], told["payload"])

    return hints.on(WHISPERS, heard)


def grant(*, principal: str, topics: Iterable[str]) -> str:
    """A signed subscription of `principal` (`user:ID`, `thread:ID`) to these topics, for a day."""
    return grants.sign(principal=principal, topics=topics)


def wake() -> None:
    """Tell the readers of this process that there may be new events."""
    hints.tell(FEED)


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
    rows = Event.objects.order_by("transaction", "id").exclude(kind=PURGED)
    ceiling = horizon()
    if ceiling is not None:
        rows = rows.filter(transaction__lt=ceiling)
    # Two questions that the index answers; as one, with OR, it would be read from its beginning.
    found = list(rows.filter(transaction=after.transaction, id__gt=after.row)[:limit])
    if len(found) < limit:
        found += rows.filter(transaction__gt=after.transaction)[: limit - len(found)]
    return [_read(event) for event in found]


def last(*, operator_id: int, topic: str, search: int) -> list[FeedEvent]:
    """The events of a topic among the operator's last `search` ones, in order."""
    rows = Event.objects.filter(operator_id=operator_id).exclude(kind=PURGED).order_by("-transaction", "-id")[:search]
    return [_read(event) for event in reversed(rows) if topic in event.topics]


def has_unsettled() -> bool:
    """Whether events are committed that `read` holds back, because an older transaction of PostgreSQL still runs."""
    ceiling = horizon()
    return ceiling is not None and Event.objects.filter(transaction__gte=ceiling).exists()


def kept_since() -> Position:
    """Every event after this position is still there; a reader who is older must take a new snapshot."""
    oldest = Event.objects.order_by("transaction", "id").values_list("transaction", "id", "kind").first()
    return Position(*oldest[:2]) if oldest and oldest[2] == PURGED else Position(0, 0)


def purge(*, before: datetime) -> int:
    """Forget the events older than `before`; how many. The last of them stays, emptied, as the mark of `kept_since`."""
    old = Event.objects.filter(at__lt=before).order_by("-transaction", "-id").first()
    if old is None or old.kind == PURGED:
        return 0
    gone = Event.objects.filter(Q(transaction=old.transaction, id__lt=old.pk) | Q(transaction__lt=old.transaction))
    purged = gone.exclude(kind=PURGED).count() + 1
    gone.delete()
    Event.objects.filter(pk=old.pk).update(kind=PURGED, topics=[], payload={})
    return purged


def forget(*, operator_id: int, kinds: Collection[str], which: Callable[[list[str], dict[str, Any]], bool]) -> int:
    """Delete an operator's events of some kinds that `which(topics, payload)` picks; how many."""
    kept = Event.objects.filter(operator_id=operator_id, kind__in=kinds).order_by("id")
    rows = kept.values_list("id", "topics", "payload").iterator()
    picked = [pk for pk, topics, payload in rows if which(topics, payload)]
    return Event.objects.filter(pk__in=picked).delete()[0]


def _read(event: Event) -> FeedEvent:
    return FeedEvent(Position(event.transaction, event.pk), event.topics, event.kind, event.payload, event.at)
