"""The rules an operator sets, as data: queues, agents, and the policy of the floor.

Durations are seconds, because people write them; the core counts milliseconds. A rule is checked when it is made,
so that a rule which cannot be followed is told at saving and never reaches the floor.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

CHANNELS = ("voice", "email", "chat", "social", "task")
VOICE, EMAIL, CHAT, SOCIAL, TASK = range(len(CHANNELS))
CHANNEL_INDEX = {name: index for index, name in enumerate(CHANNELS)}

LONGEST_IDLE, LEAST_COST = "longest_idle", "least_cost"
"""The rules by which a floor ranks contacts and agents."""

Need = tuple[int, int]
"""(skill, minimum level 1 to 5)."""


class PolicyError(ValueError):
    """A rule that cannot be followed, with what is wrong and what to do."""


@dataclass(frozen=True, slots=True)
class Ring:
    """From `after_seconds` of waiting, these needs replace the queue's own: the circle of agents grows."""

    after_seconds: int
    needs: tuple[Need, ...]


@dataclass(frozen=True, slots=True)
class Overflow:
    """From `after_seconds` of waiting, agents of another queue may answer too."""

    after_seconds: int
    queue: int


@dataclass(frozen=True, slots=True)
class QueueRule:
    """How one queue is answered.

    `needs` must all be met; `target_seconds` and `target_share` are the service level; an offer rings
    `offer_seconds`; wrap-up lasts at most `wrap_up_seconds`; `priority` holds where a contact brings none; `cost`
    is the weight of one contact's waiting against another queue's. `rings` and `overflow` widen who may answer as a
    contact waits. `reserve` free agents of this queue are kept for it by the others. A contact waits up to
    `sticky_seconds` for the agent it prefers while that agent is there but busy. Work that is not `interruptible`
    keeps calls from whoever holds it. While the queue is closed, `opens_at` says until when (milliseconds): its
    contacts wait outside every line. Waiting counts for rings and overflow from `opened_at` at the earliest.
    """

    id: int
    channel: str
    needs: tuple[Need, ...] = ()
    target_seconds: int = 60
    target_share: float = 0.8
    offer_seconds: int = 20
    wrap_up_seconds: int = 60
    priority: int = 0
    cost: float = 1.0
    rings: tuple[Ring, ...] = ()
    overflow: tuple[Overflow, ...] = ()
    reserve: int = 0
    sticky_seconds: int = 0
    interruptible: bool = True
    opens_at: int | None = None
    opened_at: int = 0
    version: int = 1

    def __post_init__(self) -> None:
        where = f"Queue {self.id}"
        if self.channel not in CHANNEL_INDEX:
            raise PolicyError(f"{where}: channel {self.channel!r} is none of {', '.join(CHANNELS)}.")
        _check_needs(where, self.needs)
        for name in ("target_seconds", "wrap_up_seconds", "reserve", "sticky_seconds"):
            if getattr(self, name) < 0:
                raise PolicyError(f"{where}: {name} is {getattr(self, name)}; it cannot be negative.")
        if self.offer_seconds <= 0:
            raise PolicyError(f"{where}: an offer must ring for at least one second.")
        if not 0 <= self.target_share <= 1:
            raise PolicyError(f"{where}: target_share is a share between 0 and 1; got {self.target_share}.")
        if not self.cost >= 0:
            raise PolicyError(f"{where}: cost is a weight of 0 or more; got {self.cost}.")
        self._check_rings(where)
        for step in self.overflow:
            if step.queue == self.id:
                raise PolicyError(f"{where}: a queue cannot overflow into itself.")
            if step.after_seconds <= 0:
                raise PolicyError(f"{where}: overflow to queue {step.queue} must wait at least one second.")

    def _check_rings(self, where: str) -> None:
        before, asked = 0, dict(self.needs)
        for ring in self.rings:
            _check_needs(where, ring.needs)
            if ring.after_seconds <= before:
                raise PolicyError(
                    f"{where}: rings must follow one another in time; {ring.after_seconds} s is too early."
                )
            for skill, level in ring.needs:
                if level > asked.get(skill, 0):
                    raise PolicyError(
                        f"{where}: the ring at {ring.after_seconds} s asks more of skill {skill} than before it; "
                        "rings may only relax."
                    )
            before, asked = ring.after_seconds, dict(ring.needs)


@dataclass(frozen=True, slots=True)
class AgentRule:
    """What one agent can do: levels of skills (1 to 5), the queues they are engaged on, places per channel.

    `voice_line_ok` says whether the line at home carries voice now; without it no call is offered.
    Nothing is offered to who is `consulted`: a colleague asks them about a contact, which takes their voice.
    `reserved_for` names the only queues an agent answers while reserved; none means no reservation.
    """

    id: int
    skills: tuple[tuple[int, int], ...] = ()
    queues: tuple[int, ...] = ()
    places: Mapping[str, int] = field(default_factory=dict)
    voice_line_ok: bool = True
    consulted: bool = False
    reserved_for: tuple[int, ...] = ()
    version: int = 1

    def __post_init__(self) -> None:
        where = f"Agent {self.id}"
        _check_needs(where, self.skills)
        for channel, places in self.places.items():
            if channel not in CHANNEL_INDEX:
                raise PolicyError(f"{where}: channel {channel!r} is none of {', '.join(CHANNELS)}.")
            if places < 0:
                raise PolicyError(f"{where}: {channel} has {places} places; it cannot be negative.")


@dataclass(frozen=True, slots=True)
class Policy:
    """What holds on the whole floor.

    An offer not answered is timed out `grace_ms` after its expiry, so that an acceptance already on its way wins.
    After `rona_limit` such time-outs in a row the agent is rested until they say they are ready. A contact goes
    back to an agent who let it go only after `reoffer_after_seconds`, unless nobody else is there. When a line is
    lost, contacts stay with their agent for `keep_on_lapse` seconds by channel. What waits for a fact the database
    has not told yet is looked at again after `settle_ms`. Among agents who rank alike, each act an hour done today
    counts as `fairness_seconds` less idle, so that paid acts are spread.
    """

    head_start_seconds: int = 30
    rona_limit: int = 3
    grace_ms: int = 1_000
    reoffer_after_seconds: int = 60
    keep_on_lapse: Mapping[str, int] = field(
        default_factory=lambda: {"voice": 0, "chat": 60, "social": 1_800, "email": 1_800, "task": 1_800}
    )
    settle_ms: int = 5_000
    fairness_seconds: int = 0
    rule: str = LEAST_COST
    version: int = 1

    def __post_init__(self) -> None:
        for name in ("head_start_seconds", "grace_ms", "reoffer_after_seconds", "fairness_seconds"):
            if getattr(self, name) < 0:
                raise PolicyError(f"Policy: {name} is {getattr(self, name)}; it cannot be negative.")
        for name in ("rona_limit", "settle_ms"):
            if getattr(self, name) <= 0:
                raise PolicyError(f"Policy: {name} is {getattr(self, name)}; it must be at least 1.")
        if self.rule not in (LONGEST_IDLE, LEAST_COST):
            raise PolicyError(f"Policy: rule {self.rule!r} is neither {LEAST_COST} nor {LONGEST_IDLE}.")
        for channel, seconds in self.keep_on_lapse.items():
            if channel not in CHANNEL_INDEX or seconds < 0:
                raise PolicyError(f"Policy: keep_on_lapse {channel!r}: {seconds} is not a channel and a duration.")

    def keep_ms(self, channel: int) -> int:
        """How long a contact of this channel stays with an agent whose line is lost."""
        return self.keep_on_lapse.get(CHANNELS[channel], 0) * 1000


def check_overflow(queues: Sequence[QueueRule]) -> None:
    """Raises PolicyError when queues overflow into one another in a circle, and names the circle."""
    targets = {queue.id: [step.queue for step in queue.overflow] for queue in queues}
    done: set[int] = set()
    for start in sorted(targets):
        path: list[int] = []
        _walk_overflow(start, targets, path, done)


def _walk_overflow(queue: int, targets: Mapping[int, Sequence[int]], path: list[int], done: set[int]) -> None:
    if queue in path:
        circle = " → ".join(str(step) for step in [*path[path.index(queue) :], queue])
        raise PolicyError(f"Overflow goes round in a circle: {circle}. Take one of these steps away.")
    if queue in done:
        return
    path.append(queue)
    for target in targets.get(queue, ()):
        _walk_overflow(target, targets, path, done)
    path.pop()
    done.add(queue)


def _check_needs(where: str, needs: Sequence[tuple[int, int]]) -> None:
    seen: set[int] = set()
    for skill, level in needs:
        if not 1 <= level <= 5:
            raise PolicyError(f"{where}: level {level} of skill {skill} is not between 1 and 5.")
        if skill in seen:
            raise PolicyError(f"{where}: skill {skill} is named twice.")
        seen.add(skill)
