"""The operator of a replay: a brand whose queues, agents and rate card are those of the recorded day."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from homeshore.brands.models import Brand, Disposition, Queue, Rate, RateCard
from homeshore.contacts.models import Floor, QueueOnFloor
from homeshore.foundation.models import Operator, User
from homeshore.foundation.transactions import write
from homeshore.missions.models import Engagement, Mission
from homeshore.people.models import Agent
from homeshore.people.status import Status
from homeshore.replay.calls import Call
from homeshore.replay.roster import Shift

OFFER_SECONDS = 30
RATE_CENTS = 250
QueueKey = tuple[str, int]
"""A recorded queue and priority."""


@dataclass(frozen=True, slots=True)
class World:
    """What the day runs in."""

    floor_id: int
    brand_id: int
    disposition_id: int
    queues: dict[QueueKey, int]
    agents: dict[str, int]


def build(
    calls: Iterable[Call], shifts: Iterable[Shift], *, time_zone: str, target_seconds: int, at: datetime
) -> World:
    """Write the rows of the day's world. A queue stands for one recorded queue and priority."""
    with write():
        operator = Operator.objects.create(name="Replay", slug="replay", time_zone=time_zone)
        brand = Brand.objects.create(
            operator=operator, name="Replay", slug="replay", sector="banking", time_zone=time_zone, widget_key="replay"
        )
        floor = Floor.objects.create(operator=operator, name="Replay")
        disposition = Disposition.objects.create(brand=brand, code="served", name="Served")
        queues: dict[QueueKey, Queue] = {}
        for name, priority in sorted({(call.queue, call.priority) for call in calls}):
            queue = Queue.objects.create(
                operator=operator,
                brand=brand,
                name=f"{name} · {priority}" if priority else name,
                slug=f"q{len(queues) + 1}",
                channel="voice",
                activity="customer_service",
                target_seconds=target_seconds,
                offer_seconds=OFFER_SECONDS,
                wrap_up_seconds=0,
                priority=priority,
            )
            QueueOnFloor.objects.create(queue=queue, floor=floor)
            queues[name, priority] = queue
        agents = {shift.agent: _agent(operator, brand, shift, queues, at=at) for shift in shifts}
        _rate_card(brand, at=at)
    return World(floor.pk, brand.pk, disposition.pk, {key: queue.pk for key, queue in queues.items()}, agents)


def _agent(operator: Operator, brand: Brand, shift: Shift, queues: dict[QueueKey, Queue], *, at: datetime) -> int:
    number = User.objects.count() + 1
    user = User.objects.create(email=f"agent{number}@replay.invalid", name=shift.agent)
    agent = Agent.objects.create(
        operator=operator,
        user=user,
        name=shift.agent[:120],
        first_name=shift.agent[:60],
        status=Status.EMPLOYEE,
        simulated=True,
    )
    mission = Mission.objects.create(operator=operator, brand=brand, name=shift.agent[:120])
    mission.queues.set([queue for (name, _), queue in queues.items() if name in shift.queues])
    Engagement.objects.create(mission=mission, agent=agent, status=Status.EMPLOYEE, since=at - timedelta(days=1))
    return agent.pk


def _rate_card(brand: Brand, *, at: datetime) -> None:
    """A card of the replay's own: its amounts mean nothing outside."""
    start = at - timedelta(days=1)
    card = RateCard.objects.create(brand=brand, version=1, valid_from=start, published_at=start)
    Rate.objects.create(card=card, label="Call", amount_cents=RATE_CENTS)
