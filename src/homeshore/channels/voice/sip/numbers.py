"""Telephone numbers: as a trunk writes them, as the house keeps them, and where they lead."""

from datetime import datetime

import phonenumbers
from django.conf import settings
from django.core.exceptions import ObjectDoesNotExist
from django.utils.translation import gettext_lazy as _

from homeshore.brands.queries import QueueRules, queue_rules
from homeshore.channels.voice.models import Number
from homeshore.channels.voice.services.calls import CHANNEL
from homeshore.foundation import audit
from homeshore.foundation.errors import Invalid, NotFound
from homeshore.foundation.models import User
from homeshore.foundation.transactions import write


def normalised(written: str) -> str:
    """A number as E.164 (+33123456789), read as in the house's country when it has no country; as written if it is none."""
    parsed = _parsed(written)
    return phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164) if parsed else written


def _parsed(written: str) -> phonenumbers.PhoneNumber | None:
    try:
        return phonenumbers.parse("+" + written[2:] if written.startswith("00") else written, settings.SIP_COUNTRY)
    except phonenumbers.NumberParseException:
        return None


def number_called(written: str) -> Number | None:
    """The number of the house that was called; None when there is none, or it takes no calls."""
    wanted = {normalised(written), normalised("+" + written.lstrip("+"))}
    return Number.objects.filter(digits__in=wanted, active=True).select_related("queue").first()


def lead(
    written: str,
    *,
    queue_id: int,
    language: str,
    operator_id: int | None = None,
    by: User | None = None,
    now: datetime,
) -> Number:
    """From now on calls of this number come to the queue.

    Raises Invalid for what is no number, for a number of another operator, and for a queue that is none of the operator's or
    takes no calls. Without `operator_id`, who runs the site asks, and may say any queue.
    """
    digits = normalised(written)
    parsed = _parsed(digits)
    if parsed is None or not phonenumbers.is_possible_number(parsed):
        raise Invalid(fields={"number": _("This is no telephone number.")})
    queue = _queue_for_calls(queue_id, operator_id)
    with write():
        known = Number.objects.select_for_update().filter(digits=digits).first()
        if known and known.operator_id != queue.operator_id:
            raise Invalid(fields={"number": _("This number belongs to somebody else here.")})
        number = known or Number(digits=digits, operator_id=queue.operator_id)
        number.queue_id, number.language, number.active = queue.id, language, True
        number.save()
        told = {"number": digits, "queue": queue.id, "language": language}
        audit.record(operator_id=number.operator_id, actor=by, verb="number.led", target=number, data=told, at=now)
    return number


def refuse(number: Number, *, by: User | None = None, now: datetime) -> None:
    """Calls of this number are refused from now on. Nothing happens when they are already."""
    with write():
        if Number.objects.filter(pk=number.pk, active=True).update(active=False):
            audit.record(operator_id=number.operator_id, actor=by, verb="number.refused", target=number, at=now)


def numbers_of(operator_id: int) -> list[Number]:
    """The operator's numbers with their queues, in order."""
    return list(Number.objects.filter(operator_id=operator_id).select_related("queue__brand").order_by("digits"))


def number_of(operator_id: int, number_id: int) -> Number:
    """A number of the operator. Raises NotFound."""
    found = Number.objects.filter(pk=number_id, operator_id=operator_id).first()
    if found is None:
        raise NotFound
    return found


def number_written(written: str) -> Number | None:
    """The house's number that is meant, active or not."""
    return Number.objects.filter(digits=normalised(written)).first()


def _queue_for_calls(queue_id: int, operator_id: int | None) -> QueueRules:
    try:
        queue = queue_rules(queue_id)
    except ObjectDoesNotExist:
        queue = None
    if queue is None or operator_id not in (None, queue.operator_id):
        raise Invalid(fields={"queue": _("There is no such queue.")})
    if queue.channel != CHANNEL:
        raise Invalid(fields={"queue": _("This queue takes no calls.")})
    return queue
