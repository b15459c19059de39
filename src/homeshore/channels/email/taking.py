"""Taking one mail in: what it becomes is decided and written in one transaction, with the place it was read from."""

import hashlib
import io
import logging
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import IO

from django.core.files import File
from django.db import IntegrityError, InterfaceError, OperationalError
from django.utils import translation
from django.utils.translation import gettext as _

from homeshore.channels.email import bounces, notices
from homeshore.channels.email.models import InboundMail, Mailbox, OutboundMail, raw_path
from homeshore.channels.email.parsing import Automatic, ParsedMail, Unreadable, Why, fingerprint, parse
from homeshore.channels.email.threads import Cited, cited_by
from homeshore.contacts.services import CustomerFacts, NewAttachment, receive_message, say_as_system
from homeshore.foundation import outbox
from homeshore.foundation.errors import Refused
from homeshore.foundation.transactions import write

logger = logging.getLogger(__name__)

FLOOD = 40
"""More mails than this from one address within an hour are a loop of programs, not a person."""
FLOOD_WITHIN = timedelta(hours=1)
ACKNOWLEDGED_WITHIN = timedelta(hours=24)
LARGEST_READ_AGAIN = 100_000_000
SUPPORTED_LANGUAGES = ("fr", "en")


@dataclass(frozen=True, slots=True)
class Place:
    """Where a mail lies in its folder."""

    uidvalidity: int
    uid: int


def take(mailbox: Mailbox, raw: bytes, *, place: Place, now: datetime) -> InboundMail:
    """Take a mail in, once: a copy of one already taken only moves the place on.

    Whatever is wrong with the mail itself sets it aside with its reason. What is wrong with the house (the database, the
    disk) is raised, and the mail is read again later.
    """
    digest = fingerprint(raw)
    known = InboundMail.objects.filter(mailbox=mailbox, fingerprint=digest).first()
    if known is not None:
        advance(mailbox, place, now=now)
        return known
    inbound = InboundMail(
        operator_id=mailbox.operator_id,
        mailbox=mailbox,
        uidvalidity=place.uidvalidity,
        uid=place.uid,
        fingerprint=digest,
        size=len(raw),
        received_at=now,
    )
    keep_raw(inbound, io.BytesIO(raw))
    return decide(inbound, raw, now=now)


def take_large(
    mailbox: Mailbox, raw: IO[bytes], *, header: bytes, size: int, place: Place, now: datetime
) -> InboundMail:
    """Set aside a mail larger than may be read, kept whole; `header` is its first lines, to say whose it is."""
    digest = fingerprint(header + b"\r\n\r\n%d" % size)
    known = InboundMail.objects.filter(mailbox=mailbox, fingerprint=digest).first()
    if known is not None:
        advance(mailbox, place, now=now)
        return known
    inbound = InboundMail(
        operator_id=mailbox.operator_id,
        mailbox=mailbox,
        uidvalidity=place.uidvalidity,
        uid=place.uid,
        fingerprint=digest,
        size=size,
        received_at=now,
    )
    try:
        describe(inbound, parse(header + b"\r\n\r\n"))
    except Unreadable as unreadable:
        logger.info("the header of a large mail cannot be read: %s", unreadable.why)
    keep_raw(inbound, raw)
    with write():
        set_aside(inbound, Why.TOO_LARGE, str(size), now=now)
        advance(mailbox, place, now=now)
    return inbound


def read_again(inbound: InboundMail) -> ParsedMail:
    """Read a kept mail once more, also one larger than the intake reads by itself. Raises Unreadable."""
    if inbound.size > LARGEST_READ_AGAIN:
        raise Unreadable(Why.TOO_LARGE, str(inbound.size))
    with inbound.raw.open() as kept:
        return parse(kept.read())


def take_again(inbound: InboundMail, parsed: ParsedMail, *, now: datetime) -> InboundMail:
    """Make a message of a mail that was set aside, as read again. Raises Refused."""
    describe(inbound, parsed)
    with write():
        become_message(inbound, parsed, cited=cited_by(parsed, inbound.mailbox), opens_contact=True, now=now)
    return inbound


def decide(inbound: InboundMail, raw: bytes, *, now: datetime) -> InboundMail:
    """Write what a mail became, and that its place has been read."""
    place = Place(inbound.uidvalidity, inbound.uid)
    try:
        parsed = parse(raw)
        describe(inbound, parsed)
        with write():
            settle(inbound, parsed, now=now)
            advance(inbound.mailbox, place, now=now)
        return inbound
    except Unreadable as unreadable:
        why, detail = unreadable.why, unreadable.detail
    except Refused as refused:
        why, detail = Why.REFUSED, str(refused)
    except (OperationalError, InterfaceError, OSError):
        raise
    except IntegrityError:
        known = InboundMail.objects.filter(mailbox=inbound.mailbox, fingerprint=inbound.fingerprint).first()
        if known is not None:  # another process took the same mail meanwhile
            return known
        logger.exception("a mail could not be stored: mailbox %s, uid %s", inbound.mailbox_id, inbound.uid)
        why, detail = Why.BROKEN, "IntegrityError"
    except Exception as error:
        logger.exception("a mail could not be taken in: mailbox %s, uid %s", inbound.mailbox_id, inbound.uid)
        why, detail = Why.BROKEN, type(error).__name__
    aside = bare(inbound) if why is Why.BROKEN else inbound
    aside.pk, aside.message_id = None, None  # what was written before it failed is gone
    with write():
        set_aside(aside, why, detail, now=now)
        advance(aside.mailbox, place, now=now)
    return aside


def bare(inbound: InboundMail) -> InboundMail:
    """The mail with nothing that was read in it: whatever could not be stored is not among it."""
    return InboundMail(
        operator_id=inbound.operator_id,
        mailbox=inbound.mailbox,
        uidvalidity=inbound.uidvalidity,
        uid=inbound.uid,
        fingerprint=inbound.fingerprint,
        raw=inbound.raw.name,
        size=inbound.size,
        received_at=inbound.received_at,
    )


def settle(inbound: InboundMail, parsed: ParsedMail, *, now: datetime) -> None:
    """Make of a readable mail what it is: a customer's message, a report on one of ours, a notice of a program."""
    mailbox = inbound.mailbox
    if parsed.bounce is not None:
        inbound.state, inbound.why = InboundMail.State.AUTOMATIC, "bounce"
        inbound.detail = bounces.apply(parsed.bounce, mailbox=mailbox, recipients=parsed.recipients, now=now)[:300]
        inbound.save()
    elif parsed.message_id and OutboundMail.objects.filter(mail_id=parsed.message_id).exists():
        inbound.state, inbound.why = InboundMail.State.AUTOMATIC, "own"
        inbound.save()
    elif parsed.automatic is Automatic.RECEIPT:
        inbound.state, inbound.why = InboundMail.State.AUTOMATIC, "receipt"
        inbound.save()
    elif parsed.automatic is Automatic.REPLIED:
        cited = cited_by(parsed, mailbox)
        inbound.state, inbound.why = InboundMail.State.AUTOMATIC, "replied"
        if cited is None or not cited.may_join:
            inbound.save()
        else:
            become_message(inbound, parsed, cited=cited, opens_contact=False, now=now)
    elif parsed.sender == mailbox.address or is_flooding(inbound, now=now):
        set_aside(inbound, Why.LOOP, parsed.sender, now=now)
    else:
        cited = cited_by(parsed, mailbox)
        inbound.state = InboundMail.State.TAKEN
        become_message(inbound, parsed, cited=cited, opens_contact=True, now=now)
        if not (cited and cited.may_join) and parsed.answerable:
            acknowledge(inbound, now=now)


def become_message(
    inbound: InboundMail, parsed: ParsedMail, *, cited: Cited | None, opens_contact: bool, now: datetime
) -> None:
    """Hand the mail to contacts, and keep which message it became.

    A mail that cites a conversation in which its sender has no part opens one of its own, which says so.
    """
    language = parsed.language[:2].lower()
    received = receive_message(
        queue_id=inbound.mailbox.queue_id,
        thread_key=cited.thread_key if cited and cited.may_join else f"mail-{inbound.fingerprint[:40]}",
        customer=CustomerFacts(
            name=parsed.sender_name,
            email=parsed.sender,
            language=language if language in SUPPORTED_LANGUAGES else inbound.mailbox.operator.language,
        ),
        subject=parsed.subject,
        body=parsed.body,
        html=parsed.html,
        quoted=parsed.quoted,
        client_id=inbound.fingerprint,
        attachments=[NewAttachment(file.name, file.content_type, file.content) for file in parsed.files],
        reply_to=parsed.reply_to if opens_contact else "",
        opens_contact=opens_contact,
        now=now,
    )
    if cited and not cited.may_join and received.contact:
        say_as_system(received.contact, body=kept_apart(cited, inbound), client_id="kept-apart", agent_id=None, now=now)
    inbound.message_id = received.message.pk
    if opens_contact:
        inbound.state, inbound.why, inbound.detail = InboundMail.State.TAKEN, "", ""
    inbound.save()


def kept_apart(cited: Cited, inbound: InboundMail) -> str:
    """What to tell the agent of a mail that cites another's conversation."""
    with translation.override(inbound.mailbox.operator.language):
        return _(
            "This mail cites the conversation of %(customer)s (%(reference)s), but %(sender)s has no part in it."
        ) % {
            "customer": cited.customer,
            "reference": cited.reference,
            "sender": inbound.sender,
        }


def describe(inbound: InboundMail, parsed: ParsedMail) -> None:
    """Note of a mail what lists and answers need."""
    inbound.mail_id = parsed.message_id
    inbound.sender, inbound.reply_to = parsed.sender, parsed.reply_to
    inbound.subject = parsed.subject
    inbound.references = " ".join(
        dict.fromkeys([*(parsed.references or parsed.in_reply_to), parsed.message_id])
    ).strip()


def set_aside(inbound: InboundMail, why: Why, detail: str, *, now: datetime) -> None:
    """Keep a mail out of the threads, with its reason, and tell the supervisors."""
    inbound.state, inbound.why, inbound.detail = InboundMail.State.SET_ASIDE, why.value, detail[:300]
    inbound.save()
    notices.mail_set_aside(inbound, at=now)


def is_flooding(inbound: InboundMail, *, now: datetime) -> bool:
    """Whether this sender has written more than a person does."""
    since = now - FLOOD_WITHIN
    lately = InboundMail.objects.filter(mailbox=inbound.mailbox, sender=inbound.sender, received_at__gt=since)
    return lately[: FLOOD + 1].count() >= FLOOD


def acknowledge(inbound: InboundMail, *, now: datetime) -> None:
    """Have the receipt acknowledged when the mailbox does that, once a day at most to one address."""
    mailbox = inbound.mailbox
    if not mailbox.acknowledgement.strip():
        return
    since = now - ACKNOWLEDGED_WITHIN
    if OutboundMail.objects.filter(
        mailbox=mailbox, recipient=inbound.reply_to, acknowledges__isnull=False, prepared_at__gt=since
    ).exists():
        return
    address = hashlib.sha256(inbound.reply_to.encode()).hexdigest()[:32]
    outbox.put(  # under a key of the day, since mails that are read together come before the first one is answered
        operator_id=mailbox.operator_id,
        kind="email.acknowledge",
        key=f"acknowledge-{mailbox.pk}-{now:%Y-%m-%d}-{address}",
        payload={"inbound": inbound.pk},
        at=now,
    )


def advance(mailbox: Mailbox, place: Place, *, now: datetime) -> None:
    """Note that the folder has been read up to a place; never back."""
    Mailbox.objects.filter(pk=mailbox.pk, uidvalidity=place.uidvalidity, last_uid__lt=place.uid).update(
        last_uid=place.uid, checked_at=now
    )


def keep_raw(inbound: InboundMail, raw: IO[bytes]) -> None:
    """Store a mail as it came, once. Left behind by a crash it is found again under the same name."""
    storage = inbound._meta.get_field("raw").storage
    path = raw_path(inbound, "")
    inbound.raw.name = path
    if not storage.exists(path) or storage.size(path) != inbound.size:
        storage.delete(path)
        inbound.raw.name = storage.save(path, File(raw))
