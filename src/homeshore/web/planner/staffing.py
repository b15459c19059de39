"""Third step: how many agents each interval needs, and what that would be under other goals; answered at once."""

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.forms import BaseFormSet
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from homeshore.foundation import clock
from homeshore.foundation.errors import Invalid, Refused
from homeshore.planning import at_once, queries, services
from homeshore.planning.inputs import settings_of
from homeshore.planning.models import Plan, StepName, Work
from homeshore.planning.report import charts, shapes
from homeshore.planning.report.language import clock as hour_of
from homeshore.planning.report.language import short_day
from homeshore.planning.report.parts import goal
from homeshore.planning.report.words import KINDS, known
from homeshore.web.planner.forms import Terms, TermsOfQueues, WhatIf
from homeshore.web.planner.mix import mix_form
from homeshore.web.planner.mix import told as mix_told
from homeshore.web.planner.steps import for_planners, plan_of, shown

WEEK = 7
BESIDE = 880
"""Width of charts beside the levers."""


@dataclass(slots=True)
class Asked:
    """What a planner asks of staffing: the levers, and how each queue is served (empty when that was not on the page)."""

    levers: WhatIf
    terms: "BaseFormSet[Terms] | None"
    names: list[str]

    def is_valid(self) -> bool:
        """Whether all of it can be meant; its forms say what cannot."""
        told = self.levers.is_valid()
        return (self.terms is None or self.terms.is_valid()) and told

    def settings(self, plan: Plan) -> dict[str, Any]:
        """What was asked as a plan keeps it."""
        if self.terms is None:
            return dict(self.levers.settings())
        said = {name: form.terms() for name, form in zip(self.names, self.terms.forms, strict=False)}
        return {**self.levers.settings(), "queues": {**plan.settings.get("queues", {}), **said}}

    def faults(self) -> dict[str, str]:
        """By field, what cannot be meant."""
        found = {name: str(why[0]) for name, why in self.levers.errors.items()}
        for form in self.terms.forms if self.terms is not None else ():
            found |= {form.add_prefix(name): str(why[0]) for name, why in form.errors.items()}
        return found


def _asked(data: QueryDict, kept: dict[str, Any]) -> Asked:
    names = [row["name"] for row in kept["queues"]]
    terms = TermsOfQueues(data, prefix="queues") if "queues-TOTAL_FORMS" in data else None
    return Asked(WhatIf(data), terms, names)


@require_http_methods(["GET", "POST"])
@for_planners
def page(request: HttpRequest, plan_id: int) -> HttpResponse:
    """The staffing as it is kept, with its levers; a POST keeps what they say, and forecasts anew where queues changed kind."""
    plan = plan_of(request, plan_id)
    found = queries.figures_of(plan, StepName.FORECAST, StepName.STAFFING, StepName.MIX)
    if StepName.STAFFING not in found:
        return redirect("planning-history", plan.pk)
    at_once.expect()
    kept = found[StepName.STAFFING]
    if request.method == "POST":
        asked = _asked(request.POST, kept)
        if not asked.is_valid():
            raise Invalid(fields=asked.faults())
        settings = asked.settings(plan)
        kinds = {row["name"]: row.get("kind", "call") for row in kept["queues"]}
        if any(settings.get("queues", {}).get(name, {}).get("kind", kind) != kind for name, kind in kinds.items()):
            services.change_settings(plan=plan, settings=settings, then=Work.Kind.FORECAST, now=clock.now())
        else:
            told = at_once.what_if(found[StepName.FORECAST], {**settings_of(plan), **settings})
            services.keep_staffing(plan=plan, settings=settings, figures=told, now=clock.now())
        messages.success(request, _("This staffing is kept. A schedule made before is to be made again."))
        return redirect("planning-staffing", plan.pk)
    answer = _answer(found[StepName.FORECAST], kept, kept, request.GET.get("day", ""))
    terms = TermsOfQueues(initial=[_terms_of(row, kept) for row in kept["queues"]], prefix="queues")
    served = [(row["name"], form) for row, form in zip(kept["queues"], terms.forms, strict=True)]
    told = {"form": WhatIf(initial=levers_of(kept)), "terms": terms, "served": served, **answer}
    if sum(row.get("kind", "call") != "mail" for row in kept["queues"]) > 1:
        told["mix_form"] = mix_form(found[StepName.FORECAST], kept, queries.routing_policy(plan)["rule"])
    if StepName.MIX in found:
        told["mix"] = mix_told(found[StepName.MIX], found[StepName.FORECAST]["first_day"])
    return shown(request, plan, StepName.STAFFING, "staffing", told)


@require_GET
@for_planners
def what_if(request: HttpRequest, plan_id: int) -> HttpResponse:
    """The answer to other levers, as the part of the page that shows it."""
    plan = plan_of(request, plan_id)
    found = queries.figures_of(plan, StepName.FORECAST, StepName.STAFFING)
    asked = _asked(request.GET, found[StepName.STAFFING]) if StepName.STAFFING in found else None
    if asked is None or not asked.is_valid():
        faults = list(asked.faults().values())[:1] if asked else []
        refused = " ".join([_("Move the levers within their ends."), *faults])
        return render(request, "planner/what_if.html", {"refused": refused, "plan": plan})
    return render(
        request, "planner/what_if.html", {"plan": plan, **_told(plan, found, asked, request.GET.get("day", ""))}
    )


def _told(plan: Plan, found: dict[str, Any], asked: Asked, day: str) -> dict[str, Any]:
    try:
        told = at_once.what_if(found[StepName.FORECAST], {**settings_of(plan), **asked.settings(plan)})
    except Refused as refused:
        return {"refused": str(refused)}
    return _answer(found[StepName.FORECAST], told, found[StepName.STAFFING], day)


def _terms_of(row: dict[str, Any], staffing: dict[str, Any]) -> dict[str, Any]:
    """How a queue is served, as its form shows it: a time in its largest whole unit."""
    goals = staffing["goals"]
    seconds = row.get("seconds", goals["seconds"])
    unit = next((size for size in (3600, 60) if seconds >= 2 * size and seconds % size == 0), 1)
    share, within = round(100 * row.get("share", goals["share"]), 1), seconds / unit
    return {
        "kind": row.get("kind", "call"), "share": f"{share:g}", "within": f"{within:g}", "unit": unit,
        "at_once": row.get("at_once", 1),
    }  # fmt: skip


def levers_of(staffing: dict[str, Any]) -> dict[str, float | bool]:
    """Where the sliders stand."""
    return {
        "share": round(100 * staffing["goals"]["share"], 1), "seconds": staffing["goals"]["seconds"],
        "occupancy": round(100 * staffing["goals"]["occupancy"], 1), "shrinkage": round(100 * staffing["shrinkage"], 1),
        "calls": round(100 * (staffing["calls_factor"] - 1), 1),
        "handling": round(100 * (staffing["handling_factor"] - 1), 1), "shared": staffing["shared"],
        "one_goal": staffing.get("one_goal", True),
    }  # fmt: skip


def _goal_of(row: dict[str, Any], told: dict[str, Any]) -> str:
    return goal(row.get("share", told["goals"]["share"]), row.get("seconds", told["goals"]["seconds"]))


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
        "changed": told["week_hours"] - kept["week_hours"],
        "is_kept": told is kept,
        "rows": [
            {**queue, "goal": _goal_of(queue, told), "kind": known(KINDS, queue.get("kind", "call")), "hours": hour * sum(sum(row) for row in queue["scheduled"][:WEEK]),
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
