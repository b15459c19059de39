"""How many agents: by interval from Erlang's formulas, mails in the time left free, and the cheapest mix of skills."""

from homeshore.planning.engine.staffing.mail import Deferred, defer, mail_requirement, when_open, whole_agents
from homeshore.planning.engine.staffing.mix import Mix, Tried, cheapest_mix
from homeshore.planning.engine.staffing.pool import Traffic, staff
from homeshore.planning.engine.staffing.requirement import Requirement, requirement

__all__ = [
    "Deferred", "Mix", "Requirement", "Traffic", "Tried", "cheapest_mix", "defer", "mail_requirement", "requirement", "staff",
    "when_open", "whole_agents",
]  # fmt: skip
