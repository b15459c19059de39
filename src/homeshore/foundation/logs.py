"""Logs without personal data: e-mail addresses and phone numbers are masked before a line is written."""

import logging
import re

EMAIL = re.compile(r"([\w.+-])[\w.+-]*@([\w-]+\.[\w.-]+)")
PHONE = re.compile(r"(?<![\w.])(\+?\d{2})[\d .]{6,}(\d{2})(?![\w.])")


def mask(text: str) -> str:
    """The text with e-mail addresses as `c…@example.org` and phone numbers as `06…42`."""
    return PHONE.sub(r"\1…\2", EMAIL.sub(r"\1…@\2", text))


class MaskPersonalData(logging.Filter):
    """Masks each record's message, after its arguments were put in."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.msg, record.args = mask(record.getMessage()), ()
        return True
