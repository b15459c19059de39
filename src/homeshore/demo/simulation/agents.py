"""A simulated agent: signs in, is ready, accepts offers, answers, closes, wraps up, and takes breaks now and then."""

import asyncio
import logging
import random
from typing import Any

import httpx

from homeshore.demo import simulation
from homeshore.demo.dataset import PASSWORD, AgentData
from homeshore.demo.simulation import words
from homeshore.demo.simulation.stream import events

logger = logging.getLogger(__name__)

LEASE_SECONDS = 20
KEPT_OPEN_SECONDS = 2.0
"""How long a connection waits for the next request: less than the 5 s after which a server closes it, maybe in its face."""
SILENCE_SECONDS = 45
DECLINES, IGNORES = 0.04, 0.02
"""Shares of offers that are declined and that are left unanswered, so that the floor shows what happens then."""


class Reset(Exception):
    """The feed has moved on without us: what we know is old."""


class SimulatedAgent:
    """One agent at one desk, over HTTP and push. When any request is lost, they sign in and take up their work again."""

    def __init__(self, data: AgentData, site: str, chance: random.Random) -> None:
        self.data, self.site, self.chance = data, site, chance
        limits = httpx.Limits(keepalive_expiry=KEPT_OPEN_SECONDS)
        self.client = httpx.AsyncClient(base_url=site, timeout=20, limits=limits)
        self.desk: dict[str, Any] = {}
        self.heard: dict[int, asyncio.Queue[str]] = {}

    async def run(self) -> None:
        """Work until cancelled; a lost connection is taken up again."""
        async with self.client:
            while True:
                try:
                    await self._work()
                except* (httpx.HTTPError, Reset, KeyError, ValueError) as errors:
                    logger.info("Simulated agent %s starts again: %r", self.data.first_name, errors.exceptions)
                await asyncio.sleep(3 + self.chance.random() * 3)

    async def _work(self) -> None:
        await self._sign_in()
        answered = await self.client.get("/desk/snapshot")
        answered.raise_for_status()
        self.desk = answered.json()
        self.heard = {}
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self._stay_present())
            for work in self.desk["work"]:
                self._take_up(work, tasks)
            await self._follow(tasks)

    async def _follow(self, tasks: asyncio.TaskGroup) -> None:
        """Do what comes. Raises Reset when no more does."""
        async for kind, payload in events(self.client, grant=self.desk["grant"], after=self.desk["position"]):
            if kind == "offer.opened":
                tasks.create_task(self._answer(payload["offer"]))
            elif kind == "work.opened":
                self._take_up(payload["work"], tasks)
            elif kind == "message.added" and payload["message"]["kind"] == "inbound":
                self._hear(payload["message"])
            elif kind == "work.ended":
                self.heard.pop(payload["contact"], None)
            elif kind == "reset":
                break
        raise Reset

    async def _sign_in(self) -> None:
        self.client.cookies.clear()  # who is still signed in is shown no form
        page = await self.client.get("/accounts/login/")
        page.raise_for_status()
        signed_in = await self.client.post(
            "/accounts/login/",
            data={
                "login": self.data.email,
                "password": PASSWORD,
                "csrfmiddlewaretoken": self.client.cookies["csrftoken"],
            },
            headers={"Referer": f"{self.site}/accounts/login/"},
        )
        if signed_in.status_code != httpx.codes.FOUND:
            raise ValueError(f"sign-in answered {signed_in.status_code}")

    async def _post(self, path: str, **fields: Any) -> httpx.Response:
        headers = {"X-CSRFToken": self.client.cookies["csrftoken"], "Referer": self.site}
        return await self.client.post(f"/desk/{path}", json=fields, headers=headers)

    async def _stay_present(self) -> None:
        wanted = ""
        next_break = self._seconds_to_break()
        while True:
            now = asyncio.get_running_loop().time()
            on_break = not simulation.is_running() or next_break <= now
            if next_break + 60 <= now:
                next_break = self._seconds_to_break()
            state = "break" if on_break else "ready"
            if state != wanted:
                await self._post("presence", state=state, reason="pause" if on_break else "")
                wanted = state
            await self._post("lease")
            await asyncio.sleep(LEASE_SECONDS if wanted == "ready" else 5)

    def _seconds_to_break(self) -> float:
        return asyncio.get_running_loop().time() + self.chance.uniform(240, 1200)

    async def _answer(self, offer: dict[str, Any]) -> None:
        await asyncio.sleep(self.chance.uniform(1.5, 6))
        draw = self.chance.random()
        if draw < IGNORES:
            return
        if draw < IGNORES + DECLINES:
            await self._post(f"offers/{offer['id']}/decline", why="busy")
        else:
            await self._post(f"offers/{offer['id']}/accept")

    def _take_up(self, work: dict[str, Any], tasks: asyncio.TaskGroup) -> None:
        contact = work["contact"]["id"]
        if work["assignment"]["state"] == "wrap_up":
            tasks.create_task(self._wrap_up(contact))
        elif contact not in self.heard:
            self.heard[contact] = asyncio.Queue()
            tasks.create_task(self._handle(work))

    def _hear(self, message: dict[str, Any]) -> None:
        queue = self.heard.get(message["contact"])
        if queue is not None:
            queue.put_nowait(message["body"])

    async def _handle(self, work: dict[str, Any]) -> None:
        contact = work["contact"]
        first = next((each["body"] for each in work["messages"] if each["kind"] == "inbound"), "")
        if contact["channel"] == "email":
            await asyncio.sleep(self.chance.uniform(12, 35))
            await self._say(work, words.MAIL_ANSWER)
            ends: tuple[str, ...] = ()
        else:
            lines, ends = words.answers_for(first)
            for line in (*lines, words.GOODBYE):
                await self._post(f"contacts/{contact['id']}/typing")
                await asyncio.sleep(self.chance.uniform(4, 12))
                await self._say(work, line)
                if not await self._wait_for_customer(contact["id"]):
                    break
        await asyncio.sleep(self.chance.uniform(2, 6))
        await self._post(f"contacts/{contact['id']}/close", disposition=self._end(contact, ends), wrap_up=True)
        await self._wrap_up(contact["id"])

    async def _say(self, work: dict[str, Any], line: str) -> None:
        body = words.addressed(line, customer=work["customer"]["name"], agent=self.data.first_name)
        client_id = f"simulated-{self.chance.getrandbits(64):x}"
        await self._post(f"contacts/{work['contact']['id']}/messages", body=body, client_id=client_id)
        await self._post(f"contacts/{work['contact']['id']}/read")

    async def _wait_for_customer(self, contact: int) -> bool:
        queue = self.heard.get(contact)
        if queue is None:
            return False
        try:
            await asyncio.wait_for(queue.get(), SILENCE_SECONDS)
        except TimeoutError:
            return False
        return True

    def _end(self, contact: dict[str, Any], ends: tuple[str, ...]) -> int | None:
        reasons = self.desk["brands"][str(contact["brand"])]["dispositions"]
        details = [detail for reason in reasons for detail in reason["details"]]
        fitting = [detail["id"] for detail in details if detail["name"] in ends]
        return self.chance.choice(fitting or [detail["id"] for detail in details]) if details else None

    async def _wrap_up(self, contact: int) -> None:
        await asyncio.sleep(self.chance.uniform(5, 20))
        await self._post(f"contacts/{contact}/wrap-up/end")
