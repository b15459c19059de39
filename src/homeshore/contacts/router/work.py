"""The router as background work: owns the floors that nobody owns, and sweeps presence leases that ran out."""

import logging
import os
import secrets
import socket
import threading
import time

from django.db import DatabaseError, connections

from homeshore.contacts import facts
from homeshore.contacts.models import Floor
from homeshore.contacts.router import journal, lease
from homeshore.contacts.router.commit import Deposed
from homeshore.contacts.router.router import FloorRouter
from homeshore.contacts.services.presence import lapse_presences
from homeshore.foundation import clock

logger = logging.getLogger(__name__)

SWEEP_SECONDS = 1.0
"""Facts are hinted at; this is how late one may be when a hint is lost."""

CHECKPOINT_LOOK_SECONDS = 30.0


def run(stop: threading.Event) -> None:
    """Route until told to stop: every floor that this process can own."""
    owner = f"{_process()}{secrets.token_hex(3)}"
    lease.forfeit_dead(host=socket.gethostname())
    wake = threading.Event()
    forget = facts.on_hint(wake.set)
    owned: dict[int, FloorRouter] = {}
    try:
        _route(stop, wake, owned, owner)
    finally:
        forget()
        for router in owned.values():
            router.release()


def keep_checkpoints(stop: threading.Event) -> None:
    """Make the checkpoints of the floors that this process owns, beside their routers, until told to stop."""
    while not stop.wait(CHECKPOINT_LOOK_SECONDS):
        for floor_id in Floor.objects.filter(owner__startswith=_process()).values_list("id", flat=True):
            try:
                made = journal.make_checkpoint(floor_id, at=clock.now())
            except journal.BrokenJournal:
                logger.exception("Floor %s has no new checkpoint", floor_id)
            else:
                if made:
                    logger.info("Floor %s has a checkpoint after its input %s", floor_id, made)


def _process() -> str:
    """How the names of the owners in this process begin."""
    return f"{socket.gethostname()}:{os.getpid()}:"


def _route(stop: threading.Event, wake: threading.Event, owned: dict[int, FloorRouter], owner: str) -> None:
    next_sweep = 0.0
    while not stop.is_set():
        wake.clear()
        if time.monotonic() >= next_sweep:
            _own_what_is_free(owned, owner)
            _renew(owned)
            lapse_presences(now=clock.now())
            next_sweep = time.monotonic() + SWEEP_SECONDS
        for floor_id in list(owned):
            _turn(owned, floor_id)
        wake.wait(_pause(owned, next_sweep))


def _turn(owned: dict[int, FloorRouter], floor_id: int) -> None:
    try:
        owned[floor_id].turn()
    except Deposed:
        logger.warning("Floor %s has another owner now", floor_id)
        del owned[floor_id]
    except DatabaseError:
        # Memory is ahead of the database: forget it, and lay the picture again when the lease can be had.
        logger.exception("Floor %s could not be written", floor_id)
        owned.pop(floor_id).release()
        connections.close_all()


def _own_what_is_free(owned: dict[int, FloorRouter], owner: str) -> None:
    for floor_id in Floor.objects.order_by("id").values_list("id", flat=True):
        if floor_id not in owned:
            router = FloorRouter.take_over(floor_id, owner=owner, clock=clock)
            if router:
                logger.info("Routing floor %s in epoch %s", floor_id, router.epoch)
                owned[floor_id] = router


def _renew(owned: dict[int, FloorRouter]) -> None:
    for floor_id, router in list(owned.items()):
        try:
            router.renew()
        except Deposed:
            logger.warning("Floor %s has another owner now", floor_id)
            del owned[floor_id]


def _pause(owned: dict[int, FloorRouter], next_sweep: float) -> float:
    timers = [seconds for router in owned.values() if (seconds := router.seconds_to_next_timer()) is not None]
    return max(0.0, min([next_sweep - time.monotonic(), *timers]))
