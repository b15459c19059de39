"""Promises of income against a simulated truth: 12 weeks of history, then one promise per agent-hour for two weeks.

The truth is simulated and says so: rates with noise of whole days, agents with paces of their own, prices by
disposition. The promises know only what the history shows.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

import numpy as np
import polars as pl

from homeshore.planning.engine.forecast import forecast
from homeshore.planning.engine.history import history_of_contacts
from homeshore.planning.engine.history.measures import agent_paces, measures
from homeshore.planning.engine.income import Calibration, DaySample, Tariff, calibration, learn, sample_day
from homeshore.planning.engine.simulation import Agent, Floor, Group, Queue, draw_contacts, route_contacts

OPENING, HOURS = 8, 12
QUEUES = ("orders", "claims")
TARIFFS = {"orders": Tariff([90, 180], [0.7, 0.3]), "claims": Tariff([150, 320, 0], [0.6, 0.3, 0.1])}
FIRST_DAY = date(2026, 1, 5)


@dataclass
class World:
    """What is true and unknown to the promise."""

    paces: np.ndarray
    rates: np.ndarray  # [weekday, queue, half hour], calls an hour
    handling: tuple[float, float]
    day_spread: float
    rosters: list[list[tuple[float, float]]]  # [day][agent], seconds from opening
    groups: list[str]


def world(agents: int = 36, days: int = 98, seed: int = 1) -> World:
    rng = np.random.default_rng(seed)
    half_hours = 2 * HOURS
    shape = (
        1 + 0.5 * np.sin(np.linspace(0, 2 * np.pi, half_hours)) + 0.2 * np.cos(np.linspace(0, 4 * np.pi, half_hours))
    )
    week = np.array([1.2, 1.05, 1.0, 0.95, 1.0, 0.6, 0.4])
    rates = week[:, None, None] * np.array([95.0, 60.0])[:, None] * shape
    rosters = []
    for d in range(days):
        share = 0.75 * week[d % 7] / 1.0
        day = []
        for _ in range(agents):
            if rng.random() > share:
                day.append(None)
                continue
            length, start = int(rng.integers(4, 9)), int(rng.integers(0, HOURS - 3))
            day.append((start * 3600.0, min(HOURS, start + length) * 3600.0))
        rosters.append(day)
    groups = [("orders", "claims", "both")[k % 3] for k in range(agents)]
    return World(np.exp(rng.normal(0, 0.18, agents)), rates, (260.0, 420.0), 0.12, rosters, groups)


def _floor(
    world: World,
    day: int,
    calls: np.ndarray,
    handling: tuple[float, ...],
    paces: np.ndarray,
    patience: tuple[float, ...],
) -> Floor:
    queues = [
        Queue(name, calls[q], handling[q], law="lognormal", handling_spread=0.9, patience_seconds=patience[q])
        for q, name in enumerate(QUEUES)
    ]  # fmt: skip
    groups = [Group("orders", ["orders"]), Group("claims", ["claims"]), Group("both", QUEUES)]
    agents = [
        Agent(group, [shift] if shift else [], float(pace))
        for group, shift, pace in zip(world.groups, world.rosters[day], paces, strict=True)
    ]
    return Floor(queues, groups, agents, 1800.0)


def live(world: World, days: int, seed: int = 7) -> tuple[pl.DataFrame, np.ndarray]:
    """What happens: the contacts that history will show, and cents earned by [day, agent, hour]."""
    rng = np.random.default_rng(seed)
    frames, earned = [], np.zeros((days, len(world.paces), HOURS), np.int64)
    for d in range(days):
        level = rng.lognormal(-0.5 * world.day_spread**2, world.day_spread)
        floor = _floor(world, d, level * world.rates[d % 7], world.handling, world.paces, (240.0, 300.0))
        contacts = draw_contacts(floor, seed, d)
        day = route_contacts(floor, contacts)
        opening = datetime(FIRST_DAY.year, FIRST_DAY.month, FIRST_DAY.day, OPENING, tzinfo=UTC) + timedelta(days=d)
        answered = day.agent >= 0
        work = np.where(
            answered, contacts.work * np.take(world.handling, contacts.queue) * world.paces[day.agent], np.nan
        )
        frames.append(pl.DataFrame({
            "queue": [QUEUES[q] for q in contacts.queue],
            "arrived": pl.Series([opening + timedelta(seconds=float(t)) for t in contacts.time], dtype=pl.Datetime("us", "UTC")),
            "answered": answered,
            "wait": day.left_queue_at - contacts.time,
            "handling": pl.Series(work).fill_nan(None),
            "agent": [f"agent {a}" if a >= 0 else None for a in day.agent],
        }))  # fmt: skip
        ends = day.left_queue_at + np.nan_to_num(work)
        for q, name in enumerate(QUEUES):
            mine = np.flatnonzero(answered & (contacts.queue == q))
            cents = rng.choice(TARIFFS[name].cents, mine.size, p=TARIFFS[name].shares)
            hour = np.minimum(ends[mine] // 3600, HOURS - 1).astype(int)
            np.add.at(earned[d], (day.agent[mine], hour), cents)
    return pl.concat(frames), earned


def promised(
    world: World, contacts: pl.DataFrame, until: int, days: int, replications: int, seed: int
) -> list[DaySample]:
    """Samples of income for ``days`` days from day ``until``, from the history before it alone."""
    end = datetime(FIRST_DAY.year, FIRST_DAY.month, FIRST_DAY.day, tzinfo=UTC) + timedelta(days=until)
    history = history_of_contacts(contacts.filter(pl.col("arrived") < end), zone="UTC")
    known = [measures(history, name) for name in QUEUES]
    forecasts = [forecast(history.series(name), days) for name in QUEUES]
    paths = [f.paths(replications, seed + k) for k, f in enumerate(forecasts)]
    by_queue = [agent_paces(history, name) for name in QUEUES]
    counts = history.contacts.group_by("agent").len()
    seen = dict(zip(counts["agent"].to_list(), counts["len"].to_list(), strict=True))
    names = [f"agent {a}" for a in range(len(world.paces))]
    paces = np.array([np.mean([p[n] for p in by_queue if n in p] or [1.0]) for n in names])
    spread = [0.9 / np.sqrt(seen.get(n, 0) + 30.0) for n in names]
    opening = slice(2 * OPENING, 2 * (OPENING + HOURS))
    samples = []
    for k in range(days):
        calls = np.stack([path[:, k, opening] for path in paths], axis=1)
        floor = _floor(world, until + k, 2 * calls.mean(axis=0), tuple(m.handling_seconds for m in known), paces,
                       tuple(m.patience_seconds or np.inf for m in known))  # fmt: skip
        samples.append(sample_day(floor, TARIFFS, calls, pace_spread=spread, first_hour=OPENING, seed=seed * 1000 + k))
    return samples


def flat(samples: list[DaySample], earned: np.ndarray, first: int) -> tuple[np.ndarray, ...]:
    """Mean, deviation, actual, hour and day of every full agent-hour."""
    rows = []
    for k, sample in enumerate(samples):
        a, h = np.nonzero(sample.present > 0.999)
        rows.append(np.stack([
            sample.cents.mean(axis=0)[a, h], sample.cents.std(axis=0, ddof=1)[a, h], earned[first + k][a, h - OPENING],
            h, np.full(a.size, first + k),
        ]))  # fmt: skip
    mean, deviation, actual, hour, day = np.concatenate(rows, axis=1)
    return mean, deviation, actual, hour.astype(int), day.astype(int)


def run(agents: int = 36, replications: int = 60, seeds: Sequence[int] = range(1, 25)) -> Calibration:
    """In several worlds: learn the correction on weeks 9 to 12, promise weeks 13 and 14, and see."""
    seen = []
    for seed in seeds:
        truth = world(agents, 98, seed)
        contacts, earned = live(truth, 98, seed + 6)
        taught = [flat(promised(truth, contacts, until, 14, replications, seed), earned, until) for until in (56, 70)]
        correction = learn(*(np.concatenate(column) for column in zip(*taught, strict=True)))
        mean, deviation, actual, hour, day = flat(promised(truth, contacts, 84, 14, replications, seed), earned, 84)
        middle = correction.scale * mean
        low = np.maximum(0.0, np.round(middle + correction.low[hour] * deviation))
        high = np.round(middle + correction.high[hour] * deviation)
        seen.append((middle, low, high, actual, hour, day + 1000 * seed))
    return calibration(*(np.concatenate(column) for column in zip(*seen, strict=True)))


if __name__ == "__main__":
    print(run())
