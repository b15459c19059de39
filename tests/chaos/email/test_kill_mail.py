"""`kill -9` with mails half read and half sent: none lost, none taken twice, none answered twice."""

from __future__ import annotations

import os
import random
import signal
import sqlite3
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.servers.dovecot import Dovecot
from tests.servers.ground import wait_until
from tests.servers.smtp import SmtpServer
from tests.unit.channels.email.mails import written

MAILS = 60
KILLS = 6

SETTING_UP = """
from datetime import UTC, datetime
from homeshore.cli.start import migrate_database, start_django
start_django()
migrate_database()
from homeshore.brands.models import Brand, Queue
from homeshore.channels.email.models import Mailbox
from homeshore.channels.email.secrets import encrypt
from homeshore.contacts.models import Floor, QueueOnFloor
from homeshore.foundation.models import Operator
operator = Operator.objects.create(name="Chaos", slug="chaos")
brand = Brand.objects.create(operator=operator, name="Chaos", slug="chaos", sector="retail", widget_key="chaos")
queue = Queue.objects.create(operator=operator, brand=brand, name="Mails", slug="m", channel="email", activity="assistance", target_seconds=60)
QueueOnFloor.objects.create(queue=queue, floor=Floor.objects.create(operator=operator, name="Chaos"))
past = datetime(2000, 1, 1, tzinfo=UTC)
Mailbox.objects.create(
    operator=operator, brand=brand, queue=queue, address="service@maisonverte.example", display_name="Maison Verte",
    imap_host="127.0.0.1", imap_port={imap}, imap_security="none", imap_user="chaos-box", imap_secret=encrypt({password!r}),
    smtp_host="127.0.0.1", smtp_port={smtp}, smtp_security="none", acknowledgement="Bien reçu.", take_since=past, state_since=past,
)
"""


def environment(data: Path) -> dict[str, str]:
    clean = {name: value for name, value in os.environ.items() if not name.startswith(("HOMESHORE_", "DJANGO_"))}
    return {**clean, "HOMESHORE_DATA_DIR": str(data), "HOMESHORE_LOG_LEVEL": "ERROR"}


@contextmanager
def workers(data: Path) -> Iterator[Callable[[], int]]:
    """Each call starts another worker, and tells its process."""
    command = [sys.executable, "-m", "tests.chaos.email.mail_worker"]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
    with subprocess.Popen(command, env=environment(data), **pipes) as forking:

        def start() -> int:
            print(file=forking.stdin, flush=True)
            return int(forking.stdout.readline())

        yield start


def kill(worker: int) -> None:
    """Kill it where it stands; it is gone when this returns."""
    os.kill(worker, signal.SIGKILL)
    wait_until(lambda: not Path(f"/proc/{worker}").exists(), what="end of a worker")


def asked(data: Path, query: str) -> list[tuple[object, ...]]:
    with sqlite3.connect(data / "homeshore.sqlite3", timeout=30) as connection:
        return connection.execute(query).fetchall()


def test_a_process_killed_in_the_middle_of_its_mails_loses_none_and_answers_none_twice(
    tmp_path, dovecot: Dovecot, smtp: SmtpServer
):
    setting_up = SETTING_UP.format(imap=dovecot.port, smtp=smtp.port, password=dovecot.password)
    subprocess.run([sys.executable, "-c", setting_up], env=environment(tmp_path), check=True)
    for number in range(MAILS):
        raw = written(f"Message {number}", From=f"client{number}@fai.example", Message_ID=f"<{number}@fai.example>")
        dovecot.deliver("chaos-box", raw)
    chance = random.Random(4)

    with workers(tmp_path) as start:
        for _kill in range(KILLS):
            worker = start()
            before = len(asked(tmp_path, "SELECT id FROM email_inboundmail"))
            wait_until(
                lambda before=before: len(asked(tmp_path, "SELECT id FROM email_inboundmail")) > min(before, MAILS - 1),
                what="reading of a mail",
            )
            time.sleep(chance.uniform(0, 0.4))
            kill(worker)
        worker = start()
        try:
            wait_until(lambda: settled(tmp_path) >= MAILS - KILLS, what="end of all mails but those in hand at a kill")
        finally:
            kill(worker)

    bodies = [row[0] for row in asked(tmp_path, "SELECT body FROM contacts_message")]
    assert sorted(bodies) == sorted(f"Message {number}" for number in range(MAILS))
    assert asked(tmp_path, "SELECT count(*) FROM contacts_contact") == [(MAILS,)]
    assert asked(tmp_path, "SELECT count(*) FROM email_inboundmail WHERE state = 'taken'") == [(MAILS,)]
    received = Counter(str(one.message["Message-ID"]) for one in smtp.received)
    assert max(received.values()) == 1
    known = dict(asked(tmp_path, "SELECT mail_id, state FROM email_outboundmail"))
    assert {mail_id for mail_id, state in known.items() if state == "sent"} <= set(received)
    in_doubt = {mail_id for mail_id, state in known.items() if state == "handing_over"}
    assert len(in_doubt) <= KILLS
    assert set(received) - in_doubt == {mail_id for mail_id, state in known.items() if state == "sent"}


def settled(data: Path) -> int:
    """Outgoing mails that are not waiting; what was in hand at a kill waits until its claim has run out."""
    (row,) = asked(data, "SELECT count(*) FROM foundation_outboxmessage WHERE state != 'pending'")
    return int(str(row[0]))
