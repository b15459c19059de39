"""How long those who wait may expect to wait, from the waits of the last hours; see `routing.waits`."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import F, OuterRef, Subquery, Window
from django.db.models.functions import RowNumber

from homeshore.contacts.models import Assignment, Contact, Presence
from homeshore.contacts.models.work import PresenceState
from homeshore.contacts.queries import thread
from homeshore.contacts.queries.thread import WAITING, Matter
from homeshore.missions import queries as missions
from homeshore.routing.waits import REMEMBERED, REMEMBERED_MS, Expected, Forecast, Waited, said
from homeshore.values.clock import to_milliseconds

FORECAST_LASTS, SILENCE_LASTS = timedelta(seconds=10), timedelta(seconds=3)
"""How old a forecast may be; and that there is none, because nobody is there: who comes is to be heard of soon."""
_ARRIVED_SINCE = timedelta(milliseconds=REMEMBERED_MS) * 2
"""Who has waited longer than this for an answer was not waiting in line."""


@dataclass(frozen=True, slots=True)
class Line:
    """Who waits in a queue: conversations and arrivals, in the order in which they are due."""

    queue_id: int
    floor_id: int
    operator_id: int
    threads: tuple[int, ...]
    arrivals: tuple[datetime, ...]


def lines(
    *,
    channels: Collection[str] | None = None,
    queue_ids: Collection[int] | None = None,
    floor_id: int | None = None,
) -> list[Line]:
    """The queues of these channels, these queues, or those of a floor, in which somebody waits."""
    waiting = Contact.objects.filter(state__in=WAITING)
    if channels is not None:
        waiting = waiting.filter(channel__in=channels)
    if queue_ids is not None:
        waiting = waiting.filter(queue_id__in=queue_ids)
    if floor_id is not None:
        waiting = waiting.filter(floor_id=floor_id)
    rows: dict[tuple[int, int, int], list[tuple[int, datetime]]] = {}
    for queue_id, floor_id, operator_id, thread_id, arrived_at in waiting.order_by(
        "queue_id", "due_at", "id"
    ).values_list("queue_id", "floor_id", "operator_id", "conversation_id", "arrived_at"):
        rows.setdefault((queue_id, floor_id, operator_id), []).append((thread_id, arrived_at))
    return [
        Line(*key, tuple(thread_id for thread_id, _ in members), tuple(arrived_at for _, arrived_at in members))
        for key, members in rows.items()
    ]


def forecasts(lines: Iterable[Line], *, now: datetime) -> dict[int, Forecast]:
    """By queue, what can be said of the waits in it; nothing of a queue for which no agent is there."""
    standing = {line.queue_id: line for line in lines}
    staffed = _staffed({line.operator_id for line in standing.values()})
    over = _waits_over([queue_id for queue_id in standing if queue_id in staffed], now=now)
    return {
        queue_id: Forecast(waits, map(to_milliseconds, standing[queue_id].arrivals), to_milliseconds(now))
        for queue_id, waits in over.items()
    }


class Forecasts:
    """The forecasts of queues, each kept for some seconds: whoever asks meanwhile is told by the same one."""

    def __init__(self) -> None:
        self._made: dict[int, tuple[datetime, Forecast | None]] = {}

    def of_lines(self, lines: Collection[Line], *, now: datetime) -> dict[int, Forecast | None]:
        """By queue of these lines, made anew where it is too old; what was made for others is forgotten."""
        standing = {line.queue_id for line in lines}
        self._made = {queue_id: self._made[queue_id] for queue_id in standing if self._is_fresh(queue_id, now)}
        old = [line for line in lines if line.queue_id not in self._made]
        fresh = forecasts(old, now=now)
        self._made |= {line.queue_id: (now, fresh.get(line.queue_id)) for line in old}
        return {queue_id: forecast for queue_id, (_, forecast) in self._made.items()}

    def of_queue(self, queue_id: int, *, now: datetime) -> Forecast | None:
        """Of one queue in which somebody waits: its line is only read where the forecast is too old."""
        if not self._is_fresh(queue_id, now):
            self._made[queue_id] = (now, forecasts(lines(queue_ids=[queue_id]), now=now).get(queue_id))
        return self._made[queue_id][1]

    @property
    def any_silent(self) -> bool:
        """Whether of some queue nothing can be said: nobody is there, or too little was seen."""
        return any(forecast is None for _, forecast in self._made.values())

    def _is_fresh(self, queue_id: int, now: datetime) -> bool:
        if queue_id not in self._made:
            return False
        made_at, forecast = self._made[queue_id]
        return abs(now - made_at) < (FORECAST_LASTS if forecast else SILENCE_LASTS)


def place_of(place: int, forecast: Forecast | None) -> dict[str, Any]:
    """A place in a queue (1 is next) and the wait from now on, where it can be said, as plain data."""
    return {"place": place, "expected": _shown(forecast.wait_at(place) if forecast else None)}


def wait_of_next(line: Line, forecast: Forecast | None) -> dict[str, int] | None:
    """The wait of who would come now, behind all who wait."""
    return _shown(forecast.wait_at(len(line.threads) + 1) if forecast else None)


def waits_of_floor(floor_id: int, *, channels: Collection[str], now: datetime) -> dict[int, dict[str, int] | None]:
    """By queue in which somebody waits, the wait of who would come now."""
    standing = lines(channels=channels, floor_id=floor_id)
    known = forecasts(standing, now=now)
    return {line.queue_id: wait_of_next(line, known.get(line.queue_id)) for line in standing}


of_visits = Forecasts()
"""By which this process tells the customers who open their page."""


def place_in_queue(matter: Matter, *, now: datetime) -> dict[str, Any] | None:
    """Where a customer's matter stands in its line, as plain data; None when it does not wait."""
    place = thread.place_in_queue(matter)
    return None if place is None else place_of(place, of_visits.of_queue(matter.queue_id, now=now))


def _shown(expected: Expected | None) -> dict[str, int] | None:
    """An expected wait as plain data, in whole seconds as one says them."""
    if expected is None:
        return None
    low, high = said(expected)
    return {"low_seconds": low, "high_seconds": high}


def _staffed(operator_ids: Iterable[int]) -> set[int]:
    """The queues for which somebody is ready, busy or not."""
    ready = set(
        Presence.objects.filter(
            agent__operator__in=operator_ids, state=PresenceState.READY, line_lost_at__isnull=True
        ).values_list("agent_id", flat=True)
    )
    engaged = (missions.queues_by_agent(operator_id) for operator_id in operator_ids)
    return {queue for each in engaged for agent_id, queues in each.items() if agent_id in ready for queue in queues}


def _waits_over(queue_ids: Collection[int], *, now: datetime) -> dict[int, list[Waited]]:
    """The latest waits of each queue that came to an answer or to the customer's leaving."""
    waits: dict[int, list[Waited]] = {queue_id: [] for queue_id in queue_ids}
    if not waits:
        return waits
    first = (
        Assignment.objects.filter(contact=OuterRef("pk"), opened_at__gte=OuterRef("arrived_at"))
        .order_by("opened_at")
        .values("opened_at")[:1]
    )
    over = (
        Contact.objects.filter(
            queue_id__in=queue_ids, direction=Contact.Direction.INBOUND, arrived_at__gte=now - _ARRIVED_SINCE
        )
        .exclude(state__in=(Contact.State.SCHEDULED, *WAITING))
        .annotate(latest=Window(RowNumber(), partition_by=F("queue_id"), order_by=F("arrived_at").desc()))
        .filter(latest__lte=REMEMBERED)
        .annotate(taken_at=Subquery(first))
    )
    for queue_id, arrived_at, taken_at, closed_at, outcome in over.values_list(
        "queue_id", "arrived_at", "taken_at", "closed_at", "outcome"
    ):
        ended_at = taken_at or closed_at
        if ended_at and ended_at >= arrived_at and (taken_at or outcome == Contact.Outcome.ABANDONED):
            waits[queue_id].append(
                Waited(to_milliseconds(arrived_at), to_milliseconds(ended_at), answered=taken_at is not None)
            )
    return waits
