"""The line between the page of an agent in a call and that of who is beside them: a supervisor, or a colleague whom they ask.

Both ends use the same addresses; which end somebody is, is found by who they are.
"""

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_GET, require_POST

from homeshore.channels.voice import services
from homeshore.channels.voice.embedded import companion_lines as lines
from homeshore.foundation import clock
from homeshore.foundation.models import Role
from homeshore.foundation.tenancy import for_roles, membership
from homeshore.web.asked import fields_of, number
from homeshore.web.softphone.signals import signal_of

for_whoever_is_in_calls = for_roles(Role.AGENT, Role.SUPERVISOR, Role.OPERATOR_ADMIN)


@require_POST
@for_whoever_is_in_calls
def say(request: HttpRequest, companion: int) -> HttpResponse:
    """Something for the other end's page."""
    told = signal_of(request)
    lines.say(lines.end_of(companion, user=membership(request).user), now=clock.now(), **told)
    return JsonResponse({})


@require_GET
@for_whoever_is_in_calls
def signals(request: HttpRequest, companion: int) -> HttpResponse:
    """What the other end's page has said."""
    after = number(request.GET.dict(), "after") or 0
    return JsonResponse({"signals": lines.heard(lines.end_of(companion, user=membership(request).user), after=after)})


@require_POST
@for_whoever_is_in_calls
def alive(request: HttpRequest, companion: int) -> HttpResponse:
    """The page of who is beside the agent lives; `false` says that they are in the call no longer."""
    here = services.give_companion_sign(companion_id=companion, by=membership(request).user, now=clock.now())
    return JsonResponse({"here": here})


@require_POST
@for_whoever_is_in_calls
def away(request: HttpRequest, companion: int) -> HttpResponse:
    """The page of who is beside the agent is closed, or being loaded again: it has some seconds to come back."""
    lines.step_away(companion, user=membership(request).user, now=clock.now())
    return JsonResponse({})


@require_POST
@for_whoever_is_in_calls
def leave(request: HttpRequest, companion: int) -> HttpResponse:
    """Leave the call; a colleague whose desk rings says no by it."""
    services.go_out(companion_id=companion, by=membership(request).user, now=clock.now())
    return JsonResponse({})


@require_POST
@for_whoever_is_in_calls
def renew(request: HttpRequest, companion: int) -> HttpResponse:
    """The page was loaded again, or the line cannot be mended: both pages begin anew."""
    round = number(fields_of(request), "round", needed=True) or 0
    services.renew_companion(companion_id=companion, by=membership(request).user, round=round, now=clock.now())
    return JsonResponse({})
