"""Working-time rules as data: each row holds for a status, between dates, and says its source.

An independent has no legal working time: the limits are those that the person, or the operator, sets.
"""

import json
from dataclasses import dataclass, replace
from datetime import date
from importlib.resources import files

from homeshore.planning.engine.problems import unusable
from homeshore.planning.engine.scheduling.problem import Rules

STATUSES = ("employee", "independent", "company", "portage")
_AS_EMPLOYEE = {"portage": "employee"}  # a person in portage is the employee of the portage company


@dataclass(frozen=True, slots=True)
class LegalRule:
    """``field`` is one of ``Rules``; ``until`` is None while the rule holds."""

    status: str
    field: str
    value: float
    since: date
    until: date | None
    source: str


def legal_rules() -> tuple[LegalRule, ...]:
    """All rows, with their sources."""
    rows = json.loads(files(__package__).joinpath("rules_fr.json").read_text(encoding="utf-8"))
    return tuple(
        LegalRule(row["status"], row["field"], row["value"], date.fromisoformat(row["from"]),
                  date.fromisoformat(row["to"]) if row["to"] else None, row["source"])
        for row in rows
    )  # fmt: skip


def rules_for(status: str, on: date, base: Rules | None = None) -> Rules:
    """``base`` (what people wish) tightened by the law for a status on a date."""
    if status not in STATUSES:
        raise unusable(
            "“%(status)s” is no status (%(known)s)", field="status", status=status, known=", ".join(STATUSES)
        )
    rules = base or Rules(rest_between=0.0)
    for row in legal_rules():
        if row.status != _AS_EMPLOYEE.get(status, status) or on < row.since or (row.until and on > row.until):
            continue
        if row.field == "rest_between":
            rules = replace(rules, rest_between=max(rules.rest_between, row.value))
        elif row.field == "longest_shift":
            rules = replace(rules, longest_shift=min(rules.longest_shift, row.value))
        elif row.field == "most_days":
            rules = replace(rules, most_days=min(rules.most_days, int(row.value)))
        elif row.field == "break_after_hours":
            rules = replace(rules, break_after_hours=min(rules.break_after_hours or row.value, row.value))
        elif row.field == "break_minutes":
            rules = replace(rules, break_minutes=max(rules.break_minutes, row.value))
    return rules
