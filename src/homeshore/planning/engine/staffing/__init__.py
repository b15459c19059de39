"""How many agents: by interval from Erlang's formulas, and the cheapest mix of skills by simulation."""

from homeshore.planning.engine.staffing.mix import Mix, cheapest_mix
from homeshore.planning.engine.staffing.pool import Traffic, staff
from homeshore.planning.engine.staffing.requirement import Deferred, Requirement, defer, requirement

__all__ = ["Deferred", "Mix", "Requirement", "Traffic", "cheapest_mix", "defer", "requirement", "staff"]
