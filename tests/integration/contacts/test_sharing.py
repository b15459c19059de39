"""Several processes share the floors, and no floor is ever without an owner for long."""

from unittest.mock import patch

import pytest
from django.db import OperationalError

from homeshore.contacts.models import Floor, Offer, Router
from homeshore.contacts.router.work import RoutingProcess
from homeshore.contacts.services import CustomerFacts, receive_message, set_presence
from tests.factories import FloorFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def floors(floor):
    return [floor, *(FloorFactory.create(operator=floor.operator) for _ in range(3))]


def settle(*processes):
    """Let the processes see to their floors for some seconds: one floor changes hands in each."""
    for _ in range(6):
        for process in processes:
            while process.sweep():
                pass


def write_in(queue, now):
    said = {"body": "Bonjour", "client_id": "m1", "customer": CustomerFacts(name="Claire")}
    receive_message(queue_id=queue.pk, thread_key="visitor-1", now=now, **said)


def owners():
    return dict(Floor.objects.order_by("id").values_list("id", "owner"))


def test_one_process_owns_every_floor(floors, clock):
    alone = RoutingProcess("a:1:x")
    settle(alone)

    assert set(owners().values()) == {"a:1:x"}
    assert sorted(alone.owned) == [floor.pk for floor in floors]


def test_a_second_process_gets_its_share_and_leaves_it_behind_in_order(floors, clock):
    first, second = RoutingProcess("a:1:x"), RoutingProcess("b:1:x")
    settle(first)
    settle(first, second)

    assert [len(first.owned), len(second.owned)] == [2, 2]
    assert owners() == dict.fromkeys(first.owned, "a:1:x") | dict.fromkeys(second.owned, "b:1:x")

    second.leave()
    settle(first)
    assert len(first.owned) == 4
    assert list(Router.objects.values_list("name", flat=True)) == ["a:1:x"]


def test_the_floors_of_a_process_that_died_are_taken_once_its_lease_ran_out(floors, clock, settings):
    first, second = RoutingProcess("a:1:x"), RoutingProcess("b:1:x")
    settle(first, second)
    clock.advance(seconds=settings.ROUTER_LEASE_SECONDS - 1)
    settle(second)
    assert len(second.owned) == 2

    clock.advance(seconds=1.1)
    settle(second)
    assert set(owners().values()) == {"b:1:x"}


def test_a_process_that_slept_past_its_lease_gives_way_and_decides_nothing(floor, queue, agent, clock):
    sleeper, other = RoutingProcess("a:1:x"), RoutingProcess("b:1:x")
    settle(sleeper)
    set_presence(agent_id=agent.pk, state="ready", now=clock.now())
    clock.advance(seconds=11)
    settle(other)
    write_in(queue, clock.now())

    sleeper.turn()
    assert sleeper.owned == {}
    assert not Offer.objects.exists()

    other.turn()
    assert Offer.objects.get().epoch == other.owned[floor.pk].epoch


def test_a_process_that_lost_the_database_takes_its_floors_again_at_once(floor, queue, agent, clock):
    process = RoutingProcess("a:1:x")
    settle(process)
    epoch = process.owned[floor.pk].epoch
    write_in(queue, clock.now())
    with (
        patch("homeshore.contacts.router.work.connections"),
        patch("homeshore.contacts.router.router.commit_decisions", side_effect=OperationalError("gone")),
    ):
        process.turn()
    assert process.owned == {}

    settle(process)
    set_presence(agent_id=agent.pk, state="ready", now=clock.now())
    process.turn()
    assert process.owned[floor.pk].epoch == epoch + 1
    assert Offer.objects.filter(state="open").count() == 1
