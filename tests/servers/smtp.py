"""An SMTP server that keeps what it is given, and refuses when told to."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import policy
from email.message import EmailMessage
from email.parser import BytesParser
from typing import cast

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from tests.servers.ground import free_port

ACCEPTED = "250 OK"


@dataclass
class Received:
    """One message as it came over the wire."""

    sender: str
    recipients: list[str]
    raw: bytes

    @property
    def message(self) -> EmailMessage:
        return cast(EmailMessage, BytesParser(policy=policy.default).parsebytes(self.raw))


@dataclass
class SmtpServer:
    """`answer` is what every message gets from now on: ACCEPTED, "451 try later", "550 no such mailbox"…"""

    host: str = "127.0.0.1"
    port: int = field(default_factory=free_port)
    answer: str = ACCEPTED
    received: list[Received] = field(default_factory=list)
    refused: list[Received] = field(default_factory=list)

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        one = Received(str(envelope.mail_from), list(envelope.rcpt_tos), cast(bytes, envelope.original_content))
        (self.received if self.answer == ACCEPTED else self.refused).append(one)
        return self.answer


@contextmanager
def smtp_server() -> Iterator[SmtpServer]:
    """A running SMTP server that has received nothing."""
    server = SmtpServer()
    controller = Controller(server, hostname=server.host, port=server.port, data_size_limit=64 * 1024 * 1024)
    controller.start()
    try:
        yield server
    finally:
        controller.stop()
