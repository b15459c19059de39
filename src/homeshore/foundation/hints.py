"""Hints: "look again, something was committed". They carry no truth; whoever misses one finds the same by looking each second.

On SQLite a hint is a call in this process after the commit. On PostgreSQL it is a NOTIFY, which every process hears.
"""

import logging
import select
import socket
import threading
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from django.db import connection, transaction

if TYPE_CHECKING:
    import psycopg

logger = logging.getLogger(__name__)

Heard = Callable[[str], None]
PREFIX = "homeshore_"
LONGEST_NOTIFY = 7900
LISTENER = "listener"
"""The subject by which the thread that listens wakes itself, when told to look again."""
LISTEN_SECONDS = 1.0

_listeners: dict[str, list[Heard]] = {}
_guard = threading.Lock()

listening_began = threading.Event()
"""Set while this process hears hints."""


def on(subject: str, heard: Heard) -> Callable[[], None]:
    """Call `heard(text)`, from any thread, at every hint about `subject`; returns what ends the subscription."""
    with _guard:
        _listeners.setdefault(subject, []).append(heard)

    def forget() -> None:
        with _guard:
            _listeners[subject].remove(heard)

    return forget


def after_commit(subject: str, text: str = "") -> None:
    """Give a hint once the open transaction is committed (at once when none is open); never when it is rolled back.

    Raises ValueError when `text` is longer than a NOTIFY may carry.
    """
    if len(text.encode()) > LONGEST_NOTIFY:
        raise ValueError(f"A hint carries at most {LONGEST_NOTIFY} bytes, and this one about {subject} is longer.")
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_notify(%s, %s)", [PREFIX + subject, text])
    else:
        transaction.on_commit(lambda: tell(subject, text))


def tell(subject: str, text: str = "") -> None:
    """Pass a hint to the listeners of this process, now."""
    with _guard:
        listeners = list(_listeners.get(subject, ()))
    for heard in listeners:
        heard(text)


def look_again() -> None:
    """Have everybody in this process look: hints may have been missed, or they shall see that they are to stop."""
    with _guard:
        subjects = list(_listeners)
    for subject in subjects:
        tell(subject)


def listen(stop: threading.Event) -> None:
    """Pass on PostgreSQL's notifications until told to stop; SQLite has none, and this only waits.

    Raises psycopg.OperationalError when the connection is lost; started again, it first tells everybody to look.
    """
    if connection.vendor != "postgresql":
        listening_began.set()
        stop.wait()
        return
    import psycopg

    ours, theirs = socket.socketpair()
    with ours, theirs, psycopg.connect(**_plain_parameters(), autocommit=True) as listening:
        forget = on(LISTENER, lambda _: theirs.sendall(b"."))
        try:
            _pass_on(listening, ours, stop)
        finally:
            forget()
            listening_began.clear()


def _pass_on(listening: "psycopg.Connection[Any]", awake: socket.socket, stop: threading.Event) -> None:
    heard: set[str] = set()
    while not stop.is_set():
        for subject in set(_listeners) - heard:
            listening.execute(f'LISTEN "{PREFIX}{subject}"')
            tell(subject)
            heard.add(subject)
        listening_began.set()
        if awake.fileno() in select.select([listening.fileno(), awake.fileno()], [], [], LISTEN_SECONDS)[0]:
            awake.recv(64)
        for notice in listening.notifies(timeout=0):
            tell(notice.channel.removeprefix(PREFIX), notice.payload)


def _plain_parameters() -> dict[str, Any]:
    """Django's parameters without what only its own cursors and pool understand."""
    known = ("dbname", "user", "password", "host", "port", "sslmode", "service")
    return {name: value for name, value in connection.get_connection_params().items() if name in known}
