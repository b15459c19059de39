"""The screens of an operator's administrator: people and roles, and the audit trail."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from homeshore.brands import queries as brands
from homeshore.brands import services as brand_services
from homeshore.foundation import members, queries, tokens
from homeshore.foundation.clock import now
from homeshore.foundation.errors import Refused
from homeshore.foundation.models import Membership, Role
from homeshore.foundation.tenancy import for_roles, membership
from homeshore.missions import queries as missions
from homeshore.missions import services as mission_services
from homeshore.people.queries import skill_names
from homeshore.web.operator.deeds import DEEDS
from homeshore.web.operator.forms import AgentForm, BrandUserForm, InvitationForm, TokenForm
from homeshore.web.refused import blame


@for_roles(Role.OPERATOR_ADMIN)
def people(request: HttpRequest) -> HttpResponse:
    """Everybody with a role, and the form that lets somebody in."""
    mine = membership(request)
    form = InvitationForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            invited = members.invite(operator_id=mine.operator_id, **form.cleaned_data, by=mine.user, now=now())
        except Refused as refusal:
            blame(form, refusal)
        else:
            messages.success(request, _("%(name)s is invited by mail.") % {"name": invited.user})
            return redirect("people")
    shown = {"form": form, "members": queries.members(mine.operator_id), "mine": mine}
    return render(request, "operator/people.html", shown, status=400 if form.errors else 200)


@for_roles(Role.OPERATOR_ADMIN)
def invite_agent(request: HttpRequest) -> HttpResponse:
    """The form that lets an agent in, with their file and their missions."""
    mine = membership(request)
    named = brands.brand_names(mine.operator_id)
    ours = missions.missions_of_operator(mine.operator_id)
    form = AgentForm(
        request.POST or None,
        missions=[(str(each.id), f"{each.name}, {named[each.brand_id]}") for each in ours],
        skills=skill_names(mine.operator_id),
    )
    return _invite(
        request, form, _("Invite an agent"), lambda: mission_services.invite_agent(**_by(mine), **form.invited())
    )


@for_roles(Role.OPERATOR_ADMIN)
def invite_brand_user(request: HttpRequest) -> HttpResponse:
    """The form that lets a person of a brand in."""
    mine = membership(request)
    form = BrandUserForm(request.POST or None, brands=brands.brand_names(mine.operator_id))

    def invite() -> Membership:
        typed = form.cleaned_data
        return brand_services.invite_brand_user(
            **_by(mine), brand_id=typed["brand"], email=typed["email"], name=typed["name"]
        )

    return _invite(request, form, _("Invite a brand user"), invite)


def _invite(request: HttpRequest, form: Form, title: str, invite: Callable[[], Membership]) -> HttpResponse:
    if request.method == "POST" and form.is_valid():
        try:
            invited = invite()
        except Refused as refusal:
            blame(form, refusal)
        else:
            messages.success(request, _("%(name)s is invited by mail.") % {"name": invited.user})
            return redirect("people")
    return render(request, "operator/invite.html", {"form": form, "title": title}, status=422 if form.errors else 200)


def _by(mine: Membership) -> dict[str, Any]:
    return {"operator_id": mine.operator_id, "by": mine.user, "now": now()}


@for_roles(Role.OPERATOR_ADMIN)
@require_POST
def invite_again(request: HttpRequest, membership_id: int) -> HttpResponse:
    """Send the invitation once more; the link sent before opens nothing any more."""
    invited = members.invite_again(membership_id=membership_id, **_by(membership(request)))
    messages.success(request, _("%(name)s is invited by mail.") % {"name": invited.user})
    return redirect("people")


@for_roles(Role.OPERATOR_ADMIN)
@require_POST
def shut_out(request: HttpRequest, membership_id: int) -> HttpResponse:
    """End somebody's membership."""
    mine = membership(request)
    ended = members.shut_out(operator_id=mine.operator_id, membership_id=membership_id, by=mine.user, now=now())
    messages.success(request, _("%(name)s can no longer act here.") % {"name": ended.user})
    return redirect("people")


@for_roles(Role.OPERATOR_ADMIN)
@require_POST
def let_back_in(request: HttpRequest, membership_id: int) -> HttpResponse:
    """Let somebody act again who was shut out."""
    mine = membership(request)
    back = members.let_back_in(operator_id=mine.operator_id, membership_id=membership_id, by=mine.user, now=now())
    messages.success(request, _("%(name)s can act here again.") % {"name": back.user})
    return redirect("people")


@for_roles(Role.OPERATOR_ADMIN)
@require_POST
def second_factor(request: HttpRequest) -> HttpResponse:
    """Ask supervisors and administrators for a second factor, or no longer."""
    mine = membership(request)
    required = request.POST.get("required") == "yes"
    members.require_second_factor(operator_id=mine.operator_id, required=required, by=mine.user, now=now())
    return redirect("people")


@for_roles(Role.OPERATOR_ADMIN)
@never_cache
def api_tokens(request: HttpRequest) -> HttpResponse:
    """The keys of other programs, and the form that makes one; a new key's text stands on this one page and nowhere else."""
    mine = membership(request)
    named = brands.brand_names(mine.operator_id)
    form = TokenForm(request.POST or None, brands=named)
    text = ""
    if request.method == "POST" and form.is_valid():
        _token, text = tokens.issue(by=mine, **form.cleaned_data, now=now())
        form = TokenForm(brands=named)
    shown = {
        "form": form,
        "text": text,
        "tokens": [
            (each, [named[brand] for brand in each.brands if brand in named])
            for each in tokens.of_operator(mine.operator_id)
        ],
        "zone": mine.operator.time_zone,
    }
    return render(request, "operator/tokens.html", shown, status=400 if form.errors else 200)


@for_roles(Role.OPERATOR_ADMIN)
@require_POST
def revoke_token(request: HttpRequest, token_id: int) -> HttpResponse:
    """End a key: the program that has it is refused from now on."""
    ended = tokens.revoke(by=membership(request), token_id=token_id, now=now())
    messages.success(request, _("The token %(name)s opens nothing any more.") % {"name": ended.name})
    return redirect("tokens")


@for_roles(Role.OPERATOR_ADMIN)
@require_GET
def trail(request: HttpRequest) -> HttpResponse:
    """Who did what to what, newest first."""
    mine = membership(request)
    before = request.GET.get("before", "")
    search = request.GET.get("search", "").strip()
    page = queries.trail(
        mine.operator_id,
        search=search,
        verbs=[verb for verb, deed in DEEDS.items() if search.casefold() in str(deed).casefold()],
        before=int(before) if before.isascii() and before.isdigit() else None,
    )
    shown = {
        "deeds": [(entry, DEEDS.get(entry.verb, "")) for entry in page.entries],
        "older": page.older,
        "search": search,
        "zone": mine.operator.time_zone,
    }
    return render(request, "operator/trail.html", shown)
