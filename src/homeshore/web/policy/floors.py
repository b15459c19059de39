"""What holds on a whole floor: in words, its form, its history."""

from itertools import zip_longest
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from homeshore.brands.services import SavedMeanwhile
from homeshore.contacts.queries.floor import FloorFacts, floor_of_operator
from homeshore.contacts.queries.policies import policy_of_floor, rules_of, versions_of_floor
from homeshore.contacts.services import policies
from homeshore.foundation.errors import NotFound, Refused
from homeshore.foundation.models import Role
from homeshore.foundation.tenancy import for_roles
from homeshore.web.policy import words
from homeshore.web.policy.forms import FloorForm
from homeshore.web.policy.rooms import Room, standing


@for_roles(Role.SUPERVISOR, Role.OPERATOR_ADMIN)
@require_GET
def floor_policy(request: HttpRequest, floor: int) -> HttpResponse:
    """The floor's rules in words, and for an administrator the form that changes them from a moment on."""
    room = Room(request)
    known = _known(room, floor)
    newest = max((each.number for each in versions_of_floor(known.id)), default=0)
    initial = FloorForm.filled_with(rules_of(policy_of_floor(known.id))) | {"seen": newest}
    return _page(request, room, known, FloorForm(initial=initial))


@for_roles(Role.OPERATOR_ADMIN)
@require_POST
def save_floor_policy(request: HttpRequest, floor: int) -> HttpResponse:
    """A new version of the floor's rules; what is wrong with it is said beside its field."""
    room = Room(request)
    known = _known(room, floor)
    form = FloorForm(request.POST)
    if form.is_valid():
        try:
            version = policies.save_floor_policy(
                operator_id=room.operator.pk,
                floor_id=known.id,
                by=room.user,
                rules=form.rules(),
                valid_from=form.starts(room.zone),
                note=form.cleaned_data["note"],
                seen=form.cleaned_data["seen"],
                now=room.now,
            )
        except SavedMeanwhile as refusal:
            form.now_seen(refusal.values["number"])
            form.add_error(None, str(refusal))
        except Refused as refusal:
            if not refusal.fields:
                form.add_error(None, str(refusal))
            for field, why in refusal.fields.items():
                form.add_error("keep_voice" if field == "keep_on_lapse" else field, str(why))
        else:
            messages.success(request, room.said_saved(version.valid_from, version.number))
            return redirect("floor-policy", known.id)
    return _page(request, room, known, form)


def _page(request: HttpRequest, room: Room, floor: FloorFacts, form: FloorForm) -> HttpResponse:
    in_force = policy_of_floor(floor.id)
    rules = rules_of(in_force)
    shown = {
        "room": room,
        "floor": floor,
        "sentences": words.floor_in_words(rules),
        "form": form,
        "history": _history(floor.id, in_force.version),
        "reserving": [queue.name for queue in room.queues.values() if queue.reserve and queue.id in floor.queues],
        "rules": rules,
    }
    return render(request, "policy/floor.html", shown, status=422 if form.errors else 200)


@for_roles(Role.OPERATOR_ADMIN)
@require_POST
def withdraw_floor_policy(request: HttpRequest, floor: int, number: int) -> HttpResponse:
    """A planned version is not to come into force."""
    room = Room(request)
    known = _known(room, floor)
    policies.withdraw_floor_policy(
        operator_id=room.operator.pk, floor_id=known.id, number=number, by=room.user, now=room.now
    )
    messages.success(request, _("Version %(number)s is withdrawn.") % {"number": number})
    return redirect("floor-policy", known.id)


def _known(room: Room, floor_id: int) -> FloorFacts:
    known = floor_of_operator(room.operator.pk, floor_id=floor_id)
    if known is None:
        raise NotFound
    return known


def _history(floor_id: int, in_force: int) -> list[dict[str, Any]]:
    versions = versions_of_floor(floor_id)
    return [
        {
            "version": version,
            "changed": words.changed_fields(before.rules if before else None, version.rules),
            "state": standing(version, in_force),
        }
        for version, before in zip_longest(versions, versions[1:])
    ]
