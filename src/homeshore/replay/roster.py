"""Who worked when, as far as a file of calls tells: each server from call to call, away in long gaps. Pure."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from homeshore.replay.calls import SERVED, Call


@dataclass(frozen=True, slots=True)
class Shift:
    """An agent of the day: the queues they served and the stretches in which they were there, in order."""

    agent: str
    queues: frozenset[str]
    stretches: tuple[tuple[datetime, datetime], ...]

    @property
    def seconds(self) -> float:
        """How long they were there."""
        return sum((end - start).total_seconds() for start, end in self.stretches)


def shifts(calls: Iterable[Call], *, away_after: float) -> list[Shift]:
    """The agents behind a day's calls. Between two services more than `away_after` seconds apart they were away."""
    services: dict[str, list[Call]] = defaultdict(list)
    for call in calls:
        if call.outcome == SERVED and call.agent:
            services[call.agent].append(call)
    return [
        Shift(agent, frozenset(call.queue for call in served), stretches(served, away_after=away_after))
        for agent, served in sorted(services.items())
    ]


def stretches(served: Iterable[Call], *, away_after: float) -> tuple[tuple[datetime, datetime], ...]:
    """From the first service to the last, cut where a gap is too long to have been a wait for the next call."""
    gap = timedelta(seconds=away_after)
    found: list[tuple[datetime, datetime]] = []
    for start, end in sorted((call.service_started, call.service_ended) for call in served):
        if found and start - found[-1][1] <= gap:
            found[-1] = (found[-1][0], max(found[-1][1], end))
        else:
            found.append((start, end))
    return tuple(found)
