"""Reads server-sent events, as a browser's EventSource does."""

import json
from collections.abc import AsyncIterator
from typing import Any

import httpx


async def events(client: httpx.AsyncClient, *, grant: str, after: str) -> AsyncIterator[tuple[str, dict[str, Any]]]:
    """(kind, payload) of each event after a position, until the connection ends."""
    async with client.stream("GET", "/push/stream", params={"grant": grant, "after": after}, timeout=None) as response:
        response.raise_for_status()
        kind, data = "message", ""
        async for line in response.aiter_lines():
            field, _, value = line.partition(":")
            if field == "event":
                kind = value.strip()
            elif field == "data":
                data += value.strip()
            elif not line and data:
                yield kind, json.loads(data)
                kind, data = "message", ""
