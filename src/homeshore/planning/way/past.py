"""Do promises hold here? Past weeks promised as they would have been then, beside what acts really paid in each hour.

Each of the last two weeks is forecast from what was known before it, with the prices of the acts before it, and simulated
with the people who were there, in the hours in which they were there. The first teaches a correction; the second, which the
correction has not seen, says how often promises hold. Both together correct the promises to come.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import numpy as np
import polars as pl
from numpy.typing import NDArray

from homeshore.planning.engine.history import History, history_of_contacts
from homeshore.planning.engine.history.measures import agent_paces
from homeshore.planning.engine.income import Calibration, Correction, DaySample, Tariff, calibration, learn
from homeshore.planning.engine.problems import Problem, Unusable, counted
from homeshore.planning.people import served_later
from homeshore.planning.way.demand import Demanded, Say, calendar_for, demanded
from homeshore.planning.way.future import Worker, live_week, opening_hour
from homeshore.planning.way.wishes import Wishes

WEEK = 7
LEARNED_DAYS = 14  # a promise needs so much history before it
LEAST_HOURS = 60  # full agent-hours a week, under which a week tells too little
PACE_SPREAD = 0.9  # deviation of single handling times over their mean, as far as an agent's pace is uncertain
UNSEEN = 30.0

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Past:
    """What the platform knows of its past, up to ``seen_at``: acts (agent, at, cents, queue) and the stretches in which
    agents were ready (agent, since, until), as columns, moments in seconds since 1970; and the queues that each serves, at
    once or ``later``, from so many seconds of waiting on."""

    acts: pl.DataFrame
    ready: pl.DataFrame
    serves: Mapping[str, tuple[str, ...]]
    seen_at: float
    later: Mapping[str, Mapping[str, float]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Checked:
    """``correction`` for the promises to come; ``held``: how promises of the unseen week held, with its correction."""

    correction: Correction
    held: Calibration
    week: date


@dataclass(frozen=True, slots=True)
class _Promised:
    """Full agent-hours of a week: promised mean and deviation, cents earned, hour of the day, day."""

    mean: Floats
    deviation: Floats
    actual: Floats
    hour: Integers
    day: Integers


def tariffs_of(acts: pl.DataFrame) -> dict[str, Tariff]:
    """By queue, what an act has paid and how often."""
    found = {}
    for (queue,), rows in acts.group_by("queue"):
        counts = rows.group_by("cents").len().sort("cents")
        found[str(queue)] = Tariff(counts["cents"].to_list(), (counts["len"] / counts["len"].sum()).to_list())
    return found


def paces_of(history: History) -> dict[str, tuple[float, float]]:
    """By agent, their pace over all queues (1.2 is slower), weighted by contacts, and how uncertain it is."""
    if history.contacts is None:
        return {}
    known = history.contacts.filter(pl.col("handling").is_not_null() & pl.col("agent").is_not_null())
    counts = {(queue, agent): n for queue, agent, n in known.group_by("queue", "agent").len().iter_rows()}
    by_queue = {queue: agent_paces(history, queue) for queue in history.queues}
    found = {}
    for agent in {agent for _, agent in counts}:
        seen = {queue: counts[queue, agent] for queue in by_queue if (queue, agent) in counts}
        total = sum(seen.values())
        pace = sum(by_queue[queue][agent] * n for queue, n in seen.items()) / total
        found[agent] = (float(pace), float(PACE_SPREAD / np.sqrt(total + UNSEEN)))
    return found


def checked(history: History, past: Past, wishes: Wishes, say: Say) -> Checked | Problem:
    """How promises of the last two weeks held; or why that cannot be said."""
    assert history.contacts is not None
    zone = ZoneInfo(history.zone)
    local = history.contacts["arrived"].dt.convert_time_zone(history.zone).dt.date()
    first, last = local.min(), local.max()
    assert isinstance(first, date)
    assert isinstance(last, date)
    today = datetime.fromtimestamp(past.seen_at, zone).date()  # is not over
    end = min(today, last + timedelta(days=1))
    weeks = [end - timedelta(days=2 * WEEK), end - timedelta(days=WEEK)]
    if (weeks[0] - first).days < LEARNED_DAYS:
        return counted(
            "promises are checked on two past weeks with two weeks before them: the history has %(count)d full day",
            "promises are checked on two past weeks with two weeks before them: the history has %(count)d full days",
            max(0, (end - first).days),
        )
    seen = []
    for k, monday in enumerate(weeks):

        def told(step: str, share: float, done: int = k) -> None:
            say("checking", (done + 0.5 * share + (0.5 if step == "living" else 0.0)) / len(weeks))

        try:
            seen.append(_promised(history, past, monday, zone, wishes, told))
        except Unusable as refused:
            return refused.problems[0]
    if min(week.actual.size for week in seen) < LEAST_HOURS:
        return counted(
            "promises are checked hour by hour: too few full hours were worked (%(count)d hour in a week)",
            "promises are checked hour by hour: too few full hours were worked (%(count)d hours in a week)",
            min(week.actual.size for week in seen),
        )
    taught, unseen = seen
    special = [day.toordinal() for day in calendar_for(history, wishes).special]
    lesson = _learned([taught], special)
    middle = lesson.scale * unseen.mean
    low: Floats = np.maximum(0.0, middle + lesson.low[unseen.hour] * unseen.deviation)
    high: Floats = np.maximum(low, middle + lesson.high[unseen.hour] * unseen.deviation)
    held = calibration(middle, low.round(), high.round(), unseen.actual, unseen.hour, unseen.day)
    return Checked(_learned(seen, special), held, weeks[1])


def _learned(weeks: Sequence[_Promised], special: Sequence[int]) -> Correction:
    """What the usual days of past weeks teach: on holidays and the like promises miss for reasons of their own."""
    columns = [
        np.concatenate([getattr(week, name)[~np.isin(week.day, special)] for week in weeks])
        for name in ("mean", "deviation", "actual", "hour", "day")
    ]
    mean, deviation, actual, hour, day = columns
    return learn(mean, deviation, actual, hour, day)


def _promised(history: History, past: Past, first: date, zone: ZoneInfo, wishes: Wishes, say: Say) -> _Promised:
    """A past week as it would have been promised, and what it paid."""
    assert history.contacts is not None
    begun = datetime.combine(first, time(), zone)
    before = history_of_contacts(
        history.contacts.filter(pl.col("arrived") < begun.astimezone(UTC)),
        zone=history.zone,
        interval_minutes=history.interval_minutes,
    )
    then = replace(
        wishes, days=WEEK, people=None, calls_factor=1.0, handling_factor=1.0, shrinkage=0.0,
        tariffs=tariffs_of(past.acts.filter(pl.col("at") < begun.timestamp())),
    )  # fmt: skip
    found = demanded(before, then, say)
    ahead = (first - found.first_day).days  # days without any contact before the week
    if ahead:
        found = demanded(before, replace(then, days=WEEK + ahead), say)
        queues = tuple(
            replace(
                q,
                forecast=replace(
                    q.forecast,
                    first_day=first,
                    mean=q.forecast.mean[ahead:],
                    low=q.forecast.low[ahead:],
                    high=q.forecast.high[ahead:],
                ),
            )
            for q in found.queues
        )
        found = replace(found, queues=queues)
    agents, workers = _workers(found, past, first, zone, before)
    lived = live_week(found, workers, WEEK, then, say, "living")
    return _beside(lived.samples, agents, past.acts, first, zone)


def _workers(
    found: Demanded, past: Past, first: date, zone: ZoneInfo, before: History
) -> tuple[list[str], list[Worker]]:
    """Who was there in that week, when, with the paces known before it."""
    members = {member: queue.name for queue in found.queues for member in (queue.name, *queue.members)}
    paces = paces_of(before)
    starts = [
        datetime.combine(first + timedelta(days=d), time(opening_hour(found)), zone).timestamp() for d in range(WEEK)
    ]
    length = (found.hours(found.open_slots[1]) - opening_hour(found)) * 3600
    there: dict[str, list[list[tuple[float, float]]]] = {}
    for agent, since, until in past.ready.select("agent", "since", "until").iter_rows():
        for d, start in enumerate(starts):
            begin, end = max(0.0, since - start), min(length, until - start)
            if begin < end:
                there.setdefault(agent, [[] for _ in range(WEEK)])[d].append((begin, end))
    agents, workers = [], []
    for agent, shifts in sorted(there.items()):
        skills = tuple(dict.fromkeys(members[queue] for queue in past.serves.get(agent, ()) if queue in members))
        if skills:
            agents.append(agent)
            row = {"queues": past.serves[agent], "later": past.later.get(agent, {})}
            later = tuple(sorted(served_later(row, members).items()))
            workers.append(Worker(skills, *paces.get(agent, (1.0, 0.0)), [_apart(day) for day in shifts], later))
    if not workers:
        raise Unusable(Problem("nobody was there in the past weeks who serves these queues now"))
    return agents, workers


def _apart(stretches: Sequence[tuple[float, float]]) -> list[tuple[float, float]]:
    """Stretches of presence, those that touch or overlap joined."""
    joined: list[tuple[float, float]] = []
    for start, end in sorted(stretches):
        if joined and start <= joined[-1][1] + 1.0:
            joined[-1] = (joined[-1][0], max(joined[-1][1], end))
        else:
            joined.append((start, end))
    return joined


def _beside(
    samples: Sequence[DaySample], agents: Sequence[str], acts: pl.DataFrame, first: date, zone: ZoneInfo
) -> _Promised:
    place = {agent: k for k, agent in enumerate(agents)}
    earned = np.zeros((WEEK, len(agents), 24))
    for agent, at, cents in acts.select("agent", "at", "cents").iter_rows():
        moment = datetime.fromtimestamp(at, zone)
        day = (moment.date() - first).days
        if 0 <= day < WEEK and agent in place:
            earned[day, place[agent], moment.hour] += cents
    rows = []
    for d, sample in enumerate(samples):
        a, h = np.nonzero(sample.present > 0.999)
        rows.append(np.stack([
            sample.cents.mean(axis=0)[a, h], sample.cents.std(axis=0, ddof=1)[a, h], earned[d, a, h], h,
            np.full(a.size, (first + timedelta(days=d)).toordinal()),
        ]))  # fmt: skip
    mean, deviation, actual, hour, day = np.concatenate(rows, axis=1)
    return _Promised(mean, deviation, actual, hour.astype(np.int64), day.astype(np.int64))
