"""The cheapest mix of skills, asked for from Staffing: which people, by the queues they serve, for some hours of a day."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from homeshore.foundation import clock
from homeshore.foundation.errors import Invalid
from homeshore.planning import queries, services
from homeshore.planning.models import StepName, Work
from homeshore.planning.report import shapes
from homeshore.planning.report.language import clock as hour_of
from homeshore.planning.report.language import short_day
from homeshore.planning.report.page import mix_in_words, rule_in_words, who_serves
from homeshore.planning.report.parts import goal
from homeshore.planning.report.words import said
from homeshore.web.planner.forms import SkillMix
from homeshore.web.planner.steps import for_planners, plan_of

USUAL_HOURS = 4


@require_POST
@for_planners
def ask(request: HttpRequest, plan_id: int) -> HttpResponse:
    """Ask for the search; it is followed, and can be cancelled, on the page of staffing."""
    plan = plan_of(request, plan_id)
    found = queries.figures_of(plan, StepName.FORECAST, StepName.STAFFING)
    if StepName.STAFFING not in found:
        return redirect("planning-history", plan.pk)
    form = mix_form(found[StepName.FORECAST], found[StepName.STAFFING], queries.routing_policy(plan)["rule"], request)
    if not form.is_valid():
        raise Invalid(fields={name: str(why[0]) for name, why in form.errors.items()})
    services.ask(plan=plan, kind=Work.Kind.MIX, asked=form.asked(), now=clock.now())
    return redirect("planning-staffing", plan.pk)


def mix_form(
    forecast: dict[str, Any], staffing: dict[str, Any], rule: str, request: HttpRequest | None = None
) -> SkillMix:  # fmt: skip
    """The question; at first, of the busiest hours of the week, and by the floor's ``rule``."""
    days = shapes.days_from(forecast["first_day"], len(forecast["queues"][0]["daily"]))
    minutes, (opens, closes) = forecast["interval_minutes"], forecast["open_slots"]
    first, last = -(-opens * minutes // 60), closes * minutes // 60
    hours = [(float(hour), hour_of(hour)) for hour in range(first, last + 1)]
    day, begin = _busiest(forecast, staffing, first, last)
    usual = {"rule": rule, "day": day, "first_hour": float(begin), "last_hour": float(min(last, begin + USUAL_HOURS))}
    return SkillMix(
        request.POST if request else None, initial=usual, hours=hours,
        days=[(d, short_day(each)) for d, each in enumerate(days)], prefix="mix",
    )  # fmt: skip


def _busiest(forecast: dict[str, Any], staffing: dict[str, Any], first: int, last: int) -> tuple[int, int]:
    """The day of the first week, and its hour, from which on the most calls and chats come within four hours."""
    live = {row["name"] for row in staffing["queues"] if row.get("kind", "call") != "mail"}
    calls = shapes.summed([queue["mean"] for queue in forecast["queues"] if queue["name"] in live] or [[[0.0]]])[:7]
    slots = 60 // forecast["interval_minutes"]
    starts = range(first, max(first, last - USUAL_HOURS) + 1)
    sums = {(d, h): sum(row[h * slots : (h + USUAL_HOURS) * slots]) for d, row in enumerate(calls) for h in starts}
    return max(sums, key=lambda place: sums[place])


def told(found: dict[str, Any], first_day: str) -> dict[str, Any]:
    """The mix in words, for the page."""
    return {
        **found,
        "words": mix_in_words(found, first_day),
        "by_rule": rule_in_words(found),
        "groups": [{**row, "names": who_serves(row)} for row in found["groups"] if row["agents"]],
        "queues": [{**row, "words": goal(row["goal"], row["seconds"])} for row in found["queues"]],
        "unused": [who_serves(row) for row in found["groups"] if not row["agents"]],
        "supposed": [said(each) for each in found["assumptions"]],
    }
