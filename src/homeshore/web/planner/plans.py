"""The operator's plans, and the first step of a new one: where its history comes from."""

from typing import Any
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from homeshore.contacts.queries import history
from homeshore.foundation import clock
from homeshore.foundation.tenancy import membership
from homeshore.planning import queries, services
from homeshore.planning.models import Plan, StepName
from homeshore.planning.report.language import written_day
from homeshore.web.planner.forms import NewPlan
from homeshore.web.planner.steps import STAGES, for_planners, plan_of

SHOWN = 50


@require_GET
@for_planners
def overview(request: HttpRequest) -> HttpResponse:
    """All plans, the last changed first."""
    plans = list(queries.plans_of(membership(request).operator_id)[:SHOWN])
    made = queries.steps_of(plans)
    rows = [
        {"plan": plan, "made": sum(each.name in made[plan.pk] for each in STAGES), "of": len(STAGES)} for plan in plans
    ]
    return render(request, "planner/plans.html", {"rows": rows, "stages": STAGES, "time_zone": _zone(request)})


@require_http_methods(["GET", "POST"])
@for_planners
def new(request: HttpRequest) -> HttpResponse:
    """From the platform's own contacts, or from a file."""
    form = NewPlan(request.POST or None, request.FILES or None)
    operator = membership(request).operator
    if request.method == "POST" and form.is_valid():
        now = clock.now()
        source = Plan.Source(form.cleaned_data["source"])
        file: UploadedFile[Any] | None = form.cleaned_data.get("file")
        name = form.cleaned_data["name"] or _("Plan of %(day)s") % {
            "day": written_day(now.astimezone(ZoneInfo(operator.time_zone)).date(), "j F Y")
        }
        plan = services.create_plan(
            operator_id=operator.pk, name=name, source=source, by=membership(request).user, now=now,
            settings={"zone": operator.time_zone, "country": operator.country, "language": operator.language,
                      "shared": source == Plan.Source.PLATFORM, "one_goal": source == Plan.Source.FILE},
            file_name=(file.name or "")[:200] if file else "", content=file.read() if file else b"",
        )  # fmt: skip
        return redirect("planning-history", plan.pk)
    told: dict[str, Any] = {"form": form, "extent": history.extent(operator.pk), "time_zone": _zone(request)}
    return render(request, "planner/new.html", told, status=422 if form.errors else 200)


@require_GET
@for_planners
def resume(request: HttpRequest, plan_id: int) -> HttpResponse:
    """Open a plan at the furthest step that was made."""
    plan = plan_of(request, plan_id)
    made = queries.made_at(plan)
    reached = [each.name for each in STAGES if each.name in made and each.name != StepName.COMPARISON]
    return redirect(f"planning-{(reached or [StepName.HISTORY])[-1].value}", plan.pk)


@require_POST
@for_planners
def delete(request: HttpRequest, plan_id: int) -> HttpResponse:
    """Forget a plan."""
    plan = plan_of(request, plan_id)
    services.delete_plan(plan=plan, by=membership(request).user, now=clock.now())
    messages.success(
        request, _("“%(name)s” was deleted, with its file and everything made from it.") % {"name": plan.name}
    )
    return redirect("planning")


def _zone(request: HttpRequest) -> str:
    zone: str = membership(request).operator.time_zone
    return zone
