"""Reads the feed for all streams of a process: at every hint, and once a second in case a hint was lost."""

import asyncio
import threading
from collections.abc import Callable
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from homeshore.foundation import clock, feed, grants, hints
from homeshore.foundation.feed import Position
from homeshore.foundation.processes import Part, Running, Work
from homeshore.push.messages import entry_of, whisper_of

if TYPE_CHECKING:
    from homeshore.push.hub import Hub

LOOK_SECONDS = 1.0
SETTLE_SECONDS = 0.005
PAGE = 500
REVOCATIONS_SEEN_BACK = timedelta(minutes=1)


class FeedReader:
    """Hands the hub every event in order; started again by itself when the database fails, from where it was."""

    def __init__(self, hub: "Hub", loop: asyncio.AbstractEventLoop, position: Position) -> None:
        self._hub = hub
        self._loop = loop
        self._position = position
        self._look = threading.Event()
        self._revocations_seen = clock.now()
        self._running = Running([Work("push-reader", self._read, Part.WEB)])
        self._forget = [
            feed.on_hint(self._look.set),
            feed.on_whisper(self._pass_whisper),
            hints.on(grants.REVOCATIONS, lambda _: self._look.set()),
        ]

    def start(self) -> None:
        self._running.start()

    def stop(self) -> None:
        """End the thread; nothing is handed over afterwards."""
        for forget in self._forget:
            forget()
        self._running.ask_to_stop()
        self._look.set()

    def _read(self, stop: threading.Event) -> None:
        while not stop.is_set():
            self._look.clear()
            self._read_on()
            self._end_revoked()
            self._wait(stop)

    def _read_on(self) -> bool:
        """Read up to the end; whether there was anything."""
        found = False
        while events := feed.read(self._position, limit=PAGE):
            self._in_loop(self._hub.dispatch, [entry_of(event) for event in events])
            self._position = events[-1].position
            found = True
        return found

    def _wait(self, stop: threading.Event) -> None:
        """Wait for a hint; meanwhile look more and more slowly for events that an open transaction holds back."""
        pause = SETTLE_SECONDS
        while pause < LOOK_SECONDS and not stop.is_set() and feed.has_unsettled():
            if self._look.wait(pause):
                return
            pause = SETTLE_SECONDS if self._read_on() else pause * 2
        self._look.wait(LOOK_SECONDS)

    def _end_revoked(self) -> None:
        revoked = grants.revoked_since(self._revocations_seen - REVOCATIONS_SEEN_BACK)
        if revoked:
            self._in_loop(self._hub.end_revoked, revoked)
        self._revocations_seen = clock.now()

    def _pass_whisper(self, topics: list[str], kind: str, payload: Any) -> None:
        self._in_loop(self._hub.whisper, topics, whisper_of(topics, kind, payload))

    def _in_loop(self, do: Callable[..., None], *details: Any) -> None:
        if not self._loop.is_closed():
            self._loop.call_soon_threadsafe(do, *details)
