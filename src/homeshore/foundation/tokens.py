"""Keys with which other programs act for an operator: `hs_` and 43 characters, told once, kept as a digest."""

import hashlib
import secrets
from collections.abc import Collection
from datetime import datetime

from django.utils.translation import gettext_lazy as _

from homeshore.foundation import audit
from homeshore.foundation.errors import Invalid, NotFound
from homeshore.foundation.models import ApiToken, Membership
from homeshore.foundation.transactions import write

PREFIX = "hs_"
LONGEST_NAME = 80


def issue(
    *, by: Membership, name: str, may_write: bool = True, brands: Collection[int] = (), now: datetime
) -> tuple[ApiToken, str]:
    """A new token that acts as `by`, and its text, which nobody can read again.

    Without `may_write` it only reads; with `brands` it is for things of these brands alone, and the caller answers for their
    being the operator's. Raises Invalid without a name, or with a long one.
    """
    if not name.strip():
        raise Invalid(fields={"name": _("Say what the token is for.")})
    if len(name.strip()) > LONGEST_NAME:
        raise Invalid(fields={"name": _("At most %(length)s characters.") % {"length": LONGEST_NAME}})
    text = PREFIX + secrets.token_urlsafe(32)
    with write():
        token = ApiToken.objects.create(
            membership=by,
            name=name.strip(),
            may_write=may_write,
            brands=sorted(brands),
            digest=_digest(text),
            created_at=now,
        )
        told = {"may_write": may_write, "brands": sorted(brands)}
        audit.record(operator_id=by.operator_id, actor=by.user, verb="token.issued", target=token, data=told, at=now)
    return token, text


def revoke(*, by: Membership, token_id: int, now: datetime) -> ApiToken:
    """End a token of the operator; raises NotFound when there is no such one."""
    with write():
        token = ApiToken.objects.filter(pk=token_id, membership__operator_id=by.operator_id).first()
        if token is None:
            raise NotFound
        if token.revoked_at is None:
            token.revoked_at = now
            token.save(update_fields=["revoked_at"])
            audit.record(operator_id=by.operator_id, actor=by.user, verb="token.revoked", target=token, at=now)
    return token


def of_operator(operator_id: int) -> list[ApiToken]:
    """The operator's tokens, newest first, those revoked included."""
    return list(
        ApiToken.objects.filter(membership__operator_id=operator_id).select_related("membership__user").order_by("-id")
    )


def token_of(text: str) -> ApiToken | None:
    """The token of a text, with its member; None when it is unknown, revoked, or its member may no longer act."""
    return (
        ApiToken.objects.filter(
            digest=_digest(text), revoked_at=None, membership__active=True, membership__user__is_active=True
        )
        .select_related("membership__operator", "membership__user")
        .first()
    )


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
