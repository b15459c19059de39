"""Whether sound goes both ways: who was led to an agent hears them, who is heard or whose telephone answers is alive, and how it sounds
is measured.
"""

from homeshore.channels.voice import services
from homeshore.channels.voice.embedded.ends import LIFE
from homeshore.channels.voice.models import Browser, Caller, Leg, Side
from homeshore.channels.voice.quality.emodel import Measure
from homeshore.channels.voice.sip.at_page import AtPage
from homeshore.channels.voice.sip.driver import DEVICE
from homeshore.channels.voice.sip.guest import Guest
from homeshore.channels.voice.sip.media.statistics import Heard
from homeshore.channels.voice.sip.outsider import Outsider
from homeshore.channels.voice.sip.steps import Where
from homeshore.channels.voice.sip.telephone.guests import Guests

AT_ONCE = 16
"""Callers who are checked before datagrams are heard again."""


class Hearing:
    """Asks rtpengine what callers say and hear."""

    def __init__(self, guests: Guests) -> None:
        self._guests = guests
        self._unchecked: list[Guest] = []

    @property
    def has_some_to_check(self) -> bool:
        """Whether callers wait to be checked."""
        return bool(self._unchecked)

    def check_all(self) -> None:
        """From now on all callers are to be checked once."""
        self._unchecked = list(self._guests)

    def connecting(self) -> list[Guest]:
        """Who was led to an agent, and does not hear them yet."""
        return [each for each in self._guests if each.line.where == Where.TOGETHER and not each.heard]

    def listen(self) -> None:
        """Whether those who were led to an agent hear them now."""
        for guest in self.connecting():
            with self._guests.one_at_a_time(guest.tag):
                if self._heard(guest).from_agent > 0:
                    guest.heard = True
                    leg = Leg.objects.filter(call_id=guest.call_id).exclude(state=Leg.State.ENDED).first()
                    if leg:
                        services.sound_heard(
                            call_id=guest.call_id, leg_number=leg.number, at_side=Side.CUSTOMER, now=self._guests.now()
                        )

    def check_some(self) -> None:
        """Callers who are heard give a sign of life, the telephones of others are asked for one; how they hear is measured.

        Some at a time: each asks rtpengine.
        """
        alive = []
        some, self._unchecked = self._unchecked[:AT_ONCE], self._unchecked[AT_ONCE:]
        for guest in [each for each in some if each in self._guests]:
            with self._guests.one_at_a_time(guest.tag):
                if guest.is_silent_rightly:
                    alive.append(guest)
                if guest.row.stage == Caller.Stage.TO_DIAL or (isinstance(guest, AtPage) and guest.is_nowhere):
                    continue
                heard = self._heard(guest)
                # At the place of two who were passed on, who was asked is in the agent's stead.
                packets = heard.from_agent if guest.is_passed_on and not guest.call_id else heard.from_caller
                if packets != guest.packets:
                    alive.append(guest)
                if guest not in alive:
                    guest.ask_whether_there(monotonic=self._guests.monotonic())
                guest.packets = packets
                self._measure(guest, heard)
        if alive:
            self.show_alive(alive)
        for guest in [each for each in some if each.is_passed_on and each in self._guests]:
            self._watch(guest, is_heard=guest in alive)

    def answered(self, guest: Guest) -> None:
        """The telephone of one of whom nothing is heard answers."""
        guest.heard_at = self._guests.monotonic()
        self.show_alive([guest])

    def show_alive(self, guests: list[Guest]) -> None:
        """They give a sign of life."""
        calls = [guest.call_id for guest in guests if guest.call_id]
        Browser.objects.filter(call_id__in=calls, side=Side.CUSTOMER, device=DEVICE).update(
            alive_until=self._guests.now() + LIFE[Side.CUSTOMER]
        )
        for guest in guests:
            if isinstance(guest, Outsider):
                services.give_companion_sign(companion_id=guest.companion_id, by=None, now=self._guests.now())

    def _watch(self, guest: Guest, *, is_heard: bool) -> None:
        """Nobody in the house has a part in the call of two who were passed on: the telephone sees by itself that one is lost."""
        now = self._guests.monotonic()
        if is_heard or guest.heard_at is None:
            guest.heard_at = now
        elif now - guest.heard_at > LIFE[Side.CUSTOMER].total_seconds():
            with self._guests.one_at_a_time(guest.tag):
                self._guests.part(guest)

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
                now=self._guests.now(),
            )

    def _heard(self, guest: Guest) -> Heard:
        return self._guests.instruments.places.heard(guest.row.place)
