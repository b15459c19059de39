"""A floor in the course of a day: what was answered since the morning, who works now, and who is away."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from homeshore.contacts.models import Contact, Presence
from homeshore.contacts.services import set_presence
from homeshore.foundation import clock
from homeshore.foundation.models import Role, User
from homeshore.people.models import Agent
from tests.e2e.desk_scene import Scene, morning
from tests.factories import (
    ActFactory,
    AgentFactory,
    AssignmentFactory,
    ContactFactory,
    DispositionFactory,
    PresenceSpanFactory,
    RateCardFactory,
    user_as,
)

NAMES = ("Maud Lefebvre", "Odile Rocher", "Bastien Nguyen", "Samira Benali", "Lucas Fontaine", "Aïcha Diallo")


@dataclass
class FloorScene:
    """The desk's scene, seen from above by `supervisor`, who is an agent too."""

    scene: Scene
    supervisor: User
    me: Agent
    colleagues: list[Agent]


def day_in_progress() -> FloorScene:
    """A floor as of now."""
    scene, now = morning(), clock.now()
    supervisor = user_as(Role.SUPERVISOR, scene.operator, name="Hélène Marchetti")
    queues = [scene.chat, scene.after_sales, scene.mail]
    me = AgentFactory.create(
        operator=scene.operator, user=supervisor, membership=None, name="Hélène Marchetti", queues=[scene.after_sales]
    )
    colleagues = [
        AgentFactory.create(
            operator=scene.operator, first_name=name.split()[0], name=name, queues=[scene.after_sales], simulated=True
        )
        for name in NAMES
    ]
    _past_contacts(queues, me, now)
    for number, agent in reversed(list(enumerate(colleagues))):
        state, reason = [("ready", ""), ("break", "lunch"), ("ready", "")][number % 3]
        set_presence(agent_id=agent.pk, state=state, reason=reason, now=now - timedelta(minutes=4 * number + 1))
        Presence.objects.filter(agent=agent).update(lease_until=now + timedelta(hours=1))
    return FloorScene(scene, supervisor, me, colleagues)


def _past_contacts(queues: list, agent: Agent, now: datetime) -> None:
    """Some contacts every quarter of an hour of the last four hours, most answered in time."""
    for number in range(60):
        arrived = now - timedelta(minutes=30 + 4 * number)
        queue = queues[number % 3]
        abandoned, late = number % 17 == 3, number % 6 == 5
        waited = timedelta(seconds=queue.target_seconds * (1.4 if late or abandoned else 0.4))
        contact = ContactFactory.create(
            queue=queue,
            state=Contact.State.CLOSED,
            outcome=Contact.Outcome.ABANDONED if abandoned else Contact.Outcome.HANDLED,
            arrived_at=arrived,
            answered_at=None if abandoned else arrived + waited,
            answered_in_target=None if abandoned else not late,
            closed_at=arrived + waited + timedelta(minutes=3),
        )
        if not abandoned:
            AssignmentFactory.create(
                contact=contact, agent=agent, offer=None, opened_at=arrived + waited, state="ended", why="closed"
            )


def month_of_acts(agent: Agent, queue, *, until: datetime) -> None:
    """Acts on the days of this month up to a moment, with the hours the agent was there."""
    card = RateCardFactory.create(brand=queue.brand, rates=[{"label": "l’acte", "amount_cents": 190}])
    reason = DispositionFactory.create(brand=queue.brand, name="Suivi donné")
    part = {"rate": 1, "label": "l’acte", "kind": "act", "cents": 190}
    language = {"rate": 2, "label": "la langue", "kind": "supplement", "cents": 50}
    for days in range(min(until.day, 12)):
        begun = until - timedelta(days=days, hours=1)
        PresenceSpanFactory.create(agent=agent, since=begun, until=begun + timedelta(minutes=50))
        for number in range(2 + (days * 5) % 4):
            parts = [part, language] if number % 2 else [part]
            ActFactory.create(
                assignment__agent=agent,
                assignment__contact__queue=queue,
                rate_card=card,
                disposition=reason,
                parts=parts,
                amount_cents=sum(each["cents"] for each in parts),
                at=begun + timedelta(minutes=7 * number),
            )
