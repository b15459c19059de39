"""What an hour should pay a given agent, paid per act: simulated over possible futures, then corrected by the past.

Each replication draws a level of calls from the forecast, the agents' own paces from what is known of them, runs the
floor contact by contact, and prices every ended contact. Amounts are integer cents.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from homeshore.planning.engine.income.calibration import Correction
from homeshore.planning.engine.problems import unusable
from homeshore.planning.engine.simulation import Floor, draw_contacts
from homeshore.planning.engine.simulation.core import IDLE_LONGEST, route_by
from homeshore.planning.engine.simulation.floor import tables_of
from homeshore.planning.engine.simulation.waiting import Backlog, free_seconds
from homeshore.routing.policy import Policy

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Tariff:
    """What a contact of a queue pays: ``cents`` for each disposition, and the share of contacts that end so."""

    cents: Sequence[int]
    shares: Sequence[float]

    def __post_init__(self) -> None:
        if len(self.cents) != len(self.shares) or not len(self.cents):
            raise unusable("give one share for each price of an act", field="shares")
        if any(c < 0 for c in self.cents) or any(s < 0 for s in self.shares) or abs(sum(self.shares) - 1.0) > 1e-6:
            raise unusable("prices cannot be negative, and shares must add up to 1", field="shares")

    @property
    def mean(self) -> float:
        return float(np.dot(self.cents, self.shares))


@dataclass(frozen=True, slots=True)
class DaySample:
    """``cents`` [replication, agent, hour of the day]; ``level``: calls of each replication over the expected;
    ``present`` [agent, hour]: share of the hour on shift; ``busy`` [agent]: share of the shift spent on contacts;
    ``in_time`` and ``counted`` [replication, queue]: contacts answered within their target, of those that count."""

    cents: Integers
    level: Floats
    present: Floats
    busy: Floats
    in_time: Floats
    counted: Floats


def sample_day(
    floor: Floor, tariffs: Mapping[str, Tariff], paths: Floats, *, pace_spread: Sequence[float] | None = None,
    first_hour: int = 0, opening: int = 0, seed: int = 1, backlogs: Sequence[Backlog] = (),
    policy: Policy = IDLE_LONGEST,
) -> DaySample:  # fmt: skip
    """Incomes of one day on ``floor``, for each path of calls [replication, queue, interval], given out by the ``policy``.

    ``pace_spread``: how uncertain each agent's pace is (coefficient of variation); ``first_hour`` is the hour of the
    day at which the floor's first interval starts, ``opening`` the interval in which the centre opens. Mails are done in
    the time left free; ``backlogs`` carry them on, one a path, to be given again with the next day.
    """
    tables = tables_of(floor)
    agents, queues = len(floor.agents), len(floor.queues)
    per_hour = round(3600 / floor.interval_seconds)
    hours = int(np.ceil(floor.intervals / per_hour))
    rng = np.random.default_rng(seed)
    spread = np.zeros(agents) if pace_spread is None else np.asarray(pace_spread, dtype=float)
    sigma = np.sqrt(np.log1p(spread**2))[:, None]
    cents = np.zeros((len(paths), agents, hours), np.int64)
    busy = np.zeros(agents)
    prices = [tariffs[queue.name] for queue in floor.queues]
    shift_seconds = np.array([sum(end - start for start, end in agent.shifts) for agent in floor.agents])
    in_time, counted = np.zeros((len(paths), queues)), np.zeros((len(paths), queues))
    for r, path in enumerate(paths):
        own = np.exp(sigma * rng.standard_normal((agents, 1)) - 0.5 * sigma**2)
        handling = tables.handling * own
        rates = np.where(tables.can_wait[:, None], 0.0, path) / floor.interval_seconds
        drawn = replace(tables, rates=np.ascontiguousarray(rates), handling=handling)
        contacts = draw_contacts(floor, seed, r, drawn)
        day = route_by(policy, floor, contacts, record_acts=True, tables=drawn)
        busy += day.busy_seconds
        in_time[r], counted[r] = day.in_time.sum(axis=1), (day.arrivals - day.abandoned_in_time).sum(axis=1)
        acts = day.acts
        if backlogs:
            free = free_seconds(floor, drawn, contacts, day)
            chance = np.random.default_rng((seed, r))
            kinds = [mails.queue for mails in backlogs[r].kinds]
            done = backlogs[r].live(chance.poisson(path[kinds]).astype(float), free, handling, opening)
            busy += (done * handling[:, None, kinds]).sum(axis=(1, 2))
            acts[:, :, kinds] += _whole(done, chance)
        padded = np.pad(acts, ((0, 0), (0, hours * per_hour - acts.shape[1]), (0, 0)))
        by_hour = padded.reshape(agents, hours, per_hour, queues).sum(axis=2)
        for q in range(queues):
            split = rng.multinomial(by_hour[:, :, q], prices[q].shares)
            cents[r] += split @ np.asarray(prices[q].cents, dtype=np.int64)
    expected = paths.mean(axis=0).sum()
    level = paths.sum(axis=(1, 2)) / expected if expected > 0 else np.ones(len(paths))
    whole = np.zeros((len(paths), agents, 24), np.int64)
    whole[:, :, first_hour : first_hour + hours] = cents
    present = np.zeros((agents, 24))
    for a, agent in enumerate(floor.agents):
        for start, end in agent.shifts:
            for h in range(hours):
                present[a, first_hour + h] += max(0.0, min(end, 3600.0 * (h + 1)) - max(start, 3600.0 * h)) / 3600.0
    worked = np.maximum(shift_seconds * max(1, len(paths)), 1e-9)
    return DaySample(whole, np.asarray(level), present, np.minimum(1.0, busy / worked), in_time, counted)


def _whole(done: Floats, chance: np.random.Generator) -> NDArray[np.int32]:
    """Parts of mails [agent, interval, kind] as mails ended there: whole ones as their sum grows, begun by chance."""
    grown = np.cumsum(done, axis=1) + chance.random((done.shape[0], 1, done.shape[2]))
    return np.diff(np.floor(grown), axis=1, prepend=0.0).astype(np.int32)


@dataclass(frozen=True, slots=True)
class Reason:
    """Something that could make the hour pay less: ``code`` and the cents it takes off the expected income."""

    code: str
    cents: int


@dataclass(frozen=True, slots=True)
class Promise:
    """For a full hour worked: ``expected``, and ``low`` to ``high`` in ``level`` of cases, cents before contributions."""

    agent: int
    hour: int
    expected: int
    low: int
    high: int
    level: float
    reasons: tuple[Reason, ...]


def promises(sample: DaySample, correction: Correction, paces: Sequence[float] | None = None) -> list[Promise]:
    """One promise for every agent and full hour on shift, with what could make it low, worst first.

    Reasons: ``few_calls`` (mean of the fifth of futures with the fewest calls), ``own_pace`` (what the same hour pays at
    the usual pace), ``chance`` (a tenth of hours are this much under what their calls would give).
    """
    mean, deviation = sample.cents.mean(axis=0), sample.cents.std(axis=0, ddof=1)
    few = sample.level <= np.quantile(sample.level, 0.2)
    quiet = sample.cents[few].mean(axis=0)
    result = []
    for a, h in zip(*np.nonzero(sample.present > 0.999), strict=True):
        expected = correction.scale * mean[a, h]
        low = max(0.0, expected + correction.low[h] * deviation[a, h])
        high = max(low, expected + correction.high[h] * deviation[a, h])
        reasons = [
            Reason("few_calls", round(correction.scale * (mean[a, h] - quiet[a, h]))),
            Reason("chance", round(expected - low)),
        ]
        if paces is not None and paces[a] > 1.0:
            reasons.append(Reason("own_pace", round(expected * (paces[a] - 1.0) * sample.busy[a])))
        kept = tuple(sorted((r for r in reasons if r.cents > 0), key=lambda r: -r.cents))
        result.append(Promise(int(a), int(h), round(expected), round(low), round(high), correction.level, kept))
    return result


@dataclass(frozen=True, slots=True)
class FloorCost:
    """Of guaranteeing ``floor`` cents an hour: top-up in cents over the sample's hours, expected and in 90 % of futures
    at most; the share of hours that would be topped up."""

    floor: int
    expected: int
    at_most: int
    share_of_hours: float


def floor_cost(samples: Sequence[DaySample], floor: int, scale: float = 1.0) -> FloorCost:
    """Cost of a guaranteed floor per full hour, before it is offered. Futures of the days are drawn independently."""
    if floor < 0:
        raise unusable("a floor cannot be negative", field="floor")
    totals = np.zeros(len(samples[0].cents))
    below = hours = 0
    for k, sample in enumerate(samples):
        full = sample.present > 0.999
        missing = np.maximum(0.0, floor - scale * sample.cents[:, full])
        totals += np.roll(missing.sum(axis=1), k)
        below += int((missing > 0).sum())
        hours += missing.size
    return FloorCost(floor, round(float(totals.mean())), round(float(np.quantile(totals, 0.9))), below / max(1, hours))
