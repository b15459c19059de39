"""The folder of results: tables in Parquet, the figures in JSON, the report in HTML and PDF; all or nothing."""

import json
import shutil
import tempfile
from datetime import timedelta
from pathlib import Path
from typing import Any

import polars as pl

from homeshore.planning import figures
from homeshore.planning.engine.problems import unusable
from homeshore.planning.figures.demand import staffed_of
from homeshore.planning.way import Outcome


def figures_of(outcome: Outcome) -> dict[str, Any]:
    """What every step found, as plain values: the same that the screens keep and show."""
    found, planned, lived, wishes = outcome.demanded, outcome.scheduled, outcome.future, outcome.wishes
    told = figures.of_forecast(found)
    return {
        "history": figures.of_history(outcome.history, found.calendar),
        "forecast": told,
        "staffing": figures.of_staffing(staffed_of(told), wishes.interval_minutes, found.open_slots, wishes),
        "schedule": figures.of_schedule(planned, told["first_day"]),
        "income": figures.of_income(found, planned.homes, planned.plan, lived, wishes),
    }


def check_folder(folder: Path) -> None:
    """Raises Unusable for a folder that holds something else than earlier results; asked before anything is computed."""
    if folder.exists() and any(folder.iterdir()) and not (folder / "result.json").exists():
        raise unusable("the folder “%(folder)s” holds other things: give a new one", field="to", folder=str(folder))


def write_results(
    outcome: Outcome, folder: Path, told: dict[str, Any], page: str, pdf: bytes | None = None
) -> list[Path]:
    """Write everything into ``folder``, which must be new or hold earlier results only; a failure leaves it as it was."""
    check_folder(folder)
    folder.parent.mkdir(parents=True, exist_ok=True)
    building = Path(tempfile.mkdtemp(prefix=".plan-", dir=folder.parent))
    try:
        tables = {
            "history": outcome.history.volumes, "forecast": forecasts(outcome), "schedule": schedule(outcome),
            "promises": promises(outcome, told["income"]),
        }  # fmt: skip
        for name, table in tables.items():
            table.write_parquet(building / f"{name}.parquet")
        (building / "result.json").write_text(json.dumps(told, indent=1, ensure_ascii=False) + "\n", "utf-8")
        (building / "report.html").write_text(page, "utf-8")
        if pdf is not None:
            (building / "report.pdf").write_bytes(pdf)
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
    for queue in outcome.demanded.queues:
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
        for shift in outcome.scheduled.plan.shifts for queue, start, end in shift.tasks
    ]  # fmt: skip
    columns = {"person": pl.String, "day": pl.Date, "queue": pl.String, "from_hour": pl.Float64, "to_hour": pl.Float64,
               "shift_from": pl.Float64, "shift_to": pl.Float64}  # fmt: skip
    return pl.DataFrame(rows, schema=columns, orient="row")


def promises(outcome: Outcome, income: dict[str, Any]) -> pl.DataFrame:
    """One row an agent-hour: gross cents expected, 80 % interval, net by the person's status, and the chief risk."""
    week = outcome.week
    rows = []
    for row in income["hours"]:
        person = income["people"][row["person"]]
        risk = row["reasons"][0][0] if row["reasons"] else None
        rows.append((person["name"], person["status"], week[row["day"]], row["hour"], row["queue"], row["expected"],
                     row["low"], row["high"], row["net"], risk))  # fmt: skip
    columns = {"person": pl.String, "status": pl.String, "day": pl.Date, "hour": pl.Int64, "queue": pl.String,
               "expected_cents": pl.Int64, "low_cents": pl.Int64, "high_cents": pl.Int64, "net_cents": pl.Int64,
               "chief_risk": pl.String}  # fmt: skip
    return pl.DataFrame(rows, schema=columns, orient="row")
