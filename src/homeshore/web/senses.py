"""What a page may perceive of its visitor: nothing, unless its view says that it needs the microphone."""

from collections.abc import Callable
from typing import TypeVar

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase

HEADER = "Permissions-Policy"
NOTHING = "camera=(), display-capture=(), geolocation=(), microphone=(), payment=(), usb=()"
HEARING = NOTHING.replace("microphone=()", "microphone=(self)")

View = TypeVar("View", bound=Callable[..., HttpResponseBase])


def may_listen(view: View) -> View:
    """A page on which one speaks: its scripts may ask for the microphone."""
    view.may_listen = True  # type: ignore[attr-defined]
    return view


class SensesMiddleware:
    """Writes the Permissions-Policy of each answer."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        view = request.resolver_match.func if request.resolver_match else None
        response.headers.setdefault(HEADER, HEARING if getattr(view, "may_listen", False) else NOTHING)
        return response
