"""Makes what tests need, coherent by default: everything that hangs together belongs to one operator.

`AgentFactory(skills={skill: 3}, queues=[queue])` and `QueueFactory(needs={skill: 2}, floor=floor)` say in one line what
takes several rows. Times are those of `tests.clock.MORNING`.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import factory
from factory.django import DjangoModelFactory

from homeshore.brands.models import (
    Activity,
    Article,
    Brand,
    BrandAccess,
    CannedReply,
    Channel,
    Disposition,
    OpeningHours,
    Queue,
    QueueNeed,
    Rate,
    RateCard,
)
from homeshore.brands.models.brand import Sector
from homeshore.channels.voice.models import Call
from homeshore.contacts.models import (
    Assignment,
    Contact,
    Conversation,
    Customer,
    Floor,
    Message,
    Offer,
    Presence,
    PresenceSpan,
    QueueOnFloor,
)
from homeshore.contacts.models.work import PresenceState
from homeshore.foundation.models import Membership, Operator, Role, User
from homeshore.missions.models import Engagement, Mission
from homeshore.pay.models import Act
from homeshore.people.models import Agent, AgentSkill, Skill
from homeshore.people.status import Status
from tests.clock import MORNING

PASSWORD = "a long and simple password"


class OperatorFactory(DjangoModelFactory):
    class Meta:
        model = Operator

    name = factory.Sequence(lambda n: f"Réseau {n}")
    slug = factory.Sequence(lambda n: f"reseau-{n}")


class UserFactory(DjangoModelFactory):
    """Signs in with `PASSWORD`."""

    class Meta:
        model = User
        skip_postgeneration_save = True

    email = factory.Sequence(lambda n: f"person{n}@example.org")
    name = factory.Sequence(lambda n: f"Personne {n}")
    password = factory.django.Password(PASSWORD)


class MembershipFactory(DjangoModelFactory):
    """One person in one role; the traits name the roles."""

    class Meta:
        model = Membership

    operator = factory.SubFactory(OperatorFactory)
    user = factory.SubFactory(UserFactory)
    role = Role.OPERATOR_ADMIN


def user_as(role: Role, operator: Operator, **fields: Any) -> User:
    """A person who has that role for that operator."""
    user = UserFactory.create(**fields)
    MembershipFactory.create(operator=operator, user=user, role=role)
    return user


class BrandFactory(DjangoModelFactory):
    """A brand that is always open."""

    class Meta:
        model = Brand

    operator = factory.SubFactory(OperatorFactory)
    name = factory.Sequence(lambda n: f"Maison {n}")
    slug = factory.Sequence(lambda n: f"maison-{n}")
    sector = Sector.RETAIL
    widget_key = factory.Sequence(lambda n: f"widget-key-{n}")
    allowed_origins = factory.List(["https://shop.example"])


def brand_user(brand: Brand, **fields: Any) -> User:
    """A person of the brand: sees that brand and no other."""
    user = UserFactory.create(**fields)
    membership = MembershipFactory.create(operator=brand.operator, user=user, role=Role.BRAND_USER)
    BrandAccess.objects.create(membership=membership, brand=brand)
    return user


class OpeningHoursFactory(DjangoModelFactory):
    class Meta:
        model = OpeningHours

    brand = factory.SubFactory(BrandFactory)
    weekday = 0
    opens = "09:00"
    closes = "18:00"


class CannedReplyFactory(DjangoModelFactory):
    class Meta:
        model = CannedReply

    brand = factory.SubFactory(BrandFactory)
    shortcut = factory.Sequence(lambda n: f"reply-{n}")
    title = "Salutation"
    body = "Bonjour {customer}, ici {agent} de {brand}."


class ArticleFactory(DjangoModelFactory):
    class Meta:
        model = Article

    brand = factory.SubFactory(BrandFactory)
    title = factory.Sequence(lambda n: f"Article {n}")
    body = "Les retours sont gratuits pendant trente jours."
    updated_at = MORNING


class DispositionFactory(DjangoModelFactory):
    class Meta:
        model = Disposition

    brand = factory.SubFactory(BrandFactory)
    code = factory.Sequence(lambda n: f"reason-{n}")
    name = factory.Sequence(lambda n: f"Motif {n}")


class SkillFactory(DjangoModelFactory):
    class Meta:
        model = Skill

    operator = factory.SubFactory(OperatorFactory)
    code = factory.Sequence(lambda n: f"skill-{n}")
    name = factory.Sequence(lambda n: f"Compétence {n}")


class FloorFactory(DjangoModelFactory):
    class Meta:
        model = Floor

    operator = factory.SubFactory(OperatorFactory)
    name = "Plateau"


class QueueFactory(DjangoModelFactory):
    """A chat queue on a floor of its operator; `needs` is {skill: least level}."""

    class Meta:
        model = Queue
        skip_postgeneration_save = True

    brand = factory.SubFactory(BrandFactory)
    operator = factory.SelfAttribute("brand.operator")
    name = factory.Sequence(lambda n: f"File {n}")
    slug = factory.Sequence(lambda n: f"file-{n}")
    channel = Channel.CHAT
    activity = Activity.CUSTOMER_SERVICE
    target_seconds = 60

    @factory.post_generation
    def floor(self, create: bool, given: Floor | None, **fields: Any) -> None:
        floor = given or Floor.objects.filter(operator=self.operator).order_by("pk").first()
        QueueOnFloor.objects.create(queue=self, floor=floor or FloorFactory.create(operator=self.operator))

    @factory.post_generation
    def needs(self, create: bool, given: dict[Skill, int] | None, **fields: Any) -> None:
        for skill, minimum in (given or {}).items():
            QueueNeed.objects.create(queue=self, skill=skill, minimum=minimum)


class MissionFactory(DjangoModelFactory):
    """A mission that serves `queues`."""

    class Meta:
        model = Mission
        skip_postgeneration_save = True

    brand = factory.SubFactory(BrandFactory)
    operator = factory.SelfAttribute("brand.operator")
    name = factory.Sequence(lambda n: f"Mission {n}")

    @factory.post_generation
    def queues(self, create: bool, given: list[Queue] | None, **fields: Any) -> None:
        self.queues.add(*(given or []))


class EngagementFactory(DjangoModelFactory):
    class Meta:
        model = Engagement

    mission = factory.SubFactory(MissionFactory)
    agent = factory.SubFactory("tests.factories.AgentFactory", operator=factory.SelfAttribute("..mission.operator"))
    status = Status.EMPLOYEE
    since = MORNING - timedelta(days=90)


class AgentFactory(DjangoModelFactory):
    """An agent who may sign in; `skills` is {skill: level}, `queues` those of the missions they are engaged on."""

    class Meta:
        model = Agent
        skip_postgeneration_save = True

    operator = factory.SubFactory(OperatorFactory)
    user = factory.SubFactory(UserFactory)
    first_name = factory.Sequence(lambda n: f"Camille{n}")
    name = factory.LazyAttribute(lambda agent: f"{agent.first_name} Martin")
    status = Status.EMPLOYEE

    @factory.post_generation
    def membership(self, create: bool, given: None, **fields: Any) -> None:
        MembershipFactory.create(operator=self.operator, user=self.user, role=Role.AGENT)

    @factory.post_generation
    def skills(self, create: bool, given: dict[Skill, int] | None, **fields: Any) -> None:
        for skill, level in (given or {}).items():
            AgentSkill.objects.create(agent=self, skill=skill, level=level)

    @factory.post_generation
    def queues(self, create: bool, given: list[Queue] | None, **fields: Any) -> None:
        for queue in given or []:
            mission = MissionFactory.create(brand=queue.brand, queues=[queue])
            EngagementFactory.create(mission=mission, agent=self)


class RateCardFactory(DjangoModelFactory):
    """A published card in force; `rates` is a list of fields of its lines."""

    class Meta:
        model = RateCard
        skip_postgeneration_save = True

    brand = factory.SubFactory(BrandFactory)
    version = factory.LazyAttribute(lambda card: card.brand.rate_cards.count() + 1)
    valid_from = MORNING - timedelta(days=30)
    published_at = MORNING - timedelta(days=31)

    @factory.post_generation
    def rates(self, create: bool, given: list[dict[str, Any]] | None, **fields: Any) -> None:
        for line in given or []:
            RateFactory.create(card=self, **line)


class RateFactory(DjangoModelFactory):
    class Meta:
        model = Rate

    card = factory.SubFactory(RateCardFactory)
    label = "Contact traité"
    amount_cents = 240


class PresenceFactory(DjangoModelFactory):
    """An agent who is ready, since the morning, with a lease that holds."""

    class Meta:
        model = Presence

    agent = factory.SubFactory(AgentFactory)
    state = PresenceState.READY
    since = MORNING
    lease_until = factory.LazyAttribute(lambda presence: presence.since + timedelta(seconds=90))


class PresenceSpanFactory(DjangoModelFactory):
    class Meta:
        model = PresenceSpan

    agent = factory.SubFactory(AgentFactory)
    state = PresenceState.READY
    since = MORNING


class CustomerFactory(DjangoModelFactory):
    class Meta:
        model = Customer

    brand = factory.SubFactory(BrandFactory)
    operator = factory.SelfAttribute("brand.operator")
    name = factory.Sequence(lambda n: f"Jeanne Client{n}")
    email = factory.Sequence(lambda n: f"customer{n}@example.net")
    created_at = MORNING


class ConversationFactory(DjangoModelFactory):
    class Meta:
        model = Conversation

    brand = factory.SubFactory(BrandFactory)
    operator = factory.SelfAttribute("brand.operator")
    customer = factory.SubFactory(CustomerFactory, brand=factory.SelfAttribute("..brand"))
    channel = Channel.CHAT
    thread_key = factory.Sequence(lambda n: f"thread-{n}")
    created_at = MORNING
    last_message_at = MORNING


class ContactFactory(DjangoModelFactory):
    """A contact that waits in its queue."""

    class Meta:
        model = Contact

    queue = factory.SubFactory(QueueFactory)
    operator = factory.SelfAttribute("queue.operator")
    brand = factory.SelfAttribute("queue.brand")
    channel = factory.SelfAttribute("queue.channel")
    floor = factory.LazyAttribute(lambda contact: contact.queue.on_floor.floor)
    conversation = factory.SubFactory(
        ConversationFactory, brand=factory.SelfAttribute("..brand"), channel=factory.SelfAttribute("..channel")
    )
    state = Contact.State.WAITING
    arrived_at = MORNING
    due_at = factory.LazyAttribute(lambda contact: contact.arrived_at + timedelta(seconds=contact.queue.target_seconds))


class MessageFactory(DjangoModelFactory):
    class Meta:
        model = Message

    conversation = factory.SubFactory(ConversationFactory)
    kind = Message.Kind.INBOUND
    author_name = factory.LazyAttribute(lambda message: message.conversation.customer.name)
    body = "Bonjour, où en est ma commande ?"
    client_id = factory.Sequence(lambda n: f"client-{n}")
    at = MORNING


class CallFactory(DjangoModelFactory):
    """The call of a contact, carried by browsers."""

    class Meta:
        model = Call

    contact = factory.SubFactory(ContactFactory)
    operator = factory.SelfAttribute("contact.operator")
    conversation_id = factory.SelfAttribute("contact.conversation_id")
    driver = "embedded"
    began_at = MORNING


class OfferFactory(DjangoModelFactory):
    """An open offer; its contact is marked offered."""

    class Meta:
        model = Offer

    id = factory.Sequence(lambda n: f"1-{n}-1")
    contact = factory.SubFactory(ContactFactory, state=Contact.State.OFFERED)
    queue = factory.SelfAttribute("contact.queue")
    floor = factory.SelfAttribute("contact.floor")
    agent = factory.SubFactory(AgentFactory, operator=factory.SelfAttribute("..contact.operator"))
    epoch = 1
    offered_at = MORNING
    expires_at = factory.LazyAttribute(lambda offer: offer.offered_at + timedelta(seconds=offer.queue.offer_seconds))
    reasons = factory.Dict({})


class AssignmentFactory(DjangoModelFactory):
    """An agent at work on a contact, by an offer that was accepted."""

    class Meta:
        model = Assignment

    contact = factory.SubFactory(ContactFactory, state=Contact.State.ACTIVE)
    queue = factory.SelfAttribute("contact.queue")
    agent = factory.SubFactory(AgentFactory, operator=factory.SelfAttribute("..contact.operator"))
    offer = factory.SubFactory(
        OfferFactory,
        contact=factory.SelfAttribute("..contact"),
        agent=factory.SelfAttribute("..agent"),
        state=Offer.State.ACCEPTED,
        ended_at=MORNING,
    )
    opened_at = MORNING


class ActFactory(DjangoModelFactory):
    """What an agent was paid for a contact that is closed."""

    class Meta:
        model = Act

    assignment = factory.SubFactory(
        AssignmentFactory,
        state=Assignment.State.ENDED,
        contact__state=Contact.State.CLOSED,
        contact__outcome=Contact.Outcome.HANDLED,
        contact__closed_at=MORNING,
    )
    agent = factory.SelfAttribute("assignment.agent")
    contact = factory.SelfAttribute("assignment.contact")
    brand = factory.SelfAttribute("contact.brand")
    queue = factory.SelfAttribute("contact.queue")
    operator = factory.SelfAttribute("contact.operator")
    amount_cents = 240
    currency = "EUR"
    parts = factory.List([])
    at = MORNING
