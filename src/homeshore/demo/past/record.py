"""Writes the past into the tables, as the services would have."""

import random
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from itertools import cycle, zip_longest
from zoneinfo import ZoneInfo

from homeshore.brands import rates
from homeshore.brands.models import Disposition, Queue
from homeshore.contacts.floors import default_floor
from homeshore.contacts.models import Assignment, Contact, Conversation, Customer, Message, Offer, PresenceSpan
from homeshore.contacts.router.rules import agents_of_floor, queues_of_floor
from homeshore.demo.past.days import Habits, arrivals, days_until, shifts, weekdays
from homeshore.demo.past.talks import Talk, Talks
from homeshore.demo.simulation import words
from homeshore.demo.simulation.words import Matter
from homeshore.foundation.models import Operator, User
from homeshore.foundation.transactions import write
from homeshore.pay.models import Act
from homeshore.pay.queries import lines_of
from homeshore.pay.rating import rate
from homeshore.people.models import Agent
from homeshore.routing.simulator import Scenario, Shift, simulate
from homeshore.values.clock import from_milliseconds, to_milliseconds

SEED = 20261025
BATCH = 500
FIRST_ANSWER_MS = 14_000
A_CUSTOMER_COMES_BACK = 0.35


def record(operator: Operator, *, now: datetime) -> int:
    """Give an operator without contacts its four weeks; how many contacts there were. Does nothing where there are some."""
    with write():
        if Contact.objects.filter(operator=operator).exists():
            return 0
        chance = random.Random(SEED)  # noqa: S311 - invented people, the same at every start
        floor_id = default_floor(operator.pk)
        talks, worked = _play(operator, floor_id=floor_id, until=now - timedelta(minutes=1), chance=chance)
        _Record(operator, floor_id, chance, now=now).write(talks)
        _spans(worked)
        _signed_in(worked)
    return len(talks)


def _play(
    operator: Operator, *, floor_id: int, until: datetime, chance: random.Random
) -> tuple[list[Talk], list[Shift]]:
    """The weeks through the routing core, by the rules that the floor has today: talks that are over, and shifts."""
    zone = ZoneInfo(operator.time_zone)
    days = weekdays(days_until(until, zone), operator.country)
    slugs = {queue.slug: queue.pk for queue in Queue.objects.filter(operator=operator).order_by("id")}
    people = list(Agent.objects.filter(operator=operator).order_by("id").values_list("id", flat=True))
    worked = shifts(days, people, until=until, zone=zone, chance=chance)
    mail_queues = Queue.objects.filter(operator=operator, channel="email").values_list("id", flat=True)
    talks = Talks()
    scenario = Scenario(
        queues=tuple(queues_of_floor(floor_id)),
        agents=tuple(agents_of_floor(floor_id)),
        shifts=tuple(worked),
        arrivals=arrivals(days, slugs, until=until, zone=zone, chance=chance),
        start=to_milliseconds(until - timedelta(days=29)),
        end=to_milliseconds(until),
        chances=Habits(frozenset(mail_queues), people, chance),
    )
    simulate(scenario, SEED, watch=talks.watch)
    return [talk for talk in talks.by_contact.values() if talk.over], worked


def _spans(worked: Iterable[Shift]) -> None:
    PresenceSpan.objects.bulk_create(
        [
            PresenceSpan(
                agent_id=shift.agent,
                state="ready",
                since=from_milliseconds(shift.start),
                until=from_milliseconds(shift.end),
            )
            for shift in worked
        ],
        batch_size=BATCH,
    )


def _signed_in(worked: Iterable[Shift]) -> None:
    """Whoever worked had signed in."""
    for agent, start in {shift.agent: shift.start for shift in worked}.items():
        User.objects.filter(agent=agent, last_login=None).update(last_login=from_milliseconds(start))


class _Record:
    """The rows of talks: customers, threads, contacts, offers, assignments, messages and acts."""

    def __init__(self, operator: Operator, floor_id: int, chance: random.Random, *, now: datetime) -> None:
        self.operator, self.floor_id, self.chance = operator, floor_id, chance
        self.queues = {queue.pk: queue for queue in Queue.objects.filter(operator=operator).select_related("brand")}
        self.agents = {agent.pk: agent for agent in Agent.objects.filter(operator=operator)}
        details = Disposition.objects.filter(brand__operator=operator, details__isnull=True).order_by("id")
        self.ends = {(end.brand_id, end.name): end.pk for end in details}
        self.cards = rates.cards_in_force(sorted({queue.brand_id for queue in self.queues.values()}), at=now)
        self.lines = {card.id: lines_of(card) for card in self.cards.values()}
        self.matters = {queue.pk: cycle(_matters(queue)) for queue in self.queues.values()}

    def write(self, talks: Sequence[Talk]) -> None:
        """All rows, in the order in which they refer to one another."""
        matters = [next(self.matters[talk.queue]) for talk in talks]
        threads = self._threads(talks)
        contacts = Contact.objects.bulk_create(
            [self._contact(*each) for each in zip(talks, matters, threads, strict=True)], batch_size=BATCH
        )
        told = list(zip(talks, matters, contacts, strict=True))
        Offer.objects.bulk_create([row for talk, _, contact in told for row in self._offers(talk, contact)], BATCH)
        answered = [each for each in told if not each[0].abandoned]
        assignments = Assignment.objects.bulk_create(
            [_assignment(talk, contact) for talk, _, contact in answered], batch_size=BATCH
        )
        Message.objects.bulk_create([row for each in told for row in self._messages(*each)], BATCH)
        self._acts(assignments)

    def _threads(self, talks: Sequence[Talk]) -> list[Conversation]:
        """A thread for each talk; some customers have written before."""
        known: dict[int, list[Customer]] = {}
        customers: list[Customer] = []
        fresh: list[Customer] = []
        for talk in talks:
            before = known.setdefault(self.queues[talk.queue].brand_id, [])
            if before and self.chance.random() < A_CUSTOMER_COMES_BACK:
                customers.append(self.chance.choice(before))
            else:
                customers.append(self._customer(talk, len(fresh)))
                before.append(customers[-1])
                fresh.append(customers[-1])
        Customer.objects.bulk_create(fresh, batch_size=BATCH)
        threads = [
            Conversation(
                operator=self.operator,
                brand_id=customer.brand_id,
                customer=customer,
                channel=self.queues[talk.queue].channel,
                thread_key=f"past-{number}",
                created_at=from_milliseconds(talk.arrived_at),
                last_message_at=from_milliseconds(talk.closed_at),
                agent_read_at=None if talk.abandoned else from_milliseconds(talk.closed_at),
                customer_read_at=from_milliseconds(talk.closed_at),
            )
            for number, (talk, customer) in enumerate(zip(talks, customers, strict=True))
        ]
        return Conversation.objects.bulk_create(threads, batch_size=BATCH)

    def _customer(self, talk: Talk, number: int) -> Customer:
        first, last = self.chance.choice(words.FIRST_NAMES), self.chance.choice(words.LAST_NAMES)
        writes = self.queues[talk.queue].channel == "email"
        return Customer(
            operator=self.operator,
            brand_id=self.queues[talk.queue].brand_id,
            name=f"{first} {last}",
            email=f"habitue{number}@simulation.example" if writes else "",
            simulated=True,
            created_at=from_milliseconds(talk.arrived_at),
        )

    def _contact(self, talk: Talk, matter: Matter, thread: Conversation) -> Contact:
        queue = self.queues[talk.queue]
        target = talk.arrived_at + queue.target_seconds * 1000
        end = None if talk.abandoned else self.ends[queue.brand_id, self.chance.choice(matter.ends)]
        first_answer = _said_at(talk, 1, len(matter.customer) + len(matter.agent))
        return Contact(
            operator=self.operator,
            floor_id=self.floor_id,
            conversation=thread,
            brand_id=queue.brand_id,
            queue=queue,
            channel=queue.channel,
            state=Contact.State.CLOSED,
            outcome=Contact.Outcome.ABANDONED if talk.abandoned else Contact.Outcome.HANDLED,
            priority=queue.priority,
            arrived_at=from_milliseconds(talk.arrived_at),
            due_at=from_milliseconds(target),
            answered_at=None if talk.abandoned else from_milliseconds(first_answer),
            answered_in_target=None if talk.abandoned else first_answer <= target,
            closed_at=from_milliseconds(talk.closed_at),
            disposition_id=end,
        )

    def _offers(self, talk: Talk, contact: Contact) -> list[Offer]:
        return [
            Offer(
                id=f"past-{ring.offer.id}",
                floor_id=self.floor_id,
                contact=contact,
                agent_id=ring.offer.agent,
                queue_id=ring.offer.queue,
                state=ring.state,
                epoch=0,
                offered_at=from_milliseconds(ring.offer.offered_at),
                expires_at=from_milliseconds(ring.offer.expires_at),
                ended_at=from_milliseconds(ring.ended_at),
                why=ring.why,
                reasons=ring.offer.to_dict()["reasons"],
            )
            for ring in talk.rings
        ]

    def _messages(self, talk: Talk, matter: Matter, contact: Contact) -> list[Message]:
        customer = contact.conversation.customer
        lines = _in_turn(matter.customer, matter.agent)[: 1 if talk.abandoned else None]
        messages = []
        for place, (from_customer, line) in enumerate(lines):
            agent = None if from_customer else self.agents[talk.agent]
            messages.append(
                Message(
                    conversation_id=contact.conversation_id,
                    contact=contact,
                    kind=Message.Kind.INBOUND if from_customer else Message.Kind.OUTBOUND,
                    author_id=agent.user_id if agent else None,
                    author_name=agent.first_name if agent else customer.name,
                    body=words.addressed(line, customer=customer.name, agent=agent.first_name if agent else ""),
                    delivery=Message.Delivery.NONE if from_customer else Message.Delivery.SENT,
                    client_id=f"past-{place}",
                    at=from_milliseconds(_said_at(talk, place, len(lines))),
                )
            )
        return messages

    def _acts(self, assignments: Iterable[Assignment]) -> None:
        """Priced by the cards that hold today, which are older than these weeks."""
        acts = [self._act(each, at=each.closed_at) for each in assignments if each.closed_at]
        Act.objects.bulk_create(acts, batch_size=BATCH)

    def _act(self, assignment: Assignment, *, at: datetime) -> Act:
        contact = assignment.contact
        card = self.cards[contact.brand_id]
        rated = rate(self.lines[card.id], queue_id=assignment.queue_id, disposition_id=contact.disposition_id)
        return Act(
            operator=self.operator,
            agent_id=assignment.agent_id,
            contact=contact,
            assignment=assignment,
            brand_id=contact.brand_id,
            queue_id=assignment.queue_id,
            disposition_id=contact.disposition_id,
            rate_card_id=card.id,
            amount_cents=rated.amount_cents,
            currency=card.currency,
            parts=rated.as_data(),
            at=at,
        )


def _assignment(talk: Talk, contact: Contact) -> Assignment:
    accepted = next(ring for ring in talk.rings if ring.state == "accepted")
    return Assignment(
        contact=contact,
        agent_id=talk.agent,
        offer_id=f"past-{accepted.offer.id}",
        queue_id=talk.queue,
        state=Assignment.State.ENDED,
        opened_at=from_milliseconds(talk.opened_at),
        closed_at=from_milliseconds(talk.closed_at),
        ended_at=from_milliseconds(talk.ended_at),
        why="closed",
    )


def _matters(queue: Queue) -> list[Matter]:
    """What customers of a queue write about."""
    slug = queue.brand.slug
    if queue.channel == "email":
        return [Matter(queue.slug, (body,), (words.MAIL_ANSWER,), (end,)) for _, body, end in words.MAILS[slug]]
    return [matter for matter in words.CHATS[slug] if matter.queue == queue.slug]


def _in_turn(customer: Sequence[str], agent: Sequence[str]) -> list[tuple[bool, str]]:
    """The lines of a talk, the customer's first, each side in its turn; whether the customer says it, and what."""
    told: list[tuple[bool, str]] = []
    for asked, answered in zip_longest(customer, agent):
        told += [(True, asked)] if asked else []
        told += [(False, answered)] if answered else []
    return told


def _said_at(talk: Talk, place: int, lines: int) -> int:
    """When the line in this place was said: the first on arrival, the answer soon, the others spread over the talk."""
    if place == 0:
        return talk.arrived_at
    greeting = min(FIRST_ANSWER_MS, talk.closed_at - talk.opened_at)
    return talk.opened_at + greeting + (talk.closed_at - talk.opened_at - greeting) * (place - 1) // lines
