"""What each step found, as plain values: lists, numbers and texts that a database keeps and a page or a report shows.

A problem of the engine stays data (its text, values, line and field), so that each reader gets it in their language.
"""

from homeshore.planning.figures.demand import of_forecast, of_staffing
from homeshore.planning.figures.future import correction_of, of_income, of_service
from homeshore.planning.figures.history import of_history
from homeshore.planning.figures.mix import of_mix
from homeshore.planning.figures.plain import problems
from homeshore.planning.figures.scenarios import of_comparison
from homeshore.planning.figures.schedule import of_repair, of_schedule

__all__ = [
    "correction_of", "of_comparison", "of_forecast", "of_history", "of_income", "of_mix", "of_repair", "of_schedule", "of_service", "of_staffing",
    "problems",
]  # fmt: skip
