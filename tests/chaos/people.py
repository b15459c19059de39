"""Customers who insist, and agents who remember every offer they were shown."""

from __future__ import annotations

import asyncio
import random
import uuid
from dataclasses import dataclass, field
from typing import Any

import httpx

from homeshore.demo import dataset
from homeshore.demo.simulation.agents import SimulatedAgent


@dataclass
class Customer:
    """Says what there is to say, again and again until the house has acknowledged it."""

    url: str
    origin: str
    chance: random.Random
    acknowledged: list[str] = field(default_factory=list)

    async def run(self, lines: int) -> None:
        headers = {"Origin": self.origin}
        async with httpx.AsyncClient(base_url=f"{self.url}/widget/v1/demo-maison-lavande", headers=headers) as client:
            visit = await self._insist(client, "visit", {"token": "", "queue": ""})
            client.headers["Authorization"] = f"Bearer {visit['token']}"
            for _ in range(lines):
                said = uuid.uuid4().hex
                fields = {"body": "Bonjour", "client_id": said, "name": "Claire", "queue": "service-client"}
                await self._insist(client, "messages", fields)
                self.acknowledged.append(said)
                await asyncio.sleep(self.chance.uniform(0.1, 0.8))

    async def _insist(self, client: httpx.AsyncClient, path: str, fields: dict[str, Any]) -> Any:
        while True:
            try:
                answered = await client.post(path, json=fields, timeout=5)
                answered.raise_for_status()
            except httpx.HTTPError:
                await asyncio.sleep(0.3)
            else:
                return answered.json()


class WatchfulAgent(SimulatedAgent):
    """An agent at a desk who is quick, and remembers what was shown."""

    def __init__(self, data: dataset.AgentData, url: str, chance: random.Random) -> None:
        super().__init__(data, url, chance)
        self.shown: set[str] = set()

    async def _stay_present(self) -> None:
        while True:
            await self._post("presence", state="ready", reason="")
            await asyncio.sleep(5)

    async def _answer(self, offer: dict[str, Any]) -> None:
        self.shown.add(offer["id"])
        await asyncio.sleep(self.chance.uniform(0, 0.5))
        await self._post(f"offers/{offer['id']}/accept")

    async def _handle(self, work: dict[str, Any]) -> None:
        contact = work["contact"]
        await self._say(work, "Bonjour {customer}, je regarde.")
        await asyncio.sleep(self.chance.uniform(0.2, 1))
        await self._post(f"contacts/{contact['id']}/close", disposition=self._end(contact, ()), wrap_up=False)


async def crowd(url: str, origin: str, *, seed: int, customers: int, lines: int) -> tuple[list[str], set[str]]:
    """Customers and agents at once, until every customer is done: what was acknowledged, and every offer shown."""
    chance = random.Random(seed)
    agents = [WatchfulAgent(data, url, chance) for data in dataset.AGENTS if "maison-lavande" in data.brands][:4]
    at_work = [asyncio.create_task(agent.run()) for agent in agents]
    people = [Customer(url, origin, chance) for _ in range(customers)]
    await asyncio.gather(*(person.run(lines) for person in people))
    await asyncio.sleep(3)
    for task in at_work:
        task.cancel()
    await asyncio.gather(*at_work, return_exceptions=True)
    acknowledged = [said for person in people for said in person.acknowledged]
    return acknowledged, set().union(*(agent.shown for agent in agents))
