"""A contact centre on real tables, for state machines: three agents, a handful of customers, and what they may do."""

from contextlib import suppress
from datetime import timedelta

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule

from homeshore.contacts import services
from homeshore.contacts.models import Assignment, Callback, Contact, Fact, Message, Offer, Reservation
from homeshore.contacts.queries import taking
from homeshore.contacts.refusals import NotYours
from homeshore.contacts.router.router import FloorRouter
from homeshore.contacts.services import CustomerFacts
from homeshore.foundation import clock as process_clock
from homeshore.foundation.errors import Invalid, Refused
from homeshore.foundation.models import OutboxMessage
from homeshore.foundation.transactions import write
from homeshore.pay.models import Act
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
    """Three agents, two chat queues and one of e-mail, customers and supervisors, each doing what they may at any moment."""

    @initialize(at_work=st.booleans())
    def open(self, at_work):
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
        self.sent = []
        self.told_twice = False
        self.unheard = 0
        self.take_over()
        if at_work:
            self.everybody_is_there_and_two_customers_are_answered()

    def everybody_is_there_and_two_customers_are_answered(self):
        for agent in self.agents:
            self.do(services.set_presence, agent_id=agent.pk, state="ready")
        for visitor in range(2):
            self.a_customer_writes(visitor, 0, again=False)
        for offer in Offer.objects.filter(floor=self.floor, state="open").order_by("id"):
            self.do(services.accept_offer, agent_id=offer.agent_id, offer_id=offer.pk)

    def teardown(self):
        process_clock.use(process_clock.SystemClock())

    def take_over(self, standby=None):
        self.owner += 1
        name = f"test:1:{self.owner}"
        self.router = FloorRouter.take_over(self.floor.pk, owner=name, clock=self.clock, standby=standby)
        assert self.router is not None
        self.unheard = 0
        if standby is None:
            self.laid_at = self.router.state.seq  # the tables do not say what ended before
        self.router.turn()

    def do(self, service, **fields):
        """Call a service, and let the router hear of it, unless it is to hear several at once."""
        self.sent.append((service, fields))
        self.ask(service, **fields)
        if self.told_twice:
            self.tell_again(Fact.objects.filter(floor=self.floor).order_by("id"))
            self.told_twice = False
        self.unheard -= self.unheard > 0
        if not self.unheard:
            self.router.turn()

    def ask(self, service, **fields):
        """Call a service; a refusal is a fair answer."""
        with suppress(Refused, NotYours, Invalid):
            service(**fields, now=self.clock.now())

    def tell_again(self, rows):
        for told in list(rows.values_list("input", flat=True)):
            Fact.objects.create(floor=self.floor, input=told)

    def where_everything_stands(self):
        """Contacts, offers, work, words, callbacks, who is asked, acts and what is to be sent, with what may not happen twice to them."""
        mine = {"contact__operator": self.operator}
        return [
            list(rows.order_by("pk").values_list("pk", *columns))
            for rows, columns in (
                (self.contacts(), ("state", "queue", "due_at", "outcome")),
                (Offer.objects.filter(floor=self.floor), ("state", "ended_at")),
                (Assignment.objects.filter(**mine), ("state", "agent", "ended_at", "why")),
                (Message.objects.filter(conversation__operator=self.operator), ("body",)),
                (Callback.objects.filter(**mine), ("attempts", "withdrawn_at")),
                (Reservation.objects.filter(**mine), ("agent", "contact")),
                (Act.objects.filter(**mine), ("amount_cents",)),
                (OutboxMessage.objects.filter(operator=self.operator), ("key", "state")),
            )
        ]

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

    @rule(number=st.integers(0, 9), again=st.booleans())
    def an_agent_answers(self, number, again):
        self.said += 0 if again else 1
        assignment = self.pick(Assignment.objects.filter(contact__operator=self.operator, state="active"), number)
        if assignment:
            work = {"agent_id": assignment.agent_id, "contact_id": assignment.contact_id}
            self.do(services.send_message, body="Bonjour", client_id=f"answer-{self.said}", **work)

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

    @rule(number=st.integers(0, 9), busy=st.booleans(), at_once=st.booleans())
    def an_agent_asks_a_colleague(self, number, busy, at_once):
        """About a contact that stays with them: meanwhile nothing is offered to the colleague, whoever writes."""
        active = Assignment.objects.filter(contact__operator=self.operator, state="active").order_by("id")
        if not active:
            self.everybody_is_there_and_two_customers_are_answered()
        assignment = self.pick(active.all(), number)
        others = [each for each in self.agents if assignment and each.pk != assignment.agent_id]
        colleague = self.pick([each for each in others if busy or taking.why_no_call(each.pk) is None], number)
        if assignment and colleague:
            asked = {"asked_by": assignment.agent_id, "contact_id": assignment.contact_id}
            self.do(services.reserve_agent, agent_id=colleague.pk, **asked)
            self.a_customer_writes(number % VISITORS, 0, again=False)
            if at_once:
                self.a_colleague_has_been_asked(number, hands_over=bool(number % 3))

    @rule(number=st.integers(0, 9), hands_over=st.booleans())
    def a_colleague_has_been_asked(self, number, hands_over):
        """They leave again, or the contact is theirs from here on."""
        reserved = self.pick(Reservation.objects.filter(agent__in=self.agents).order_by("id"), number)
        if reserved and hands_over:
            asker = Assignment.objects.filter(contact=reserved.contact_id, state="active").first()
            work = {"agent_id": asker.agent_id if asker else 0, "contact_id": reserved.contact_id}
            self.do(hand_over_to_who_was_asked, to_agent_id=reserved.agent_id, **work)
        elif reserved:
            self.do(let_go_who_was_asked, agent_id=reserved.agent_id)


def hand_over_to_who_was_asked(*, to_agent_id, now, **work):
    """As a channel does it, at once or not at all."""
    with write():
        services.release_agent(agent_id=to_agent_id)
        services.hand_over(to_agent_id=to_agent_id, now=now, **work)


def let_go_who_was_asked(*, agent_id, now):
    services.release_agent(agent_id=agent_id)
