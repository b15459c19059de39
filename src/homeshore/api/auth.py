"""Who may call an endpoint of the API: members in certain roles, signed in or with a token."""

from django.http import HttpRequest
from ninja.security.base import AuthBase
from ninja.utils import check_csrf

from homeshore.foundation import tokens
from homeshore.foundation.errors import Forbidden, NotSignedIn
from homeshore.foundation.models import Membership, Role
from homeshore.foundation.tenancy import SecondFactorMissing, lacks_second_factor


class RoleAuth(AuthBase):
    """Lets members in these roles in: by `Authorization: Bearer hs_…`, or by the session of a browser (with its CSRF header).

    The endpoint finds the membership as `request.auth`. The URL-map test reads `roles`.
    """

    openapi_type = "http"
    openapi_scheme = "bearer"

    def __init__(self, *roles: Role) -> None:
        self.roles = frozenset(roles)
        super().__init__()

    def __call__(self, request: HttpRequest) -> Membership:
        scheme, _, text = request.headers.get("Authorization", "").partition(" ")
        bearer = text if scheme.lower() == "bearer" else ""
        member = tokens.membership_of(bearer) if bearer else self._signed_in(request)
        if member is None:
            raise NotSignedIn
        if member.role not in self.roles:
            raise Forbidden
        return member

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
    """Members in any role."""
    return RoleAuth(*Role)
