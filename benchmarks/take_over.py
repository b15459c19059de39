"""A router that owns a floor is killed: how long until another decides there.

    python -m benchmarks.take_over [--agents 10000] [--waiting 5000] [--lease 5] [--kills 3]

PostgreSQL (fsync on), two `homeshore router` processes, a floor of 10,000 agents who all work and 5,000 contacts that wait.
Agents close and accept all the while, from this process. The owner is killed (SIGKILL), and started again once the other has
taken over. `after_kill_s` is from the kill to the commit of the next owner's first offer, `after_lease_s` from the end of the dead owner's
lease to it; `caught_up_s` from the end of the lease until the facts that came meanwhile were all consumed. The promise:
`after_kill_s` ≤ lease + 1. Prints one JSON object on its last line.
"""

from __future__ import annotations

import argparse
import json
import os
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

FREED_A_TURN = 20
WARM_UP_SECONDS = 8


def main(agents: int, waiting: int, lease: int, kills: int) -> dict[str, object]:
    """Lay the floor, kill so many owners one after the other, and say how long each was missed."""
    from homeshore.cli.start import migrate_database, start_django

    start_django()
    migrate_database()
    from benchmarks.durable_floor import DurableFloor
    from benchmarks.routing_floor import draw_floor
    from homeshore.contacts.models import Checkpoint, Contact
    from homeshore.contacts.router.router import FloorRouter
    from homeshore.foundation import clock

    floor = DurableFloor(draw_floor(agents, 200), waiting, start=datetime.now(UTC), offer_seconds=3600)
    router = FloorRouter.take_over(floor.floor.pk, owner="bench:1:1", clock=clock)
    assert router is not None
    router.turn()
    while floor.accept_all() > agents // 50:  # until nearly every agent is busy
        floor.now = datetime.now(UTC)
        floor.arrive(waiting // 2)
        router.turn()
    missing = waiting - Contact.objects.filter(state="waiting").count()
    if missing > 0:
        floor.arrive(missing)
    router.turn()
    router.release()
    with tempfile.TemporaryDirectory() as folder:
        house = Routers(floor, Path(folder))
        found = [house.kill_the_owner() for _ in range(kills)]
        house.end()
    return {
        "agents": agents,
        "waiting": Contact.objects.filter(state="waiting").count(),
        "lease_s": lease,
        **{
            name: {"median": round(statistics.median(each), 2), "longest": round(max(each), 2)}
            for name, each in zip(
                ("after_kill_s", "after_lease_s", "caught_up_s"), zip(*found, strict=True), strict=True
            )
        },
        "pictures_laid": Checkpoint.objects.count(),
        "load_average": round(os.getloadavg()[0], 1),
    }


class Routers:
    """Two router processes, and people who close and accept while they route."""

    def __init__(self, floor, folder: Path) -> None:
        self.floor, self.folder = floor, folder
        self.processes = [self._start(number) for number in range(2)]

    def _start(self, number: int) -> subprocess.Popen[bytes]:
        command = [sys.executable, "-m", "homeshore.cli", "router", "--no-migrate"]
        with (self.folder / f"{number}.log").open("ab") as log:
            return subprocess.Popen(command, stdout=log, stderr=log)

    def kill_the_owner(self) -> tuple[float, float, float]:
        """Kill it amid work; seconds from the kill, and from the lease's end, to the next offer, and until nothing waits for the router."""
        from homeshore.contacts.models import Fact, Floor, Offer

        until = time.monotonic() + WARM_UP_SECONDS
        while time.monotonic() < until or not self._all_are_ready():
            self._work()
        floor = Floor.objects.get(pk=self.floor.floor.pk)
        dead = next(each for each in self.processes if each.pid == _pid_of(floor.owner))
        self._work()
        dead.send_signal(signal.SIGKILL)
        killed = datetime.now(UTC)
        dead.wait()
        floor.refresh_from_db()
        while not Offer.objects.filter(epoch__gt=floor.epoch).exists():
            self._work()
        first = datetime.now(UTC)
        while Fact.objects.exists():
            time.sleep(0.01)
        caught_up = datetime.now(UTC)
        number = self.processes.index(dead)
        self.processes[number] = self._start(number)
        ended = floor.lease_until
        return tuple(
            (each - since).total_seconds() for each, since in ((first, killed), (first, ended), (caught_up, ended))
        )

    def end(self) -> None:
        """Ask both to stop."""
        for each in self.processes:
            each.send_signal(signal.SIGTERM)
        for each in self.processes:
            each.wait(timeout=30)

    def _work(self) -> None:
        """Some agents close, as many customers come, and whoever is offered a contact accepts it."""
        from homeshore.contacts.models import Fact

        self.floor.now = datetime.now(UTC)
        if Fact.objects.count() < 50 * FREED_A_TURN:
            self.floor.free(FREED_A_TURN)
        self.floor.accept_all()
        time.sleep(0.05)

    def _all_are_ready(self) -> bool:
        """Whether one owns the floor, and the other has said that it stands by in that epoch."""
        from homeshore.contacts.models import Floor

        floor = Floor.objects.get(pk=self.floor.floor.pk)
        pids = [each.pid for each in self.processes]
        if not floor.owner or _pid_of(floor.owner) not in pids:
            return False
        other = 1 - pids.index(_pid_of(floor.owner))
        said = (self.folder / f"{other}.log").read_text()
        return f"Standing by floor {floor.pk} in epoch {floor.epoch}" in said


def _pid_of(owner: str) -> int:
    return int(owner.split(":")[1])


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--agents", type=int, default=10_000)
    parser.add_argument("--waiting", type=int, default=5_000)
    parser.add_argument("--lease", type=int, default=5)
    parser.add_argument("--kills", type=int, default=3)
    asked = parser.parse_args()
    from tests.servers.postgres import postgres_server

    with postgres_server() as url, tempfile.TemporaryDirectory() as data:
        os.environ |= {
            "HOMESHORE_DATABASE_URL": url,
            "HOMESHORE_DATA_DIR": data,
            "HOMESHORE_ROUTER_LEASE_SECONDS": str(asked.lease),
        }
        print(json.dumps(main(asked.agents, asked.waiting, asked.lease, asked.kills)))
