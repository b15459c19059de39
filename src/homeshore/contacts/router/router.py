"""The owner of one floor: consumes facts, asks the core, commits, and shows nothing before."""

import logging
from collections.abc import Iterable
from typing import Any

from homeshore.contacts.models import Fact, Floor, Presence
from homeshore.contacts.models.work import PresenceState
from homeshore.contacts.router import lease
from homeshore.contacts.router.commit import Deposed, Entry, Group, Refusal, commit_decisions
from homeshore.contacts.router.rebuild import inputs_from_tables
from homeshore.contacts.services.presence import lease as presence_lease
from homeshore.foundation.transactions import write
from homeshore.routing import State, step
from homeshore.routing.inputs import DecisionRefused, Input, Tick
from homeshore.routing.vocabulary import UnreadableRecord, read
from homeshore.values.clock import Clock, to_milliseconds

logger = logging.getLogger(__name__)

GROUP_LIMIT = 500


class FloorRouter:
    """Routes one floor as long as it owns it. Not shared between threads.

    Whatever is raised in `turn` leaves the memory ahead of the database: drop the router and open a new one.
    """

    def __init__(self, floor_id: int, *, epoch: int, clock: Clock) -> None:
        self.floor_id, self.epoch, self.clock = floor_id, epoch, clock
        floor = Floor.objects.get(pk=floor_id)
        self.operator_id = floor.operator_id
        self.state = State(floor_id)
        self.state.seq = floor.seq
        self._refused: list[Refusal] = []
        self._renewed_at = clock.now()

    @classmethod
    def take_over(cls, floor_id: int, *, owner: str, clock: Clock) -> "FloorRouter | None":
        """Own the floor and lay its picture from the tables; None while another owns it."""
        epoch = lease.acquire(floor_id, owner=owner, now=clock.now())
        if epoch is None:
            return None
        router = cls(floor_id, epoch=epoch, clock=clock)
        router._lay_picture()
        return router

    def turn(self) -> int:
        """Consume what waits and what is due, make it durable; how many inputs that were. Raises Deposed."""
        consumed = 0
        while True:
            group = self._next_group()
            if not group.entries:
                return consumed
            consumed += len(group.entries)
            self._commit(group)

    def seconds_to_next_timer(self) -> float | None:
        """How long until a timer of the core falls due; None when none is set."""
        due = self.state.next_due()
        return None if due is None else max(0.0, (due - to_milliseconds(self.clock.now())) / 1000)

    def renew(self) -> None:
        """Keep owning the floor, once a third of the lease has gone. Raises Deposed when another does."""
        now = self.clock.now()
        if now < self._renewed_at + lease.lease_time() / 3:
            return
        if not lease.renew(self.floor_id, epoch=self.epoch, now=now):
            raise Deposed
        self._renewed_at = now

    def release(self) -> None:
        """Give the floor up."""
        lease.release(self.floor_id, epoch=self.epoch)

    def _lay_picture(self) -> None:
        """Facts that wait are already in the tables, so they are consumed by the picture itself."""
        now = self.clock.now()
        with write():
            self._grant_full_leases()
            group = Group(fact_ids=list(Fact.objects.filter(floor_id=self.floor_id).values_list("id", flat=True)))
            self._take(group, inputs_from_tables(self.floor_id), now=to_milliseconds(now))
            self._commit(group)

    def _grant_full_leases(self) -> None:
        """While nobody owned the floor, agents could not be told lost from silent: each gets a full lease."""
        here = Presence.objects.exclude(state=PresenceState.OFFLINE).filter(
            line_lost_at__isnull=True, agent__operator_id=self.operator_id
        )
        here.update(lease_until=presence_lease(self.clock.now()))

    def _next_group(self) -> Group:
        """What the core is given next: refusals first, then timers that are due, then the facts that wait."""
        group, now = Group(), to_milliseconds(self.clock.now())
        refused, self._refused = self._refused, []
        self._take(group, (DecisionRefused(each.decision, each.why) for each in refused), now=now)
        due = self.state.next_due()
        if due is not None and due <= now:
            self._take(group, [Tick()], now=now)
        waiting = Fact.objects.filter(floor_id=self.floor_id).order_by("id").values_list("id", "input")
        facts = list(waiting[:GROUP_LIMIT])
        group.fact_ids = [fact_id for fact_id, _ in facts]
        self._take(group, self._readable(facts), now=now)
        if group.fact_ids and not group.entries:  # all of them unreadable: an entry must still take them away
            self._take(group, [Tick()], now=now)
        return group

    def _readable(self, facts: Iterable[tuple[int, Any]]) -> Iterable[Input]:
        for fact_id, record in facts:
            try:
                yield read(record)
            except UnreadableRecord:
                logger.exception("Fact %s of floor %s cannot be read and is left out", fact_id, self.floor_id)

    def _take(self, group: Group, inputs: Iterable[Input], *, now: int) -> None:
        for input in inputs:
            try:
                taken = step(self.state, input, now)
            except ValueError:  # a rule that cannot be followed: the core stays as it was
                logger.exception("Floor %s refuses %s", self.floor_id, type(input).__name__)
                continue
            group.entries.append(Entry(taken.seq, self.state.now, input.to_dict(), taken.decisions))

    def _commit(self, group: Group) -> None:
        self._refused += commit_decisions(self.floor_id, operator_id=self.operator_id, epoch=self.epoch, group=group)
