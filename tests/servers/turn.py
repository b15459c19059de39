"""A real relay for WebRTC (coturn) on loopback, and a bad line before it: datagrams lost, delayed and shaken by a seed."""

from __future__ import annotations

import asyncio
import random
import shutil
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import cast

import pytest

from tests.servers.ground import folder_of, free_port, free_ports, unprivileged_user, wait_until

SECRET = "the relay's own secret"
RELAY_PORTS = 40


@dataclass
class TurnServer:
    """Where it listens, and what it has written down."""

    port: int
    log: Path

    @property
    def url(self) -> str:
        return f"turn:127.0.0.1:{self.port}?transport=udp"

    def relayed_sessions(self) -> int:
        """How many sessions carried data, as the relay itself counted when they closed."""
        closed = [line for line in self.log.read_text(errors="replace").splitlines() if "peer usage:" in line]
        return sum("rp=0," not in line for line in closed)


@contextmanager
def turn_server() -> Iterator[TurnServer]:
    """coturn, as `deploy/` has it: passes signed by a shared secret. On loopback its clients and its peers are this machine."""
    command = shutil.which("turnserver") or shutil.which("turnserver", path="/usr/sbin:/usr/local/bin")
    if command is None:
        pytest.fail("turnserver is missing: apt-get install coturn (make test does it as root)")
    user, port, first = unprivileged_user("turnserver"), free_port(), free_ports(RELAY_PORTS)
    with folder_of(user, "turn-") as folder:
        log = folder / "turn.log"
        process = subprocess.Popen(
            [
                command,
                "-n",
                *("--listening-ip", "127.0.0.1", "--relay-ip", "127.0.0.1", "--listening-port", str(port)),
                *("--min-port", str(first), "--max-port", str(first + RELAY_PORTS - 1)),
                *("--use-auth-secret", "--static-auth-secret", SECRET, "--realm", "homeshore"),
                *(
                    "--allow-loopback-peers",
                    "--cli-password",
                    SECRET,
                    "--no-cli",
                    "--no-tls",
                    "--no-dtls",
                    "--fingerprint",
                ),
                *("--userdb", str(folder / "turndb"), "--pidfile", str(folder / "pid"), "--log-file", str(log)),
                *("--simple-log", "--verbose"),
            ],
            cwd=folder,
            user=user.pw_uid,
            group=user.pw_gid,
            extra_groups=[],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        try:
            wait_until(
                lambda: log.exists() and "listener opened on" in log.read_text(errors="replace"), what="the relay"
            )
            yield TurnServer(port, log)
        finally:
            process.terminate()
            process.wait(10)


@dataclass(frozen=True)
class Weather:
    """What the line does to each datagram, each way: the share it loses, and milliseconds."""

    loss: float = 0.0
    delay_ms: float = 0.0
    jitter_ms: float = 0.0


@contextmanager
def bad_line(to_port: int, weather: Weather, *, seed: int = 1) -> Iterator[int]:
    """A UDP port that passes on to `to_port` and back what the weather lets through; the same seed, the same weather."""
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()

    line = _Line(loop, to_port, weather, random.Random(seed))
    opening = loop.create_datagram_endpoint(lambda: line, local_addr=("127.0.0.1", 0))
    transport, _ = asyncio.run_coroutine_threadsafe(opening, loop).result(10)
    try:
        yield transport.get_extra_info("sockname")[1]
    finally:
        asyncio.run_coroutine_threadsafe(line.close(), loop).result(10)
        loop.call_soon_threadsafe(loop.stop)
        thread.join(10)
        loop.close()


class _Line(asyncio.DatagramProtocol):
    """One socket towards the relay for each browser socket, so that the relay can tell them apart."""

    def __init__(self, loop: asyncio.AbstractEventLoop, to_port: int, weather: Weather, chance: random.Random) -> None:
        self.loop, self.to_port, self.weather, self.chance = loop, to_port, weather, chance
        self.upstreams: dict[tuple[str, int], asyncio.Task[asyncio.DatagramTransport]] = {}
        self.transport: asyncio.DatagramTransport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast(asyncio.DatagramTransport, transport)

    async def close(self) -> None:
        if self.transport:
            self.transport.close()
        for opening in self.upstreams.values():
            (await opening).close()
        await asyncio.sleep(0)  # sockets are closed in the loop's next turn

    def datagram_received(self, data: bytes, address: tuple[str, int]) -> None:
        if address not in self.upstreams:
            self.upstreams[address] = self.loop.create_task(self.open_upstream(address))
        opening = self.upstreams[address]
        self.weathered(lambda: opening.add_done_callback(lambda opened: opened.result().sendto(data)))

    async def open_upstream(self, browser: tuple[str, int]) -> asyncio.DatagramTransport:
        line = self

        class Back(asyncio.DatagramProtocol):
            def datagram_received(self, data: bytes, _: tuple[str, int]) -> None:
                line.weathered(lambda: line.transport and line.transport.sendto(data, browser))

        transport, _ = await self.loop.create_datagram_endpoint(Back, remote_addr=("127.0.0.1", self.to_port))
        return transport

    def weathered(self, send: object) -> None:
        if self.chance.random() < self.weather.loss:
            return
        late = self.weather.delay_ms + self.chance.random() * self.weather.jitter_ms
        self.loop.call_later(late / 1000, send) if late else send()  # type: ignore[operator, arg-type]
