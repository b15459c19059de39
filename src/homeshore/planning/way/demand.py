"""From history to what is to come and whom it needs: planned queues, their forecasts and requirements."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta

import numpy as np
import polars as pl

from homeshore.planning.engine.erlang import Goals
from homeshore.planning.engine.forecast import (
    Calendar,
    Forecast,
    calendar_of,
    forecast,
    french_school_holidays,
    reconciled,
)
from homeshore.planning.engine.history import History, Series
from homeshore.planning.engine.history.marks import Mark, outlying_days, outlying_intervals
from homeshore.planning.engine.history.measures import measures
from homeshore.planning.engine.income import Tariff
from homeshore.planning.engine.problems import Problem, unusable
from homeshore.planning.engine.scenarios import Demand, Mails
from homeshore.planning.engine.staffing import Requirement
from homeshore.planning.way.staffing import Staffed, needs_of, own_seconds
from homeshore.planning.way.wishes import Terms, Wishes

SMALL_QUEUE = 0.05  # queues with less than this share of calls are planned together: alone, each would want an agent
QUIET = 0.05  # share of the busiest interval's calls under which, on a usual day, the centre counts as closed
LEAST_OUTSIDE = 0.05  # calls a day, fewer of which would be written as none

NO_NEED = Requirement(*(np.zeros((0, 0), np.int64),) * 2, *(np.zeros((0, 0)),) * 4)

Say = Callable[[str, float], None]


@dataclass(frozen=True, slots=True)
class QueuePlan:
    """One planned queue: several small ones of a kind may be planned as one. ``terms`` say how it is served."""

    name: str
    members: tuple[str, ...]
    series: Series
    forecast: Forecast
    handling_seconds: float
    handling_spread: float
    patience_seconds: float
    requirement: Requirement
    tariff: Tariff
    terms: Terms
    goals: Goals

    @property
    def can_wait(self) -> bool:
        return self.terms.kind == "mail"


@dataclass(frozen=True, slots=True)
class Demanded:
    """``open_slots``: first and last slot of the local day that are staffed. ``brands``: forecasts that queues add up to."""

    history: History
    queues: tuple[QueuePlan, ...]
    brands: tuple[Forecast, ...]
    marks: tuple[Mark, ...]
    calendar: Calendar
    open_slots: tuple[int, int]
    assumptions: tuple[Problem, ...]

    @property
    def first_day(self) -> date:
        return self.queues[0].forecast.first_day

    def hours(self, slots: int) -> float:
        return slots * self.history.interval_minutes / 60


def demanded(history: History, wishes: Wishes, say: Say) -> Demanded:
    """Forecast and staffing of every queue. Raises Unusable when there is nothing to plan."""
    assumptions: list[Problem] = []
    marks: list[Mark] = []
    queues = []
    pools = list(_pools(history, wishes))
    calendar = calendar_for(history, wishes)
    for k, (name, members) in enumerate(pools):
        say("forecasting", k / len(pools))
        planned, marked = _planned(history, name, members, wishes, calendar, assumptions)
        queues.append(planned)
        marks += marked
    brands = _add_up(queues, wishes, calendar, marks)
    slots = _opening(queues, assumptions)
    needs = needs_of([staffed_of(q) for q in queues], history.interval_minutes, slots, wishes)
    queues = [replace(queue, requirement=need) for queue, need in zip(queues, needs, strict=True)]
    return Demanded(history, tuple(queues), brands, tuple(marks), calendar, slots, tuple(assumptions))


def staffed_of(queue: QueuePlan) -> Staffed:
    """The queue as staffing needs it; staffing itself counts what the planner changes in it."""
    return Staffed(queue.name, queue.members, queue.forecast.mean, queue.handling_seconds, queue.patience_seconds)


def demand_of(history: History, wishes: Wishes) -> tuple[Demand, list[Problem]]:
    """The next week of all calls and chats together, and its e-mails, for comparing models; and what had to be supposed."""
    found = demanded(history, wishes, lambda step, share: None)
    live = [queue for queue in found.queues if not queue.can_wait]
    if not live:
        raise unusable("models are compared on calls and chats, and this history holds only e-mails", field="queues")
    calls = np.sum([q.forecast.mean[:7] for q in live], axis=0) * wishes.calls_factor
    weights = [float(q.forecast.mean.sum()) for q in live]
    handling, patience, share, seconds = (
        float(np.average(values, weights=weights))
        for values in (
            [own_seconds(q.handling_seconds, q.terms, wishes) * wishes.handling_factor for q in live],
            [q.patience_seconds for q in live], [q.goals.share for q in live], [q.goals.seconds for q in live],
        )
    )  # fmt: skip
    said = [p for p in found.assumptions if not {"act", "outside"} & p.values.keys()]
    mails = tuple(
        Mails(q.forecast.mean[:7] * wishes.calls_factor, q.handling_seconds * wishes.handling_factor, q.goals.seconds)
        for q in found.queues if q.can_wait
    )  # fmt: skip
    if mails:
        hours = sum(float(each.mails.sum()) * each.handling_seconds for each in mails) / 3600
        said.append(
            Problem(
                "e-mails (%(hours).0f h of work a week) are answered in the time that calls leave, and by agents added for the rest",
                {"hours": hours},
            )
        )
    goals = replace(wishes.goals, share=round(share, 4), seconds=round(seconds, 1))
    return Demand(
        calls, history.interval_minutes, handling, patience, goals, mails=mails, open_slots=found.open_slots
    ), said  # fmt: skip


def _pools(history: History, wishes: Wishes) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Each large queue alone, all small ones of a kind together."""
    totals = (
        history.volumes.group_by("queue").agg(pl.col("calls").sum()).sort(["calls", "queue"], descending=[True, False])
    )
    whole = float(totals["calls"].sum() or 0)
    if whole <= 0:
        raise unusable("the history holds no call at all: there is nothing to plan", field="calls")
    small: dict[str, list[str]] = {}
    for queue, calls in totals.iter_rows():
        if calls < SMALL_QUEUE * whole:
            small.setdefault(wishes.terms(queue).kind, []).append(queue)
        else:
            yield queue, (queue,)
    for members in small.values():
        yield " + ".join(members), tuple(members)


def calendar_for(history: History, wishes: Wishes) -> Calendar:
    """Holidays and the planner's events, over the history and the days to come."""
    local = history.volumes["start"].dt.convert_time_zone(history.zone).dt.date()
    first, last = local.min(), local.max()
    assert isinstance(first, date)
    assert isinstance(last, date)
    years = range(first.year, (last + timedelta(days=wishes.days)).year + 1)
    school = french_school_holidays(wishes.school_zone, years) if wishes.school_zone else frozenset()
    events = {day: special for event in wishes.events for day, special in event.days().items()}
    return calendar_of(wishes.country, years, school_holidays=school, language=wishes.language).with_events(events)


def _planned(
    history: History, name: str, members: tuple[str, ...], wishes: Wishes, calendar: Calendar,
    assumptions: list[Problem],
) -> tuple[QueuePlan, list[Mark]]:  # fmt: skip
    series = _together(name, [history.series(member) for member in members])
    known = [measures(history, member) for member in members]
    weights = [max(m.contacts, 1) for m in known]
    handling = wishes.handling or _weighted([m.handling_seconds for m in known], weights)
    patience = wishes.patience or _weighted([m.patience_seconds for m in known], weights)
    spread = _weighted([m.handling_spread for m in known], weights) or 1.0
    if handling is None:
        handling = 240.0
        assumptions.append(
            Problem("“%(queue)s”: the history has no handling times; 240 s are supposed", {"queue": name})
        )
    terms = wishes.terms(name, members)
    if patience is None or not np.isfinite(patience):
        patience = 180.0
        if terms.kind != "mail":
            assumptions.append(
                Problem(
                    "“%(queue)s”: the history does not tell how long people wait; 180 s are supposed", {"queue": name}
                )
            )
    if terms.at_once > 1 and not wishes.effort:
        own = own_seconds(handling, terms, wishes)
        assumptions.append(
            Problem(
                "“%(queue)s”: chats are held %(count)d at once, so that one takes %(seconds).0f s of an agent's time",
                {"queue": name, "count": terms.at_once, "seconds": own},
            )
        )
    marks = [*outlying_days(series), *outlying_intervals(series)]
    told = forecast(series, wishes.days, calendar, marks)
    tariff = _tariff(name, members, weights, handling, terms, wishes, assumptions)
    return QueuePlan(
        name, members, series, told, handling, spread, patience, NO_NEED, tariff, terms, wishes.goals_of(terms)
    ), marks


def _tariff(
    name: str, members: tuple[str, ...], weights: list[int], handling: float, terms: Terms, wishes: Wishes,
    assumptions: list[Problem],
) -> Tariff:  # fmt: skip
    """What acts of the queue have paid; or, where nothing is known of that, what brings the hour that was asked for."""
    known = [(wishes.tariffs[m], w) for m, w in zip(members, weights, strict=True) if m in wishes.tariffs]
    if known:
        total = sum(w for _, w in known)
        cents = [c for tariff, _ in known for c in tariff.cents]
        return Tariff(cents, [share * w / total for tariff, w in known for share in tariff.shares])
    cents_each = max(1, round(wishes.hourly * own_seconds(handling, terms, wishes) / 3600 / 0.75))
    assumptions.append(
        Problem(
            "“%(queue)s”: an act pays %(act).2f €, so that an hour three quarters busy pays %(hour).2f €",
            {"queue": name, "act": cents_each / 100, "hour": wishes.hourly / 100},
        )
    )
    return Tariff([cents_each], [1.0])


def _together(name: str, parts: list[Series]) -> Series:
    """The sum of several queues' series."""
    first = min(part.first_day for part in parts)
    length = max((part.first_day - first).days + part.calls.shape[0] for part in parts)
    calls = np.zeros((length, parts[0].calls.shape[1]))
    for part in parts:
        at = (part.first_day - first).days
        calls[at : at + part.calls.shape[0]] += part.calls
    return replace(parts[0], queue=name, first_day=first, calls=calls)


def _add_up(
    queues: list[QueuePlan], wishes: Wishes, calendar: Calendar, marks: list[Mark]
) -> tuple[Forecast, ...]:  # fmt: skip
    """Forecast each brand too, and move queues and brands until they add up; ``queues`` is brought up to date."""
    brand_of = {
        queue.name: brand
        for queue in queues
        for brand in {wishes.brands.get(member) for member in queue.members}
        if brand and len({wishes.brands.get(member) for member in queue.members}) == 1
    }
    if not brand_of:
        return ()
    parents = {name: f"brand: {brand}" for name, brand in brand_of.items()}
    forecasts = {queue.name: queue.forecast for queue in queues if queue.name in parents}
    for parent in dict.fromkeys(parents.values()):
        parts = [queue for queue in queues if parents.get(queue.name) == parent]
        series = _together(parent, [part.series for part in parts])
        unlike = [replace(mark, queue=parent) for mark in marks if mark.queue in {part.name for part in parts}]
        forecasts[parent] = forecast(series, wishes.days, calendar, unlike)
    together = reconciled(forecasts, parents)
    for k, queue in enumerate(queues):
        if queue.name in parents:
            queues[k] = replace(queue, forecast=together[queue.name])
    return tuple(
        replace(together[parent], queue=parent.removeprefix("brand: ")) for parent in dict.fromkeys(parents.values())
    )


def _weighted(values: list[float | None], weights: list[int]) -> float | None:
    pairs = [(v, w) for v, w in zip(values, weights, strict=True) if v is not None and np.isfinite(v)]
    return sum(v * w for v, w in pairs) / sum(w for _, w in pairs) if pairs else None


def _opening(queues: list[QueuePlan], assumptions: list[Problem]) -> tuple[int, int]:
    """The slots of the day in which customers wait for somebody: of those without a quiet one between them, which take
    the most calls. Mails alone open the centre where there is nothing else."""
    live = [queue for queue in queues if not queue.can_wait]
    calls = np.sum([q.forecast.mean for q in live or queues], axis=0).mean(axis=0)
    if calls.max(initial=0.0) <= 0:
        raise unusable("the forecast is of almost no calls: there is nothing to staff", field="calls")
    busy = np.concatenate([[0], calls >= QUIET * calls.max(), [0]]).astype(np.int8)
    begins, ends = np.flatnonzero(np.diff(busy) == 1), np.flatnonzero(np.diff(busy) == -1)
    first, last = max(zip(begins.tolist(), ends.tolist(), strict=True), key=lambda run: calls[run[0] : run[1]].sum())
    outside = calls.sum() - calls[first:last].sum()
    hours = {
        "first": first * queues[0].forecast.interval_minutes / 60,
        "last": last * queues[0].forecast.interval_minutes / 60,
    }
    if live and outside >= LEAST_OUTSIDE:
        assumptions.append(
            Problem(
                "open from %(first)g h to %(last)g h: %(outside).1f calls a day come outside and are not staffed",
                {**hours, "outside": float(outside)},
            )
        )
    elif live:
        assumptions.append(
            Problem("open from %(first)g h to %(last)g h, when all calls come", {**hours, "outside": 0.0})
        )
    if len(live) < len(queues):
        assumptions.append(
            Problem(
                "e-mails are answered from %(first)g h to %(last)g h, and their time to be answered in counts then; what comes at night waits for the morning",
                hours,
            )
        )
    return first, last
