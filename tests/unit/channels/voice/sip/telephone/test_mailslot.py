"""How long a datagram has waited is told by the machine, on real sockets."""

import socket
import sys
import time
from contextlib import closing

import pytest

from homeshore.channels.voice.sip.telephone.mailslot import arrived, tell_times

PAUSE_SECONDS = 0.05


@pytest.fixture
def slot():
    with closing(socket.socket(socket.AF_INET, socket.SOCK_DGRAM)) as listening:
        listening.bind(("127.0.0.1", 0))
        listening.setblocking(False)
        tell_times(listening)
        yield listening


@pytest.fixture
def sender():
    with closing(socket.socket(socket.AF_INET, socket.SOCK_DGRAM)) as sender:
        sender.bind(("127.0.0.1", 0))
        yield sender


@pytest.fixture
def _told_times(slot, sender):
    """Linux begins to note times a moment after the machine's first socket has asked it to."""

    for _ in range(100):
        sender.sendto(b"noted yet?", slot.getsockname())
        time.sleep(PAUSE_SECONDS)
        if all(datagram.waited >= PAUSE_SECONDS for datagram in arrived(slot, at_most=1)):
            return
    pytest.fail("the machine notes no times")


@pytest.mark.skipif(sys.platform != "linux", reason="Only Linux tells when a datagram came.")
@pytest.mark.usefixtures("_told_times")
def test_a_datagram_has_waited_since_it_came_and_not_since_somebody_looked(slot, sender):
    sender.sendto(b"early", slot.getsockname())
    time.sleep(PAUSE_SECONDS)
    sender.sendto(b"late", slot.getsockname())
    early, late = arrived(slot, at_most=8)
    assert [(early.content, early.source), (late.content, late.source)] == [
        (b"early", sender.getsockname()),
        (b"late", sender.getsockname()),
    ]
    assert early.waited >= PAUSE_SECONDS


def test_no_more_are_taken_than_asked_for_and_nothing_is_waited_for(slot, sender):
    for _ in range(3):
        sender.sendto(b"word", slot.getsockname())
    assert [len(list(arrived(slot, at_most=2))), len(list(arrived(slot, at_most=2)))] == [2, 1]
    assert list(arrived(slot, at_most=2)) == []
