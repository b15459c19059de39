"""The cheapest schedule, and a bound that no schedule can beat.

Agents answer each other's weeks in turn (exact best week each) under an augmented Lagrangian: the price of a slot rises
with what is missing there, and a penalty damps the crowd. Then the prices alone are improved by an ascent on the dual,
which gives the bound and better prices for the next round. A last sweep uses the true cost only.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from homeshore.planning.engine.problems import unusable
from homeshore.planning.engine.scheduling import kernel
from homeshore.planning.engine.scheduling.problem import ScheduleProblem, Tables, tables_of

Floats = NDArray[np.float64]
Counts = NDArray[np.int64]


# their twelve arrays come as one tuple, which a signature cannot tell
_sweep: Any = kernel.sweep
_lagrangian: Any = kernel.lagrangian


@dataclass(frozen=True, slots=True)
class Shift:
    """Hours of the local day; ``break_start`` is None without a break. ``tasks`` are (skill, from, to)."""

    person: str
    day: int
    start: float
    end: float
    break_start: float | None
    break_end: float | None
    tasks: tuple[tuple[str, float, float], ...]


@dataclass(frozen=True, slots=True)
class Plan:
    """``cost`` = work + shortage, in the problem's units; no schedule costs less than ``bound``.

    ``cover`` [skill, day, slot]; ``without_week`` names the people for whom no lawful week exists.
    """

    problem: ScheduleProblem
    shifts: tuple[Shift, ...]
    cover: Counts
    cost: float
    work_cost: float
    missing: int
    bound: float
    without_week: tuple[str, ...]

    @property
    def gap(self) -> float:
        """Share by which the cost may exceed the best possible."""
        return self.cost / self.bound - 1.0 if self.bound > 0 else float(self.cost > 1e-9)


@dataclass(frozen=True, slots=True)
class Progress:
    step: str
    sweeps: int
    best_cost: float
    bound: float


_PENALTIES = (1.0, 3.0, 1.0, 10.0)  # small networks settle under a stiffer penalty than large ones


class Search:
    def __init__(
        self, problem: ScheduleProblem, tables: Tables, seed: int, tick: Callable[[Progress], bool] | None
    ) -> None:  # fmt: skip
        self.tables = tables
        self.people = len(problem.people)
        shape = (len(problem.skills), problem.days * problem.slots)
        self.needed = problem.needed.reshape(shape)
        self.shortage = problem.shortage_cost
        self.ceiling = self.shortage[:, None]
        self.cover = np.zeros(shape, np.int64)
        self.shifts = np.full((self.people, problem.days, 3), -1, np.int64)
        self.duty = np.full((self.people, shape[1]), -1, np.int8)
        self.worth = np.zeros(shape)
        self.random = np.random.default_rng(seed)
        self.tick = tick
        self.best_cost, self.bound = np.inf, 0.0
        self.best: tuple[Counts, NDArray[np.int8], Counts] | None = None
        self.best_prices = np.zeros(shape)
        self.sweeps = 0

    def stopped(self, step: str) -> bool:
        return self.tick is not None and not self.tick(Progress(step, self.sweeps, self.best_cost, self.bound))

    def sweep(self, prices: Floats, penalty: float) -> float:
        missing = self.needed - self.cover
        self.worth[:] = np.clip(prices + penalty * (missing - 0.5), 0.0, self.ceiling)
        order = self.random.permutation(self.people)
        _sweep(
            order, prices, penalty, self.shortage, self.needed, self.cover,
            *self.tables.arguments(), self.shifts, self.duty, self.worth,
        )  # fmt: skip
        self.sweeps += 1
        cost = self.cost()
        if cost < self.best_cost - 1e-9:
            self.best_cost = cost
            self.best = (self.shifts.copy(), self.duty.copy(), self.cover.copy())
        return cost

    def cost(self) -> float:
        work = float(self.tables.cost[self.duty >= 0].sum())
        return work + float((self.ceiling * np.maximum(self.needed - self.cover, 0)).sum())

    def settle(self, prices: Floats, penalty: float, most: int, patience: int) -> Floats:
        """Augmented-Lagrangian sweeps until the best cost stays; returns the mean of the last prices."""
        mean, since, before = prices, 0, self.best_cost
        for k in range(most):
            self.sweep(prices, penalty)
            prices = np.clip(prices + penalty * (self.needed - self.cover), 0.0, self.ceiling)
            mean = prices if k < 8 else 0.85 * mean + 0.15 * prices
            since = 0 if self.best_cost < before * (1 - 5e-5) else since + 1
            before = min(before, self.best_cost)
            if since >= patience or self.stopped("assigning"):
                break
        return mean

    def raise_bound(self, prices: Floats, steps: int, target: float) -> None:
        """Deflected subgradient steps with Polyak's length, from ``prices``; keeps the best bound and its prices."""
        asked = np.zeros_like(self.needed)
        direction = np.zeros_like(prices)
        length, stall, here = 1.0, 0, prices
        local, local_prices = -np.inf, prices
        for k in range(steps):
            value = _lagrangian(here, self.needed, *self.tables.arguments(), asked)
            if value > local + 1e-9:
                local, local_prices, stall = value, here, 0
            else:
                stall += 1
            if value > self.bound:
                self.bound, self.best_prices = value, here
            if self.best_cost <= (1.0 + target) * self.bound or self.stopped("bounding"):
                break
            if stall > 8:
                length, stall, here, direction = 0.7 * length, 0, local_prices, np.zeros_like(prices)
                continue
            slope = (self.needed - asked).astype(np.float64)
            direction = slope if k == 0 else 0.7 * direction + 0.3 * slope
            usable = np.where(
                ((here <= 0) & (direction < 0)) | ((here >= self.ceiling) & (direction > 0)), 0.0, direction
            )
            norm = float((usable**2).sum())
            if norm < 1e-12:
                break
            here = np.clip(here + length * 0.3 * (self.best_cost - value) / norm * usable, 0.0, self.ceiling)


def solve(
    problem: ScheduleProblem, *, keep_going: Callable[[Progress], bool] | None = None, target_gap: float = 0.001,
    rounds: int = 8, seed: int = 1,
) -> Plan:  # fmt: skip
    """A schedule near the cheapest, with its bound. Same problem and seed, same plan, unless ``keep_going`` stops it.

    ``keep_going`` is asked after every sweep and may end the search by False: the best so far is returned.
    Raises Unusable without people. People without any lawful week are left out and named.
    """
    if not problem.people:
        raise unusable("there is nobody to schedule", field="people")
    tables = tables_of(problem)
    search = Search(problem, tables, seed, keep_going)
    prices = np.full(search.needed.shape, 1.5)
    penalty = 0.1 * float(search.shortage.max()) / 10.0
    cut = False
    for turn in range(rounds):
        factor = _PENALTIES[turn % len(_PENALTIES)]
        last = search.settle(prices, factor * penalty, most=60 if turn == 0 else 25, patience=12)
        search.raise_bound(last if turn == 0 else search.best_prices, 60 if turn == 0 else 40, target_gap)
        prices = search.best_prices
        cut = search.stopped("polishing")
        if cut or search.best_cost <= (1.0 + target_gap) * search.bound:
            break
    _polish(search, 1 if cut else 3)
    return plan_of(problem, tables, search)


def _polish(search: Search, sweeps: int) -> None:
    """Best answers under the true cost, from the best plan: never worse."""
    if search.best is None:
        return
    search.shifts[:], search.duty[:], search.cover[:] = search.best
    for _ in range(sweeps):
        before = search.best_cost
        search.sweep(np.zeros_like(search.worth), 1e9)
        if search.best_cost >= before - 1e-9:
            break


def plan_of(problem: ScheduleProblem, tables: Tables, search: Search) -> Plan:
    assert search.best is not None
    shifts, duty, cover = search.best
    hour = problem.slot_minutes / 60
    result = []
    without = []
    for a, person in enumerate(problem.people):
        # a person without any shift whose least hours ask for one has no lawful week
        if (shifts[a, :, 0] < 0).all() and (person.least_hours > 0 or any(w.must for w in person.windows)):
            without.append(person.name)
        for d in range(problem.days):
            start, end, pause = (int(v) for v in shifts[a, d])
            if start < 0:
                continue
            row = duty[a, d * problem.slots : (d + 1) * problem.slots]
            tasks: list[tuple[str, float, float]] = []
            for slot in range(start, end):
                if row[slot] < 0:
                    continue
                skill, at = problem.skills[row[slot]], problem.first_hour + slot * hour
                if tasks and tasks[-1][0] == skill and abs(tasks[-1][2] - at) < 1e-9:
                    tasks[-1] = (skill, tasks[-1][1], at + hour)
                else:
                    tasks.append((skill, at, at + hour))
            pause_end = problem.first_hour + (pause + int(tables.rules[a, 6])) * hour
            result.append(Shift(
                person.name, d, problem.first_hour + start * hour, problem.first_hour + end * hour,
                problem.first_hour + pause * hour if pause >= 0 else None, pause_end if pause >= 0 else None, tuple(tasks),
            ))  # fmt: skip
    work = float(tables.cost[duty >= 0].sum())
    missing = np.maximum(search.needed - cover, 0)
    return Plan(
        problem, tuple(result), cover.reshape(problem.needed.shape), work + float((search.ceiling * missing).sum()), work,
        int(missing.sum()), search.bound, tuple(without),
    )  # fmt: skip
