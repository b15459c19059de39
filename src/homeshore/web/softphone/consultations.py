"""A colleague, or a number outside the house, is asked about a call: what asker and colleague do. Rules are in
`channels.voice.services.consultations` and `outside`."""

from collections.abc import Callable
from datetime import datetime
from typing import Protocol

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.views.decorators.http import require_POST

from homeshore.channels.voice import queries, services
from homeshore.channels.voice.embedded.relays import ice_servers
from homeshore.foundation import clock
from homeshore.foundation.tenancy import membership
from homeshore.outbound.refusals import MayNotCall
from homeshore.people.queries import AgentFacts
from homeshore.web.asked import fields_of, number, text, words
from homeshore.web.desk.views import for_agents


class Decide(Protocol):
    """What an asker decides of the consultation in one of their calls."""

    def __call__(self, *, call_id: int, agent_id: int, now: datetime) -> None: ...


@require_POST
@for_agents
def ask(request: HttpRequest, agent: AgentFacts, call: int) -> HttpResponse:
    """Ring a colleague; the customer is on hold from here on."""
    asked = fields_of(request)
    companion = services.ask_colleague(
        call_id=call,
        agent_id=agent.id,
        colleague_id=number(asked, "colleague", needed=True) or 0,
        note=words(asked, "note"),
        now=clock.now(),
    )
    return JsonResponse({"id": companion.pk})


@require_POST
@for_agents
def ask_number(request: HttpRequest, agent: AgentFacts, call: int) -> HttpResponse:
    """Ring a `number` outside the house; with `passes_on` the call is theirs as soon as they answer. `not_called` says which rule stopped it."""
    asked = fields_of(request)
    try:
        companion = services.ask_outside(
            call_id=call,
            agent_id=agent.id,
            by=membership(request).user,
            number=text(asked, "number", longest=40),
            passes_on=bool(asked.get("passes_on")),
            now=clock.now(),
        )
    except MayNotCall as refusal:
        return JsonResponse({"id": None, "not_called": str(refusal)})
    return JsonResponse({"id": companion.pk, "not_called": ""})


@require_POST
@for_agents
def answer(request: HttpRequest, agent: AgentFacts) -> HttpResponse:
    """Say yes to the colleague who asks; answers the consultation, and what the page needs to hear them."""
    user, now = membership(request).user, clock.now()
    asked = number(fields_of(request), "consultation", needed=True) or 0
    services.answer_consultation(companion_id=asked, by=user, now=now)
    ice = ice_servers(whose=f"agent-{agent.id}", now=now)
    return JsonResponse({"consultation": queries.consultation_of(user.pk), "ice": ice})


def _deciding(decide: Decide, what: str) -> Callable[..., HttpResponseBase]:
    def view(request: HttpRequest, agent: AgentFacts, call: int) -> HttpResponse:
        decide(call_id=call, agent_id=agent.id, now=clock.now())
        return JsonResponse({})

    view.__doc__ = what
    return require_POST(for_agents(view))


let_join = _deciding(services.let_join, "All three speak.")
take_back = _deciding(services.take_back, "The colleague leaves, and the call goes on as before.")
hand_over = _deciding(services.hand_over, "The contact and its call are the colleague's from here on.")
