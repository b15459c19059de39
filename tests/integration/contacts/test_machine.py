"""Whatever agents, customers, supervisors and faults do, in whatever order: the invariants of routing hold on the database.

The machine runs the services and the router on real tables, and after every step compares them with what the core
believes. Crashes, changes of owner, clocks that jump, duplicates and lost lines are among the rules.
"""

from collections import Counter
from contextlib import suppress
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from homeshore.contacts import services
from homeshore.contacts.models import Assignment, Contact, Fact, JournalEntry, Message, Offer
from homeshore.contacts.refusals import NotYours
from homeshore.contacts.router.checkpoints import canonical
from homeshore.contacts.router.commit import Deposed
from homeshore.contacts.router.journal import replay, state_after
from homeshore.contacts.router.router import FloorRouter
from homeshore.contacts.router.standby import StandBy
from homeshore.contacts.services import CustomerFacts
from homeshore.foundation import clock as process_clock
from homeshore.foundation.errors import Invalid, Refused
from homeshore.foundation.models import Event
from homeshore.routing.invariants import check_invariants
from tests.clock import ManualClock
from tests.factories import (
    AgentFactory,
    DispositionFactory,
    FloorFactory,
    OperatorFactory,
    QueueFactory,
    SkillFactory,
    UserFactory,
)

VISITORS, AGENTS = 5, 3
visitors, agents, queues = st.integers(0, VISITORS - 1), st.integers(0, AGENTS - 1), st.integers(0, 2)


class ContactCentre(RuleBasedStateMachine):
    """Three agents, two chat queues and one of e-mail, a handful of customers, and everything that can go wrong."""

    @initialize()
    def open(self):
        self.clock = ManualClock()
        process_clock.use(self.clock)
        self.operator = OperatorFactory.create()
        self.floor = FloorFactory.create(operator=self.operator)
        skill = SkillFactory.create(operator=self.operator)
        make = {"floor": self.floor, "brand__operator": self.operator}
        first = QueueFactory.create(channel="chat", **make)
        self.queues = [
            first,
            QueueFactory.create(channel="chat", brand=first.brand, floor=self.floor, needs={skill: 3}),
            QueueFactory.create(channel="email", brand=first.brand, floor=self.floor, target_seconds=3600),
        ]
        self.agents = [
            AgentFactory.create(operator=self.operator, queues=self.queues, skills={skill: level}, chat_places=2)
            for level in (4, 2, 3)
        ]
        self.end = DispositionFactory.create(brand=first.brand)
        self.supervisor = UserFactory.create()
        self.said = 0
        self.owner = 0
        self.given_over_capacity = False
        self.take_over()

    def teardown(self):
        process_clock.use(process_clock.SystemClock())

    def take_over(self, standby=None):
        self.owner += 1
        name = f"test:1:{self.owner}"
        self.router = FloorRouter.take_over(self.floor.pk, owner=name, clock=self.clock, standby=standby)
        assert self.router is not None
        self.router.turn()

    def do(self, service, **fields):
        """Call a service, and let the router hear of it."""
        self.ask(service, **fields)
        self.router.turn()

    def ask(self, service, **fields):
        """Call a service; a refusal is a fair answer."""
        with suppress(Refused, NotYours, Invalid):
            service(**fields, now=self.clock.now())

    def contacts(self):
        return Contact.objects.filter(operator=self.operator).order_by("id")

    def pick(self, rows, number):
        rows = list(rows)
        return rows[number % len(rows)] if rows else None

    @rule(visitor=visitors, queue=queues, again=st.booleans())
    def a_customer_writes(self, visitor, queue, again):
        self.said += 0 if again else 1
        self.do(
            services.receive_message,
            queue_id=self.queues[queue].pk,
            thread_key=f"visitor-{visitor}",
            customer=CustomerFacts(name="Claire"),
            body="Bonjour",
            client_id=f"said-{self.said}",
        )

    @rule(number=st.integers(0, 9))
    def a_customer_leaves(self, number):
        contact = self.pick(self.contacts(), number)
        if contact:
            self.do(services.abandon_contact, contact_id=contact.pk)

    @rule(number=st.integers(0, 9))
    def a_customer_asks_to_be_called_back(self, number):
        contact = self.pick(self.contacts(), number)
        if contact:
            self.do(services.ask_callback, contact_id=contact.pk, number="", wording="?")

    @rule(queue=queues, seconds=st.sampled_from([0, 5, 70, 1900]), agent=st.none() | agents, again=st.booleans())
    def a_callback_is_promised(self, queue, seconds, agent, again):
        self.said += 0 if again else 1
        self.do(
            services.schedule_callback,
            queue_id=self.queues[queue].pk,
            thread_key=f"promise-{self.said}",
            customer=CustomerFacts(),
            wanted_at=self.clock.now() + timedelta(seconds=seconds),
            number="",
            wording="?",
            agent_id=None if agent is None else self.agents[agent].pk,
            with_agent=agent is not None,
        )

    @rule(number=st.integers(0, 9))
    def a_customer_is_not_reached(self, number):
        active = Assignment.objects.filter(contact__operator=self.operator, state="active").order_by("id")
        assignment = self.pick(active, number)
        if assignment:
            work = {"agent_id": assignment.agent_id, "contact_id": assignment.contact_id}
            self.do(services.customer_not_reached, **work)

    @rule(number=st.integers(0, 9), taken_back=st.booleans())
    def a_callback_is_taken_back_or_its_customer_calls(self, number, taken_back):
        scheduled = self.pick(self.contacts().filter(state="scheduled"), number)
        if scheduled and taken_back:
            self.do(services.cancel_contact, contact_id=scheduled.pk, why="callback_cancelled")
        elif scheduled:
            self.do(services.called_by_themselves, contact_id=scheduled.pk)

    @rule(agent=agents, state=st.sampled_from(["ready", "ready", "ready", "break", "offline"]))
    def an_agent_says_where_they_stand(self, agent, state):
        self.do(services.set_presence, agent_id=self.agents[agent].pk, state=state)

    @rule(number=st.integers(0, 9), stranger=st.booleans(), agent=agents)
    def an_offer_is_accepted(self, number, stranger, agent):
        offer = self.pick(Offer.objects.filter(floor=self.floor).order_by("-offered_at", "id")[:4], number)
        if offer:
            by = self.agents[agent].pk if stranger else offer.agent_id
            self.do(services.accept_offer, agent_id=by, offer_id=offer.pk)

    @rule(number=st.integers(0, 9))
    def an_offer_is_declined(self, number):
        offer = self.pick(Offer.objects.filter(floor=self.floor).order_by("-offered_at", "id")[:4], number)
        if offer:
            self.do(services.decline_offer, agent_id=offer.agent_id, offer_id=offer.pk)

    @rule(number=st.integers(0, 9), wrap_up=st.booleans(), agent=agents)
    def a_contact_is_closed(self, number, wrap_up, agent):
        contact = self.pick(self.contacts(), number)
        if contact:
            self.do(
                services.close_contact,
                agent_id=self.agents[agent].pk,
                contact_id=contact.pk,
                disposition_id=self.end.pk,
                wrap_up=wrap_up,
            )

    @rule(number=st.integers(0, 9))
    def wrap_up_ends(self, number):
        assignment = self.pick(Assignment.objects.filter(contact__operator=self.operator).order_by("-id")[:4], number)
        if assignment:
            self.do(services.end_wrap_up, agent_id=assignment.agent_id, assignment_id=assignment.pk)

    @rule(number=st.integers(0, 9), queue=queues, to_agent=st.booleans(), agent=agents)
    def a_contact_is_transferred(self, number, queue, to_agent, agent):
        active = Assignment.objects.filter(contact__operator=self.operator, state="active").order_by("id")
        assignment = self.pick(active, number)
        if assignment:
            target = {"to_agent_id": self.agents[agent].pk} if to_agent else {"to_queue_id": self.queues[queue].pk}
            self.do(services.transfer_contact, agent_id=assignment.agent_id, contact_id=assignment.contact_id, **target)

    @rule(number=st.integers(0, 9), queue=st.none() | queues)
    def a_supervisor_sends_a_contact_back(self, number, queue):
        contact = self.pick(self.contacts(), number)
        if contact:
            queue_id = None if queue is None else self.queues[queue].pk
            self.do(services.requeue_contact, contact_id=contact.pk, by=self.supervisor, queue_id=queue_id)

    @rule(number=st.integers(0, 9), agent=agents)
    def a_supervisor_gives_a_contact(self, number, agent):
        contact = self.pick(self.contacts(), number)
        if contact:
            self.do(services.assign_contact, contact_id=contact.pk, agent_id=self.agents[agent].pk, by=self.supervisor)

    @rule(seconds=st.sampled_from([-30, 0.5, 5, 21, 40, 70, 91, 200, 1900]))
    def time_passes(self, seconds):
        self.clock.advance(seconds=seconds)
        self.router.turn()

    @rule(agent=agents)
    def a_browser_gives_a_sign_of_life(self, agent):
        self.do(services.renew_lease, agent_id=self.agents[agent].pk)

    @rule()
    def leases_are_swept(self):
        self.do(services.lapse_presences)

    @rule()
    def the_router_is_killed_and_another_takes_over(self):
        self.clock.advance(seconds=41)
        self.take_over()

    @rule()
    def the_router_is_killed_and_who_stood_by_goes_on(self):
        standby = StandBy.begin(self.floor.pk)
        self.clock.advance(seconds=41)
        self.take_over(standby)
        assert self.router.state is standby.state

    @rule(number=st.integers(0, 9))
    def the_router_dies_with_its_last_group_and_who_stood_by_goes_on(self, number):
        """Meanwhile a customer leaves, or an agent answers: what the group decided of that is refused, and nobody is told."""
        standby = StandBy.begin(self.floor.pk)
        self.clock.advance(seconds=21)
        group = self.router._next_group()
        offer = self.pick(Offer.objects.filter(floor=self.floor, state="open").order_by("id"), number)
        if offer and number % 2:
            self.ask(services.accept_offer, agent_id=offer.agent_id, offer_id=offer.pk)
        elif contact := self.pick(self.contacts().filter(state__in=("waiting", "offered")), number):
            self.ask(services.abandon_contact, contact_id=contact.pk)
        if group.entries:
            self.router._commit(group)
        self.clock.advance(seconds=20)
        self.take_over(standby)
        assert self.router.state is standby.state

    @rule(visitor=visitors)
    def a_paused_router_wakes_after_another_took_over(self, visitor):
        paused, self.router = self.router, None
        self.clock.advance(seconds=41)
        self.take_over()
        before = JournalEntry.objects.filter(floor=self.floor).count()
        services.receive_message(
            queue_id=self.queues[0].pk,
            thread_key=f"visitor-{visitor}",
            customer=CustomerFacts(),
            body="?",
            client_id=f"paused-{self.owner}",
            now=self.clock.now(),
        )
        if Fact.objects.filter(floor=self.floor).exists():
            with pytest.raises(Deposed):
                paused.turn()
        assert JournalEntry.objects.filter(floor=self.floor).count() == before
        self.router.turn()

    @invariant()
    def at_most_one_open_offer_a_contact(self):
        open_offers = Offer.objects.filter(floor=self.floor, state="open").values_list("contact", flat=True)
        assert max(Counter(open_offers).values(), default=0) <= 1

    @invariant()
    def one_active_assignment_a_contact_and_each_offer_accepted_once(self):
        active = Assignment.objects.filter(contact__operator=self.operator, state="active")
        assert max(Counter(active.values_list("contact", flat=True)).values(), default=0) <= 1
        accepted = Assignment.objects.filter(contact__operator=self.operator, offer__isnull=False)
        assert max(Counter(accepted.values_list("offer", flat=True)).values(), default=0) <= 1

    @invariant()
    def every_contact_stands_somewhere_and_one_only(self):
        standing = {
            contact.pk: (
                contact.state,
                contact.offers.filter(state="open").count(),
                contact.assignments.filter(state="active").count(),
            )
            for contact in self.contacts()
        }
        allowed = {("scheduled", 0, 0), ("waiting", 0, 0), ("offered", 1, 0), ("active", 0, 1), ("closed", 0, 0)}
        assert set(standing.values()) <= allowed, standing

    @invariant()
    def the_core_believes_what_the_tables_say(self):
        check_invariants(self.router.state)
        tables = dict(self.contacts().exclude(state="closed").values_list("id", "state"))
        assert {id: contact.stands for id, contact in self.router.state.contacts.items()} == tables
        held = Assignment.objects.filter(contact__operator=self.operator).exclude(state="ended")
        assert {each.id: each.agent for each in self.router.state.assignments.values()} == dict(
            held.values_list("id", "agent")
        )
        open_offers = Offer.objects.filter(floor=self.floor, state="open")
        assert {each.id: each.agent for each in self.router.state.offers.values()} == dict(
            open_offers.values_list("id", "agent")
        )

    @invariant()
    def nothing_is_shown_that_is_not_durable(self):
        shown = {
            event.payload["offer"]["id"] for event in Event.objects.filter(operator=self.operator, kind="offer.opened")
        }
        assert shown == set(Offer.objects.filter(floor=self.floor).values_list("id", flat=True))

    @invariant()
    def epochs_never_fall_and_no_number_is_missing(self):
        entries = list(JournalEntry.objects.filter(floor=self.floor).order_by("seq").values_list("seq", "epoch"))
        assert [seq for seq, _ in entries] == list(range(1, len(entries) + 1))
        epochs = [epoch for _, epoch in entries]
        assert epochs == sorted(epochs)

    @invariant()
    def a_word_said_once_is_kept_once(self):
        said = Message.objects.filter(conversation__operator=self.operator).values_list("conversation", "client_id")
        assert max(Counter(said).values(), default=0) <= 1

    @precondition(lambda self: JournalEntry.objects.filter(floor=self.floor).count() > 40)
    @rule()
    def the_journal_decides_the_same_again(self):
        assert [each.seq for each in replay(self.floor.pk) if not each.same] == []
        assert canonical(state_after(self.floor.pk, seq=self.router.state.seq)) == canonical(self.router.state)

    @rule()
    def every_offer_ends(self):
        open_offers = list(Offer.objects.filter(floor=self.floor, state="open").values_list("id", flat=True))
        self.clock.advance(seconds=120)
        self.router.turn()
        assert not Offer.objects.filter(pk__in=open_offers, state="open").exists()


@pytest.mark.django_db
def test_the_invariants_hold_whatever_happens_in_whatever_order():
    run_state_machine_as_test(
        ContactCentre,
        settings=settings(
            max_examples=15,
            stateful_step_count=30,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
