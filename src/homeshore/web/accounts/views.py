"""Signing in, and what a person may change about themselves."""

from typing import Any

from allauth.account.views import LoginView
from allauth.mfa.models import Authenticator
from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from homeshore.foundation.errors import NotFound
from homeshore.foundation.models import Membership, Role, User
from homeshore.foundation.tenancy import SESSION_KEY, lacks_second_factor, memberships_of
from homeshore.web.accounts.forms import AboutMeForm

MOST_DEMO_ACCOUNTS = 8


class SignInView(LoginView):  # type: ignore[misc]  # allauth has no types
    """The sign-in page; that of a demonstration shows whom one may be."""

    def get_context_data(self, **given: Any) -> dict[str, Any]:
        return {**super().get_context_data(**given), "demo_accounts": demo_accounts(), "demo_password": demo_password()}


def demo_password() -> str:
    """The password of the people of a demonstration; nothing elsewhere."""
    return settings.DEMO_PASSWORD if settings.DEMO else ""


def demo_accounts() -> list[Membership]:
    """Whom one may be in a demonstration: people who are not simulated, those with most rights first; else nobody."""
    if not settings.DEMO:
        return []
    order = list(Role.values)
    people = Membership.objects.filter(active=True).exclude(user__agent__simulated=True).select_related("user")
    return sorted(people.order_by("id"), key=lambda each: order.index(each.role))[:MOST_DEMO_ACCOUNTS]


@login_required
def account(request: HttpRequest) -> HttpResponse:
    """My account: name and language, password, second factor, and which membership one acts under."""
    form = AboutMeForm(request.POST or None, instance=request.user)
    if request.method == "POST" and form.is_valid():
        form.save()
        messages.success(request, _("Your changes are saved."))
        return redirect("account")
    membership: Membership | None = request.membership  # type: ignore[attr-defined]
    known = {
        "form": form,
        "memberships": list(memberships_of(signed_in(request)).select_related("operator")),
        "two_factor": is_mfa_enabled(request.user, [Authenticator.Type.TOTP]),
        "second_factor_missing": membership is not None and lacks_second_factor(membership),
    }
    return render(request, "accounts/account.html", known)


@login_required
@require_POST
def choose_membership(request: HttpRequest) -> HttpResponse:
    """Act for another operator, or in another role, from now on in this browser."""
    asked = request.POST.get("membership", "")
    theirs = memberships_of(signed_in(request))
    chosen = theirs.filter(pk=asked).first() if asked.isascii() and asked.isdigit() else None
    if chosen is None:
        raise NotFound
    request.session[SESSION_KEY] = chosen.pk
    return redirect("home")


def signed_in(request: HttpRequest) -> User:
    """Who is signed in, where somebody is."""
    assert isinstance(request.user, User)
    return request.user
