"""Following long work, and cancelling it."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from homeshore.foundation import clock
from homeshore.foundation.tenancy import membership
from homeshore.planning import queries, services
from homeshore.planning.models import Work
from homeshore.web.planner.steps import ASKED_ON, for_planners, progress_of


@require_GET
@for_planners
def progress(request: HttpRequest, work_id: int) -> HttpResponse:
    """How far work is; once it has ended, the page that follows it is told to load again."""
    work = queries.work_of(membership(request).operator_id, work_id)
    if work.is_open:
        return render(request, "planner/progress.html", {"progress": progress_of(work), "plan": work.plan})
    answer = HttpResponse(status=200)
    answer["HX-Refresh"] = "true"
    return answer


@require_POST
@for_planners
def cancel(request: HttpRequest, work_id: int) -> HttpResponse:
    """Stop work; what it has found so far is forgotten, what was there before stays."""
    work = queries.work_of(membership(request).operator_id, work_id)
    if services.cancel(work=work, now=clock.now()):
        messages.info(request, _("Cancelled. Nothing of it was kept; what was there before is as it was."))
    return redirect(f"planning-{ASKED_ON[Work.Kind(work.kind)].value}", work.plan_id)
