"""Events as browsers read them: server-sent events, encoded once for all who get them.

Each says its topics in a field of its own, which `EventSource` passes over: one stream serves all the tabs of a browser,
and each takes only what it follows.
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder

from homeshore.foundation.feed import FeedEvent, Position

RESET = b"event: reset\ndata: {}\n\n"
HEARTBEAT = b":\n\n"


@dataclass(frozen=True, slots=True)
class Entry:
    """An event ready to be sent: where it is in the feed, who may get it, and its bytes."""

    position: Position
    topics: tuple[str, ...]
    data: bytes


def entry_of(event: FeedEvent) -> Entry:
    """Encode an event; its payload is given the time as `at`."""
    at = event.at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    payload = {**event.payload, "at": at} if isinstance(event.payload, dict) else event.payload
    data = f"id: {event.position}\n".encode() + whisper_of(event.topics, event.kind, payload)
    return Entry(event.position, tuple(event.topics), data)


def whisper_of(topics: Iterable[str], kind: str, payload: Any) -> bytes:
    """Encode what is told once and has no place in the feed."""
    return f"topics: {' '.join(topics)}\nevent: {kind}\ndata: {_json(payload)}\n\n".encode()


def _json(value: Any) -> str:
    return json.dumps(value, cls=DjangoJSONEncoder, ensure_ascii=False, separators=(",", ":"))
