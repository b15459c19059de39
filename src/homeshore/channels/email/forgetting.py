"""Mails are forgotten with the conversation they belong to, or after a while when they joined none.

A row stays of each mail that came, with nothing but its fingerprint: should the server give the mail once more, it is
known, and not taken in again. What lies on the mail server itself is the operator's to clear there.
"""

from collections.abc import Collection
from datetime import datetime, timedelta
from functools import partial

from django.db import transaction
from django.db.models import Q, QuerySet
from django.db.models.fields.files import FieldFile

from homeshore.channels.email import notices
from homeshore.channels.email.models import InboundMail, OutboundMail
from homeshore.contacts.events import WordsForgotten
from homeshore.foundation import files, retention

BATCH = 200


def forget_with_words(going: WordsForgotten) -> None:
    """The mails behind the messages that go, and with a customer every mail from or to them at the brand."""
    received = Q(message__conversation__in=going.conversations)
    sent = Q(message__conversation__in=going.conversations)
    if going.brand_id is not None:
        of_brand = Q(mailbox__brand=going.brand_id)
        if going.address:
            received |= of_brand & (Q(sender__iexact=going.address) | Q(reply_to__iexact=going.address))
            sent |= of_brand & Q(recipient__iexact=going.address)
        if going.customer:
            InboundMail.objects.filter(of_brand, detail__contains=going.customer).update(detail="")
    inbound = InboundMail.objects.filter(received)
    acknowledged = list(inbound.values_list("acknowledgement__id", flat=True))
    outbound = OutboundMail.objects.filter(sent | Q(pk__in=[each for each in acknowledged if each]))
    outbound.delete()
    going.files.extend(_empty(inbound))


def forget_stray_mails(*, now: datetime) -> int:
    """Housekeeping: a batch of mails that joined no conversation and have been kept long enough. How many there were."""
    forgotten = 0
    for operator_id, periods in retention.operators_and_periods(at=now):
        old = now - timedelta(days=periods.stray_mail_days)
        stray = InboundMail.objects.filter(operator_id=operator_id, message__isnull=True, received_at__lt=old)
        batch = list(stray.exclude(raw="").order_by("received_at").values_list("id", flat=True)[:BATCH])
        OutboundMail.objects.filter(acknowledges__in=batch).delete()
        gone = _empty(InboundMail.objects.filter(pk__in=batch))
        transaction.on_commit(partial(_delete, gone))
        if batch:
            notices.mails_waiting(operator_id, at=now)
        forgotten += len(batch)
    return forgotten


def _empty(mails: QuerySet[InboundMail]) -> list[FieldFile]:
    """Leave nothing of mails but their fingerprints; their files, to be deleted after the commit."""
    gone = [each.raw for each in mails if each.raw]
    emptied = list(mails.values_list("id", flat=True))
    InboundMail.objects.filter(pk__in=emptied, state=InboundMail.State.SET_ASIDE).update(
        state=InboundMail.State.DISMISSED
    )
    InboundMail.objects.filter(pk__in=emptied).update(
        raw="", mail_id="", sender="", reply_to="", subject="", references="", detail=""
    )
    return gone


def _delete(gone: list[FieldFile]) -> None:
    for each in gone:
        each.storage.delete(str(each.name))


def sweep_files(*, now: datetime) -> int:
    """Housekeeping: the mails on disk that no row names. How many there were."""

    def named(paths: Collection[str]) -> set[str]:
        return set(InboundMail.objects.filter(raw__in=paths).values_list("raw", flat=True))

    return files.sweep("mails", named=named, now=now)
