"""Which conversation a mail belongs to: by the mails it cites, then by its signed reply address."""

from homeshore.channels.email.models import InboundMail, Mailbox, OutboundMail
from homeshore.channels.email.parsing import ParsedMail
from homeshore.channels.email.reply_addresses import conversation_of


def thread_of(mail: ParsedMail, mailbox: Mailbox) -> str | None:
    """The key of the thread that a mail goes on with, among the brand's; None when it opens a new one."""
    for cited in [*mail.in_reply_to, *reversed(mail.references)]:
        thread = thread_of_cited(cited, brand_id=mailbox.brand_id)
        if thread is not None:
            return thread
    conversation_id = conversation_of(mail.recipients, address=mailbox.address)
    return None if conversation_id is None else thread_of_conversation(conversation_id, brand_id=mailbox.brand_id)


def thread_of_cited(mail_id: str, *, brand_id: int) -> str | None:
    """The thread of a mail of ours or of a customer's, known by its Message-ID."""
    sent = OutboundMail.objects.filter(mail_id=mail_id, mailbox__brand_id=brand_id)
    received = InboundMail.objects.filter(mail_id=mail_id, mailbox__brand_id=brand_id)
    paths = ("message__conversation__thread_key", "acknowledges__message__conversation__thread_key")
    of_sent = sent.values_list(*paths).first() or ()
    of_received = received.order_by("id").values_list(paths[0]).first() or ()
    return next(filter(None, (*of_sent, *of_received)), None)


def thread_of_conversation(conversation_id: int, *, brand_id: int) -> str | None:
    """The thread of a conversation in which this brand has sent a mail."""
    sent = OutboundMail.objects.filter(message__conversation_id=conversation_id, mailbox__brand_id=brand_id)
    return sent.order_by("-id").values_list("message__conversation__thread_key", flat=True).first()
