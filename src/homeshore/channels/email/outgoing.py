"""Mails of ours: prepared once with their Message-ID, written from the message, handed to the brand's server."""

import secrets
from collections.abc import Callable
from datetime import datetime, timedelta
from email.headerregistry import Address, BaseHeader, HeaderRegistry, UnstructuredHeader
from email.message import EmailMessage
from email.policy import SMTP, Policy
from email.utils import format_datetime

from django.core.cache import cache
from django.core.exceptions import ObjectDoesNotExist
from django.utils import translation
from django.utils.translation import gettext as _

from homeshore.channels.email import delivery, smtp
from homeshore.channels.email.models import InboundMail, Mailbox, OutboundMail
from homeshore.channels.email.reply_addresses import reply_address
from homeshore.contacts.services import record_delivery
from homeshore.foundation import clock
from homeshore.foundation.models import OutboxMessage
from homeshore.foundation.outbox import DeliveryError, PutOff, gave_up, handles
from homeshore.foundation.transactions import write

SEND = "email.send"
ACKNOWLEDGE = "email.acknowledge"
MOST_REFERENCES = 20
HANDING_OVER_SECONDS = 300
PLAIN_TYPES = ("application", "audio", "font", "image", "text", "video")


class MessageIds(UnstructuredHeader, BaseHeader):
    """A field of message ids, one a line and never encoded: Python encodes long ones, and then no program finds them."""

    def fold(self, *, policy: Policy) -> str:
        if not self.isascii():
            return str(super().fold(policy=policy))
        return f"{self.name}: " + f"{policy.linesep} ".join(self.split()) + policy.linesep


_fields = HeaderRegistry()
_fields.map_to_type("In-Reply-To", MessageIds)
_fields.map_to_type("References", MessageIds)
WIRE = SMTP.clone(header_factory=_fields)


REST = timedelta(minutes=1)
"""How long a server that does not answer is left alone: each try costs its time-out, and the other brands wait meanwhile."""


@handles(SEND)
def send(task: OutboxMessage) -> None:
    """Send an agent's message (`{"message": id}`) as a mail."""
    deliver(lambda now: prepare_message(task.payload["message"], now=now), task)


@handles(ACKNOWLEDGE)
def acknowledge(task: OutboxMessage) -> None:
    """Acknowledge the receipt of a mail (`{"inbound": id}`)."""
    deliver(lambda now: prepare_acknowledgement(task.payload["inbound"], now=now), task)


def deliver(prepare: Callable[[datetime], OutboundMail], task: OutboxMessage) -> None:
    """One try at sending a mail. Raises DeliveryError when it did not leave.

    A mail whose content was once handed over without an answer is not sent again: see `OutboundMail`.
    """
    now = clock.now()
    outbound = prepare(now)
    with translation.override(outbound.mailbox.operator.language):
        if outbound.state == OutboundMail.State.SENT:
            return
        if outbound.state == OutboundMail.State.HANDING_OVER:
            if outbound.is_being_handed_over(now, within_seconds=HANDING_OVER_SECONDS):
                raise DeliveryError("still being handed over")
            leave_in_doubt(outbound, now=now)
        if outbound.state != OutboundMail.State.PREPARED:
            raise DeliveryError(outbound.last_error, permanent=True)
        hand_over(outbound, now=now)


@gave_up(SEND)
def give_up_message(task: OutboxMessage) -> None:
    """Say on the message that it will not be tried again."""
    outbound = OutboundMail.objects.filter(message_id=task.payload["message"]).first()
    if outbound is None:
        record_delivery(message_id=task.payload["message"], delivery="failed", error=task.last_error, now=clock.now())
    else:
        give_up(outbound, task.last_error)


@gave_up(ACKNOWLEDGE)
def give_up_acknowledgement(task: OutboxMessage) -> None:
    """Say that an acknowledgement will not be tried again."""
    outbound = OutboundMail.objects.filter(acknowledges_id=task.payload["inbound"]).first()
    if outbound is not None:
        give_up(outbound, task.last_error)


def give_up(outbound: OutboundMail, error: str) -> None:
    """Mark a mail as not delivered, unless more is known of it."""
    if outbound.state in {OutboundMail.State.PREPARED, OutboundMail.State.HANDING_OVER}:
        delivery.fail(outbound, error, now=clock.now())


def hand_over(outbound: OutboundMail, *, now: datetime) -> None:
    """Talk to the server, and record how it went."""
    try:
        content = write_mail(outbound).as_bytes()
    except ValueError as error:  # an address that no mail can carry
        raise DeliveryError(f"{outbound.recipient}: {error}", permanent=True) from error
    until = cache.get(_silent_key(outbound))
    if until is not None and now < until:
        raise PutOff(_("The SMTP server does not answer."), until=until)
    OutboundMail.objects.filter(pk=outbound.pk).update(attempts=outbound.attempts + 1)
    try:
        with smtp.connect(outbound.mailbox) as connection:
            connection.announce(sender=sender_of(outbound), recipient=outbound.recipient)
            changed = OutboundMail.objects.filter(pk=outbound.pk, state=OutboundMail.State.PREPARED).update(
                state=OutboundMail.State.HANDING_OVER, handing_over_since=now
            )
            if not changed:
                raise DeliveryError("taken by another worker")
            connection.hand_over(content)
    except smtp.Unanswered:
        leave_in_doubt(outbound, now=now)
    except smtp.NotSent as error:
        if error.silent:
            cache.set(_silent_key(outbound), clock.now() + REST, timeout=REST.total_seconds())
        delivery.delayed(outbound, str(error), now=clock.now())
        raise DeliveryError(str(error), permanent=error.permanent) from error
    delivery.sent(outbound, now=clock.now())


def _silent_key(outbound: OutboundMail) -> str:
    """Under which all processes know until when a mailbox's server is left alone; other settings are another server."""
    return f"smtp-silent:{outbound.mailbox_id}:{outbound.mailbox.version}"


def leave_in_doubt(outbound: OutboundMail, *, now: datetime) -> None:
    """Say that the mail may have left; raises DeliveryError, so that it is not tried again by itself."""
    said = _(
        "The connection broke while the mail was being handed over: it may have left. Send it again only if the customer has not got it."
    )
    delivery.doubt(outbound, said, now=now)
    raise DeliveryError(said, permanent=True)


def prepare_message(message_id: int, *, now: datetime) -> OutboundMail:
    """The mail of a message: the one prepared before, or a new one in answer to the customer's last mail.

    Raises DeliveryError, permanent, when the brand has no mailbox to send it by or the customer no address.
    """
    with write():
        known = OutboundMail.objects.select_related("mailbox__operator").filter(message_id=message_id).first()
        if known is not None:
            return known
        outbound = OutboundMail(message_id=message_id, prepared_at=now)
        try:
            message = outbound.message
        except ObjectDoesNotExist as error:
            raise DeliveryError(f"there is no message {message_id}", permanent=True) from error
        assert message is not None
        conversation = message.conversation
        answered = last_inbound(conversation.pk)
        mailbox = answered.mailbox if answered else mailbox_for(message)
        recipient = message.address
        if mailbox is None or not recipient:
            raise DeliveryError("no mailbox to send by, or no address to send to", permanent=True)
        outbound.operator_id, outbound.mailbox = conversation.operator_id, mailbox
        outbound.recipient, outbound.subject = recipient, answer_subject(conversation.subject)
        outbound.mail_id = new_mail_id(mailbox)
        if answered:
            outbound.in_reply_to, outbound.references = answered.mail_id, cut_references(answered.references)
        outbound.save(force_insert=True)
        return outbound


def prepare_acknowledgement(inbound_id: int, *, now: datetime) -> OutboundMail:
    """The acknowledgement of a mail: the one prepared before, or a new one."""
    with write():
        known = OutboundMail.objects.select_related("mailbox__operator").filter(acknowledges_id=inbound_id).first()
        if known is not None:
            return known
        inbound = InboundMail.objects.select_related("mailbox__operator").get(pk=inbound_id)
        return OutboundMail.objects.create(
            operator_id=inbound.operator_id,
            mailbox=inbound.mailbox,
            acknowledges=inbound,
            mail_id=new_mail_id(inbound.mailbox),
            recipient=inbound.reply_to,
            subject=answer_subject(inbound.subject),
            in_reply_to=inbound.mail_id,
            references=cut_references(inbound.references),
            prepared_at=now,
        )


def write_mail(outbound: OutboundMail) -> EmailMessage:
    """The mail itself, the same at each try."""
    mailbox = outbound.mailbox
    mail = EmailMessage(policy=WIRE)
    mail["From"] = Address(display_name=mailbox.display_name, addr_spec=mailbox.address)
    mail["To"] = Address(addr_spec=outbound.recipient)
    mail["Reply-To"] = Address(addr_spec=sender_of(outbound))
    mail["Subject"] = outbound.subject
    mail["Date"] = format_datetime(outbound.prepared_at)
    mail["Message-ID"] = outbound.mail_id
    if outbound.in_reply_to:
        mail["In-Reply-To"] = outbound.in_reply_to
    if outbound.references:
        mail["References"] = outbound.references
    if outbound.acknowledges is not None:
        mail["Auto-Submitted"] = "auto-replied"
        mail["X-Auto-Response-Suppress"] = "All"
        mail.set_content(mailbox.acknowledgement, charset="utf-8")
        return mail
    message = outbound.message
    assert message is not None
    mail.set_content(message.body + quotation(outbound), charset="utf-8")
    for attachment in message.attachments.order_by("id"):
        main, _slash, sub = attachment.content_type.partition("/")
        known = main in PLAIN_TYPES and bool(sub)
        with attachment.file.open("rb") as content:
            mail.add_attachment(
                content.read(),
                maintype=main if known else "application",
                subtype=sub if known else "octet-stream",
                filename=attachment.name,
            )
    return mail


def quotation(outbound: OutboundMail) -> str:
    """What the customer wrote last, marked as quoted, in their language."""
    message = outbound.message
    answered = last_inbound(message.conversation_id, before=message.at) if message else None
    if answered is None or answered.message is None or not answered.message.body.strip():
        return ""
    customer = answered.message.conversation.customer
    with translation.override(customer.language):
        said = _("On %(day)s, %(name)s wrote:") % {
            "day": f"{answered.received_at:%d/%m/%Y}",
            "name": answered.message.author_name or answered.sender,
        }
    quoted = "\n".join(f"> {line}".rstrip() for line in answered.message.body.split("\n"))
    return f"\n\n{said}\n{quoted}\n"


def sender_of(outbound: OutboundMail) -> str:
    """Where answers and reports come back to: the signed address of the conversation, or the mailbox itself."""
    mailbox = outbound.mailbox
    message = outbound.message or (outbound.acknowledges.message if outbound.acknowledges else None)
    if not mailbox.plus_addressing or message is None:
        return mailbox.address
    return reply_address(mailbox.address, message.conversation_id)


def last_inbound(conversation_id: int, *, before: datetime | None = None) -> InboundMail | None:
    """The customer's last mail in a conversation that a person wrote."""
    mails = InboundMail.objects.filter(message__conversation_id=conversation_id, state=InboundMail.State.TAKEN)
    if before is not None:
        mails = mails.filter(received_at__lte=before)
    return (
        mails.select_related("mailbox__operator", "message__conversation__customer")
        .order_by("-received_at", "-id")
        .first()
    )


def mailbox_for(message: object) -> Mailbox | None:
    """The mailbox by which a conversation that began otherwise is answered: its queue's, or any of its brand."""
    conversation = message.conversation  # type: ignore[attr-defined]
    contact = message.contact  # type: ignore[attr-defined]
    ours = Mailbox.objects.filter(brand_id=conversation.brand_id, active=True).select_related("operator").order_by("id")
    of_queue = ours.filter(queue_id=contact.queue_id).first() if contact else None
    return of_queue or ours.first()


def answer_subject(subject: str) -> str:
    """A subject with one `Re:` before it."""
    plain = " ".join(subject.split())
    while plain[:3].lower() in {"re:", "re "} or plain[:4].lower() == "re :":
        plain = plain.partition(":")[2].strip() if ":" in plain[:4] else plain[3:].strip()
    return f"Re: {plain}"[:300].strip()


def cut_references(references: str) -> str:
    """The first id and the last ones: a chain need not grow without end."""
    ids = references.split()
    return " ".join(ids if len(ids) <= MOST_REFERENCES else [ids[0], *ids[-MOST_REFERENCES + 1 :]])


def new_mail_id(mailbox: Mailbox) -> str:
    """A Message-ID that nobody can guess."""
    return f"<{secrets.token_hex(16)}@{mailbox.address.rpartition('@')[2]}>"
