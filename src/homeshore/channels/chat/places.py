"""Tells those who wait their place in the queue, by a whisper, when it has changed: once a second at most.

Runs beside the web server. What it last told is in memory only: after a restart everybody is told once more, which does no harm.
"""

import threading
from datetime import datetime
from typing import Any

from homeshore.channels.chat.queries import LIVE_CHANNELS
from homeshore.channels.chat.waiting import WINDOW, expected_wait
from homeshore.contacts.queries import thread as threads
from homeshore.foundation import clock, feed
from homeshore.foundation.transactions import snapshot

PAUSE_SECONDS = 1.0
REFRESH_PAUSES = 30
"""Estimates grow while nobody answers, though no event says so."""


class Places:
    """The places as they were last told, by conversation."""

    def __init__(self) -> None:
        self._told: dict[int, dict[str, Any]] = {}

    def tell_changes(self, now: datetime) -> int:
        """Whisper each place that is not what it was, and count them."""
        with snapshot():
            lines = threads.lines(LIVE_CHANNELS)
            answers = threads.answers_since([line.queue_id for line in lines], now - WINDOW)
        places: dict[int, dict[str, Any]] = {}
        changed = 0
        for line in lines:
            for place, thread in enumerate(line.threads, start=1):
                wait = expected_wait(place, answers.get(line.queue_id, []), now)
                shown = {"place": place, "expected_seconds": int(wait.total_seconds()) if wait else None}
                places[thread] = shown
                if self._told.get(thread) != shown:
                    changed += 1
                    feed.whisper(
                        operator_id=line.operator_id,
                        topics=[f"thread:{thread}"],
                        kind="place",
                        payload={"place": shown},
                    )
        self._told = places
        return changed


def run(stop: threading.Event) -> None:
    """Tell places after every change in the feed, and now and then, until told to stop."""
    places, changed = Places(), threading.Event()
    forget = feed.on_hint(changed.set)
    try:
        while not stop.is_set():
            changed.clear()
            places.tell_changes(clock.now())
            stop.wait(PAUSE_SECONDS)
            for _ in range(REFRESH_PAUSES):
                if stop.is_set() or changed.wait(PAUSE_SECONDS):
                    break
    finally:
        forget()
