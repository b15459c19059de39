"""Which operator a request is about, and in which role: every query starts from `request.membership`."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse

from homeshore.foundation.answers import wants_page
from homeshore.foundation.errors import Forbidden, NotSignedIn
from homeshore.foundation.models import Membership, Role

SESSION_KEY = "membership"
View = Callable[..., HttpResponse]


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
    theirs = Membership.objects.filter(user=request.user).select_related("operator").order_by("id")
    chosen = request.session.get(SESSION_KEY)
    return (theirs.filter(pk=chosen).first() if chosen else None) or theirs.first()


def for_roles(*roles: Role) -> Callable[[View], View]:
    """A view for these roles only. The URL-map test reads `view.roles`.

    A stranger is asked to sign in (a program is answered 401), another role is told no.
    """

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            membership = request.membership  # type: ignore[attr-defined]
            if not request.user.is_authenticated:
                if wants_page(request):
                    return redirect_to_login(request.get_full_path())
                raise NotSignedIn
            if membership is None or membership.role not in roles:
                raise Forbidden
            return view(request, *args, **kwargs)

        guarded.roles = frozenset(roles)  # type: ignore[attr-defined]
        return guarded

    return decorate


def public(view: View) -> View:
    """A view for everybody, said so for the URL-map test."""
    view.roles = None  # type: ignore[attr-defined]
    return view
