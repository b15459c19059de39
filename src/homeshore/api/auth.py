"""Who may call an endpoint of the API: members in certain roles, signed in or with a token."""

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from ninja.security.base import AuthBase
from ninja.utils import check_csrf

from homeshore.foundation import tokens
from homeshore.foundation.errors import Forbidden, NotSignedIn
from homeshore.foundation.models import ApiToken, Membership, Role
from homeshore.foundation.tenancy import SecondFactorMissing, lacks_second_factor

READING = frozenset({"GET", "HEAD", "OPTIONS"})


class OutOfScope(Forbidden):
    """The token was made for less than this."""

    code = "out_of_scope"
    message = _("This token was made for less: for reading only, or for some brands. Make another one for this.")


def brands_of(request: HttpRequest) -> frozenset[int]:
    """The brands that the caller's token is for; none when it is for all, or there is no token."""
    brands: frozenset[int] = getattr(request, "token_brands", frozenset())
    return brands


class RoleAuth(AuthBase):
    """Lets members in these roles in: by `Authorization: Bearer hs_…`, or by the session of a browser (with its CSRF header).

    A token that only reads is refused what would change something; one for some brands is let in where the endpoint tells
    brands apart (`by_brand`), and finds them with `brands_of`. The endpoint finds the membership as `request.auth`. The URL-map
    test reads `roles`.
    """

    openapi_type = "http"
    openapi_scheme = "bearer"

    def __init__(self, *roles: Role, by_brand: bool = False) -> None:
        self.roles, self.by_brand = frozenset(roles), by_brand
        super().__init__()

    def __call__(self, request: HttpRequest) -> Membership:
        scheme, _, text = request.headers.get("Authorization", "").partition(" ")
        bearer = text if scheme.lower() == "bearer" else ""
        token = tokens.token_of(bearer) if bearer else None
        member = token.membership if token else None if bearer else self._signed_in(request)
        if token is not None:
            self._stay_within(request, token)
        if member is None:
            raise NotSignedIn
        if member.role not in self.roles:
            raise Forbidden
        return member

    def _stay_within(self, request: HttpRequest, token: ApiToken) -> None:
        if not token.may_write and request.method not in READING:
            raise OutOfScope
        if token.brands and not self.by_brand:
            raise OutOfScope
        request.token_brands = frozenset(token.brands)  # type: ignore[attr-defined]

    def _signed_in(self, request: HttpRequest) -> Membership | None:
        if not request.user.is_authenticated:
            return None
        if check_csrf(request):
            raise Forbidden
        member: Membership | None = request.membership  # type: ignore[attr-defined]
        if member is None:
            raise Forbidden
        if lacks_second_factor(member):
            raise SecondFactorMissing
        return member


def everybody() -> RoleAuth:
    """Members in any role, with any token that may read."""
    return RoleAuth(*Role, by_brand=True)
