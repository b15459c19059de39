"""Doors of the house: the home address, and what a person prefers."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from homeshore.foundation.errors import Invalid
from homeshore.foundation.tenancy import public
from homeshore.web.navigation import home_of


@public
def home(request: HttpRequest) -> HttpResponse:
    """Send each person to the first section of their role; strangers are asked to sign in."""
    membership = request.membership  # type: ignore[attr-defined]
    if membership is None:
        return redirect(settings.LOGIN_URL if not request.user.is_authenticated else "nowhere")
    return redirect(home_of(membership.role) or "nowhere")


@public
def nowhere(request: HttpRequest) -> HttpResponse:
    """What a signed-in person sees whose role has no screen yet."""
    return render(request, "nowhere.html")


@public
@require_POST
def choose_language(request: HttpRequest) -> HttpResponse:
    """Change the language of the screens; remembered on this device and, when signed in, with the account."""
    language = request.POST.get("language", "")
    if language not in dict(settings.LANGUAGES):
        raise Invalid(fields={"language": _("There is no such language here.")})
    if request.user.is_authenticated:
        request.user.language = language
        request.user.save(update_fields=["language"])
    back = request.POST.get("next", "")
    if not url_has_allowed_host_and_scheme(back, allowed_hosts={request.get_host()}, require_https=request.is_secure()):
        back = "/"
    response = HttpResponseRedirect(back)
    response.set_cookie(
        settings.LANGUAGE_COOKIE_NAME,
        language,
        max_age=365 * 24 * 3600,
        samesite="Lax",
        secure=settings.SESSION_COOKIE_SECURE,
    )
    return response
