"""The background work of calls: at every event, and every second, each call that goes on is made to agree with its contact."""

import threading
import time

from homeshore.channels.voice.embedded import life
from homeshore.channels.voice.services.follow import follow_all
from homeshore.channels.voice.services.quality import end_rests
from homeshore.foundation import clock, feed

LOOK_SECONDS = 1.0
PAUSE_SECONDS = 0.02
"""Between two looks at least, however much happens in the house; and PAUSES times as long as a look took, which leaves time for others."""
PAUSES = 2


def run(stop: threading.Event) -> None:
    """Follow until told to stop."""
    changed = threading.Event()
    forget = feed.on_hint(changed.set)
    life.grant_full_lives(now=clock.now())
    try:
        pause = PAUSE_SECONDS
        while not stop.wait(pause):
            changed.clear()
            began = time.monotonic()
            follow_all(now=clock.now())
            life.end_what_is_dead(now=clock.now())
            end_rests(now=clock.now())
            pause = max(PAUSE_SECONDS, PAUSES * (time.monotonic() - began))
            changed.wait(LOOK_SECONDS)
    finally:
        forget()
