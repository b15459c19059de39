"""The background work of calls: at every event, and every second, each call that goes on is made to agree with its contact."""

import threading
import time

from homeshore.channels.voice.embedded import life
from homeshore.channels.voice.pace import Pace
from homeshore.channels.voice.services.follow import follow_all
from homeshore.channels.voice.services.quality import end_rests
from homeshore.foundation import clock, feed

LOOK_SECONDS = 1.0
OTHERS = 2
"""Times the processor time of looks belongs to others."""


def run(stop: threading.Event) -> None:
    """Follow until told to stop."""
    changed = threading.Event()
    forget = feed.on_hint(changed.set)
    life.grant_full_lives(now=clock.now())
    try:
        pace = Pace(others=OTHERS)
        while not stop.wait(pace.next_at - time.monotonic()):
            changed.clear()
            began, worked = time.monotonic(), time.thread_time()
            follow_all(now=clock.now())
            life.end_what_is_dead(now=clock.now())
            end_rests(now=clock.now())
            pace.looked(began=began, ended=time.monotonic(), took=time.thread_time() - worked)
            changed.wait(LOOK_SECONDS)
    finally:
        forget()
