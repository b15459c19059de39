"""Desks that listen and customers who write, all in one process beside the server's."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from urllib.parse import quote

from benchmarks.push.ground import ORIGIN, WIDGET_KEY, Desk

BROWSER = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Safari/537.36"
AT_ONCE = 40


@dataclass
class Listeners:
    """Open streams, and when each message arrived (by its client id)."""

    port: int
    arrived: dict[str, float] = field(default_factory=dict)
    tasks: list[asyncio.Task[None]] = field(default_factory=list)
    writers: list[asyncio.StreamWriter] = field(default_factory=list)

    async def open(self, desks: Sequence[Desk]) -> None:
        """Connect all, some at once."""
        for start in range(0, len(desks), AT_ONCE):
            await asyncio.gather(*(self._open(desk) for desk in desks[start : start + AT_ONCE]))

    async def _open(self, desk: Desk) -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
        request = (
            f"GET /push/stream?grant={quote(desk.grant)} HTTP/1.1\r\nHost: localhost\r\nAccept: text/event-stream\r\n"
            f"User-Agent: {BROWSER}\r\nAccept-Language: fr\r\nCookie: sessionid=0123456789abcdef0123456789abcdef\r\n\r\n"
        )
        writer.write(request.encode())
        head = await reader.readuntil(b"\r\n\r\n")
        if b" 200 " not in head.split(b"\r\n", 1)[0]:
            raise RuntimeError(head.decode())
        self.writers.append(writer)
        self.tasks.append(asyncio.create_task(self._listen(reader)))

    async def _listen(self, reader: asyncio.StreamReader) -> None:
        while line := await reader.readline():
            if line.startswith(b"data: ") and b'"client_id"' in line:
                now = time.perf_counter()
                self.arrived.setdefault(json.loads(line[6:])["message"]["client_id"], now)

    async def close(self) -> None:
        for task in self.tasks:
            task.cancel()
        for writer in self.writers:
            writer.close()
        self.tasks.clear()
        self.writers.clear()


class Customers:
    """Posts chat messages as the widget does, over connections that are kept."""

    def __init__(self, port: int) -> None:
        self.port = port
        self._idle: list[tuple[asyncio.StreamReader, asyncio.StreamWriter]] = []

    async def say(self, desk: Desk, client_id: str, number: int) -> None:
        """One message; raises RuntimeError when it is not taken."""
        body = json.dumps({"body": "Bonjour, où en est ma commande ?", "client_id": client_id})
        request = (
            f"POST /widget/v1/{WIDGET_KEY}/messages HTTP/1.1\r\nHost: localhost\r\nOrigin: {ORIGIN}\r\n"
            f"X-Forwarded-For: 10.{number // 65536 % 256}.{number // 256 % 256}.{number % 256}\r\n"
            f"Authorization: Bearer {desk.visitor}\r\nUser-Agent: {BROWSER}\r\nContent-Type: application/json\r\n"
            f"Content-Length: {len(body.encode())}\r\n\r\n{body}"
        )
        reader, writer = await self._connection()
        writer.write(request.encode())
        head = await reader.readuntil(b"\r\n\r\n")
        length = next(
            int(line.split(b":")[1]) for line in head.lower().split(b"\r\n") if line.startswith(b"content-length")
        )
        answer = await reader.readexactly(length)
        if b" 201 " not in head.split(b"\r\n", 1)[0]:
            raise RuntimeError(head.decode() + answer.decode())
        self._idle.append((reader, writer))

    async def _connection(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        """One that is free and that the server has not closed meanwhile, or a new one."""
        while self._idle:
            reader, writer = self._idle.pop()
            if not reader.at_eof():
                return reader, writer
            writer.close()
        return await asyncio.open_connection("127.0.0.1", self.port)
