"""The router as background work: several processes share the floors, and each sweeps the presence leases of its own.

A process says that it is alive by its row of `Router`; each takes its fair share of the floors, and gives up what it has
beyond that once another one comes. In the order of their names each stands by the floors of the one before it
(`standby`), and takes them when that one lets its lease run out; whoever stands by nothing comes a second later.
"""

import logging
import math
import os
import secrets
import socket
import threading
import time
from datetime import datetime, timedelta

from django.db import DatabaseError, connections

from homeshore.contacts import facts
from homeshore.contacts.models import Floor, Router
from homeshore.contacts.router import journal, lease, standby
from homeshore.contacts.router.commit import Deposed
from homeshore.contacts.router.router import FloorRouter
from homeshore.contacts.router.standby import StandBys
from homeshore.contacts.services.presence import lapse_presences
from homeshore.foundation import clock, memory
from homeshore.values.clock import EPOCH

logger = logging.getLogger(__name__)

SWEEP_SECONDS = 1.0
"""Facts are hinted at; this is how late one may be when a hint is lost."""

CHECKPOINT_LOOK_SECONDS = 30.0

WHO_STANDS_BY_FIRST = timedelta(seconds=1)
"""How much longer than a stand-by another process waits for a floor that was left without notice."""


def run(stop: threading.Event) -> None:
    """Route until told to stop: this process's share of the floors."""
    lease.forfeit_dead(host=socket.gethostname())
    wake = threading.Event()
    forget = facts.on_hint(wake.set)
    routing = RoutingProcess(f"{_process()}{secrets.token_hex(3)}", standby.here)
    try:
        while not stop.is_set():
            wake.clear()
            wake.wait(0 if routing.turn() else routing.seconds_to_next_turn())
    finally:
        forget()
        routing.leave()


class RoutingProcess:
    """The floors that one process owns, and the process's place among the others. Not shared between threads."""

    def __init__(self, name: str, standbys: StandBys | None = None) -> None:
        self.name = name
        self.owned: dict[int, FloorRouter] = {}
        self.standbys = standbys or StandBys()
        self._sweep_at = 0.0
        self._said_alive_at = EPOCH

    def turn(self) -> bool:
        """Route what waits, and once a second see to leases and floors; whether there is more to do at once."""
        try:
            more = time.monotonic() >= self._sweep_at and self.sweep()
            for floor_id in list(self.owned):
                self._route(floor_id)
        except DatabaseError:
            # Memory may be ahead of the database: forget it, and lay the picture again when the database answers.
            logger.exception("The database cannot be used; floors %s are laid again after it", sorted(self.owned))
            self._forget(list(self.owned))
            connections.close_all()
            self._sweep_at = time.monotonic() + SWEEP_SECONDS
            return False
        return more

    def seconds_to_next_turn(self) -> float:
        """How long nothing has to be done unless facts come."""
        timers = [seconds for each in self.owned.values() if (seconds := each.seconds_to_next_timer()) is not None]
        return max(0.0, min([self._sweep_at - time.monotonic(), *timers]))

    def leave(self) -> None:
        """Give every floor up, so that others take them at once."""
        for router in self.owned.values():
            router.release()
        self._forget(list(self.owned))
        self.standbys.keep(())
        Router.objects.filter(name=self.name).delete()

    def _route(self, floor_id: int) -> None:
        try:
            self.owned[floor_id].turn()
        except Deposed:
            self._lose(floor_id)

    def _lose(self, floor_id: int) -> None:
        logger.warning("Floor %s has another owner now", floor_id)
        self._forget([floor_id])

    def _forget(self, floor_ids: list[int]) -> None:
        """Route these floors no longer; what was remembered of them is garbage now, and may be found."""
        for floor_id in floor_ids:
            del self.owned[floor_id]
        memory.settle_anew()

    def sweep(self) -> bool:
        """See to leases, floors and silent agents; whether there is more to do at once."""
        now = clock.now()
        self._renew(now)
        took = self._take_or_give(now)
        self._stand_by(now)
        lapse_presences(now=now, operator_ids={router.operator_id for router in self.owned.values()})
        self._sweep_at = time.monotonic() + min(SWEEP_SECONDS, self._seconds_to_next_free_floor(clock.now()))
        return took

    def _renew(self, now: datetime) -> None:
        if now >= self._said_alive_at + lease.lease_time() / 3:
            Router.objects.filter(alive_until__lt=now).delete()
            Router.objects.update_or_create(name=self.name, defaults={"alive_until": now + lease.lease_time()})
            self._said_alive_at = now
        epochs = dict(Floor.objects.filter(pk__in=self.owned).values_list("id", "epoch"))
        for floor_id, router in list(self.owned.items()):
            try:
                if epochs.get(floor_id) != router.epoch:  # also one that nobody owns: its floors were split
                    raise Deposed
                router.renew()
            except Deposed:
                self._lose(floor_id)

    def _take_or_give(self, now: datetime) -> bool:
        """Take one floor that needs an owner, or give one up that is beyond our share; whether there may be more.

        One at a time: laying a picture takes a while, and the leases of the others must be renewed meanwhile.
        """
        share = self._share(now)
        for floor_id, orphaned, free_since in lease.free_floors(now=now, owner=self.name):
            wanted = floor_id not in self.owned and (orphaned or len(self.owned) < share)
            if not wanted or now < self._ours_from(floor_id, free_since):
                continue
            known = self.standbys.hand_over(floor_id)
            router = FloorRouter.take_over(floor_id, owner=self.name, clock=clock, standby=known)
            if router:
                logger.info("Routing floor %s in epoch %s", floor_id, router.epoch)
                self.owned[floor_id] = router
                memory.keep()
                self._sweep_at = 0.0
                return True
        if len(self.owned) > share:
            floor_id = max(self.owned)
            logger.info("Floor %s is left to another process", floor_id)
            self.owned[floor_id].release()
            self._forget([floor_id])
        return False

    def _ours_from(self, floor_id: int, free_since: datetime) -> datetime:
        """From when this process may take a floor whose owner let its lease run out: who stands by comes first."""
        return free_since if self.standbys.stands_by(floor_id) else free_since + WHO_STANDS_BY_FIRST

    def _stand_by(self, now: datetime) -> None:
        """Stand by the floors of the process before us; and by those that we stood by, as long as no living one owns them."""
        alive = sorted(Router.objects.filter(alive_until__gte=now).values_list("name", flat=True))
        before_us = alive[alive.index(self.name) - 1] if self.name in alive else self.name
        stood_by = self.standbys.kept()
        self.standbys.keep(
            [
                floor_id
                for floor_id, owner in Floor.objects.exclude(owner=self.name).values_list("id", "owner")
                if owner == before_us or (floor_id in stood_by and owner not in alive)
            ]
        )

    def _share(self, now: datetime) -> int:
        alive = Router.objects.filter(alive_until__gte=now).count()
        return math.ceil(Floor.objects.count() / max(1, alive))

    def _seconds_to_next_free_floor(self, now: datetime) -> float:
        """Until the first lease of another process runs out, and its floor is ours to take."""
        others = Floor.objects.exclude(pk__in=self.owned).values_list("id", "lease_until")
        moments = [self._ours_from(floor_id, until) for floor_id, until in others if until is not None]
        return SWEEP_SECONDS if not moments else max(0.01, (min(moments) - now).total_seconds())


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
