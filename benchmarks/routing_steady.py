"""From event to durable decision while 1,000 decisions a second are asked for, as a house that runs would see it.

The router is `contacts.router.work.run`, woken by hints. Beside it a *world* closes contacts, brings new ones and accepts
offers: on SQLite in a thread of the same process, as in `homeshore serve`; on PostgreSQL in another process, as the webs are.
It writes at most every two milliseconds what has fallen due since, in one transaction that is not flushed to disk by itself: a web
waits for a flush at each request, which many webs do at once, and one world that did so would ask for fewer than 1,000 events.
What the router commits is flushed, and with it all that was written before.

An event's time runs from the world's commit of its fact to the router's commit of the group that consumed it.
"""

from __future__ import annotations

import json
import subprocess
import sys
import threading
import time
from bisect import bisect_left
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

PER_SECOND, SECONDS, WARM_UP = 1_000, 12, 4
EVENTS = PER_SECOND * SECONDS
PAUSE = 0.002

Mark = tuple[int, float]
"""Of a commit of the world: the last fact in it, and when it was committed, on the machine's monotonic clock."""


class World:
    """Agents and customers of the benchmark's floor, who act at a steady rate, in plain SQL.

    Who is to come stands in the tables as a customer who left (`DurableFloor.lay_by`), and arrives by one UPDATE.
    """

    def __init__(self) -> None:
        from homeshore.contacts.models import Assignment, Contact, Floor

        self.floor = Floor.objects.get()
        active = Assignment.objects.filter(state="active").order_by("id")
        self.active = deque(active.values_list("id", "contact_id"))
        self.next_assignment = Assignment.objects.latest("id").pk + 1
        to_come = Contact.objects.filter(outcome="abandoned").order_by("id")
        self.to_come = deque(to_come.values_list("id", "queue_id", "queue__target_seconds", "priority"))

    def live(self, seconds: float) -> list[Mark]:
        """So many seconds of `PER_SECOND` contacts closed and as many new ones, each offer accepted as soon as it is seen."""
        from django.db import connection

        flush_nothing = (
            "SET synchronous_commit = off" if connection.vendor == "postgresql" else "PRAGMA synchronous=NORMAL"
        )
        with connection.cursor() as cursor:
            cursor.execute(flush_nothing)
        marks: list[Mark] = []
        begun, done = time.perf_counter(), 0
        while (lived := time.perf_counter() - begun) < seconds:
            due = min(int(lived * PER_SECOND) - done, len(self.active), len(self.to_come))
            last = self._act(due)
            if last is not None:
                marks.append((last, time.perf_counter()))
            done += due
            time.sleep(PAUSE)
        return marks

    def _act(self, due: int) -> int | None:
        """Accept what is offered, close so many contacts and bring as many; the last fact told, or None where nothing happened."""
        from django.db import connection

        from homeshore.contacts import facts
        from homeshore.foundation import clock
        from homeshore.foundation.transactions import write

        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT id, contact_id, agent_id, queue_id FROM contacts_offer WHERE state = 'open' ORDER BY id"
            )
            offers = cursor.fetchall()
        if not due and not offers:
            return None
        now = clock.now()
        with write(), connection.cursor() as cursor:
            facts.tell(self.floor.pk, *self._accept(offers, now), *self._close(due, now), *self._arrive(due, now))
            cursor.execute("SELECT max(id) FROM contacts_fact")
            (last,) = cursor.fetchone()
        return int(last)

    def _accept(self, offers, now) -> list:
        from homeshore.contacts.models import Assignment
        from homeshore.foundation import bulk
        from homeshore.routing.inputs import OfferAccepted

        first = self.next_assignment
        self.next_assignment += len(offers)
        taken = list(enumerate(offers, first))
        self._update("offer", "state = 'accepted', ended_at = %s", [now], [offer[0] for offer in offers])
        self._update("contact", "state = 'active'", [], [offer[1] for offer in offers])
        bulk.insert(
            Assignment,
            ("id", "contact", "agent", "offer", "queue", "state", "why", "opened_at"),
            ((id, contact, agent, offer, queue, "active", "", now) for id, (offer, contact, agent, queue) in taken),
        )
        self.active += ((id, contact) for id, (_, contact, _, _) in taken)
        return [OfferAccepted(offer, contact, agent, id) for id, (offer, contact, agent, _) in taken]

    def _close(self, count: int, now) -> list:
        from homeshore.routing.inputs import AssignmentClosed

        closing = [self.active.popleft() for _ in range(count)]
        self._update(
            "assignment", "state = 'ended', ended_at = %s, why = 'closed'", [now], [each[0] for each in closing]
        )
        closed = "state = 'closed', outcome = 'handled', closed_at = %s"
        self._update("contact", closed, [now], [each[1] for each in closing])
        return [AssignmentClosed(each[0]) for each in closing]

    def _arrive(self, count: int, now) -> list:
        from django.db import connection

        from homeshore.routing.inputs import ContactArrived
        from homeshore.values.clock import to_milliseconds

        coming = [self.to_come.popleft() for _ in range(count)]
        times = [(now, now + timedelta(seconds=target), id) for id, _, target, _ in coming]
        with connection.cursor() as cursor:
            cursor.executemany(
                "UPDATE contacts_contact SET state = 'waiting', outcome = '', closed_at = NULL, arrived_at = %s, due_at = %s WHERE id = %s",
                times,
            )
        arrived = to_milliseconds(now)
        return [ContactArrived(id, queue, arrived, priority) for id, queue, _, priority in coming]

    def _update(self, table: str, changes: str, values: list, ids: list) -> None:
        if not ids:
            return
        from django.db import connection

        from homeshore.foundation import bulk

        among = bulk.among(ids)
        with connection.cursor() as cursor:
            cursor.execute(f"UPDATE contacts_{table} SET {changes} WHERE id IN ({among.sql})", [*values, *among.params])


def steady() -> dict[str, float]:
    """Milliseconds from event to durable decision, and decisions a second, of a floor that nobody routes yet."""
    from django.db import connection

    from homeshore.contacts.models import Fact, Floor, Offer

    durable: dict[int, float] = {}
    with _routing(durable):
        while Fact.objects.exists() or not Floor.objects.exclude(owner="").exists():  # until it has taken over
            time.sleep(0.1)
        time.sleep(2)  # and has dealt with what time has brought
        before = Offer.objects.count()
        if connection.vendor == "sqlite":
            marks = World().live(SECONDS)
        else:
            command = [sys.executable, "-m", "benchmarks.routing_steady"]
            done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)
            marks = [(last, at) for last, at in json.loads(done.stdout)]
        decided = Offer.objects.count() - before
    commits = [last for last, _ in marks]
    since, until = marks[0][1] + WARM_UP, marks[-1][1] - 1
    waits = sorted(
        (durable.get(fact, until + 1) - at) * 1000
        for fact in range(commits[0] + 1, commits[-1] + 1)
        for at in [marks[bisect_left(commits, fact)][1]]
        if since <= at < until
    )
    return {
        "event_to_durable_p50_ms": round(waits[len(waits) // 2], 2),
        "event_to_durable_p99_ms": round(waits[int(len(waits) * 0.99)], 2),
        "steady_decisions_per_s": round(decided / SECONDS),
    }


@contextmanager
def _routing(durable: dict[int, float]) -> Iterator[None]:
    """A routing process in threads of this one; `durable` is told of each fact when what it led to was committed."""
    from homeshore.contacts.router import router, work
    from homeshore.foundation import hints

    commit = router.commit_decisions

    def commit_and_note(floor_id, *, group, **whose):
        refused = commit(floor_id, group=group, **whose)
        at = time.perf_counter()
        durable.update((fact, at) for fact in group.fact_ids)
        return refused

    router.commit_decisions = commit_and_note
    stop = threading.Event()
    threads = [threading.Thread(target=each, args=(stop,)) for each in (work.run, hints.listen)]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        stop.set()
        hints.look_again()
        for thread in threads:
            thread.join()
        router.commit_decisions = commit


if __name__ == "__main__":
    from homeshore.cli.start import start_django

    start_django()
    print(json.dumps(World().live(SECONDS)))
