"""What the screens read of mailboxes and mails."""

from datetime import datetime

from django.db.models import Count, Q, QuerySet

from homeshore.channels.email.models import InboundMail, Mailbox, OutboundMail


def mailboxes(operator_id: int) -> QuerySet[Mailbox]:
    """The operator's mailboxes, with how many mails wait for a decision in each."""
    waiting = Count("inbound", filter=Q(inbound__state=InboundMail.State.SET_ASIDE))
    return (
        Mailbox.objects.filter(operator_id=operator_id)
        .select_related("brand", "queue")
        .annotate(waiting=waiting)
        .order_by("address")
    )


def set_aside(operator_id: int) -> QuerySet[InboundMail]:
    """Mails that wait for a decision, newest first."""
    return _inbound(operator_id).filter(state=InboundMail.State.SET_ASIDE)


def automatic(operator_id: int, *, since: datetime) -> QuerySet[InboundMail]:
    """Mails that programs wrote and that opened no contact, newest first."""
    return _inbound(operator_id).filter(state=InboundMail.State.AUTOMATIC, received_at__gte=since)


def failed(operator_id: int) -> QuerySet[OutboundMail]:
    """Mails of ours that did not arrive, or may not have, and that nobody has seen to."""
    mails = OutboundMail.objects.filter(operator_id=operator_id, failed_at__isnull=False)
    return mails.select_related("mailbox__brand", "message__contact").order_by("-failed_at", "-id")


def counts(operator_id: int) -> dict[str, int]:
    """How many mails wait for somebody."""
    aside, undelivered = set_aside(operator_id).count(), failed(operator_id).count()
    return {"set_aside": aside, "failed": undelivered, "total": aside + undelivered}


def inbound(operator_id: int, mail_id: int) -> InboundMail | None:
    """One mail of this operator."""
    return _inbound(operator_id).filter(pk=mail_id).first()


def _inbound(operator_id: int) -> QuerySet[InboundMail]:
    return (
        InboundMail.objects.filter(operator_id=operator_id)
        .select_related("mailbox__brand", "message__contact")
        .order_by("-received_at", "-id")
    )
