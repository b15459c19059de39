"""One loop of one thread: it hears datagrams and keys, looks at what has become of its calls whenever something changed and each
second, and says what is to be said. One who calls is let in at a time, when nothing within a call waits to be heard."""

import logging
import selectors
import socket
import time
from collections.abc import Callable
from datetime import datetime

from homeshore.channels.voice.pace import Pace
from homeshore.channels.voice.sip import reception
from homeshore.channels.voice.sip.callee import Callee
from homeshore.channels.voice.sip.guest import Guest, Instruments
from homeshore.channels.voice.sip.media.keys import pressed_in
from homeshore.channels.voice.sip.media.places import CALLER
from homeshore.channels.voice.sip.signalling import (
    Agreed,
    Answered,
    Cancelled,
    Event,
    Failed,
    Gone,
    HungUp,
    Invited,
    Malformed,
    NotRegistered,
    ProxySeen,
    Refused,
    Registered,
    Reinvited,
    Rings,
    There,
)
from homeshore.channels.voice.sip.telephone.arrivals import Arrivals
from homeshore.channels.voice.sip.telephone.following import follow_all
from homeshore.channels.voice.sip.telephone.guests import Guests
from homeshore.channels.voice.sip.telephone.hearing import Hearing
from homeshore.channels.voice.sip.telephone.mailslot import LARGEST, arrived, tell_times
from homeshore.channels.voice.sip.telephone.registrar import Registrar

logger = logging.getLogger(__name__)

LOOK_SECONDS = 1.0
OTHERS = 4
"""Times what looks at the house take belongs to others, so that many callers leave time to hear them."""
LISTEN_SECONDS = 0.04
"""Between two looks whether sound goes both ways, of a caller who was just led to an agent."""
CHECK_SECONDS = 5.0
"""Between two looks whether a caller is still heard."""
AT_ONCE = 64
"""Datagrams that are heard before callers are looked after again, however many come."""


class Telephone:
    """See the module. `turn` is one turn of the loop; `wake` may be called from any thread."""

    def __init__(
        self,
        listening: socket.socket,
        instruments: Instruments,
        *,
        now: Callable[[], datetime],
        monotonic: Callable[[], float] = time.monotonic,
        keys: socket.socket | None = None,
    ) -> None:
        self.home = "{}:{}".format(*listening.getsockname())
        self._socket, self._with, self._now, self._monotonic = listening, instruments, now, monotonic
        self._guests = Guests(self.home, instruments, now=now, monotonic=monotonic)
        self._hearing = Hearing(self._guests)
        self._arrivals = Arrivals(instruments.agent)
        self._registrar = Registrar(self._guests)
        self._ear, self._mouth = socket.socketpair()
        self._keys = keys
        instruments.speaker.on_spoken = self.wake
        for each in (listening, self._ear, self._mouth, *([keys] if keys else [])):
            each.setblocking(False)
        tell_times(listening)
        self._selector = selectors.DefaultSelector()
        self._selector.register(listening, selectors.EVENT_READ)
        self._selector.register(self._ear, selectors.EVENT_READ)
        if keys:
            self._selector.register(keys, selectors.EVENT_READ)
        self._look_at = self._listen_at = self._check_at = 0.0
        self._pace = Pace(others=OTHERS)

    def wake(self) -> None:
        """Something may have changed in the house: look soon."""
        try:
            self._mouth.send(b".")
        except BlockingIOError:
            return  # it has been told often enough

    def close(self) -> None:
        """Hear nothing any more. Callers stay where they are; whoever listens at this address next takes them up."""
        self._with.speaker.on_spoken = lambda: None
        self._with.speaker.close()
        self._selector.close()
        for each in (self._socket, self._ear, self._mouth, *([self._keys] if self._keys else [])):
            each.close()

    def give_back(self, *, within: float) -> None:
        """Have the trunks bring nothing here any more, before `close` when nobody is to follow at once; waits so many seconds for them."""
        self._registrar.give_back()
        deadline = self._monotonic() + within
        self._send()
        while self._registrar.waits and (left := deadline - self._monotonic()) > 0:
            self._selector.select(min(left, LOOK_SECONDS))
            self._hear()
            self._send()

    def take_up(self) -> int:
        """Carry on the calls that the telephone at this address had before; how many."""
        self._guests.take_up()
        self._hearing.show_alive(list(self._guests))  # nobody could hear them meanwhile
        return len(self._guests)

    def turn(self, *, wait: float) -> None:
        """Hear what comes within `wait` seconds at most, and do what is due."""
        for key, _ in self._selector.select(self._until_due(wait)):
            if key.fileobj is self._ear:
                self._ear.recv(LARGEST)
                self._look_soon()
            elif key.fileobj is self._keys:
                self._hear_key(self._keys)
            else:
                self._hear()
        self._let_in_next()
        for event in self._with.agent.tick(now=self._monotonic()):
            self._on(event)
        now = self._monotonic()
        if now >= self._look_at:
            self._look()
        if now >= self._registrar.look_at:
            self._registrar.look()
        if now >= self._check_at:
            self._check_at = now + CHECK_SECONDS
            self._hearing.check_all()
        self._hearing.check_some()
        if now >= self._listen_at:
            self._listen_at = now + LISTEN_SECONDS
            self._hearing.listen()
        self._send()

    def _until_due(self, wait: float) -> float:
        if self._arrivals or self._hearing.has_some_to_check:
            return 0.0
        listens = [self._listen_at] if self._hearing.connecting() else []
        due = [self._look_at, self._check_at, *listens, self._with.agent.next_due()]
        return max(0.0, min([wait, *(each - self._monotonic() for each in due if each is not None)]))

    def _look_soon(self) -> None:
        self._look_at = min(self._look_at, self._pace.next_at)

    def _look(self) -> None:
        began, worked = self._monotonic(), time.thread_time()
        self._look_at = began + LOOK_SECONDS
        follow_all(self._guests)
        ended, worked = self._monotonic(), time.thread_time() - worked
        # Waiting for the database keeps nobody but those who call now.
        self._pace.looked(began=began, ended=ended, took=ended - began if self._arrivals else worked)

    def _hear(self) -> None:
        """The datagrams that have come, some at a time; what cannot be answered is left."""
        for content, source, waited in arrived(self._socket, at_most=AT_ONCE):
            now = self._monotonic()
            try:
                events = self._with.agent.receive(content, source, now=now)
            except Malformed as error:
                logger.warning("A datagram from %s:%s is left unanswered: %s", *source, error)
                continue
            for event in events:
                if isinstance(event, Invited):
                    self._arrivals.came(event, at=now - waited)
                else:
                    self._on(event)
            self._send()

    def _let_in_next(self) -> None:
        """Who called first of those who still wait is let in; who waited too long is told that the house is full."""
        event = self._arrivals.next(now=self._monotonic())
        self._send()
        if event:
            with self._guests.one_at_a_time(event.tag):
                self._receive(event)
            self._send()
        if self._arrivals.count_due(now=self._monotonic()):
            with self._guests.one_at_a_time(""):
                self._arrivals.count(now=self._monotonic(), at=self._now())

    def _hear_key(self, keys: socket.socket) -> None:
        """A key that a caller pressed, told by rtpengine."""
        try:
            pressed = pressed_in(keys.recv(LARGEST))
        except BlockingIOError:
            return
        guest = self._guests.known(pressed.place.rpartition(".")[0]) if pressed else None
        if guest and pressed and pressed.end == CALLER:
            with self._guests.one_at_a_time(guest.tag):
                guest.presses(pressed.key, monotonic=self._monotonic(), now=self._now())

    def _send(self) -> None:
        for datagram, to in self._with.agent.to_send():
            try:
                self._socket.sendto(datagram, to)
            except OSError as error:
                logger.warning("Nothing can be sent to %s:%s (%s); it is tried again", *to, error)

    def _on(self, event: Event) -> None:
        """What happened at the trunk."""
        if isinstance(event, Cancelled):
            self._arrivals.gave_up(event.tag)
        with self._guests.one_at_a_time(event.tag):
            if isinstance(event, ProxySeen):
                self._registrar.see_edge(event)
                return
            if isinstance(event, Registered | NotRegistered):
                self._registrar.hear(event)
                return
            guest = self._guests.known(event.tag)
            if guest is None:
                return
            self._tell(guest, event)
        self._look_soon()

    def _receive(self, event: Invited) -> None:
        guest = reception.receive(event, self._with, home=self.home, monotonic=self._monotonic(), now=self._now())
        if guest:
            self._guests.let_in(guest)

    def _tell(self, guest: Guest, event: Event) -> None:
        """What happened at the end of somebody on the telephone."""
        now, monotonic = self._now(), self._monotonic()
        match event:
            case HungUp():
                self._guests.hung_up(guest)
            case Gone() | Refused() if guest.is_passed_on:
                self._guests.part(guest)
            case Gone():
                guest.lost("customer_lost", now=now)
            case Refused():
                guest.lost("session_refused", now=now)
            case Rings() if isinstance(guest, Callee):
                guest.rings(event)
            case Answered() if isinstance(guest, Callee):
                guest.answered(event, monotonic=monotonic, now=now)
            case Failed() if isinstance(guest, Callee):
                guest.failed(event, now=now)
            case There():
                self._hearing.answered(guest)
            case Reinvited():
                guest.asks(event, monotonic=monotonic, now=now)
            case Agreed():
                guest.agreed(event)
