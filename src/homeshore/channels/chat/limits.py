"""How much one side may send: buckets that fill with time, in the memory of each process.

They protect the service, not a right: a restart empties them, and several web processes allow so many times more.
"""

import threading
from collections import OrderedDict
from dataclasses import dataclass
from datetime import datetime
from math import ceil

from homeshore.foundation.errors import TooMany

KEPT = 50_000
"""Buckets in memory; those not used for longest go first."""


@dataclass(frozen=True, slots=True)
class Limit:
    """`burst` at once, then `per_minute`."""

    name: str
    burst: int
    per_minute: int


@dataclass(slots=True)
class _Bucket:
    left: float
    at: datetime


class Limiter:
    """Counts what came from whom. Safe to use from several threads."""

    def __init__(self) -> None:
        self._buckets: OrderedDict[tuple[str, object], _Bucket] = OrderedDict()
        self._guard = threading.Lock()

    def take(self, limit: Limit, whose: object, *, now: datetime) -> None:
        """Count one; raises TooMany, with the seconds until the next one is allowed, when there were too many."""
        with self._guard:
            bucket = self._buckets.setdefault((limit.name, whose), _Bucket(limit.burst, now))
            self._buckets.move_to_end((limit.name, whose))
            while len(self._buckets) > KEPT:
                self._buckets.popitem(last=False)
            refilled = max(0.0, (now - bucket.at).total_seconds()) * limit.per_minute / 60
            bucket.left, bucket.at = min(limit.burst, bucket.left + refilled), now
            if bucket.left < 1:
                raise TooMany(retry_after=ceil((1 - bucket.left) * 60 / limit.per_minute))
            bucket.left -= 1

    def forget(self) -> None:
        """Start afresh."""
        with self._guard:
            self._buckets.clear()
