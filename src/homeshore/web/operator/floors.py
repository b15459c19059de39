"""The administrator's screen of the floors: what each routes, and a proposal to split them, to be confirmed."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from homeshore.contacts import services
from homeshore.contacts.queries.floors import floor_plan
from homeshore.contacts.refusals import FloorsWouldShare
from homeshore.foundation.clock import now
from homeshore.foundation.models import Role
from homeshore.foundation.tenancy import for_roles, membership


@for_roles(Role.OPERATOR_ADMIN)
@require_GET
def plan(request: HttpRequest) -> HttpResponse:
    """The floors as they are; `?floors=` asks for a proposal with so many."""
    asked = request.GET.get("floors", "")
    floors = int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 5 else None
    return render(request, "operator/floors.html", {"plan": floor_plan(membership(request).operator_id, floors=floors)})


@for_roles(Role.OPERATOR_ADMIN)
@require_POST
def split(request: HttpRequest) -> HttpResponse:
    """Split the floors as proposed: each `floor` names its queues' ids, separated by commas."""
    mine = membership(request)
    floors = [
        [int(queue) for queue in each.split(",") if queue.isascii() and queue.isdigit()]
        for each in request.POST.getlist("floor")
    ]
    try:
        made = services.split_floors(operator_id=mine.operator_id, floors=floors, by=mine.user, now=now())
    except FloorsWouldShare as refusal:
        messages.error(request, str(refusal))
    else:
        said = ngettext("There is %(count)s floor now.", "There are %(count)s floors now.", len(made))
        messages.success(request, said % {"count": len(made)} + " " + _("Every contact goes on where it stood."))
    return redirect("floors")
