"""What is played: the floor, who comes and when, who works and when, and what is left to chance."""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from homeshore.routing.policy import AgentRule, Policy, QueueRule


class Arrival(NamedTuple):
    """A contact that comes at `at` (milliseconds). Patience and service time are drawn where they are not given."""

    at: int
    queue: int
    priority: int | None = None
    patience_ms: int | None = None
    service_ms: int | None = None


class Shift(NamedTuple):
    """A time an agent means to work: ready from `start` until before `end`, in milliseconds."""

    agent: int
    start: int
    end: int


class Chances:
    """What is left to chance, in milliseconds; exponential with the means given, in seconds.

    A mean may depend on the queue, and service times also on the agent by a factor (1.2: a fifth slower than the
    mean). Subclass and override to draw otherwise. `patience` may be None: the customer waits for ever.
    """

    def __init__(
        self,
        service_seconds: float | Mapping[int, float] = 300.0,
        patience_seconds: float | Mapping[int, float] | None = 180.0,
        wrap_up_seconds: float = 0.0,
        answer_seconds: float = 0.0,
        pace: Mapping[int, float] | None = None,
    ) -> None:
        self.service_seconds = service_seconds
        self.patience_seconds = patience_seconds
        self.wrap_up_ms = round(wrap_up_seconds * 1000)
        self.answer_ms = round(answer_seconds * 1000)
        self.pace = pace or {}

    def service(self, chance: random.Random, agent: int, queue: int) -> int:
        """How long this agent talks with a customer of this queue."""
        mean = self.service_seconds
        seconds = mean if isinstance(mean, (int, float)) else mean[queue]
        return round(chance.expovariate(1.0) * seconds * self.pace.get(agent, 1.0) * 1000)

    def patience(self, chance: random.Random, queue: int) -> int | None:
        """How long a customer of this queue waits before leaving, or None."""
        mean = self.patience_seconds
        if mean is None:
            return None
        seconds = mean if isinstance(mean, (int, float)) else mean[queue]
        return round(chance.expovariate(1.0) * seconds * 1000)

    def wrap_up(self, chance: random.Random, agent: int, queue: int) -> int:
        """How long wrap-up takes; 0 for none."""
        return self.wrap_up_ms

    def answer(self, chance: random.Random, agent: int) -> int | None:
        """How long an offer rings before this agent accepts it; None: they do not."""
        return self.answer_ms


@dataclass(frozen=True)
class Scenario:
    """A floor and what happens on it from `start` to `end` (milliseconds). Arrivals come in order of time."""

    queues: tuple[QueueRule, ...]
    agents: tuple[AgentRule, ...]
    shifts: tuple[Shift, ...]
    arrivals: Iterable[Arrival]
    start: int
    end: int
    policy: Policy = field(default_factory=Policy)
    chances: Chances = field(default_factory=Chances)


def poisson_arrivals(
    chance: random.Random,
    per_second: Mapping[int, float],
    start: int,
    end: int,
    priorities: Mapping[int, float] | None = None,
) -> Iterator[Arrival]:
    """Poisson arrivals to each queue at a constant rate; `priorities` gives weights of priorities, 0 for all if left out."""
    total = sum(per_second.values())
    queues, weights = list(per_second), list(per_second.values())
    ranks = list(priorities or {0: 1.0})
    rank_weights = list((priorities or {0: 1.0}).values())
    at = float(start)
    while total > 0:
        at += chance.expovariate(total) * 1000
        if at >= end:
            return
        priority = ranks[0] if len(ranks) == 1 else chance.choices(ranks, rank_weights)[0]
        yield Arrival(int(at), chance.choices(queues, weights)[0], priority)
