"""A Dovecot of our own (2.3): real IMAP with IDLE, for real mailboxes."""

from __future__ import annotations

import grp
import imaplib
import os
import pwd
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from tests.servers.ground import folder_of, free_port, listens, unprivileged_user, wait_until

PASSWORD = "secret-of-the-test"

CONFIGURATION = """
protocols = imap
listen = 127.0.0.1
base_dir = {folder}/run
state_dir = {folder}/state
log_path = {folder}/log
ssl = no
disable_plaintext_auth = no
default_internal_user = {user}
default_internal_group = {group}
default_login_user = {user}
first_valid_uid = 1
first_valid_gid = 1
mail_location = maildir:{folder}/mail/%u
mail_max_userip_connections = 100
imap_idle_notify_interval = 30 s
passdb {{
  driver = static
  args = password={password}
}}
userdb {{
  driver = static
  args = uid={uid} gid={gid} home={folder}/home/%u
}}
namespace inbox {{
  inbox = yes
}}
service imap-login {{
  chroot =
  inet_listener imap {{
    port = {port}
  }}
  inet_listener imaps {{
    port = 0
  }}
}}
service anvil {{
  chroot =
}}
"""


@dataclass
class Dovecot:
    """Any user name is a mailbox; its password is `password`."""

    folder: Path
    user: pwd.struct_passwd
    host: str = "127.0.0.1"
    port: int = field(default_factory=free_port)
    password: str = PASSWORD
    _process: subprocess.Popen | None = None

    def start(self) -> None:
        """Start, or start again on the same port with the same mail."""
        configuration = self.folder / "dovecot.conf"
        configuration.write_text(
            CONFIGURATION.format(
                folder=self.folder,
                port=self.port,
                user=self.user.pw_name,
                group=group_name(self.user),
                uid=self.user.pw_uid,
                gid=self.user.pw_gid,
                password=self.password,
            )
        )
        as_user = {"user": self.user.pw_uid, "group": self.user.pw_gid, "extra_groups": []} if os.geteuid() == 0 else {}
        self._process = subprocess.Popen(
            [program(), "-F", "-c", configuration],
            cwd=self.folder,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            **as_user,
        )
        process = self._process
        wait_until(lambda: process.poll() is not None or listens(self.port), what="start of Dovecot")
        if process.poll() is not None:
            log = self.folder / "log"
            raise RuntimeError("Dovecot did not start:\n" + (log.read_text() if log.exists() else "it wrote no log"))

    @property
    def is_running(self) -> bool:
        return self._process is not None

    def stop(self) -> None:
        """Stop and cut every connection, as an outage does."""
        if self._process is None:
            return
        self._process.send_signal(signal.SIGTERM)
        try:
            self._process.wait(timeout=10)
        finally:
            with suppress(ProcessLookupError):
                os.killpg(self._process.pid, signal.SIGKILL)
            self._process = None
        wait_until(lambda: not listens(self.port), what="end of Dovecot")

    def deliver(self, mailbox: str, message: bytes) -> None:
        """Put a message into a mailbox as it is, however broken."""
        with self.open(mailbox) as connection:
            answer, detail = connection.append("INBOX", None, None, message)
            if answer != "OK":
                raise RuntimeError(f"Dovecot refused the message: {detail!r}")

    def count(self, mailbox: str, folder: str = "INBOX") -> int:
        """How many messages are in a folder of a mailbox."""
        with self.open(mailbox) as connection:
            answer, detail = connection.select(folder, readonly=True)
            if answer != "OK":
                raise RuntimeError(f"Dovecot has no {folder} for {mailbox}: {detail!r}")
            return int(detail[0] or 0)

    def open(self, mailbox: str) -> imaplib.IMAP4:
        connection = imaplib.IMAP4(self.host, self.port, timeout=30)
        connection.login(mailbox, self.password)
        return connection


def group_name(user: pwd.struct_passwd) -> str:
    return grp.getgrgid(user.pw_gid).gr_name


def program() -> Path:
    path = Path("/usr/sbin/dovecot")
    if not path.exists():
        raise FileNotFoundError("Dovecot is not installed: apt-get install dovecot-imapd (make test does it as root)")
    return path


@contextmanager
def dovecot_server() -> Iterator[Dovecot]:
    """A running Dovecot without mail."""
    user = unprivileged_user("dovecot")
    with folder_of(user, "dovecot-") as folder:
        server = Dovecot(folder=folder, user=user)
        server.start()
        try:
            yield server
        finally:
            server.stop()
