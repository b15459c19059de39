"""Fourth step: who works when, how near the cheapest that is, what cannot be covered; and repairs that change little."""

from decimal import Decimal
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from homeshore.foundation import clock
from homeshore.foundation.tenancy import membership
from homeshore.planning import at_once, platform, queries, services
from homeshore.planning.models import Plan, StepName, Work
from homeshore.planning.report import charts, shapes
from homeshore.planning.report.language import clock as hour_of
from homeshore.planning.report.language import short_day
from homeshore.planning.report.page import routed_in_words
from homeshore.planning.report.parts import gap_in_words, goal, percent
from homeshore.planning.report.words import RULES, STATUSES, known, said
from homeshore.web.planner.forms import Repair, Staff
from homeshore.web.planner.steps import for_planners, plan_of, shown

ON_A_PAGE = 40
SHOWN_GAPS = 6
ABOVE = 0.05
"""Beyond its goal by so much everywhere, a floor has more people than it needs; so much under it, a queue has too few."""


@require_http_methods(["GET", "POST"])
@for_planners
def page(request: HttpRequest, plan_id: int) -> HttpResponse:
    """The week's schedule, or whose availability it is to be made with."""
    plan = plan_of(request, plan_id)
    found = queries.figures_of(plan, StepName.STAFFING, StepName.SCHEDULE, StepName.REPAIR, StepName.INCOME)
    if StepName.STAFFING not in found:
        return redirect("planning-history", plan.pk)
    form = Staff(request.POST or None, request.FILES or None, initial=_usual(plan))
    if request.method == "POST" and form.is_valid():
        try:
            plan.people = _people(request, plan, form)
        except at_once.NotUnderstood as refused:
            form.add_error("file", str(refused))
        else:
            settings = {
                "hourly": round(100 * form.cleaned_data["hourly"]),
                "floor": round(100 * form.cleaned_data["floor"]),
            }
            services.change_settings(plan=plan, settings=settings, then=Work.Kind.SCHEDULE, now=clock.now())
            return redirect("planning-schedule", plan.pk)
    told: dict[str, Any] = {"form": form, "agents": _agents(request, plan)}
    if StepName.SCHEDULE in found:
        told |= _told(request, found[StepName.SCHEDULE])
        income = found.get(StepName.INCOME, {})
        told["routed"] = routed_in_words(income)
        told["service"] = [
            {**row, "goal_words": goal(row["goal"], row["seconds"]) if "seconds" in row else percent(row["goal"])}
            for row in income.get("service", [])
        ]
        told["above"] = bool(told["service"]) and all(
            row["service_level"] > row["goal"] + ABOVE for row in told["service"]
        )
        told["below"] = any(row["service_level"] < row["goal"] - ABOVE for row in told["service"])
        told["shared"] = plan.settings.get("shared", False)
        told["repair_form"] = _repair_form(found[StepName.SCHEDULE], None)
        told["repair"] = _repaired(found[StepName.SCHEDULE], found.get(StepName.REPAIR))
    return shown(request, plan, StepName.SCHEDULE, "schedule", told, status=422 if form.errors else 200)


@require_POST
@for_planners
def repair(request: HttpRequest, plan_id: int) -> HttpResponse:
    """Ask for the schedule to be repaired after illness or a peak."""
    plan = plan_of(request, plan_id)
    found = queries.figures_of(plan, StepName.SCHEDULE).get(StepName.SCHEDULE)
    if found is None:
        return redirect("planning-schedule", plan.pk)
    form = _repair_form(found, request)
    if not form.is_valid():
        told = {
            "form": Staff(initial=_usual(plan)),
            "agents": _agents(request, plan),
            **_told(request, found),
            "repair_form": form,
        }
        return shown(request, plan, StepName.SCHEDULE, "schedule", told, status=422)
    told = form.cleaned_data
    asked = {"day": told["day"], "hour": told["hour"], "absent": told["absent"], "peak": 1 + (told["peak"] or 0) / 100}
    services.ask(plan=plan, kind=Work.Kind.REPAIR, asked=asked, now=clock.now())
    return redirect("planning-schedule", plan.pk)


@require_POST
@for_planners
def settle(request: HttpRequest, plan_id: int) -> HttpResponse:
    """Keep the repaired schedule, or leave the first one as it was."""
    plan = plan_of(request, plan_id)
    if request.POST.get("keep"):
        services.keep_repair(plan=plan, now=clock.now())
        messages.success(request, _("The repaired schedule is kept."))
    else:
        services.drop_repair(plan=plan)
    return redirect("planning-schedule", plan.pk)


def _usual(plan: Plan) -> dict[str, Any]:
    source = plan.people.get("source") or (Staff.PLATFORM if plan.source == Plan.Source.PLATFORM else Staff.SUPPOSED)
    return {
        "people": Staff.SAME if source == Staff.FILE else source,
        "hourly": Decimal(plan.settings.get("hourly", 1600)) / 100, "floor": Decimal(plan.settings.get("floor", 1200)) / 100,
    }  # fmt: skip


def _agents(request: HttpRequest, plan: Plan) -> dict[str, int]:
    """How many agents the platform could give, and for how many it knows when they are there."""
    rows = platform.people_of(plan.operator_id, zone=membership(request).operator.time_zone, now=clock.now())
    return {"all": len(rows), "seen": sum(row["seen"] for row in rows)}


def _people(request: HttpRequest, plan: Plan, form: Staff) -> dict[str, Any]:
    match form.cleaned_data["people"]:
        case Staff.PLATFORM:
            zone = membership(request).operator.time_zone
            return {"source": Staff.PLATFORM, "rows": platform.people_of(plan.operator_id, zone=zone, now=clock.now())}
        case Staff.FILE:
            rows = at_once.people_of_file(form.cleaned_data["file"].read())
            return {"source": Staff.FILE, "rows": list(rows), "name": form.cleaned_data["file"].name}
        case Staff.SUPPOSED:
            return {"source": Staff.SUPPOSED}
    same: dict[str, Any] = plan.people
    return same


def _told(request: HttpRequest, found: dict[str, Any]) -> dict[str, Any]:
    days = shapes.week_of(found)
    chosen = request.GET.get("queue", "")
    places = [k for k, name in enumerate(found["queues"]) if name == chosen] or range(len(found["queues"]))
    need, cover = (shapes.summed([found[name][k] for k in places]) for name in ("needed", "cover"))
    labels = [(d / len(days), short_day(day)) for d, day in enumerate(days)]
    hours, spare = shapes.spare_by_hour({**found, "needed": [need], "cover": [cover]})
    titles = [[f"{short_day(day)}, {hour} h" for hour in hours] for day in days]
    asked = request.GET.get("find", "").strip().casefold()
    people = [(place, person) for place, person in enumerate(found["people"]) if asked in person["name"].casefold()]
    rows = Paginator(people, ON_A_PAGE).get_page(request.GET.get("page"))
    return {
        "schedule": found,
        "chosen": chosen if len(places) == 1 and len(found["queues"]) > 1 else "",
        "chart": charts.need_and_cover(shapes.flat(need), shapes.flat(cover), labels, _("Need and cover"), len(days)),
        "heat": charts.heat_map(spare, [short_day(day) for day in days], hours, _("Agents to spare or missing, by hour"), titles),
        "heat_rows": [{"day": day, "values": spare[d]} for d, day in enumerate(days)],
        "heat_hours": hours,
        "days": days,
        "rows": rows,
        "grid": [_row(found, place, person) for place, person in rows],
        "find": request.GET.get("find", ""),
        "queues": [{"name": name, "shade": k % shapes.SHADES} for k, name in enumerate(found["queues"])],
        "shifts": sum(len(person["shifts"]) for person in found["people"]),
        "hours": sum(person["hours"] for person in found["people"]),
        "needed": sum(shapes.flat(shapes.summed(found["needed"]))),
        "gaps": [gap_in_words(each, found["first_day"]) for each in found["cannot_be_covered"][:SHOWN_GAPS]],
        "more_gaps": max(0, len(found["cannot_be_covered"]) - SHOWN_GAPS),
        "faults": [said(each) for each in found["faults"]],
        "conflicts": [
            {"person": each["person"], "rules": [known(RULES, rule) for rule in each["rules"]]} for each in found["conflicts"]
        ],
        "supposed": [said(each) for each in found["assumptions"]],
        "fewest": sorted(found["people"], key=lambda person: person["fulfilled"])[:5],
    }  # fmt: skip


def _row(found: dict[str, Any], place: int, person: dict[str, Any]) -> dict[str, Any]:
    begin, end = found["first_hour"], found["first_hour"] + found["slots"] * found["slot_minutes"] / 60
    shades = {name: k for k, name in enumerate(found["queues"])}
    cells: list[dict[str, Any]] = [{"strip": "", "words": ""} for _ in range(found["days"])]
    for shift in person["shifts"]:
        tasks = [
            (start, stop, shades[queue], f"{queue} {hour_of(start)}–{hour_of(stop)}")
            for queue, start, stop in shift["tasks"]
        ]
        strip = SafeString(charts.bar_of_day(tasks, begin, end))  # our own drawing: its titles are escaped
        cells[shift["day"]] = {"strip": strip, "words": f"{hour_of(shift['start'])}–{hour_of(shift['end'])}"}
    return {**person, "place": place, "cells": cells, "status": known(STATUSES, person["status"])}


def _repair_form(found: dict[str, Any], request: HttpRequest | None) -> Repair:
    days = [(d, short_day(day)) for d, day in enumerate(shapes.week_of(found))]
    end = found["first_hour"] + found["slots"] * found["slot_minutes"] / 60
    hours = [(float(hour), hour_of(hour)) for hour in range(int(found["first_hour"]), int(end))]
    people = [person["name"] for person in found["people"] if person["shifts"]]
    return Repair(request.POST if request else None, days=days, hours=hours, people=people)


def _repaired(found: dict[str, Any], repaired: dict[str, Any] | None) -> dict[str, Any] | None:
    if repaired is None:
        return None
    days = shapes.week_of(found)

    def words(shift: dict[str, Any] | None) -> str:
        return _("off") if shift is None else f"{hour_of(shift['start'])}–{hour_of(shift['end'])}"

    changes = [
        {"person": change["person"], "day": days[change["day"]], "before": words(change["before"]), "after": words(change["after"]),
         "ill": change["person"] in repaired["asked"]["absent"]}
        for change in repaired["changes"]
    ]  # fmt: skip
    return {
        **repaired, "changes": changes, "disturbed": sum(not change["ill"] for change in changes),
        "day": days[repaired["asked"]["day"]], "hour": hour_of(repaired["asked"]["hour"]),
        "peak": round(100 * (repaired["asked"]["peak"] - 1)),
    }  # fmt: skip
