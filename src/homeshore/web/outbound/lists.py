"""Lists of people to be called: made, filled, started, watched and taken out by those who lead."""

import csv
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from homeshore.brands.queries import brand_names, queues_of_operator
from homeshore.channels.voice.models import Number
from homeshore.foundation.clock import now
from homeshore.foundation.errors import Invalid, Refused
from homeshore.foundation.tenancy import for_roles, membership
from homeshore.outbound import numbers
from homeshore.outbound.gate.register import Result
from homeshore.outbound.gate.rules import Purpose
from homeshore.outbound.lists import forgetting, making, queries
from homeshore.outbound.lists.course import State
from homeshore.outbound.words import PURPOSES, RESULTS
from homeshore.web.navigation import LEADERS
from homeshore.web.outbound import list_chart
from homeshore.web.outbound.list_forms import ForgetForm, ListForm, PeopleForm
from homeshore.web.outbound.list_words import LIST_STATES, STATES, why_in_words
from homeshore.web.refused import blame
from homeshore.web.spreadsheets import plain

if TYPE_CHECKING:
    from homeshore.outbound.models import CallList

for_leaders = for_roles(*sorted(LEADERS))
SHOWN_STATES = (State.APART, State.STOPPED, State.SKIPPED, State.UNREACHED, State.REFUSED, State.REACHED)
"""Of whom a page tells one by one, and in which order."""


@require_GET
@for_leaders
def index(request: HttpRequest) -> HttpResponse:
    """All lists, and how far they are."""
    operator = membership(request).operator
    lists = queries.lists_of(operator.pk)
    found = queries.progress([each.pk for each in lists], now=now())
    shown = {
        "lists": [
            {"list": each, "state": LIST_STATES[each.state], "purpose": PURPOSES[Purpose(each.purpose)], "progress": found[each.pk]}
            for each in lists
        ],
        "forget": ForgetForm(),
        "zone": operator.time_zone,
    }  # fmt: skip
    return render(request, "outbound/lists.html", shown)


@for_leaders
def new(request: HttpRequest) -> HttpResponse:
    """Make a list."""
    operator = membership(request).operator
    form = _form(request)
    if request.method == "POST" and form.is_valid():
        made = _try(
            form,
            lambda: making.make_list(operator_id=operator.pk, plan=form.plan(), by=membership(request).user, now=now()),
        )
        if made:
            messages.success(request, _("The list is there. Import the people who are to be called."))
            return redirect("outbound-list", made.pk)
    shown = {"form": form, "list": None}
    return render(request, "outbound/list_form.html", shown, status=422 if form.errors else 200)


@for_leaders
def edit(request: HttpRequest, list_id: int) -> HttpResponse:
    """Change a list."""
    operator = membership(request).operator
    kept = queries.list_of(operator.pk, list_id)
    form = _form(request, kept)
    if request.method == "POST" and form.is_valid():
        changed = _try(
            form,
            lambda: making.change_list(
                operator_id=operator.pk, list_id=list_id, plan=form.plan(), by=membership(request).user, now=now()
            ),
        )
        if changed:
            messages.success(request, _("Kept."))
            return redirect("outbound-list", list_id)
    shown = {"form": form, "list": kept}
    return render(request, "outbound/list_form.html", shown, status=422 if form.errors else 200)


@require_GET
@for_leaders
def page(request: HttpRequest, list_id: int) -> HttpResponse:
    """How far a list is, and what to do with it."""
    return _page(request, list_id, PeopleForm())


@require_POST
@for_leaders
def people(request: HttpRequest, list_id: int) -> HttpResponse:
    """Take the people of a file onto the list, or say which lines are wrong."""
    mine = membership(request)
    queries.list_of(mine.operator_id, list_id)
    form = PeopleForm(request.POST, request.FILES)
    if not form.is_valid():
        return _page(request, list_id, form)
    try:
        told = making.import_people(
            operator_id=mine.operator_id,
            list_id=list_id,
            content=form.cleaned_data["file"].read(),
            leave_out_wrong=form.cleaned_data["leave_out"],
            by=mine.user,
            now=now(),
        )
    except Refused as refusal:
        blame(form, refusal)
        return _page(request, list_id, form)
    return _page(request, list_id, PeopleForm(), imported=told)


@require_POST
@for_leaders
def act(request: HttpRequest, list_id: int, verb: str) -> HttpResponse:
    """Start, pause or end a list."""
    mine = membership(request)
    acts: dict[str, Callable[..., CallList]] = {
        "start": making.start_list,
        "pause": making.pause_list,
        "end": making.end_list,
    }
    acts[verb](operator_id=mine.operator_id, list_id=list_id, by=mine.user, now=now())
    return redirect("outbound-list", list_id)


@require_POST
@for_leaders
def forget(request: HttpRequest) -> HttpResponse:
    """Forget whoever has a number on any list."""
    mine = membership(request)
    gone = forgetting.forget_number(
        operator_id=mine.operator_id, number=request.POST.get("number", ""), by=mine.user, now=now()
    )
    messages.success(request, _("Erased from the lists: %(number)s entries.") % {"number": gone})
    return redirect("outbound-lists")


@require_GET
@for_leaders
def results(request: HttpRequest, list_id: int) -> StreamingHttpResponse:
    """Everybody on the list and what came of them, as a table for spreadsheets: semicolons, UTF-8 with its mark."""
    mine = membership(request)
    kept = queries.list_of(mine.operator_id, list_id)
    making.note_export(operator_id=mine.operator_id, list_id=list_id, by=mine.user, now=now())
    lines = _lines(kept, ZoneInfo(mine.operator.time_zone))
    response = StreamingHttpResponse(lines, content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{slugify(kept.name) or "list"}-{kept.pk}.csv"'
    return response


class _Echo:
    """What csv.writer writes to: it hands each line on."""

    def write(self, line: str) -> str:
        return line


def _lines(kept: "CallList", zone: ZoneInfo) -> Iterator[str]:
    table = csv.writer(_Echo(), delimiter=";")
    named = [_("Line"), _("Number"), _("Name"), _("Language"), _("Where it stands"), _("Why"), _("Outcome"), _("Calls"),
             _("Latest call"), _("Result"), _("Due from"), _("Notes")]  # fmt: skip
    yield "\ufeff" + table.writerow([plain(str(each)) for each in (*named, *kept.columns)])
    for entry, deeds in queries.results(kept.pk):
        calls = [each for each in deeds if each.kind == each.Kind.CALLED]
        latest = calls[-1] if calls else None
        cells = [
            str(entry.line),
            entry.number,
            entry.name,
            entry.language,
            str(STATES[State(entry.state)]),
            why_in_words(entry.why),
            entry.disposition.name if entry.disposition else "",
            str(len(calls)),
            f"{latest.at.astimezone(zone):%Y-%m-%d %H:%M}" if latest else "",
            str(RESULTS[Result(latest.result)]) if latest and latest.result else "",
            f"{entry.due_at.astimezone(zone):%Y-%m-%d %H:%M}" if entry.state == State.TO_CALL else "",
            " / ".join(each.note for each in deeds if each.note),
            *(str(entry.told.get(name, "")) for name in kept.columns),
        ]
        yield table.writerow([plain(each) for each in cells])


def _page(
    request: HttpRequest, list_id: int, form: PeopleForm, *, imported: making.Imported | None = None
) -> HttpResponse:
    operator = membership(request).operator
    kept = queries.list_of(operator.pk, list_id)
    at, zone = now(), ZoneInfo(operator.time_zone)
    progress = queries.progress([kept.pk], now=at)[kept.pk]
    days = queries.days(kept.pk, zone=zone, now=at)
    asked = request.GET.get("who", "")
    state = State(asked) if asked in {str(each) for each in SHOWN_STATES} else None
    first = max(0, int(request.GET.get("first", "0"))) if request.GET.get("first", "0").isdecimal() else 0
    who, how_many = queries.entries(kept.pk, states=[state], first=min(first, 10**6)) if state else ([], 0)
    shown: dict[str, Any] = {
        "list": kept,
        "state": LIST_STATES[kept.state],
        "purpose": PURPOSES[Purpose(kept.purpose)],
        "caller_number": numbers.shown(kept.caller_number) if kept.caller_number else "",
        "progress": progress,
        "reasons": [(why_in_words([code]), count) for code, count in progress.stopped.most_common()],
        "apart": [(why_in_words([code]), count) for code, count in progress.apart.most_common()],
        "days": days,
        "chart": list_chart.draw(days),
        "outcomes": queries.outcomes(kept.pk),
        "who": [(each, numbers.shown(each.number) if each.number else "", why_in_words(each.why)) for each in who],
        "who_state": state,
        "who_title": STATES[state] if state else "",
        "how_many": how_many,
        "following": first + queries.SHOWN if first + queries.SHOWN < how_many else None,
        "states": [(each, STATES[each], _count(progress, each)) for each in SHOWN_STATES if _count(progress, each)],
        "form": form,
        "imported": imported,
        "apart_lines": [(line, why_in_words(why)) for line, why in imported.apart] if imported else [],
        "zone": operator.time_zone,
        "now": at,
        "over": kept.ended_at is not None,
    }
    wrong = bool(form.errors) or (imported is not None and not imported.done)
    return render(request, "outbound/list.html", shown, status=422 if wrong else 200)


def _count(progress: queries.Progress, state: State) -> int:
    return sum(progress.apart.values()) if state == State.APART else progress.over[state]


def _form(request: HttpRequest, kept: "CallList | None" = None) -> ListForm:
    operator_id = membership(request).operator_id
    names = brand_names(operator_id)
    queues = [each for each in queues_of_operator(operator_id) if each.channel == "voice" and each.active]
    shown = Number.objects.filter(operator=operator_id, active=True).order_by("digits")
    initial = None
    if kept:
        fields = (
            "name",
            "purpose",
            "about_contract",
            "caller_number",
            "weekdays",
            "opens",
            "closes",
            "most_attempts",
            "pause_hours",
            "script",
        )
        initial = {"queue": kept.queue_id, **{each: getattr(kept, each) for each in fields}}
    return ListForm(
        request.POST or None,
        initial=initial,
        queues=[(each.id, f"{names[each.brand_id]} · {each.name}") for each in queues],
        shown=list(shown.values_list("digits", "queue__brand")),
        brand_of={each.id: each.brand_id for each in queues},
    )


def _try(form: ListForm, keep: Callable[[], "CallList"]) -> "CallList | None":
    try:
        return keep()
    except Invalid as refusal:
        blame(form, refusal)
        return None
