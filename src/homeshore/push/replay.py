"""What the hub asks of the database, in threads."""

from collections.abc import Callable
from typing import Any

from django.db import connection

from homeshore.foundation import feed
from homeshore.foundation.feed import Position
from homeshore.push.messages import Entry, entry_of

PAGE = 1000
MOST_EVENTS = 50_000
"""Events looked through for one who comes back: beyond, a new snapshot is sooner there."""


def asking(question: Callable[..., Any], *details: Any) -> Any:
    """Ask, and give the connection back."""
    try:
        return question(*details)
    finally:
        if connection.vendor != "sqlite":
            connection.close()


def end_of_feed() -> Position:
    """The place after the last settled event."""
    return feed.position()


def entries_between(after: Position, until: Position, topics: frozenset[str], most_bytes: int) -> list[Entry] | None:
    """The entries of some topics after one position up to another; only these are encoded.

    None when some are purged, when there are too many to look through, or more bytes than are to be sent.
    """
    if after < feed.kept_since():
        return None
    entries: list[Entry] = []
    place, seen, size = after, 0, 0
    while place < until:
        events = feed.read(place, limit=PAGE)
        if not events:
            break
        place = events[-1].position
        seen += len(events)
        wanted = (each for each in events if each.position <= until and not topics.isdisjoint(each.topics))
        found = [entry_of(event) for event in wanted]
        entries += found
        size += sum(len(entry.data) for entry in found)
        if seen > MOST_EVENTS or size > most_bytes:
            return None
    return entries
