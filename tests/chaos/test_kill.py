"""The process is killed where it stands, again and again, while customers write and agents answer."""

import asyncio
import random
import threading
import time

import pytest

from tests.chaos.history import History, violations
from tests.chaos.people import crowd
from tests.chaos.site import Site


@pytest.fixture
def site(tmp_path):
    site = Site(tmp_path)
    site.prepare()
    site.start()
    yield site
    site.kill()


def keep_killing(site: Site, over: threading.Event, kills: list[float], *, at_most: int, seed: int) -> None:
    chance = random.Random(seed)
    while len(kills) < at_most and not over.wait(chance.uniform(2, 5)):
        site.kill()
        kills.append(time.monotonic())
        site.start()


@pytest.mark.parametrize("seed", [1])
def test_a_process_killed_with_offers_open_loses_nothing_and_doubles_nothing(site, seed, pytestconfig):
    over, kills = threading.Event(), []
    rounds = pytestconfig.getoption("--chaos-rounds")
    killer = threading.Thread(
        target=keep_killing, args=(site, over, kills), kwargs={"at_most": 3 * rounds, "seed": seed}, daemon=True
    )
    killer.start()
    history = History()
    origin = f"http://localhost:{site.port + 1}"
    asyncio.run(crowd(site.url, origin, history, seed=seed, customers=6, lines=12 * rounds))
    over.set()
    killer.join(timeout=300)
    site.stop()

    assert kills
    assert history.shown
    assert violations(history, site.rows) == {}
    assert site.journal_differences() == "[] True"
