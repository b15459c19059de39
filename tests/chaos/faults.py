"""What goes wrong, and is set right again, while people work: one fault after the other, drawn from a seed."""

from __future__ import annotations

import asyncio
import random
import threading
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import psycopg

from tests.chaos.history import History
from tests.chaos.people import Customer
from tests.servers.cluster import Cluster, Member
from tests.servers.ground import wait_until

LEASE_SECONDS = 3
AT_ONCE = 15
KINDS = 8
"""How many kinds of faults there are, where a crew works too."""


@dataclass
class Faults:
    """Breaks a cluster until told to stop; `done` counts what was done."""

    house: Cluster
    seed: int
    history: History
    crews: Sequence[Member] = ()
    pauses: tuple[float, float] = (1, 3)
    """Seconds between two faults, at least and at most."""
    only: Sequence[str] = ()
    """The kinds of faults, by their names, where it is not to be all of them."""
    done: Counter[str] = field(default_factory=Counter)
    over: threading.Event = field(default_factory=threading.Event)

    def __post_init__(self) -> None:
        self.chance = random.Random(self.seed)
        self.kinds: list[Callable[[], None]] = [
            self.kill_a_router,
            self.stop_a_router_past_its_lease,
            self.kill_a_web,
            self.stop_a_web,
            self.restart_the_database,
            self.cut_the_sockets,
            self.fill_the_queue,
        ]
        if self.crews:
            self.kinds.append(self.kill_a_crew)
        if self.only:
            self.kinds = [getattr(self, name) for name in self.only]

    def go_on(self, *, at_most: int) -> None:
        """One fault after the other, each kind once before any comes again."""
        while not self.over.is_set() and self.done.total() < at_most:
            for fault in self.chance.sample(self.kinds, len(self.kinds)):
                if self.over.wait(self.chance.uniform(*self.pauses)) or self.done.total() >= at_most:
                    return
                fault()
                self.done[fault.__name__] += 1

    def kill_a_router(self) -> None:
        self._kill(self.chance.choice(self.house.named("router")))

    def kill_a_web(self) -> None:
        self._kill(self.chance.choice(self.house.named("web")))

    def stop_a_router_past_its_lease(self) -> None:
        """The owner stands still, another takes over, and it wakes believing that it owns the floor."""
        self._pause(self.chance.choice(self.house.named("router")), LEASE_SECONDS + 1.5)

    def stop_the_owner_past_its_lease(self) -> None:
        """The same with whoever owns the floor at that moment, which the other then takes."""
        self._pause(owner_of(self.house), lease_seconds(self.house) + self.chance.uniform(0.1, 1.5))

    def stop_the_owner_within_its_lease(self) -> None:
        """The owner stands still, and wakes just before or just as its lease ends, in the middle of a commit or not."""
        self._pause(owner_of(self.house), lease_seconds(self.house) * self.chance.uniform(0.7, 1.05))

    def stop_a_web(self) -> None:
        self._pause(self.chance.choice(self.house.named("web")), 2)

    def restart_the_database(self) -> None:
        self.house.database.restart()

    def cut_the_sockets(self) -> None:
        """Every connection to the database ends at once."""
        with psycopg.connect(self.house.database.url, autocommit=True) as connection:
            connection.execute(
                """SELECT pg_terminate_backend(pid) FROM pg_stat_activity
                WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()"""
            )

    def fill_the_queue(self) -> None:
        """More customers write at once than the agents have places for."""
        origin = f"http://localhost:{self.house.port + 1}"
        crowd = [Customer(self.house.url, origin, self.chance, self.history) for _ in range(AT_ONCE)]

        async def all_write() -> None:
            await asyncio.gather(*(customer.run(1) for customer in crowd))

        asyncio.run(all_write())

    def kill_a_crew(self) -> None:
        """Some of those who work through the services are gone in the middle of a call, and come back."""
        self._kill(self.chance.choice(self.crews))

    def _kill(self, member: Member) -> None:
        member.kill()
        member.start()

    def _pause(self, member: Member, seconds: float) -> None:
        member.pause()
        time.sleep(seconds)
        member.resume()


def lease_seconds(house: Cluster) -> int:
    """How long a router of the house owns a floor without a sign of life."""
    return int(house.settings["HOMESHORE_ROUTER_LEASE_SECONDS"])


def owner_of(house: Cluster) -> Member:
    """The router that owns the floor, as soon as one does."""
    routers = {member.pid: member for member in house.named("router")}
    wait_until(lambda: _owner_pid(house) in routers, what="an owner of the floor")
    return routers[_owner_pid(house)]


def _owner_pid(house: Cluster) -> int:
    with psycopg.connect(house.database.url) as connection:
        found = connection.execute("SELECT owner FROM contacts_floor ORDER BY id LIMIT 1").fetchone()
    return int(found[0].split(":")[1]) if found and found[0] else 0
