"""Several webs and routers on PostgreSQL while all of it breaks: held against what agents saw and customers were told.

The control at the end runs the same house with routers that do not check the epoch. The checker must find them out.
"""

from __future__ import annotations

import pytest

from tests.chaos.chapter import SEEN_BY_PEOPLE, control, live_through
from tests.chaos.faults import KINDS, LEASE_SECONDS
from tests.servers.cluster import WEBS, cluster
from tests.servers.ground import free_ports


@pytest.fixture(scope="module")
def house():
    with cluster(free_ports(6 + WEBS), channels=0, HOMESHORE_ROUTER_LEASE_SECONDS=str(LEASE_SECONDS)) as members:
        yield members


def test_whatever_dies_or_stops_nothing_is_lost_and_nothing_is_doubled(house, pytestconfig):
    seed, at_most = pytestconfig.getoption("--chaos-seed"), KINDS * pytestconfig.getoption("--chaos-rounds")
    lived = live_through(house, seed=seed, at_most=at_most, crews=1)
    observed = {"messages": len(lived.history.acknowledged), "offers shown": len(lived.history.shown)}
    print({"faults": dict(lived.faults), "by API": lived.by_api, "by services": lived.by_services, **observed})
    assert lived.unanswered == []
    assert lived.faults.total() == at_most
    assert lived.history.shown
    assert lived.violations == {}
    assert "all the same" in house.homeshore("replay", "journal")


def test_the_checker_finds_out_a_router_that_does_not_check_the_epoch(house, pytestconfig):
    found = control(house, seed=pytestconfig.getoption("--chaos-seed"))
    print({promise: len(broken) for promise, broken in found.items()})
    assert found.keys() & SEEN_BY_PEOPLE
