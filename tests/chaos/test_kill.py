"""The process is killed where it stands, again and again, while customers write and agents answer."""

import asyncio
import random
import threading
import time

import pytest

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
    origin = f"http://localhost:{site.port + 1}"
    people = crowd(site.url, origin, seed=seed, customers=6, lines=12 * rounds)
    acknowledged, shown = asyncio.run(people)
    over.set()
    killer.join(timeout=90)
    site.stop()

    kept = dict(site.rows("SELECT client_id, COUNT(*) FROM contacts_message WHERE kind = 'inbound' GROUP BY client_id"))
    assert kills
    assert {said: kept.get(said) for said in acknowledged} == dict.fromkeys(acknowledged, 1)
    assert shown <= {row[0] for row in site.rows("SELECT id FROM contacts_offer")}
    assert broken(site) == {}
    assert site.journal_differences() == "[] True"


def broken(site: Site) -> dict[str, list[tuple[object, ...]]]:
    """Every invariant of routing that the tables break, with the rows that break it."""
    queries = {
        "one open offer a contact": """
            SELECT contact_id FROM contacts_offer WHERE state = 'open' GROUP BY contact_id HAVING COUNT(*) > 1""",
        "one active assignment a contact": """
            SELECT contact_id FROM contacts_assignment WHERE state = 'active' GROUP BY contact_id HAVING COUNT(*) > 1""",
        "an offer is accepted once": """
            SELECT offer_id FROM contacts_assignment WHERE offer_id IS NOT NULL GROUP BY offer_id HAVING COUNT(*) > 1""",
        "an active contact is with somebody": """
            SELECT id FROM contacts_contact c WHERE state = 'active' AND NOT EXISTS (
                SELECT 1 FROM contacts_assignment a WHERE a.contact_id = c.id AND a.state = 'active')""",
        "a closed contact is with nobody": """
            SELECT id FROM contacts_contact c WHERE state = 'closed' AND EXISTS (
                SELECT 1 FROM contacts_assignment a WHERE a.contact_id = c.id AND a.state = 'active')""",
        "an offered contact has its offer": """
            SELECT id FROM contacts_contact c WHERE state = 'offered' AND NOT EXISTS (
                SELECT 1 FROM contacts_offer o WHERE o.contact_id = c.id AND o.state = 'open')""",
        "every handled contact is paid once": """
            SELECT id FROM contacts_contact c WHERE outcome = 'handled' AND 1 <> (
                SELECT COUNT(*) FROM pay_act a WHERE a.contact_id = c.id)""",
        "epochs never fall": """
            SELECT a.seq FROM contacts_journalentry a JOIN contacts_journalentry b
                ON b.floor_id = a.floor_id AND b.seq = a.seq + 1 WHERE b.epoch < a.epoch""",
        "one conversation a thread": """
            SELECT thread_key FROM contacts_conversation GROUP BY brand_id, channel, thread_key HAVING COUNT(*) > 1""",
    }
    found = {name: site.rows(query) for name, query in queries.items()}
    return {name: rows for name, rows in found.items() if rows}
