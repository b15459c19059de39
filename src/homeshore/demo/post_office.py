"""A post office for the demonstration: real SMTP and IMAP on this machine, and a page to read and write mails as a customer.

mail-devel keeps the mails in memory only; every address has a mailbox, opened with the demonstration's password.
"""

import asyncio
import threading

from homeshore.demo.dataset import PASSWORD
from homeshore.demo.places import Places


def run(places: Places, stop: threading.Event) -> None:
    """Carry mails until told to stop."""
    asyncio.run(_serve(places, stop))


async def _serve(places: Places, stop: threading.Event) -> None:
    from mail_devel.service import Service  # slow to load, and the site need not wait for it

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
        await asyncio.to_thread(stop.wait)
    if service.smtp:
        service.smtp.stop(no_assert=True)
