"""Models side by side."""

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from homeshore.planning.engine.problems import Problem
from homeshore.planning.engine.scenarios import Comparison
from homeshore.planning.engine.scenarios.assumptions import USER
from homeshore.planning.figures.plain import numbers, problems


def of_comparison(found: Comparison, supposed: Sequence[Problem]) -> dict[str, Any]:
    """Every model's results and assumptions; ``users`` counts the examples still to be replaced."""
    demand = found.demand
    return {
        "calls_a_week": round(float(demand.calls.sum()), 1),
        "mails_a_week": round(sum(float(each.mails.sum()) for each in demand.mails), 1),
        "handling_seconds": round(demand.handling_seconds, 1),
        "patience_seconds": round(demand.patience_seconds, 1),
        "goals": {"share": demand.goals.share, "seconds": demand.goals.seconds},
        "by_day": numbers(demand.calls.sum(axis=1), 1),
        "assumptions": problems(supposed),
        "co2": found.co2,
        "example": USER,
        "models": [asdict(result) for result in found.results],
    }
