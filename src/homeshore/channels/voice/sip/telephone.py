"""The telephone: between the trunk's edge (Kamailio), the sound (rtpengine) and the calls of the house.

One loop of one thread. It hears datagrams, looks at what has become of its calls whenever something changed and each second,
and takes the next step for each caller. Its calls outlive it: a telephone that starts at the same address takes them up.
"""

import logging
import selectors
import socket
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from django.db.models import Q

from homeshore.channels.voice import services
from homeshore.channels.voice.embedded.ends import LIFE
from homeshore.channels.voice.models import Browser, Call, Caller, CompanionSignal, Leg, Side, Signal
from homeshore.channels.voice.quality.emodel import Measure
from homeshore.channels.voice.sip import reception
from homeshore.channels.voice.sip.callee import Callee, dialled_before
from homeshore.channels.voice.sip.chooser import choosing_before
from homeshore.channels.voice.sip.driver import DEVICE
from homeshore.channels.voice.sip.guest import Guest, Instruments, taken_up
from homeshore.channels.voice.sip.houses import houses
from homeshore.channels.voice.sip.media.control import MediaAway, MediaError, UnknownPlace
from homeshore.channels.voice.sip.media.keys import pressed_in
from homeshore.channels.voice.sip.media.places import CALLER
from homeshore.channels.voice.sip.media.statistics import Heard
from homeshore.channels.voice.sip.outsider import Outsider
from homeshore.channels.voice.sip.passing import bring_together
from homeshore.channels.voice.sip.signalling import (
    Agreed,
    Answered,
    Event,
    Failed,
    Gone,
    HungUp,
    Invited,
    Malformed,
    Refused,
    Reinvited,
    Rings,
)
from homeshore.channels.voice.sip.steps import PASSED_ON, House, Where, next_step
from homeshore.foundation import feed
from homeshore.foundation.transactions import write

logger = logging.getLogger(__name__)

Address = tuple[str, int]

LOOK_SECONDS = 1.0
PAUSE_SECONDS = 0.02
"""Between two looks at the house at least, however much happens there; and PAUSES times as long as a look took, so that many callers
leave time to hear them."""
PAUSES = 4
LISTEN_SECONDS = 0.04
"""Between two looks whether sound goes both ways, of a caller who was just led to an agent."""
CHECK_SECONDS = 5.0
"""Between two looks whether a caller is still heard."""
AT_ONCE = 16
"""Datagrams that are heard before callers are looked after again, however many come; and callers who are checked before datagrams are
heard again."""
LARGEST = 65_535
MOST_STEPS = 6
HEEDED = ("answer", "restart")
"""What the telephone does something about, of what agents' pages say."""


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
        self._guests: dict[str, Guest] = {}
        self._ear, self._mouth = socket.socketpair()
        self._keys = keys
        instruments.speaker.on_spoken = self.wake
        for each in (listening, self._ear, self._mouth, *([keys] if keys else [])):
            each.setblocking(False)
        self._selector = selectors.DefaultSelector()
        self._selector.register(listening, selectors.EVENT_READ)
        self._selector.register(self._ear, selectors.EVENT_READ)
        if keys:
            self._selector.register(keys, selectors.EVENT_READ)
        self._look_at = self._listen_at = self._check_at = 0.0
        self._may_look_at = 0.0
        self._unchecked: list[Guest] = []

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

    def take_up(self) -> int:
        """Carry on the calls that the telephone at this address had before; how many."""
        for row in Caller.objects.filter(home=self.home).select_related("number").order_by("id"):
            with self._one_at_a_time(row.tag):
                self._guests[row.tag] = self._as_before(row)
        self._show_alive(list(self._guests.values()))  # nobody could hear them meanwhile
        return len(self._guests)

    def _as_before(self, row: Caller) -> Guest:
        match row.stage:
            case Caller.Stage.CHOOSING:
                return choosing_before(row, self._with)
            case Caller.Stage.ON_LINE | Caller.Stage.PASSED_ON:
                as_guest = Outsider if row.companion_id else Guest
                return taken_up(row, self._with, as_guest=as_guest, now=self._now())
            case _:
                return dialled_before(row, self._with, as_callee=_callee_of(row), now=self._now())

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
        for event in self._with.agent.tick(now=self._monotonic()):
            self._on(event)
        now = self._monotonic()
        if now >= self._look_at:
            self._look()
        if now >= self._check_at:
            self._check_at = now + CHECK_SECONDS
            self._unchecked = list(self._guests.values())
        self._check_some()
        if now >= self._listen_at:
            self._listen_at = now + LISTEN_SECONDS
            self._listen()
        self._send()

    def _look_soon(self) -> None:
        self._look_at = min(self._look_at, self._may_look_at)

    def _until_due(self, wait: float) -> float:
        if self._unchecked:
            return 0.0
        listens = [self._listen_at] if self._connecting() else []
        due = [self._look_at, self._check_at, *listens, self._with.agent.next_due()]
        return max(0.0, min([wait, *(each - self._monotonic() for each in due if each is not None)]))

    def _hear(self) -> None:
        """The datagrams that have come, some at a time; what cannot be answered is left."""
        for _ in range(AT_ONCE):
            try:
                datagram, source = self._socket.recvfrom(LARGEST)
            except BlockingIOError:
                return
            except ConnectionError:
                continue  # the edge was away when we last spoke to it
            try:
                events = self._with.agent.receive(datagram, source, now=self._monotonic())
            except Malformed as error:
                logger.warning("A datagram from %s:%s is left unanswered: %s", *source, error)
                continue
            for event in events:
                self._on(event)
            self._send()

    def _hear_key(self, keys: socket.socket) -> None:
        """A key that a caller pressed, told by rtpengine."""
        try:
            pressed = pressed_in(keys.recv(LARGEST))
        except BlockingIOError:
            return
        guest = self._guests.get(pressed.place.rpartition(".")[0]) if pressed else None
        if guest and pressed and pressed.end == CALLER:
            with self._one_at_a_time(guest.tag):
                guest.presses(pressed.key, monotonic=self._monotonic(), now=self._now())

    def _send(self) -> None:
        for datagram, to in self._with.agent.to_send():
            try:
                self._socket.sendto(datagram, to)
            except OSError as error:
                logger.warning("Nothing can be sent to %s:%s (%s); it is tried again", *to, error)

    def _on(self, event: Event) -> None:
        """What happened at the trunk."""
        now, monotonic = self._now(), self._monotonic()
        with self._one_at_a_time(event.tag):
            if isinstance(event, Invited):
                guest = reception.receive(event, self._with, home=self.home, monotonic=monotonic, now=now)
                if guest:
                    self._guests[event.tag] = guest
                return
            guest = self._guests.get(event.tag)
            if guest is None:
                return
            if isinstance(event, HungUp):
                self._hung_up(guest, now=now)
            elif isinstance(event, Gone | Refused) and guest.is_passed_on:
                self._part(guest)
            elif isinstance(event, Gone | Refused):
                guest.lost("customer_lost" if isinstance(event, Gone) else "session_refused", now=now)
            elif isinstance(guest, Callee) and isinstance(event, Rings):
                guest.rings(event)
            elif isinstance(guest, Callee) and isinstance(event, Answered):
                guest.answered(event, monotonic=monotonic, now=now)
            elif isinstance(guest, Callee) and isinstance(event, Failed):
                guest.failed(event, now=now)
            elif isinstance(event, Reinvited):
                guest.asks(event, monotonic=monotonic, now=now)
            elif isinstance(event, Agreed):
                guest.agreed(event)
        self._look_soon()

    def _look(self) -> None:
        """Compare each caller with what has become of their call, and do what is next."""
        began = self._monotonic()
        self._look_at = began + LOOK_SECONDS
        self._look_at_all()
        ended = self._monotonic()
        self._may_look_at = ended + max(PAUSE_SECONDS, PAUSES * (ended - began))

    def _look_at_all(self) -> None:
        self._take_errands()
        found = houses(self.home)
        self._hear_agents(found)
        for tag, guest in list(self._guests.items()):
            if tag not in found:
                self._guests.pop(tag)
                self._with.agent.hang_up(tag, now=self._monotonic())
            else:
                self._follow(guest, found[tag])

    def _take_errands(self) -> None:
        """Calls that somebody in the house wants placed: the telephone that sees one first places it."""
        if self._with.edge is None:
            return
        wanted = Caller.objects.filter(home__in=("", self.home), stage=Caller.Stage.TO_DIAL).exclude(
            tag__in=self._guests
        )
        for row in wanted.select_related("number").order_by("id"):
            if Caller.objects.filter(pk=row.pk, home=row.home).update(home=self.home):
                row.home = self.home
                self._guests[row.tag] = _callee_of(row)(row, self._with)

    def _hear_agents(self, found: dict[str, House]) -> None:
        """What agents' pages said to callers, and to those outside the house whom they ask, and has not been heard.

        An answer stays where it was said until its round is over.
        """
        by_call = {each.call_id: each for each in self._guests.values() if each.call_id}
        by_companion = {each.row.companion_id: each for each in self._guests.values() if each.row.companion_id}
        waiting = [call for call, each in by_call.items() if each.line.prepared != each.line.answered]
        unheard = Q(kind="restart") | Q(kind="answer", call__in=waiting)
        said = Signal.objects.filter(unheard, call__caller__home=self.home, sender=Side.AGENT)
        for each in said.order_by("id"):
            self._hear_agent(by_call.get(each.call_id), each.round, each.kind, each.body, found)
        if by_companion:
            self._hear_askers(by_companion, found)

    def _hear_askers(self, asked: dict[int, Guest], found: dict[str, House]) -> None:
        said = CompanionSignal.objects.filter(companion__in=asked, from_agent=True, kind__in=HEEDED)
        for each in said.order_by("id").select_related("companion"):
            self._hear_agent(asked[each.companion_id], each.companion.round, each.kind, each.body, found)

    def _hear_agent(self, guest: Guest | None, round: int, kind: str, body: Any, found: dict[str, House]) -> None:
        house = found.get(guest.tag) if guest else None
        if guest is None or house is None or house.round != round:
            return
        with self._one_at_a_time(guest.tag):
            if kind == "restart":
                guest.renew(now=self._now())
            else:
                guest.answered_by_agent(round, str(body.get("sdp", "")))

    def _follow(self, guest: Guest, house: House) -> None:
        with self._one_at_a_time(guest.tag):
            if house.state == PASSED_ON:
                self._pass_on(guest)
                return
            for _ in range(MOST_STEPS):
                step = next_step(house, guest.seen(monotonic=self._monotonic(), now=self._now()))
                if step is None:
                    return
                guest.take(step, house, monotonic=self._monotonic(), now=self._now())
                if house.state == Call.State.ENDED:
                    self._guests.pop(guest.tag, None)
                    return

    def _pass_on(self, guest: Guest) -> None:
        """Lead a customer, and who was asked about their call, to each other; the customer's turn does it for both."""
        guest.is_passed_on = True
        if guest.call_id:
            tag = Caller.objects.filter(opposite=guest.row.pk).values_list("tag", flat=True).first()
            other = self._guests.get(tag or "")
            if other:
                bring_together(guest, other, self._with.places, monotonic=self._monotonic())

    def _part(self, guest: Guest) -> None:
        """One of two who were passed on to each other is gone; the other is hung up at the next look."""
        self._guests.pop(guest.tag, None)
        guest.leave(monotonic=self._monotonic())

    def _connecting(self) -> list[Guest]:
        return [each for each in self._guests.values() if each.line.where == Where.TOGETHER and not each.heard]

    def _listen(self) -> None:
        """Whether those who were led to an agent hear them now."""
        for guest in self._connecting():
            with self._one_at_a_time(guest.tag):
                if self._heard(guest).from_agent > 0:
                    guest.heard = True
                    leg = Leg.objects.filter(call_id=guest.call_id).exclude(state=Leg.State.ENDED).first()
                    if leg:
                        services.sound_heard(
                            call_id=guest.call_id, leg_number=leg.number, at_side=Side.CUSTOMER, now=self._now()
                        )

    def _check_some(self) -> None:
        """Callers who are heard give a sign of life; how they hear is measured. Some at a time: each asks rtpengine."""
        alive = []
        some, self._unchecked = self._unchecked[:AT_ONCE], self._unchecked[AT_ONCE:]
        for guest in [each for each in some if each.tag in self._guests]:
            with self._one_at_a_time(guest.tag):
                if guest.is_silent_rightly:
                    alive.append(guest)
                if guest.row.stage == Caller.Stage.TO_DIAL:
                    continue
                heard = self._heard(guest)
                # At the place of two who were passed on, who was asked is in the agent's stead.
                packets = heard.from_agent if guest.is_passed_on and not guest.call_id else heard.from_caller
                if packets != guest.packets:
                    alive.append(guest)
                guest.packets = packets
                self._measure(guest, heard)
        if alive:
            self._show_alive(alive)
        for guest in [each for each in some if each.is_passed_on and each.tag in self._guests]:
            self._watch(guest, is_heard=guest in alive)

    def _watch(self, guest: Guest, *, is_heard: bool) -> None:
        """Nobody in the house has a part in the call of two who were passed on: the telephone sees by itself that one is lost."""
        now = self._monotonic()
        if is_heard or guest.heard_at is None:
            guest.heard_at = now
        elif now - guest.heard_at > LIFE[Side.CUSTOMER].total_seconds():
            with self._one_at_a_time(guest.tag):
                self._part(guest)

    def _show_alive(self, guests: list[Guest]) -> None:
        calls = [guest.call_id for guest in guests if guest.call_id]
        Browser.objects.filter(call_id__in=calls, side=Side.CUSTOMER, device=DEVICE).update(
            alive_until=self._now() + LIFE[Side.CUSTOMER]
        )
        for guest in guests:
            if isinstance(guest, Outsider):
                services.give_companion_sign(companion_id=guest.companion_id, by=None, now=self._now())

    def _measure(self, guest: Guest, heard: Heard) -> None:
        if guest.line.where != Where.TOGETHER or guest.line.holds or heard.loss is None:
            return
        leg = Leg.objects.filter(call_id=guest.call_id, state=Leg.State.TALKING).first()
        if leg:
            measure = Measure(
                loss=heard.loss, jitter_ms=heard.jitter_ms, round_trip_ms=heard.round_trip_ms, buffer_ms=None
            )
            services.record_quality(
                call_id=guest.call_id,
                leg_number=leg.number,
                at_side=Side.CUSTOMER,
                measure=measure,
                now=self._now(),
            )

    def _heard(self, guest: Guest) -> Heard:
        return self._with.places.heard(guest.row.place)

    def _hung_up(self, guest: Guest, *, now: datetime) -> None:
        """They hung up: the call is over, and nothing is kept of their end, in one transaction."""
        with write(), feed.together():
            guest.hung_up(now=now)
            guest.row.delete()
        self._guests.pop(guest.tag, None)
        guest.leave_places()

    @contextmanager
    def _one_at_a_time(self, tag: str) -> Iterator[None]:
        """What goes wrong with one caller holds up no other; it is tried again at the next look."""
        try:
            yield
        except MediaAway as error:
            logger.warning("%s", error)
        except UnknownPlace:
            guest = self._guests.get(tag)
            if guest:
                logger.warning("rtpengine has forgotten call %s, whose sound is set up anew", guest.tag)
                guest.lost_place(now=self._now())
        except MediaError:
            logger.exception("The sound of a call cannot be set up")
        except Exception:
            logger.exception("The telephone failed in a way nobody foresaw")


def _callee_of(row: Caller) -> type[Callee]:
    """A customer whom the house calls, or somebody whom an agent asks about a call."""
    return Outsider if row.companion_id else Callee
