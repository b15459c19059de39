"""An agent asks why: why nothing comes now, and why an offer went to somebody else. Colleagues stay unnamed."""

from datetime import timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_GET

from homeshore.contacts.queries import contests, why
from homeshore.foundation import clock
from homeshore.people.queries import AgentFacts
from homeshore.web.desk.views import for_agents

LATELY, SHOWN, CONTESTS = timedelta(hours=2), 12, timedelta(days=14)


@require_GET
@for_agents
def nothing_comes(request: HttpRequest, agent: AgentFacts) -> HttpResponse:
    """Why nothing is offered now, the last offers of the agent's queues that went to others, and what they contested."""
    told = why.agent_gets_nothing(agent.id, of_people=False, **_asked(request))
    lately = why.offers_to_others(agent.id, since=clock.now() - LATELY, limit=SHOWN)
    said = contests.of_agent(agent.id, since=clock.now() - CONTESTS)
    return JsonResponse({**told, "offers": lately, "contests": said})


@require_GET
@for_agents
def not_me(request: HttpRequest, agent: AgentFacts, offer: str) -> HttpResponse:
    """Why an offer went to somebody else."""
    return JsonResponse(why.offer_went_to_another(offer, agent_id=agent.id, of_people=False, **_asked(request)))


def _asked(request: HttpRequest) -> dict[str, Any]:
    operator = request.membership.operator  # type: ignore[attr-defined]
    return {"operator_id": operator.pk, "zone": operator.time_zone, "now": clock.now()}
