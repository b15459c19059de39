"""Second step: what is to come, by which method, how far to trust it, and what the planner knows besides."""

from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from homeshore.foundation import clock
from homeshore.planning import queries, services
from homeshore.planning.models import Plan, StepName, Work
from homeshore.planning.report import charts, shapes
from homeshore.planning.report.language import clock as hour_of
from homeshore.planning.report.language import short_day
from homeshore.planning.report.words import method_name, said
from homeshore.web.planner.forms import Ahead, Events
from homeshore.web.planner.steps import for_planners, plan_of, shown


@require_http_methods(["GET", "POST"])
@for_planners
def page(request: HttpRequest, plan_id: int) -> HttpResponse:
    """A queue's forecast by day and by interval, beside its past; and what it takes into account."""
    plan = plan_of(request, plan_id)
    found = queries.figures_of(plan, StepName.FORECAST).get(StepName.FORECAST)
    if found is None:
        return redirect("planning-history", plan.pk)
    form = Ahead(request.POST or None, initial={"days": len(found["queues"][0]["daily"]), **plan.settings})
    events = Events(request.POST or None, initial=_events_of(plan), prefix="events")
    if request.method == "POST" and form.is_valid() and events.is_valid():
        told = form.cleaned_data
        settings = {
            "country": told["country"] or None, "school_zone": told["school_zone"] or None, "days": told["days"],
            "events": [
                {"name": row["name"], "first": row["first"].isoformat(), "last": max(row["first"], row["last"]).isoformat(),
                 "factor": row["factor"]}
                for row in events.cleaned_data if row and not row.get("DELETE")
            ],
        }  # fmt: skip
        services.change_settings(plan=plan, settings=settings, then=Work.Kind.FORECAST, now=clock.now())
        return redirect("planning-forecast", plan.pk)
    shown_now = {
        "form": form,
        "events": events,
        **_told(found, request.GET.get("queue", ""), request.GET.get("day", "")),
    }
    return shown(
        request,
        plan,
        StepName.FORECAST,
        "forecast",
        shown_now,
        status=422 if form.errors or events.total_error_count() else 200,
    )


def _events_of(plan: Plan) -> list[dict[str, Any]]:
    return [
        {**row, "first": date.fromisoformat(row["first"]), "last": date.fromisoformat(row["last"])}
        for row in plan.settings.get("events", [])
    ]


def _told(found: dict[str, Any], asked: str, asked_day: str) -> dict[str, Any]:
    every = [*found["queues"], *found["brands"]]
    queue = next((each for each in every if each["name"] == asked), every[0])
    days = shapes.days_from(found["first_day"], len(queue["daily"]))
    at = next((k for k, day in enumerate(days) if day.isoformat() == asked_day), 0)
    past = queue.get("past_daily", [])
    first = days[0].toordinal() - len(past)
    labels = [
        (k / (len(past) + len(days)), short_day(date.fromordinal(first + k))) for k in range(0, len(past) + len(days), 7)
    ]  # fmt: skip
    uncertain = [k for k, day in enumerate(days) if day.isoformat() in queue["uncertain_days"]]
    minutes, (opens, closes) = found["interval_minutes"], found["open_slots"]
    slots = range(opens, closes)
    hours = [(k / len(slots), f"{slot * minutes // 60} h") for k, slot in enumerate(slots) if slot * minutes % 120 == 0]
    before = queue.get("past", [])[at % 7][opens:closes] if queue.get("past") else []
    mean, low, high = (queue[name][at][opens:closes] for name in ("mean", "low", "high"))
    worst = max((each["wape"] or 0 for each in queue["methods"]), default=1) or 1
    return {
        "forecast": found,
        "queue": queue,
        "queues": found["queues"],
        "brands": found["brands"],
        "method": method_name(queue["method"]),
        "error": next((each["wape"] for each in queue["methods"] if each["chosen"]), None),
        "methods": [
            {"name": method_name(each["name"]), "wape": each["wape"], "chosen": each["chosen"], "width": 100 * (each["wape"] or 0) / worst}
            for each in queue["methods"]
        ],
        "noise_at": 100 * (queue["noise_wape"] or 0) / worst,
        "chart": charts.past_and_forecast(past, queue["daily"], queue["daily_low"], queue["daily_high"], labels,
                                          _("Calls a day, seen and expected"), _("forecast"), uncertain, both_ends=True),
        "day_chart": charts.interval_forecast(mean, low, high, hours, _("Calls by interval of the day"), before),
        "warnings": [said(each) for each in queue["warnings"]],
        "day": days[at],
        "day_special": found["special_days"].get(days[at].isoformat(), ""),
        "day_rows": [
            {"hour": hour_of(slot * minutes / 60), "mean": queue["mean"][at][slot], "low": queue["low"][at][slot],
             "high": queue["high"][at][slot]}
            for slot in slots
        ],
        "previous": days[at - 1] if at > 0 else None,
        "next_day": days[at + 1] if at + 1 < len(days) else None,
        "days": [
            {"day": day, "mean": queue["daily"][k], "low": queue["daily_low"][k], "high": queue["daily_high"][k],
             "special": found["special_days"].get(day.isoformat(), ""), "uncertain": k in uncertain}
            for k, day in enumerate(days)
        ],
        "expected": sum(queue["daily"][:7]),
        "supposed": [said(each) for each in found["assumptions"]],
    }  # fmt: skip
