"""Who a visitor is: a signed token that the brand's page keeps, instead of a cookie.

The token says which brand it is for and which thread it opens, nothing else. It is given anew at each visit and ends
180 days after the last one; with it the thread can no longer be reached from outside.
"""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.core import signing

SALT = "homeshore.chat.visitor"
LASTS = timedelta(days=180)


@dataclass(frozen=True, slots=True)
class Visitor:
    """A browser on a brand's site; `thread_key` is what contacts know its conversation by."""

    brand_id: int
    thread_key: str


def new_visitor(brand_id: int) -> Visitor:
    """Somebody who has not written yet."""
    return Visitor(brand_id, f"visitor-{secrets.token_urlsafe(18)}")


def token_of(visitor: Visitor, *, now: datetime) -> str:
    """The signed token by which the visitor is known again, from `now` on."""
    said = {"brand": visitor.brand_id, "thread": visitor.thread_key, "at": int(now.timestamp())}
    return signing.Signer(salt=SALT).sign_object(said)


def visitor_of(token: str, *, now: datetime) -> Visitor:
    """Who holds the token; raises django.core.signing.BadSignature when it is false or too old."""
    said = signing.Signer(salt=SALT).unsign_object(token)
    if now.timestamp() - said["at"] > LASTS.total_seconds():
        raise signing.SignatureExpired("the last visit is too long ago")
    return Visitor(said["brand"], said["thread"])
