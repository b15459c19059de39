"""What a floor would have done: one day, several variants of it, each played many times with the same luck.

A contact of a recorded day keeps what is known of it: who was answered keeps their handling time and was patient at least as
long as they waited; who left keeps their patience. The rest is drawn, for every variant alike (common random numbers), so
that what differs between two variants is the variants' doing. Intervals are Student's over the replications.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from math import floor as whole
from math import sqrt
from statistics import mean, stdev
from typing import NamedTuple

from homeshore.routing.policy import AgentRule, Policy, QueueRule
from homeshore.routing.simulator.play import simulate
from homeshore.routing.simulator.result import Result
from homeshore.routing.simulator.scenario import Arrival, Chances, Scenario, Shift

EVERYWHERE = 0
"""Stands for the whole floor where figures are told by queue."""
MEASURES = ("service_level", "asa_s", "abandonment", "occupancy")
"""Share answered within the target; average speed of answer in seconds; share who left; busy time over ready time."""
_JITTER_MS = 300_000
_LEVEL = 1.959964


class Known(NamedTuple):
    """A contact of a recorded day; times are milliseconds, None what is not known. `left`: gone unanswered."""

    at: int
    queue: int
    priority: int | None = None
    waited: int | None = None
    left: bool = False
    service: int | None = None


@dataclass(frozen=True)
class Day:
    """A floor from `start` to `end`, what came and who worked; and the means by which what is not known is drawn.

    Handling and patience are mean milliseconds by queue; a patience of None waits for ever. `answer` is how long an
    offer rings before it is accepted. `guessed` names the queues whose means are assumptions, not history.
    """

    queues: tuple[QueueRule, ...]
    agents: tuple[AgentRule, ...]
    shifts: tuple[Shift, ...]
    contacts: tuple[Known, ...]
    start: int
    end: int
    handling: Mapping[int, int]
    patience: Mapping[int, int | None]
    answer: int = 0
    policy: Policy = field(default_factory=Policy)
    guessed: frozenset[int] = frozenset()


@dataclass(frozen=True)
class Variant:
    """The day otherwise: these queues' rules or this policy instead, so many times the contacts, so many agents fewer."""

    name: str
    queues: tuple[QueueRule, ...] = ()
    policy: Policy | None = None
    volume: float = 1.0
    agents_away: int = 0


class Figure(NamedTuple):
    """A mean over the replications and half the width of its 95 % interval; 0 where one replication tells nothing of it."""

    mean: float
    half: float


@dataclass(frozen=True)
class Outcome:
    """What became of a variant: figures by queue (EVERYWHERE for the floor) and measure, and against the first variant."""

    variant: Variant
    figures: Mapping[int, Mapping[str, Figure]]
    differences: Mapping[int, Mapping[str, Figure]]


def study(
    day: Day,
    variants: Sequence[Variant],
    *,
    replications: int = 20,
    seed: int = 1,
    on_progress: Callable[[float], None] = lambda share: None,
) -> list[Outcome]:
    """Plays every variant so many times. The same day, variants and seed give the same figures.

    Raises ValueError for no variant or fewer than one replication.
    """
    if not variants or replications < 1:
        raise ValueError("A study needs at least one variant and one replication.")
    seen: list[list[dict[int, dict[str, float]]]] = [[] for _ in variants]
    for replication in range(replications):
        for number, variant in enumerate(variants):
            played = simulate(scenario_of(day, variant, seed=seed, replication=replication), seed=seed + replication)
            seen[number].append(measured(played))
            on_progress((replication * len(variants) + number + 1) / (replications * len(variants)))
    places = [EVERYWHERE, *(queue.id for queue in day.queues)]
    return [
        Outcome(
            variant,
            {place: _figures([one.get(place, {}) for one in seen[number]]) for place in places},
            {place: _differences(place, seen[number], seen[0]) for place in places} if number else {},
        )
        for number, variant in enumerate(variants)
    ]


def scenario_of(day: Day, variant: Variant, *, seed: int, replication: int) -> Scenario:
    """One replication of a variant, with what is left to chance drawn as for every other variant."""
    changed = {queue.id: queue for queue in variant.queues}
    gone = _away(day, variant.agents_away, seed, replication)
    return Scenario(
        queues=tuple(changed.get(queue.id, queue) for queue in day.queues),
        agents=day.agents,
        shifts=tuple(shift for shift in day.shifts if shift.agent not in gone),
        arrivals=sorted(_arrivals(day, variant.volume, seed, replication), key=lambda arrival: arrival.at),
        start=day.start,
        end=day.end,
        policy=variant.policy or day.policy,
        chances=Chances(service_seconds=0.0, patience_seconds=None, answer_seconds=day.answer / 1000),
    )


def measured(result: Result) -> dict[int, dict[str, float]]:
    """The measures of one play by queue, EVERYWHERE for the floor; a measure of nothing is left out."""
    found: dict[int, dict[str, float]] = {}
    in_time = counted = answered = waited = 0
    for queue in result.queues.values():
        told: dict[str, float | None] = {
            "service_level": queue.service_level,
            "asa_s": None if queue.asa_ms is None else queue.asa_ms / 1000,
            "abandonment": queue.abandonment,
        }
        found[queue.queue] = {name: value for name, value in told.items() if value is not None}
        in_time += queue.in_time
        counted += queue.counted
        answered += queue.answered
        waited += sum(queue.waits)
    whole_floor: dict[str, float | None] = {
        "service_level": in_time / counted if counted else None,
        "asa_s": waited / answered / 1000 if answered else None,
        "abandonment": result.abandoned / result.offered if result.offered else None,
        "occupancy": result.occupancy,
    }
    found[EVERYWHERE] = {name: value for name, value in whole_floor.items() if value is not None}
    return found


def as_recorded(day: Day) -> dict[str, float]:
    """The floor's measures as they were, where the day is a recorded one: waits until an agent took the contact."""
    targets = {queue.id: queue.target_seconds * 1000 for queue in day.queues}
    answered = [contact for contact in day.contacts if contact.waited is not None and not contact.left]
    left = [contact for contact in day.contacts if contact.left]
    late = sum((contact.waited or 0) >= targets[contact.queue] for contact in left)
    in_time = sum((contact.waited or 0) <= targets[contact.queue] for contact in answered)
    ready = sum(shift.end - shift.start for shift in day.shifts)
    told = {
        "service_level": in_time / (len(answered) + late) if answered or late else None,
        "asa_s": sum(contact.waited or 0 for contact in answered) / len(answered) / 1000 if answered else None,
        "abandonment": len(left) / len(day.contacts) if day.contacts else None,
        "occupancy": sum(contact.service or 0 for contact in answered) / ready if ready else None,
    }
    return {name: value for name, value in told.items() if value is not None}


def _arrivals(day: Day, volume: float, seed: int, replication: int) -> Iterator[Arrival]:
    """The day's contacts with their luck; more volume brings copies a few minutes aside, less leaves some out."""
    for number, known in enumerate(day.contacts):
        luck = random.Random(f"{seed}/{replication}/{number}")  # noqa: S311 - a simulation, to be repeated by its seed
        share, patience, service = luck.random(), luck.expovariate(1.0), luck.expovariate(1.0)
        copies = whole(volume) + (share < volume - whole(volume))
        for copy in range(copies):
            at = known.at
            if copy:
                patience, service = luck.expovariate(1.0), luck.expovariate(1.0)
                at = min(max(at + round(luck.uniform(-_JITTER_MS, _JITTER_MS)), day.start), day.end - 1)
            yield Arrival(
                at,
                known.queue,
                known.priority,
                _patience(day, known if not copy else None, known.queue, patience),
                known.service if known.service is not None and not copy else round(service * day.handling[known.queue]),
            )


def _patience(day: Day, known: Known | None, queue: int, luck: float) -> int:
    """How long this customer waits: as seen where they left, longer than they waited where they were answered."""
    if known is not None and known.left and known.waited is not None:
        return known.waited
    longest = day.end - day.start + 1
    usual = day.patience[queue]
    if usual is None:
        return longest
    waited = known.waited if known is not None and known.waited is not None else 0
    return min(waited + round(luck * usual), longest)


def _away(day: Day, number: int, seed: int, replication: int) -> set[int]:
    working = sorted({shift.agent for shift in day.shifts})
    luck = random.Random(f"{seed}/{replication}/away")  # noqa: S311 - a simulation, to be repeated by its seed
    luck.shuffle(working)
    return set(working[:number])


def _figures(seen: Sequence[Mapping[str, float]]) -> dict[str, Figure]:
    return {name: figure_of(values) for name in MEASURES if (values := [one[name] for one in seen if name in one])}


def _differences(
    place: int, one: Sequence[Mapping[int, Mapping[str, float]]], other: Sequence[Mapping[int, Mapping[str, float]]]
) -> dict[str, Figure]:
    pairs = [(a.get(place, {}), b.get(place, {})) for a, b in zip(one, other, strict=True)]
    return {
        name: figure_of(values)
        for name in MEASURES
        if (values := [a[name] - b[name] for a, b in pairs if name in a and name in b])
    }


def figure_of(values: Sequence[float]) -> Figure:
    """The mean, and half of Student's 95 % interval."""
    if len(values) < 2:
        return Figure(mean(values), 0.0)
    return Figure(mean(values), student(len(values) - 1) * stdev(values) / sqrt(len(values)))


def student(freedom: int) -> float:
    """Student's 97.5 % quantile, by the expansion of Abramowitz and Stegun 26.7.5; within 1 % from 3 degrees on."""
    z, v = _LEVEL, freedom
    return (
        z
        + (z**3 + z) / (4 * v)
        + (5 * z**5 + 16 * z**3 + 3 * z) / (96 * v**2)
        + (3 * z**7 + 19 * z**5 + 17 * z**3 - 15 * z) / (384 * v**3)
    )
