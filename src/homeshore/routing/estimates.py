"""What a queue has shown so far: how often contacts come, how long they take, how long customers wait before they
leave.

All counts are whole numbers, halved now and then so that old days weigh less; the same inputs give the same
estimates.
"""

from __future__ import annotations

from typing import Any

WINDOW_MS = 1_800_000
"""Arrivals are counted over this window and the one before it."""
_ENOUGH = 2_000
"""From this many, counts are halved."""
_GUESS_MS = 180_000
"""Service and patience are taken for three minutes until something is known, with the weight of one contact."""


class Estimates:
    """Rates per millisecond, from counts. Guesses give way to what is seen within a few contacts."""

    __slots__ = ("before", "came", "left", "served", "served_ms", "since", "waited_ms")

    def __init__(self) -> None:
        self.since: int | None = None
        self.came = self.before = 0
        self.served = self.served_ms = 0
        self.left = self.waited_ms = 0

    def contact_came(self, now: int) -> None:
        """One more arrival."""
        if self.since is None:
            self.since = now
        elif now - self.since >= WINDOW_MS:
            windows = (now - self.since) // WINDOW_MS
            self.before = self.came if windows == 1 else 0
            self.came = 0
            self.since += windows * WINDOW_MS
        self.came += 1

    def contact_served(self, milliseconds: int) -> None:
        """One contact held for so long, wrap-up included."""
        self.served += 1
        self.served_ms += milliseconds
        if self.served >= _ENOUGH:
            self.served, self.served_ms = self.served // 2, self.served_ms // 2

    def wait_ended(self, milliseconds: int, left: bool) -> None:
        """One wait came to its end, by an answer or because the customer left."""
        self.left += left
        self.waited_ms += milliseconds
        if self.left >= _ENOUGH:
            self.left, self.waited_ms = self.left // 2, self.waited_ms // 2

    def arrival_rate(self, now: int) -> float:
        """Contacts per millisecond lately."""
        if self.since is None:
            return 1.0 / WINDOW_MS
        spell = now - self.since + (WINDOW_MS if self.before else 0)
        return (self.came + self.before + 1) / (spell + _GUESS_MS)

    def service_rate(self) -> float:
        """Contacts per millisecond that one agent finishes."""
        return (self.served + 1) / (self.served_ms + _GUESS_MS)

    def patience_rate(self) -> float:
        """The rate at which one waiting customer leaves: leavers over the time waited (the usual estimate)."""
        return (self.left + 1) / (self.waited_ms + _GUESS_MS)

    def dump(self) -> list[Any]:
        """The counts."""
        return [getattr(self, name) for name in self.__slots__]

    @classmethod
    def load(cls, counts: list[Any]) -> Estimates:
        """What `dump` wrote."""
        estimates = cls()
        for name, value in zip(cls.__slots__, counts, strict=True):
            setattr(estimates, name, value)
        return estimates
