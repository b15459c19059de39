"""Calls that the house places: who may be called now and why not, what people agreed to, and the proof of it."""

import json
from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from homeshore.foundation import audit
from homeshore.foundation.clock import now
from homeshore.foundation.errors import Invalid, Refused
from homeshore.foundation.models import Role
from homeshore.foundation.tenancy import for_roles, membership
from homeshore.outbound import numbers, queries, services
from homeshore.outbound.queries import PartyShown
from homeshore.people.queries import agent_of_user
from homeshore.web.navigation import LEADERS
from homeshore.web.outbound.forms import (
    CallForm,
    ConsentForm,
    ContractForm,
    NumberForm,
    ResultForm,
    SaidForm,
    ZoneForm,
)
from homeshore.web.outbound.shown import EntryShown, entry_shown, rule_shown, standings_shown
from homeshore.web.refused import blame

DIAL_WITHIN = timedelta(minutes=10)
"""How long the number may be dialled after the gate let it pass: later the rules are looked at again."""
CALLERS = (Role.AGENT, *sorted(LEADERS))


@for_roles(*CALLERS)
def index(request: HttpRequest) -> HttpResponse:
    """Look a number up; who waits to be called back; what the gate stopped lately."""
    operator = membership(request).operator
    brands = _brands(request)
    form = NumberForm(request.POST or None, brands=brands, initial=_first(request.GET))
    if request.method == "POST" and form.is_valid():
        filled = form.cleaned_data
        try:
            party = services.open_party(operator_id=operator.pk, brand_id=filled["brand"], number=filled["number"])
        except Invalid as problem:
            blame(form, problem)
        else:
            return redirect("outbound-party", party.pk)
    shown = {
        "form": form,
        "brands": brands,
        "callbacks": [
            (each, numbers.shown(each.number)) for each in queries.callbacks(operator_id=operator.pk, brand_ids=brands)
        ],
        "stopped": _stopped(request, brands),
        "zone": operator.time_zone,
        "now": now(),
    }
    return render(request, "outbound/index.html", shown, status=422 if form.errors else 200)


@require_GET
@for_roles(*CALLERS)
def rules(request: HttpRequest) -> HttpResponse:
    """The rules that hold today, since when, and where they are written."""
    return render(
        request, "outbound/rules.html", {"rules": [rule_shown(rule) for rule in queries.rules_in_force(now())]}
    )


@require_GET
@for_roles(*CALLERS)
def party(request: HttpRequest, party_id: int) -> HttpResponse:
    """Whether this number may be called now, and what was said about it."""
    return _page(request, party_id)


@require_POST
@for_roles(*CALLERS)
def call(request: HttpRequest, party_id: int) -> HttpResponse:
    """Pass the gate: what it lets pass may be dialled, what it stops says which rule."""
    form = CallForm(request.POST)

    def place() -> None:
        services.attempt(
            **_who(request, party_id),
            purpose=form.purpose_asked(),
            caller_number=form.cleaned_data["caller_number"],
            about_contract=form.cleaned_data["about_contract"],
        )

    return _done(request, party_id, "call", form, place)


@require_POST
@for_roles(*CALLERS)
def result(request: HttpRequest, party_id: int) -> HttpResponse:
    """How a call ended."""
    form = ResultForm(request.POST)

    def keep() -> None:
        attempt = form.cleaned_data["attempt"]
        services.record_result(**_who(request, party_id), attempt=attempt, result=form.result_said())
        messages.success(request, _("The result is in the register."))

    return _done(request, party_id, "result", form, keep)


@require_POST
@for_roles(*CALLERS)
def said(request: HttpRequest, party_id: int) -> HttpResponse:
    """What the person said about being called: anybody may write it down, at once."""
    form = SaidForm(request.POST, zone=membership(request).operator.time_zone)

    def keep() -> None:
        who, how = _who(request, party_id), form.cleaned_data["how"]
        match form.cleaned_data["what"]:
            case "callback":
                services.ask_callback(**who, due=form.cleaned_data["due"], note=how)
            case "opposition":
                services.record_opposition(**who, how=how)
            case "withdrawal":
                services.withdraw_consent(**who, how=how)
        messages.success(request, _("It is in the register, and holds from now on."))

    return _done(request, party_id, "said", form, keep)


@require_POST
@for_roles(*CALLERS)
def zone(request: HttpRequest, party_id: int) -> HttpResponse:
    """Say where the person is."""
    form = ZoneForm(request.POST)
    return _done(
        request,
        party_id,
        "zone",
        form,
        lambda: services.set_zone(**_who(request, party_id), zone=form.cleaned_data["zone"]),
    )


@require_POST
@for_roles(*sorted(LEADERS))
def consent(request: HttpRequest, party_id: int) -> HttpResponse:
    """Record a consent with its proof."""
    form = ConsentForm(request.POST, zone=membership(request).operator.time_zone)

    def keep() -> None:
        services.record_consent(**_who(request, party_id), **form.cleaned_data)
        messages.success(request, _("The consent is in the register."))

    return _done(request, party_id, "consent", form, keep)


@require_POST
@for_roles(*sorted(LEADERS))
def contract(request: HttpRequest, party_id: int) -> HttpResponse:
    """Record a contract under way."""
    form = ContractForm(request.POST, zone=membership(request).operator.time_zone)

    def keep() -> None:
        services.record_contract(**_who(request, party_id), **form.cleaned_data)

    return _done(request, party_id, "contract", form, keep)


@require_POST
@for_roles(*sorted(LEADERS))
def contract_end(request: HttpRequest, party_id: int) -> HttpResponse:
    """A contract is over."""
    known = _known(request, party_id).known
    if known.contract is not None:
        services.end_contract(**_who(request, party_id), reference=known.contract)
    return redirect("outbound-party", party_id)


@require_GET
@for_roles(*sorted(LEADERS))
def proof(request: HttpRequest, party_id: int) -> HttpResponse:
    """The register of one number as a file; that it was taken out is in the audit trail."""
    mine = membership(request)
    at = now()
    told = queries.proof(operator_id=mine.operator_id, party_id=party_id, now=at)
    target = f"outbound.party:{party_id}"
    audit.record(operator_id=mine.operator_id, actor=mine.user, verb="outbound.proof_exported", target=target, at=at)
    answer = HttpResponse(json.dumps(told, ensure_ascii=False, indent=2), content_type="application/json")
    answer.headers["Content-Disposition"] = f'attachment; filename="register-{told["number"].lstrip("+")}.json"'
    return answer


def _done(request: HttpRequest, party_id: int, name: str, form: Form, act: Callable[[], None]) -> HttpResponse:
    """Do what a form asks, then show the number again; what is wrong is said in the form, and nothing typed is lost."""
    _known(request, party_id)
    if form.is_valid():
        try:
            act()
        except Refused as refusal:
            blame(form, refusal)
        else:
            return redirect("outbound-party", party_id)
    return _page(request, party_id, status=422, **{name: form})


def _page(request: HttpRequest, party_id: int, *, status: int = 200, **filled: Form) -> HttpResponse:
    mine = membership(request)
    shown = _known(request, party_id)
    zone = mine.operator.time_zone
    open_attempt = queries.open_attempt(party_id=party_id, user_id=mine.user_id)
    last = queries.last_caller_number(operator_id=mine.operator_id, user_id=mine.user_id)
    forms = {
        "call": CallForm(initial={"caller_number": numbers.shown(last) if last else ""}),
        "result": ResultForm(initial={"attempt": open_attempt.position}) if open_attempt else None,
        "said": SaidForm(zone=zone),
        "zone": ZoneForm(initial={"zone": shown.party.zone}),
        "consent": ConsentForm(zone=zone),
        "contract": ContractForm(zone=zone),
    }
    told = {
        "party": shown.party,
        "zones": shown.zones,
        "known": shown.known,
        "broken_at": shown.broken_at,
        "standings": standings_shown(shown.standings, zone),
        "lines": [entry_shown(each, zone) for each in shown.entries],
        "number": numbers.shown(shown.party.number),
        "forms": forms | filled,
        "wrong": next(iter(filled), ""),
        "open_attempt": open_attempt,
        "may_dial": open_attempt is not None and now() - open_attempt.at < DIAL_WITHIN,
        "leads": _leads(request),
        "zone": zone,
    }
    return render(request, "outbound/party.html", told, status=status)


def _known(request: HttpRequest, party_id: int) -> PartyShown:
    """The number, when it is of a brand for which this person calls. Raises NoSuchParty."""
    operator_id = membership(request).operator_id
    return queries.party(operator_id=operator_id, party_id=party_id, brand_ids=_brands(request), now=now())


def _who(request: HttpRequest, party_id: int) -> dict[str, Any]:
    mine = membership(request)
    return {"operator_id": mine.operator_id, "party_id": party_id, "by": mine.user, "now": now()}


def _stopped(request: HttpRequest, brands: Mapping[int, str]) -> list[tuple[int, str, EntryShown]] | None:
    """What the gate stopped lately, for those who lead."""
    if not _leads(request):
        return None
    operator = membership(request).operator
    latest = queries.stopped(operator_id=operator.pk, brand_ids=brands)
    return [(each.party_id, numbers.shown(each.party.number), entry_shown(each, operator.time_zone)) for each in latest]


def _leads(request: HttpRequest) -> bool:
    return membership(request).role in LEADERS


def _brands(request: HttpRequest) -> dict[int, str]:
    mine = membership(request)
    if _leads(request):
        return queries.brands_of(operator_id=mine.operator_id, agent_id=None)
    agent = agent_of_user(user_id=mine.user_id, operator_id=mine.operator_id)
    return queries.brands_of(operator_id=mine.operator_id, agent_id=agent.id) if agent else {}


def _first(asked: Mapping[str, str]) -> dict[str, str]:
    """What the address fills in: the desk names a customer's number and brand."""
    return {name: asked[name] for name in ("brand", "number") if name in asked}
