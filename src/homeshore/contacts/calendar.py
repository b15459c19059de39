"""Background work: what people planned comes into force at its moment, and floors learn of openings and new days."""

import threading

from homeshore.contacts.services.policies import bring_into_force
from homeshore.foundation import clock

LOOK_EVERY_SECONDS = 1.0


def run(stop: threading.Event) -> None:
    """Look until told to stop. Several processes may do so at once: each change is made once."""
    while not stop.is_set():
        bring_into_force(now=clock.now())
        stop.wait(LOOK_EVERY_SECONDS)
