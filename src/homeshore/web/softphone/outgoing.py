"""An agent calls a customer: what the desk asks. Rules are in `channels.voice.services.placing`, and in the gate of `outbound`."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from homeshore.channels.voice import queries, services
from homeshore.channels.voice.models import Call
from homeshore.channels.voice.refusals import NoSuchCall
from homeshore.channels.voice.services import Errand
from homeshore.channels.voice.services.calls import CHANNEL
from homeshore.contacts.queries import desk, standing
from homeshore.contacts.refusals import NotYours
from homeshore.contacts.services import CustomerFacts
from homeshore.foundation import clock
from homeshore.foundation.errors import Invalid
from homeshore.foundation.tenancy import membership
from homeshore.outbound.gate.register import Result
from homeshore.outbound.gate.rules import TO_CUSTOMERS, Purpose
from homeshore.outbound.refusals import MayNotCall
from homeshore.people.queries import AgentFacts
from homeshore.web.asked import fields_of, number, text
from homeshore.web.desk.views import for_agents

SAID = (Result.REACHED, Result.REFUSED, Result.OPPOSED)
"""What an agent may say of who answered."""


@require_POST
@for_agents
def call(request: HttpRequest, agent: AgentFacts) -> HttpResponse:
    """Call a `number` for a `purpose` in a `queue`; with `contact`, its customer: in that contact when it is a call's.

    Answers the contact in which the call is; `not_called` says which rule stopped it.
    """
    asked = fields_of(request)
    errand = Errand(
        text(asked, "number", longest=40), _purpose(text(asked, "purpose")), bool(asked.get("about_contract"))
    )
    contact_id = number(asked, "contact")
    who: dict[str, Any] = {"agent_id": agent.id, "by": membership(request).user, "now": clock.now()}
    facts = standing.facts_in_hand(agent_id=agent.id, contact_id=contact_id) if contact_id is not None else None
    if facts and facts.channel == CHANNEL and contact_id is not None:
        in_hand = contact_id
        return answer(lambda: services.call_in_contact(contact_id=in_hand, errand=errand, **who))
    customer = _customer_of(agent, contact_id)
    queue = number(asked, "queue", needed=True) or 0
    return answer(lambda: services.call_customer(queue_id=queue, errand=errand, customer=customer, **who))


@require_POST
@for_agents
def call_back(request: HttpRequest, agent: AgentFacts, contact: int) -> HttpResponse:
    """Call the customer who asked to be called back, on the number they named."""
    user, now = membership(request).user, clock.now()
    return answer(lambda: services.call_in_contact(agent_id=agent.id, by=user, contact_id=contact, now=now))


@require_POST
@for_agents
def result(request: HttpRequest, agent: AgentFacts, call: int) -> HttpResponse:
    """What the customer whom the agent called said of being called: `reached`, `refused` or `opposed`."""
    if not queries.had_part(call_id=call, agent_id=agent.id):
        raise NoSuchCall
    said = text(fields_of(request), "result")
    if said not in SAID:
        raise Invalid(fields={"result": ", ".join(SAID)})
    services.say_result(
        call_id=call, agent_id=agent.id, result=Result(said), by=membership(request).user, now=clock.now()
    )
    return JsonResponse({})


@require_POST
@for_agents
def told(request: HttpRequest, agent: AgentFacts, call: int) -> HttpResponse:
    """The agent has told the customer whom they called of recording and listening: whether they are `agreed`."""
    if not queries.is_with(call_id=call, agent_id=agent.id):
        raise NoSuchCall
    agreed = fields_of(request).get("agreed")
    if not isinstance(agreed, bool):
        raise Invalid(fields={"agreed": "true, false"})
    user = membership(request).user
    services.agent_told(call_id=call, agent_id=agent.id, agreed=agreed, by=user, now=clock.now())
    return JsonResponse({})


def answer(place: Callable[[], Call]) -> HttpResponse:
    """What became of a call. What the gate stopped is no fault of the request, which would leave no trace: it is kept, and told."""
    try:
        return JsonResponse({"contact": place().contact_id, "not_called": ""})
    except MayNotCall as refusal:
        return JsonResponse({"contact": None, "not_called": str(refusal)})


def _purpose(said: str) -> Purpose:
    if said not in TO_CUSTOMERS:
        raise Invalid(fields={"purpose": _("Say what the call is for.")})
    return Purpose(said)


def _customer_of(agent: AgentFacts, contact_id: int | None) -> CustomerFacts:
    """The customer of the contact that the agent answers or wraps up; nobody known without one. Raises NotYours."""
    if contact_id is None:
        return CustomerFacts(language="fr")
    known = desk.customer_in_hand(agent.id, contact_id)
    if known is None:
        raise NotYours
    return CustomerFacts(id=known)
