"""A day in figures, the same for what a file recorded and for what a replay did. Pure.

Service level is the share answered within the target, of all but those who left before it (docs/glossary.md).
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any

from homeshore.replay.calls import SERVED, Call


@dataclass(frozen=True, slots=True)
class Ended:
    """How one call ended: after how many seconds of waiting, answered and served for how long, or left."""

    arrived: datetime
    queue: str
    waited: float
    answered: bool
    served: float = 0.0


@dataclass(frozen=True, slots=True)
class Figures:
    """Counts, shares from 0 to 1, seconds; None where there is nothing to divide by."""

    offered: int
    answered: int
    abandoned: int
    in_target: int
    service_level: float | None
    abandonment: float | None
    asa: float | None
    mean_wait_of_abandoned: float | None
    aht: float | None
    occupancy: float | None

    def as_dict(self) -> dict[str, Any]:
        return asdict(self)


@dataclass(frozen=True, slots=True)
class Slice:
    """The figures of one stretch of the day."""

    start: datetime
    figures: Figures


def recorded(calls: Iterable[Call]) -> list[Ended]:
    """What the file says of each call."""
    return [Ended(call.arrived, call.queue, call.waited, call.outcome == SERVED, call.served) for call in calls]


def summarise(
    ended: Sequence[Ended], *, target_seconds: float, staffed_seconds: float = 0.0, busy_seconds: float = 0.0
) -> Figures:
    """The figures of some calls; occupancy is busy by staffed seconds."""
    answered = [call for call in ended if call.answered]
    left = [call for call in ended if not call.answered]
    in_target = sum(call.waited <= target_seconds for call in answered)
    counted = len(answered) + sum(call.waited >= target_seconds for call in left)
    return Figures(
        offered=len(ended),
        answered=len(answered),
        abandoned=len(left),
        in_target=in_target,
        service_level=share(in_target, counted),
        abandonment=share(len(left), len(ended)),
        asa=mean([call.waited for call in answered]),
        mean_wait_of_abandoned=mean([call.waited for call in left]),
        aht=mean([call.served for call in answered]),
        occupancy=share(busy_seconds, staffed_seconds),
    )


def by_time(ended: Iterable[Ended], *, minutes: int, target_seconds: float) -> list[Slice]:
    """The figures of each stretch of so many minutes in which a call arrived."""
    groups: dict[datetime, list[Ended]] = defaultdict(list)
    for call in ended:
        midnight = call.arrived.replace(hour=0, minute=0, second=0, microsecond=0)
        step = timedelta(minutes=minutes)
        groups[midnight + (call.arrived - midnight) // step * step].append(call)
    return [Slice(start, summarise(groups[start], target_seconds=target_seconds)) for start in sorted(groups)]


def by_queue(ended: Iterable[Ended], *, target_seconds: float) -> dict[str, Figures]:
    """The figures of each queue, the busiest first."""
    groups: dict[str, list[Ended]] = defaultdict(list)
    for call in ended:
        groups[call.queue].append(call)
    names = sorted(groups, key=lambda name: (-len(groups[name]), name))
    return {name: summarise(groups[name], target_seconds=target_seconds) for name in names}


def share(part: float, whole: float) -> float | None:
    return part / whole if whole else None


def mean(values: Sequence[float]) -> float | None:
    return sum(values) / len(values) if values else None
