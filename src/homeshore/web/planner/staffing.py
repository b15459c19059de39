"""Third step: how many agents each interval needs, and what that would be under other goals; answered at once."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from homeshore.foundation import clock
from homeshore.foundation.errors import Invalid, Refused
from homeshore.planning import at_once, queries, services
from homeshore.planning.inputs import settings_of
from homeshore.planning.models import Plan, StepName
from homeshore.planning.report import charts, shapes
from homeshore.planning.report.parts import clock as hour_of
from homeshore.planning.report.parts import short_day
from homeshore.web.planner.forms import WhatIf
from homeshore.web.planner.steps import for_planners, plan_of, shown

WEEK = 7
BESIDE = 880
"""Width of charts beside the levers."""


@require_http_methods(["GET", "POST"])
@for_planners
def page(request: HttpRequest, plan_id: int) -> HttpResponse:
    """The staffing as it is kept, with its levers; a POST keeps what the levers say."""
    plan = plan_of(request, plan_id)
    found = queries.figures_of(plan, StepName.FORECAST, StepName.STAFFING)
    if StepName.STAFFING not in found:
        return redirect("planning-history", plan.pk)
    kept = found[StepName.STAFFING]
    if request.method == "POST":
        form = WhatIf(request.POST)
        if not form.is_valid():
            raise Invalid(fields={name: str(why[0]) for name, why in form.errors.items()})
        told = at_once.what_if(found[StepName.FORECAST], {**settings_of(plan), **form.settings()})
        services.keep_staffing(plan=plan, settings=form.settings(), figures=told, now=clock.now())
        messages.success(request, _("This staffing is kept. A schedule made before is to be made again."))
        return redirect("planning-staffing", plan.pk)
    answer = _answer(found[StepName.FORECAST], kept, kept, request.GET.get("day", ""))
    told = {"form": WhatIf(initial=levers_of(kept)), **answer}
    return shown(request, plan, StepName.STAFFING, "staffing", told)


@require_GET
@for_planners
def what_if(request: HttpRequest, plan_id: int) -> HttpResponse:
    """The answer to other levers, as the part of the page that shows it."""
    plan = plan_of(request, plan_id)
    found = queries.figures_of(plan, StepName.FORECAST, StepName.STAFFING)
    form = WhatIf(request.GET)
    if StepName.STAFFING not in found or not form.is_valid():
        return render(
            request, "planner/what_if.html", {"refused": _("Move the levers within their ends."), "plan": plan}
        )
    return render(
        request, "planner/what_if.html", {"plan": plan, **_asked(plan, found, form, request.GET.get("day", ""))}
    )


def _asked(plan: Plan, found: dict[str, Any], form: WhatIf, day: str) -> dict[str, Any]:
    try:
        told = at_once.what_if(found[StepName.FORECAST], {**settings_of(plan), **form.settings()})
    except Refused as refused:
        return {"refused": str(refused)}
    return _answer(found[StepName.FORECAST], told, found[StepName.STAFFING], day)


def levers_of(staffing: dict[str, Any]) -> dict[str, float | bool]:
    """Where the sliders stand."""
    return {
        "share": round(100 * staffing["goals"]["share"], 1), "seconds": staffing["goals"]["seconds"],
        "occupancy": round(100 * staffing["goals"]["occupancy"], 1), "shrinkage": round(100 * staffing["shrinkage"], 1),
        "calls": round(100 * (staffing["calls_factor"] - 1), 1),
        "handling": round(100 * (staffing["handling_factor"] - 1), 1), "shared": staffing["shared"],
    }  # fmt: skip


def _answer(forecast: dict[str, Any], told: dict[str, Any], kept: dict[str, Any], asked_day: str) -> dict[str, Any]:
    days = shapes.days_from(forecast["first_day"], len(told["queues"][0]["scheduled"]))[:WEEK]
    at = next((k for k, day in enumerate(days) if day.isoformat() == asked_day), 0)
    opens, closes = told["open_slots"]
    minutes = told["interval_minutes"]
    need, work, before = (
        [row[opens:closes] for row in shapes.summed([queue[name] for queue in figures["queues"]])[:WEEK]]
        for figures, name in ((told, "scheduled"), (told, "at_work"), (kept, "scheduled"))
    )
    slots = range(opens, closes)
    hours = [(k / len(slots), f"{slot * minutes // 60} h") for k, slot in enumerate(slots) if slot * minutes % 120 == 0]
    labels = [(d / len(days), short_day(day)) for d, day in enumerate(days)]
    hour = minutes / 60
    return {
        "staffing": told,
        "goal": told["goals"]["share"],
        "changed": told["week_hours"] - kept["week_hours"],
        "is_kept": told is kept,
        "rows": [
            {**queue, "hours": hour * sum(sum(row) for row in queue["scheduled"][:WEEK]),
             "busiest": max(max(row) for row in queue["scheduled"][:WEEK])}
            for queue in told["queues"]
        ],
        "week_chart": charts.need_of_week(shapes.flat(need), shapes.flat(before) if told is not kept else (), labels,
                                          _("Agents to schedule over the week"), len(days), BESIDE),
        "day_chart": charts.need_of_day(need[at], work[at], hours, _("Agents by interval of the day"), BESIDE),
        "day": days[at],
        "day_rows": [
            {"hour": hour_of(slot * minutes / 60), "work": work[at][k], "need": need[at][k],
             "by_queue": [queue["scheduled"][at][slot] for queue in told["queues"]]}
            for k, slot in enumerate(slots)
        ],
        "previous": days[at - 1] if at > 0 else None,
        "next_day": days[at + 1] if at + 1 < len(days) else None,
    }  # fmt: skip
