"""Customers and agents who work through the services themselves, many times faster than through the API.

python -m tests.chaos.crew NOTES [PART OF]     until killed, which may be at any moment; no more customers come once NOTES.over is there

Several share the work: each of OF has its PART of the agents, from 0 on.

What it was told it notes in the file NOTES, a JSON line each, and only once the service had answered: `said`, `shown`,
`accepted`. `read_notes` puts them into a History beside what was observed over the API.
"""

from __future__ import annotations

import json
import os
import random
import sys
import time
import uuid
from collections.abc import Callable
from pathlib import Path
from typing import Any

from homeshore.cli.start import start_django
from homeshore.demo import dataset
from tests.chaos.history import History

THREADS = "crew-"
"""How the threads of its customers begin."""
FIRST_AGENT = 4
"""Of the shop's agents, those from here on; the others are at their desks, over the API (`people.agents_at_work`)."""
AT_ONCE = 40
"""How many customers of the crews may wait before they send no more."""
LOOK_SECONDS = 2.0


def over_of(notes: Path) -> Path:
    """The file that says that no more of its customers are to come: a crew that was killed and starts again must see it too."""
    return notes.with_name(f"{notes.name}.over")


def read_notes(notes: Path, history: History) -> int:
    """Add what the crew noted to what was observed; how many customers were told that their words are kept."""
    said = 0
    for line in notes.read_text(encoding="utf-8").splitlines():
        noted = json.loads(line)
        if "said" in noted:
            history.acknowledged.append(noted["said"])
            said += 1
        elif "shown" in noted:
            history.show(noted["shown"], contact=noted["contact"], agent=noted["agent"])
        else:
            history.accepted[noted["accepted"]] = noted["agent"]
    return said


class Crew:
    """All of them in one process, one call of a service after the other, each repeated until it is answered."""

    def __init__(self, notes: Path, part: int = 0, of: int = 1) -> None:
        from homeshore.brands.models import Disposition, Queue
        from homeshore.people.models import Agent

        self.notes = os.open(notes, os.O_WRONLY | os.O_APPEND | os.O_CREAT)
        self.chance = random.Random(uuid.uuid4().int)
        shop = [each.email for each in dataset.AGENTS if "maison-lavande" in each.brands][FIRST_AGENT + part :: of]
        self.agents = {each.pk: each.user.email for each in Agent.objects.filter(user__email__in=shop)}
        queue = Queue.objects.get(brand__slug="maison-lavande", slug="service-client")
        self.queue_id, self.brand_id = queue.pk, queue.brand_id
        self.end_id = Disposition.objects.filter(brand_id=self.brand_id, parent__isnull=False).earliest("position").pk
        self.over = over_of(notes)
        self.looked_at = 0.0

    def work(self) -> None:
        """Until killed."""
        position: Any = None
        while True:
            if position is None or time.monotonic() - self.looked_at > LOOK_SECONDS:
                position = self.insist(self.look)
            if not self.over.exists() and self.insist(self.waiting) < AT_ONCE:
                self.insist(self.write_in)
            position = self.insist(lambda since=position: self.hear(since))

    def insist(self, work: Callable[[], Any]) -> Any:
        """Try until the database lets it happen; a refusal is an answer."""
        from django.db import DatabaseError, InterfaceError, connection

        from homeshore.contacts.refusals import NotYours
        from homeshore.foundation.errors import NotFound, Refused

        while True:
            try:
                return work()
            except (Refused, NotFound, NotYours):
                return None
            except (DatabaseError, InterfaceError):
                connection.close()
                connection.close_pool()  # a pool that lost its database waits longer and longer before it tries again
                time.sleep(0.2)

    def note(self, **told: Any) -> None:
        os.write(self.notes, json.dumps(told).encode() + b"\n")

    def waiting(self) -> int:
        from homeshore.contacts.models import Contact

        return Contact.objects.filter(state="waiting", conversation__thread_key__startswith=THREADS).count()

    def write_in(self) -> None:
        """One customer writes; one in thirty leaves again at once."""
        from homeshore.contacts import services
        from homeshore.foundation import clock

        said = uuid.uuid4().hex
        received = self.insist(
            lambda: services.receive_message(
                queue_id=self.queue_id,
                thread_key=THREADS + said,
                customer=services.CustomerFacts(name="Claire"),
                body="Bonjour",
                client_id=said,
                now=clock.now(),
            )
        )
        self.note(said=said)
        if self.chance.random() < 1 / 30:
            self.insist(lambda: services.abandon_contact(contact_id=received.contact.pk, now=clock.now()))

    def look(self) -> Any:
        """What stands on the desks, as after a page was opened anew; then go on from there."""
        from homeshore.contacts import services
        from homeshore.contacts.models import Assignment
        from homeshore.contacts.queries import desk
        from homeshore.foundation import clock, feed

        self.looked_at, position = time.monotonic(), feed.position()
        for agent_id in self.agents:
            services.set_presence(agent_id=agent_id, state="ready", now=clock.now())
            for offer in desk.open_offers(agent_id):
                self.answer(offer, agent_id)
            for contact_id in Assignment.objects.filter(agent_id=agent_id, state="active").values_list(
                "contact", flat=True
            ):
                self.close(agent_id, contact_id)
        return position

    def hear(self, position: Any) -> Any:
        """What was pushed to the desks since: every offer is answered."""
        from homeshore.foundation import feed

        told = feed.read(position)
        for event in told:
            agent_id = int(event.topics[0].removeprefix("agent:")) if event.topics[0].startswith("agent:") else None
            if event.kind == "offer.opened" and agent_id in self.agents:
                self.answer(event.payload["offer"], agent_id)
        if not told:
            time.sleep(0.01)
        return told[-1].position if told else position

    def answer(self, offer: dict[str, Any], agent_id: int) -> None:
        """Nine in ten are taken and dealt with; the others are declined, or ring until their time is over."""
        from homeshore.contacts import services
        from homeshore.foundation import clock

        self.note(shown=offer["id"], contact=offer["contact"], agent=self.agents[agent_id])
        luck = self.chance.random()
        if luck < 0.005:
            return
        mine = {"agent_id": agent_id, "offer_id": offer["id"]}
        if luck < 0.05:
            self.insist(lambda: services.decline_offer(**mine, now=clock.now()))
        elif self.insist(lambda: services.accept_offer(**mine, now=clock.now())):
            self.note(accepted=offer["id"], agent=self.agents[agent_id])
            if luck < 0.1:
                hand_on = {"agent_id": agent_id, "contact_id": offer["contact"], "to_queue_id": self.queue_id}
                self.insist(lambda: services.transfer_contact(**hand_on, now=clock.now()))
            else:
                self.close(agent_id, offer["contact"])

    def close(self, agent_id: int, contact_id: int) -> None:
        from homeshore.contacts import services
        from homeshore.foundation import clock

        work = {"agent_id": agent_id, "contact_id": contact_id, "disposition_id": self.end_id, "wrap_up": False}
        self.insist(lambda: services.close_contact(**work, now=clock.now()))


if __name__ == "__main__":
    start_django()
    Crew(Path(sys.argv[1]), *map(int, sys.argv[2:])).work()
