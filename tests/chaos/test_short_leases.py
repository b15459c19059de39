"""Two routers whose leases are so short that the floor changes hands all the time, while people work."""

from __future__ import annotations

import psycopg
import pytest

from tests.chaos.chapter import live_through
from tests.servers.cluster import WEBS, cluster
from tests.servers.ground import free_ports

LEASE_SECONDS = 1
STOPS = ("stop_the_owner_past_its_lease", "stop_the_owner_within_its_lease")
STOPPED = 12
"""A stop takes some eight seconds, so that rounds are left to the other chaos."""


@pytest.fixture(scope="module")
def house():
    with cluster(free_ports(6 + WEBS), channels=0, HOMESHORE_ROUTER_LEASE_SECONDS=str(LEASE_SECONDS)) as members:
        yield members


def test_a_floor_that_changes_hands_every_few_seconds_loses_nothing_and_doubles_nothing(house, pytestconfig):
    seed = pytestconfig.getoption("--chaos-seed")
    epochs = epoch_of(house)
    lived = live_through(house, seed=seed, at_most=STOPPED, crews=1, pauses=(0.1, 1), kinds=STOPS)
    took_over = epoch_of(house) - epochs
    print(
        {
            "faults": dict(lived.faults),
            "take-overs": took_over,
            "by API": lived.by_api,
            "by services": lived.by_services,
        }
    )
    assert lived.unanswered == []
    assert lived.faults.total() == STOPPED
    assert lived.violations == {}
    assert took_over >= lived.faults["stop_the_owner_past_its_lease"] / 2
    assert "all the same" in house.homeshore("replay", "journal")


def epoch_of(house) -> int:
    """How often the floor has been taken."""
    with psycopg.connect(house.database.url) as connection:
        return connection.execute("SELECT epoch FROM contacts_floor ORDER BY id LIMIT 1").fetchone()[0]
