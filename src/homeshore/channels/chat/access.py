"""Who may call the widget's addresses: pages of the brand's own origins, with a visitor's token and no cookie.

Nothing here rests on a cookie, so no other site can act in a visitor's name: there is nothing to forge, and Django's CSRF
check, which guards cookies, is switched off.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import wraps
from typing import Any

from django.conf import settings
from django.core.signing import BadSignature
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.utils.cache import patch_vary_headers
from django.utils.translation import get_language
from django.views.decorators.csrf import csrf_exempt

from homeshore.brands import storefront
from homeshore.brands.storefront import Storefront, Ways
from homeshore.channels.chat.limits import Limiter
from homeshore.channels.chat.refusals import OriginNotAllowed, TokenRefused, UnknownBrand
from homeshore.channels.chat.visitors import Visitor, visitor_of
from homeshore.foundation import clock, limits
from homeshore.foundation.answers import answer, refusal_of
from homeshore.foundation.limits import Limit
from homeshore.foundation.tenancy import public

PREFLIGHT_SECONDS = "7200"
limiter = Limiter()


@dataclass(frozen=True, slots=True)
class Call:
    """A request from a widget: the brand, the page's origin, and the time and language it is answered in."""

    request: HttpRequest
    brand: Storefront
    origin: str
    now: datetime
    language: str

    def visitor(self) -> Visitor:
        """Who calls, by their token; raises TokenRefused."""
        scheme, _, token = self.request.headers.get("Authorization", "").partition(" ")
        try:
            visitor = visitor_of(token, now=self.now)
        except BadSignature:
            raise TokenRefused from None
        if scheme != "Bearer" or visitor.brand_id != self.brand.brand_id:
            raise TokenRefused
        return visitor

    def ways(self, queue: str = "") -> Ways:
        """Where the chat leads from this page; raises UnknownBrand when the brand takes no chats."""
        ways = storefront.ways_of_chat(self.brand.brand_id, queue=queue)
        if ways is None:
            raise UnknownBrand(key=self.brand.widget_key)
        return ways

    def count(self, *counted: tuple[Limit, object]) -> None:
        """Count what the visitor does against these limits, in all processes together; raises TooMany."""
        limits.take(*counted, now=self.now)

    def count_lightly(self, limit: Limit, whose: object) -> None:
        """Count what changes nothing, in the memory of this process; raises TooMany."""
        limiter.take(limit, whose, now=self.now)


def a_minute(name: str, per_minute: int) -> Limit:
    """A limit of so many a minute, half of them at once."""
    return Limit(name, burst=max(5, per_minute // 2), per_minute=per_minute)


Answer = Callable[..., HttpResponse]


def widget_call(method: str) -> Callable[[Answer], Answer]:
    """A view for widgets, called with a `Call`: one method, and the preflight that browsers send before it."""

    def decorate(view: Answer) -> Answer:
        @public
        @csrf_exempt
        @wraps(view)
        def guarded(request: HttpRequest, key: str, **kwargs: Any) -> HttpResponse:
            origin = ""
            try:
                brand = storefront.storefront_of_widget(key)
                if brand is None:
                    raise UnknownBrand(key=key)
                origin = _origin_of(request, brand)
                if request.method == "OPTIONS":
                    return _preflight(origin, method)
                if request.method != method:
                    return HttpResponseNotAllowed([method, "OPTIONS"])
                language = (get_language() or settings.LANGUAGE_CODE)[:2]
                response = view(Call(request, brand, origin, clock.now(), language), **kwargs)
            except Exception as error:
                refusal = refusal_of(error)
                if refusal is None:
                    raise
                response = answer(request, refusal)
            return _shared_with(origin, response)

        return guarded

    return decorate


def _origin_of(request: HttpRequest, brand: Storefront) -> str:
    """The page's origin: one of the brand's, or the house's own, whose reading requests carry none."""
    origin = request.headers.get("Origin", "")
    if not origin and request.method == "GET":
        return ""
    if origin != settings.BASE_URL and origin not in brand.allowed_origins:
        raise OriginNotAllowed(origin=origin or "?")
    return origin


def _preflight(origin: str, method: str) -> HttpResponse:
    response = HttpResponse(status=204)
    response["Access-Control-Allow-Methods"] = method
    response["Access-Control-Allow-Headers"] = "Authorization, Content-Type"
    response["Access-Control-Max-Age"] = PREFLIGHT_SECONDS
    return _shared_with(origin, response)


def _shared_with(origin: str, response: HttpResponse) -> HttpResponse:
    if origin:
        response["Access-Control-Allow-Origin"] = origin
        response["Access-Control-Expose-Headers"] = "Retry-After"
    patch_vary_headers(response, ["Origin"])
    response["Cache-Control"] = "no-store"
    return response
