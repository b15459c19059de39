"""A stretch of chaos on a running house, and its judgement: everything that was observed in it, held against the tables."""

from __future__ import annotations

import asyncio
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psycopg

from tests.chaos.crew import over_of, read_notes
from tests.chaos.faults import LEASE_SECONDS, Faults, owner_of
from tests.chaos.history import History, Rows, violations
from tests.chaos.people import crowd, crowds
from tests.servers.cluster import Cluster, Member

MOST_VISITS = 3
"""How often people come to a house without the epoch check before it counts as not found out."""
SEEN_BY_PEOPLE = {
    "a contact is offered to one agent at a time",
    "an agent is offered one contact at a time",
    "an agent never holds more than their places",
}


@dataclass(frozen=True)
class Lived:
    """What came of it: faults by their kind, contacts by the way they came, what was observed, and what broke a promise."""

    faults: Counter[str]
    by_api: int
    by_services: int
    history: History
    unanswered: list[Any] = field(default_factory=list)
    violations: dict[str, list[Any]] = field(default_factory=dict)


def live_through(
    house: Cluster,
    *,
    seed: int,
    at_most: int,
    crews: int = 0,
    customers: int = 6,
    pauses: tuple[float, float] = (1, 3),
    kinds: Sequence[str] = (),
) -> Lived:
    """So many faults while customers write and agents answer, over the API and, in so many crews, through the services too.

    The faults are of all kinds, or of those named.
    """
    history = History()
    with tempfile.TemporaryDirectory() as folder:
        notes = Path(folder) / "notes"
        notes.touch()
        members = [crew_of(house, notes, part, crews) for part in range(crews)]
        faults = Faults(house, seed, history, members, pauses, kinds)
        breaking = threading.Thread(target=faults.go_on, kwargs={"at_most": at_most}, daemon=True)
        for crew in members:
            crew.start()
        breaking.start()

        def over() -> bool:
            if breaking.is_alive():
                return False
            over_of(notes).touch()  # the crews' agents go on until nobody is left
            return True

        everybody = crowds(
            house.url,
            origin(house),
            history,
            seed=seed,
            customers=customers,
            over=over,
            unanswered=lambda: len(unanswered(house)),
        )
        asyncio.run(everybody)
        for crew in members:
            crew.kill()
        by_services = read_notes(notes, history)
    rows = rows_of(house)
    return Lived(
        faults.done,
        by_api=_arrived(rows, history) - by_services,
        by_services=by_services,
        history=history,
        unanswered=unanswered(house),
        violations=violations(history, rows),
    )


def control(house: Cluster, *, seed: int) -> dict[str, list[Any]]:
    """What the checker finds once the routers do not check the epoch, and one of them has slept past its lease.

    Both decide from then on. How soon anybody sees it is chance, so people go on until somebody has, some times at most.
    """
    for member in house.named("router"):
        member.ask_to_stop()
        member.wait()
        member.command = [sys.executable, "-m", "tests.chaos.unfenced"]
        member.start()
    history = History()
    owner = owner_of(house)
    stopping = threading.Thread(target=_stop_past_the_lease, args=(owner,), daemon=True)
    stopping.start()
    found: dict[str, list[Any]] = {}
    for again in range(MOST_VISITS):
        asyncio.run(crowd(house.url, origin(house), history, seed=seed + again, customers=6, lines=20))
        stopping.join()
        found = violations(history, rows_of(house))
        if found.keys() & SEEN_BY_PEOPLE:
            break
    return found


def crew_of(house: Cluster, notes: Path, part: int, of: int) -> Member:
    """One part of the people who work through the services; not started."""
    command = [sys.executable, "-m", "tests.chaos.crew", str(notes), str(part), str(of)]
    return Member(f"crew-{part}", command, house.environment, house.folder / f"crew-{part}.log")


def origin(house: Cluster) -> str:
    """The page of the shop."""
    return f"http://localhost:{house.port + 1}"


def rows_of(house: Cluster) -> Rows:
    """Asks the house's database."""

    def rows(question: str) -> list[tuple[Any, ...]]:
        with psycopg.connect(house.database.url) as connection:
            return connection.execute(question).fetchall()

    return rows


def unanswered(house: Cluster) -> list[tuple[Any, ...]]:
    """The chats that are not closed."""
    return rows_of(house)("SELECT id, state FROM contacts_contact WHERE channel = 'chat' AND state <> 'closed'")


def _arrived(rows: Rows, history: History) -> int:
    since = history.since.isoformat()
    (count,) = rows(f"SELECT count(*) FROM contacts_contact WHERE channel = 'chat' AND arrived_at >= '{since}'")[0]
    return int(count)


def _stop_past_the_lease(member: Member) -> None:
    time.sleep(2)
    member.pause()
    time.sleep(LEASE_SECONDS + 2)
    member.resume()
