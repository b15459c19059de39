"""What would have been: a past day played under the rules being typed, or with more contacts, fewer agents, another rule."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from homeshore.brands.queries import QueueRules, newest_version
from homeshore.contacts.floors import floor_of_queue
from homeshore.contacts.queries.floor import floors_of_operator
from homeshore.contacts.router.rules import queue_rule
from homeshore.contacts.whatif.periods import days_with_contacts, floor_and_zone
from homeshore.contacts.whatif.studies import ask_for_study, day_to_play, study_of_operator
from homeshore.foundation.errors import NotFound, Refused
from homeshore.foundation.models import Role
from homeshore.foundation.tenancy import for_roles
from homeshore.routing.policy import LEAST_COST, LONGEST_IDLE
from homeshore.routing.simulator.study import MEASURES, Variant
from homeshore.web.asked import day_of, number
from homeshore.web.policy.forms import PolicyForm, WhatIfForm
from homeshore.web.policy.rooms import Room

WIDTH, LEFT, ROW = 960, 300, 40


@dataclass(frozen=True, slots=True)
class Mark:
    """A variant's service level on its row: the middle and both ends of its interval, in the units of the SVG."""

    number: int
    x: float
    low: float
    high: float
    y: float


@dataclass(frozen=True, slots=True)
class Row:
    """A queue, or the floor, in the chart and in the table: its target tick, a mark and the figures of each variant."""

    name: str
    y: float
    target: float | None
    marks: list[Mark]
    cells: list[dict[str, Any]]


def days_to_try(room: Room, floor_id: int) -> list[tuple[str, date, int]]:
    """The days that may be played, the newest first: as sent, as shown, and how many contacts came."""
    floor = floor_and_zone(floor_id)
    if floor is None or floor.operator_id != room.operator.pk:
        raise NotFound
    return [(day.isoformat(), day, number) for day, number in days_with_contacts(floor, now=room.now).items()]


def policy_form(request: HttpRequest, room: Room, queue: QueueRules) -> PolicyForm:
    """The form of a queue's rules, as they are or as typed."""
    others = {id: name for id, name in room.queue_names.items() if id != queue.id and room.queues[id].active}
    return PolicyForm(
        request.POST or None,
        channel=queue.channel,
        skills=room.skills,
        queues=others,
        policy=queue.policy,
        newest=newest_version(queue.id),
    )


@for_roles(Role.OPERATOR_ADMIN)
@require_POST
def preview(request: HttpRequest, queue_id: int) -> HttpResponse:
    """A past day under the rules in force and under those typed."""
    room = Room(request)
    known = room.queue(queue_id)
    form = policy_form(request, room, known)
    if not form.is_valid():
        return render(request, "policy/typed.html", {"typed": None})
    typed = replace(known, **{name: getattr(form.policy(), name) for name in known.policy.__slots__})
    variants = [Variant(_("the rules in force")), Variant(_("the rules typed"), queues=(queue_rule(typed),))]
    return _begin(request, room, floor_of_queue(known.id), request.POST.get("day", ""), variants)


@for_roles(Role.SUPERVISOR, Role.OPERATOR_ADMIN)
@require_GET
def page(request: HttpRequest) -> HttpResponse:
    """A past day with more contacts, fewer agents or under another rule."""
    room = Room(request)
    floors = floors_of_operator(room.operator.pk)
    days = {floor_id: days_to_try(room, floor_id) for floor_id in floors}
    first = next((floor_id for floor_id, found in days.items() if found), None)
    shown = {"room": room, "form": WhatIfForm(), "floors": floors, "floor": first, "days": days.get(first or 0, [])}
    return render(request, "policy/what_if.html", shown)


@for_roles(Role.SUPERVISOR, Role.OPERATOR_ADMIN)
@require_POST
def ask(request: HttpRequest) -> HttpResponse:
    """Begin to play what was asked for."""
    room = Room(request)
    form = WhatIfForm(request.POST)
    if not form.is_valid():
        return render(request, "policy/typed.html", {"typed": None})
    filled = form.cleaned_data
    floor_id = number(request.POST.dict(), "floor") or 0
    said = []
    if filled["volume"] != 100:
        said.append(_("%(volume)s%% of the contacts") % {"volume": filled["volume"]})
    if filled["away"]:
        said.append(_("%(away)s agents fewer") % {"away": filled["away"]})
    if filled["rule"]:
        said.append({LEAST_COST: _("rule least cost"), LONGEST_IDLE: _("rule longest idle")}[filled["rule"]])
    otherwise = Variant(", ".join(said), volume=filled["volume"] / 100, agents_away=filled["away"])
    variants = [Variant(_("as it is")), *([otherwise] if said else [])]
    return _begin(request, room, floor_id, request.POST.get("day", ""), variants, rule=filled["rule"])


@for_roles(Role.SUPERVISOR, Role.OPERATOR_ADMIN)
@require_GET
def study(request: HttpRequest, study_id: int) -> HttpResponse:
    """How far a study is, and then what came of it."""
    room = Room(request)
    known = study_of_operator(study_id, operator_id=room.operator.pk, now=room.now)
    shown: dict[str, Any] = {"study": known, "percent": round(known.progress * 100)}
    if known.outcomes is not None:
        shown |= _drawn(room, known.outcomes)
        was = {name: _figure(name, value) for name, value in known.recorded.items()}
        shown["recorded"] = {**dict.fromkeys(MEASURES, "–"), **was} if was else None
        shown["guessed"] = [room.queues[each].name for each in known.guessed if each in room.queues]
    return render(request, "policy/study.html", shown)


def _begin(
    request: HttpRequest, room: Room, floor_id: int, day: str, variants: list[Variant], *, rule: str = ""
) -> HttpResponse:
    try:
        chosen = day_of(day)
        played = day_to_play(operator_id=room.operator.pk, floor_id=floor_id, day=chosen, now=room.now)
        if rule:
            variants[-1] = replace(variants[-1], policy=replace(played.policy, rule=rule))
        asked = ask_for_study(
            operator_id=room.operator.pk,
            floor_id=floor_id,
            day=chosen,
            played=played,
            variants=variants,
            by=room.user,
            now=room.now,
        )
    except ValueError:
        raise NotFound from None
    except NotFound:
        raise
    except Refused as refusal:
        return render(request, "policy/study.html", {"refused": str(refusal)})
    return redirect("study", asked.pk)


def _drawn(room: Room, outcomes: list[Mapping[str, Any]]) -> dict[str, Any]:
    """The chart and the table of a study that is done; queues that nobody came to are left out."""
    places: list[tuple[str, str, int | None]] = [("floor", _("The whole floor"), None)]
    for queue in room.queues.values():
        if outcomes[0]["figures"].get(str(queue.id)):
            places.append((str(queue.id), room.queue_names[queue.id], queue.target_percent))
    rows: list[Row] = []
    for place, name, target in places:
        y = (len(rows) + 0.5) * ROW
        marks = []
        for nth, outcome in enumerate(outcomes):
            level = outcome["figures"][place].get("service_level")
            if level:
                low, high = max(level[0] - level[1], 0), min(level[0] + level[1], 1)
                marks.append(Mark(nth, _x(level[0]), _x(low), _x(high), y - 6 + 12 * nth))
        cells = [
            {
                "variant": outcome["name"],
                "figures": _cells(outcome["figures"][place]),
                "difference": _cells(outcome["differences"].get(place, {}))["service_level"] if nth else "",
            }
            for nth, outcome in enumerate(outcomes)
        ]
        rows.append(Row(name, y, _x(target / 100) if target else None, marks, cells))
    grid = [(_x(share / 100), share) for share in (0, 25, 50, 75, 100)]
    names = [outcome["name"] for outcome in outcomes]
    return {"rows": rows, "grid": grid, "height": len(rows) * ROW + 24, "width": WIDTH, "names": names}


def _x(share: float) -> float:
    return round(LEFT + share * (WIDTH - LEFT - 24), 1)


def _cells(figures: Mapping[str, list[float]]) -> dict[str, str]:
    """Every measure as text, a dash for what nothing tells: shares in per cent, the average speed of answer in seconds, each with half its interval."""
    told = dict.fromkeys(MEASURES, "–")
    for name, (middle, half) in figures.items():
        told[name] = f"{_figure(name, middle)} ± {_figure(name, half)}"
    return told


def _figure(measure: str, value: float) -> str:
    """A measure as the reader's language writes it: seconds whole, shares in per cent with one decimal."""
    size, digits = (1, 0) if measure == "asa_s" else (100, 1)
    return number_format(value * size, decimal_pos=digits)
