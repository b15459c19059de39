"""What the hub asks of the database, in threads."""

from collections.abc import Callable
from typing import Any

from django.db import connection

from homeshore.foundation import feed
from homeshore.foundation.feed import Position
from homeshore.push.messages import Entry, entry_of

PAGE = 1000
MOST_EVENTS = 20_000


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


def entries_between(after: Position, until: Position) -> list[Entry] | None:
    """The entries after one position up to another; None when some are purged, or when they are too many to be sent."""
    if after < feed.kept_since():
        return None
    entries: list[Entry] = []
    place = after
    while place < until:
        events = feed.read(place, limit=PAGE)
        if not events:
            break
        place = events[-1].position
        entries += [entry_of(event) for event in events if event.position <= until]
        if len(entries) > MOST_EVENTS:
            return None
    return entries
