"""What a planner asks of a plan, and how long work is followed and stopped."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Any, Literal, get_args

from homeshore.planning.engine.erlang import Goals
from homeshore.planning.engine.forecast import SpecialDay
from homeshore.planning.engine.income import Tariff
from homeshore.planning.engine.problems import unusable
from homeshore.routing.policy import Policy


@dataclass(frozen=True, slots=True)
class Event:
    """Days that the planner knows to be unlike others: calls are a usual day's times ``factor``.

    Past days of the same name teach how such days really were.
    """

    name: str
    first_day: date
    last_day: date
    factor: float = 1.0

    def __post_init__(self) -> None:
        if self.last_day < self.first_day:
            raise unusable("the event “%(name)s” ends before it begins", field="events", name=self.name)
        if not 0.0 <= self.factor <= 20.0:
            raise unusable("the event “%(name)s” multiplies calls by %(factor)s: give 0 to 20",
                           field="events", name=self.name, factor=self.factor)  # fmt: skip

    def days(self) -> dict[date, SpecialDay]:
        """The event as days of a calendar."""
        count = (self.last_day - self.first_day).days + 1
        return {self.first_day + timedelta(days=k): SpecialDay(self.name, "usual", self.factor) for k in range(count)}


Kind = Literal["call", "chat", "mail"]
KINDS: tuple[Kind, ...] = get_args(Kind)
WEEK = 7
"""Days that are scheduled."""
MAIL_GOAL = (0.95, 8 * 3600.0)
"""Share and seconds of opening time for mails whose goal nobody has given."""


@dataclass(frozen=True, slots=True)
class Terms:
    """How a queue is served: what comes in it, and ``share`` of it answered within ``seconds`` (None: the goal for all).

    An agent holds ``at_once`` chats together. A mail can wait: its seconds count while the centre is open. ``weight`` is
    what its waiting counts beside that of other queues, where the floor is routed by least cost. Agents of the queues in
    ``overflow`` help after so many seconds, and ``reserve`` of its own are kept for it while they are free.
    """

    kind: Kind = "call"
    share: float | None = None
    seconds: float | None = None
    at_once: int = 1
    weight: float = 1.0
    overflow: Sequence[tuple[float, str]] = ()
    reserve: int = 0

    def __post_init__(self) -> None:
        if self.kind not in KINDS:
            raise unusable("“%(kind)s” is no kind of queue (%(known)s)", field="queues", kind=self.kind,
                           known=", ".join(KINDS))  # fmt: skip
        if not 1 <= self.at_once <= 20:
            raise unusable("an agent holds 1 to 20 contacts at once, not %(count)s", field="queues", count=self.at_once)
        if self.kind != "chat" and self.at_once != 1:
            object.__setattr__(self, "at_once", 1)
        if self.seconds is not None and self.kind == "mail" and self.seconds <= 0:
            raise unusable("e-mails need some time to be answered in: give more than 0 s", field="queues")


@dataclass(frozen=True, slots=True, kw_only=True)
class Wishes:
    """What the planner asks; the rest comes from the history. Times in seconds, amounts in cents.

    ``goals`` are for every queue without goals of its own in ``queues``, and with ``one_goal`` for all calls and chats.
    ``effort``: handling times are an agent's own time, what they held at once counted, as the platform measures it.
    ``shared``: agents with several queues help each other, and are staffed as one pool. ``calls_factor`` and
    ``handling_factor`` multiply what is forecast and measured, to ask “what if”. ``brands`` gives for a queue the brand
    whose forecast it adds up to. ``people`` are rows as in a file of people; None: supposed ones.
    A week that would take more than ``memory_bytes`` is refused before it is begun.
    ``policy`` is the one by which the floor gives out contacts. ``tariffs`` say what acts of a queue pay; without one, as much as brings ``hourly`` in an hour three quarters busy.
    """

    zone: str = "Europe/Paris"
    country: str | None = "FR"
    school_zone: str | None = None
    language: str | None = None
    events: tuple[Event, ...] = ()
    brands: Mapping[str, str] = field(default_factory=dict)
    interval_minutes: int = 30
    days: int = 14
    goals: Goals = field(default_factory=Goals)
    queues: Mapping[str, Terms] = field(default_factory=dict)
    one_goal: bool = False
    effort: bool = False
    shrinkage: float = 0.1
    shared: bool = False
    calls_factor: float = 1.0
    handling_factor: float = 1.0
    handling: float | None = None
    patience: float | None = None
    people: tuple[Mapping[str, Any], ...] | None = None
    tariffs: Mapping[str, Tariff] = field(default_factory=dict)
    hourly: int = 1600
    floor: int = 1200
    replications: int = 40
    seed: int = 1
    memory_bytes: float = 4e9
    policy: Policy = field(default_factory=Policy)

    def terms(self, name: str, members: tuple[str, ...] = ()) -> Terms:
        """How a planned queue is served, its goal filled in: as said of it, or the strictest said of its members."""
        said = [self.queues[name]] if name in self.queues else [self.queues.get(m, Terms()) for m in members or (name,)]
        kind = said[0].kind
        share, seconds = MAIL_GOAL if kind == "mail" else (self.goals.share, self.goals.seconds)
        if self.one_goal and kind != "mail":
            said = [replace(each, share=None, seconds=None) for each in said]
        return Terms(
            kind,
            max(share if each.share is None else each.share for each in said),
            min(seconds if each.seconds is None else each.seconds for each in said),
            min(each.at_once for each in said),
            max(each.weight for each in said),
            tuple(step for each in said for step in each.overflow),
            max(each.reserve for each in said),
        )

    def goals_of(self, terms: Terms) -> Goals:
        """The goals of a queue's terms, with the limits that hold for all."""
        assert terms.share is not None
        assert terms.seconds is not None
        return replace(self.goals, share=terms.share, seconds=terms.seconds)


Tell = Callable[[str, float], bool]
"""Hears the step and the share of it that is done; False cancels."""


class Cancelled(Exception):
    """The planner stopped the work."""


def teller(tell: Tell) -> Callable[[str, float], None]:
    """``tell`` as a call that raises Cancelled instead of answering False."""

    def say(step: str, share: float) -> None:
        if not tell(step, share):
            raise Cancelled

    return say
