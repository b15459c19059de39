"""Who owns a floor: a lease that must be renewed, and an epoch that every new owner raises.

Not advisory locks: a stopped process keeps them, and a cut connection frees them while their holder believes it has them.
"""

import os
from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import F, Q

from homeshore.contacts.models import Floor
from homeshore.values.clock import EPOCH


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
