"""The folder of results: tables in Parquet, the summary in JSON, the report in HTML; all or nothing."""

import json
import shutil
import tempfile
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import polars as pl

from homeshore.planning.engine.income import STATUSES, net_of
from homeshore.planning.engine.problems import Problem, unusable
from homeshore.planning.whole_way import Outcome

WEEKS_A_MONTH = 52 / 12
NET_SINCE = date(2026, 7, 1)  # a plan of older days is shown with today's contributions: the table has none for them


def write_results(outcome: Outcome, folder: Path, page: str, said: Callable[[Problem], str] = str) -> list[Path]:
    """Write everything into ``folder``, which must be new or hold earlier results only; a failure leaves it as it was."""
    if folder.exists() and any(folder.iterdir()) and not (folder / "result.json").exists():
        raise unusable("the folder “%(folder)s” holds other things: give a new one", field="to", folder=str(folder))
    folder.parent.mkdir(parents=True, exist_ok=True)
    building = Path(tempfile.mkdtemp(prefix=".plan-", dir=folder.parent))
    try:
        tables = {
            "history": outcome.history.volumes, "forecast": forecasts(outcome), "schedule": schedule(outcome),
            "promises": promise_table(outcome),
        }  # fmt: skip
        for name, table in tables.items():
            table.write_parquet(building / f"{name}.parquet")
        (building / "result.json").write_text(
            json.dumps(summary(outcome, said), indent=1, ensure_ascii=False) + "\n", "utf-8"
        )
        (building / "report.html").write_text(page, "utf-8")
        if folder.exists():
            shutil.rmtree(folder)
        building.rename(folder)
    except BaseException:
        shutil.rmtree(building, ignore_errors=True)
        raise
    return sorted(folder.iterdir())


def forecasts(outcome: Outcome) -> pl.DataFrame:
    """One row a queue, day and interval: expected calls, their interval, agents at work and scheduled."""
    rows = []
    for queue in outcome.queues:
        told, need = queue.forecast, queue.requirement
        for d in range(told.mean.shape[0]):
            for slot in range(told.mean.shape[1]):
                rows.append((
                    queue.name, told.first_day + timedelta(days=d), slot * told.interval_minutes, float(told.mean[d, slot]),
                    float(told.low[d, slot]), float(told.high[d, slot]), int(need.at_work[d, slot]), int(need.scheduled[d, slot]),
                ))  # fmt: skip
    columns = ["queue", "day", "minute_of_day", "calls", "low", "high", "agents_at_work", "agents_scheduled"]
    return pl.DataFrame(rows, schema=columns, orient="row")


def schedule(outcome: Outcome) -> pl.DataFrame:
    """One row a task: who, when (hours of the local day), on which queue."""
    week = outcome.week
    rows = [
        (shift.person, week[shift.day], queue, start, end, shift.start, shift.end)
        for shift in outcome.plan.shifts for queue, start, end in shift.tasks
    ]  # fmt: skip
    columns = {"person": pl.String, "day": pl.Date, "queue": pl.String, "from_hour": pl.Float64, "to_hour": pl.Float64,
               "shift_from": pl.Float64, "shift_to": pl.Float64}  # fmt: skip
    return pl.DataFrame(rows, schema=columns, orient="row")


def promise_table(outcome: Outcome) -> pl.DataFrame:
    """One row an agent-hour: gross cents expected, 80 % interval, net by the person's status, and the chief risk."""
    week, rows = outcome.week, []
    hours: dict[str, float] = {}
    for shift in outcome.plan.shifts:
        hours[shift.person] = hours.get(shift.person, 0.0) + sum(end - start for _, start, end in shift.tasks)
    for d, day in enumerate(outcome.promises):
        for promise in day:
            home = outcome.homes[promise.agent]
            weekly = max(1.0, hours.get(home.person.name, 1.0))
            month = weekly * WEEKS_A_MONTH
            net = None
            if home.status in STATUSES:
                on = max(week[d], NET_SINCE)
                net = round(
                    net_of(home.status, round(promise.expected * month), on=on, hours_a_week=weekly).net / month
                )
            risk = promise.reasons[0].code if promise.reasons else None
            rows.append(
                (
                    home.person.name,
                    home.status,
                    week[d],
                    promise.hour,
                    promise.expected,
                    promise.low,
                    promise.high,
                    net,
                    risk,
                )
            )
    columns = {"person": pl.String, "status": pl.String, "day": pl.Date, "hour": pl.Int64, "expected_cents": pl.Int64,
               "low_cents": pl.Int64, "high_cents": pl.Int64, "net_cents": pl.Int64, "chief_risk": pl.String}  # fmt: skip
    places = {home.person.name: k for k, home in enumerate(outcome.homes)}
    rows.sort(key=lambda row: (places[row[0]], row[2], row[3]))
    return pl.DataFrame(rows, schema=columns, orient="row")


def summary(outcome: Outcome, said: Callable[[Problem], str] = str) -> dict[str, Any]:
    """The figures of the report, as plain values."""
    plan = outcome.plan
    return {
        "history": {
            "layout": outcome.history.layout,
            "mapping": dict(outcome.history.mapping.described()) if outcome.history.mapping else {},
            "problems": [said(p) for p in outcome.history.problems],
            "marked_days": [{"day": m.day.isoformat(), "queue": m.queue, "note": m.note} for m in outcome.marks],
        },
        "assumptions": [said(p) for p in outcome.assumptions],
        "queues": [
            {
                "name": q.name, "members": list(q.members), "handling_seconds": round(q.handling_seconds, 1),
                "patience_seconds": None if q.patience_seconds is None else round(q.patience_seconds, 1),
                "method": q.forecast.method, "noise_wape": round(q.forecast.noise_wape, 4),
                "methods": [{"name": m.name, "wape": round(m.wape, 4), "chosen": m.chosen} for m in q.forecast.methods],
                "warnings": [said(w) for w in q.forecast.warnings],
                "service_level": round(float(outcome.service.mean[k]), 4),
                "service_level_95": [round(float(outcome.service.low[k]), 4), round(float(outcome.service.high[k]), 4)],
            }
            for k, q in enumerate(outcome.queues)
        ],
        "schedule": {
            "people": len(outcome.homes), "shifts": len(plan.shifts), "cost": round(plan.cost, 2), "bound": round(plan.bound, 2),
            "gap": round(plan.gap, 5), "missing_agent_intervals": plan.missing, "faults": [said(f) for f in outcome.faults],
            "cannot_be_covered": [said(g) for g in outcome.gaps], "inequality": round(outcome.fairness.inequality, 4),
            "without_lawful_week": list(plan.without_week),
        },
        "income": {
            "agent_hours": sum(len(day) for day in outcome.promises),
            "calibrated": False,
            "floor": {
                "cents_an_hour": outcome.floor_cost.floor, "expected_cents": outcome.floor_cost.expected,
                "at_most_cents_90": outcome.floor_cost.at_most, "share_of_hours": round(outcome.floor_cost.share_of_hours, 4),
            },
        },
    }  # fmt: skip
