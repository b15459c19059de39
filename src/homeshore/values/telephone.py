"""Telephone numbers, as people read them."""

import phonenumbers
from phonenumbers import NumberParseException, PhoneNumberFormat


def shown(number: str) -> str:
    """A number in E.164 as one reads it aloud, with its country (+33 1 56 07 08 09); what is none, as a trunk or a person wrote it."""
    try:
        return phonenumbers.format_number(phonenumbers.parse(number), PhoneNumberFormat.INTERNATIONAL)
    except NumberParseException:
        return number
