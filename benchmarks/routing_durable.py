"""Durable, released decisions: the router's own path against the same rows written by the ORM, one transaction each.

    python -m benchmarks.routing_durable

runs on SQLite (WAL, FULL) and on PostgreSQL (fsync on), each in a process and a database of its own, and prints one
JSON object on its last line. `durable_ratio_*` is decisions a second of the router over decisions a second of the
naive way, in the same run, and `durable_cpu_ratio_*` the same by this process's CPU time; `event_to_durable_p99_ms_*` is from a fact's commit to the commit of what it led to, while
1,000 decisions a second are asked for (`routing_steady`; `steady_decisions_per_s_*` says how many were made), and `alone_to_durable_p99_ms_*` a turn by itself, for 200 events a second, one after the other. `rebuild_seconds_*` is the take-over of the floor of 10,000 agents with its 5,000 contacts, all agents
busy; `rebuild_and_offer_seconds_*` the same with all of them free, so that thousands of offers are made in it.
"""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime, timedelta

AGENTS, QUEUES, WAITING = 10_000, 200, 5_000
GROUPS, GROUP = 12, 500
NAIVE_DECISIONS = 400
ALONE_PER_SECOND, ALONE_SECONDS = 200, 5


def measure() -> dict[str, float]:
    """The figures of the database that the environment names."""
    from homeshore.cli.start import migrate_database, start_django

    start_django()
    migrate_database()
    from django.db import connection

    store = {"postgresql": "pg"}.get(connection.vendor, connection.vendor)
    from benchmarks import routing_steady
    from benchmarks.durable_floor import DurableFloor
    from benchmarks.routing_floor import draw_floor
    from homeshore.contacts.router.router import FloorRouter
    from homeshore.foundation import memory
    from homeshore.values.clock import ManualClock

    earlier = datetime.now(UTC) - timedelta(
        minutes=2
    )  # what is told by a clock of its own is over before the real one goes on
    floor = DurableFloor(draw_floor(AGENTS, QUEUES), WAITING, start=earlier)
    clock = ManualClock(floor.now)
    start = time.perf_counter()
    router = FloorRouter.take_over(floor.floor.pk, owner="bench:1:1", clock=clock)
    assert router is not None
    rebuilt = time.perf_counter() - start
    router.turn()
    while floor.accept_all() > GROUP:  # until nearly every agent is busy, and as many as at the start wait
        floor.arrive(WAITING // 2)
        router.turn()
    router.turn()
    router.release()
    start = time.perf_counter()
    router = FloorRouter.take_over(floor.floor.pk, owner="bench:1:2", clock=clock)
    assert router is not None
    rebuilt_busy = time.perf_counter() - start
    memory.settle()  # as the routing process does
    spent, worked, decided = 0.0, 0.0, 0
    for _ in range(GROUPS):
        floor.now = clock.advance(timedelta(seconds=1))
        floor.free(GROUP)
        for _ in range(2):  # who is free and who comes, then the acceptances
            start, cpu = time.perf_counter(), time.process_time()
            router.turn()
            spent, worked = spent + time.perf_counter() - start, worked + time.process_time() - cpu
            decided += floor.accept_all()
    naive, naive_of_cpu = naive_rates(floor)
    latencies = alone(floor, router, clock)
    router.release()
    floor.lay_by(routing_steady.EVENTS)
    return {
        f"decisions_per_s_{store}": round(decided / spent),
        f"naive_per_s_{store}": round(naive),
        f"durable_ratio_{store}": round(decided / spent / naive, 1),
        f"durable_cpu_ratio_{store}": round(decided / worked / naive_of_cpu, 1),
        f"decisions_per_cpu_s_{store}": round(decided / worked),
        f"rebuild_seconds_{store}": round(rebuilt_busy, 2),
        f"rebuild_and_offer_seconds_{store}": round(rebuilt, 2),
        f"alone_to_durable_p50_ms_{store}": round(statistics.median(latencies), 2),
        f"alone_to_durable_p99_ms_{store}": round(sorted(latencies)[int(len(latencies) * 0.99)], 2),
        **{f"{name}_{store}": figure for name, figure in routing_steady.steady().items()},
    }


def naive_rates(floor) -> tuple[float, float]:
    """Decisions a second, and a second of this process's CPU, when each writes the same rows by the ORM, a transaction each."""
    from django.db import transaction
    from django.db.models import F

    from homeshore.contacts.models import Contact, Fact, Floor, JournalEntry, Offer
    from homeshore.foundation.models import Event

    model = Offer.objects.order_by("-id").select_related("contact").first()
    waiting = list(Contact.objects.filter(state="waiting").order_by("id")[:NAIVE_DECISIONS])
    facts = [Fact.objects.create(floor=floor.floor, input={}) for _ in range(3 * len(waiting))]
    start, cpu = time.perf_counter(), time.process_time()
    for number, contact in enumerate(waiting):
        with transaction.atomic():
            Floor.objects.filter(pk=floor.floor.pk).update(seq=F("seq") + 0)
            for part in range(3):
                facts[3 * number + part].delete()
                JournalEntry.objects.create(
                    floor=floor.floor, seq=10**9 + 3 * number + part, epoch=1, now=0, input=model.reasons, decided=""
                )
            contact.state = "offered"
            contact.save(update_fields=["state"])
            offer = Offer.objects.create(
                id=f"naive-{number}",
                floor=floor.floor,
                contact=contact,
                agent_id=model.agent_id,
                queue_id=contact.queue_id,
                epoch=1,
                offered_at=floor.now,
                expires_at=floor.now,
                reasons=model.reasons,
            )
            for topic in ("agent:1", "floor:1"):
                Event.objects.create(
                    operator=floor.operator, topics=[topic], kind="offer.opened", payload=offer.reasons, at=floor.now
                )
    rates = len(waiting) / (time.perf_counter() - start), len(waiting) / (time.process_time() - cpu)
    Offer.objects.filter(id__startswith="naive").delete()
    JournalEntry.objects.filter(seq__gte=10**9).delete()
    Contact.objects.filter(pk__in=[contact.pk for contact in waiting]).update(state="waiting")
    return rates


def alone(floor, router, clock) -> list[float]:
    """Milliseconds from a fact's commit to its durable decision, one fact after the other at a steady rate."""
    latencies = []
    step = 1 / ALONE_PER_SECOND
    due = time.perf_counter()
    for _ in range(ALONE_PER_SECOND * ALONE_SECONDS):
        floor.now = clock.advance(timedelta(milliseconds=1000 / ALONE_PER_SECOND))
        floor.free(1)
        start = time.perf_counter()
        router.turn()
        latencies.append((time.perf_counter() - start) * 1000)
        floor.accept_all()
        router.turn()
        due += step
        time.sleep(max(0.0, due - time.perf_counter()))
    return latencies


def run_in_process(database_url: str) -> dict[str, float]:
    """`measure` in a process of its own, on that database."""
    with tempfile.TemporaryDirectory() as folder:
        environment = {**os.environ, "HOMESHORE_DATA_DIR": folder, "HOMESHORE_DATABASE_URL": database_url}
        command = [sys.executable, "-m", "benchmarks.routing_durable", "--here"]
        done = subprocess.run(command, env=environment, check=True, capture_output=True, text=True)
    return json.loads(done.stdout.splitlines()[-1])


if __name__ == "__main__":
    if "--here" in sys.argv:
        print(json.dumps(measure()))
    else:
        from tests.servers.postgres import postgres_server

        figures = run_in_process("")
        with postgres_server() as url:
            figures |= run_in_process(url)
        print(json.dumps(figures))
