"""Several webs and routers on PostgreSQL while all of it breaks: held against what agents saw and customers were told.

The control at the end runs the same house with routers that do not check the epoch. The checker must find them out.
"""

from __future__ import annotations

import asyncio
import sys
import threading
import time

import psycopg
import pytest

from tests.chaos.faults import LEASE_SECONDS, Faults
from tests.chaos.history import History, violations
from tests.chaos.people import crowd, crowds
from tests.servers.cluster import WEBS, Cluster, cluster
from tests.servers.ground import free_ports, wait_until

SEEN_BY_PEOPLE = {
    "a contact is offered to one agent at a time",
    "an agent is offered one contact at a time",
    "an agent never holds more than their places",
}


@pytest.fixture(scope="module")
def house():
    with cluster(free_ports(6 + WEBS), channels=0, HOMESHORE_ROUTER_LEASE_SECONDS=str(LEASE_SECONDS)) as members:
        yield members


def rows_of(house: Cluster):
    def rows(question: str):
        with psycopg.connect(house.database.url) as connection:
            return connection.execute(question).fetchall()

    return rows


def people_at(house: Cluster, history: History, *, seed: int, customers: int, lines: int) -> None:
    origin = f"http://localhost:{house.port + 1}"
    asyncio.run(crowd(house.url, origin, history, seed=seed, customers=customers, lines=lines))


def unanswered(house: Cluster) -> list[tuple[object, ...]]:
    return rows_of(house)("SELECT id, state FROM contacts_contact WHERE channel = 'chat' AND state <> 'closed'")


def test_whatever_dies_or_stops_nothing_is_lost_and_nothing_is_doubled(house, pytestconfig):
    seed, at_most = pytestconfig.getoption("--chaos-seed"), 7 * pytestconfig.getoption("--chaos-rounds")
    history = History()
    faults = Faults(house, seed, history)
    breaking = threading.Thread(target=faults.go_on, kwargs={"at_most": at_most}, daemon=True)
    breaking.start()
    origin = f"http://localhost:{house.port + 1}"
    everybody = crowds(
        house.url,
        origin,
        history,
        seed=seed,
        over=lambda: not breaking.is_alive(),
        unanswered=lambda: len(unanswered(house)),
    )
    assert asyncio.run(everybody), unanswered(house)

    said = {"faults": dict(faults.done), "messages": len(history.acknowledged), "offers shown": len(history.shown)}
    print(said)
    assert faults.done.total() == at_most
    assert history.shown
    assert violations(history, rows_of(house)) == {}
    assert "all the same" in house.homeshore("replay", "journal")


def test_the_checker_finds_out_a_router_that_does_not_check_the_epoch(house, pytestconfig):
    seed = pytestconfig.getoption("--chaos-seed")
    for member in house.named("router"):
        member.ask_to_stop()
        member.wait()
        member.command = [sys.executable, "-m", "tests.chaos.unfenced"]
        member.start()
    history = History()
    wait_until(lambda: owner_pid(house) in {member.pid for member in house.named("router")}, what="a new owner")
    owner = next(member for member in house.named("router") if member.pid == owner_pid(house))
    stopping = threading.Thread(target=stop_past_the_lease, args=(owner,), daemon=True)
    stopping.start()
    people_at(house, history, seed=seed, customers=6, lines=20)
    stopping.join()

    found = violations(history, rows_of(house))
    print({promise: len(broken) for promise, broken in found.items()})
    assert found.keys() & SEEN_BY_PEOPLE


def owner_pid(house: Cluster) -> int:
    owner = str(rows_of(house)("SELECT owner FROM contacts_floor")[0][0])
    return int(owner.split(":")[1]) if owner else 0


def stop_past_the_lease(member) -> None:
    time.sleep(2)
    member.pause()
    time.sleep(LEASE_SECONDS + 2)
    member.resume()
