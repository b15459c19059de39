"""The hub without a database or a socket: streams whose reader the test is."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta

import pytest

from homeshore.foundation import clock
from homeshore.foundation.feed import Position
from homeshore.foundation.grants import Grant
from homeshore.push import hub as hubs
from homeshore.push.hub import Hub, Stream
from homeshore.push.messages import HEARTBEAT, RESET, Entry
from tests.clock import MORNING, ManualClock


class Reader:
    """Takes what a stream writes, when it is let."""

    def __init__(self) -> None:
        self.taken: list[bytes] = []
        self.ended = False
        self.may_take = asyncio.Event()
        self.may_take.set()

    async def __call__(self, message: dict) -> None:
        await self.may_take.wait()
        self.taken.append(message["body"])
        self.ended = not message["more_body"]


def in_a_loop(test: Callable[[], Awaitable[None]]) -> Callable[[], None]:
    def run() -> None:
        asyncio.run(test())

    run.__name__ = test.__name__
    return run


def stream_of(reader: Reader, *topics: str, principal: str = "user:1", after: int = 0) -> Stream:
    return Stream([Grant(principal, topics, MORNING)], after=Position(0, after), send=reader)


def entry(row: int, *topics: str, data: bytes | None = None) -> Entry:
    return Entry(Position(0, row), topics, data or f"{row} ".encode())


async def settle() -> None:
    """Let every task that can go on do so."""
    for _ in range(5):
        await asyncio.sleep(0)


@in_a_loop
async def test_what_comes_while_a_stream_is_held_follows_what_was_missed():
    hub, reader = Hub(), Reader()
    stream = stream_of(reader, "agent:1")
    hub.subscribe(stream)
    hub.dispatch([entry(2, "agent:1")])
    await settle()
    assert reader.taken == []

    stream.release(b"1 ")
    await settle()

    assert b"".join(reader.taken) == b"1 2 "


@in_a_loop
async def test_who_is_too_slow_loses_what_waits_and_is_told_to_start_afresh():
    hub, reader = Hub(), Reader()
    stream = stream_of(reader, "floor:1")
    hub.subscribe(stream)
    stream.release(b"")
    reader.may_take.clear()
    large = b"x" * (hubs.MOST_PENDING_BYTES // 4)
    hub.dispatch([entry(row, "floor:1", data=large) for row in range(1, 9)])
    await settle()

    waiting = sum(len(data) for data in stream.pending)
    reader.may_take.set()
    hub.dispatch([entry(9, "floor:1", data=b"after")])
    await settle()

    assert waiting <= hubs.MOST_PENDING_BYTES
    told = b"".join(reader.taken)
    assert RESET in told
    assert told.endswith(b"after")


@in_a_loop
async def test_who_comes_back_in_time_is_served_from_memory():
    hub = Hub(kept_entries=3)
    hub.dispatch([entry(row, "agent:1" if row % 2 else "agent:2") for row in range(1, 6)])
    stream = stream_of(Reader(), "agent:1")

    assert await hub.missed(stream, Position(0, 2), Position(0, 5)) == b"3 5 "
    assert await hub.missed(stream, Position(0, 5), Position(0, 5)) == b""
    assert await hub.missed(stream, Position(0, 3), Position(0, 4)) == b""


@in_a_loop
async def test_what_is_kept_for_those_who_come_back_is_bounded_by_its_bytes_too():
    hub = Hub(kept_entries=100, kept_bytes=100)
    hub.dispatch([entry(row, "agent:1", data=b"x" * 40) for row in range(1, 6)])
    assert [kept.position.row for kept in hub._kept] == [4, 5]
    assert hub._kept_since == Position(0, 3)


@in_a_loop
async def test_who_missed_more_than_a_stream_may_hold_starts_afresh():
    hub = Hub()
    hub.dispatch([entry(row, "agent:1", data=b"x" * 100_000) for row in range(1, 6)])
    stream = stream_of(Reader(), "agent:1")
    assert await hub.missed(stream, Position(0, 0), Position(0, 5)) == RESET
    assert await hub.missed(stream, Position(0, 4), Position(0, 5)) == b"x" * 100_000


@in_a_loop
async def test_topics_and_principals_are_forgotten_with_their_last_stream():
    hub = Hub()
    first, second = stream_of(Reader(), "agent:1"), stream_of(Reader(), "agent:1", "floor:1")
    hub.subscribe(first)
    hub.subscribe(second)

    hub.unsubscribe(second)
    assert set(hub._by_topic) == {"agent:1"}
    hub.unsubscribe(first)

    assert (hub._by_topic, hub._count, len(hub)) == ({}, {}, 0)


@in_a_loop
async def test_grants_signed_after_the_revocation_go_on():
    hub, revoked, renewed = Hub(), Reader(), Reader()
    before = stream_of(revoked, "agent:1", principal="user:5")
    after = Stream([Grant("user:5", ("agent:1",), MORNING + timedelta(minutes=2))], after=Position(0, 0), send=renewed)
    for stream in (before, after):
        hub.subscribe(stream)
        stream.release(b"")

    hub.end_revoked({"user:5": MORNING + timedelta(minutes=1)})
    await settle()

    assert (revoked.ended, renewed.ended) == (True, False)
    assert revoked.taken == [RESET]


@pytest.mark.parametrize(
    ("later", "told", "ended"),
    [(timedelta(hours=1), HEARTBEAT, False), (timedelta(days=1), RESET, True)],
)
def test_a_beat_is_a_sign_of_life_until_the_grant_has_ended(later, told, ended):
    async def beat() -> Reader:
        hub, reader = Hub(heartbeat_seconds=1), Reader()
        stream = stream_of(reader, "agent:1")
        hub.subscribe(stream)
        stream.release(b"")
        hub.beat(turn=0)
        await settle()
        return reader

    with clock.using(ManualClock(MORNING + later)):
        reader = asyncio.run(beat())

    assert (reader.taken, reader.ended) == ([told], ended)
