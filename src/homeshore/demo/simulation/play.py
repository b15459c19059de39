"""Everybody on stage: agents sign in, customers come by chance, until the end."""

import asyncio
import logging
import random
import smtplib
import threading
from collections.abc import Callable, Coroutine
from typing import Any

import httpx

from homeshore.demo import dataset, simulation
from homeshore.demo.places import Places
from homeshore.demo.simulation import words
from homeshore.demo.simulation.agents import SimulatedAgent
from homeshore.demo.simulation.customers import SimulatedVisitor, write_mail

logger = logging.getLogger(__name__)

SEED = 20261122
SECONDS_BETWEEN_CHATS, SECONDS_BETWEEN_MAILS = 5, 30
VISITORS_AT_MOST = 30


async def play(places: Places, stop: threading.Event) -> None:
    """Simulate people until `stop` is set."""
    site = f"http://127.0.0.1:{places.site}"
    chance = random.Random(SEED)  # noqa: S311 - a demonstration, not a secret
    await _site_answers(site, stop)
    agents = [SimulatedAgent(data, site, chance) for data in dataset.AGENTS if data.simulated]
    parts: list[Coroutine[Any, Any, None]] = [_after(place * 0.6, agent.run) for place, agent in enumerate(agents)]
    parts += [_visits(places, site, chance), _mails(places, chance)]
    tasks = [asyncio.create_task(part) for part in parts]
    await asyncio.to_thread(stop.wait)
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)


async def _after(seconds: float, work: Callable[[], Coroutine[Any, Any, None]]) -> None:
    """One after the other: sign-ins of many people at the same moment from one address look like an attack."""
    await asyncio.sleep(seconds)
    await work()


async def _site_answers(site: str, stop: threading.Event) -> None:
    async with httpx.AsyncClient(timeout=5) as client:
        while not stop.is_set():
            try:
                await client.get(f"{site}/accounts/login/")
            except httpx.HTTPError:
                await asyncio.sleep(0.3)
            else:
                return


async def _visits(places: Places, site: str, chance: random.Random) -> None:
    here: set[asyncio.Task[None]] = set()
    origins = {
        dataset.LAVANDE.slug: f"http://localhost:{places.shop}",
        dataset.MISTRAL.slug: f"http://localhost:{places.insurer}",
    }
    while True:
        if simulation.is_running() and len(here) < VISITORS_AT_MOST:
            brand = chance.choice(dataset.BRANDS)
            matter = chance.choice(words.CHATS[brand.slug])
            visitor = SimulatedVisitor(brand, matter, site=site, origin=origins[brand.slug], chance=chance)
            task = asyncio.create_task(_guarded(visitor.run()))
            here.add(task)
            task.add_done_callback(here.discard)
        await asyncio.sleep(min(40, chance.expovariate(1 / SECONDS_BETWEEN_CHATS)))


async def _mails(places: Places, chance: random.Random) -> None:
    while True:
        await asyncio.sleep(min(120, chance.expovariate(1 / SECONDS_BETWEEN_MAILS)))
        if simulation.is_running():
            await _guarded(write_mail(chance.choice(dataset.BRANDS), places, chance))


async def _guarded(work: Coroutine[Any, Any, None]) -> None:
    try:
        await work
    except (httpx.HTTPError, smtplib.SMTPException, OSError) as error:
        logger.info("A simulated customer lost their way: %r", error)
