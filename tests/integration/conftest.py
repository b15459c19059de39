"""What tests on a real database share: a floor with a queue, an agent, and a router that turns when told."""

import pytest

from homeshore.contacts import channels
from homeshore.contacts.channels import ChannelTraits
from homeshore.contacts.queries import waits
from tests.factories import AgentFactory, FloorFactory, QueueFactory
from tests.integration.floor import RoutedFloor


@pytest.fixture(autouse=True)
def _channels_are_known():
    channels.register(ChannelTraits("chat", outbox_kind=None, live=True))
    channels.register(ChannelTraits("email", outbox_kind="email.send", live=False))


@pytest.fixture(autouse=True)
def _no_forecast_is_left_of_another_test(monkeypatch):
    monkeypatch.setattr(waits, "of_visits", waits.Forecasts())


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
def routed(floor, queue, agent, clock):
    return RoutedFloor.start(floor, clock)
