"""One of everything that an address can name, twice: two operators that must never see each other."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta

from django.core.files.base import ContentFile

from homeshore.brands.models import Brand, Queue, QueueVersion
from homeshore.brands.policy import QueuePolicy
from homeshore.channels.email.models import InboundMail, Mailbox, OutboundMail
from homeshore.channels.voice.models import Browser, Call, Companion, Leg, Number, Recording, Take, TrunkAccount
from homeshore.contacts.models import Attachment, Contact, ContestedOffer, Floor, FloorPolicy, Study
from homeshore.contacts.queries.policies import rules_of
from homeshore.foundation import tokens
from homeshore.foundation.models import Operator, Role, User
from homeshore.outbound.models import CallList, ListEntry, Party
from homeshore.pay.models import Act, Contest
from homeshore.people.models import Agent
from homeshore.routing.policy import Policy
from tests import planning_scene
from tests.clock import MORNING
from tests.factories import (
    ActFactory,
    AgentFactory,
    ArticleFactory,
    AssignmentFactory,
    BrandFactory,
    CallFactory,
    CannedReplyFactory,
    ContactFactory,
    CustomerFactory,
    FloorFactory,
    MembershipFactory,
    MessageFactory,
    OfferFactory,
    OperatorFactory,
    PresenceFactory,
    QueueFactory,
    UserFactory,
    brand_user,
    user_as,
)


@dataclass
class World:
    """An operator at work: a person in each role, and the id of one thing of each kind by its name in addresses."""

    operator: Operator
    people: dict[Role, User] = field(default_factory=dict)
    things: dict[str, object] = field(default_factory=dict)
    supervised: dict[str, object] = field(default_factory=dict)
    consulted: dict[str, object] = field(default_factory=dict)

    def things_of(self, role: Role) -> dict[str, object]:
        """What somebody in this role can name; a supervisor who is at a desk has other work there than the agent, whom they ask."""
        own = {Role.SUPERVISOR: self.supervised, Role.AGENT: self.consulted}
        return self.things | own.get(role, {})


def make_world() -> World:
    """A world of its own. Its agent and its supervisor are both at a desk."""
    operator = OperatorFactory.create()
    brand = BrandFactory.create(operator=operator)
    world = World(operator)
    for role in (Role.OPERATOR_ADMIN, Role.PLANNER, Role.SUPERVISOR):
        world.people[role] = user_as(role, operator)
    world.people[Role.BRAND_USER] = brand_user(brand)
    floor = FloorFactory.create(operator=operator)
    queue = QueueFactory.create(brand=brand, floor=floor)
    agent = AgentFactory.create(operator=operator, queues=[queue])
    world.people[Role.AGENT] = agent.user
    at_a_desk = AgentFactory.create(operator=operator, user=world.people[Role.SUPERVISOR])
    world.supervised = _work_of(at_a_desk, queue, beside=world.people[Role.SUPERVISOR])
    asked = Companion.objects.create(
        call_id=world.supervised["call"],
        user=agent.user,
        leg=1,
        part="consult",
        colleague=agent,
        asked_by=at_a_desk,
        began_at=MORNING,
        alive_until=MORNING,
    )
    world.consulted = {"companion": asked.pk}
    people = CallList.objects.create(
        operator=operator,
        brand=brand,
        queue=queue,
        name="Satisfaction",
        purpose="service",
        state="running",
        made_at=MORNING,
    )
    world.supervised["entry"] = _read_about(people, at_a_desk)
    member = MembershipFactory.create(operator=operator, role=Role.PLANNER, user=UserFactory.create())
    admin = world.people[Role.OPERATOR_ADMIN].memberships.get()
    token, _ = tokens.issue(by=admin, name="warehouse", now=MORNING)
    world.things = {
        "brand": brand.pk,
        "queue": queue.pk,
        "queue_id": queue.pk,
        "study_id": Study.objects.create(
            operator=operator, floor=floor, asked_at=MORNING, day=MORNING.date(), contacts=3, beat_at=MORNING
        ).pk,
        "number": _planned_versions(queue, floor),
        "agent": agent.pk,
        "floor": floor.pk,
        **_work_of(agent, queue, beside=world.people[Role.OPERATOR_ADMIN]),
        "article_id": ArticleFactory.create(brand=brand).pk,
        "reply_id": CannedReplyFactory.create(brand=brand).pk,
        "membership_id": member.pk,
        "customer": CustomerFactory.create(brand=brand).pk,
        "token_id": token.pk,
        "phone_id": Number.objects.create(operator=operator, queue=queue, digits=f"+3315607{operator.pk:04}").pk,
        "account_id": TrunkAccount.objects.create(
            operator=operator, server="sip.trunk.example", login=f"account-{operator.pk}", since=MORNING
        ).pk,
        "list_id": people.pk,
        "entry": _read_about(people, agent),
        "party_id": Party.objects.create(operator=operator, brand=brand, number="+33123456789").pk,
        **_mails(brand, queue.pk),
        **_plan(operator, world.people[Role.PLANNER]),
    }
    for things in (world.things, world.supervised):
        things |= {f"{name}_id": thing for name, thing in things.items() if not name.endswith("_id")}
    return world


def _work_of(agent: Agent, queue: Queue, *, beside: User) -> dict[str, object]:
    """An agent's contact in progress with a file in it, an open offer, and a call in which somebody is beside them."""
    PresenceFactory.create(agent=agent)
    contact = ContactFactory.create(queue=queue, state="active")
    assignment = AssignmentFactory.create(contact=contact, agent=agent)
    message = MessageFactory.create(conversation=contact.conversation, contact=contact)
    attachment = Attachment.objects.create(
        message=message, name="a.txt", content_type="text/plain", size=2, file=ContentFile(b"hi", "a.txt")
    )
    offer = OfferFactory.create(contact=ContactFactory.create(queue=queue, state="offered"), agent=agent)
    contested = Contest.objects.create(act=_act_of(agent, queue), text="Two hours of work", at=MORNING)
    call = _call_of(agent, queue)
    return {
        "contact": contact.pk,
        "offer": offer.pk,
        "assignment": assignment.pk,
        "attachment": attachment.pk,
        "act": _act_of(agent, queue).pk,
        "contest": contested.pk,
        "call": call.pk,
        "companion": Companion.objects.create(
            call=call, user=beside, leg=1, part="listen", began_at=MORNING, alive_until=MORNING
        ).pk,
        "take": _recorded(contact, agent).pk,
        "contested": ContestedOffer.objects.create(offer=offer, agent=agent, text="Why me?", at=MORNING).pk,
    }


def _read_about(people: CallList, agent: Agent) -> int:
    """Somebody of a list about whom an agent reads."""
    entry = ListEntry.objects.create(
        call_list=people,
        line=2,
        number="+33145060708",
        state="previewed",
        agent=agent,
        due_at=MORNING,
        until=MORNING + timedelta(minutes=1),
        imported_at=MORNING,
    )
    return entry.pk


def _call_of(agent: Agent, queue: Queue) -> Call:
    """A call on which the agent talks, carried by one of their pages."""
    contact = ContactFactory.create(queue=queue, state="active")
    assignment = AssignmentFactory.create(contact=contact, agent=agent)
    call = CallFactory.create(contact=contact, state="talking", listening_told_at=MORNING)
    Leg.objects.create(call=call, number=1, agent=agent, assignment_id=assignment.pk, state="talking", began_at=MORNING)
    Browser.objects.create(call=call, side="agent", device="device-0001", alive_until=MORNING)
    Recording.objects.create(call=call, operator=call.operator, told_at=MORNING)
    return call


def _recorded(contact: Contact, agent: Agent) -> Take:
    """What was recorded of a call of the contact."""
    call = CallFactory.create(contact=contact, state="ended", ended_at=MORNING, settled=True)
    recording = Recording.objects.create(call=call, operator=call.operator, told_at=MORNING, began_at=MORNING)
    return Take.objects.create(
        recording=recording, number=1, agent=agent, leg=1, media_type="audio/webm", began_at=MORNING
    )


def _act_of(agent: Agent, queue: Queue) -> Act:
    contact = ContactFactory.create(queue=queue, state="closed", outcome="handled", closed_at=MORNING)
    return ActFactory.create(assignment=AssignmentFactory.create(contact=contact, agent=agent, state="ended"))


def _plan(operator: Operator, planner: User) -> dict[str, object]:
    """A plan whose history was read."""
    plan = planning_scene.plan_in(operator, planner, planning_scene.read())
    return {"plan_id": plan.pk, "work_id": plan.works.get().pk}


def _planned_versions(queue: Queue, floor: Floor) -> int:
    """The number of a version of the queue's rules, and of the floor's, that is yet to come into force."""
    later = {"number": 2, "valid_from": MORNING + timedelta(days=1), "saved_at": MORNING}
    QueueVersion.objects.create(queue=queue, policy=QueuePolicy(target_seconds=30).to_json(), **later)
    FloorPolicy.objects.create(floor=floor, rules=rules_of(Policy()), **later)
    return 2


def _mails(brand: Brand, queue_id: int) -> dict[str, object]:
    mailbox = Mailbox.objects.create(
        operator=brand.operator,
        brand=brand,
        queue_id=queue_id,
        address=f"contact@{brand.slug}.example",
        imap_host="localhost",
        imap_user="x",
        smtp_host="localhost",
        take_since=MORNING,
        state_since=MORNING,
    )
    inbound = InboundMail.objects.create(
        operator=brand.operator,
        mailbox=mailbox,
        uidvalidity=1,
        uid=1,
        fingerprint="f",
        raw=ContentFile(b"From: a@example.org\r\n\r\nhello", "mail.eml"),
        size=30,
        state=InboundMail.State.SET_ASIDE,
        received_at=MORNING,
    )
    outbound = OutboundMail.objects.create(
        operator=brand.operator,
        mailbox=mailbox,
        acknowledges=inbound,
        mail_id=f"<{mailbox.pk}@example.org>",
        recipient="a@example.org",
        subject="x",
        state=OutboundMail.State.FAILED,
        prepared_at=MORNING,
        failed_at=MORNING,
    )
    return {"mailbox_id": mailbox.pk, "mail_id": inbound.pk, "outbound_id": outbound.pk}
