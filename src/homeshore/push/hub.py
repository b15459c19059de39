"""One hub a process: it is handed each event once, and passes it to the streams that may have it.

Everything here happens in the event loop; `reader` reads the database in a thread of its own and hands over what it read.
"""

import asyncio
import logging
from collections import Counter, deque
from collections.abc import Awaitable, Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from typing import Any

from homeshore.foundation import clock
from homeshore.foundation.feed import Position
from homeshore.foundation.grants import Grant
from homeshore.push import replay
from homeshore.push.messages import HEARTBEAT, RESET, Entry
from homeshore.push.reader import FeedReader

logger = logging.getLogger(__name__)

Send = Callable[[dict[str, Any]], Awaitable[None]]

KEPT_ENTRIES = 10_000
KEPT_BYTES = 32 * 1024 * 1024
"""Of the last entries, in memory: mails make long ones."""
HEARTBEAT_SECONDS = 15
MOST_PENDING_BYTES = 256 * 1024
MOST_STREAMS_EACH = 40


class Stream:
    """One open connection: what it may have, how far it is, and what waits to be written."""

    __slots__ = (
        "after", "ended", "ends_at", "held", "pending", "principals", "send", "signed_at", "size", "topics", "writing"
    )  # fmt: skip

    def __init__(self, held: list[Grant], *, after: Position, send: Send) -> None:
        self.principals = frozenset(grant.principal for grant in held)
        self.topics = frozenset(topic for grant in held for topic in grant.topics)
        self.signed_at = min(grant.signed_at for grant in held)
        self.ends_at = min(grant.ends_at for grant in held)
        self.after = after
        self.send = send
        self.pending: list[bytes] = []
        self.size = 0
        self.held = True
        self.ended = False
        self.writing: asyncio.Task[None] | None = None

    def offer(self, data: bytes) -> None:
        """Write this when the reader is ready. One who is too slow loses what waits, and is told to start afresh."""
        if self.ended:
            return
        self.pending.append(data)
        self.size += len(data)
        if self.size > MOST_PENDING_BYTES:
            self.pending, self.size = [RESET], len(RESET)
        self._write_soon()

    def release(self, missed: bytes) -> None:
        """Begin to write: first what was missed, then what came meanwhile."""
        self.held = False
        if missed:
            self.pending.insert(0, missed)
            self.size += len(missed)
        self._write_soon()

    def end(self, last_words: bytes = b"") -> None:
        """Write what waits and `last_words`, then close."""
        if not self.ended:
            self.pending.append(last_words)
            self.ended, self.held = True, False
            self._write_soon()

    def _write_soon(self) -> None:
        if self.writing is None and not self.held and (self.pending or self.ended):
            self.writing = asyncio.get_running_loop().create_task(self._write())

    async def _write(self) -> None:
        try:
            while self.pending:
                data = b"".join(self.pending)
                self.pending.clear()
                self.size = 0
                await self.send({"type": "http.response.body", "body": data, "more_body": not self.ended})
        finally:
            self.writing = None


class Hub:
    """The streams of this process by topic, and the last entries for those who come back."""

    def __init__(
        self,
        *,
        kept_entries: int = KEPT_ENTRIES,
        kept_bytes: int = KEPT_BYTES,
        heartbeat_seconds: int = HEARTBEAT_SECONDS,
    ) -> None:
        self._heartbeat_seconds = heartbeat_seconds
        self._most_entries, self._most_bytes = kept_entries, kept_bytes
        self._by_topic: dict[str, set[Stream]] = {}
        self._streams: set[Stream] = set()
        self._count: Counter[str] = Counter()
        self._kept: deque[Entry] = deque()
        self._kept_size = 0
        self._kept_since = self.position = Position(0, 0)
        self._database = ThreadPoolExecutor(max_workers=2, thread_name_prefix="push-replay")
        self._reader: FeedReader | None = None
        self._beating: asyncio.Task[None] | None = None

    def __len__(self) -> int:
        return len(self._streams)

    async def open(self) -> None:
        """Begin to read the feed, from its end."""
        loop = asyncio.get_running_loop()
        self._kept_since = self.position = await self.ask(replay.end_of_feed)
        self._reader = FeedReader(self, loop, self.position)
        self._reader.start()
        self._beating = loop.create_task(self._beat())

    def close(self) -> None:
        """End every stream; their browsers come back to whichever process serves next."""
        if self._reader is None:
            return
        self._reader.stop()
        self._reader = None
        if self._beating is not None:
            self._beating.cancel()
        for stream in self._streams:
            stream.end()
        self._database.shutdown(wait=False)

    async def ask(self, question: Callable[..., Any], *details: Any) -> Any:
        """Ask the database something in a thread, and await the answer."""
        return await asyncio.get_running_loop().run_in_executor(self._database, replay.asking, question, *details)

    def has_room_for(self, principals: Iterable[str]) -> bool:
        """Whether none of these has as many streams as one may have."""
        return all(self._count[principal] < MOST_STREAMS_EACH for principal in principals)

    def subscribe(self, stream: Stream) -> Position:
        """From now on the stream gets its events, and holds them until it is released; the place from which on."""
        self._streams.add(stream)
        self._count.update(stream.principals)
        for topic in stream.topics:
            self._by_topic.setdefault(topic, set()).add(stream)
        return self.position

    def unsubscribe(self, stream: Stream) -> None:
        """Forget a stream whose connection has ended."""
        stream.ended = True
        self._streams.discard(stream)
        self._count.subtract(stream.principals)
        for principal in stream.principals:
            if not self._count[principal]:
                del self._count[principal]
        for topic in stream.topics:
            holders = self._by_topic[topic]
            holders.discard(stream)
            if not holders:
                del self._by_topic[topic]

    async def missed(self, stream: Stream, after: Position, until: Position) -> bytes:
        """What happened in a stream's topics between two places; RESET when that is no longer known."""
        if after >= until:
            return b""
        if after >= self._kept_since:
            entries: list[Entry] | None = [
                entry
                for entry in self._kept
                if after < entry.position <= until and not stream.topics.isdisjoint(entry.topics)
            ]
        else:
            entries = await self.ask(replay.entries_between, after, until, stream.topics, MOST_PENDING_BYTES)
        if entries is None or sum(len(entry.data) for entry in entries) > MOST_PENDING_BYTES:
            return RESET
        return b"".join(entry.data for entry in entries)

    def dispatch(self, entries: list[Entry]) -> None:
        """Pass on what the reader read."""
        for entry in entries:
            self._keep(entry)
            self.position = entry.position
            for topic in entry.topics:
                for stream in self._by_topic.get(topic, ()):
                    if entry.position > stream.after:
                        stream.after = entry.position
                        stream.offer(entry.data)

    def _keep(self, entry: Entry) -> None:
        """Remember an entry, and as many of those before it as there is room for."""
        self._kept.append(entry)
        self._kept_size += len(entry.data)
        while len(self._kept) > self._most_entries or self._kept_size > self._most_bytes:
            oldest = self._kept.popleft()
            self._kept_size -= len(oldest.data)
            self._kept_since = oldest.position

    def whisper(self, topics: list[str], data: bytes) -> None:
        """Pass on what is told once."""
        for stream in {stream for topic in topics for stream in self._by_topic.get(topic, ())}:
            stream.offer(data)

    def end_revoked(self, revoked: dict[str, datetime]) -> None:
        """Close the streams whose subscriptions were signed before they were revoked."""
        for stream in self._streams:
            if any(principal in revoked and stream.signed_at <= revoked[principal] for principal in stream.principals):
                stream.end(RESET)

    def beat(self, turn: int) -> None:
        """A sign of life to the streams whose turn it is; the end to those whose grant is a day old."""
        now = clock.now()
        for stream in self._streams:
            if hash(stream) // 16 % self._heartbeat_seconds == turn:
                if stream.ends_at <= now:
                    stream.end(RESET)
                else:
                    stream.offer(HEARTBEAT)

    async def _beat(self) -> None:
        """Beat for a fifteenth of the streams each second, so that each hears from us every 15 seconds."""
        turn = 0
        while True:
            await asyncio.sleep(1)
            turn = (turn + 1) % self._heartbeat_seconds
            self.beat(turn)
