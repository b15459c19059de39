"""The telephone as background work of a process: one listens at its address, another that is started waits to take over."""

import errno
import logging
import secrets
import socket
import threading
from pathlib import Path

from django.conf import settings

from homeshore.channels.voice.sip import reception
from homeshore.channels.voice.sip.guest import Instruments
from homeshore.channels.voice.sip.media.control import Control
from homeshore.channels.voice.sip.media.places import Places
from homeshore.channels.voice.sip.signalling import UserAgent
from homeshore.channels.voice.sip.telephone import Telephone
from homeshore.foundation import clock, feed

logger = logging.getLogger(__name__)

Address = tuple[str, int]
TURN_SECONDS = 0.5
WAIT_SECONDS = 1.0
"""Between two tries to listen at an address at which another process listens."""
GIVE_BACK_SECONDS = 3.0
"""For which the trunks are waited, when the telephone ends."""
RECORDINGS = Path(__file__).parent / "recordings"


def run(stop: threading.Event) -> None:
    """Carry calls until told to stop. Raises OSError when the address is none of this machine's."""
    reception.warm(now=clock.now())
    listening = _listen(settings.SIP_LISTEN, stop)
    if listening is None:
        return
    control = Control(settings.RTPENGINE)
    keys = _listen(settings.KEYS_LISTEN, stop)
    telephone = Telephone(listening, instruments(listening, control), now=clock.now, keys=keys)
    forget = [feed.on_hint(telephone.wake), feed.on_whisper(lambda *_: telephone.wake())]
    try:
        taken_up = telephone.take_up()
        logger.info("The telephone listens at %s; it took up %s calls", telephone.home, taken_up)
        while not stop.is_set():
            telephone.turn(wait=TURN_SECONDS)
        telephone.give_back(within=GIVE_BACK_SECONDS)
    finally:
        for each in forget:
            each()
        telephone.close()
        control.close()


def instruments(listening: socket.socket, control: Control) -> Instruments:
    """What a telephone that listens there works with."""
    contact = "{}:{}".format(*listening.getsockname())
    agent = UserAgent(contact=contact, token=lambda: secrets.token_hex(10))
    recordings = Path(settings.RTPENGINE_RECORDINGS or RECORDINGS)
    return Instruments(agent, Places(control), recordings, settings.SIP_EDGE, outside=settings.SIP_OUTSIDE)


def _listen(address: Address | None, stop: threading.Event) -> socket.socket | None:
    waiting = False
    while address and not stop.is_set():
        listening = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        try:
            listening.bind(address)
            return listening
        except OSError as error:
            listening.close()
            if error.errno != errno.EADDRINUSE:
                raise
        if not waiting:
            logger.info("Another process has the telephone at %s:%s; this one is ready to take over", *address)
            waiting = True
        stop.wait(WAIT_SECONDS)
    return None
