"""The clock everyone is handed: aware UTC times, and whole milliseconds since the epoch where arithmetic is hot."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Protocol

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECOND = timedelta(milliseconds=1)


class Clock(Protocol):
    """Whatever tells the time; code takes one as an argument and never asks the system itself."""

    def now(self) -> datetime:
        """The present, aware, in UTC."""
        ...


class SystemClock:
    """The machine's clock."""

    def now(self) -> datetime:
        return datetime.now(UTC)


class ManualClock:
    """A clock that moves only when told: for tests, replays and simulations."""

    def __init__(self, start: datetime = EPOCH) -> None:
        self._now = require_aware(start).astimezone(UTC)

    def now(self) -> datetime:
        return self._now

    def advance(self, by: timedelta) -> datetime:
        """Moves the clock (backwards too, as real clocks sometimes do) and tells the new time."""
        self._now += by
        return self._now

    def set(self, to: datetime) -> datetime:
        """Sets the clock to an aware time and tells it."""
        self._now = require_aware(to).astimezone(UTC)
        return self._now


def require_aware(moment: datetime) -> datetime:
    """The same moment, or ValueError when it does not say its zone."""
    if moment.tzinfo is None or moment.utcoffset() is None:
        raise ValueError(f"{moment.isoformat()} has no time zone; times are aware, and UTC in storage.")
    return moment


def to_milliseconds(moment: datetime) -> int:
    """Whole milliseconds since the epoch, rounded down."""
    return (require_aware(moment) - EPOCH) // _MILLISECOND


def from_milliseconds(milliseconds: int) -> datetime:
    """The aware UTC moment so many milliseconds after the epoch."""
    return EPOCH + milliseconds * _MILLISECOND
