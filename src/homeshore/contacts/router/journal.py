"""The journal decided again: the same inputs, through the same core, must lead to the same decisions, byte for byte.

An owner's first entry is the picture it laid, kept as a checkpoint; a replay begins there or at any later checkpoint.
"""

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

import orjson
from django.db.models import QuerySet

from homeshore.contacts.models import Checkpoint, Floor, JournalEntry
from homeshore.contacts.router import checkpoints
from homeshore.routing import State, step
from homeshore.routing.decisions import Decision
from homeshore.routing.vocabulary import read

PICTURE_LAID = "PictureLaid"
"""The entry of an owner who has laid its picture: its checkpoint holds the state, `decided` the fingerprint of it."""


class BrokenJournal(Exception):
    """The journal leads elsewhere than it led when it was written, or the checkpoint it begins with is missing."""


@dataclass(frozen=True, slots=True)
class Replayed:
    """An entry decided again: where it stands, what it decides now, and whether that is what was decided then."""

    seq: int
    epoch: int
    kind: str
    decisions: tuple[Decision, ...]
    same: bool


def digest(decisions: Sequence[Decision]) -> str:
    """The SHA-256 of decisions as canonical JSON, or an empty text for none."""
    if not decisions:
        return ""
    text = orjson.dumps([(type(each).__name__, each) for each in decisions], option=orjson.OPT_SORT_KEYS)
    return hashlib.sha256(text).hexdigest()


def replay(floor_id: int, *, epoch: int | None = None) -> Iterator[Replayed]:
    """Decide the journal of a floor again, all of it that is kept or one epoch, entry by entry.

    Raises UnreadableRecord or UnreadableState when an entry or checkpoint was written in another version, and
    BrokenJournal when the checkpoint is missing from which it should begin.
    """
    entries = JournalEntry.objects.filter(floor_id=floor_id)
    if epoch is not None:
        entries = entries.filter(epoch=epoch)
    first = entries.order_by("seq").values_list("seq", flat=True).first()
    if first is None:
        return
    begun = checkpoints.first(floor_id, at_least=first - 1)
    if begun is None:
        raise BrokenJournal(f"No checkpoint of floor {floor_id} is kept from which its journal could be decided again.")
    yield from _decided_again(_begin(floor_id, begun), entries)


def state_after(floor_id: int, *, seq: int) -> State:
    """What the floor's core knew after the input `seq`, from the last checkpoint before it.

    Raises BrokenJournal when that is no longer kept, or when the journal does not lead there any more.
    """
    begun = checkpoints.last(floor_id, at_most=seq)
    if begun is None:
        raise BrokenJournal(f"Nothing is kept of floor {floor_id} up to its input {seq}.")
    known = _begin(floor_id, begun)
    for replayed in _decided_again(known, JournalEntry.objects.filter(floor_id=floor_id, seq__lte=seq)):
        if not replayed.same:
            raise BrokenJournal(f"Input {replayed.seq} of floor {floor_id} is decided otherwise than it was.")
    return known


def make_checkpoint(floor_id: int, *, at: datetime) -> int | None:
    """Keep one more checkpoint when the journal has grown by enough since the last; after which input, or None.

    Raises BrokenJournal when the journal does not lead where its floor went.
    """
    since, floor = checkpoints.last(floor_id), Floor.objects.get(pk=floor_id)
    if since is None or floor.seq < since + checkpoints.EVERY:
        return None
    checkpoints.save(state_after(floor_id, seq=since + checkpoints.EVERY), at=at)
    return since + checkpoints.EVERY


def _decided_again(state: State, entries: QuerySet[JournalEntry]) -> Iterator[Replayed]:
    """Those of the entries that follow on a checkpoint. Changes its state in place, until another owner lays a picture."""
    begun = state.seq
    for entry in entries.filter(seq__gte=begun).order_by("seq").iterator(chunk_size=2000):
        kind = entry.input["kind"]
        if kind == PICTURE_LAID:
            if entry.seq != begun:
                state = _begin(entry.floor_id, entry.seq)
            same = checkpoints.fingerprint(checkpoints.canonical(state)) == entry.decided
            yield Replayed(entry.seq, entry.epoch, kind, (), same)
        elif entry.seq > begun:
            decided = step(state, read(entry.input), entry.now)
            same = decided.seq == entry.seq and digest(decided.decisions) == entry.decided
            yield Replayed(entry.seq, entry.epoch, kind, decided.decisions, same)


def _begin(floor_id: int, seq: int) -> State:
    try:
        return checkpoints.load(floor_id, seq=seq)
    except Checkpoint.DoesNotExist:
        raise BrokenJournal(f"The checkpoint of floor {floor_id} after its input {seq} is missing.") from None
