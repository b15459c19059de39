"""A supervisor beside the agent of a call: comes in, listens, whispers, joins, goes. Rules are in `channels.voice.services`."""

from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_GET, require_POST

from homeshore.channels.voice import services
from homeshore.channels.voice.embedded import companion_lines as lines
from homeshore.channels.voice.embedded.relays import ice_servers
from homeshore.channels.voice.models import Companion
from homeshore.foundation import clock
from homeshore.foundation.errors import Invalid
from homeshore.foundation.tenancy import membership
from homeshore.web.asked import fields_of, number, text
from homeshore.web.floor.views import for_leaders
from homeshore.web.softphone.signals import signal_of


@require_POST
@for_leaders
def come_in(request: HttpRequest, call: int) -> HttpResponse:
    """Come beside the agent of a call; answers who one is there, and what the page needs to hear it."""
    mine = membership(request)
    now = clock.now()
    part = _part(fields_of(request))
    companion = services.come_in(operator_id=mine.operator_id, call_id=call, by=mine.user, part=part, now=now)
    ice = ice_servers(whose=f"user-{mine.user_id}", now=now)
    return JsonResponse({"id": companion.pk, "round": companion.round, "part": companion.part, "ice": ice})


@require_POST
@for_leaders
def take_part(request: HttpRequest, companion: int) -> HttpResponse:
    """Listen, whisper to the agent, or speak to both."""
    part = _part(fields_of(request))
    services.take_part(companion_id=companion, by=membership(request).user, part=part, now=clock.now())
    return JsonResponse({})


@require_POST
@for_leaders
def alive(request: HttpRequest, companion: int) -> HttpResponse:
    """The page lives; `false` says that one is in the call no longer."""
    here = services.give_companion_sign(companion_id=companion, by=membership(request).user, now=clock.now())
    return JsonResponse({"here": here})


@require_POST
@for_leaders
def leave(request: HttpRequest, companion: int) -> HttpResponse:
    """Leave the call, also when the page closes."""
    services.go_out(companion_id=companion, by=membership(request).user, now=clock.now())
    return JsonResponse({})


@require_POST
@for_leaders
def renew(request: HttpRequest, companion: int) -> HttpResponse:
    """The line to the agent's page cannot be mended: both begin anew."""
    round = number(fields_of(request), "round", needed=True) or 0
    services.renew_companion(companion_id=companion, by=membership(request).user, round=round, now=clock.now())
    return JsonResponse({})


@require_POST
@for_leaders
def say(request: HttpRequest, companion: int) -> HttpResponse:
    """Something for the agent's page."""
    told = signal_of(request)
    here = lines.companion_of(companion, user=membership(request).user)
    lines.say(here, from_agent=False, now=clock.now(), **told)
    return JsonResponse({})


@require_GET
@for_leaders
def signals(request: HttpRequest, companion: int) -> HttpResponse:
    """What the agent's page has said."""
    here = lines.companion_of(companion, user=membership(request).user)
    after = number(request.GET.dict(), "after") or 0
    return JsonResponse({"signals": lines.heard(here, at_agent=False, after=after)})


def _part(asked: dict[str, Any]) -> Companion.Part:
    part = text(asked, "part")
    if part not in Companion.Part.values:
        raise Invalid(fields={"part": ", ".join(Companion.Part.values)})
    return Companion.Part(part)
