"""Recordings are forgotten after their own period, with what was said in their conversation, and with their customer."""

from collections.abc import Collection
from datetime import datetime, timedelta
from functools import partial

from django.db import transaction
from django.db.models.fields.files import FieldFile

from homeshore.channels.voice.models import Caller, Companion, LeftInMenu, Piece, Recording, TurnedAway
from homeshore.contacts.events import WordsForgotten
from homeshore.foundation import files, retention

BATCH = 50
"""Recordings forgotten in one transaction; each has a file every five seconds."""
LEAVINGS_KEPT = timedelta(days=365)
LONGEST_CHOICE = timedelta(hours=1)
"""A menu is over after two minutes at most, and a notice is not much longer."""


def forget_with_words(going: WordsForgotten) -> None:
    """The recordings of the conversations that are forgotten, and what was noted for colleagues who were asked about them."""
    Companion.objects.filter(call__contact__conversation__in=going.conversations).update(note="")
    of_them = Recording.objects.filter(call__contact__conversation__in=going.conversations)
    going.files.extend(_forget(list(of_them.values_list("id", flat=True))))


def forget_old_recordings(*, now: datetime) -> int:
    """Housekeeping: a batch of recordings that were kept long enough after their call. How many there were."""
    forgotten = 0
    for operator_id, periods in retention.operators_and_periods(at=now):
        old = now - timedelta(days=periods.recording_days)
        kept = Recording.objects.filter(operator_id=operator_id, call__ended_at__lt=old)
        batch = list(kept.order_by("call__ended_at").values_list("id", flat=True)[:BATCH])
        transaction.on_commit(partial(_delete, _forget(batch)))
        forgotten += len(batch)
    return forgotten


def sweep_files(*, now: datetime) -> int:
    """Housekeeping: the recorded files that no row names. How many there were."""

    def named(paths: Collection[str]) -> set[str]:
        return set(Piece.objects.filter(file__in=paths).values_list("file", flat=True))

    return files.sweep("recordings", named=named, now=now)


def forget_lost_choosers(*, now: datetime) -> int:
    """Housekeeping: callers who heard a menu or a notice when their telephone ended for good. How many there were."""
    return Caller.objects.filter(call=None, came_at__lt=now - LONGEST_CHOICE).delete()[0]


def forget_old_leavings(*, now: datetime) -> int:
    """Housekeeping: that somebody left in a menu or a notice, or was turned away, is counted for a year. How many rows there were."""
    old = [each.objects.filter(at__lt=now - LEAVINGS_KEPT) for each in (LeftInMenu, TurnedAway)]
    return sum(each.delete()[0] for each in old)


def _forget(recordings: list[int]) -> list[FieldFile]:
    """Rows of recordings, inside a transaction; their files, to be deleted after the commit."""
    gone = [each.file for each in Piece.objects.filter(take__recording__in=recordings)]
    Recording.objects.filter(pk__in=recordings).delete()
    return gone


def _delete(gone: list[FieldFile]) -> None:
    for each in gone:
        each.storage.delete(str(each.name))
