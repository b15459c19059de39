"""First step: how the file is read, confirmed by a person; then what the history holds, and what was odd in it."""

from typing import Any
from zoneinfo import available_timezones

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from homeshore.foundation import clock
from homeshore.planning import queries, services
from homeshore.planning.models import Plan, StepName, Work
from homeshore.planning.report import charts, shapes
from homeshore.planning.report.language import short_day
from homeshore.planning.report.parts import seconds
from homeshore.planning.report.words import FIELDS, field_name, layout_in_words, meaning, only_queue, read_as, said
from homeshore.web.planner.forms import Reading
from homeshore.web.planner.steps import for_planners, plan_of, shown

MEANINGS = ("answered", "abandoned", "ignored")


@require_http_methods(["GET", "POST"])
@for_planners
def page(request: HttpRequest, plan_id: int) -> HttpResponse:
    """The mapping to confirm when there is no history yet or it is asked for; otherwise what was read."""
    plan = plan_of(request, plan_id)
    found = queries.figures_of(plan, StepName.LOOK, StepName.HISTORY)
    look = found.get(StepName.LOOK)
    if look and (request.method == "POST" or "mapping" in request.GET or StepName.HISTORY not in found):
        return _confirm(request, plan, look)
    if request.method == "POST":
        kind = Work.Kind.LOOK if plan.source == Plan.Source.FILE else Work.Kind.READ
        services.ask(plan=plan, kind=kind, now=clock.now())
        return redirect("planning-history", plan.pk)
    history = found.get(StepName.HISTORY)
    told = _told(history, request.GET.get("queue", "")) if history else {}
    return shown(request, plan, StepName.HISTORY, "history", told)


def _confirm(request: HttpRequest, plan: Plan, look: dict[str, Any]) -> HttpResponse:
    """Show the guessed mapping with the file's first rows; take what a person makes of it."""
    mapping = plan.mapping or look["mapping"]
    usual = {"interval_minutes": 30, **plan.settings, "date_format": mapping["date_format"]}
    formats = look.get("date_formats", [mapping["date_format"]])
    form = Reading(request.POST or None, initial=usual, date_formats=formats)
    if request.method == "POST" and form.is_valid():
        chosen = {field: request.POST.get(f"field-{field}", "") for field in FIELDS}
        confirmed = {
            "kind": "volumes" if chosen["calls"] else "contacts",
            "columns": {field: column for field, column in chosen.items() if column in look["columns"]},
            "date_format": form.cleaned_data["date_format"],
            "only_queue": only_queue(),
            "outcomes": {
                value: word for value in look["mapping"]["outcomes"]
                if (word := request.POST.get(f"outcome-{value}", "ignored")) in MEANINGS
            },
        }  # fmt: skip
        settings = {
            "zone": form.cleaned_data["zone"], "interval_minutes": form.cleaned_data["interval_minutes"],
            "country": form.cleaned_data["country"] or None,
        }  # fmt: skip
        services.confirm_mapping(plan=plan, mapping=confirmed, settings=settings, now=clock.now())
        return redirect("planning-history", plan.pk)
    columns = mapping["columns"]
    fields = [
        {"name": field, "label": label, "column": columns.get(field, ""), "samples": look["samples"].get(columns.get(field, ""), [])}
        for field, label in FIELDS.items()
    ]  # fmt: skip
    roles = {column: field_name(field) for field, column in columns.items()}
    told = {
        "form": form,
        "look": look,
        "layout": layout_in_words(look["layout"]),
        "fields": fields,
        "heads": [{"column": column, "role": roles.get(column, "")} for column in look["columns"]],
        "outcomes": [{"value": value, "meaning": mapping["outcomes"].get(value, guessed)} for value, guessed in look["mapping"]["outcomes"].items()],
        "meanings": [{"value": value, "label": meaning(value)} for value in MEANINGS],
        "oddities": [said(each) for each in look["problems"]],
        "zones": sorted(zone for zone in available_timezones() if "/" in zone and not zone.startswith("Etc")),
    }  # fmt: skip
    return shown(request, plan, StepName.HISTORY, "mapping", told, status=422 if form.errors else 200)


def _told(history: dict[str, Any], asked: str) -> dict[str, Any]:
    """The history in words and charts; one queue of it more closely."""
    queue = next((each for each in history["queues"] if each["name"] == asked), history["queues"][0])
    days = shapes.days_from(queue["first_day"], len(queue["daily"]))
    step = max(7, -(-len(days) // 10) // 7 * 7)
    labels = [(k / len(days), short_day(day)) for k, day in enumerate(days) if k % step == 0 and k / len(days) < 0.95]
    at = {day.isoformat(): k for k, day in enumerate(days)}
    marks: dict[int, str] = {}
    for mark in queue["marks"]:
        place = at[mark["day"]]
        marks[place] = f"{short_day(mark['day'])} : {said(mark['note'])}"
    special = {at[each["day"]]: each["name"] for each in history["special_days"] if each["day"] in at}
    return {
        "history": history,
        "queue": queue,
        "chart": charts.calls_by_day(queue["daily"], labels, queue["name"], marks, special),
        "survival": charts.survival(queue["survival"], queue["name"], "\N{NO-BREAK SPACE}s") if queue["survival"] else "",
        "survival_rows": [(second, share) for second, share in queue["survival"]],
        "days": [{"day": day, "calls": queue["daily"][k], "special": special.get(k, "")} for k, day in enumerate(days)],
        "marks": [{"day": shapes.days_from(mark["day"], 1)[0], "note": said(mark["note"])} for mark in queue["marks"]],
        "marked": sum(len(each["marks"]) for each in history["queues"]),
        "oddities": [said(each) for each in history["problems"]],
        "rows": [
            {**each, "handling": seconds(each["handling_seconds"]), "patience": seconds(each["patience_seconds"]),
             "a_day": each["contacts"] / max(1, sum(value is not None for value in each["daily"]))}
            for each in history["queues"]
        ],
        "mapping": [(field_name(field), read_as(field, column)) for field, column in history["mapping"]],
        "first_day": shapes.days_from(history["first_day"], 1)[0],
        "last_day": shapes.days_from(history["last_day"], 1)[0],
    }  # fmt: skip
