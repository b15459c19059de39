"""Fifth step: what each hour should pay, how sure that is, gross and net, and what a guaranteed floor would cost."""

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from homeshore.planning import queries
from homeshore.planning.models import StepName
from homeshore.planning.report import calibration, charts, shapes
from homeshore.planning.report.page import floor_in_words, routed_in_words
from homeshore.planning.report.words import RISKS, STATUSES, known
from homeshore.web.planner.steps import for_planners, plan_of, shown

ON_A_PAGE = 40


@require_GET
@for_planners
def page(request: HttpRequest, plan_id: int) -> HttpResponse:
    """Promises by queue, by hour of the day, and by person."""
    plan = plan_of(request, plan_id)
    found = queries.figures_of(plan, StepName.INCOME).get(StepName.INCOME)
    if found is None:
        return redirect("planning-schedule", plan.pk)
    people = shapes.income_by_person(found)
    chosen = request.GET.get("person", "")
    person = int(chosen) if chosen.isdigit() and int(chosen) < len(found["people"]) else None
    by_hour = shapes.income_by_hour(found, person)
    hours = found["hours"]
    told: dict[str, Any] = {
        "income": found,
        "mean": sum(each["expected"] for each in hours) / max(1, len(hours)),
        "low": sum(each["low"] for each in hours) / max(1, len(hours)),
        "high": sum(each["high"] for each in hours) / max(1, len(hours)),
        "person": found["people"][person] if person is not None else None,
        "by_hour": by_hour,
        "chart": charts.ranges(
            [(f"{row['hour']} h", row["low"] / 100, row["expected"] / 100, row["high"] / 100) for row in by_hour],
            _("What an hour pays, by hour of the day"), "€",
        ),
        "by_queue": shapes.income_by_queue(found),
        "rows": Paginator(
            [{**row, "status": known(STATUSES, row["status"]), "risk": known(RISKS, row["risk"] or "–")} for row in people], ON_A_PAGE
        ).get_page(request.GET.get("page")),
        "floor": floor_in_words(found),
        "routed": routed_in_words(found),
        "held": calibration.in_words(found),
        "held_chart": calibration.chart(found),
    }  # fmt: skip
    return shown(request, plan, StepName.INCOME, "income", told)
