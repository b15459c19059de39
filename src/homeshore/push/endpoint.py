"""`GET /push/stream?grant=…&after=…`: the feed as server-sent events, on plain ASGI.

A grant is the whole right to its topics, so the address may be read from pages of any origin, without credentials.
"""

import json
import random
from typing import Any
from urllib.parse import parse_qs

from homeshore.foundation import clock, grants
from homeshore.foundation.feed import Position
from homeshore.foundation.grants import Grant, GrantError
from homeshore.push.hub import Hub, Stream

PATH = "/push/stream"
MOST_GRANTS = 20
COMES_BACK_MILLISECONDS = (1000, 4000)

ANY_ORIGIN = (b"access-control-allow-origin", b"*")
STREAM_HEADERS = [
    (b"content-type", b"text/event-stream; charset=utf-8"),
    (b"cache-control", b"no-cache, no-transform"),
    (b"x-accel-buffering", b"no"),
    (b"x-content-type-options", b"nosniff"),
    ANY_ORIGIN,
]


class RequestError(Exception):
    """A request that gets no stream: the status and what is said."""

    def __init__(self, status: int, code: str, message: str) -> None:
        super().__init__(message)
        self.status = status
        self.code = code


class PushEndpoint:
    """The ASGI application of the stream's address."""

    def __init__(self, hub: Hub) -> None:
        self.hub = hub

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if scope["method"] == "OPTIONS":
            await _allow_any_origin(send)
            return
        try:
            stream, after, until = await self._open(scope, send)
        except RequestError as error:
            await _refuse(send, error)
            return
        try:
            await self._begin(stream, after, until)
            while (await receive())["type"] != "http.disconnect":
                pass
        finally:
            self.hub.unsubscribe(stream)

    async def _open(self, scope: Any, send: Any) -> tuple[Stream, Position, Position]:
        """Check the right and the place, and subscribe; also between which places events were missed."""
        if scope["method"] != "GET":
            raise RequestError(405, "method", "This address is read with GET.")
        held, after = _read_request(scope)
        if not self.hub.has_room_for(grant.principal for grant in held):
            raise RequestError(429, "too_many", "Too many streams are open for this subscription.")
        if await self.hub.ask(grants.revoked, held):
            raise RequestError(403, "grant", "This subscription was revoked.")
        start = self.hub.position if after is None else after
        stream = Stream(held, after=max(start, self.hub.position), send=send)
        return stream, start, self.hub.subscribe(stream)

    async def _begin(self, stream: Stream, after: Position, until: Position) -> None:
        """Answer, and write what was missed. The hub already holds back what comes meanwhile."""
        await stream.send({"type": "http.response.start", "status": 200, "headers": STREAM_HEADERS})
        comes_back = random.randint(*COMES_BACK_MILLISECONDS)  # noqa: S311 - spreads reconnections, hides nothing
        greeting = f"retry: {comes_back}\n\n".encode()
        stream.release(greeting + await self.hub.missed(stream, after, until))


def _read_request(scope: Any) -> tuple[list[Grant], Position | None]:
    """The subscriptions and the position that a request holds; Last-Event-ID wins over `after`.

    Raises RequestError when a subscription does not hold, or the position is not one.
    """
    asked = parse_qs(scope["query_string"].decode("latin-1"))
    last_event = [value.decode("latin-1") for name, value in scope["headers"] if name == b"last-event-id" and value]
    places = last_event or asked.get("after", [])
    tokens = asked.get("grant", [])
    if not 1 <= len(tokens) <= MOST_GRANTS:
        raise RequestError(403, "grant", f"A stream needs 1 to {MOST_GRANTS} subscriptions.")
    try:
        held = [grants.read(token, now=clock.now()) for token in tokens]
    except GrantError as error:
        raise RequestError(403, "grant", str(error)) from error
    try:
        return held, Position.parse(places[0]) if places else None
    except ValueError as error:
        raise RequestError(400, "position", "`after` is not a position of the feed.") from error


async def _refuse(send: Any, error: RequestError) -> None:
    body = json.dumps({"error": {"code": error.code, "message": str(error)}}).encode()
    headers = [
        (b"content-type", b"application/json"),
        (b"content-length", str(len(body)).encode()),
        (b"cache-control", b"no-store"),
        ANY_ORIGIN,
    ]
    await send({"type": "http.response.start", "status": error.status, "headers": headers})
    await send({"type": "http.response.body", "body": body})


async def _allow_any_origin(send: Any) -> None:
    """Scripts that read the stream with fetch send Last-Event-ID, for which browsers ask leave first."""
    headers = [
        ANY_ORIGIN,
        (b"access-control-allow-methods", b"GET"),
        (b"access-control-allow-headers", b"Last-Event-ID, Cache-Control"),
        (b"access-control-max-age", b"86400"),
    ]
    await send({"type": "http.response.start", "status": 204, "headers": headers})
    await send({"type": "http.response.body", "body": b""})
