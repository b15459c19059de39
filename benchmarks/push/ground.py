"""What the push benchmark stands on: a database with many agents who each talk with a customer, and a server process."""

from __future__ import annotations

import os
import resource
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

ORIGIN = "https://shop.example"
WIDGET_KEY = "bench-widget"
START_SECONDS = 60


@dataclass(frozen=True, slots=True)
class Desk:
    """An agent's stream, and the token of the customer who writes to them."""

    grant: str
    visitor: str


def prepare(folder: Path) -> None:
    """Point the settings at a data folder of the benchmark's own, and make the database."""
    os.environ |= {
        "HOMESHORE_DATA_DIR": str(folder),
        "HOMESHORE_LOG_LEVEL": "WARNING",
        "HOMESHORE_CHAT_BRAND_MESSAGES_PER_MINUTE": "1000000",
    }
    from homeshore.cli.start import migrate_database, start_django

    start_django()
    migrate_database()


def make_desks(count: int) -> list[Desk]:
    """So many agents with an open chat each."""
    from homeshore.brands.models import Activity, Brand, Channel, Queue
    from homeshore.channels.chat import visitors
    from homeshore.contacts.models import Assignment, Contact, Conversation, Customer, Floor, QueueOnFloor
    from homeshore.foundation import clock, feed
    from homeshore.foundation.models import Operator, User
    from homeshore.people.models import Agent

    now = clock.now()
    operator = Operator.objects.create(name="Bench", slug=f"bench-{now.timestamp()}")
    brand = Brand.objects.create(
        operator=operator, name="Bench", slug="bench", sector="retail", widget_key=WIDGET_KEY, allowed_origins=[ORIGIN]
    )
    queue = Queue.objects.create(
        operator=operator,
        brand=brand,
        name="Chats",
        slug="chats",
        channel=Channel.CHAT,
        activity=Activity.CUSTOMER_SERVICE,
        target_seconds=60,
    )
    floor = Floor.objects.create(operator=operator, name="Floor")
    QueueOnFloor.objects.create(queue=queue, floor=floor)
    numbers = range(count)
    users = User.objects.bulk_create(User(email=f"agent{n}@bench.example", password="!") for n in numbers)
    agents = Agent.objects.bulk_create(
        Agent(operator=operator, user=user, name="Agent", first_name="Agent", status="employee") for user in users
    )
    known = [visitors.new_visitor(brand.pk) for _ in numbers]
    customers = Customer.objects.bulk_create(Customer(operator=operator, brand=brand, created_at=now) for _ in numbers)
    conversations = Conversation.objects.bulk_create(
        Conversation(
            operator=operator,
            brand=brand,
            customer=customer,
            channel=Channel.CHAT,
            thread_key=visitor.thread_key,
            created_at=now,
            last_message_at=now,
        )
        for customer, visitor in zip(customers, known, strict=True)
    )
    contacts = Contact.objects.bulk_create(
        Contact(
            operator=operator,
            floor=floor,
            conversation=conversation,
            brand=brand,
            queue=queue,
            channel=Channel.CHAT,
            state=Contact.State.ACTIVE,
            arrived_at=now,
            due_at=now + timedelta(seconds=60),
            answered_at=now,
        )
        for conversation in conversations
    )
    Assignment.objects.bulk_create(
        Assignment(contact=contact, agent=agent, queue=queue, opened_at=now)
        for contact, agent in zip(contacts, agents, strict=True)
    )
    return [
        Desk(
            grant=feed.grant(principal=f"user:{agent.user_id}", topics=[f"agent:{agent.pk}"]),
            visitor=visitors.token_of(visitor, now=now),
        )
        for agent, visitor in zip(agents, known, strict=True)
    ]


@dataclass(frozen=True, slots=True)
class Server:
    """A server process."""

    port: int
    pid: int

    def resident_kb(self) -> int:
        """Its resident memory in kB."""
        pages = int(Path(f"/proc/{self.pid}/statm").read_text().split()[1])
        return pages * resource.getpagesize() // 1024


@contextmanager
def served_by(module: str, *arguments: str) -> Iterator[Server]:
    """Run `python -m module … --port PORT` until the block ends."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    process = subprocess.Popen([sys.executable, "-m", module, *arguments, "--port", str(port)])
    try:
        deadline = time.monotonic() + START_SECONDS
        while not _listens(port):
            if process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(f"{module} did not start")
            time.sleep(0.05)
        yield Server(port, process.pid)
    finally:
        process.kill()  # its data go away with it, and thousands of streams would take long to end politely
        process.wait(30)


@contextmanager
def data_folder() -> Iterator[Path]:
    """A folder that goes away."""
    with tempfile.TemporaryDirectory(prefix="homeshore-bench-") as name:
        yield Path(name)


def allow_many_files() -> None:
    """Thousands of connections need thousands of file handles, here and in the server."""
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))


def _listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0
