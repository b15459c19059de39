"""Which operator a request is about, and in which role: every query starts from `request.membership`."""

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar

from allauth.mfa.models import Authenticator
from allauth.mfa.utils import is_mfa_enabled
from django.contrib.auth.views import redirect_to_login
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy as _

from homeshore.foundation.answers import wants_page
from homeshore.foundation.errors import Forbidden, NotSignedIn
from homeshore.foundation.models import Membership, Role, User

SESSION_KEY = "membership"
SECOND_FACTOR_ROLES = frozenset({Role.OPERATOR_ADMIN, Role.SUPERVISOR})
View = Callable[..., HttpResponseBase]
AnyView = TypeVar("AnyView", bound=View)


class SecondFactorMissing(Forbidden):
    """The operator asks this role for a second factor."""

    code = "second_factor_missing"
    message = _("Your operator asks for two-factor sign-in. Set it up in your account first.")


class MembershipMiddleware:
    """Puts the chosen membership of the signed-in person on the request (their first one by default), or None."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.membership = membership_of(request)  # type: ignore[attr-defined]
        return self.get_response(request)


def membership_of(request: HttpRequest) -> Membership | None:
    """The membership under which a request acts."""
    if not request.user.is_authenticated:
        return None
    theirs = memberships_of(request.user).select_related("operator")
    chosen = request.session.get(SESSION_KEY)
    return (theirs.filter(pk=chosen).first() if chosen else None) or theirs.first()


def membership(request: HttpRequest) -> Membership:
    """The membership of a request that a guarded view answers."""
    mine: Membership = request.membership  # type: ignore[attr-defined]
    return mine


def memberships_of(user: User) -> QuerySet[Membership]:
    """What a person may act as, the oldest first."""
    return Membership.objects.filter(user=user, active=True).order_by("id")


def lacks_second_factor(membership: Membership) -> bool:
    """Whether the operator asks this person for a second factor that they have not set up."""
    return (
        membership.operator.two_factor_required
        and membership.role in SECOND_FACTOR_ROLES
        and not is_mfa_enabled(membership.user, [Authenticator.Type.TOTP])
    )


def for_roles(*roles: Role) -> Callable[[View], View]:
    """A view for these roles only. The URL-map test reads `view.roles`.

    A stranger is asked to sign in (a program is answered 401), another role is told no.
    """

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            membership = request.membership  # type: ignore[attr-defined]
            if not request.user.is_authenticated:
                if wants_page(request):
                    return redirect_to_login(request.get_full_path())
                raise NotSignedIn
            if membership is None or membership.role not in roles:
                raise Forbidden
            if lacks_second_factor(membership):
                if wants_page(request):
                    return redirect("mfa_activate_totp")
                raise SecondFactorMissing
            return view(request, *args, **kwargs)

        guarded.roles = frozenset(roles)  # type: ignore[attr-defined]
        return guarded

    return decorate


def public(view: AnyView) -> AnyView:
    """A view for everybody, said so for the URL-map test."""
    view.roles = None  # type: ignore[attr-defined]
    return view
