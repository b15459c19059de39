"""Telephone numbers: as a trunk writes them, as the house keeps them, and where they lead."""

import phonenumbers
from django.conf import settings
from django.core.exceptions import ObjectDoesNotExist
from django.utils.translation import gettext_lazy as _

from homeshore.brands.queries import queue_rules
from homeshore.channels.voice.models import Number
from homeshore.channels.voice.services.calls import CHANNEL
from homeshore.foundation.errors import Invalid
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


def lead(written: str, *, queue_id: int, language: str) -> Number:
    """From now on calls of this number come to the queue.

    Raises Invalid for what is no number, and a queue that is none or takes no calls."""
    digits = normalised(written)
    parsed = _parsed(digits)
    if parsed is None or not phonenumbers.is_possible_number(parsed):
        raise Invalid(fields={"number": _("This is no telephone number.")})
    try:
        queue = queue_rules(queue_id)
    except ObjectDoesNotExist as error:
        raise Invalid(fields={"queue": _("There is no such queue.")}) from error
    if queue.channel != CHANNEL:
        raise Invalid(fields={"queue": _("This queue takes no calls.")})
    with write():
        number, _is_new = Number.objects.update_or_create(
            digits=digits,
            defaults={"queue_id": queue.id, "operator_id": queue.operator_id, "language": language, "active": True},
        )
    return number


def rest(written: str) -> bool:
    """Calls of this number are refused from now on; False when the house does not know it."""
    return bool(Number.objects.filter(digits=normalised(written)).update(active=False))
