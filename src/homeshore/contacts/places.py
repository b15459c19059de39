"""Tells those who wait their place and the wait to expect, and the floors theirs, by whispers: once a second at most.

Runs beside the web server. What it last told is in memory only: after a restart everybody is told once more, which does no harm.
"""

import threading
from datetime import datetime
from typing import Any

from homeshore.contacts.channels import live_channels
from homeshore.contacts.queries import waits
from homeshore.foundation import clock, feed
from homeshore.foundation.transactions import snapshot

PAUSE_SECONDS = 1.0
REFRESH_PAUSES, SILENT_PAUSES = 15, 3
"""Waits grow while nobody answers, though no event says so; where nobody was there, somebody may be by now."""


class Places:
    """What was told last, and the forecasts by which it was told."""

    def __init__(self) -> None:
        self._places: dict[int, dict[str, Any]] = {}
        self._waits: dict[tuple[int, int, int], dict[str, int] | None] = {}
        self._forecasts = waits.Forecasts()

    def tell_changes(self, now: datetime) -> int:
        """Whisper each place, and to the floors each queue's wait, that is not what it was; count the places."""
        with snapshot():
            lines = waits.lines(channels=live_channels())
            forecasts = self._forecasts.of_lines(lines, now=now)
        places: dict[int, dict[str, Any]] = {}
        expected: dict[tuple[int, int, int], dict[str, int] | None] = {}
        changed = 0
        for line in lines:
            forecast = forecasts[line.queue_id]
            for place, thread in enumerate(line.threads, start=1):
                places[thread] = shown = waits.place_of(place, forecast)
                if self._places.get(thread) != shown:
                    changed += 1
                    _whisper(line.operator_id, f"thread:{thread}", "place", {"place": shown})
            expected[line.operator_id, line.floor_id, line.queue_id] = waits.wait_of_next(line, forecast)
        for queue in self._waits.keys() | expected.keys():
            if self._waits.get(queue) != expected.get(queue):
                _whisper(queue[0], f"floor:{queue[1]}", "wait", {"queue": queue[2], "expected": expected.get(queue)})
        self._places, self._waits = places, expected
        return changed

    @property
    def pauses(self) -> int:
        """How long to wait at most before telling again."""
        return SILENT_PAUSES if self._forecasts.any_silent else REFRESH_PAUSES


def _whisper(operator_id: int, topic: str, kind: str, payload: dict[str, Any]) -> None:
    feed.whisper(operator_id=operator_id, topics=[topic], kind=kind, payload=payload)


def run(stop: threading.Event) -> None:
    """Tell places after every change in the feed, and now and then, until told to stop."""
    places, changed = Places(), threading.Event()
    forget = feed.on_hint(changed.set)
    try:
        while not stop.is_set():
            changed.clear()
            places.tell_changes(clock.now())
            stop.wait(PAUSE_SECONDS)
            for _ in range(places.pauses):
                if stop.is_set() or changed.wait(PAUSE_SECONDS):
                    break
    finally:
        forget()
