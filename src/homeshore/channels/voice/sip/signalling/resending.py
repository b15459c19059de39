"""Datagrams that are sent again until somebody answers (RFC 3261 §17, timers A, B, E, F, G and H)."""

import heapq
from collections.abc import Hashable
from dataclasses import dataclass
from typing import NamedTuple

from homeshore.channels.voice.sip.signalling.dialogs import Address

FIRST_SECONDS = 0.5
"""T1: an estimate of the time there and back."""
LONGEST_SECONDS = 4.0
"""T2: the longest pause between two sendings."""
PATIENCE_SECONDS = 64 * FIRST_SECONDS
"""How long one sends again before one gives up."""


class Send(NamedTuple):
    """A datagram and where it goes."""

    datagram: bytes
    to: Address


@dataclass(slots=True)
class _Sent:
    datagram: bytes
    to: Address
    pause: float
    until: float
    at: float
    resent: bool = True


class Resending:
    """What waits for an answer, by a key of its owner's choice."""

    def __init__(self) -> None:
        self._sent: dict[Hashable, _Sent] = {}
        self._due: list[tuple[float, int, Hashable]] = []
        self._counter = 0

    def begin(self, key: Hashable, datagram: bytes, to: Address, *, now: float) -> None:
        """The datagram was sent; send it again after pauses that double, until `stop`."""
        first = now + FIRST_SECONDS
        self._sent[key] = _Sent(datagram, to, FIRST_SECONDS, now + PATIENCE_SECONDS, first)
        self._push(first, key)

    def __contains__(self, key: Hashable) -> bool:
        """Whether it waits for an answer."""
        return key in self._sent

    def only_wait(self, key: Hashable) -> None:
        """Somebody works on it: send it no more, but still give up in the end."""
        if key in self._sent:
            self._sent[key].resent = False

    def stop(self, key: Hashable) -> bool:
        """It is answered; whether it was waited for."""
        return self._sent.pop(key, None) is not None

    def next_due(self) -> float | None:
        """When `due` has something to say, at the earliest."""
        return self._due[0][0] if self._due else None

    def due(self, *, now: float) -> tuple[list[Send], list[Hashable]]:
        """What is to be sent again now, and the keys of what nobody answered."""
        again: list[Send] = []
        given_up: list[Hashable] = []
        while self._due and self._due[0][0] <= now:
            at, _, key = heapq.heappop(self._due)
            sent = self._sent.get(key)
            if sent is None or sent.at != at:
                continue
            if now >= sent.until:
                del self._sent[key]
                given_up.append(key)
                continue
            if sent.resent:
                again.append(Send(sent.datagram, sent.to))
            sent.pause = min(sent.pause * 2, LONGEST_SECONDS)
            sent.at = min(now + sent.pause, sent.until)
            self._push(sent.at, key)
        return again, given_up

    def _push(self, at: float, key: Hashable) -> None:
        self._counter += 1
        heapq.heappush(self._due, (at, self._counter, key))
