"""Recordings are forgotten after their own period, with what was said in their conversation, and with their customer."""

from collections.abc import Collection
from datetime import UTC, datetime, timedelta
from functools import partial

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, OuterRef
from django.db.models.fields.files import FieldFile

from homeshore.channels.voice.models import (
    Caller,
    Choice,
    Companion,
    LeftInMenu,
    Notice,
    Number,
    Piece,
    Prompt,
    Recording,
    TurnedAway,
)
from homeshore.channels.voice.sip.said import names_said
from homeshore.contacts.events import WordsForgotten
from homeshore.foundation import files, retention

BATCH = 50
"""Recordings forgotten in one transaction; each has a file every five seconds."""
LEAVINGS_KEPT = timedelta(days=365)
SPOKEN_KEPT = timedelta(days=7)
UNSAVED_KEPT = timedelta(days=1)
"""Between giving a recording, listening to it, and saving what it says."""
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


def sweep_spoken(*, now: datetime) -> int:
    """Housekeeping: files of words that nobody saved, or that are said no more, and of sentences put together, which whoever needs one again
    makes again. How many there were."""
    said = names_said()
    old = now - SPOKEN_KEPT
    swept = 0
    for file in settings.SPOKEN_DIR.glob("*.wav"):
        if file.stem not in said and datetime.fromtimestamp(file.stat().st_mtime, UTC) < old:
            file.unlink(missing_ok=True)
            swept += 1
    return swept


def forget_unsaved_prompts(*, now: datetime) -> int:
    """Housekeeping: recordings of the operator's own that were listened to and never saved with anything. How many there were."""
    saved = (Choice.objects.filter(prompt=OuterRef("pk")), Notice.objects.filter(prompt=OuterRef("pk")))
    opened = Number.objects.filter(opening_prompt=OuterRef("pk"))
    unsaved = Prompt.objects.filter(*(~Exists(each) for each in (*saved, opened)), given_at__lt=now - UNSAVED_KEPT)
    return unsaved.delete()[0]


def _forget(recordings: list[int]) -> list[FieldFile]:
    """Rows of recordings, inside a transaction; their files, to be deleted after the commit."""
    gone = [each.file for each in Piece.objects.filter(take__recording__in=recordings)]
    Recording.objects.filter(pk__in=recordings).delete()
    return gone


def _delete(gone: list[FieldFile]) -> None:
    for each in gone:
        each.storage.delete(str(each.name))
