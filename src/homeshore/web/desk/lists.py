"""People of lists at the desk: one at a time to be read about, then called or skipped. Rules are in `outbound.lists.calling`."""

from typing import TYPE_CHECKING, Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_POST

from homeshore.channels.voice import services as voice
from homeshore.channels.voice.drivers import that_places_calls
from homeshore.contacts.queries import desk
from homeshore.foundation import clock
from homeshore.foundation.errors import Invalid, NotFound
from homeshore.foundation.tenancy import membership
from homeshore.outbound import numbers, words
from homeshore.outbound.gate.register import Result
from homeshore.outbound.gate.rules import Purpose
from homeshore.outbound.lists import calling, queries
from homeshore.outbound.lists.course import Skip
from homeshore.people.queries import AgentFacts
from homeshore.web.asked import fields_of, text
from homeshore.web.asked import words as said_in
from homeshore.web.desk.views import for_agents
from homeshore.web.outbound.list_words import KINDS, why_in_words
from homeshore.web.softphone.outgoing import answer

if TYPE_CHECKING:
    from homeshore.outbound.models import ListDeed, ListEntry

SOON, LATEST = 30, 120
"""Seconds after which a desk asks again that was given nobody: at least, and at most while there is anybody to call."""


@require_POST
@for_agents
def next_person(request: HttpRequest, agent: AgentFacts) -> HttpResponse:
    """Who is to be read about now, null for nobody; `again_in` is after how many seconds to ask again, null when no list has anybody."""
    now = clock.now()
    if that_places_calls() is None:
        return JsonResponse({"preview": None, "again_in": None})
    found = calling.take_next(agent_id=agent.id, now=now)
    due = queries.next_due(agent.id, now=now)
    again_in = min(LATEST, max(SOON, (due - now).total_seconds())) if due else None
    return JsonResponse({"preview": _shape(found) if found else None, "again_in": again_in})


@require_POST
@for_agents
def keep(request: HttpRequest, agent: AgentFacts, entry: int) -> HttpResponse:
    """The page still shows them."""
    calling.keep(agent_id=agent.id, entry_id=entry, now=clock.now())
    return JsonResponse({})


@require_POST
@for_agents
def put_back(request: HttpRequest, agent: AgentFacts, entry: int) -> HttpResponse:
    """The agent does something else."""
    calling.put_back(agent_id=agent.id, entry_id=entry)
    return JsonResponse({})


@require_POST
@for_agents
def skip(request: HttpRequest, agent: AgentFacts, entry: int) -> HttpResponse:
    """The agent does not call them, and says `why`: `later`, `known` or `useless`."""
    asked = fields_of(request)
    calling.in_hand(agent_id=agent.id, entry_id=entry)
    why = text(asked, "why")
    if why not in set(Skip):
        raise Invalid(fields={"why": _("Say why you skip this person.")})
    calling.skip(agent_id=agent.id, entry_id=entry, why=Skip(why), note=said_in(asked, "note"), now=clock.now())
    return JsonResponse({})


@require_POST
@for_agents
def call(request: HttpRequest, agent: AgentFacts, entry: int) -> HttpResponse:
    """Call them. Answers the contact in which the call is; `not_called` says which rule stopped it."""
    user, now = membership(request).user, clock.now()
    return answer(lambda: voice.call_listed(agent_id=agent.id, by=user, entry_id=entry, now=now))


@require_GET
@for_agents
def of_contact(request: HttpRequest, agent: AgentFacts, contact: int) -> HttpResponse:
    """Whom the agent called from a list in a contact in hand; null for any other contact."""
    if desk.customer_in_hand(agent.id, contact) is None:
        raise NotFound
    found = queries.entry_of_contact(contact_id=contact, agent_id=agent.id)
    return JsonResponse({"listed": _shape(found) if found else None})


def _shape(entry: "ListEntry") -> dict[str, Any]:
    """Somebody on a list as the agent reads about them."""
    of = entry.call_list
    purpose = Purpose.CALLBACK if entry.asked_back else Purpose(of.purpose)
    return {
        "id": entry.pk,
        "list": of.name,
        "brand": of.brand_id,
        "queue": of.queue_id,
        "purpose": str(words.PURPOSES[purpose]),
        "script": of.script,
        "name": entry.name,
        "number": numbers.shown(entry.number) if entry.number else "",
        "language": entry.language,
        "told": [{"name": name, "value": entry.told[name]} for name in of.columns if entry.told.get(name)],
        "asked_back": entry.asked_back,
        "due_at": entry.due_at.isoformat(),
        "tried": entry.tried,
        "most_attempts": of.most_attempts,
        "history": [_deed(each) for each in queries.history(entry)],
    }


def _deed(deed: "ListDeed") -> dict[str, Any]:
    result = str(words.RESULTS[Result(deed.result)]) if deed.result else ""
    what = [result or str(KINDS[deed.kind]), deed.disposition.name if deed.disposition else "", why_in_words(deed.why)]
    return {
        "id": deed.pk,
        "at": deed.at.isoformat(),
        "what": " · ".join(each for each in what if each),
        "note": deed.note,
    }
