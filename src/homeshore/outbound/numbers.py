"""Telephone numbers as people write them, and where in the world they ring."""

import phonenumbers
from django.utils.translation import gettext_lazy as _
from phonenumbers import NumberParseException, PhoneNumberFormat, PhoneNumberType, timezone

from homeshore.foundation.errors import Invalid
from homeshore.values.telephone import shown as shown

HOME = "FR"
"""The country of a number written without one."""
UNKNOWN_ZONE = "Etc/Unknown"


def read(text: str, *, field: str = "number") -> str:
    """A number in E.164 (+33123456789). Raises Invalid, naming `field`."""
    try:
        number = phonenumbers.parse(text, HOME)
    except NumberParseException as error:
        raise Invalid(fields={field: NOT_A_NUMBER}) from error
    if not phonenumbers.is_valid_number(number):
        raise Invalid(fields={field: NOT_A_NUMBER})
    return phonenumbers.format_number(number, PhoneNumberFormat.E164)


def read_to_consult(text: str, *, field: str = "number") -> str:
    """... of somebody who may be asked about a customer's matter: not one whose calls cost more than a call. Raises Invalid.

    Source of which are: the `phonenumbers` library (in France 08 1, 08 2 and 08 9).
    """
    digits = read(text, field=field)
    if phonenumbers.number_type(phonenumbers.parse(digits)) in DEAR:
        raise Invalid(fields={field: DEAR_NUMBER})
    return digits


DEAR = (PhoneNumberType.PREMIUM_RATE, PhoneNumberType.SHARED_COST)
DEAR_NUMBER = _("This number costs more than a call. Find one at the ordinary rate.")
NOT_A_NUMBER = _("This is no telephone number. Write it like 01 23 45 67 89, or with its country: +33 1 23 45 67 89.")


def zones(number: str) -> tuple[str, ...]:
    """The time zones in which a number may ring; none when that is not known. Source: the `phonenumbers` library."""
    found = timezone.time_zones_for_number(phonenumbers.parse(number))
    return tuple(sorted(zone for zone in found if zone != UNKNOWN_ZONE))


def country(number: str) -> str:
    """The ISO code of the country whose holidays hold where a number rings; "" when it has none."""
    region = phonenumbers.region_code_for_number(phonenumbers.parse(number)) or ""
    return HOME if region in FRANCE_OVERSEAS else region


FRANCE_OVERSEAS = frozenset({"BL", "GF", "GP", "MF", "MQ", "NC", "PF", "PM", "RE", "WF", "YT"})
"""Where the French Labour Code's list of holidays is the one that the rules name."""
