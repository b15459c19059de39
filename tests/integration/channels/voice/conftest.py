from __future__ import annotations

from collections.abc import Iterator

import pytest

from homeshore.channels.voice import services
from homeshore.channels.voice.models import Call, Leg
from homeshore.contacts import channels
from homeshore.contacts import services as contacts
from homeshore.contacts.channels import ChannelTraits
from homeshore.contacts.models import Assignment
from tests.factories import DispositionFactory, QueueFactory
from tests.integration.channels.voice.drivers import EmbeddedEnds, Ends
from tests.integration.channels.voice.telephones import SipEnds
from tests.servers.headset import Headset
from tests.servers.telephony import Telephony, missing, telephony

# What a driver asks of the tables is the same for both, so PostgreSQL hears of one only.
DRIVERS = ("embedded", pytest.param("sip", marks=pytest.mark.sqlite))


@pytest.fixture(autouse=True)
def _calls_are_carried():
    channels.register(ChannelTraits("voice", outbox_kind=None, live=True))


@pytest.fixture
def queue(floor):
    return QueueFactory.create(floor=floor, brand__operator=floor.operator, channel="voice", target_seconds=20)


@pytest.fixture(scope="session")
def running_telephony() -> Iterator[Telephony]:
    """Kamailio and rtpengine. A test may kill either; it runs again for the next one."""
    if absent := missing():
        pytest.skip(f"The telephone needs {', '.join(absent)}: scripts/install_test_needs.sh installs them as root.")
    with telephony() as stack:
        yield stack


@pytest.fixture(scope="session")
def headset() -> Iterator[Headset]:
    """An agent's end of WebRTC."""
    headset = Headset()
    yield headset
    headset.close()


@pytest.fixture
def sip_ends(routed, running_telephony, headset) -> Iterator[SipEnds]:
    running_telephony.mend()
    ends = SipEnds(routed, running_telephony, headset)
    yield ends
    ends.close()


@pytest.fixture(params=DRIVERS)
def ends(request: pytest.FixtureRequest, routed) -> Ends:
    return request.getfixturevalue("sip_ends") if request.param == "sip" else EmbeddedEnds(routed)


class Switchboard:
    """A floor with calls: acts of people, each followed by the router and by the calls."""

    def __init__(self, ends: Ends, queue) -> None:
        self.ends, self.queue, self.floor = ends, queue, ends.floor

    def settle(self) -> None:
        for _ in range(3):
            self.floor.router.turn()
            services.follow_all(now=self.floor.now)

    def call(self, queue=None) -> Call:
        call = self.ends.customer_calls((queue or self.queue).pk)
        self.settle()
        return self.seen(call)

    def leg(self, call: Call) -> Leg:
        """The call's latest leg."""
        return call.legs.latest("number")

    def accept(self, call: Call) -> Assignment:
        assignment = self.floor.accept(call.contact)
        self.settle()
        self.ends.agent_answers(self.leg(call))
        return assignment

    def talk(self) -> Call:
        """A call that has come as far as two people who talk."""
        call = self.call()
        self.accept(call)
        for side in ("agent", "customer"):
            self.ends.sound_reaches(side, self.leg(call))
        return self.seen(call)

    def close(self, call: Call, **how) -> None:
        leg = self.leg(call)
        contacts.close_contact(
            agent_id=leg.agent_id,
            contact_id=call.contact_id,
            disposition_id=DispositionFactory.create(brand=self.queue.brand).pk,
            now=self.floor.now,
            **how,
        )
        self.settle()

    def hang_up(self, call: Call) -> Call:
        self.ends.customer_hangs_up(call)
        self.settle()
        return self.seen(call)

    def seen(self, call: Call) -> Call:
        """The call as it is now, with its contact."""
        return Call.objects.select_related("contact").get(pk=call.pk)


@pytest.fixture
def board(ends, queue) -> Switchboard:
    return Switchboard(ends, queue)


@pytest.fixture
def ready(routed, agent):
    """The agent is ready."""
    routed.ready(agent)
    return agent
