"""Floors that another process routes, followed beside it: who stands by goes on where the journal ends, and lays no picture.

A stand-by decides every entry of the journal again and so knows, a moment later, all that the owner knew when it committed.
What it finds decided otherwise (another version of the program wrote it) it does not go on from: then the picture is laid
from the tables, as when nobody stood by.
"""

import logging
import threading
from collections.abc import Collection, Iterable

from homeshore.contacts.models import Assignment, JournalEntry, Offer
from homeshore.contacts.router import checkpoints
from homeshore.contacts.router.commit import Refusal
from homeshore.contacts.router.journal import PICTURE_LAID, BrokenJournal, digest
from homeshore.routing import State, step
from homeshore.routing.decisions import Decision, Offered, OfferTimedOut, OfferWithdrawn, Requeued
from homeshore.routing.inputs import DecisionRefused
from homeshore.routing.state import UnreadableState
from homeshore.routing.vocabulary import UnreadableRecord, read

logger = logging.getLogger(__name__)

LOOK_SECONDS = 0.5
_BATCH = 200
"""Entries decided at a time: some 20 ms for which a take-over may have to wait."""
_UNHEARD = 2_000
"""An owner that dies has told of all refusals but those of its last group, which is shorter than this many entries."""

Row = tuple[int, int, int, dict[str, object], str]
"""(seq, epoch, now, input, decided) of a journal entry."""


class AnotherPicture(Exception):
    """Another owner laid its picture anew: what was followed so far leads nowhere."""


class StandBy:
    """What the owner of a floor knew after the last entry followed. Not shared between threads."""

    def __init__(self, floor_id: int, state: State, epoch: int | None) -> None:
        self.floor_id, self.state = floor_id, state
        self.epoch = epoch
        """Under which the last entry was written; None when that entry is no longer kept."""
        self._unheard: dict[str, tuple[int, Decision]] = {}

    @classmethod
    def begin(cls, floor_id: int) -> "StandBy | None":
        """At the last checkpoint; None where there is none yet. Raises UnreadableState."""
        seq = checkpoints.last(floor_id)
        if seq is None:
            return None
        entry = JournalEntry.objects.filter(floor_id=floor_id, seq=seq).values_list("epoch", flat=True)
        return cls(floor_id, checkpoints.load(floor_id, seq=seq), entry.first())

    def next_entries(self) -> list[Row]:
        """What the journal holds beyond what was followed, a batch of it."""
        entries = JournalEntry.objects.filter(floor_id=self.floor_id, seq__gt=self.state.seq).order_by("seq")
        return list(entries.values_list("seq", "epoch", "now", "input", "decided")[:_BATCH])

    def decide(self, entries: Iterable[Row]) -> None:
        """Decide these entries again. Raises BrokenJournal, AnotherPicture, UnreadableRecord: it is of no use any more then."""
        for seq, epoch, now, record, decided in entries:
            if record["kind"] == PICTURE_LAID:
                raise AnotherPicture
            input = read(record)
            taken = step(self.state, input, now)
            if taken.seq != seq or digest(taken.decisions) != decided:
                raise BrokenJournal(f"Input {seq} of floor {self.floor_id} is decided otherwise than it was.")
            self.epoch = epoch
            if isinstance(input, DecisionRefused):
                self._unheard.pop(input.decision, None)
            for decision in taken.decisions:
                self._unheard[decision.id] = (seq, decision)
        self._forget_heard()

    def catch_up(self, *, epoch: int, seq: int) -> bool:
        """Follow the journal to its end, which is `seq`; whether all is known that whoever owns the floor next, in `epoch`, must know.

        It is not when the epoch rose meanwhile without an entry: the floors were split, or an owner died at once.
        """
        try:
            while entries := self.next_entries():
                self.decide(entries)
        except (AnotherPicture, BrokenJournal, UnreadableRecord) as reason:
            logger.warning("Nobody stood by floor %s: %s", self.floor_id, reason or "another picture was laid")
            return False
        if self.state.seq == seq and self.epoch == epoch - 1:
            return True
        followed = f"input {self.state.seq} of epoch {self.epoch}"
        logger.warning("Nobody stood by floor %s up to epoch %s: %s was followed last", self.floor_id, epoch, followed)
        return False

    def refusals(self) -> list[Refusal]:
        """The decisions that the last owner's last commit refused, which it did not live to tell its core.

        Of decisions that are not looked for here the facts tell that explain the refusal: they wait for the next owner.
        """
        decisions = [decision for _, decision in self._unheard.values()]
        ends = {OfferTimedOut: Offer.State.TIMED_OUT, OfferWithdrawn: Offer.State.WITHDRAWN}
        offers = [each.id for each in decisions if isinstance(each, Offered)]
        offers += [each.offer for each in decisions if isinstance(each, OfferTimedOut | OfferWithdrawn)]
        states = dict(Offer.objects.filter(pk__in=offers).values_list("id", "state"))
        requeued = [each.assignment for each in decisions if isinstance(each, Requeued)]
        ended = Assignment.objects.filter(pk__in=requeued, state=Assignment.State.ENDED)
        whys = dict(ended.values_list("id", "why"))
        found = []
        for each in decisions:
            if isinstance(each, Offered) and each.id not in states:
                found.append(Refusal(each.id, "contact_not_waiting"))
            elif isinstance(each, OfferTimedOut | OfferWithdrawn) and states.get(each.offer) != ends[type(each)]:
                found.append(Refusal(each.id, "offer_not_open"))
            elif isinstance(each, Requeued) and whys.get(each.assignment) != each.why:
                found.append(Refusal(each.id, "assignment_not_active"))
        return found

    def _forget_heard(self) -> None:
        before = self.state.seq - _UNHEARD
        while self._unheard:
            first = next(iter(self._unheard))
            if self._unheard[first][0] > before:
                return
            del self._unheard[first]


class StandBys:
    """Those of one process. Its own thread brings them forward; the router's says which, and takes them when it takes over."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._floors: dict[int, StandBy | None] = {}
        self._useless: dict[int, int | None] = {}
        """By floor, the checkpoint from which it could not be followed."""

    def keep(self, floor_ids: Collection[int]) -> None:
        """Stand by these floors, and by no others."""
        with self._lock:
            self._floors = {floor_id: self._floors.get(floor_id) for floor_id in floor_ids}

    def stands_by(self, floor_id: int) -> bool:
        """Whether this process could go on at once where the floor's journal ends."""
        return self._floors.get(floor_id) is not None

    def kept(self) -> set[int]:
        """The floors that are followed, or are to be."""
        return set(self._floors)

    def hand_over(self, floor_id: int) -> StandBy | None:
        """What is known of a floor, to go on from it. From now on it is the caller's alone."""
        with self._lock:
            return self._floors.pop(floor_id, None)

    def advance(self) -> None:
        """Follow every journal to its end."""
        for floor_id in sorted(self.kept()):
            standby = self._floors.get(floor_id)
            try:
                if standby is None:
                    self._begin(floor_id)
                else:
                    self._forward(standby)
            except AnotherPicture:
                self._replace(floor_id, None)
            except (BrokenJournal, UnreadableRecord, UnreadableState) as reason:
                logger.warning("Floor %s cannot be followed: %s", floor_id, reason)
                self._useless[floor_id] = checkpoints.last(floor_id)
                self._replace(floor_id, None)

    def _begin(self, floor_id: int) -> None:
        if floor_id not in self._useless or checkpoints.last(floor_id) != self._useless[floor_id]:
            begun = StandBy.begin(floor_id)
            self._replace(floor_id, begun)
            if begun is not None:
                self._forward(begun)
                logger.info("Standing by floor %s in epoch %s", floor_id, begun.epoch)

    def _forward(self, standby: StandBy) -> None:
        while True:
            entries = standby.next_entries()
            with self._lock:
                if not entries or self._floors.get(standby.floor_id) is not standby:
                    return
                standby.decide(entries)

    def _replace(self, floor_id: int, standby: StandBy | None) -> None:
        with self._lock:
            if floor_id in self._floors:
                self._floors[floor_id] = standby


here = StandBys()
"""Those of this process."""


def run(stop: threading.Event) -> None:
    """Follow the floors that this process stands by, until told to stop."""
    while not stop.wait(LOOK_SECONDS):
        here.advance()
