"""The same demand run by each model: cost, service, a peak of 30 per cent, and what the result hangs on.

Staffing is Erlang A by interval, then stretched to the shifts that the model's people accept: a shift of six hours
covers six hours, needed or not. E-mails are answered in the time that this leaves, and by agents added for the rest.
Cost is pay, overheads, and the hiring and learning that turnover brings.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from homeshore.planning.engine.erlang import Goals, erlang_a
from homeshore.planning.engine.problems import unusable
from homeshore.planning.engine.scenarios.assumptions import MODELS, Assumption, Assumptions, changed, defaults_for
from homeshore.planning.engine.staffing import defer, requirement, when_open

Floats = NDArray[np.float64]
Counts = NDArray[np.int64]

WEEKS_A_MONTH = 52 / 12
_FULL_TIME = 35.0
PEAK = 0.30


@dataclass(frozen=True, slots=True)
class Mails:
    """E-mails of a usual week [day, interval], due within seconds of opening time."""

    mails: Floats
    handling_seconds: float
    due_seconds: float


@dataclass(frozen=True, slots=True)
class Demand:
    """Calls of a usual week [day, interval], and how they are handled. ``agent_hours`` is one agent's usual week.

    ``mails`` are answered in ``open_slots``, first and last interval of the day (all, if not said).
    """

    calls: Floats
    interval_minutes: int
    handling_seconds: float
    patience_seconds: float
    goals: Goals
    agent_hours: float = 20.0
    mails: tuple[Mails, ...] = ()
    open_slots: tuple[int, int] | None = None

    @property
    def opening(self) -> tuple[int, int]:
        """The intervals of the day in which somebody works."""
        return self.open_slots or (0, self.calls.shape[1])

    @property
    def contacts(self) -> float:
        """Calls and e-mails of the week."""
        return float(self.calls.sum() + sum(each.mails.sum() for each in self.mails))


@dataclass(frozen=True, slots=True)
class Sensitivity:
    """Monthly cost when one assumption falls or rises by a fifth."""

    name: str
    less: float
    more: float


@dataclass(frozen=True, slots=True)
class ModelResult:
    """Amounts in euros a month. ``paid_hours`` and ``needed_hours`` are of a week.

    ``service_in_peak``: share of calls answered in time when all contacts are 30 per cent above plan and only
    ``extra_agents`` come; ``mails_in_peak``: the same of e-mails, None where there are none. ``users``: assumptions that
    are still examples.
    """

    model: str
    monthly_cost: float
    cost_per_contact: float
    pay: float
    overhead: float
    turnover: float
    needed_hours: float
    paid_hours: float
    service_level: float
    service_in_peak: float
    mails_in_peak: float | None
    sensitivity: tuple[Sensitivity, ...]
    assumptions: dict[str, Assumption]
    users: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Comparison:
    """``co2`` is None: no figure is given until the accounts of impact exist."""

    demand: Demand
    results: tuple[ModelResult, ...]
    co2: None = None


def in_shifts(needed: Counts, shortest: int) -> Counts:
    """Cover of ``needed`` [interval] by shifts of ``shortest`` intervals or more, greedily: what must be paid for.

    Each shift starts where the need first exceeds the cover, and lasts as long as the need does.
    """
    cover = np.zeros_like(needed)
    size = needed.size
    for t in range(size):
        while cover[t] < needed[t]:
            end = t + 1
            while end < size and (end - t < shortest or cover[end] < needed[end]):
                end += 1
            start = max(0, min(t, end - shortest))
            cover[start:end] += 1
    return cover


@dataclass(frozen=True, slots=True)
class _Deferrable:
    """E-mails as work, in agents, by open interval of the week, the most urgent kind first; each with its delay in intervals."""

    kinds: tuple[tuple[Floats, int], ...]
    opening: tuple[int, int]

    @staticmethod
    def of(demand: Demand, slower: float, times: float = 1.0) -> "_Deferrable":
        length = demand.interval_minutes * 60
        return _Deferrable(tuple(
            (times * when_open(each.mails, demand.opening).ravel() * each.handling_seconds * slower / length,
             max(1, round(each.due_seconds / length)))
            for each in sorted(demand.mails, key=lambda kind: kind.due_seconds)
        ), demand.opening)  # fmt: skip

    def open(self, spare: Floats) -> Floats:
        """Free time [day, open interval]."""
        return np.maximum(spare[:, slice(*self.opening)], 0.0)

    def late(self, free: Floats) -> Floats:
        """Work, in agents [day, open interval], that finds no ``free`` time before it is due."""
        left, late = free.ravel(), np.zeros(free.size)
        for work, due in self.kinds:
            found = defer(work, due, left)
            left, late = left - found.done_in_spare, late + found.extra
        return late.reshape(free.shape)

    def cover(self, spare: Floats, shortest: int) -> Counts:
        """Agents [day, interval] to add, in shifts of ``shortest`` intervals or more, so that nothing is late."""
        agents = np.zeros(spare.shape, np.int64)
        free = self.open(spare)
        added = agents[:, slice(*self.opening)]
        width = added.shape[1]
        while (late := self.late(free + added)).max(initial=0.0) > 1e-9:
            day, at = divmod(int(np.argmax(late > 1e-9)), width)
            start = max(0, min(at, width - shortest))
            shift = slice(start, min(width, start + shortest))
            added[day, shift] += max(1, int(late[day, shift].mean()))
        return agents

    def in_time(self, spare: Floats) -> float:
        """Share of the work that finds its place before it is due; 1 where there is none."""
        work = sum(float(each.sum()) for each, _ in self.kinds)
        return 1.0 - float(self.late(self.open(spare)).sum()) / work if work else 1.0


class _Run(NamedTuple):
    """What one model comes to: amounts a month, hours a week, shares in time."""

    pay: float
    overhead: float
    turnover: float
    needed_hours: float
    paid_hours: float
    service_level: float
    service_in_peak: float
    mails_in_peak: float

    @property
    def cost(self) -> float:
        return self.pay + self.overhead + self.turnover


def _run(model: str, rows: Assumptions, demand: Demand) -> _Run:
    value = {name: row.value for name, row in rows.items()}
    if not 0 <= value["shrinkage"] < 1:
        raise unusable("shrinkage is a share from 0 to below 1", field="shrinkage")
    slower, hour = value["handling_factor"], demand.interval_minutes / 60
    handling, shortest = demand.handling_seconds * slower, max(1, round(value["shortest_shift"] / hour))
    need = requirement(
        demand.calls, demand.interval_minutes, handling, demand.goals, patience_seconds=demand.patience_seconds
    )
    at_work = np.array([in_shifts(day, shortest) for day in need.at_work])
    mails = _Deferrable.of(demand, slower)
    on_mails = mails.cover(at_work - need.load, shortest)
    needed_hours = float((need.at_work + mails.cover(need.at_work - need.load, 1)).sum()) * hour
    paid_hours = float((at_work + on_mails).sum()) * hour / (1 - value["shrinkage"])
    agents = paid_hours / (_FULL_TIME if model in ("on_site", "offshore") else demand.agent_hours)
    per_hour = demand.calls * 60 / demand.interval_minutes
    open_ = at_work > 0
    usual = erlang_a(per_hour[open_], handling, demand.patience_seconds, at_work[open_], demand.goals.seconds)
    work = float((demand.calls[open_] * (1 - usual.abandonment)).sum()) * handling
    work += sum(float(each.mails.sum()) * each.handling_seconds * slower for each in demand.mails)
    many = 1 + value["extra_agents"]
    extra = np.floor(at_work * many + 0.5)
    peak = erlang_a((1 + PEAK) * per_hour[open_], handling, demand.patience_seconds, extra[open_], demand.goals.seconds)
    weights = demand.calls[open_] / max(demand.calls[open_].sum(), 1e-9)
    pay = WEEKS_A_MONTH * (paid_hours * value["paid_hour"] + work * value["contact_second"])
    leavers = agents * value["turnover"] / 12
    learning = value["ramp_up"] * 0.5 * pay / max(agents, 1e-9)
    free = extra + np.floor(on_mails * many + 0.5) - (1 + PEAK) * need.load
    return _Run(
        pay=pay,
        overhead=agents * value["overhead"],
        turnover=leavers * (value["hiring"] + learning),
        needed_hours=needed_hours,
        paid_hours=paid_hours,
        service_level=float(weights @ usual.service_level),
        service_in_peak=float(weights @ peak.service_level),
        mails_in_peak=_Deferrable.of(demand, slower, 1 + PEAK).in_time(free),
    )


def _total(model: str, models: Mapping[str, Assumptions], demand: Demand) -> _Run:
    if model != "home_mixed":
        return _run(model, models[model], demand)
    share = models["home_mixed"]["share_of_employees"].value
    if not 0 <= share <= 1:
        raise unusable("the share of employees lies between 0 and 1", field="share_of_employees")
    both = [_run(name, models[name], demand) for name in ("home_employee", "home_independent")]
    return _Run(*(share * a + (1 - share) * b for a, b in zip(*both, strict=True)))


def _scaled(models: Mapping[str, Assumptions], name: str, factor: float) -> dict[str, Assumptions]:
    """The models with one assumption times ``factor`` wherever it stands."""
    return {
        model: {
            each: Assumption(row.value * factor, row.unit, row.source) if each == name else row
            for each, row in rows.items()
        }
        for model, rows in models.items()
    }


def compare_models(
    demand: Demand, on: date, changes: Mapping[str, Mapping[str, float | Assumption]] | None = None
) -> Comparison:  # fmt: skip
    """Every model on one demand, with the user's ``changes`` to its assumptions.

    The mixed model gives ``share_of_employees`` of the hours to employees and the rest to independents.
    """
    if not (np.isfinite(demand.calls).all() and demand.calls.sum() > 0):
        raise unusable("a comparison needs a week of calls, without gaps", field="calls")
    models = changed(defaults_for(on), changes or {})
    contacts = demand.contacts * WEEKS_A_MONTH
    results = []
    for model in MODELS:
        run = _total(model, models, demand)
        used = dict(models[model])
        if model == "home_mixed":
            for part in ("home_employee", "home_independent"):
                used |= {f"{part}: {name}": row for name, row in models[part].items()}
        sensitivity = []
        for name in ("turnover", "handling_factor", "shrinkage", "paid_hour", "contact_second"):
            less, more = (_total(model, _scaled(models, name, factor), demand).cost for factor in (0.8, 1.2))
            sensitivity.append(Sensitivity(name, less, more))
        results.append(
            ModelResult(
                model=model,
                monthly_cost=run.cost,
                cost_per_contact=run.cost / contacts,
                pay=run.pay,
                overhead=run.overhead,
                turnover=run.turnover,
                needed_hours=run.needed_hours,
                paid_hours=run.paid_hours,
                service_level=run.service_level,
                service_in_peak=run.service_in_peak,
                mails_in_peak=run.mails_in_peak if demand.mails else None,
                sensitivity=tuple(sorted(sensitivity, key=lambda each: -abs(each.more - each.less))),
                assumptions=used,
                users=tuple(name for name, row in used.items() if row.is_users),
            )
        )
    return Comparison(demand, tuple(results))
