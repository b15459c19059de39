"""A supervisor beside the agent of a call: comes in, listens, whispers, joins. Rules are in `channels.voice.services`."""

from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_POST

from homeshore.channels.voice import services
from homeshore.channels.voice.embedded.relays import ice_servers
from homeshore.channels.voice.models import Companion
from homeshore.foundation import clock
from homeshore.foundation.errors import Invalid
from homeshore.foundation.tenancy import membership
from homeshore.web.asked import fields_of, text
from homeshore.web.floor.views import for_leaders


@require_POST
@for_leaders
def come_in(request: HttpRequest, call: int) -> HttpResponse:
    """Come beside the agent of a call; answers who one is there, and what the page needs to hear it."""
    mine = membership(request)
    now = clock.now()
    part = _part(fields_of(request))
    companion = services.come_in(operator_id=mine.operator_id, call_id=call, by=mine.user, part=part, now=now)
    return _needed_to_hear(companion, now)


@require_POST
@for_leaders
def come_back(request: HttpRequest, companion: int) -> HttpResponse:
    """The page of who is beside an agent was loaded again; answers as when they came in."""
    now = clock.now()
    return _needed_to_hear(services.come_back(companion_id=companion, by=membership(request).user, now=now), now)


@require_POST
@for_leaders
def take_part(request: HttpRequest, companion: int) -> HttpResponse:
    """Listen, whisper to the agent, or speak to both."""
    part = _part(fields_of(request))
    services.take_part(companion_id=companion, by=membership(request).user, part=part, now=clock.now())
    return JsonResponse({})


def _needed_to_hear(companion: Companion, now: datetime) -> HttpResponse:
    ice = ice_servers(whose=f"user-{companion.user_id}", now=now)
    return JsonResponse({"id": companion.pk, "round": companion.round, "part": companion.part, "ice": ice})


def _part(asked: dict[str, Any]) -> Companion.Part:
    part = text(asked, "part")
    if part not in Companion.Part.values:
        raise Invalid(fields={"part": ", ".join(Companion.Part.values)})
    return Companion.Part(part)
