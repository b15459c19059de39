"""Ways to run one and the same demand, side by side: on site, offshore, and homes by status."""

from homeshore.planning.engine.scenarios.assumptions import MODELS, Assumption, Assumptions, defaults_for
from homeshore.planning.engine.scenarios.compare import (
    Comparison,
    Demand,
    Mails,
    ModelResult,
    Sensitivity,
    compare_models,
)

__all__ = [
    "MODELS", "Assumption", "Assumptions", "Comparison", "Demand", "Mails", "ModelResult", "Sensitivity",
    "compare_models", "defaults_for",
]  # fmt: skip
