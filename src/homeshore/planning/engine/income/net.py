"""From gross to net, by status and date: tables made from the French social rules, and a model for portage.

Amounts are integer cents of euro a month, before income tax. Nothing here replaces a pay slip.
"""

import json
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Any

import numpy as np

from homeshore.planning.engine.problems import Problem, unusable

MICRO = ("micro_bnc", "micro_bic_services", "micro_artisan")
STATUSES = (*MICRO, "employee", "portage")
WEEKS_A_MONTH = 52 / 12


@dataclass(frozen=True, slots=True)
class Portage:
    """What the user supposes of a portage company: no public table exists. Shares of turnover and of gross salary."""

    fee: float = 0.07
    reserve: float = 0.10
    source: str = "assumption of this tool, to be replaced by the portage company's own figures"


@dataclass(frozen=True, slots=True)
class NetIncome:
    """``earned``: what the work brings in (turnover, or gross salary); ``net`` reaches the person before income tax;
    ``cost`` is what the client or the employer pays. ``since`` dates the table used."""

    status: str
    earned: int
    net: int
    cost: int
    since: date
    source: str
    warnings: tuple[Problem, ...] = ()


@cache
def _tables() -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads(files(__package__).joinpath("net_fr.json").read_text(encoding="utf-8"))
    return loaded


def _table_on(on: date) -> dict[str, Any]:
    found = [table for table in _tables()["tables"] if date.fromisoformat(table["since"]) <= on]
    if not found:
        first = _tables()["tables"][0]["since"]
        raise unusable("there is no table of social contributions before %(first)s", field="on", first=first)
    best: dict[str, Any] = found[-1]
    return best


def minimum_hourly(on: date) -> int:
    """The gross minimum wage of an hour, in cents, with the table that holds on a date."""
    return int(_table_on(on)["employee"]["minimum_hourly"])


def net_of(
    status: str, earned: int, *, on: date, hours_a_week: float = 35.0, portage: Portage | None = None
) -> NetIncome:  # fmt: skip
    """Net of a month in which ``earned`` cents were earned, as turnover or as gross salary, by ``status``.

    An employee's pay is raised to the minimum wage of the hours worked, which is said. Between the rows of the table
    the net is interpolated. Raises Unusable for an unknown status or a negative amount.
    """
    if earned < 0:
        raise unusable("earnings cannot be negative (%(earned)d cents)", field="earned", earned=earned)
    table = _table_on(on)
    since, source = date.fromisoformat(table["since"]), f"{_tables()['source']}, made {_tables()['made']}"
    if status in MICRO:
        rows = table["micro"][status]
        grid = [row["gross"] for row in rows]
        warnings: tuple[Problem, ...] = ()
        if earned > grid[-1]:
            warnings = (
                Problem("earnings above the table (%(most)d cents a month): its last rate is used", {"most": grid[-1]}),
            )
        net = round(_line(earned, grid, [row["net"] for row in rows]))
        return NetIncome(status, earned, net, earned, since, source, warnings)
    if status == "employee":
        return _employee(table, earned, hours_a_week, since, source)
    if status == "portage":
        terms = portage or Portage()
        kept = earned * (1.0 - terms.fee)
        lows, highs = 0.0, kept
        for _ in range(40):  # the gross salary, with its reserve, whose employer's cost uses up what is left of the fee
            gross = (lows + highs) / 2
            if _employee_amounts(table, gross * (1.0 + terms.reserve), 35.0)[1] > kept:
                highs = gross
            else:
                lows = gross
        net = round(_employee_amounts(table, lows * (1.0 + terms.reserve), 35.0)[0])
        said = (Problem("portage is modelled: a fee of %(fee)g %% and a reserve of %(reserve)g %%, that is paid out at the "
                        "end and counted in the net here; %(source)s",
                        {"fee": 100 * terms.fee, "reserve": 100 * terms.reserve, "source": terms.source}),)  # fmt: skip
        return NetIncome(status, earned, net, earned, since, source, said)
    raise unusable("“%(status)s” has no table of contributions (%(known)s)", field="status", status=status,
                   known=", ".join(STATUSES))  # fmt: skip


def _line(value: float, xs: list[int], ys: list[int]) -> float:
    """Linear between points, and beyond the last by its last slope."""
    if value > xs[-1]:
        return ys[-1] + (value - xs[-1]) * (ys[-1] - ys[-2]) / (xs[-1] - xs[-2])
    return float(np.interp(value, xs, ys))


def _employee_amounts(table: dict[str, Any], gross: float, hours: float) -> tuple[float, float]:
    """Net and employer's cost: along the gross for the two nearest numbers of hours, then between them."""
    rows = table["employee"]["rows"]
    grid = sorted({row["hours"] for row in rows})
    hours = float(np.clip(hours, grid[0], grid[-1]))
    below = max(h for h in grid if h <= hours)
    above = min(h for h in grid if h >= hours)
    results = []
    for at in (below, above):
        of = [row for row in rows if row["hours"] == at]
        xs = [0, *(row["gross"] for row in of)]
        results.append(
            (_line(gross, xs, [0, *(row["net"] for row in of)]), _line(gross, xs, [0, *(row["cost"] for row in of)]))
        )
    share = 0.0 if above == below else (hours - below) / (above - below)
    (net_below, cost_below), (net_above, cost_above) = results
    return (1 - share) * net_below + share * net_above, (1 - share) * cost_below + share * cost_above


def _employee(table: dict[str, Any], earned: int, hours: float, since: date, source: str) -> NetIncome:
    least = round(table["employee"]["minimum_hourly"] * hours * WEEKS_A_MONTH)
    warnings: tuple[Problem, ...] = ()
    if earned < least:
        warnings = (Problem("acts bring %(earned)d cents, under the minimum wage of these hours: %(least)d cents are paid",
                            {"earned": earned, "least": least}),)  # fmt: skip
    net, cost = _employee_amounts(table, float(max(earned, least)), hours)
    return NetIncome("employee", max(earned, least), round(net), round(cost), since, source, warnings)
