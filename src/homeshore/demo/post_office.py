"""A post office for the demonstration: real SMTP and IMAP on this machine, and a page to read and write mails as a customer.

mail-devel keeps the mails in memory only; every address has a mailbox, opened with the demonstration's password.
"""

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from mail_devel.service import Service

from homeshore.demo.dataset import PASSWORD
from homeshore.demo.places import Places
from homeshore.foundation.processes import Part, Running, Work

OPENS_WITHIN_SECONDS = 10


@contextmanager
def open_at(places: Places) -> Iterator[None]:
    """Carry mails as long as the block lasts, so that mailboxes are in reach from its first line to its last."""
    opened = threading.Event()
    office = Running([Work("post office", lambda stop: asyncio.run(_serve(places, opened, stop)), Part.WEB)])
    office.start()
    opened.wait(OPENS_WITHIN_SECONDS)
    try:
        yield
    finally:
        office.stop()


async def _serve(places: Places, opened: threading.Event, stop: threading.Event) -> None:
    service = await Service.init(
        Service.parse(
            [
                "--host=127.0.0.1",
                "--multi-user",
                "--user=client@exemple.example",
                f"--password={PASSWORD}",
                f"--smtp-port={places.smtp}",
                f"--imap-port={places.imap}",
                f"--http-port={places.letters}",
            ]
        )
    )
    async with service.start():
        opened.set()
        await asyncio.to_thread(stop.wait)
    if service.smtp:
        service.smtp.stop(no_assert=True)
