"""The journal decided again: the same inputs, through the same core, must lead to the same decisions, byte for byte.

Each owner of a floor begins with a fresh core, told the whole picture; so a replay starts where an epoch starts.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from homeshore.contacts.models import JournalEntry
from homeshore.contacts.router.commit import digest
from homeshore.routing import State, step
from homeshore.routing.decisions import Decision
from homeshore.routing.vocabulary import read


@dataclass(frozen=True, slots=True)
class Replayed:
    """An entry decided again: where it stands, what it decides now, and whether that is what was decided then."""

    seq: int
    epoch: int
    kind: str
    decisions: tuple[Decision, ...]
    same: bool


def replay(floor_id: int, *, epoch: int | None = None) -> Iterator[Replayed]:
    """Decide the journal of a floor again, all of it or one epoch, entry by entry.

    Raises routing.vocabulary.UnreadableRecord when an entry was written in another version of the vocabulary.
    """
    entries = JournalEntry.objects.filter(floor_id=floor_id).order_by("seq")
    if epoch is not None:
        entries = entries.filter(epoch=epoch)
    state, current = State(floor_id), None
    for entry in entries.iterator(chunk_size=2000):
        if entry.epoch != current:
            state, current = State(floor_id), entry.epoch
            state.seq = entry.seq - 1
        decided = step(state, read(entry.input), entry.now)
        same = decided.seq == entry.seq and digest(decided.decisions) == entry.decided
        yield Replayed(entry.seq, entry.epoch, entry.input["kind"], decided.decisions, same)
