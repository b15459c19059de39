"""Calls for those who lead: which were recorded, what their callers were told, both for a contact's calls, and the sound, on record."""

from datetime import datetime

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import ensure_csrf_cookie
from django.views.decorators.http import require_GET, require_POST

from homeshore.channels.voice import services
from homeshore.channels.voice.recordings import played
from homeshore.channels.voice.sip import notices
from homeshore.foundation import clock, retention
from homeshore.foundation.errors import NotFound
from homeshore.foundation.models import Role
from homeshore.foundation.tenancy import for_roles, membership
from homeshore.web.floor.views import for_leaders


class ShareForm(forms.Form):
    """How many of a queue's calls are recorded."""

    share = forms.IntegerField(
        label=gettext_lazy("Calls recorded, in percent"),
        min_value=0,
        max_value=100,
        help_text=gettext_lazy(
            "0 for none. Each caller is told, and may refuse. Recording every call is seldom needed: "
            "the CNIL asks that it be neither permanent nor systematic."
        ),
    )


@require_GET
@for_leaders
def recordings(request: HttpRequest) -> HttpResponse:
    """The latest recorded calls; `?search=` names a queue, a brand or an agent, `?before=` a moment."""
    mine = membership(request)
    search = request.GET.get("search", "").strip()
    found = played.latest(mine.operator_id, search=search, before=_moment(request.GET.get("before", "")))
    shown = {
        "search": search,
        "calls": found,
        "older": found[-1].began_at.isoformat() if len(found) == played.SHOWN else "",
        "periods": retention.periods_of(mine.operator_id, at=clock.now()),
        "zone": mine.operator.time_zone,
    }
    return render(request, "recordings/recordings.html", shown)


@require_GET
@ensure_csrf_cookie
@for_leaders
def of_contact(request: HttpRequest, contact: int) -> HttpResponse:
    """What was told and recorded in the calls of a contact, each take with a player. Raises NotFound when there is nothing."""
    mine = membership(request)
    found = played.of_contact(mine.operator_id, contact)
    heard = notices.told_in_contact(mine.operator_id, contact)
    if not found and not heard:
        raise NotFound(_("No recording of this contact is kept: there was none, or its time is over."))
    shown = {
        "first": [*found, *heard][0],
        "told": heard,
        "takes": [take for call in found for take in call.takes],
        "refused_at": next((call.refused_at for call in found if call.refused_at), None),
        "zone": mine.operator.time_zone,
    }
    return render(request, "recordings/contact.html", shown)


@require_GET
@for_leaders
def told(request: HttpRequest) -> HttpResponse:
    """What the latest callers were told before they waited; `?search=` names a contact or a caller's number, `?before=` a moment."""
    mine = membership(request)
    search = request.GET.get("search", "").strip()
    found = notices.latest_told(mine.operator_id, search=search, before=_moment(request.GET.get("before", "")))
    shown = {
        "search": search,
        "told": found,
        "older": found[-1].told.began_at.isoformat() if len(found) == notices.SHOWN else "",
        "zone": mine.operator.time_zone,
    }
    return render(request, "recordings/told.html", shown)


@require_POST
@never_cache
@for_leaders
def sound(request: HttpRequest, take: int) -> HttpResponse:
    """The sound of a take, opened for whoever listens: an entry in the audit trail each time."""
    mine = membership(request)
    heard, media_type = played.listen(operator_id=mine.operator_id, take_id=take, by=mine.user, now=clock.now())
    return HttpResponse(heard, content_type=media_type)


@require_POST
@for_roles(Role.OPERATOR_ADMIN)
def set_share(request: HttpRequest, queue_id: int) -> HttpResponse:
    """How many of a queue's calls are recorded from now on."""
    mine = membership(request)
    form = ShareForm(request.POST)
    if form.is_valid():
        share = form.cleaned_data["share"]
        services.set_recording_rule(
            operator_id=mine.operator_id, queue_id=queue_id, share=share, by=mine.user, now=clock.now()
        )
        messages.success(request, _("This holds from the next call on."))
    else:
        messages.error(request, _("From 0 to 100 percent."))
    return redirect("queue", queue_id)


def _moment(written: str) -> datetime | None:
    """A moment as ISO 8601 with its zone; None for what is none."""
    try:
        moment = parse_datetime(written)
    except ValueError:
        return None
    return moment if moment and moment.tzinfo else None
