"""A post office for the demonstration: real SMTP and IMAP on this machine, and a page to read and write mails as a customer.

mail-devel keeps the mails in memory only; every address has a mailbox, opened with the demonstration's password. It runs
in a process of its own, since it stands for the world outside the house: it reads one line on stdin, its options as JSON,
says on stdout that it is open, and ends when stdin is closed, so that it never outlives the house.
"""

import asyncio
import json
import subprocess
import sys
from contextlib import suppress
from types import TracebackType
from typing import Self

from homeshore.demo.places import Places


class PostOfficeClosed(Exception):
    """The post office ended before it was open; what it said is on stderr."""


class PostOffice:
    """The process of the post office. Its libraries load from here on, beside whatever its maker loads."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "homeshore.demo.post_office"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            start_new_session=True,  # Ctrl C is for the house, which closes the post office when it has ended
        )

    def open(self, places: Places, *, password: str) -> None:
        """Carry mails at these places from now on. Raises PostOfficeClosed, as when a port is taken."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        options = [
            "--host=127.0.0.1",
            "--multi-user",
            "--user=client@exemple.example",
            f"--password={password}",
            f"--smtp-port={places.smtp}",
            f"--imap-port={places.imap}",
            f"--http-port={places.letters}",
        ]
        with suppress(BrokenPipeError):  # it has ended: then it says nothing either
            self._process.stdin.write(json.dumps(options) + "\n")
            self._process.stdin.flush()
        if not self._process.stdout.readline():
            raise PostOfficeClosed

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._process.communicate()


async def _carry() -> None:
    from mail_devel.service import Service

    options = sys.stdin.readline()
    if not options:  # the house has ended before it could be opened
        return
    service = await Service.init(Service.parse(json.loads(options)))
    async with service.start():
        print("open", flush=True)
        await asyncio.to_thread(sys.stdin.read)
    if service.smtp:
        service.smtp.stop(no_assert=True)


def main() -> None:
    """Load the libraries, then carry mails as the options on stdin say, until stdin is closed."""
    try:
        asyncio.run(_carry())
    except OSError as error:
        sys.exit(f"Post office: {error}")


if __name__ == "__main__":
    main()
