"""The demonstration's agents, at desks of the real site."""

import asyncio
import random

import httpx
import pytest

from homeshore.demo import dataset
from homeshore.demo.simulation.agents import SimulatedAgent
from tests.factories import AgentFactory, UserFactory
from tests.servers.ground import wait_until
from tests.servers.site import served_site

LEASE = "/desk/lease"


class Cutting(httpx.AsyncHTTPTransport):
    """A network that loses the first sign of life of an agent, and counts those that get through."""

    lost, passed = 0, 0

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        if request.url.path == LEASE and not self.lost:
            self.lost += 1
            raise httpx.ReadError("the line was cut", request=request)
        answer = await super().handle_async_request(request)
        self.passed += request.url.path == LEASE and answer.is_success
        return answer


@pytest.mark.sqlite
@pytest.mark.django_db(transaction=True)
def test_a_simulated_agent_whose_sign_of_life_was_lost_gives_another():
    data = next(each for each in dataset.AGENTS if each.simulated)
    AgentFactory.create(user=UserFactory.create(email=data.email, password=dataset.PASSWORD))
    network = Cutting()

    async def work(site: str) -> None:
        simulated = SimulatedAgent(data, site, random.Random(1))
        simulated.client = httpx.AsyncClient(base_url=site, transport=network)
        working = asyncio.create_task(simulated.run())
        try:
            await asyncio.to_thread(wait_until, lambda: network.passed > 0, what="another sign of life", seconds=20)
        finally:
            working.cancel()
            await asyncio.gather(working, return_exceptions=True)

    with served_site(("web", "router")) as running:
        asyncio.run(work(f"http://127.0.0.1:{running.port}"))
    assert (network.lost, network.passed > 0) == (1, True)
