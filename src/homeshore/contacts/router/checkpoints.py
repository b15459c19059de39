"""The whole state of a floor's core, written down now and then: where a replay begins, and how far back the journal is kept.

The owner writes one when it takes over. Later ones are made beside it, by deciding the journal again from the last one:
the owner never stops for it, and it shows every time that the journal leads where the owner went.
"""

import hashlib
import zlib
from datetime import datetime, timedelta
from typing import Any

import orjson
from django.conf import settings

from homeshore.contacts.models import Checkpoint, Floor, JournalEntry
from homeshore.routing import State

EVERY = 20_000
"""Inputs between two checkpoints: about a second to decide again."""


def canonical(state: State) -> bytes:
    """The state as canonical JSON: equal states give equal bytes."""
    return orjson.dumps(state.dump(), option=orjson.OPT_SORT_KEYS)


def fingerprint(written: bytes) -> str:
    """The SHA-256 by which a state is recognised."""
    return hashlib.sha256(written).hexdigest()


def save(state: State, *, at: datetime) -> str:
    """Keep the state as it is after the input `state.seq`; its fingerprint. Two who keep the same one keep it once."""
    written = canonical(state)
    Checkpoint.objects.get_or_create(
        floor_id=int(state.floor), seq=state.seq, defaults={"state": zlib.compress(written, 1), "at": at}
    )
    return fingerprint(written)


def load(floor_id: int, *, seq: int) -> State:
    """The state after the input `seq`.

    Raises Checkpoint.DoesNotExist, and routing.state.UnreadableState when another version of the program wrote it.
    """
    return State.load(written(floor_id, seq=seq))


def written(floor_id: int, *, seq: int) -> dict[str, Any]:
    """The state after the input `seq` as plain values, whatever version wrote it. Raises Checkpoint.DoesNotExist."""
    kept = Checkpoint.objects.get(floor_id=floor_id, seq=seq)
    values: dict[str, Any] = orjson.loads(zlib.decompress(kept.state))
    return values


def first(floor_id: int, *, at_least: int) -> int | None:
    """The input after which the first checkpoint stands, from `at_least` on; None when there is none."""
    kept = Checkpoint.objects.filter(floor_id=floor_id, seq__gte=at_least).order_by("seq")
    return kept.values_list("seq", flat=True).first()


def last(floor_id: int, *, at_most: int | None = None) -> int | None:
    """The input after which the last checkpoint stands, up to `at_most`; None when there is none."""
    kept = Checkpoint.objects.filter(floor_id=floor_id).order_by("-seq")
    if at_most is not None:
        kept = kept.filter(seq__lte=at_most)
    return kept.values_list("seq", flat=True).first()


def forget_old(*, now: datetime) -> int:
    """Forget the journals up to the last checkpoint that is older than they are kept; how many entries that were."""
    before, gone = now - timedelta(days=settings.JOURNAL_DAYS), 0
    for floor_id in Floor.objects.order_by("id").values_list("id", flat=True):
        old = Checkpoint.objects.filter(floor_id=floor_id, at__lt=before).order_by("-seq").first()
        if old is not None:
            entries = JournalEntry.objects.filter(floor_id=floor_id, seq__lte=old.seq)
            gone += entries._raw_delete(entries.db)
            Checkpoint.objects.filter(floor_id=floor_id, seq__lt=old.seq).delete()
    return gone
