"""A supervisor asks why: why a contact waits, why an agent gets nothing, why an offer went to somebody else."""

from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_GET

from homeshore.contacts.queries import why
from homeshore.foundation import clock
from homeshore.web.floor.views import for_leaders


@require_GET
@for_leaders
def contact_waits(request: HttpRequest, contact: int) -> HttpResponse:
    """Why a contact waits, and why each agent of its queue does not have it."""
    return JsonResponse(why.contact_waits(contact, **_asked(request)))


@require_GET
@for_leaders
def agent_gets_nothing(request: HttpRequest, agent: int) -> HttpResponse:
    """Why nothing is offered to an agent now."""
    return JsonResponse(why.agent_gets_nothing(agent, of_people=True, **_asked(request)))


@require_GET
@for_leaders
def not_this_agent(request: HttpRequest, agent: int, offer: str) -> HttpResponse:
    """Why an offer went to another agent than this one."""
    return JsonResponse(why.offer_went_to_another(offer, agent_id=agent, of_people=True, **_asked(request)))


def _asked(request: HttpRequest) -> dict[str, Any]:
    operator = request.membership.operator  # type: ignore[attr-defined]
    return {"operator_id": operator.pk, "zone": operator.time_zone, "now": clock.now()}
