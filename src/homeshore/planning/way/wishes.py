"""What a planner asks of a plan, and how long work is followed and stopped."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from homeshore.planning.engine.erlang import Goals
from homeshore.planning.engine.forecast import SpecialDay
from homeshore.planning.engine.problems import unusable


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Wishes:
    """What the planner asks; the rest comes from the history. Times in seconds, amounts in cents.

    ``shared``: agents with several queues help each other, and are staffed as one pool. ``calls_factor`` and ``handling_factor`` multiply what is forecast and measured, to ask “what if”. ``brands`` gives
    for a queue the brand whose forecast it adds up to. ``people`` are rows as in a file of people; None: supposed ones.
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
    shrinkage: float = 0.1
    shared: bool = False
    calls_factor: float = 1.0
    handling_factor: float = 1.0
    handling: float | None = None
    patience: float | None = None
    people: tuple[Mapping[str, Any], ...] | None = None
    hourly: int = 1600
    floor: int = 1200
    replications: int = 40
    seed: int = 1


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
