"""Several processes share the floors, and no floor is ever without an owner for long."""

from unittest.mock import patch

import pytest
from django.db import OperationalError

from homeshore.contacts.models import Contact, Floor, JournalEntry, Offer, Router
from homeshore.contacts.router.journal import replay
from homeshore.contacts.router.work import RoutingProcess
from homeshore.contacts.services import (
    CustomerFacts,
    abandon_contact,
    accept_offer,
    receive_message,
    set_presence,
    split_floors,
)
from homeshore.routing.invariants import check_invariants
from tests.factories import FloorFactory, UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def floors(floor):
    return [floor, *(FloorFactory.create(operator=floor.operator) for _ in range(3))]


def settle(*processes):
    """Let the processes see to their floors for some seconds, and follow those that they stand by."""
    for _ in range(6):
        for process in processes:
            while process.sweep():
                pass
            process.standbys.advance()


def write_in(queue, now, thread="visitor-1"):
    said = {"body": "Bonjour", "client_id": "m1", "customer": CustomerFacts(name="Claire")}
    receive_message(queue_id=queue.pk, thread_key=thread, now=now, **said)


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


def standing_by(clock, queue, agent):
    """One process routes a floor on which something happens, another stands by and follows."""
    first, second = RoutingProcess("a:1:x"), RoutingProcess("b:1:x")
    settle(first, second)
    set_presence(agent_id=agent.pk, state="ready", now=clock.now())
    write_in(queue, clock.now())
    first.turn()
    second.standbys.advance()
    return first, second


def kinds_of(floor, epoch):
    entries = JournalEntry.objects.filter(floor=floor, epoch=epoch).order_by("seq")
    return [each.input["kind"] for each in entries]


def dies_and_is_followed(second, clock, settings):
    """The first is heard of no more; its lease runs out, and the second sees to the floors."""
    clock.advance(seconds=settings.ROUTER_LEASE_SECONDS + 0.1)
    settle(second)


def test_who_stood_by_goes_on_where_the_journal_ends_and_lays_no_picture(floor, queue, agent, clock, settings):
    first, second = standing_by(clock, queue, agent)
    before = first.owned[floor.pk]
    dies_and_is_followed(second, clock, settings)

    after = second.owned[floor.pk]
    assert kinds_of(floor, after.epoch) == ["Tick"]
    assert after.state.offers.keys() == before.state.offers.keys()
    assert [each.seq for each in replay(floor.pk) if not each.same] == []


def test_who_stood_by_hears_what_the_dead_owner_was_refused(floor, queue, agent, clock, settings):
    first, second = standing_by(clock, queue, agent)
    accept_offer(agent_id=agent.pk, offer_id=Offer.objects.get().pk, now=clock.now())
    first.turn()
    write_in(queue, clock.now(), thread="visitor-2")
    group = first.owned[floor.pk]._next_group()
    abandon_contact(contact_id=Contact.objects.latest("id").pk, now=clock.now())
    first.owned[floor.pk]._commit(group)  # its offer is refused, and it dies before it can tell its core
    dies_and_is_followed(second, clock, settings)

    after = second.owned[floor.pk]
    assert kinds_of(floor, after.epoch) == ["DecisionRefused", "Tick"]
    after.turn()
    check_invariants(after.state)
    assert list(after.state.contacts) == [Offer.objects.get().contact_id]
    assert after.state.offers == {}


def test_a_floor_that_nobody_stood_by_is_laid_from_the_tables_a_second_later(floor, queue, agent, clock, settings):
    first = RoutingProcess("a:1:x")
    settle(first)
    other = RoutingProcess("b:1:x")
    clock.advance(seconds=settings.ROUTER_LEASE_SECONDS + 0.1)
    settle(other)
    assert other.owned == {}

    clock.advance(seconds=1)
    settle(other)
    assert kinds_of(floor, other.owned[floor.pk].epoch) == ["PictureLaid"]


def test_after_a_split_of_the_floors_the_picture_is_laid_anew_though_somebody_stood_by(floor, queue, agent, clock):
    _, second = standing_by(clock, queue, agent)
    split_floors(operator_id=floor.operator_id, floors=[[queue.pk]], by=UserFactory.create(), now=clock.now())
    settle(second)

    assert "PictureLaid" in kinds_of(floor, Floor.objects.get(pk=floor.pk).epoch)


def test_who_follows_a_journal_that_another_version_wrote_lays_the_picture(floor, queue, agent, clock, settings):
    first, second = standing_by(clock, queue, agent)
    set_presence(agent_id=agent.pk, state="break", reason="pause", now=clock.now())
    first.turn()
    JournalEntry.objects.filter(floor=floor).exclude(decided="").exclude(seq=1).update(decided="x")
    second.standbys.advance()
    dies_and_is_followed(second, clock, settings)
    clock.advance(seconds=1)
    settle(second)

    assert kinds_of(floor, second.owned[floor.pk].epoch)[0] == "PictureLaid"
