"""The page that puts models side by side, with every assumption and its source."""

import json
from collections.abc import Sequence
from dataclasses import asdict
from html import escape

from django.utils.translation import gettext as _

from homeshore.planning.engine.problems import Problem
from homeshore.planning.engine.scenarios import Comparison
from homeshore.planning.engine.scenarios.assumptions import USER
from homeshore.planning.report.parts import facts, framed, notes, percent, table


def model_names() -> dict[str, str]:
    return {
        "on_site": _("on site"), "offshore": _("offshore"), "home_employee": _("homes, employees"),
        "home_independent": _("homes, independents"), "home_mixed": _("homes, mixed"), "home_portage": _("homes, portage"),
    }  # fmt: skip


def assumption_names() -> dict[str, str]:
    return {
        "paid_hour": _("cost of an hour paid"), "contact_second": _("cost of a second of contact"), "overhead": _("overhead"),
        "shortest_shift": _("shortest shift"), "shrinkage": _("paid time not at work"), "handling_factor": _("handling time, times"),
        "turnover": _("turnover"), "hiring": _("cost of hiring"), "ramp_up": _("time to learn"),
        "extra_agents": _("agents who come in a peak"), "share_of_employees": _("share of employees"),
    }  # fmt: skip


def unit_names() -> dict[str, str]:
    return {
        "€ an hour paid": _("€ an hour paid"), "€ a second of contact": _("€ a second of contact"),
        "€ a month and agent": _("€ a month and agent"), "hours": _("hours"), "share": _("share"), "times": _("times"),
        "share a year": _("share a year"), "€ an agent hired": _("€ an agent hired"),
        "months at half pace": _("months at half pace"), "share of the usual agents": _("share of the usual agents"),
        "share of hours": _("share of hours"),
    }  # fmt: skip


def source_names() -> dict[str, str]:
    return {
        USER: _("the user's, to be confirmed"), "given by the user": _("given by the user"), "paid by the hour": _("paid by the hour"),
        "paid per act: time without contact is not paid": _("paid per act: time without contact is not paid"),
    }  # fmt: skip


def as_json(comparison: Comparison) -> str:
    """Everything the page shows, as JSON."""
    rows = [asdict(result) for result in comparison.results]
    return json.dumps({"co2": comparison.co2, "models": rows}, indent=1, ensure_ascii=False) + "\n"


def _amount(value: float) -> str:
    return f"{value:,.0f}".replace(",", "\N{NARROW NO-BREAK SPACE}")


def comparison_page(comparison: Comparison, title: str, supposed: Sequence[Problem] = ()) -> str:
    """One page: figures, what they hang on, and each assumption with its source."""
    names, of, units, sources = model_names(), assumption_names(), unit_names(), source_names()
    demand = comparison.demand
    head = facts([
        (_("calls a week"), _amount(float(demand.calls.sum()))), (_("handling time"), f"{demand.handling_seconds:.0f} s"),
        (_("goal"), _("%(share)s within %(seconds)g s") % {"share": percent(demand.goals.share), "seconds": demand.goals.seconds}),
    ])  # fmt: skip
    rows = [
        [names[r.model], _amount(r.monthly_cost), f"{r.cost_per_contact:.2f}", _amount(r.pay), _amount(r.overhead), _amount(r.turnover),
         f"{r.paid_hours / r.needed_hours:.2f}", percent(r.service_level, 1), percent(r.service_in_peak, 1), "–"]
        for r in comparison.results
    ]  # fmt: skip
    headers = [_("model"), _("€ a month"), _("€ a contact"), _("pay"), _("overhead"), _("turnover"), _("hours paid for one needed"),
               _("service level"), _("service, calls +30%"), _("CO₂")]  # fmt: skip
    users = sum(len(r.users) for r in comparison.results)
    warning = _(
        "%(count)d assumptions below are examples, marked as yours to confirm: the comparison is worth what they are worth."
    ) % {"count": users}
    carbon = _("CO₂ is left open until the accounts of impact exist.")
    parts = [
        f"<header><h1>{escape(title)}</h1>{head}</header>",
        "<section><h2>" + _("Side by side") + "</h2>", table(headers, rows), f'<ul class="notes warn"><li>{escape(warning)}</li></ul>',
        f"<p>{escape(carbon)}</p>", notes(supposed), "</section>",
    ]  # fmt: skip
    for result in comparison.results:
        ways = [
            [of.get(s.name, s.name), _amount(s.less), _amount(s.more)]
            for s in result.sensitivity if abs(s.more - s.less) > 0.5
        ]  # fmt: skip
        used = [
            [
                _assumed(name, names, of),
                f"{row.value:.4g}",
                units.get(row.unit, row.unit),
                sources.get(row.source, row.source),
            ]
            for name, row in result.assumptions.items()
        ]
        parts.append(
            f"<section><h2>{escape(names[result.model])}</h2>"
            f"<h3>" + _("Monthly cost when one assumption is a fifth less or more") + "</h3>"
            + table([_("assumption"), _("a fifth less"), _("a fifth more")], ways)
            + "<details><summary>" + _("Every assumption, with its source") + "</summary>"
            + table([_("assumption"), _("value"), _("unit"), _("source")], used, 4) + "</details></section>"
        )  # fmt: skip
    return framed(title, "".join(parts))


def _assumed(name: str, names: dict[str, str], of: dict[str, str]) -> str:
    model, colon, rest = name.partition(": ")
    return f"{names[model]} – {of.get(rest, rest)}" if colon else of.get(name, name)
