"""Which conversation a mail belongs to: by the mails it cites, then by its signed reply address."""

from dataclasses import dataclass

from django.db.models import Q

from homeshore.channels.email.models import InboundMail, Mailbox, OutboundMail
from homeshore.channels.email.parsing import ParsedMail
from homeshore.channels.email.reply_addresses import conversation_of


@dataclass(frozen=True, slots=True)
class Cited:
    """A conversation that a mail cites, and whether the mail may join it: its sender takes part in it."""

    thread_key: str
    customer: str
    reference: str
    may_join: bool


def cited_by(mail: ParsedMail, mailbox: Mailbox) -> Cited | None:
    """The conversation of the brand that a mail cites; None when there is none.

    Whoever was copied or forwarded a mail can cite it, so only those join who take part: the customer, and whomever an
    agent has written to in it.
    """
    found = cited_mail(mail, mailbox)
    message = found.message if found else None
    if message is None:
        return None
    conversation = message.conversation
    written_to = OutboundMail.objects.filter(message__conversation=conversation, recipient__iexact=mail.sender)
    return Cited(
        thread_key=conversation.thread_key,
        customer=str(conversation.customer),
        reference=message.contact.reference if message.contact else "",
        may_join=mail.sender == conversation.customer.email or written_to.exists(),
    )


def cited_mail(mail: ParsedMail, mailbox: Mailbox) -> InboundMail | OutboundMail | None:
    """A mail of the conversation that a mail goes on with: one it cites, or one sent from the address it is written to."""
    with_thread = ("message__conversation__customer", "message__contact")
    sent = OutboundMail.objects.filter(mailbox__brand_id=mailbox.brand_id, message__isnull=False)
    received = InboundMail.objects.filter(mailbox__brand_id=mailbox.brand_id, message__isnull=False)
    for mail_id in [*mail.in_reply_to, *reversed(mail.references)]:
        known = Q(mail_id=mail_id) | Q(acknowledgement__mail_id=mail_id)
        found = (
            sent.filter(mail_id=mail_id).select_related(*with_thread).first()
            or received.filter(known).select_related(*with_thread).order_by("id").first()
        )
        if found is not None:
            return found
    named = conversation_of(mail.recipients, address=mailbox.address)
    return sent.filter(message__conversation_id=named).select_related(*with_thread).last() if named else None
