"""Last step: the same demand on site, offshore and from homes, with every assumption in sight and in hand."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from homeshore.foundation import clock
from homeshore.planning import queries, services
from homeshore.planning.models import StepName, Work
from homeshore.planning.report.comparison import assumption_name, costs, examples_in_words
from homeshore.planning.report.words import ASSUMPTIONS, MODELS, UNITS, known, said, source_in_words
from homeshore.web.planner.steps import for_planners, plan_of, shown

NARROW = 326


@require_http_methods(["GET", "POST"])
@for_planners
def page(request: HttpRequest, plan_id: int) -> HttpResponse:
    """Models side by side; a POST computes them again under the planner's own numbers."""
    plan = plan_of(request, plan_id)
    found = queries.figures_of(plan, StepName.FORECAST, StepName.COMPARISON)
    if StepName.FORECAST not in found:
        return redirect("planning-history", plan.pk)
    kept = found.get(StepName.COMPARISON)
    faults: dict[str, str] = {}
    if request.method == "POST":
        plan.assumptions, faults = _changes(request, kept) if kept else ({}, {})
        if not faults:
            services.change_settings(plan=plan, settings={}, then=Work.Kind.COMPARE, now=clock.now())
            return redirect("planning-comparison", plan.pk)
    told = _told(kept, faults) if kept else {}
    return shown(request, plan, StepName.COMPARISON, "comparison", told, status=422 if faults else 200)


def _changes(request: HttpRequest, kept: dict[str, Any]) -> tuple[dict[str, dict[str, float]], dict[str, str]]:
    """The numbers that the planner wrote instead of the shown ones, by model; and what is no number."""
    changes: dict[str, dict[str, float]] = {}
    faults: dict[str, str] = {}
    for result in kept["models"]:
        for name, row in result["assumptions"].items():
            written = request.POST.get(f"{result['model']}.{name}")
            if ":" in name or written is None:
                continue
            try:
                value = float(written.replace(",", ".").replace("\N{NARROW NO-BREAK SPACE}", ""))
            except ValueError:
                faults[f"{result['model']}.{name}"] = _("A number is needed here.")
                continue
            if row["source"] == "given by the user" or abs(value - row["value"]) > 1e-9 * max(1.0, abs(row["value"])):
                changes.setdefault(result["model"], {})[name] = value
    return changes, faults


def _told(found: dict[str, Any], faults: dict[str, str]) -> dict[str, Any]:
    cheapest = min(found["models"], key=lambda result: result["monthly_cost"])["model"]
    return {
        "comparison": found,
        "chart": costs(found),
        "narrow_chart": costs(found, NARROW),
        "examples": examples_in_words(found),
        "supposed": [said(each) for each in found["assumptions"]],
        "models": [
            {
                **result, "name": known(MODELS, result["model"]), "cheapest": result["model"] == cheapest,
                "paid_for_needed": result["paid_hours"] / max(result["needed_hours"], 1e-9),
                "ways": [{**way, "name": known(ASSUMPTIONS, way["name"])} for way in result["sensitivity"] if abs(way["more"] - way["less"]) > 0.5],
                "rows": [
                    {"field": f"{result['model']}.{name}", "name": assumption_name(name), "value": number_format(f"{row['value']:.6g}", use_l10n=True),
                     "unit": known(UNITS, row["unit"]), "source": source_in_words(row["source"]),
                     "example": row["source"] == found["example"], "fault": faults.get(f"{result['model']}.{name}", "")}
                    for name, row in result["assumptions"].items() if ":" not in name
                ],
            }
            for result in found["models"]
        ],
    }  # fmt: skip
