"""Reading a folder of a mailbox by IMAP: what is new, the mails themselves, and waiting for more."""

import ssl
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import IO

from django.utils.translation import gettext as _
from imapclient import IMAPClient, SocketTimeout
from imapclient.exceptions import IMAPClientError, LoginError

from homeshore.channels.email.models import Mailbox, Security
from homeshore.channels.email.secrets import decrypt
from homeshore.channels.email.taking import Place
from homeshore.foundation.sealing import SecretLost

CONNECT_SECONDS = 15
READ_SECONDS = 60
POLL_SECONDS = 5
"""How often a server is asked that cannot call us (IDLE)."""
LISTED_AT_ONCE = 500
MAILS_AT_ONCE = 50
BYTES_AT_ONCE = 8 * 1024 * 1024
PIECE = 1024 * 1024


class OutOfReach(Exception):
    """The mailbox cannot be read now; the message says why, for whoever looks after it."""


@dataclass(frozen=True, slots=True)
class Listed:
    """A mail in the folder, not yet fetched."""

    uid: int
    size: int
    received_at: datetime


class Folder:
    """An open folder."""

    def __init__(self, client: IMAPClient, name: str) -> None:
        self._client = client
        self._name = name
        self._idles = client.has_capability("IDLE")
        self.uidvalidity = 0
        self.uidnext = 0
        self.select()

    def select(self) -> None:
        """Look at the folder afresh."""
        with told_in_words():
            found = self._client.select_folder(self._name)
        self.uidvalidity = int(found[b"UIDVALIDITY"])
        self.uidnext = int(found.get(b"UIDNEXT", 0))

    def place(self, uid: int) -> Place:
        return Place(self.uidvalidity, uid)

    def after(self, uid: int) -> Iterator[list[Listed]]:
        """The mails above a uid, oldest first, in groups small enough to be fetched at once; a large one comes alone."""
        with told_in_words():
            # "n:*" always names the last mail, even when its uid is below n
            uids = sorted(each for each in self._client.search(["UID", f"{uid + 1}:*"]) if each > uid)
        for start in range(0, len(uids), LISTED_AT_ONCE):
            yield from in_groups(self.listed(uids[start : start + LISTED_AT_ONCE]))

    def listed(self, uids: list[int]) -> list[Listed]:
        """Sizes and times of these mails; those gone meanwhile are left out."""
        with told_in_words():
            answers = self._client.fetch(uids, ["RFC822.SIZE", "INTERNALDATE"])
        return [
            Listed(uid, int(answers[uid][b"RFC822.SIZE"]), in_utc(answers[uid][b"INTERNALDATE"]))
            for uid in uids
            if b"RFC822.SIZE" in answers.get(uid, {})
        ]

    def fetch(self, group: list[Listed]) -> dict[int, bytes]:
        """The mails of a group, whole, left unread on the server; those gone meanwhile are missing."""
        with told_in_words():
            answers = self._client.fetch([each.uid for each in group], ["BODY.PEEK[]"])
        return {uid: answer[b"BODY[]"] for uid, answer in answers.items() if answer.get(b"BODY[]") is not None}

    @contextmanager
    def fetch_large(self, mail: Listed) -> Iterator[tuple[bytes, IO[bytes]]]:
        """A mail's header, and the whole of it in a temporary file, brought over piece by piece."""
        with tempfile.TemporaryFile() as file:
            with told_in_words():
                header = self._client.fetch([mail.uid], ["BODY.PEEK[HEADER]"])[mail.uid][b"BODY[HEADER]"]
                for start in range(0, mail.size, PIECE):
                    answer = self._client.fetch([mail.uid], [f"BODY.PEEK[]<{start}.{PIECE}>"])[mail.uid]
                    file.write(answer[f"BODY[]<{start}>".encode()])
            file.seek(0)
            yield header[:PIECE], file

    def mark_seen(self, uids: list[int]) -> None:
        """Show to whoever opens the mailbox by hand that these are taken care of."""
        with told_in_words():
            self._client.add_flags(uids, [b"\\Seen"], silent=True)

    def wait(self, stop: threading.Event, *, seconds: int) -> None:
        """Until something new may have come, `stop` is set, or the time is over: by IDLE, or by asking again."""
        if not self._idles:
            stop.wait(min(seconds, POLL_SECONDS))
            return
        with told_in_words():
            self._client.idle()
            for _second in range(seconds):
                if stop.is_set() or any(b"EXISTS" in each for each in self._client.idle_check(timeout=1)):
                    break
            self._client.idle_done()


def in_groups(mails: list[Listed]) -> Iterator[list[Listed]]:
    """Split a list into groups of bounded number and size."""
    group: list[Listed] = []
    weight = 0
    for mail in mails:
        if group and (len(group) == MAILS_AT_ONCE or weight + mail.size > BYTES_AT_ONCE):
            yield group
            group, weight = [], 0
        group.append(mail)
        weight += mail.size
    if group:
        yield group


def in_utc(moment: datetime) -> datetime:
    """IMAPClient gives local time without a zone."""
    return moment.astimezone(UTC)


@contextmanager
def open_folder(mailbox: Mailbox) -> Iterator[Folder]:
    """Connect, sign in and open the mailbox's folder. Raises OutOfReach, in words."""
    client = None
    try:
        with told_in_words():
            client = connected(mailbox)
            client.login(mailbox.imap_user, decrypt(mailbox.imap_secret))
        yield Folder(client, mailbox.folder)
    finally:
        if client is not None:
            with suppress(OSError, IMAPClientError):  # the connection is given up anyway
                client.shutdown()


def connected(mailbox: Mailbox) -> IMAPClient:
    """A connection before sign-in, protected as the mailbox says."""
    context = ssl.create_default_context()
    timeout = SocketTimeout(connect=CONNECT_SECONDS, read=READ_SECONDS)
    direct = mailbox.imap_security == Security.TLS
    client = IMAPClient(
        mailbox.imap_host, mailbox.imap_port, ssl=direct, ssl_context=context if direct else None, timeout=timeout
    )
    if mailbox.imap_security == Security.STARTTLS:
        client.starttls(context)
    return client


@contextmanager
def told_in_words() -> Iterator[None]:
    """Turn what the library and the network raise into OutOfReach."""
    try:
        yield
    except LoginError as error:
        raise OutOfReach(_("The IMAP server refuses the user or password: %s") % error) from error
    except IMAPClientError as error:
        raise OutOfReach(_("The IMAP server answers: %s") % error) from error
    except ssl.SSLError as error:
        raise OutOfReach(_("No protected connection to the IMAP server: %s") % (error.reason or error)) from error
    except TimeoutError as error:
        raise OutOfReach(_("The IMAP server does not answer.")) from error
    except OSError as error:
        raise OutOfReach(_("The IMAP server cannot be reached: %s") % (error.strerror or error)) from error
    except SecretLost as error:
        raise OutOfReach(str(error)) from error
