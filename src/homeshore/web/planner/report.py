"""The plan as a report: one HTML page, or the same as PDF."""

from django.http import HttpRequest, HttpResponse
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from homeshore.foundation.errors import NotFound
from homeshore.planning import at_once, queries
from homeshore.planning.models import Plan, StepName
from homeshore.planning.report import page
from homeshore.web.planner.steps import for_planners, plan_of


@require_GET
@for_planners
def as_page(request: HttpRequest, plan_id: int) -> HttpResponse:
    """The report as one file of HTML, to be kept or sent."""
    plan = plan_of(request, plan_id)
    answer = HttpResponse(_report(plan), content_type="text/html; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{_name(plan)}.html"'
    return answer


@require_GET
@for_planners
def as_pdf(request: HttpRequest, plan_id: int) -> HttpResponse:
    """The report on paper."""
    plan = plan_of(request, plan_id)
    answer = HttpResponse(at_once.pdf_of(_report(plan)), content_type="application/pdf")
    answer["Content-Disposition"] = f'attachment; filename="{_name(plan)}.pdf"'
    return answer


def _report(plan: Plan) -> str:
    found = queries.figures_of(plan)
    if StepName.HISTORY not in found:
        raise NotFound(_("There is nothing to report yet: read a history first."))
    return page(found, plan.name)


def _name(plan: Plan) -> str:
    return slugify(plan.name) or f"plan-{plan.pk}"
