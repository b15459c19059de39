"""A promise of income: what an hour should pay, gross and net, how sure that is, and what a guaranteed floor costs."""

from homeshore.planning.engine.income.calibration import Band, Calibration, Correction, calibration, learn
from homeshore.planning.engine.income.net import STATUSES, NetIncome, Portage, minimum_hourly, net_of
from homeshore.planning.engine.income.promise import (
    DaySample,
    FloorCost,
    Promise,
    Reason,
    Tariff,
    floor_cost,
    promises,
    sample_day,
)  # fmt: skip

__all__ = [
    "STATUSES", "Band", "Calibration", "Correction", "DaySample", "FloorCost", "NetIncome", "Portage", "Promise",
    "Reason", "Tariff", "calibration", "floor_cost", "learn", "minimum_hourly", "net_of", "promises", "sample_day",
]  # fmt: skip
