import logging
import sys

import pytest

from homeshore.foundation.logs import MaskingFormatter, mask


@pytest.mark.parametrize(
    ("said", "masked"),
    [
        ("mail from camille.durand@example.org came", "mail from c…@example.org came"),
        ("call 06 12 34 56 78 back", "call 06…8 back"),
        ("call +33612345678 back", "call +33…8 back"),
        ("call 01.42.34.56.78, please", "call 01…8, please"),
        ("2026-11-22 06:51:48,080 INFO", "2026-11-22 06:51:48,080 INFO"),
        ("position 1795330308092.17 of contact 1234567890", "position 1795330308092.17 of contact 1234567890"),
    ],
)
def test_addresses_and_numbers_are_masked(said, masked):
    assert mask(said) == masked


def test_arguments_and_tracebacks_are_masked():
    try:
        raise ValueError("no mailbox zoe@example.org")
    except ValueError:
        record = logging.LogRecord("x", logging.ERROR, "", 1, "for %s", ("max@example.org",), sys.exc_info())

    line = MaskingFormatter("{message}", style="{").format(record)

    assert "zoe@" not in line
    assert "max@" not in line
    assert line.startswith("for m…@example.org")
    assert "ValueError: no mailbox z…@example.org" in line


def test_every_line_of_the_house_is_masked(settings):
    formatters = settings.LOGGING["formatters"]
    handlers = settings.LOGGING["handlers"].values()

    assert {formatters[handler["formatter"]]["()"] for handler in handlers} == {
        "homeshore.foundation.logs.MaskingFormatter"
    }
