"""Signed subscriptions to the feed: who holds one may read its topics for a day, unless it is revoked before."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.core import signing

from homeshore.foundation import clock, hints
from homeshore.foundation.models import GrantRevocation

SALT = "homeshore.feed.grant"
LASTS = timedelta(days=1)
REVOCATIONS = "revocations"


class GrantError(Exception):
    """A subscription that is false, too old or revoked."""


@dataclass(frozen=True, slots=True)
class Grant:
    """What a subscription says: for whom it was signed, for which topics, and until when it holds."""

    principal: str
    topics: tuple[str, ...]
    signed_at: datetime

    @property
    def ends_at(self) -> datetime:
        return self.signed_at + LASTS


def sign(*, principal: str, topics: Iterable[str], now: datetime | None = None) -> str:
    """A subscription for `principal` (`user:ID`, or `thread:ID` for a customer) to these topics."""
    signed_at = now or clock.now()
    return signing.dumps(
        {"who": principal, "topics": sorted(topics), "at": signed_at.timestamp()}, salt=SALT, compress=True
    )


def read(token: str, *, now: datetime) -> Grant:
    """What a subscription says, without asking whether it was revoked; raises GrantError when it is false or too old."""
    try:
        said = signing.loads(token, salt=SALT)
        grant = Grant(said["who"], tuple(said["topics"]), datetime.fromtimestamp(said["at"], tz=now.tzinfo))
    except (signing.BadSignature, KeyError, TypeError, ValueError) as error:
        raise GrantError("This subscription is not one of ours.") from error
    if grant.ends_at <= now:
        raise GrantError("This subscription has ended; take a new snapshot.")
    return grant


def revoke(*, principal: str, at: datetime) -> None:
    """End every subscription signed for `principal` up to now: open streams are closed, and no new one is begun."""
    GrantRevocation.objects.update_or_create(principal=principal, defaults={"at": at})
    hints.after_commit(REVOCATIONS, principal)


def revoked(grants: Iterable[Grant]) -> bool:
    """Whether one of these subscriptions was revoked after it was signed, also beside a newer one of the same principal."""
    signed = list(grants)
    found = GrantRevocation.objects.filter(principal__in={grant.principal for grant in signed})
    ended = dict(found.values_list("principal", "at"))
    return any(grant.principal in ended and grant.signed_at <= ended[grant.principal] for grant in signed)


def revoked_since(moment: datetime) -> dict[str, datetime]:
    """Whose subscriptions were revoked after `moment`, and when."""
    return dict(GrantRevocation.objects.filter(at__gt=moment).values_list("principal", "at"))


def forget_revocations(*, before: datetime) -> int:
    """Drop the revocations whose subscriptions have all ended by themselves; how many."""
    return GrantRevocation.objects.filter(at__lt=before - LASTS).delete()[0]
