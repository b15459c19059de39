"""What a floor is made of while it runs: lanes, queues, agents, contacts, offers, assignments."""

from __future__ import annotations

from homeshore.routing.estimates import Estimates
from homeshore.routing.policy import CHANNEL_INDEX, CHANNELS, CHAT, VOICE, AgentRule, Need, QueueRule
from homeshore.routing.prices import Prices

_HOUR_MS = 3_600_000
_LEAST_READY_MS = 900_000
"""Acts an hour are reckoned over a quarter of an hour at least: a first act is not yet a pace."""

WAITING, OFFERED, ACTIVE, UNSETTLED, SCHEDULED = "waiting", "offered", "active", "unsettled", "scheduled"
"""Where a contact stands. Scheduled: its moment is to come. Unsettled: the database refused a decision; the fact that explains it is to come."""

Place = tuple[int, int, int]
"""A contact's place in the line: (due time, arrival, id)."""

IdleEntry = tuple[int, int, int, int, int]
"""An agent's place among the free ones: (rank, contacts held, idle since, id, stamp that dates the entry)."""


class Lane:
    """One queue at one stage: who waits, and how many of those who may answer are free, busy and away.

    Stage 0 asks the queue's own needs; later stages are rings and overflows. A contact is in one lane at a time.
    Both heaps are invalidated lazily: an entry that no longer tells the truth is dropped when it comes to the top.
    """

    __slots__ = (
        "away",
        "bit",
        "busy",
        "channel",
        "free",
        "idle",
        "needs",
        "overflow",
        "queue",
        "stage",
        "waiting",
        "waits",
    )

    def __init__(self, queue: QueueState, stage: int, needs: tuple[Need, ...], overflow: tuple[int, ...]) -> None:
        self.queue = queue
        self.stage = stage
        self.needs = needs
        self.overflow = overflow
        self.channel = CHANNEL_INDEX[queue.rule.channel]
        self.bit = 1 << self.channel
        self.waiting: list[Place] = []
        self.waits = 0
        self.idle: list[IdleEntry] = []
        self.free = self.busy = self.away = 0


class QueueState:
    """A queue on the floor: its rule, its lanes, and after how long a wait a contact goes on to the next lane."""

    __slots__ = ("estimates", "id", "lanes", "let_go", "prices", "rule", "stage_after_ms", "watch_at")

    def __init__(self, rule: QueueRule) -> None:
        self.id = rule.id
        self.rule = rule
        self.let_go: set[int] = set()
        """Contacts here that some agent let go, and that are not to be offered to that agent yet."""
        self.estimates = Estimates()
        self.prices = Prices()
        self.watch_at: int | None = None
        """When to see that nobody waits too long beside an agent kept free."""
        moments = sorted({ring.after_seconds for ring in rule.rings} | {step.after_seconds for step in rule.overflow})
        needs = rule.needs
        lanes = [Lane(self, 0, needs, ())]
        for stage, moment in enumerate(moments, start=1):
            needs = next((ring.needs for ring in rule.rings if ring.after_seconds == moment), needs)
            over = tuple(sorted({step.queue for step in rule.overflow if step.after_seconds <= moment}))
            lanes.append(Lane(self, stage, needs, over))
        self.lanes = tuple(lanes)
        self.stage_after_ms = tuple(moment * 1000 for moment in moments)

    def lane_at(self, stage: int) -> Lane | None:
        """Where a contact waits at this stage; nowhere while the queue is closed."""
        return self.lanes[stage] if self.rule.opens_at is None else None


class AgentState:
    """An agent on the floor: what they can do, whether they are there, and what they hold.

    `present` and `open` (the channels with a free place, as bits) are what the lanes' counts were last told.
    """

    __slots__ = (
        "acts",
        "assignments",
        "firm",
        "held",
        "id",
        "idle_since",
        "lanes",
        "lapsed",
        "levels",
        "limits",
        "load",
        "missed",
        "offer",
        "open",
        "paces",
        "present",
        "pulled",
        "ranks",
        "ready",
        "ready_ms",
        "ready_since",
        "reason",
        "removed",
        "rested",
        "rule",
        "settle_at",
        "stamp",
        "wanted_by",
    )

    def __init__(self, rule: AgentRule) -> None:
        self.id = rule.id
        self.ready = self.lapsed = self.rested = self.removed = False
        self.reason = ""
        self.missed = 0
        self.offer: str | None = None
        self.assignments: set[int] = set()
        self.held = [0] * len(CHANNELS)
        self.load = 0
        self.firm = 0
        """How much of what they hold is not to be interrupted by a call."""
        self.acts = self.ready_ms = 0
        """Today: contacts closed, and time ready up to `ready_since`."""
        self.ready_since: int | None = None
        self.idle_since = 0
        self.settle_at: int | None = None
        self.wanted_by: set[int] = set()
        """Contacts that wait for this agent alone, for a stated time."""
        self.lanes: tuple[Lane, ...] = ()
        self.pulled = 0
        """The loads of the queues whose own needs they meet, which all pull at them, together: by its load each has its share of the agent."""
        self.paces: dict[int, list[int]] = {}
        """By queue: how many contacts they served, and for how many milliseconds in all."""
        self.ranks: tuple[int, ...] = ()
        """By lane: their rank among the free, as of when they became free."""
        self.present = False
        self.open = 0
        self.stamp = 0
        self.follow(rule)

    def follow(self, rule: AgentRule) -> None:
        """Takes a new rule; the lanes are the caller's to work out."""
        self.rule = rule
        self.levels = dict(rule.skills)
        self.limits = tuple(
            (channel, 1 << channel, rule.places[name])
            for channel, name in enumerate(CHANNELS)
            if rule.places.get(name, 0) > 0 and (channel != VOICE or rule.voice_line_ok) and not rule.consulted
        )

    def is_there(self) -> bool:
        """Whether contacts may be offered at all: ready, line held, not rested, not removed."""
        return self.ready and not (self.lapsed or self.rested or self.removed)

    def open_channels(self) -> int:
        """The channels on which one more contact may be offered now, as bits. One open offer at a time."""
        held = self.held
        if self.offer is not None or held[VOICE] or not self.is_there() or self.settle_at is not None:
            return 0
        found = 0
        for channel, bit, places in self.limits:
            if held[channel] < places:
                found |= bit
        return found & ~1 if held[CHAT] or self.firm else found

    def free_places(self, channel: int) -> int:
        """How many more places of this channel the agent has, whether they are there or not."""
        held = self.held
        if held[VOICE] or (channel == VOICE and (held[CHAT] or self.firm)):
            return 0
        for index, _, places in self.limits:
            if index == channel:
                return max(places - held[channel], 0)
        return 0

    def take(self, item: OfferState | AssignmentState) -> None:
        """Counts what an offer or an assignment takes of them."""
        self.held[item.channel] += item.place
        self.load += 1
        self.firm += item.firm

    def give_back(self, item: OfferState | AssignmentState) -> None:
        """Counts what it took of them no more."""
        self.held[item.channel] -= item.place
        self.load -= 1
        self.firm -= item.firm

    def note_readiness(self, now: int) -> None:
        """Keeps the time they have been ready today; to be called when they may have come or gone."""
        there = self.is_there()
        if there and self.ready_since is None:
            self.ready_since = now
        elif not there and self.ready_since is not None:
            self.ready_ms += now - self.ready_since
            self.ready_since = None

    def handicap_ms(self, fairness_seconds: int) -> int:
        """By how much less idle they count for the acts an hour they have done today, as of when they became free."""
        if not fairness_seconds or not self.acts:
            return 0
        ready = self.ready_ms
        if self.ready_since is not None:
            ready += max(self.idle_since - self.ready_since, 0)
        return fairness_seconds * 1000 * self.acts * _HOUR_MS // max(ready, _LEAST_READY_MS)


class ContactState:
    """A contact that is scheduled, waiting, offered or active."""

    __slots__ = (
        "arrived_at",
        "assignment",
        "channel",
        "due",
        "id",
        "keeps_due",
        "kept_until",
        "lane",
        "let_go",
        "not_agents",
        "offer",
        "place",
        "preferred",
        "priority",
        "queue",
        "scheduled_at",
        "settle_at",
        "stage",
        "stage_at",
        "stands",
        "sticky_until",
        "taken_back",
    )

    def __init__(self, id: int, queue: int, channel: int, arrived_at: int, due: int, priority: int) -> None:
        self.id = id
        self.queue = queue
        self.channel = channel
        self.arrived_at = arrived_at
        self.due = due
        self.priority = priority
        self.place = 1
        self.preferred: int | None = None
        self.not_agents: tuple[int, ...] = ()
        self.stands = WAITING
        self.stage = 0
        self.lane: Lane | None = None
        """None while its queue is closed or not on the floor."""
        self.offer: str | None = None
        self.assignment: int | None = None
        self.let_go: dict[int, int] | None = None
        """Agents who declined or let it ring, and until when it is not offered to them again."""
        self.stage_at: int | None = None
        self.settle_at: int | None = None
        self.sticky_until = 0
        """Until when it may wait for the agent it prefers alone."""
        self.kept_until: int | None = None
        self.scheduled_at: int | None = None
        self.keeps_due = True
        """Whether its due time is an old place, and not the first one when its moment has come."""
        self.taken_back: int | None = None
        """The assignment that the core took back itself, unless somebody has held or sent on the contact since."""


class OfferState:
    """An open offer. It takes `place` places of its agent."""

    __slots__ = (
        "agent",
        "channel",
        "contact",
        "expires_at",
        "firm",
        "id",
        "offered_at",
        "place",
        "queue",
        "times_out_at",
    )

    def __init__(
        self, id: str, contact: ContactState, agent: int, offered_at: int, expires_at: int, grace: int, firm: bool
    ) -> None:
        self.id = id
        self.contact = contact.id
        self.agent = agent
        self.queue = contact.queue
        self.channel = contact.channel
        self.place = contact.place
        self.firm = firm
        self.offered_at = offered_at
        self.expires_at = expires_at
        self.times_out_at = expires_at + grace


class AssignmentState:
    """An accepted offer: active, or in wrap-up when its contact is closed. `firm`: no call may interrupt it."""

    __slots__ = (
        "agent",
        "channel",
        "contact",
        "firm",
        "id",
        "keep_until",
        "opened_at",
        "place",
        "queue",
        "wrap_up_until",
    )

    def __init__(self, id: int, contact: ContactState, agent: int, opened_at: int, firm: bool) -> None:
        self.id = id
        self.contact = contact.id
        self.agent = agent
        self.queue = contact.queue
        self.channel = contact.channel
        self.place = contact.place
        self.firm = firm
        self.opened_at = opened_at
        self.wrap_up_until: int | None = None
        self.keep_until: int | None = None
