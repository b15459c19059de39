"""Mail servers that take connections and packets, and say nothing more: they are told apart, given up and asked anew."""

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from imapclient import SocketTimeout

from homeshore.channels.email import imap
from homeshore.channels.email.imap import OutOfReach, open_folder

pytestmark = pytest.mark.django_db

ANSWERS = {
    b"CAPABILITY": b"* CAPABILITY IMAP4rev1 IDLE\r\n",
    b"SELECT": b"* 0 EXISTS\r\n* OK [UIDVALIDITY 7]\r\n* OK [UIDNEXT 1]\r\n",
}


@contextmanager
def imap_server(*, silent_from: bytes) -> Iterator[tuple[int, Callable[[], int]]]:
    """An IMAP server that swallows everything from a command on; its port, and how many connections it has had."""
    listener = socket.create_server(("127.0.0.1", 0))
    held: list[socket.socket] = []

    def serve(connection: socket.socket) -> None:
        if silent_from == b"":
            return
        connection.sendall(b"* OK ready\r\n")
        with connection.makefile("rb") as lines:
            for line in lines:
                tag, _, command = line.strip().partition(b" ")
                word = command.split(b" ")[0].upper()
                if word == silent_from or not word:
                    return
                connection.sendall(
                    ANSWERS.get(word, b"") + (b"+ idling\r\n" if word == b"IDLE" else tag + b" OK done\r\n")
                )

    def accept() -> None:
        while True:
            try:
                connection, _ = listener.accept()
            except OSError:
                return
            held.append(connection)
            threading.Thread(target=serve, args=(connection,), daemon=True).start()

    threading.Thread(target=accept, daemon=True).start()
    try:
        yield listener.getsockname()[1], lambda: len(held)
    finally:
        listener.close()
        for each in held:
            each.close()


@pytest.fixture(autouse=True)
def _short_patience(monkeypatch):
    monkeypatch.setattr(imap, "SocketTimeout", lambda *, connect, read: SocketTimeout(connect=0.5, read=0.5))


@pytest.mark.parametrize("silent_from", [b"", b"LOGIN", b"SELECT"])
def test_a_server_that_takes_the_connection_and_says_nothing_is_out_of_reach(mailbox, silent_from):
    with imap_server(silent_from=silent_from) as (port, _connections):
        mailbox.imap_port = port
        with pytest.raises(OutOfReach, match="does not answer"), open_folder(mailbox):
            pass


def test_a_connection_that_dies_while_one_waits_is_noticed_and_the_next_one_is_new(mailbox):
    with imap_server(silent_from=b"DONE") as (port, connections):
        mailbox.imap_port = port
        for expected in (1, 2):
            with pytest.raises(OutOfReach, match="does not answer"), open_folder(mailbox) as folder:
                folder.wait(threading.Event(), seconds=1)
            assert connections() == expected
