"""How often a widget may ask for what costs little: buckets that fill with time, in the memory of each process.

What a visitor *does* is counted in the database (`foundation.limits`), once for all processes. Reading and typing change
nothing there, and counting them must not cost a write either: a restart empties these buckets, and several web
processes allow so many times more.
"""

import threading
from collections import OrderedDict
from dataclasses import dataclass
from datetime import datetime
from math import ceil

from homeshore.foundation.errors import TooMany
from homeshore.foundation.limits import Limit

KEPT = 50_000
"""Buckets in memory; those not used for longest go first."""


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
