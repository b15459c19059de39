"""Logs without personal data: e-mail addresses and phone numbers are masked before a line is written."""

import logging
import re

EMAIL = re.compile(r"([\w.+-])[\w.+-]*@([\w-]+\.[\w.-]+)")
PHONE = re.compile(r"(?<![\w.+])(\+\d{2}|0\d)(?:[ .-]?\d){6,11}(\d)(?!\w)")


def mask(text: str) -> str:
    """The text with e-mail addresses as `c…@example.org` and phone numbers (from + or 0 on) as `06…2`."""
    return PHONE.sub(r"\1…\2", EMAIL.sub(r"\1…@\2", text))


class MaskingFormatter(logging.Formatter):
    """Masks the whole line, arguments and traceback too."""

    def format(self, record: logging.LogRecord) -> str:
        return mask(super().format(record))
