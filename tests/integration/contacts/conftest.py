import pytest

from homeshore.contacts import channels
from homeshore.contacts.channels import ChannelTraits
from homeshore.values.clock import ManualClock
from tests.clock import MORNING
from tests.factories import AgentFactory, FloorFactory, QueueFactory
from tests.integration.contacts.floor import RoutedFloor


@pytest.fixture(autouse=True)
def _channels_are_known() -> None:
    channels.register(ChannelTraits("chat", outbox_kind=None, live=True))
    channels.register(ChannelTraits("email", outbox_kind="email.send", live=False))


@pytest.fixture
def floor(db):
    return FloorFactory.create()


@pytest.fixture
def queue(floor):
    return QueueFactory.create(floor=floor, brand__operator=floor.operator, channel="chat", target_seconds=60)


@pytest.fixture
def agent(floor, queue):
    return AgentFactory.create(operator=floor.operator, queues=[queue])


@pytest.fixture
def routed(floor, queue, agent):
    return RoutedFloor.start(floor, ManualClock(MORNING))
