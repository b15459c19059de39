"""What each model supposes: every number can be seen and changed, and says where it comes from.

Only figures of law or of an official table carry a source. All others are examples for the user to replace: they are
marked as the user's, and a comparison that still uses them says so.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date

from homeshore.planning.engine.income.net import minimum_hourly, net_of
from homeshore.planning.engine.problems import unusable

MODELS = ("on_site", "offshore", "home_employee", "home_independent", "home_mixed", "home_portage")

USER = "the user's, to be confirmed"


@dataclass(frozen=True, slots=True)
class Assumption:
    """``source`` is a reference, or ``USER`` for an example to be replaced."""

    value: float
    unit: str
    source: str = USER

    @property
    def is_users(self) -> bool:
        return self.source == USER


Assumptions = Mapping[str, Assumption]

_UNITS = {
    "paid_hour": "€ an hour paid", "contact_second": "€ a second of contact", "overhead": "€ a month and agent",
    "shortest_shift": "hours", "shrinkage": "share", "handling_factor": "times", "turnover": "share a year",
    "hiring": "€ an agent hired", "ramp_up": "months at half pace", "extra_agents": "share of the usual agents",
}  # fmt: skip

# examples, by model: hourly pay is derived below where the law gives it
_EXAMPLES: dict[str, dict[str, float]] = {
    "on_site": {"overhead": 550.0, "shortest_shift": 6.0, "shrinkage": 0.28, "handling_factor": 1.0, "turnover": 0.35,
                "hiring": 3000.0, "ramp_up": 2.0, "extra_agents": 0.0},
    "offshore": {"paid_hour": 11.0, "overhead": 0.0, "shortest_shift": 8.0, "shrinkage": 0.25, "handling_factor": 1.15,
                 "turnover": 0.45, "hiring": 800.0, "ramp_up": 2.0, "extra_agents": 0.0},
    "home_employee": {"overhead": 120.0, "shortest_shift": 3.0, "shrinkage": 0.20, "handling_factor": 1.0, "turnover": 0.20,
                      "hiring": 1500.0, "ramp_up": 1.5, "extra_agents": 0.10},
    "home_independent": {"overhead": 60.0, "shortest_shift": 0.5, "shrinkage": 0.05, "handling_factor": 1.0, "turnover": 0.35,
                         "hiring": 600.0, "ramp_up": 1.0, "extra_agents": 0.30},
    "home_portage": {"overhead": 60.0, "shortest_shift": 1.0, "shrinkage": 0.05, "handling_factor": 1.0, "turnover": 0.25,
                     "hiring": 600.0, "ramp_up": 1.0, "extra_agents": 0.25},
}  # fmt: skip
_ACT_HOUR = {"home_independent": 24.0, "home_portage": 30.0}  # € that an hour of contact brings, an example


def defaults_for(on: date) -> dict[str, dict[str, Assumption]]:
    """The assumptions of every model: an employee costs what the official table says of 1.1 times the minimum wage."""
    least = minimum_hourly(on)
    month = round(1.1 * least * 35 * 52 / 12)
    official = net_of("employee", month, on=on)
    hourly = official.cost / 100 / (35 * 52 / 12)
    source = f"employer's cost of 1.1 times the minimum wage, 35 h a week: {official.source}, rates since {official.since.isoformat()}"
    models: dict[str, dict[str, Assumption]] = {}
    for model, values in _EXAMPLES.items():
        rows = {name: Assumption(value, _UNITS[name]) for name, value in values.items()}
        if model in ("on_site", "home_employee"):
            rows["paid_hour"] = Assumption(round(hourly, 2), _UNITS["paid_hour"], source)
        if model in _ACT_HOUR:
            rows["paid_hour"] = Assumption(0.0, _UNITS["paid_hour"], "paid per act: time without contact is not paid")
            rows["contact_second"] = Assumption(_ACT_HOUR[model] / 3600, _UNITS["contact_second"])
        else:
            rows["contact_second"] = Assumption(0.0, _UNITS["contact_second"], "paid by the hour")
        models[model] = rows
    models["home_mixed"] = {
        "share_of_employees": Assumption(0.5, "share of hours"),
    }
    return models


def changed(
    base: Mapping[str, Assumptions], changes: Mapping[str, Mapping[str, float | Assumption]]
) -> dict[str, dict[str, Assumption]]:
    """``base`` with the user's own numbers. Raises Unusable for a model or a name that does not exist."""
    result = {model: dict(rows) for model, rows in base.items()}
    for model, rows in changes.items():
        if model not in result:
            raise unusable(
                "there is no model “%(model)s” (%(known)s)", field="model", model=model, known=", ".join(result)
            )
        for name, value in rows.items():
            if name not in result[model]:
                raise unusable("model “%(model)s” has no assumption “%(name)s” (%(known)s)", field=name, model=model, name=name,
                               known=", ".join(sorted(result[model])))  # fmt: skip
            old = result[model][name]
            result[model][name] = (
                value if isinstance(value, Assumption) else replace(old, value=float(value), source="given by the user")
            )
    return result
