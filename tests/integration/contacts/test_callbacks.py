"""Customers who are called back: from the line, at a promised moment, again after an attempt in vain."""

from datetime import timedelta

import pytest

from homeshore.contacts import services
from homeshore.contacts.models import Assignment, Callback, Contact, Offer
from homeshore.contacts.queries import desk, floor
from homeshore.contacts.refusals import NotACallback, NotWaiting
from homeshore.contacts.router.journal import replay
from homeshore.contacts.router.router import FloorRouter
from homeshore.contacts.services import CustomerFacts
from homeshore.foundation.errors import Invalid
from tests.clock import MORNING
from tests.factories import AgentFactory, FloorFactory, OpeningHoursFactory, OperatorFactory, QueueFactory, UserFactory

pytestmark = pytest.mark.django_db
WORDS = "Rappelez-moi au 01 99 00 12 34 quand mon tour viendra."
NUMBER = "+33199001234"


class House:
    """A brand that answers calls in opening hours, an agent, and a router that turns after each thing done."""

    def __init__(self, clock):
        self.clock = clock
        operator = OperatorFactory.create()
        self.floor = FloorFactory.create(operator=operator)
        self.queue = QueueFactory.create(channel="voice", brand__operator=operator, floor=self.floor, target_seconds=20)
        self.brand = self.queue.brand
        self.agent = AgentFactory.create(operator=operator, queues=[self.queue])
        self.router = FloorRouter.take_over(self.floor.pk, owner="one", clock=clock)

    def now(self):
        return self.clock.now()

    def do(self, service, **asked):
        done = service(**asked, now=self.now())
        self.router.turn()
        return done

    def calls(self, key):
        return self.do(
            services.arrive_contact, queue_id=self.queue.pk, thread_key=key, customer=CustomerFacts(name=key)
        )

    def promises(self, wanted_at, **asked):
        asked = {
            "thread_key": "promise",
            "customer": CustomerFacts(name="Claire"),
            "number": NUMBER,
            "wording": WORDS,
            **asked,
        }
        return self.do(services.schedule_callback, queue_id=self.queue.pk, wanted_at=wanted_at, **asked)

    def ready(self, agent=None):
        self.do(services.set_presence, agent_id=(agent or self.agent).pk, state="ready")

    def waits(self, seconds):
        self.clock.advance(seconds=seconds)
        services.renew_lease(agent_id=self.agent.pk, now=self.now())
        self.router.turn()

    def offered(self):
        return list(Offer.objects.filter(state="open").values_list("contact", "agent"))

    def accepts(self):
        offer = Offer.objects.get(state="open")
        return self.do(services.accept_offer, agent_id=offer.agent_id, offer_id=offer.pk)

    def stands(self, contact):
        contact.refresh_from_db()
        return contact.state


@pytest.fixture
def house(clock):
    return House(clock)


def test_who_asks_to_be_called_back_keeps_their_place_and_the_agent_is_told_to_call(house):
    first, second = house.calls("claire"), house.calls("hugo")
    house.do(services.ask_callback, contact_id=first.pk, number=NUMBER, wording=WORDS)
    due = first.due_at
    house.ready()
    assert house.offered() == [(first.pk, house.agent.pk)]
    assert desk.open_offers(house.agent.pk)[0]["called_back"]
    house.accepts()
    (work,) = desk.work(house.agent.pk)
    assert work["callback"] == {
        "number": NUMBER, "number_shown": "+33 1 99 00 12 34", "wanted_at": None, "asked_at": MORNING.isoformat(),
        "asked_by": "customer", "wording": WORDS, "attempts": 0,
    }  # fmt: skip
    first.refresh_from_db()
    assert (first.due_at, house.stands(second)) == (due, "waiting")


def test_asked_twice_it_is_asked_once_and_too_late_it_is_refused(house):
    contact = house.calls("claire")
    for _ in range(2):
        house.do(services.ask_callback, contact_id=contact.pk, number="", wording=WORDS)
    assert Callback.objects.count() == 1
    house.ready()
    house.accepts()
    with pytest.raises(NotWaiting):
        house.do(services.ask_callback, contact_id=contact.pk, number="", wording=WORDS)


def test_a_promised_callback_is_offered_first_at_its_moment_and_not_before(house):
    promised = house.promises(MORNING + timedelta(minutes=30))
    assert house.stands(promised) == "scheduled"
    waiting = house.calls("hugo")
    house.waits(29 * 60)
    assert house.stands(promised) == "scheduled"
    house.waits(60)
    house.ready()
    assert house.offered() == [(promised.pk, house.agent.pk)]
    assert house.stands(waiting) == "waiting"


def test_it_comes_to_the_agent_who_promised_it_if_they_are_there(house):
    other = AgentFactory.create(operator=house.brand.operator, queues=[house.queue])
    house.ready(other)
    house.waits(1)
    house.ready()
    promised = house.promises(MORNING + timedelta(seconds=60), agent_id=house.agent.pk, with_agent=True)
    services.renew_lease(agent_id=other.pk, now=house.now())
    house.waits(60)
    assert house.offered() == [(promised.pk, house.agent.pk)]


@pytest.mark.parametrize("moment", [timedelta(minutes=-1), timedelta(days=31), timedelta(hours=14)])
def test_a_moment_that_cannot_be_kept_is_refused_in_words(house, moment):
    for weekday in range(7):
        OpeningHoursFactory.create(brand=house.brand, weekday=weekday, opens="08:00", closes="18:00")
    with pytest.raises(Invalid) as refused:
        house.promises(MORNING + moment)
    assert "wanted_at" in refused.value.fields
    assert not Contact.objects.exists()


def test_a_customer_who_is_not_reached_is_tried_twice_more_and_then_no_more(house):
    contact = house.calls("claire")
    house.do(services.ask_callback, contact_id=contact.pk, number=NUMBER, wording=WORDS)
    house.ready()
    for wait in (15 * 60, 2 * 3600):
        house.accepts()
        again = house.do(services.customer_not_reached, agent_id=house.agent.pk, contact_id=contact.pk)
        assert again == house.now() + timedelta(seconds=wait)
        assert house.stands(contact) == "scheduled"
        house.waits(wait - 1)
        assert house.offered() == []
        house.waits(1)
    house.accepts()
    assert house.do(services.customer_not_reached, agent_id=house.agent.pk, contact_id=contact.pk) is None
    contact.refresh_from_db()
    assert (contact.state, contact.outcome, contact.callback.attempts) == ("closed", "cancelled", 3)
    assert set(Assignment.objects.values_list("state", "why")) == {("ended", "not_reached")}


def test_only_a_callback_can_be_put_off(house):
    contact = house.calls("claire")
    house.ready()
    house.accepts()
    with pytest.raises(NotACallback):
        house.do(services.customer_not_reached, agent_id=house.agent.pk, contact_id=contact.pk)


def test_one_taken_back_is_never_offered(house):
    promised = house.promises(MORNING + timedelta(minutes=5))
    house.do(services.cancel_contact, contact_id=promised.pk, why="callback_cancelled")
    house.ready()
    house.waits(600)
    assert (house.offered(), house.stands(promised)) == ([], "closed")


def test_who_calls_before_being_called_back_is_answered_as_a_caller(house):
    promised = house.promises(MORNING + timedelta(hours=1))
    house.do(services.called_by_themselves, contact_id=promised.pk)
    house.ready()
    assert house.offered() == [(promised.pk, house.agent.pk)]
    assert not desk.open_offers(house.agent.pk)[0]["called_back"]


def test_another_owner_keeps_every_promise_also_those_whose_moment_came_meanwhile(house):
    soon, later = (
        house.promises(MORNING + timedelta(seconds=10)),
        house.promises(MORNING + timedelta(hours=2), thread_key="later"),
    )
    house.clock.advance(seconds=60)
    house.router = FloorRouter.take_over(house.floor.pk, owner="two", clock=house.clock)
    house.ready()
    assert house.offered() == [(soon.pk, house.agent.pk)]
    assert house.stands(later) == "scheduled"
    house.waits(7200)
    assert all(each.same for each in replay(house.floor.pk))


def test_the_floor_sees_who_is_to_be_called_back_and_nothing_of_them(house):
    promised = house.promises(MORNING + timedelta(hours=1), agent_id=house.agent.pk)
    assert floor.callbacks(house.floor.pk) == [
        {
            "contact": promised.pk, "wanted_at": (MORNING + timedelta(hours=1)).isoformat(), "asked_at": MORNING.isoformat(),
            "asked_by": "agent", "attempts": 0, "withdrawn": False,
        }
    ]  # fmt: skip


def test_a_supervisor_can_give_one_before_its_moment(house):
    promised = house.promises(MORNING + timedelta(hours=1))
    house.do(services.assign_contact, contact_id=promised.pk, agent_id=house.agent.pk, by=UserFactory.create())
    assert house.stands(promised) == "active"
    house.waits(3700)
    assert house.stands(promised) == "active"


def test_a_customer_who_is_forgotten_leaves_no_number(house):
    promised = house.promises(MORNING + timedelta(hours=1))
    house.do(services.cancel_contact, contact_id=promised.pk, why="callback_cancelled")
    customer = promised.conversation.customer
    services.erase_customer(
        operator_id=customer.operator_id,
        customer_id=customer.pk,
        by=UserFactory.create(),
        reason="asked",
        now=house.now(),
    )
    assert Callback.objects.filter(number="", wording="").count() == 1
