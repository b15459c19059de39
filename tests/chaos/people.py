"""Customers who insist, and agents who note all that they are shown and told."""

from __future__ import annotations

import asyncio
import random
import uuid
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import httpx

from homeshore.demo import dataset
from homeshore.demo.simulation.stream import events
from tests.chaos.history import History

LOOK_SECONDS = 2.0
STAY_SECONDS = 5.0
ANSWERED_WITHIN_SECONDS = 120
SILENCE = httpx.Timeout(5, read=20)
"""A stream says at least every 15 seconds that it is there."""


@dataclass
class Customer:
    """Says what there is to say, again and again until the house has acknowledged it."""

    url: str
    origin: str
    chance: random.Random
    history: History

    async def run(self, lines: int) -> None:
        """Say so many lines, two in each thread."""
        headers = {"Origin": self.origin}
        async with httpx.AsyncClient(base_url=f"{self.url}/widget/v1/demo-maison-lavande", headers=headers) as client:
            for number in range(lines):
                if number % 2 == 0:
                    client.headers.pop("Authorization", None)
                    visit = await self._insist(client, "visit", {"token": "", "queue": ""})
                    client.headers["Authorization"] = f"Bearer {visit['token']}"
                said = uuid.uuid4().hex
                fields = {"body": "Bonjour", "client_id": said, "name": "Claire", "queue": "service-client"}
                await self._insist(client, "messages", fields)
                self.history.acknowledged.append(said)
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


@dataclass
class WatchfulAgent:
    """An agent at a desk who answers fast, declines now and then, and never trusts that a request arrived."""

    data: dataset.AgentData
    url: str
    chance: random.Random
    history: History
    look: asyncio.Event = field(default_factory=asyncio.Event)

    async def run(self) -> None:
        """Work until cancelled."""
        async with httpx.AsyncClient(base_url=self.url, timeout=SILENCE) as client:
            while not await self._tried(self._sign_in(client)):
                await asyncio.sleep(1)
            await asyncio.gather(self._stay(client), self._listen(client), self._work(client))

    async def _sign_in(self, client: httpx.AsyncClient) -> None:
        (await client.get("/accounts/login/")).raise_for_status()
        fields = {
            "login": self.data.email,
            "password": dataset.PASSWORD,
            "csrfmiddlewaretoken": client.cookies["csrftoken"],
        }
        signed_in = await client.post(
            "/accounts/login/", data=fields, headers={"Referer": f"{self.url}/accounts/login/"}
        )
        if signed_in.status_code != httpx.codes.FOUND:
            raise httpx.RemoteProtocolError(f"sign-in answered {signed_in.status_code}")

    async def _stay(self, client: httpx.AsyncClient) -> None:
        while True:
            await self._tried(self._post(client, "presence", state="ready", reason=""))
            await asyncio.sleep(STAY_SECONDS)

    async def _listen(self, client: httpx.AsyncClient) -> None:
        """Note every offer the moment it is pushed."""
        while True:
            await self._tried(self._follow(client))
            await asyncio.sleep(self.chance.uniform(0.2, 1))

    async def _follow(self, client: httpx.AsyncClient) -> None:
        desk = (await client.get("/desk/snapshot")).raise_for_status().json()
        self._note(desk["offers"])
        async for kind, payload in events(client, grant=desk["grant"], after=desk["position"]):
            if kind == "offer.opened":
                self._note([payload["offer"]])
            elif kind == "reset":
                return
            self.look.set()

    def _note(self, offers: list[dict[str, Any]]) -> None:
        for offer in offers:
            self.history.show(offer["id"], contact=offer["contact"], agent=self.data.email)

    async def _work(self, client: httpx.AsyncClient) -> None:
        """Whatever is on the desk is dealt with, whenever something happened and every now and then."""
        while True:
            await self._tried(self._deal_with_all(client))
            self.look.clear()
            try:
                await asyncio.wait_for(self.look.wait(), LOOK_SECONDS)
            except TimeoutError:
                continue
            await asyncio.sleep(self.chance.uniform(0.1, 0.4))

    async def _deal_with_all(self, client: httpx.AsyncClient) -> None:
        desk = (await client.get("/desk/snapshot")).raise_for_status().json()
        self._note(desk["offers"])
        for offer in desk["offers"]:
            answer = "decline" if self.chance.random() < 0.05 else "accept"
            answered = await self._post(client, f"offers/{offer['id']}/{answer}")
            if answer == "accept" and answered.is_success:
                self.history.accepted[offer["id"]] = self.data.email
        for work in desk["work"]:
            contact = work["contact"]
            if work["assignment"]["state"] == "active":
                said = {"body": "Bonjour, c’est réglé.", "client_id": f"answer-{work['assignment']['id']}"}
                await self._post(client, f"contacts/{contact['id']}/messages", **said)
                end = _an_end(desk, contact["brand"])
                await self._post(client, f"contacts/{contact['id']}/close", disposition=end, wrap_up=False)

    async def _post(self, client: httpx.AsyncClient, path: str, **fields: Any) -> httpx.Response:
        headers = {"X-CSRFToken": client.cookies["csrftoken"], "Referer": self.url}
        return await client.post(f"/desk/{path}", json=fields, headers=headers)

    async def _tried(self, work: Any) -> bool:
        try:
            await work
        except (httpx.HTTPError, KeyError, ValueError):
            return False
        return True


def _an_end(desk: dict[str, Any], brand: int) -> int:
    first: int = desk["brands"][str(brand)]["dispositions"][0]["details"][0]["id"]
    return first


@asynccontextmanager
async def agents_at_work(url: str, history: History, *, seed: int, at_most: int = 4) -> AsyncIterator[None]:
    """So many agents of the shop are at their desks while the block runs."""
    data = [each for each in dataset.AGENTS if "maison-lavande" in each.brands][:at_most]
    agents = [WatchfulAgent(each, url, random.Random(f"{seed} {each.email}"), history) for each in data]
    at_work = [asyncio.create_task(agent.run()) for agent in agents]
    try:
        yield
    finally:
        for task in at_work:
            task.cancel()
        await asyncio.gather(*at_work, return_exceptions=True)


async def crowd(url: str, origin: str, history: History, *, seed: int, customers: int, lines: int) -> None:
    """Customers and agents at once, until every customer has said all and a moment more."""
    chance = random.Random(seed)
    async with agents_at_work(url, history, seed=seed):
        people = [Customer(url, origin, chance, history) for _ in range(customers)]
        await asyncio.gather(*(person.run(lines) for person in people))
        await asyncio.sleep(3)


async def crowds(
    url: str,
    origin: str,
    history: History,
    *,
    seed: int,
    customers: int,
    over: Callable[[], bool],
    unanswered: Callable[[], int],
) -> bool:
    """One crowd of customers after the other until it is over, the same agents all along; then until all are answered.

    False when nobody more is answered for `ANSWERED_WITHIN_SECONDS`, however many are left.
    """
    chance = random.Random(seed)
    async with agents_at_work(url, history, seed=seed):
        while not over():
            people = [Customer(url, origin, chance, history) for _ in range(customers)]
            await asyncio.gather(*(person.run(12) for person in people))
        fewest, looks = await asyncio.to_thread(unanswered), 0
        while fewest and looks < ANSWERED_WITHIN_SECONDS * 2:
            await asyncio.sleep(0.5)
            left, looks = await asyncio.to_thread(unanswered), looks + 1
            if left < fewest:
                fewest, looks = left, 0
    return not fewest
