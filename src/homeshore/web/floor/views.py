"""The floor: one page, what it shows and what a supervisor does there. Rules are in the services of the contexts."""

from collections.abc import Callable
from functools import wraps
from typing import Any
from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.csrf import ensure_csrf_cookie
from django.views.decorators.http import require_GET, require_POST

from homeshore.contacts import services
from homeshore.contacts.queries import floor as contacts
from homeshore.contacts.refusals import ContactMoved
from homeshore.floor import queries
from homeshore.floor import simulation as simulated
from homeshore.foundation import audit, clock
from homeshore.foundation.errors import Invalid, NotFound, Refused
from homeshore.foundation.models import Role
from homeshore.foundation.tenancy import for_roles
from homeshore.people import queries as people
from homeshore.web.asked import day_of, fields_of, number
from homeshore.web.senses import may_listen

Deed = Callable[[HttpRequest, int], None]
for_leaders = for_roles(Role.SUPERVISOR, Role.OPERATOR_ADMIN)


class NobodyToTakeIt(Refused):
    """Whoever wants to take a contact is no agent."""

    code = "nobody_to_take_it"
    message = _("Your account has no agent’s file, so this contact would have no desk. Give it to an agent instead.")


def on_contact(do: Deed) -> Callable[..., HttpResponseBase]:
    """A POST about a contact of the person's own operator; others are not there."""

    @require_POST
    @for_leaders
    @wraps(do)
    def about_ours(request: HttpRequest, contact: int) -> HttpResponse:
        if not contacts.contact_of_operator(contact, operator_id=_operator(request).pk):
            raise NotFound
        do(request, contact)
        return JsonResponse({})

    return about_ours


@may_listen
@require_GET
@ensure_csrf_cookie
@for_leaders
def page(request: HttpRequest) -> HttpResponse:
    """The page in which the floor's island draws itself."""
    return render(request, "floor/floor.html")


@require_GET
@for_leaders
def snapshot(request: HttpRequest) -> HttpResponse:
    """The whole floor as of now; `?floor=` names another one than the first."""
    operator = _operator(request)
    floor = contacts.floor_of_operator(operator.pk, floor_id=number(request.GET.dict(), "floor"))
    if floor is None:
        raise NotFound(_("Your operator has no floor yet: it gets one with its first queue."))
    return JsonResponse(queries.floor_snapshot(floor, operator, user=request.user, now=clock.now()))  # type: ignore[arg-type]


@on_contact
def take(request: HttpRequest, contact: int) -> None:
    """The supervisor takes the contact to their own desk."""
    me = people.agent_of_user(user_id=request.user.pk, operator_id=_operator(request).pk)  # type: ignore[arg-type]
    if me is None:
        raise NobodyToTakeIt
    seen = _seen(fields_of(request))
    services.assign_contact(contact_id=contact, agent_id=me.id, by=request.user, seen=seen, now=clock.now())  # type: ignore[arg-type]


@on_contact
def assign(request: HttpRequest, contact: int) -> None:
    """Give the contact to an agent, whoever waits or works on it."""
    asked = fields_of(request)
    agent = number(asked, "agent", needed=True)
    services.assign_contact(contact_id=contact, agent_id=agent, by=request.user, seen=_seen(asked), now=clock.now())  # type: ignore[arg-type]


@on_contact
def requeue(request: HttpRequest, contact: int) -> None:
    """Send the contact back to its queue, or to another one."""
    asked = fields_of(request)
    queue = number(asked, "queue")
    services.requeue_contact(contact_id=contact, queue_id=queue, by=request.user, seen=_seen(asked), now=clock.now())  # type: ignore[arg-type]


@on_contact
def cancel_callback(request: HttpRequest, contact: int) -> None:
    """The customer need not be called back."""
    if not services.cancel_contact(contact_id=contact, why="callback_cancelled", now=clock.now()):
        raise ContactMoved
    audit.record(
        operator_id=_operator(request).pk,
        actor=request.user,  # type: ignore[arg-type]
        verb="callback.cancelled",
        target=f"C-{contact}",
        at=clock.now(),
    )


def _seen(asked: dict[str, Any]) -> services.Seen | None:
    """With whom the supervisor saw the contact (`with`), when the request says it."""
    return services.Seen(number(asked, "with")) if "with" in asked else None


@require_GET
@for_leaders
def agent_day(request: HttpRequest, agent: int) -> HttpResponse:
    """One agent's day as it went; `?date=` names another day than today."""
    operator = _operator(request)
    found = next((each for each in people.agents_of_operator(operator.pk) if each.id == agent), None)
    if found is None:
        raise NotFound
    now = clock.now()
    try:
        asked = request.GET.get("date")
        day = day_of(asked) if asked else now.astimezone(ZoneInfo(operator.time_zone)).date()
    except ValueError as error:
        raise Invalid(fields={"date": _("Write the day like 2026-11-24.")}) from error
    return JsonResponse(queries.agent_day(found, operator, day=day, now=now))


@require_POST
@for_leaders
def simulation(request: HttpRequest) -> HttpResponse:
    """Stop the simulated people, or let them come again; only a demonstration has any."""
    switch = simulated.switch()
    if switch is None:
        raise NotFound
    if fields_of(request).get("on"):
        switch.resume()
    else:
        switch.pause()
    return JsonResponse({"on": switch.is_running()})


def _operator(request: HttpRequest) -> Any:
    return request.membership.operator  # type: ignore[attr-defined]
