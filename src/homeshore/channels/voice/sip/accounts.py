"""Accounts at SIP trunks that want a login and a password: set up by administrators, registered by the telephone, and how each stands."""

import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from homeshore.channels.voice.models import Number, TrunkAccount
from homeshore.channels.voice.sip import registration
from homeshore.channels.voice.sip.signalling import Account
from homeshore.foundation import audit
from homeshore.foundation.errors import Invalid, NotFound, Words
from homeshore.foundation.models import User
from homeshore.foundation.sealing import SecretLost, seal, unseal
from homeshore.foundation.transactions import write

PURPOSE = b"homeshore trunk passwords v1"
SERVER = re.compile(r"(?=.{1,120}$)[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?(:[0-9]{1,5})?")
LOGIN = re.compile(r"[A-Za-z0-9_.+-]{1,80}")


@dataclass(frozen=True, slots=True)
class Wanted:
    """What an administrator says of an account; an empty password keeps the one there is. `numbers` are ids of the operator's."""

    server: str
    login: str
    password: str
    active: bool
    numbers: Collection[int]


def set_account(
    wanted: Wanted, *, operator_id: int, account_id: int | None = None, by: User, now: datetime
) -> TrunkAccount:
    """Make an account, or change one; it is registered anew at once. Raises Invalid, its fields named as those of `Wanted`; NotFound."""
    with write():
        account = account_with(operator_id, account_id) if account_id else TrunkAccount(operator_id=operator_id)
        if wrong := _wrong_with(wanted, account):
            raise Invalid(fields=wrong)
        account.server, account.login, account.active = wanted.server, wanted.login, wanted.active
        if wanted.password:
            account.secret = seal(wanted.password, purpose=PURPOSE)
        account.state, account.since, account.tries, account.next_at = TrunkAccount.State.NEW, now, 0, now
        account.save()
        account.numbers.exclude(pk__in=wanted.numbers).update(account=None)
        Number.objects.filter(operator_id=operator_id, pk__in=wanted.numbers).update(account=account)
        told = {"server": account.server, "active": account.active, "numbers": sorted(wanted.numbers)}
        verb = "trunk_account.changed" if account_id else "trunk_account.added"
        audit.record(operator_id=operator_id, actor=by, verb=verb, target=account, data=told, at=now)
    return account


def _wrong_with(wanted: Wanted, account: TrunkAccount) -> dict[str, Words]:
    wrong: dict[str, Words] = {}
    if not SERVER.fullmatch(wanted.server):
        wrong["server"] = gettext_lazy(
            "Write the name of the trunk's server, with :PORT after it where it is not 5060."
        )
    if not LOGIN.fullmatch(wanted.login):
        wrong["login"] = gettext_lazy("Write the login alone, without the server.")
    if TrunkAccount.objects.filter(server=wanted.server, login=wanted.login).exclude(pk=account.pk).exists():
        wrong["login"] = gettext_lazy("This account is here already.")
    is_another = (account.server, account.login) != (wanted.server, wanted.login)
    if not wanted.password and (not account.secret or is_another):
        wrong["password"] = gettext_lazy("Type the password.")
    return wrong


def accounts_of(operator_id: int) -> list[TrunkAccount]:
    """The operator's accounts with their numbers, in order."""
    found = TrunkAccount.objects.filter(operator_id=operator_id).prefetch_related("numbers")
    return list(found.order_by("server", "login"))


def account_with(operator_id: int, account_id: int) -> TrunkAccount:
    """An account of the operator. Raises NotFound."""
    found = TrunkAccount.objects.filter(pk=account_id, operator_id=operator_id).first()
    if found is None:
        raise NotFound
    return found


def account_of(number: Number) -> Account | None:
    """The account by which calls that show this number go; None where the trunk knows the house by its address.

    A password that cannot be read is none: the trunk refuses the call, and the account says why.
    """
    row = TrunkAccount.objects.filter(pk=number.account_id, active=True).first() if number.account_id else None
    if row is None:
        return None
    try:
        return as_signalled(row)
    except SecretLost:
        return Account(row.server, row.login, "")


def as_signalled(row: TrunkAccount) -> Account:
    """As the telephone speaks of it. Raises SecretLost."""
    return Account(row.server, row.login, unseal(row.secret, purpose=PURPOSE))


def take_due(*, home: str, now: datetime) -> list[TrunkAccount]:
    """The accounts that are to be registered now, or no more, by the telephone at `home`: no other one takes them before it is known
    what became of that."""
    taken = []
    for row in TrunkAccount.objects.filter(next_at__lte=now).order_by("id"):
        until = now + registration.ANSWERED_WITHIN
        if TrunkAccount.objects.filter(pk=row.pk, next_at=row.next_at).update(next_at=until, keeper=home):
            row.next_at, row.keeper = until, home
            taken.append(row)
    return taken


def ask_again(*, now: datetime) -> int:
    """Whichever trunks bring us calls, or did not answer, are to be asked now, and not in their time: the edge was started anew, and lets in
    those alone who accept a registration. How many there are. A trunk that refused, or wants to be left alone for a while, is left alone.
    """
    forgotten = Q(state=TrunkAccount.State.REGISTERED) | Q(
        state=TrunkAccount.State.UNANSWERED, status__in=registration.NOBODY_SAID
    )
    return TrunkAccount.objects.filter(forgotten, next_at__gt=now).update(next_at=now)


def kept_by(home: str) -> list[TrunkAccount]:
    """The accounts that the telephone at `home` registered."""
    return list(TrunkAccount.objects.filter(keeper=home, state=TrunkAccount.State.REGISTERED).order_by("id"))


def note_registered(account_id: int, *, asked: datetime | None, seconds: int, now: datetime) -> None:
    """The trunk brings us this account's calls for so many seconds; no more for 0. `asked` is its `next_at` when it was asked: nothing is
    noted of an account that somebody has changed since."""
    row = _still_asked_about(account_id, asked=asked, now=now)
    if row is None:
        return
    if seconds:
        until, next_at = now + timedelta(seconds=seconds), now + registration.refresh_after(seconds)
        _note(row, TrunkAccount.State.REGISTERED, until=until, next_at=next_at, now=now)
    else:
        _note(row, TrunkAccount.State.NEW, next_at=now, now=now)


def note_failed(account_id: int, *, asked: datetime | None, status: int, retry_after: int, now: datetime) -> None:
    """The trunk refused the registration, or did not answer. It is tried again, ever less often. `asked` is as above."""
    row = _still_asked_about(account_id, asked=asked, now=now)
    if row is None:
        return
    tries = row.tries + 1
    state = TrunkAccount.State.UNANSWERED if registration.is_no_answer(status) else TrunkAccount.State.REFUSED
    next_at = now + registration.again_after(tries, retry_after=retry_after)
    until = row.until if row.until and row.until > now else None
    _note(row, state, until=until, status=status, tries=tries, next_at=next_at, now=now)


def _still_asked_about(account_id: int, *, asked: datetime | None, now: datetime) -> TrunkAccount | None:
    """The account as it was when it was asked about. One that is switched off is off, whatever the trunk says of it: that is noted, and None."""
    row = TrunkAccount.objects.filter(pk=account_id, next_at=asked).first()
    if row is None or row.active:
        return row
    _note(row, TrunkAccount.State.OFF, next_at=None, now=now)
    return None


def _note(
    row: TrunkAccount,
    state: str,
    *,
    next_at: datetime | None,
    until: datetime | None = None,
    status: int | None = None,
    tries: int = 0,
    now: datetime,
) -> None:
    """Since when it is so stays as it was while it is the same."""
    since = row.since if row.state == state else now
    TrunkAccount.objects.filter(pk=row.pk, next_at=row.next_at).update(
        state=state, since=since, until=until, status=status, tries=tries, next_at=next_at
    )


def why_in_words(row: TrunkAccount) -> str:
    """What stands against an account's registration, and what to do; empty when nothing does."""
    if row.state == TrunkAccount.State.REFUSED and row.status in registration.WRONG_PASSWORD:
        return _("The trunk refuses this login or password. Type the password again as the trunk gave it.")
    if row.state == TrunkAccount.State.REFUSED and row.status == registration.UNKNOWN:
        return _("The trunk does not know this login.")
    if row.state == TrunkAccount.State.REFUSED:
        return _("The trunk refuses the registration (SIP %(status)s). Ask it why.") % {"status": row.status}
    if row.state == TrunkAccount.State.UNANSWERED and row.status == 408:
        return _("The server does not answer. Check its name, and that the edge reaches it.")
    if row.state == TrunkAccount.State.UNANSWERED:
        return _("The server cannot be reached, or cannot work now (SIP %(status)s).") % {"status": row.status}
    return ""
