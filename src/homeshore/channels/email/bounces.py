"""What a delivery report does to the mail of ours that it is about."""

from collections.abc import Iterable
from datetime import datetime

from homeshore.channels.email.delivery import fail
from homeshore.channels.email.models import Mailbox, OutboundMail
from homeshore.channels.email.parsing import Bounce
from homeshore.channels.email.reply_addresses import conversation_of


def apply(bounce: Bounce, *, mailbox: Mailbox, recipients: Iterable[str], now: datetime) -> str:
    """Mark the mail as not delivered when the report gives it up; returns the reason as the report tells it."""
    reason = " ".join(filter(None, (bounce.status, bounce.recipient, bounce.diagnostic)))
    outbound = reported_on(bounce, mailbox=mailbox, recipients=recipients)
    if bounce.failed and outbound is not None and outbound.state != OutboundMail.State.FAILED:
        fail(outbound, reason or "bounce", now=now)
    return reason


def reported_on(bounce: Bounce, *, mailbox: Mailbox, recipients: Iterable[str]) -> OutboundMail | None:
    """The mail a report is about: by its Message-ID, or the last one of the conversation the report came back to."""
    ours = OutboundMail.objects.filter(operator_id=mailbox.operator_id, mailbox__brand_id=mailbox.brand_id)
    named = ours.filter(mail_id__in=bounce.message_ids).order_by("-id").first()
    if named is not None:
        return named
    conversation_id = conversation_of(recipients, address=mailbox.address)
    return ours.filter(message__conversation_id=conversation_id).order_by("-id").first() if conversation_id else None
