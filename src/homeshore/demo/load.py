"""Lays the demonstration into an empty database, once; a later start only brings its addresses up to date."""

from datetime import datetime, time, timedelta
from functools import cache

from django.contrib.auth.hashers import make_password

from homeshore.brands.models import (
    Article,
    Brand,
    BrandAccess,
    CannedReply,
    Disposition,
    OpeningHours,
    Queue,
    QueueNeed,
    Rate,
    RateCard,
)
from homeshore.channels.email import services as mail
from homeshore.channels.email.models import Mailbox, Security
from homeshore.channels.voice.models import ListeningRule
from homeshore.contacts.floors import default_floor
from homeshore.contacts.router.rules import agent_changed, queue_changed
from homeshore.demo import dataset
from homeshore.demo.dataset import AgentData, BrandData
from homeshore.demo.places import Places
from homeshore.foundation.models import Membership, Operator, Role, User
from homeshore.foundation.transactions import write
from homeshore.missions.models import Engagement, Mission
from homeshore.people.models import Agent, AgentSkill, Skill

END_OF_DAY = time(23, 59, 59)


def load(places: Places, *, now: datetime) -> Operator:
    """The demonstration's operator, with everything that belongs to it."""
    name, slug = dataset.OPERATOR
    with write():
        operator, is_new = Operator.objects.get_or_create(slug=slug, defaults={"name": name})
        if is_new:
            _lay(operator, now=now)
        ports = {dataset.LAVANDE.slug: places.shop, dataset.MISTRAL.slug: places.insurer}
        for brand in Brand.objects.filter(operator=operator):
            brand.allowed_origins = places.origins_of(ports[brand.slug])
            brand.save(update_fields=["allowed_origins"])
        _mailboxes(operator, places, now=now)
    return operator


def _mailboxes(operator: Operator, places: Places, *, now: datetime) -> None:
    """Each brand's address at the demonstration's post office, wherever that listens today."""
    admin = User.objects.get(email=dataset.ADMIN[1])
    for data in dataset.BRANDS:
        brand = Brand.objects.get(operator=operator, slug=data.slug)
        settings = {
            "brand_id": brand.pk,
            "queue_id": Queue.objects.get(brand=brand, channel="email").pk,
            "address": data.mail,
            "display_name": data.name,
            "active": True,
            "imap_host": "127.0.0.1",
            "imap_port": places.imap,
            "imap_security": Security.NONE,
            "imap_user": data.mail,
            "folder": "INBOX",
            "smtp_host": "127.0.0.1",
            "smtp_port": places.smtp,
            "smtp_security": Security.NONE,
            "smtp_user": "",
            "plus_addressing": False,
            "acknowledgement": "",
        }
        known = Mailbox.objects.filter(address=data.mail).first()
        passwords = {"imap_password": dataset.PASSWORD, "smtp_password": ""}
        if known is None:
            mail.add_mailbox(
                operator_id=operator.pk, settings=settings, take_existing=True, by=admin, now=now, **passwords
            )
        elif (known.imap_port, known.smtp_port) != (places.imap, places.smtp):
            mail.change_mailbox(
                operator_id=operator.pk, mailbox_id=known.pk, settings=settings, by=admin, now=now, **passwords
            )


def _lay(operator: Operator, *, now: datetime) -> None:
    default_floor(operator.pk)
    skills = {
        code: Skill.objects.create(operator=operator, code=code, name=name) for code, name in dataset.SKILLS.items()
    }
    missions = {data.slug: _brand(operator, data, skills, now=now) for data in dataset.BRANDS}
    for data in dataset.AGENTS:
        _agent(operator, data, skills, missions, now=now)
    supervisor = _agent(operator, dataset.SUPERVISOR, skills, missions, now=now)
    Membership.objects.filter(user=supervisor.user).update(role=Role.SUPERVISOR)
    _person(operator, *dataset.PLANNER, Role.PLANNER)
    _person(operator, *dataset.ADMIN, Role.OPERATOR_ADMIN)
    for slug, (person, email) in dataset.BRAND_USERS.items():
        membership = _person(operator, person, email, Role.BRAND_USER)
        BrandAccess.objects.create(membership=membership, brand=Brand.objects.get(operator=operator, slug=slug))
    for queue in Queue.objects.filter(operator=operator).order_by("id"):
        queue_changed(queue.pk)
    for agent in Agent.objects.filter(operator=operator).order_by("id"):
        agent_changed(agent.pk)


def _brand(operator: Operator, data: BrandData, skills: dict[str, Skill], *, now: datetime) -> Mission:
    brand = Brand.objects.create(
        operator=operator,
        name=data.name,
        slug=data.slug,
        sector=data.sector,
        accent=data.accent,
        widget_key=f"demo-{data.slug}",
    )
    for weekday in range(7):
        OpeningHours.objects.create(brand=brand, weekday=weekday, opens=time(0), closes=END_OF_DAY)
    mission = Mission.objects.create(operator=operator, brand=brand, name=data.name)
    queues = {}
    for each in data.queues:
        queues[each.slug] = queue = Queue.objects.create(
            operator=operator,
            brand=brand,
            name=each.name,
            slug=each.slug,
            channel=each.channel,
            activity=each.activity,
            target_seconds=each.target_seconds,
            target_percent=each.target_percent,
            disposition_required=each.disposition_required,
            offer_seconds=60 if each.channel == "email" else 30,
            wrap_up_seconds=45,
        )
        for code, minimum in each.needs.items():
            QueueNeed.objects.create(queue=queue, skill=skills[code], minimum=minimum)
        if queue.channel == "voice":
            ListeningRule.objects.create(queue=queue, allowed=True)
    mission.queues.set(queues.values())
    ends = _dispositions(brand, data)
    _knowledge(brand, data, now=now)
    _rates(brand, data, queues, ends, now=now)
    return mission


def _dispositions(brand: Brand, data: BrandData) -> dict[str, Disposition]:
    ends = {}
    for place, (name, details) in enumerate(data.dispositions.items()):
        reason = Disposition.objects.create(brand=brand, code=f"motif-{place + 1}", name=name, position=place)
        for position, (code, detail, resolved) in enumerate(details):
            ends[code] = Disposition.objects.create(
                brand=brand, parent=reason, code=code, name=detail, resolved=resolved, position=position
            )
    return ends


def _knowledge(brand: Brand, data: BrandData, *, now: datetime) -> None:
    for shortcut, title, body in data.canned:
        CannedReply.objects.create(brand=brand, shortcut=shortcut, title=title, body=body)
    for title, body in data.articles:
        Article.objects.create(brand=brand, title=title, body=body, updated_at=now - timedelta(days=1))


def _rates(
    brand: Brand, data: BrandData, queues: dict[str, Queue], ends: dict[str, Disposition], *, now: datetime
) -> None:
    card = RateCard.objects.create(
        brand=brand, version=1, valid_from=now - timedelta(days=60), published_at=now - timedelta(days=75)
    )
    for label, cents, queue, end in data.acts:
        Rate.objects.create(
            card=card,
            label=label,
            amount_cents=cents,
            queue=queues[queue] if queue else None,
            disposition=ends[end] if end else None,
        )
    for label, cents, queue in data.supplements:
        kind = Rate.Kind.SUPPLEMENT
        Rate.objects.create(
            card=card, kind=kind, label=label, amount_cents=cents, queue=queues[queue] if queue else None
        )


def _agent(
    operator: Operator, data: AgentData, skills: dict[str, Skill], missions: dict[str, Mission], *, now: datetime
) -> Agent:
    name = f"{data.first_name} {data.last_name}"
    membership = _person(operator, name, data.email, Role.AGENT)
    agent = Agent.objects.create(
        operator=operator,
        user=membership.user,
        name=name,
        first_name=data.first_name,
        status=data.status,
        town=data.town,
        simulated=data.simulated,
        chat_places=2 if data.simulated else 3,
        voice_places=0 if data.simulated else 1,  # nobody is there to speak
    )
    for code, level in data.skills.items():
        AgentSkill.objects.create(agent=agent, skill=skills[code], level=level)
    for slug in data.brands:
        Engagement.objects.create(
            mission=missions[slug], agent=agent, status=data.status, since=now - timedelta(days=120)
        )
    return agent


def _person(operator: Operator, name: str, email: str, role: Role) -> Membership:
    user = User.objects.create(email=email, password=_password(), name=name)
    return Membership.objects.create(user=user, operator=operator, role=role)


@cache
def _password() -> str:
    """The password of everybody, hashed once: by design each hashing takes most of a second."""
    return make_password(dataset.PASSWORD)
