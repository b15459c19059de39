"""Datagrams as they came: what, from whom, and when, as the machine's network says it and not when somebody looked."""

import socket
import struct
import sys
import time
from collections.abc import Iterator
from typing import NamedTuple

Address = tuple[str, int]
LARGEST = 65_535
SO_TIMESTAMPNS = getattr(socket, "SO_TIMESTAMPNS", 35)
"""Of Linux; Python names it since 3.14."""
TIME = struct.Struct("@qq")
"""A `struct timespec`: seconds and nanoseconds since 1970."""


class Datagram(NamedTuple):
    """What came, and how many seconds it has waited to be looked at; 0 where the machine does not say."""

    content: bytes
    source: Address
    waited: float


def tell_times(listening: socket.socket) -> None:
    """From now on the machine notes when each datagram arrives, where it can."""
    if sys.platform == "linux":
        listening.setsockopt(socket.SOL_SOCKET, SO_TIMESTAMPNS, 1)


def arrived(listening: socket.socket, *, at_most: int) -> Iterator[Datagram]:
    """What has arrived at a socket that blocks nobody, so many at most."""
    for _ in range(at_most):
        try:
            content, told, _flags, source = listening.recvmsg(LARGEST, socket.CMSG_SPACE(TIME.size))
        except BlockingIOError:
            return
        except ConnectionError:
            continue  # the edge was away when we last spoke to it
        yield Datagram(content, source, _waited(told))


def _waited(told: list[tuple[int, int, bytes]]) -> float:
    for level, kind, value in told:
        if (level, kind) == (socket.SOL_SOCKET, SO_TIMESTAMPNS):
            seconds, nanoseconds = TIME.unpack(value[: TIME.size])
            return max(0.0, time.time() - float(seconds) - float(nanoseconds) / 1e9)
    return 0.0
