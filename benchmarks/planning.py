"""The planning engine measured beside its peers, in one run; one JSON object on the last line.

    python benchmarks/planning.py [--only erlang,simulation,forecast,schedule,income] [--quick]

Seconds of one-threaded work are processor seconds (``…_s``, ``…_ms``, ``schedule_seconds_…``): on a machine that does
nothing else they are those of the clock, and on a shared one they can be compared.

Needs the extra ``planning`` and the group ``bench``; the forecast reads ../shared/data and is left out without it.
"""

import argparse
import json
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

sys.path.insert(0, str(Path(__file__).parent))

from planning_instances import tight_week

from homeshore.planning.engine.erlang import Goals, agents_for_a, agents_for_c

DATA = Path(__file__).parents[2] / "shared" / "data" / "bank_volumes_1999_6min.csv"


def timed(work: Callable[[], Any], repeats: int = 1) -> tuple[float, Any]:
    """The least of some runs, in processor seconds, and the last result."""
    best, result = float("inf"), None
    for _ in range(repeats):
        start = time.process_time()
        result = work()
        best = min(best, time.process_time() - start)
    return best, result


def week_of_loads(peak: float) -> np.ndarray:
    """672 quarters of an hour: calls an hour at 300 s, so that the busiest is near ``peak`` Erlang."""
    rng = np.random.default_rng(1)
    day = np.clip(np.sin(np.linspace(0, np.pi, 96)), 0.05, 1)
    return np.tile(day, 7) * peak * rng.uniform(0.8, 1.0, 672) * 12


def erlang(quick: bool) -> dict[str, Any]:
    from pyworkforce.queuing import ErlangC

    def peer(calls: np.ndarray) -> list[int]:
        return [
            ErlangC(transactions=c, aht=5, asa=20 / 60, interval=60, shrinkage=0).required_positions(0.8, 1.0)["raw_positions"]
            for c in calls
        ]  # fmt: skip

    found: dict[str, Any] = {}
    agents_for_c(week_of_loads(10), 300, Goals()), agents_for_a(week_of_loads(10), 300, 180, Goals())
    for peak in (37, 372) if quick else (37, 372, 3720):
        calls = week_of_loads(peak)
        ours, staff = timed(lambda calls=calls: agents_for_c(calls, 300, Goals()), 5)
        theirs, positions = timed(lambda calls=calls: peer(calls))
        found[f"erlang_c_ms_{peak}"] = round(1000 * ours, 3)
        found[f"erlang_c_vs_pyworkforce_{peak}"] = round(theirs / ours)
        found[f"erlang_c_equal_{peak}"] = int((staff == np.array(positions)).sum())
    found["erlang_c_vs_pyworkforce"] = found["erlang_c_vs_pyworkforce_372"]
    found["erlang_c_every_interval_equal"] = all(v == 672 for k, v in found.items() if k.startswith("erlang_c_equal"))
    found["erlang_a_672_ms"] = round(
        1000 * timed(lambda: agents_for_a(week_of_loads(3700), 300, 180, Goals()), 5)[0], 1
    )
    return found


def simulation(quick: bool) -> dict[str, Any]:
    from homeshore.planning.engine.simulation import (
        Agent,
        Floor,
        Group,
        Queue,
        draw_contacts,
        route_contacts,
        steady_queue,
    )
    from homeshore.planning.engine.simulation.floor import tables_of

    steady_queue(95 * 60, 60, 120, 100, calls=1000)
    calls = 5_000_000
    ours = timed(lambda: steady_queue(95 * 60, 60, 120, 100, calls=calls), 2)[0]
    found: dict[str, Any] = {"sim_calls_per_second": round(calls / ours)}
    for name, peer in (("simpy", _simpy), ("ciw", _ciw)):
        done, seconds = peer(3.0 if quick else 10.0)
        found[f"sim_{name}_calls_per_second"] = round(done / seconds)
        found[f"sim_vs_{name}"] = round(calls / ours / (done / seconds))
    rng = np.random.default_rng(3)
    names = "abcde"
    sets = [(0,), (0, 1), (0, 2), (0, 1, 2), (0, 1, 3)]
    groups = [
        Group(f"g{k}{s}", [names[(i + k) % 5] for i in members]) for k in range(5) for s, members in enumerate(sets)
    ]
    for size in (200, 2000, 8000):
        rate = 1_600_000 * size / 8000 / 16 / 5
        queues = [Queue(n, [rate] * 32, 240, law="lognormal", patience_seconds=180) for n in names]
        agents = [Agent(groups[a % 25].name, [(0.0, 57_600.0)], float(rng.uniform(0.8, 1.2))) for a in range(size)]
        floor = Floor(queues, groups, agents, 1800.0)
        tables = tables_of(floor)

        def day(floor: Floor = floor, tables: Any = tables) -> int:
            contacts = draw_contacts(floor, 1, 0, tables)
            route_contacts(floor, contacts, tables=tables)
            return int(contacts.time.size)

        day()
        seconds, count = timed(day, 3)
        found[f"sim_multiskill_{size}_s"] = round(seconds, 3)
        found[f"sim_multiskill_{size}_contacts"] = count
    return found


def _simpy(limit: float) -> tuple[int, float]:
    import simpy

    rng = np.random.default_rng(1)
    environment = simpy.Environment()
    agents = simpy.Resource(environment, 100)
    done = 0

    def call() -> Any:
        nonlocal done
        with agents.request() as turn:
            result = yield turn | environment.timeout(rng.exponential(2.0))
            if turn in result:
                yield environment.timeout(rng.exponential(1.0))
        done += 1

    def source() -> Any:
        while True:
            yield environment.timeout(rng.exponential(1 / 95))
            environment.process(call())

    environment.process(source())
    start, until = time.process_time(), 0.0
    while time.process_time() - start < limit:
        until += 50.0
        environment.run(until=until)
    return done, time.process_time() - start


def _ciw(limit: float) -> tuple[int, float]:
    import ciw

    network = ciw.create_network(
        arrival_distributions=[ciw.dists.Exponential(95)], service_distributions=[ciw.dists.Exponential(1)],
        reneging_time_distributions=[ciw.dists.Exponential(0.5)], number_of_servers=[100],
    )  # fmt: skip
    done, start, minutes = 0, time.process_time(), 200.0
    while time.process_time() - start < limit:
        ciw.seed(done)
        run = ciw.Simulation(network)
        run.simulate_until_max_time(minutes)
        done += len(run.get_all_records())
    return done, time.process_time() - start


def forecasting(quick: bool) -> dict[str, Any]:
    if not DATA.exists():
        return {"forecast_left_out": f"no {DATA}"}
    from homeshore.planning.engine.forecast import NAIVE, calendar_of, forecast
    from homeshore.planning.engine.forecast.methods import Days
    from homeshore.planning.engine.history import history_of

    whole = history_of(DATA, zone="Asia/Jerusalem").series("all")
    calendar = calendar_of("IL", [1999])
    last = whole.calls.shape[0]
    ours = naive = calls = 0.0
    inside = counted = 0
    spent, choosing = [], []
    for back in range(9, 0, -1):
        origin = last - 14 * back
        past, future = replace(whole, calls=whole.calls[:origin]), whole.calls[origin : origin + 14]
        seconds, told = timed(lambda past=past: forecast(past, 14, calendar))
        choosing.append(seconds)
        days = Days(past, calendar, 14)
        seen = np.isfinite(future)
        ours += np.abs(told.mean - future)[seen].sum()
        naive += np.abs(NAIVE(days, origin, 14) - future)[seen].sum()
        calls += future[seen].sum()
        inside += int(((future >= told.low) & (future <= told.high))[seen].sum())
        counted += int(seen.sum())
        from homeshore.planning.engine.forecast.choice import choose

        method = choose(days, origin, 14).chosen.method
        spent.append(
            timed(lambda method=method, past=past, origin=origin: method(Days(past, calendar, 14), origin, 14), 3)[0]
        )
    found = {
        "forecast_wape": round(ours / calls, 4), "forecast_wape_naive": round(naive / calls, 4),
        "forecast_wape_vs_naive": round(ours / naive, 4), "forecast_coverage_80": round(inside / counted, 4),
        "forecast_ms": round(1000 * float(np.median(spent)), 2), "forecast_with_choice_ms": round(1000 * float(np.median(choosing)), 1),
    }  # fmt: skip
    mstl = _mstl(whole.calls[: last - 14])
    return {
        **found,
        "forecast_mstl_ms": round(1000 * mstl),
        "forecast_time_vs_mstl": round(float(np.median(spent)) / mstl, 5),
    }


def _mstl(calls: np.ndarray) -> float:
    import warnings

    import pandas as pd
    from statsforecast import StatsForecast
    from statsforecast.models import MSTL, AutoETS

    warnings.simplefilter("ignore")
    values = np.nan_to_num(calls).ravel()
    frame = pd.DataFrame({"unique_id": "all", "ds": np.arange(values.size), "y": values})

    def run() -> Any:
        model = StatsForecast([MSTL([48, 336], trend_forecaster=AutoETS(model="ZZN"))], freq=1)
        return model.forecast(df=frame, h=14 * 48)

    return timed(run, 2)[0]  # the second run has its machine code ready


def scheduling(quick: bool) -> dict[str, Any]:
    from homeshore.planning.engine.scheduling import solve
    from homeshore.planning.engine.scheduling.check import check

    solve(tight_week(4), rounds=1)
    found: dict[str, Any] = {}
    for size, limit in ((200, 5.0), (2000, 20.0), (8000, 60.0)):
        if quick and size > 2000:
            continue
        problem = tight_week(size)
        start, clock = time.process_time(), time.perf_counter()
        reserve = 0.04 * limit  # the last sweep with the true cost, after the search is told to stop

        def go_on(_: Any, start: float = start, stop: float = limit - reserve) -> bool:
            return time.process_time() - start < stop

        plan = solve(problem, keep_going=go_on)
        found[f"schedule_seconds_{size}"] = round(time.process_time() - start, 2)
        found[f"schedule_clock_seconds_{size}"] = round(time.perf_counter() - clock, 2)
        found[f"schedule_gap_{size}"] = round(plan.gap, 5)
        found[f"schedule_missing_{size}"] = plan.missing
        found[f"schedule_faults_{size}"] = len(check(plan).faults)
        if size == 200:
            found |= {f"{k}_200": v for k, v in _mip_peers(problem, plan.bound, limit).items()}
    return found


def _mip_peers(problem: Any, bound: float, limit: float) -> dict[str, Any]:
    """CP-SAT and HiGHS on the same week, for the same time: cost over our bound (null: no schedule found)."""
    from ortools.linear_solver import pywraplp
    from ortools.sat.python import cp_model

    slots, days = problem.slots, problem.days
    model = cp_model.CpModel()
    linear = pywraplp.Solver.CreateSolver("HIGHS")
    cost: list[Any] = []
    cost_linear: list[Any] = []
    duty: dict[tuple[int, int], list[Any]] = {}
    duty_linear: dict[tuple[int, int], list[Any]] = {}
    for person in problem.people:
        hours, hours_linear, ends, starts = [], [], {}, {}
        for d in range(days):
            window = next((w for w in person.windows if w.day == d), None)
            if window is None:
                continue
            first, last = round((window.start - 7) * 4), round((window.end - 7) * 4)
            works = {t: model.new_bool_var("") for t in range(first, last)}
            begins = {t: model.new_bool_var("") for t in range(first, last)}
            works_linear = {t: linear.BoolVar("") for t in range(first, last)}
            begins_linear = {t: linear.BoolVar("") for t in range(first, last)}
            model.add(sum(begins.values()) <= 1)
            linear.Add(sum(begins_linear.values()) <= 1)
            for t in range(first, last):
                model.add(works[t] <= works.get(t - 1, 0) + begins[t])
                linear.Add(works_linear[t] <= works_linear.get(t - 1, 0) + begins_linear[t])
                model.add(begins[t] <= works[t])
                linear.Add(begins_linear[t] <= works_linear[t])
                for u in range(t, min(t + 8, last)):
                    model.add(works[u] >= begins[t])
                    linear.Add(works_linear[u] >= begins_linear[t])
                if t + 8 > last:
                    model.add(begins[t] == 0)
                    linear.Add(begins_linear[t] == 0)
                price = float(person.cost[d, t])
                cost.append(round(1000 * price) * works[t])
                cost_linear.append(price * works_linear[t])
                on, on_linear = [], []
                for skill in person.skills:
                    k = problem.skills.index(skill)
                    on.append(model.new_bool_var(""))
                    on_linear.append(linear.BoolVar(""))
                    duty.setdefault((k, d * slots + t), []).append(on[-1])
                    duty_linear.setdefault((k, d * slots + t), []).append(on_linear[-1])
                model.add(sum(on) == works[t])
                linear.Add(sum(on_linear) == works_linear[t])
            model.add(sum(works.values()) <= 32)
            linear.Add(sum(works_linear.values()) <= 32)
            for t in range(first, last):  # eleven hours: work at quarter t forbids tomorrow's before t - 51
                ends[d, t] = (works[t], works_linear[t])
                starts[d, t] = (works[t], works_linear[t])
            hours += works.values()
            hours_linear += works_linear.values()
        for (d, t), (late, late_linear) in ends.items():
            for u in range(t - 51):
                if (d + 1, u) in starts and t > 52:
                    model.add(late + starts[d + 1, u][0] <= 1)
                    linear.Add(late_linear + starts[d + 1, u][1] <= 1)
        least, most = round(person.least_hours * 4), round(person.most_hours * 4)
        model.add_linear_constraint(sum(hours), least, most)
        linear.Add(sum(hours_linear) >= least)
        linear.Add(sum(hours_linear) <= most)
    for k in range(len(problem.skills)):
        for t in range(days * slots):
            need = int(problem.needed[k].ravel()[t])
            short, short_linear = model.new_int_var(0, need, ""), linear.NumVar(0, need, "")
            model.add(sum(duty.get((k, t), [])) + short >= need)
            linear.Add(sum(duty_linear.get((k, t), [])) + short_linear >= need)
            cost.append(10_000 * short)
            cost_linear.append(10 * short_linear)
    model.minimize(sum(cost))
    linear.Minimize(sum(cost_linear))
    solver = cp_model.CpSolver()
    solver.parameters.max_time_in_seconds = limit
    solver.parameters.num_workers = 2
    found = solver.solve(model) in (cp_model.OPTIMAL, cp_model.FEASIBLE)
    linear.SetTimeLimit(int(1000 * limit))
    solved = linear.Solve() in (pywraplp.Solver.OPTIMAL, pywraplp.Solver.FEASIBLE)
    return {
        "schedule_gap_cpsat": round(solver.objective_value / 1000 / bound - 1, 3) if found else None,
        "schedule_gap_highs": round(linear.Objective().Value() / bound - 1, 3) if solved else None,
    }


def income(quick: bool) -> dict[str, Any]:
    from planning_income import run

    told = run(seeds=(1,)) if quick else run()
    outside = [hour for hour, band in told.by_hour.items() if not band.low <= 0.80 <= band.high]
    return {
        "income_coverage_80": round(told.coverage.value, 4), "income_coverage_band": [round(told.coverage.low, 4), round(told.coverage.high, 4)],
        "income_bias": round(abs(told.bias.value), 4), "income_agent_hours": told.agent_hours,
        "income_days": told.days,
        "income_by_hour": {hour: round(band.value, 3) for hour, band in told.by_hour.items()},
        "income_hours_outside_their_band": outside,
    }  # fmt: skip


PARTS = {"erlang": erlang, "simulation": simulation, "forecast": forecasting, "schedule": scheduling, "income": income}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", default=",".join(PARTS))
    parser.add_argument("--quick", action="store_true", help="smaller sizes and shorter peers")
    given = parser.parse_args()
    results: dict[str, Any] = {}
    for name in given.only.split(","):
        start = time.perf_counter()
        found = PARTS[name](given.quick)
        print(f"{name} ({time.perf_counter() - start:.0f} s)", json.dumps(found), flush=True)
        results |= found
    print(json.dumps(results))


if __name__ == "__main__":
    main()
