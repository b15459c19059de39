"""The owner of one floor: consumes facts, asks the core, commits, and shows nothing before."""

import logging
from collections.abc import Iterable, Sequence
from typing import Any

import orjson

from homeshore.contacts.floors import floors_of_queues
from homeshore.contacts.models import Fact, Floor, Presence
from homeshore.contacts.models.work import PresenceState
from homeshore.contacts.router import checkpoints, lease, rebuild, statements
from homeshore.contacts.router.commit import Deposed, Entry, Group, Refusal, commit_decisions
from homeshore.contacts.router.journal import PICTURE_LAID, digest
from homeshore.contacts.router.standby import StandBy
from homeshore.contacts.services.presence import lease as presence_lease
from homeshore.foundation.transactions import snapshot, write
from homeshore.routing import State, step
from homeshore.routing.decisions import Decision
from homeshore.routing.inputs import AgentSet, DecisionRefused, Input, Tick
from homeshore.routing.past import Past
from homeshore.routing.ranking import look_at_all_prices
from homeshore.routing.state import UnreadableState
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
    def take_over(
        cls, floor_id: int, *, owner: str, clock: Clock, standby: StandBy | None = None
    ) -> "FloorRouter | None":
        """Own the floor; None while another owns it, or when another took it meanwhile.

        Goes on from what a stand-by knows, where that is all there is to know; else lays the picture from the tables.
        """
        epoch = lease.acquire(floor_id, owner=owner, now=clock.now())
        if epoch is None:
            return None
        router = cls(floor_id, epoch=epoch, clock=clock)
        router._grant_full_leases()
        try:
            if standby is not None and standby.catch_up(epoch=epoch, seq=router.state.seq):
                router._go_on_from(standby)
            else:
                with lease.renewed_meanwhile(floor_id, epoch=epoch, clock=clock):
                    router._lay_picture()
        except Deposed:
            return None
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

    def _go_on_from(self, standby: StandBy) -> None:
        """Tell the core what the owner before did not live to tell it; a tick marks in the journal where this epoch begins."""
        refused = [DecisionRefused(each.decision, each.why) for each in standby.refusals()]
        self.state, group = standby.state, Group()
        self._take(group, [*refused, Tick()], now=to_milliseconds(self.clock.now()))
        self._commit(group)

    def _lay_picture(self) -> None:
        """Tell the core what the tables say, as of one moment, then commit that with a checkpoint to replay it from.

        Facts that waited at that moment are in the tables already, so the picture itself consumes them.
        """
        floors_of_queues(self.operator_id)  # queues that nobody has placed are placed now: a snapshot only reads
        now = to_milliseconds(self.clock.now())
        with snapshot():
            group = Group(fact_ids=list(Fact.objects.filter(floor_id=self.floor_id).values_list("id", flat=True)))
            picture = rebuild.picture(self.floor_id)
        seq = self.state.seq
        self._tell_quietly(picture.known, now)
        self.state.past = Past()
        self._tell_quietly(picture.standing, now)
        self._remember_rates()
        look_at_all_prices(self.state, now)
        self.state.seq, self.state.now = seq + 1, max(now, self.state.now)
        with write():
            fingerprint = checkpoints.save(self.state, at=self.clock.now())
            group.entries.append(Entry(seq + 1, self.state.now, {"kind": PICTURE_LAID}, fingerprint))
            self._take(group, picture.following, now=now)
            self._commit(group)

    def _tell_quietly(self, inputs: Iterable[Input], now: int) -> None:
        """Tell the core what leads to no decision, and so stands in no journal."""
        for input in inputs:
            if self._step(input, now):
                raise RuntimeError(f"{input} led to a decision while the picture of floor {self.floor_id} was laid")

    def _remember_rates(self) -> None:
        """Take over what the owners before had learned of arrivals, patience and speeds, as of the last checkpoint."""
        kept = checkpoints.last(self.floor_id)
        if kept is not None:
            try:
                self.state.take_rates_of(checkpoints.written(self.floor_id, seq=kept))
            except UnreadableState:
                logger.warning("Floor %s learns its rates anew: another version wrote them down", self.floor_id)

    def _grant_full_leases(self) -> None:
        """While nobody owned the floor, agents could not be told lost from silent: each gets a full lease.

        Who gave a sign of life lately, as all do while only the router was away, has one that is nearly full.
        """
        now = self.clock.now()
        full = presence_lease(now)
        silent = Presence.objects.exclude(state=PresenceState.OFFLINE).filter(
            line_lost_at__isnull=True, agent__operator_id=self.operator_id, lease_until__lt=now + (full - now) * 2 / 3
        )
        silent.update(lease_until=full)

    def _next_group(self) -> Group:
        """What the core is given next: refusals first, then timers that are due, then the facts that wait."""
        group, now = Group(), to_milliseconds(self.clock.now())
        refused, self._refused = self._refused, []
        self._take(group, (DecisionRefused(each.decision, each.why) for each in refused), now=now)
        due = self.state.next_due()
        if due is not None and due <= now:
            self._take(group, [Tick()], now=now)
        facts = statements.waiting_facts(self.floor_id, at_most=GROUP_LIMIT)
        group.fact_ids = [fact_id for fact_id, _ in facts]
        for fact_id, text in facts:
            self._take_fact(group, fact_id, text, now=now)
        if group.fact_ids and not group.entries:  # all of them unreadable: an entry must still take them away
            self._take(group, [Tick()], now=now)
        return group

    def _take_fact(self, group: Group, fact_id: int, text: str, *, now: int) -> None:
        record = orjson.loads(text)
        try:
            input = read(record)
        except UnreadableRecord:
            logger.exception("Fact %s of floor %s cannot be read and is left out", fact_id, self.floor_id)
        else:
            self._enter(group, input, orjson.Fragment(text), now=now)
            if isinstance(input, AgentSet) and not self._believes_ready(input.agent.id):
                self._take(group, rebuild.presence_of(input.agent.id), now=now)

    def _believes_ready(self, agent_id: int) -> bool:
        """False also of who has just come to this floor: nobody has told its core where they stand."""
        agent = self.state.agents.get(agent_id)
        return agent is not None and agent.ready

    def _take(self, group: Group, inputs: Iterable[Input], *, now: int) -> None:
        for input in inputs:
            self._enter(group, input, input.to_dict(), now=now)

    def _enter(self, group: Group, input: Input, record: dict[str, Any] | orjson.Fragment, *, now: int) -> None:
        """Give the core an input, and note it for the journal as `record` with what it led to."""
        decisions = self._step(input, now)
        if decisions is not None:
            group.entries.append(Entry(self.state.seq, self.state.now, record, digest(decisions), decisions))

    def _step(self, input: Input, now: int) -> Sequence[Decision] | None:
        """What the core decides; None for a rule that cannot be followed, which leaves it as it was."""
        try:
            return step(self.state, input, now).decisions
        except ValueError:
            logger.exception("Floor %s refuses %s", self.floor_id, type(input).__name__)
            return None

    def _commit(self, group: Group) -> None:
        self._refused += commit_decisions(self.floor_id, operator_id=self.operator_id, epoch=self.epoch, group=group)
