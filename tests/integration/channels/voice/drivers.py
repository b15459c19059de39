"""The two ends of a call, as each driver makes things happen to them: what the tests of behaviour are run against."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from homeshore.channels.voice import services
from homeshore.channels.voice.embedded import ends as browsers
from homeshore.channels.voice.embedded import life
from homeshore.channels.voice.embedded.ends import End
from homeshore.channels.voice.models import Call, Leg, Side
from homeshore.channels.voice.services.calls import Thread
from homeshore.contacts.services import CustomerFacts
from tests.integration.floor import RoutedFloor

VISITOR = Thread("chat", "visitor-1")


class Ends(Protocol):
    """What a driver's harness can do. After each of its acts the house has followed."""

    floor: RoutedFloor

    def customer_calls(self, queue_id: int) -> Call:
        """A customer calls a queue."""
        ...

    def phone_rings(self, leg: Leg) -> None:
        """The agent's phone is heard to ring."""
        ...

    def agent_answers(self, leg: Leg) -> None:
        """The agent's end opens, after the contact was accepted."""
        ...

    def sound_reaches(self, side: Side, leg: Leg) -> None:
        """Sound of the other end arrives at this one."""
        ...

    def customer_hangs_up(self, call: Call) -> None:
        """The customer ends the call."""
        ...

    def line_breaks(self, side: Side, call: Call) -> None:
        """An end disappears without a word, and time enough passes for that to be noticed."""
        ...


@dataclass
class EmbeddedEnds:
    """Two browsers."""

    floor: RoutedFloor

    def customer_calls(self, queue_id: int) -> Call:
        call = services.place_call(
            queue_id=queue_id,
            thread=VISITOR,
            customer=CustomerFacts(name="Claire Vasseur"),
            driver_name="embedded",
            now=self.floor.now,
        )
        browsers.join(self.customer(call), now=self.floor.now)
        return call

    def phone_rings(self, leg: Leg) -> None:
        services.phone_rang(call_id=leg.call_id, agent_id=leg.agent_id, now=self.floor.now)

    def agent_answers(self, leg: Leg) -> None:
        browsers.join(self.agent(leg), now=self.floor.now)

    def sound_reaches(self, side: Side, leg: Leg) -> None:
        services.sound_heard(call_id=leg.call_id, leg_number=leg.number, at_side=side, now=self.floor.now)

    def customer_hangs_up(self, call: Call) -> None:
        services.end_call(call_id=call.pk, by=Call.EndedBy.CUSTOMER, now=self.floor.now)

    def line_breaks(self, side: Side, call: Call) -> None:
        alive = self.customer(call) if side == Side.AGENT else self.agent(call.legs.latest("number"))
        for _ in range(7):
            self.floor.clock.advance(seconds=5)
            browsers.give_sign(alive, now=self.floor.now)
            life.end_what_is_dead(now=self.floor.now)

    def customer(self, call: Call, device: str = "phone-of-claire") -> End:
        return End(call.pk, Side.CUSTOMER, device)

    def agent(self, leg: Leg, device: str = "desk-of-agent") -> End:
        return End(leg.call_id, Side.AGENT, device, agent_id=leg.agent_id)
