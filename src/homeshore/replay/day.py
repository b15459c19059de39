"""A recorded day lived again: the real services and the real router, at the recorded moments of a clock of its own.

One thread plays everybody, moment by moment: callers arrive and leave, agents follow the feed as their desks do, accept
what is offered and close it after its service. Between two moments the router turns until nothing is left to decide.
"""

import heapq
import random
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from zoneinfo import ZoneInfo

from homeshore.contacts import channels, services
from homeshore.contacts.refusals import OfferGone
from homeshore.contacts.router.router import FloorRouter
from homeshore.contacts.services import CustomerFacts
from homeshore.foundation import clock as house_clock
from homeshore.foundation import feed
from homeshore.replay.calls import SERVED, Call
from homeshore.replay.patience import Patience
from homeshore.replay.roster import Shift
from homeshore.replay.world import World
from homeshore.values.clock import ManualClock

VOICE = "voice"
NOTHING_LONGER = timedelta(days=2)
EARLY, USUAL, LATE = 0, 1, 2
EVENTS_AT_ONCE = 500


@dataclass(slots=True)
class Caller:
    """A recorded call on its way through the replay."""

    call: Call
    patience: float
    service: float
    contact_id: int = 0


@dataclass(slots=True)
class Agent:
    """A recorded server: there or not, and with which caller."""

    agent_id: int
    there: bool = False
    leaving: bool = False
    busy: bool = False


@dataclass(slots=True)
class Tally:
    """What is told while the day goes by."""

    arrived: int = 0
    answered: int = 0
    left: int = 0
    waiting: int = 0
    busy: int = 0
    there: int = 0


@dataclass(slots=True)
class Day:
    """The day in progress. `watch` is called after every moment that something happened in, with its time."""

    world: World
    zone: ZoneInfo
    router: FloorRouter
    clock: ManualClock
    watch: Callable[[datetime, Tally], None]
    tally: Tally = field(default_factory=Tally)
    _agenda: list[tuple[datetime, int, int, Callable[[], None]]] = field(default_factory=list)
    _number: int = 0
    _position: feed.Position = field(default_factory=lambda: feed.Position(0, 0))
    _callers: dict[int, Caller] = field(default_factory=dict)
    _agents: dict[int, Agent] = field(default_factory=dict)

    def run(self, callers: Iterable[Caller], shifts: Iterable[Shift]) -> None:
        """Live the day to its end: until nobody waits and nobody talks."""
        for shift in shifts:
            agent = self._agents[self.world.agents[shift.agent]] = Agent(self.world.agents[shift.agent])
            for start, end in shift.stretches:
                self._plan(self._utc(start), EARLY, partial(self._come, agent))
                self._plan(self._utc(end), LATE, partial(self._go, agent))
        for caller in callers:
            self._plan(self._utc(caller.call.arrived), USUAL, partial(self._arrive, caller))
        self._position = feed.position()
        while self._agenda:
            moment = self._next_moment()
            self.clock.set(moment)
            while self._agenda and self._agenda[0][0] <= moment:
                heapq.heappop(self._agenda)[3]()
            self._settle()
            self.watch(moment, self.tally)

    def _next_moment(self) -> datetime:
        """The next thing planned, or the next timer of the router if that comes first."""
        due = self.router.seconds_to_next_timer()
        planned = self._agenda[0][0]
        return planned if due is None else min(planned, self.clock.now() + timedelta(seconds=due))

    def _settle(self) -> None:
        """Let the router decide and the agents answer, until neither has anything left to do now."""
        self.router.turn()
        while self._read_feed():
            self.router.turn()

    def _read_feed(self) -> bool:
        """What the agents' desks hear: an offer is accepted at once, as the recorded waits include the ringing."""
        accepted, more = False, True
        while more:
            events = feed.read(self._position, limit=EVENTS_AT_ONCE)
            more = len(events) == EVENTS_AT_ONCE
            for event in events:
                self._position = event.position
                if event.kind == "offer.opened" and event.topics[0].startswith("agent:"):
                    agent_id = int(event.topics[0].partition(":")[2])
                    accepted = self._accept(agent_id, event.payload["offer"]) or accepted
        return accepted

    def _accept(self, agent_id: int, offer: dict[str, object]) -> bool:
        now = self.clock.now()
        try:
            assignment = services.accept_offer(agent_id=agent_id, offer_id=str(offer["id"]), now=now)
        except OfferGone:  # the caller left in the same moment
            return False
        caller = self._callers[assignment.contact_id]
        self._agents[agent_id].busy = True
        self.tally.answered += 1
        self.tally.waiting -= 1
        self.tally.busy += 1
        ends = now + timedelta(seconds=caller.service)
        self._plan(ends, EARLY, partial(self._close, agent_id, assignment.contact_id))
        return True

    def _arrive(self, caller: Caller) -> None:
        call, now = caller.call, self.clock.now()
        contact = services.arrive_contact(
            queue_id=self.world.queues[call.queue, call.priority],
            thread_key=f"line-{call.line}",
            customer=CustomerFacts(simulated=True),
            arrived_at=now,
            now=now,
        )
        caller.contact_id = contact.pk
        self._callers[contact.pk] = caller
        self.tally.arrived += 1
        self.tally.waiting += 1
        if caller.patience <= 0:
            self._leave(caller)
        elif caller.patience < NOTHING_LONGER.total_seconds():
            self._plan(now + timedelta(seconds=caller.patience), LATE, partial(self._leave, caller))

    def _leave(self, caller: Caller) -> None:
        if services.abandon_contact(contact_id=caller.contact_id, now=self.clock.now()):
            self.tally.left += 1
            self.tally.waiting -= 1

    def _close(self, agent_id: int, contact_id: int) -> None:
        now, agent = self.clock.now(), self._agents[agent_id]
        services.close_contact(
            agent_id=agent_id, contact_id=contact_id, disposition_id=self.world.disposition_id, wrap_up=False, now=now
        )
        agent.busy = False
        self.tally.busy -= 1
        if agent.leaving:
            self._go(agent)

    def _come(self, agent: Agent) -> None:
        if not agent.there:
            agent.there = True
            self.tally.there += 1
        agent.leaving = False
        services.set_presence(agent_id=agent.agent_id, state="ready", now=self.clock.now())

    def _go(self, agent: Agent) -> None:
        """Leave, or after the call in hand."""
        now = self.clock.now()
        if agent.busy:
            agent.leaving = True
            services.set_presence(agent_id=agent.agent_id, state="break", now=now)
        elif agent.there:
            agent.there = agent.leaving = False
            self.tally.there -= 1
            services.set_presence(agent_id=agent.agent_id, state="offline", now=now)

    def _plan(self, at: datetime, order: int, action: Callable[[], None]) -> None:
        self._number += 1
        heapq.heappush(self._agenda, (at, order, self._number, action))

    def _utc(self, local: datetime) -> datetime:
        return local.replace(tzinfo=self.zone)


def callers_of(calls: Sequence[Call], patience: Patience, *, seed: int) -> list[Caller]:
    """The callers of a day. Who left leaves after their recorded patience; who was answered, after one drawn from those
    longer than they waited. Who left is given a service drawn from their queue's, should they be answered this time.
    """
    chance = random.Random(seed)  # noqa: S311 (a draw, not a secret)
    lengths: dict[str, list[float]] = {}
    for call in calls:
        if call.outcome == SERVED:
            lengths.setdefault(call.queue, []).append(call.served)
    every = [length for found in lengths.values() for length in found] or [0.0]
    callers = []
    for call in calls:
        if call.outcome == SERVED:
            callers.append(Caller(call, patience.draw(chance.random(), longer_than=call.waited), call.served))
        else:
            wait = call.waited if call.queued else 0.0
            callers.append(Caller(call, wait, chance.choice(lengths.get(call.queue, every))))
    return callers


def live(
    world: World,
    callers: Sequence[Caller],
    shifts: Sequence[Shift],
    *,
    zone: ZoneInfo,
    start: datetime,
    watch: Callable[[datetime, Tally], None],
) -> Tally:
    """Live a day in a world of its own, from `start` (aware); returns the last tally."""
    channels.register(channels.ChannelTraits(VOICE, outbox_kind=None, live=True))
    clock = ManualClock(start)
    with house_clock.using(clock):
        router = FloorRouter.take_over(world.floor_id, owner="replay", clock=clock)
        if router is None:
            raise RuntimeError("another process owns the floor of the replay")
        day = Day(world, zone, router, clock, watch)
        day.run(callers, shifts)
        router.release()
    return day.tally
