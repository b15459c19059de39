"""A browser's side of a stream, without the browser."""

from __future__ import annotations

import http.client
import json
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode


@dataclass(frozen=True)
class Received:
    """An event as it arrived."""

    kind: str
    data: Any
    id: str | None
    topics: list[str]


class StreamClient:
    """Reads server-sent events; heartbeats are left out."""

    def __init__(self, port: int, *grants: str, after: object = None, last_event_id: object = None) -> None:
        query: list[tuple[str, str]] = [("grant", grant) for grant in grants]
        if after is not None:
            query.append(("after", str(after)))
        headers = {"Last-Event-ID": str(last_event_id)} if last_event_id is not None else {}
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
        self.connection.request("GET", "/push/stream?" + urlencode(query), headers=headers)
        self.response = self.connection.getresponse()
        self.status = self.response.status
        if self.status == 200:
            assert self.response.readline().startswith(b"retry:")

    def __enter__(self) -> StreamClient:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        self.response.close()
        self.connection.close()

    def next(self) -> Received | None:
        """The next event, waiting for it; None when the stream has ended."""
        fields: dict[str, str] = {}
        while line := self.response.readline():
            text = line.decode().rstrip("\n")
            if not text and "data" in fields:
                return Received(
                    fields["event"], json.loads(fields["data"]), fields.get("id"), fields.get("topics", "").split()
                )
            name, _, value = text.partition(": ")
            if name and not text.startswith(":"):
                fields[name] = value
        return None

    def take(self, count: int) -> list[Received]:
        """The next so many events."""
        return [event for _ in range(count) if (event := self.next()) is not None]
