"""What would have happened: a day played through the very core that runs in production, on a clock of its own."""

from homeshore.routing.simulator.play import Watch, simulate
from homeshore.routing.simulator.result import AgentResult, QueueResult, Result
from homeshore.routing.simulator.scenario import Arrival, Chances, Scenario, Shift, poisson_arrivals

__all__ = [
    "AgentResult",
    "Arrival",
    "Chances",
    "QueueResult",
    "Result",
    "Scenario",
    "Shift",
    "Watch",
    "poisson_arrivals",
    "simulate",
]
