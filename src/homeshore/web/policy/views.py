"""Queues and their rules: the list, one queue in words, its form, its history, its opening and closing."""

from itertools import zip_longest
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from homeshore.brands import queries as brands
from homeshore.brands import services as brand_services
from homeshore.brands.queries import QueueRules
from homeshore.brands.services import SavedMeanwhile
from homeshore.channels.voice.queries import left_in_menus, may_be_listened_to, recording_share, turned_away
from homeshore.contacts.floors import floor_of_queue
from homeshore.contacts.queries.floor import floors_of_operator
from homeshore.contacts.services import policies
from homeshore.foundation.clock import now
from homeshore.foundation.errors import Refused
from homeshore.foundation.models import Role
from homeshore.foundation.tenancy import for_roles
from homeshore.missions import queries as missions
from homeshore.missions import services as mission_services
from homeshore.web.desk.snapshot import start_of_day
from homeshore.web.policy import words
from homeshore.web.policy.forms import NewQueueForm, PolicyForm
from homeshore.web.policy.rooms import Room, standing
from homeshore.web.policy.whatif import days_to_try, policy_form
from homeshore.web.recordings.views import ShareForm
from homeshore.web.refused import blame
from homeshore.web.supervision.rules import ListeningForm

for_leaders = for_roles(Role.SUPERVISOR, Role.OPERATOR_ADMIN)
for_admin = for_roles(Role.OPERATOR_ADMIN)


@for_leaders
@require_GET
def queues(request: HttpRequest) -> HttpResponse:
    """All queues with their service level, what they ask for and how they stand; and the floors."""
    room = Room(request)
    floors = floors_of_operator(room.operator.pk)
    at = now()
    today = start_of_day(room.operator, at)
    shown = {
        "room": room,
        "lines": room.lines(),
        "floors": floors,
        "left": left_in_menus(room.operator.pk, since=today, now=at),
        "turned_away": turned_away(room.operator.pk, since=today, now=at),
    }
    return render(request, "policy/queues.html", shown)


@for_leaders
@require_GET
def queue(request: HttpRequest, queue_id: int) -> HttpResponse:
    """One queue's rules in words, what is planned, and what was."""
    room = Room(request)
    known = room.queue(queue_id)
    shown = _page(room, known) | {"history": _history(room, known)}
    if known.channel == "voice":
        shown["recording"] = ShareForm(initial={"share": recording_share(known.id)})
        shown["listening"] = ListeningForm(initial={"allowed": may_be_listened_to(known.id)})
    return render(request, "policy/queue.html", shown)


@for_admin
def edit(request: HttpRequest, queue_id: int) -> HttpResponse:
    """The form of a queue's rules; what nobody could answer is told before it is saved."""
    room = Room(request)
    known = room.queue(queue_id)
    form = policy_form(request, room, known)
    warned: list[str] = []
    if request.method == "POST" and form.is_valid():
        policy = form.policy()
        _able, lacks = room.lacks(known, policy)
        if lacks and not form.cleaned_data["confirmed"]:
            warned = lacks
        else:
            try:
                version = brand_services.save_policy(
                    operator_id=room.operator.pk,
                    queue_id=known.id,
                    by=room.user,
                    policy=policy,
                    valid_from=form.starts(room.zone),
                    note=form.cleaned_data["note"],
                    seen=form.cleaned_data["seen"],
                    now=room.now,
                )
            except SavedMeanwhile as refusal:
                form.now_seen(refusal.values["number"])
                _blame(form, refusal)
            except Refused as refusal:
                _blame(form, refusal)
            else:
                messages.success(request, room.said_saved(version.valid_from, version.number))
                return redirect("queue", known.id)
    days = days_to_try(room, floor_of_queue(known.id))
    shown = _page(room, known) | {"form": form, "warned": warned, "days": days, **_as_typed(room, known, form)}
    return render(request, "policy/edit.html", shown, status=422 if form.errors or warned else 200)


@for_admin
@require_POST
def words_of(request: HttpRequest, queue_id: int) -> HttpResponse:
    """What the form says as it is being filled in: the rules in words, and how many agents that leaves."""
    room = Room(request)
    known = room.queue(queue_id)
    return render(request, "policy/typed.html", _as_typed(room, known, policy_form(request, room, known)))


@for_admin
def new(request: HttpRequest) -> HttpResponse:
    """A new queue: its name, brand and channel; its rules are set on its page."""
    room = Room(request)
    ours = missions.missions_of_operator(room.operator.pk)
    form = NewQueueForm(
        request.POST or None,
        choices={
            "brand": list(room.brands.items()),
            "channel": brands.channel_choices(),
            "activity": brands.activity_choices(),
            "missions": [(each.id, f"{each.name}, {room.brands[each.brand_id]}") for each in ours],
        },
    )
    if request.method == "POST" and form.is_valid():
        filled = form.cleaned_data
        chosen = [int(each) for each in filled["missions"]]
        if any(each.id in chosen and each.brand_id != int(filled["brand"]) for each in ours):
            form.add_error("missions", _("A mission serves the queues of its own brand only."))
        else:
            made = _create(room, form, chosen)
            if made is not None:
                messages.success(
                    request, _("%(name)s is open. These are the rules it starts with.") % {"name": made.name}
                )
                return redirect("queue-edit", made.id)
    return render(request, "policy/new.html", {"room": room, "form": form}, status=422 if form.errors else 200)


@for_admin
@require_POST
def withdraw(request: HttpRequest, queue_id: int, number: int) -> HttpResponse:
    """A planned version is not to come into force."""
    room = Room(request)
    known = room.queue(queue_id)
    brand_services.withdraw_version(
        operator_id=room.operator.pk, queue_id=known.id, number=number, by=room.user, now=room.now
    )
    messages.success(request, _("Version %(number)s is withdrawn.") % {"number": number})
    return redirect("queue", known.id)


@for_admin
def close(request: HttpRequest, queue_id: int) -> HttpResponse:
    """What becomes of the queue's contacts when it closes, and the choice of where they go."""
    room = Room(request)
    known = room.queue(queue_id)
    others = [
        each
        for each in room.queues.values()
        if each.active and each.id != known.id and (each.brand_id, each.channel) == (known.brand_id, known.channel)
    ]
    if request.method == "POST":
        chosen = request.POST.get("moved_to", "")
        moved = policies.close_queue(
            operator_id=room.operator.pk,
            queue_id=known.id,
            moved_to_id=int(chosen) if chosen.isascii() and chosen.isdigit() else 0,
            by=room.user,
            now=room.now,
        )
        said = ngettext("%(number)s waiting contact was moved.", "%(number)s waiting contacts were moved.", moved)
        closed = _("%(name)s is closed.") % {"name": known.name}
        messages.success(request, f"{closed} {said % {'number': moved}}")
        return redirect("queues")
    held = room.held.get(known.id, {})
    shown = {
        "others": others,
        "waiting": held.get("waiting", 0) + held.get("offered", 0),
        "in_hand": held.get("active", 0),
        "helped": [room.queue_names[each.id] for each in room.queues.values() if _is_helped_by(each, known)],
    }
    return render(request, "policy/close.html", _page(room, known) | shown)


@for_admin
@require_POST
def reopen(request: HttpRequest, queue_id: int) -> HttpResponse:
    """A closed queue takes contacts again."""
    room = Room(request)
    known = room.queue(queue_id)
    brand_services.reopen_queue(operator_id=room.operator.pk, queue_id=known.id, by=room.user, now=room.now)
    messages.success(request, _("%(name)s takes contacts again.") % {"name": known.name})
    return redirect("queue", known.id)


def _is_helped_by(queue: QueueRules, helper: QueueRules) -> bool:
    return queue.active and any(step.queue == helper.id for step in queue.overflow)


def _page(room: Room, queue: QueueRules) -> dict[str, Any]:
    """What every page of one queue shows."""
    policy = queue.policy
    opening = words.opening_in_words(room.opening(queue), room.zone)
    return {
        "room": room,
        "queue": queue,
        "brand": room.brands[queue.brand_id],
        "steps": words.circle_in_words(
            policy, skills=room.skills, queues=room.queue_names, able=room.able(queue, policy)
        ),
        "chapters": words.chapters(policy, channel=queue.channel, opening=opening),
        "lacks": room.lacks(queue, policy)[1],
        "moved_to": room.queues.get(queue.moved_to_id or 0),
    }


def _history(room: Room, queue: QueueRules) -> list[dict[str, Any]]:
    """The versions, the newest first, each with what it changed."""
    versions = brands.versions_of_queue(queue.id)
    told = []
    for version, before in zip_longest(versions, versions[1:]):
        told.append(
            {
                "version": version,
                "changed": words.changed_fields(before.policy if before else None, version.policy),
                "state": standing(version, queue.version),
            }
        )
    return told


def _as_typed(room: Room, queue: QueueRules, form: PolicyForm) -> dict[str, Any]:
    """The rules as typed, in words; those in force while what is typed makes no policy."""
    if form.is_bound and not form.is_valid():
        return {"typed": None}
    policy = form.policy() if form.is_bound else queue.policy
    return {
        "typed": policy,
        "typed_steps": words.circle_in_words(
            policy, skills=room.skills, queues=room.queue_names, able=room.able(queue, policy)
        ),
        "typed_lacks": room.lacks(queue, policy)[1],
    }


def _create(room: Room, form: NewQueueForm, chosen: list[int]) -> QueueRules | None:
    filled = form.cleaned_data
    try:
        made = brand_services.create_queue(
            operator_id=room.operator.pk,
            brand_id=int(filled["brand"]),
            by=room.user,
            name=filled["name"],
            channel=filled["channel"],
            activity=filled["activity"],
            policy=form.first_policy(),
            now=room.now,
        )
    except Refused as refusal:
        blame(form, refusal)
        return None
    if chosen:
        mission_services.serve_queue(
            operator_id=room.operator.pk,
            brand_id=made.brand_id,
            queue_id=made.pk,
            mission_ids=chosen,
            by=room.user,
            now=room.now,
        )
    return brands.queue_rules(made.pk)


def _blame(form: PolicyForm, refusal: Refused) -> None:
    if not refusal.fields:
        form.add_error(None, str(refusal))
    for field, why in refusal.fields.items():
        form.blame(field, str(why))
