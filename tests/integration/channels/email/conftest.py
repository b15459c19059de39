from __future__ import annotations

from datetime import UTC, datetime
from itertools import count

import pytest

from homeshore.channels.email.models import Mailbox
from homeshore.channels.email.secrets import encrypt
from tests.clock import MORNING
from tests.factories import OperatorFactory, QueueFactory

_numbers = count(1)


@pytest.fixture(autouse=True)
def _files_go_away(settings, tmp_path):
    settings.STORAGES = {
        **settings.STORAGES,
        "default": {
            "BACKEND": "django.core.files.storage.FileSystemStorage",
            "OPTIONS": {"location": tmp_path / "files"},
        },
    }


@pytest.fixture
def operator(db):
    return OperatorFactory.create()


@pytest.fixture
def mailbox(operator, clock) -> Mailbox:
    """The mailbox of Maison Verte, behind servers that nobody listens on unless a test starts them."""
    queue = QueueFactory.create(
        brand__operator=operator, brand__name="Maison Verte", channel="email", target_seconds=3600
    )
    return Mailbox.objects.create(
        operator=operator,
        brand=queue.brand,
        queue=queue,
        address="service@maisonverte.example",
        display_name="Maison Verte",
        imap_host="127.0.0.1",
        imap_port=1,
        imap_security="none",
        imap_user=f"box{next(_numbers)}",
        imap_secret=encrypt("nothing"),
        smtp_host="127.0.0.1",
        smtp_port=1,
        smtp_security="none",
        uidvalidity=1,
        take_since=MORNING,
        state_since=MORNING,
    )


@pytest.fixture
def on_dovecot(mailbox, dovecot) -> Mailbox:
    """The mailbox, on a real IMAP server and not yet read."""
    mailbox.imap_port, mailbox.imap_secret, mailbox.uidvalidity = dovecot.port, encrypt(dovecot.password), None
    mailbox.take_since = datetime(2000, 1, 1, tzinfo=UTC)
    mailbox.save()
    return mailbox


@pytest.fixture
def on_smtp(mailbox, smtp) -> Mailbox:
    """The mailbox, sending by a real SMTP server."""
    mailbox.smtp_port = smtp.port
    mailbox.save()
    return mailbox
