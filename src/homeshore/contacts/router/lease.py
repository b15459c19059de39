"""Who owns a floor: a lease that must be renewed, and an epoch that every new owner raises.

Not advisory locks: a stopped process keeps them, and a cut connection frees them while their holder believes it has them.
"""

import logging
import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

from django.conf import settings
from django.db import DatabaseError, connections
from django.db.models import F, Q

from homeshore.contacts.models import Floor
from homeshore.values.clock import EPOCH, Clock

logger = logging.getLogger(__name__)


def lease_time() -> timedelta:
    """How long an owner may go without renewing."""
    return timedelta(seconds=settings.ROUTER_LEASE_SECONDS)


def acquire(floor_id: int, *, owner: str, now: datetime) -> int | None:
    """Own a floor that nobody else owns, or whose owner's lease ran out; the new epoch, or None when it is owned."""
    if not Floor.objects.filter(_free(now, owner), pk=floor_id).update(
        owner=owner, epoch=F("epoch") + 1, lease_until=now + lease_time()
    ):
        return None
    return Floor.objects.filter(pk=floor_id, owner=owner).values_list("epoch", flat=True).first()


def free_floors(*, now: datetime, owner: str) -> list[tuple[int, bool, datetime]]:
    """The floors that `owner` may own: of each whether it was left without notice (its owner died, or forgot it), and since when.

    What was given up in order, or was `owner`'s own, counts as free since long.
    """
    rows = Floor.objects.filter(_free(now, owner)).order_by("id").values_list("id", "owner", "lease_until")
    return [
        (floor_id, bool(before), lease_until if lease_until and before != owner else EPOCH)
        for floor_id, before, lease_until in rows
    ]


def _free(now: datetime, owner: str) -> Q:
    return Q(lease_until__isnull=True) | Q(lease_until__lt=now) | Q(owner=owner)


def renew(floor_id: int, *, epoch: int, now: datetime) -> bool:
    """Keep owning the floor; False when another owner has raised the epoch."""
    return bool(Floor.objects.filter(pk=floor_id, epoch=epoch).update(lease_until=now + lease_time()))


@contextmanager
def renewed_meanwhile(floor_id: int, *, epoch: int, clock: Clock) -> Iterator[None]:
    """The lease is renewed while the block runs, which may take longer than it lasts.

    By a thread, because the block reads one snapshot, and in a snapshot nothing is written. A process that stands still
    does not renew, and one that was deposed stops trying: its next commit will tell it.
    """
    over = threading.Event()

    def keep() -> None:
        try:
            while not over.wait(lease_time().total_seconds() / 3) and renew(floor_id, epoch=epoch, now=clock.now()):
                logger.info("Floor %s is still being laid", floor_id)
        except DatabaseError:
            logger.exception("The lease of floor %s could not be renewed while it was laid", floor_id)
        finally:
            connections.close_all()

    keeper = threading.Thread(target=keep, name=f"lease of floor {floor_id}", daemon=True)
    keeper.start()
    try:
        yield
    finally:
        over.set()
        keeper.join()


def release(floor_id: int, *, epoch: int) -> None:
    """Give the floor up, so that another may own it at once."""
    Floor.objects.filter(pk=floor_id, epoch=epoch).update(owner="", lease_until=None)


def forfeit_dead(*, host: str) -> None:
    """Free the floors whose owner was a process of this host that no longer lives: no need to wait for their lease.

    Owners call themselves `host:pid:nonce`.
    """
    for floor_id, owner, epoch in Floor.objects.filter(owner__startswith=f"{host}:").values_list(
        "id", "owner", "epoch"
    ):
        if not _lives(int(owner.split(":")[1])):
            release(floor_id, epoch=epoch)


def _lives(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
