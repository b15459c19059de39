"""Simulated customers: chats by the widget's API from a brand's page, mails by SMTP."""

import asyncio
import random
import smtplib
from email.message import EmailMessage
from email.utils import make_msgid
from typing import Any

import httpx

from homeshore.demo.dataset import BrandData
from homeshore.demo.places import Places
from homeshore.demo.simulation import words
from homeshore.demo.simulation.stream import events
from homeshore.demo.simulation.words import Matter


class SimulatedVisitor:
    """One visitor of a brand's page, with one matter, and some patience."""

    def __init__(self, brand: BrandData, matter: Matter, *, site: str, origin: str, chance: random.Random) -> None:
        self.matter, self.chance = matter, chance
        self.name = f"{chance.choice(words.FIRST_NAMES)} {chance.choice(words.LAST_NAMES)}"
        self.base = f"/widget/v1/demo-{brand.slug}"
        self.client = httpx.AsyncClient(base_url=site, timeout=20, headers={"Origin": origin, "Accept-Language": "fr"})

    async def run(self) -> None:
        """Ask, answer when answered, thank, leave; or give up waiting."""
        async with self.client:
            visit = (await self._post("visit", token="", queue=self.matter.queue)).json()
            self.client.headers["Authorization"] = f"Bearer {visit['token']}"
            thread = (await self._say(self.matter.customer[0])).json()["thread"]
            patience = self.chance.expovariate(1 / 150) + 20
            try:
                await asyncio.wait_for(self._talk(thread, patience), 420)
            except TimeoutError:
                return

    async def _talk(self, thread: dict[str, Any], patience: float) -> None:
        lines = list(self.matter.customer[1:])
        waiting = asyncio.get_running_loop().create_task(self._give_up_after(patience))
        try:
            async for kind, payload in events(self.client, grant=thread["grant"], after=thread["position"]):
                if kind == "message.added" and payload["message"]["kind"] == "outbound":
                    waiting.cancel()
                    if not lines:
                        return
                    await self._post("typing")
                    await asyncio.sleep(self.chance.uniform(4, 12))
                    await self._say(lines.pop(0))
                elif kind == "contact.state" and payload["state"] == "closed":
                    return
        finally:
            waiting.cancel()

    async def _give_up_after(self, seconds: float) -> None:
        await asyncio.sleep(seconds)
        await self._post("leave")

    async def _say(self, body: str) -> httpx.Response:
        client_id = f"simulated-{self.chance.getrandbits(64):x}"
        return await self._post(
            "messages", body=body, client_id=client_id, queue=self.matter.queue, name=self.name, simulated=True
        )

    async def _post(self, path: str, **fields: Any) -> httpx.Response:
        answered = await self.client.post(f"{self.base}/{path}", json=fields)
        answered.raise_for_status()
        return answered


async def write_mail(brand: BrandData, places: Places, chance: random.Random) -> None:
    """Hand in a customer's mail at the post office."""
    subject, body, _ = chance.choice(words.MAILS[brand.slug])
    first, last = chance.choice(words.FIRST_NAMES), chance.choice(words.LAST_NAMES)
    mail = EmailMessage()
    mail["From"] = f"{first} {last} (simulation) <client{chance.randrange(40)}@simulation.example>"
    mail["To"] = brand.mail
    mail["Subject"] = subject
    mail["Message-ID"] = make_msgid(domain="simulation.example")
    mail.set_content(f"{body},\n\n{first} {last}")
    await asyncio.to_thread(_hand_in, mail, places)


def _hand_in(mail: EmailMessage, places: Places) -> None:
    with smtplib.SMTP("127.0.0.1", places.smtp, timeout=10) as post_office:
        post_office.send_message(mail)
