"""A floor as its router saw it after an input, in the words of whoever asks when that can no longer be retold."""

import logging
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from homeshore.contacts.models import Floor, JournalEntry
from homeshore.contacts.router import journal
from homeshore.contacts.router.journal import BrokenJournal, digest
from homeshore.foundation.errors import Refused
from homeshore.routing import State, step
from homeshore.routing.decisions import Decision
from homeshore.routing.state import UnreadableState
from homeshore.routing.vocabulary import UnreadableRecord, read

logger = logging.getLogger(__name__)


class PastNotKept(Refused):
    """The journal does not reach back so far, or leads elsewhere by today's rules."""

    code = "past_not_kept"
    message = _(
        "What the router saw at that moment cannot be retold: it is not kept any more, or other rules decided it."
    )


@dataclass(frozen=True, slots=True)
class PastStep:
    """The floor just after an input of its journal, and what that input led to."""

    state: State
    decisions: tuple[Decision, ...]


def floor_now(floor_id: int) -> State:
    """The floor as of the last input that its router consumed. Raises PastNotKept."""
    return _state_after(floor_id, Floor.objects.values_list("seq", flat=True).get(pk=floor_id))


def floor_after(floor_id: int, *, seq: int) -> PastStep:
    """The floor just after the input numbered `seq`, which is decided again as it was then. Raises PastNotKept."""
    entry = JournalEntry.objects.filter(floor_id=floor_id, seq=seq).first()
    if entry is None:
        raise PastNotKept
    state = _state_after(floor_id, seq - 1)
    try:
        decisions = step(state, read(entry.input), entry.now).decisions
    except UnreadableRecord as error:
        raise PastNotKept from error
    if digest(decisions) != entry.decided:
        raise PastNotKept
    return PastStep(state, decisions)


def _state_after(floor_id: int, seq: int) -> State:
    try:
        return journal.state_after(floor_id, seq=seq)
    except (BrokenJournal, UnreadableRecord, UnreadableState) as error:
        logger.info("Floor %s cannot be retold after input %s: %s", floor_id, seq, error)
        raise PastNotKept from error
