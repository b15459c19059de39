"""Schedules: who works when on what, at least cost, with a bound, a check, a fairness report and small repairs."""

from homeshore.planning.engine.scheduling.problem import Person, Rules, ScheduleProblem, Window, problem
from homeshore.planning.engine.scheduling.solver import Plan, Progress, Shift, solve

__all__ = ["Person", "Plan", "Progress", "Rules", "ScheduleProblem", "Shift", "Window", "problem", "solve"]
