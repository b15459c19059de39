"""The two ends of a telephone call: sipp through Kamailio at one, WebRTC at the other, rtpengine between them, all real."""

from __future__ import annotations

import select
import socket
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

from homeshore.channels.voice import services
from homeshore.channels.voice.embedded import ends as browsers
from homeshore.channels.voice.embedded import life
from homeshore.channels.voice.embedded.ends import End
from homeshore.channels.voice.models import Call, Caller, Leg, Number, Side
from homeshore.channels.voice.sip.media.control import Control, MediaAway
from homeshore.channels.voice.sip.running import instruments
from homeshore.channels.voice.sip.telephone import Telephone as HouseTelephone
from tests.integration.floor import RoutedFloor
from tests.servers.called import CalledTelephone
from tests.servers.caller import Telephone
from tests.servers.headset import Headset
from tests.servers.telephony import Telephony

NUMBER = "+33156070809"
CLAIRE = "+33145060708"
PATIENCE_SECONDS = 15
TURN_SECONDS = 0.01
BREATH_SECONDS = 0.06
"""Long enough for some packets of sound."""


@dataclass
class SipEnds:
    """A customer at a telephone, an agent with a headset, and the telephone of the house, which turns when it is told."""

    floor: RoutedFloor
    stack: Telephony
    headset: Headset
    customers: dict[int, Telephone] = field(default_factory=dict)
    called: CalledTelephone | None = None
    _ahead: float = 0.0

    def __post_init__(self) -> None:
        self.control = Control(("127.0.0.1", self.stack.control))
        self.headset.microphone.clear()
        self.start_house()

    def start_house(self) -> None:
        """Start the house's telephone, or another after it."""
        self.listening = listening = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        listening.bind(("127.0.0.1", self.stack.house))
        keys = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        keys.bind(("127.0.0.1", self.stack.keys))
        self.house = HouseTelephone(
            listening,
            instruments(listening, self.control),
            now=self.floor.clock.now,
            monotonic=self.monotonic,
            keys=keys,
        )
        self.house.take_up()

    def monotonic(self) -> float:
        return time.monotonic() + self._ahead

    def customer_calls(self, queue_id: int, caller: str = CLAIRE, number: str = NUMBER) -> Call:
        Number.objects.get_or_create(
            digits=number,
            defaults={"queue_id": queue_id, "operator_id": self.floor.floor.operator_id, "language": "en"},
        )
        before = set(Call.objects.values_list("pk", flat=True))
        customer = Telephone(self.stack.edge, number, folder=self.stack.folder, caller=caller)
        self.until(lambda: Call.objects.exclude(pk__in=before).exists(), "the call to come in")
        call = Call.objects.exclude(pk__in=before).get()
        self.customers[call.pk] = customer
        self.until(lambda: customer.sound.packets > 0, "the customer to hear music")
        return call

    def phone_rings(self, leg: Leg) -> None:
        self.turn()
        services.phone_rang(call_id=leg.call_id, agent_id=leg.agent_id, now=self.floor.now)

    def agent_answers(self, leg: Leg) -> None:
        end = self.agent(leg)
        browsers.join(end, now=self.floor.now)
        self.until(lambda: self.offers(end), "an offer for the agent's browser")
        offer = self.offers(end)[-1]
        answer = self.headset.answer(offer["body"]["sdp"])
        browsers.say(end, round=offer["round"], kind="answer", body={"sdp": answer}, now=self.floor.now)
        there = Caller.objects.filter(call_id=leg.call_id, where="together", round=offer["round"])
        self.until(there.exists, "the customer to be led over")

    def sound_reaches(self, side: Side, leg: Leg) -> None:
        if side == Side.AGENT:
            self.until(lambda: self.headset.hears, "the agent to hear the customer")
            services.sound_heard(call_id=leg.call_id, leg_number=leg.number, at_side=side, now=self.floor.now)
        else:
            self.headset.microphone.set()
            heard = Leg.objects.filter(pk=leg.pk, customer_heard_at__isnull=False)
            self.until(heard.exists, "the customer to hear the agent")

    def customer_hangs_up(self, call: Call) -> None:
        customer = self.customers[call.pk]
        customer.hang_up()
        gone = Caller.objects.filter(call=call)
        # sipp, told in the middle of a session asked for, is gone before the house has heard of it.
        self.until(lambda: customer.is_over and not gone.exists(), "the house to know that the customer hung up")

    def line_breaks(self, side: Side, call: Call) -> None:
        if side == Side.AGENT:
            self.headset.hang_up()
        else:
            self.customers[call.pk].break_line()
        for _ in range(8):
            self.pass_time(5)
            for leg in call.legs.all() if side == Side.CUSTOMER else []:
                browsers.give_sign(self.agent(leg), now=self.floor.now)
            life.end_what_is_dead(now=self.floor.now)

    def agent(self, leg: Leg) -> End:
        return End(leg.call_id, Side.AGENT, "desk-of-agent", agent_id=leg.agent_id)

    def offers(self, end: End) -> list[dict]:
        """What the telephone has offered the agent's browser in this round."""
        return [each for each in browsers.heard(end, after=0) if each["kind"] == "offer"]

    def pass_time(self, seconds: float) -> None:
        """The clocks go on at once, the sound as it comes."""
        self._ahead += seconds
        self.floor.clock.advance(seconds=seconds)
        self.turn_for(BREATH_SECONDS)

    def agent_comes_back(self, leg: Leg) -> None:
        """The agent's page is loaded again: it begins another round."""
        self.headset.hang_up()
        browsers.renew(self.agent(leg), round=Call.objects.get(pk=leg.call_id).round, now=self.floor.now)
        self.turn_for(0.1)
        self.agent_answers(leg)

    def hearing(self, listen: Callable[[], list[float]]) -> list[float]:
        """What is heard while the telephone turns."""
        with ThreadPoolExecutor(1) as ear:
            heard = ear.submit(listen)
            self.until(heard.done, "something to be heard")
            return heard.result()

    def turn_for(self, seconds: float) -> None:
        """Let the telephone turn for a while of real time, in which sound arrives."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            self.turn()

    def turn(self) -> None:
        self.house.wake()
        self.house.turn(wait=TURN_SECONDS)

    def comes_in(self) -> None:
        """Wait for a datagram that the telephone, which does not turn meanwhile, has not heard."""
        ready, _, _ = select.select([self.listening], [], [], PATIENCE_SECONDS)
        if not ready:
            raise TimeoutError("waited in vain for somebody to call")

    def until(self, done: Callable[[], bool], what: str) -> None:
        """Let the telephone turn until something has happened."""
        deadline = time.monotonic() + PATIENCE_SECONDS
        while not done():
            if time.monotonic() > deadline:
                written = [*(each.log for each in self.telephones), self.stack.kamailio.log]
                logs = "".join(each.read_text() for each in written if each.exists())
                raise TimeoutError(f"waited in vain for {what}\n{logs[-3000:]}")
            self.turn()

    def close(self) -> None:
        """Hang up what goes on still; nothing may be left anywhere."""
        for call in Call.objects.exclude(state=Call.State.ENDED):
            services.end_call(call_id=call.pk, by=Call.EndedBy.HOUSE, now=self.floor.now)
        try:
            self.until(lambda: not Caller.objects.exists(), "every caller to be gone")
            self.until(self.nobody_is_anywhere, "rtpengine to be empty")
            # One that is called stands where the next test's will: it must have heard of its call's end, or that one would.
            self.until(lambda: not any(each.is_engaged for each in self.telephones), "every telephone to be hung up")
        finally:
            self.headset.hang_up()
            for each in self.telephones:
                each.close()
            self.house.close()
            self.control.close()

    @property
    def telephones(self) -> list[Telephone | CalledTelephone]:
        return [*self.customers.values(), *([self.called] if self.called else [])]

    def nobody_is_anywhere(self) -> bool:
        """Whether rtpengine answers, and carries nothing."""
        try:
            return not self.control.ask("list", limit=50)["calls"]
        except MediaAway:
            return False
