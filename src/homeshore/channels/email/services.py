"""What people do with mailboxes and mails: set up, try out, decide about what was set aside or not delivered."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from homeshore.channels.email import notices, smtp
from homeshore.channels.email.imap import OutOfReach, open_folder
from homeshore.channels.email.models import InboundMail, Mailbox, OutboundMail
from homeshore.channels.email.parsing import Unreadable
from homeshore.channels.email.secrets import encrypt
from homeshore.channels.email.taking import read_again, take_again
from homeshore.channels.email.words import why_in_words
from homeshore.contacts.services import record_delivery
from homeshore.foundation import audit, outbox
from homeshore.foundation.errors import NotFound, Refused
from homeshore.foundation.models import User
from homeshore.foundation.transactions import write

CLOCKS_DIFFER = timedelta(minutes=5)
LONG_AGO = timedelta(days=365 * 50)
SETTINGS = (
    "brand_id", "queue_id", "address", "display_name", "active", "imap_host", "imap_port", "imap_security", "imap_user",
    "folder", "smtp_host", "smtp_port", "smtp_security", "smtp_user", "plus_addressing", "acknowledgement",
)  # fmt: skip


class StillUnreadable(Refused):
    """A mail that was set aside cannot be taken in this time either."""

    code = "still_unreadable"
    message = gettext_lazy("This mail still cannot be taken in: %(why)s")


class AlreadyDecided(Refused):
    """Somebody has already dealt with this mail."""

    code = "already_decided"
    message = gettext_lazy("Somebody has already dealt with this mail.")


@dataclass(frozen=True, slots=True)
class Check:
    """How one side of a mailbox answered when tried: what was tried, whether it worked, and what was said."""

    what: str
    passed: bool
    said: str


def add_mailbox(
    *,
    operator_id: int,
    settings: Mapping[str, Any],
    imap_password: str,
    smtp_password: str,
    take_existing: bool,
    by: User,
    now: datetime,
) -> Mailbox:
    """Start to read and send by a mailbox. Mails already in it are left alone unless `take_existing`."""
    since = now - (LONG_AGO if take_existing else CLOCKS_DIFFER)
    with write():
        mailbox = Mailbox(operator_id=operator_id, take_since=since, state_since=now)
        _apply(mailbox, settings, imap_password=imap_password, smtp_password=smtp_password)
        mailbox.save()
        audit.record(operator_id=operator_id, actor=by, verb="mailbox.added", target=mailbox, at=now)
    return mailbox


def change_mailbox(
    *,
    operator_id: int,
    mailbox_id: int,
    settings: Mapping[str, Any],
    imap_password: str,
    smtp_password: str,
    by: User,
    now: datetime,
) -> Mailbox:
    """Change a mailbox; an empty password keeps the one there is. Another server or folder is read as a new one."""
    with write():
        mailbox = mailbox_of(operator_id, mailbox_id)
        before = (mailbox.imap_host, mailbox.imap_user, mailbox.folder)
        _apply(mailbox, settings, imap_password=imap_password, smtp_password=smtp_password)
        if before != (mailbox.imap_host, mailbox.imap_user, mailbox.folder):
            mailbox.uidvalidity, mailbox.last_uid, mailbox.take_since = None, 0, now - CLOCKS_DIFFER
        mailbox.version += 1
        mailbox.state, mailbox.state_since, mailbox.last_error = Mailbox.State.NEW, now, ""
        mailbox.save()
        audit.record(operator_id=operator_id, actor=by, verb="mailbox.changed", target=mailbox, at=now)
    return mailbox


def try_mailbox(mailbox: Mailbox) -> list[Check]:
    """Sign in to both servers of a mailbox, saved or not, as the intake and the outbox will."""
    try:
        with open_folder(mailbox) as folder:
            said = _("Signed in; the folder “%(folder)s” can be read.") % {"folder": mailbox.folder}
            incoming = Check("IMAP", folder.uidvalidity > 0, said)
    except OutOfReach as error:
        incoming = Check("IMAP", False, str(error))
    try:
        with smtp.connect(mailbox) as connection:
            connection.greet()
            outgoing = Check("SMTP", True, _("Signed in; the server is ready to take mails."))
    except smtp.NotSent as error:
        outgoing = Check("SMTP", False, str(error))
    return [incoming, outgoing]


def retry_inbound(*, operator_id: int, mail_id: int, by: User, now: datetime) -> InboundMail:
    """Take in a mail that was set aside, or that was thought to be a program's. Raises StillUnreadable, AlreadyDecided."""
    waits = (InboundMail.State.SET_ASIDE, InboundMail.State.AUTOMATIC)
    with write():
        inbound = _undecided(operator_id, mail_id, *waits)
    try:
        parsed = read_again(inbound)  # outside: a large mail takes its time, and others have to write
    except Unreadable as unreadable:
        raise StillUnreadable(why=why_in_words(unreadable.why, unreadable.detail)) from unreadable
    with write():
        inbound = _undecided(operator_id, mail_id, *waits)
        take_again(inbound, parsed, now=now)
        _decided(inbound, by=by, now=now)
        audit.record(operator_id=operator_id, actor=by, verb="mail.taken_again", target=inbound, at=now)
        notices.mails_waiting(operator_id, at=now)
    return inbound


def dismiss_inbound(*, operator_id: int, mail_id: int, by: User, now: datetime) -> InboundMail:
    """Decide that nothing is to be done about a mail that was set aside; it is still kept. Raises AlreadyDecided."""
    with write():
        inbound = _undecided(operator_id, mail_id, InboundMail.State.SET_ASIDE)
        inbound.state = InboundMail.State.DISMISSED
        _decided(inbound, by=by, now=now)
        audit.record(operator_id=operator_id, actor=by, verb="mail.dismissed", target=inbound, at=now)
        notices.mails_waiting(operator_id, at=now)
    return inbound


def send_again(*, operator_id: int, outbound_id: int, by: User, now: datetime) -> OutboundMail:
    """Try once more to send a mail that failed or may have left, under the same Message-ID. Raises AlreadyDecided."""
    again = (OutboundMail.State.FAILED, OutboundMail.State.UNCERTAIN)
    with write():
        changed = OutboundMail.objects.filter(pk=outbound_id, operator_id=operator_id, state__in=again).update(
            state=OutboundMail.State.PREPARED, failed_at=None, last_error=""
        )
        outbound = OutboundMail.objects.filter(pk=outbound_id, operator_id=operator_id).first()
        if outbound is None:
            raise NotFound
        if not changed:
            raise AlreadyDecided
        kind, payload = ("email.send", {"message": outbound.message_id})
        if outbound.message_id is None:
            kind, payload = ("email.acknowledge", {"inbound": outbound.acknowledges_id})
        outbox.put(
            operator_id=operator_id,
            kind=kind,
            key=f"mail-{outbound.pk}-again-{now.timestamp():.3f}",
            payload=payload,
            at=now,
        )
        if outbound.message_id is not None:
            record_delivery(message_id=outbound.message_id, delivery="queued", now=now)
        audit.record(operator_id=operator_id, actor=by, verb="mail.sent_again", target=outbound, at=now)
        notices.mails_waiting(operator_id, at=now)
    return outbound


def settle_failure(*, operator_id: int, outbound_id: int, by: User, now: datetime) -> None:
    """Take a failed mail off the list: somebody has seen to it. Raises NotFound."""
    with write():
        changed = OutboundMail.objects.filter(pk=outbound_id, operator_id=operator_id, failed_at__isnull=False).update(
            failed_at=None
        )
        if not changed:
            raise NotFound
        audit.record(
            operator_id=operator_id,
            actor=by,
            verb="mail.failure_settled",
            target=f"email.outboundmail:{outbound_id}",
            at=now,
        )
        notices.mails_waiting(operator_id, at=now)


def mailbox_of(operator_id: int, mailbox_id: int) -> Mailbox:
    """A mailbox of this operator; raises NotFound."""
    mailbox = Mailbox.objects.filter(pk=mailbox_id, operator_id=operator_id).first()
    if mailbox is None:
        raise NotFound
    return mailbox


def _apply(mailbox: Mailbox, settings: Mapping[str, Any], *, imap_password: str, smtp_password: str) -> None:
    for name in SETTINGS:
        setattr(mailbox, name, settings[name])
    mailbox.address = mailbox.address.strip().lower()
    if imap_password:
        mailbox.imap_secret = encrypt(imap_password)
    if smtp_password:
        mailbox.smtp_secret = encrypt(smtp_password)


def _undecided(operator_id: int, mail_id: int, *states: InboundMail.State) -> InboundMail:
    """A mail that waits for a decision, locked where the database locks rows."""
    mails = InboundMail.objects.select_for_update(of=("self",)).select_related("mailbox__operator", "mailbox__queue")
    inbound = mails.filter(pk=mail_id, operator_id=operator_id).first()
    if inbound is None:
        raise NotFound
    if inbound.state not in states or inbound.message_id is not None:
        raise AlreadyDecided
    return inbound


def _decided(inbound: InboundMail, *, by: User, now: datetime) -> None:
    inbound.decided_at, inbound.decided_by = now, by
    inbound.save(update_fields=["state", "decided_at", "decided_by"])
