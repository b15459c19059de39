"""The routing floor of the benchmarks in real tables: operator, queues, skills, agents, missions, contacts that wait."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta
from typing import Any

from benchmarks.routing_floor import SKILLS, FloorPlan
from homeshore.brands.models import Brand, Queue, QueueNeed
from homeshore.contacts import facts
from homeshore.contacts.models import Assignment, Contact, Conversation, Customer, Floor, Offer, Presence, QueueOnFloor
from homeshore.foundation.models import Operator, User
from homeshore.foundation.transactions import write
from homeshore.missions.models import Engagement, Mission
from homeshore.people.models import Agent, AgentSkill, Skill
from homeshore.routing.inputs import AssignmentClosed, ContactArrived, OfferAccepted
from homeshore.values.clock import to_milliseconds

START = datetime(2026, 11, 24, 9, tzinfo=UTC)
BATCH = 2_000


class DurableFloor:
    """A floor whose agents all work, with contacts waiting; `free` frees agents and brings as many new contacts."""

    def __init__(
        self, plan: FloorPlan, waiting: int, seed: int = 1, start: datetime = START, offer_seconds: int = 20
    ) -> None:
        self.plan, self.chance, self.offer_seconds = plan, random.Random(seed), offer_seconds
        self.now = self.start = start
        with write():
            self._lay_rules()
            self.presences()
            self.arrive(waiting, tell=False)

    def _lay_rules(self) -> None:
        self.operator = Operator.objects.create(name="bench", slug="bench")
        self.floor = Floor.objects.create(operator=self.operator, name="bench")
        self.brand = Brand.objects.create(operator=self.operator, name="b", slug="b", sector="retail", widget_key="b")
        skills = [Skill(operator=self.operator, code=f"s{n}", name=f"s{n}") for n in range(SKILLS)]
        self.skills = Skill.objects.bulk_create(skills)
        self.queues: dict[int, Queue] = {}
        for rule in self.plan.queues:
            self.queues[rule.id] = queue = Queue.objects.create(
                operator=self.operator,
                brand=self.brand,
                name=f"q{rule.id}",
                slug=f"q{rule.id}",
                channel="voice",
                activity="customer_service",
                target_seconds=rule.target_seconds,
                offer_seconds=self.offer_seconds,
                wrap_up_seconds=0,
            )
            QueueOnFloor.objects.create(queue=queue, floor=self.floor)
            for skill, level in rule.needs:
                QueueNeed.objects.create(queue=queue, skill=self.skills[skill], minimum=level)
        self._lay_agents()
        customer = Customer(operator=self.operator, brand=self.brand, created_at=self.start)
        customer.save()
        self.customer = customer

    def _lay_agents(self) -> None:
        people = [User(email=f"a{rule.id}@bench.example", password="!") for rule in self.plan.agents]
        people = User.objects.bulk_create(people, batch_size=BATCH)
        agents = [
            Agent(operator=self.operator, user=user, name="a", first_name="a", status="employee") for user in people
        ]
        self.agents = Agent.objects.bulk_create(agents, batch_size=BATCH)
        levels = [
            AgentSkill(agent=agent, skill=self.skills[skill], level=level)
            for agent, rule in zip(self.agents, self.plan.agents, strict=True)
            for skill, level in rule.skills
        ]
        AgentSkill.objects.bulk_create(levels, batch_size=BATCH)
        missions = {}
        for id, queue in self.queues.items():
            missions[id] = Mission.objects.create(operator=self.operator, brand=self.brand, name=queue.name)
            missions[id].queues.set([queue])
        engagements = [
            Engagement(mission=missions[id], agent=agent, status="employee", since=self.start)
            for agent, rule in zip(self.agents, self.plan.agents, strict=True)
            for id in rule.queues
        ]
        Engagement.objects.bulk_create(engagements, batch_size=BATCH)

    def presences(self) -> None:
        """Everybody is ready."""
        far = self.start + timedelta(days=1)
        ready = [Presence(agent=agent, state="ready", since=self.start, lease_until=far) for agent in self.agents]
        Presence.objects.bulk_create(ready, batch_size=BATCH)

    def lay_by(self, count: int) -> None:
        """So many contacts that may come once more: they stand as customers who left."""
        self.arrive(count, tell=False, state="closed", outcome="abandoned", closed_at=self.now)

    def arrive(self, count: int, *, tell: bool = True, state: str = "waiting", **standing: Any) -> None:
        """So many new contacts, by the traffic of the queues."""
        queues = [self.queues[self.plan.draw_queue(self.chance)] for _ in range(count)]
        first = Conversation.objects.count()
        threads = Conversation.objects.bulk_create(
            (
                Conversation(
                    operator=self.operator,
                    brand=self.brand,
                    customer=self.customer,
                    channel="voice",
                    thread_key=str(first + n),
                    created_at=self.now,
                    last_message_at=self.now,
                )
                for n in range(count)
            ),
            batch_size=BATCH,
        )
        contacts = Contact.objects.bulk_create(
            (
                Contact(
                    operator=self.operator,
                    floor=self.floor,
                    conversation=thread,
                    brand=self.brand,
                    queue=queue,
                    channel="voice",
                    state=state,
                    **standing,
                    priority=self.chance.choices((0, 1, 2), (6, 2, 2))[0],
                    arrived_at=self.now,
                    due_at=self.now + timedelta(seconds=queue.target_seconds),
                )
                for thread, queue in zip(threads, queues, strict=True)
            ),
            batch_size=BATCH,
        )
        if tell:
            facts.tell(
                self.floor.pk,
                *(
                    ContactArrived(each.pk, each.queue_id, to_milliseconds(each.arrived_at), each.priority)
                    for each in contacts
                ),
            )

    def accept_all(self) -> int:
        """Every open offer is accepted; how many."""
        with write():
            offers = list(Offer.objects.filter(state="open").order_by("id"))
            Offer.objects.filter(state="open").update(state="accepted", ended_at=self.now)
            Contact.objects.filter(pk__in=[offer.contact_id for offer in offers]).update(state="active")
            taken = Assignment.objects.bulk_create(
                Assignment(
                    contact_id=offer.contact_id,
                    agent_id=offer.agent_id,
                    offer=offer,
                    queue_id=offer.queue_id,
                    opened_at=self.now,
                )
                for offer in offers
            )
            accepted = (
                OfferAccepted(offer.pk, offer.contact_id, offer.agent_id, assignment.pk)
                for offer, assignment in zip(offers, taken, strict=True)
            )
            facts.tell(self.floor.pk, *accepted)
        return len(offers)

    def free(self, count: int) -> None:
        """So many agents close their contact, and as many new contacts arrive."""
        with write():
            closing = list(Assignment.objects.filter(state="active").order_by("id")[:count])
            ids = [each.pk for each in closing]
            Assignment.objects.filter(pk__in=ids).update(state="ended", ended_at=self.now, why="closed")
            Contact.objects.filter(pk__in=[each.contact_id for each in closing]).update(
                state="closed", outcome="handled", closed_at=self.now
            )
            facts.tell(self.floor.pk, *(AssignmentClosed(id) for id in ids))
            self.arrive(count)
