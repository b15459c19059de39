"""Handing a mail to a server, in steps that tell what is known when one of them fails."""

import re
import smtplib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from django.utils.translation import gettext as _

from homeshore.channels.email.models import Mailbox, Security
from homeshore.channels.email.secrets import decrypt
from homeshore.foundation.sealing import SecretLost

SECONDS = 25
_LINE_DOT = re.compile(rb"(?m)^\.")


class NotSent(Exception):
    """The server did not take the mail; `permanent` says that it never will, `silent` that there was no server at all."""

    def __init__(self, message: str, *, permanent: bool = False, silent: bool = False) -> None:
        super().__init__(message)
        self.permanent, self.silent = permanent, silent


class Unanswered(Exception):
    """The whole mail was given, and no answer came: it may have been taken."""


class Connection:
    """A signed-in connection to a server."""

    def __init__(self, server: smtplib.SMTP) -> None:
        self._server = server

    def greet(self) -> None:
        """Exchange a word with the server. Raises NotSent."""
        with told_in_words():
            answer_of(self._server.noop())

    def announce(self, *, sender: str, recipient: str) -> None:
        """Name sender and recipient, and ask to give the content. Raises NotSent."""
        with told_in_words():
            self._server.ehlo_or_helo_if_needed()
            answer_of(self._server.mail(sender))
            answer_of(self._server.rcpt(recipient))
            answer_of(self._server.docmd("DATA"), expected=354)

    def hand_over(self, content: bytes) -> None:
        """Give the content. Raises NotSent when the server refuses it or was gone before its end, Unanswered after."""
        lines = _LINE_DOT.sub(b"..", content.replace(b"\r\n", b"\n").replace(b"\r", b"\n")).replace(b"\n", b"\r\n")
        with told_in_words():
            self._server.send(lines if lines.endswith(b"\r\n") else lines + b"\r\n")
        try:
            self._server.send(b".\r\n")
            answer = self._server.getreply()
        except (OSError, smtplib.SMTPException) as error:
            raise Unanswered(str(error)) from error
        answer_of(answer)


@contextmanager
def connect(mailbox: Mailbox) -> Iterator[Connection]:
    """A connection to a mailbox's server. Raises NotSent, in words, when there is none to be had."""
    server = None
    try:
        with told_in_words():
            server = opened(mailbox)
            if mailbox.smtp_user:
                server.login(mailbox.smtp_user, decrypt(mailbox.smtp_secret))
        yield Connection(server)
        with suppress(OSError, smtplib.SMTPException):  # taking leave is only polite
            server.quit()
    finally:
        if server is not None:
            server.close()


def opened(mailbox: Mailbox) -> smtplib.SMTP:
    """A connection before sign-in, protected as the mailbox says."""
    context = ssl.create_default_context()
    if mailbox.smtp_security == Security.TLS:
        return smtplib.SMTP_SSL(mailbox.smtp_host, mailbox.smtp_port, timeout=SECONDS, context=context)
    server = smtplib.SMTP(mailbox.smtp_host, mailbox.smtp_port, timeout=SECONDS)
    if mailbox.smtp_security == Security.STARTTLS:
        server.starttls(context=context)
    return server


def answer_of(answer: tuple[int, bytes], *, expected: int = 250) -> None:
    """Raises NotSent unless the server agreed: 5xx is for good, all else may pass."""
    code, words = answer
    if code != expected and code not in {250, 251}:
        raise NotSent(f"{code} {words.decode(errors='replace')}"[:300], permanent=500 <= code < 600)


@contextmanager
def told_in_words() -> Iterator[None]:
    """Turn what the library and the network raise into NotSent. None of it is for good: settings can be mended."""
    try:
        yield
    except smtplib.SMTPAuthenticationError as error:
        raise NotSent(_("The SMTP server refuses the user or password: %s") % in_words(error.smtp_error)) from error
    except smtplib.SMTPNotSupportedError as error:
        raise NotSent(_("The SMTP server does not offer what is asked: %s") % error) from error
    except ssl.SSLError as error:
        raise NotSent(_("No protected connection to the SMTP server: %s") % (error.reason or error)) from error
    except smtplib.SMTPResponseException as error:
        raise NotSent(f"{error.smtp_code} {in_words(error.smtp_error)}") from error
    except smtplib.SMTPException as error:
        raise NotSent(_("The SMTP server broke off: %s") % error) from error
    except TimeoutError as error:
        raise NotSent(_("The SMTP server does not answer."), silent=True) from error
    except OSError as error:
        said = _("The SMTP server cannot be reached: %s") % (error.strerror or error)
        raise NotSent(said, silent=True) from error
    except SecretLost as error:
        raise NotSent(str(error)) from error


def in_words(said: bytes | str) -> str:
    """What a server said, as text."""
    return said.decode(errors="replace") if isinstance(said, bytes) else said
