"""What is read of pay: what closing a contact would pay, what was earned, and from which rates."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Count, Sum

from homeshore.brands import queries as brands
from homeshore.brands import rates
from homeshore.brands.rates import CardInForce
from homeshore.foundation.models import Operator
from homeshore.pay.models import Act
from homeshore.pay.rating import RateLine, rate, spread


def lines_of(card: CardInForce) -> list[RateLine]:
    """A card's lines as rating reads them."""
    return [
        RateLine(
            id=each.pk,
            kind="act" if each.kind == each.Kind.ACT else "supplement",
            label=each.label,
            amount_cents=each.amount_cents,
            queue_id=each.queue_id,
            disposition_id=each.disposition_id,
        )
        for each in card.rates
    ]


def ranges(operator_id: int, *, now: datetime) -> dict[int, dict[str, Any]]:
    """For each queue with a card in force: the least and the most an act pays now, and what one without disposition is made of."""
    queues = [queue for queue in brands.queues_of_operator(operator_id) if queue.active]
    cards = rates.cards_in_force(sorted({queue.brand_id for queue in queues}), at=now)
    ways = {brand_id: rates.ways_to_end(brand_id) for brand_id in cards}
    found = {}
    for queue in queues:
        card = cards.get(queue.brand_id)
        if card is None:
            continue
        lines = lines_of(card)
        ends: list[int | None] = [*ways[queue.brand_id]]
        between = spread(lines, queue_id=queue.id, dispositions=ends if queue.disposition_required else [*ends, None])
        if between:
            found[queue.id] = {
                "min_cents": between[0],
                "max_cents": between[1],
                "currency": card.currency,
                "card": card.id,
                "version": card.version,
                "parts": [
                    {"label": part.label, "cents": part.amount_cents}
                    for part in rate(lines, queue_id=queue.id, disposition_id=None).parts
                ],
            }
    return found


def closing_pay(*, queue_id: int, at: datetime) -> dict[str, int]:
    """What closing a contact of the queue would pay, by the disposition's id, and under "" without one."""
    brand_id = rates.brand_of_queue(queue_id)
    card = rates.card_in_force(brand_id, at=at)
    if card is None:
        return {}
    lines = lines_of(card)
    ends: list[int | None] = [None, *rates.ways_to_end(brand_id)]
    return {str(end or ""): rate(lines, queue_id=queue_id, disposition_id=end).amount_cents for end in ends}


def today(agent_id: int, *, now: datetime) -> dict[str, Any]:
    """The agent's acts since midnight of the operator's day: how many, and their sum."""
    operator = Operator.objects.get(agents=agent_id)
    start = _midnight(now.astimezone(ZoneInfo(operator.time_zone)).date(), operator.time_zone)
    done = Act.objects.filter(agent_id=agent_id, at__gte=start).aggregate(acts=Count("id"), cents=Sum("amount_cents"))
    return {"acts": done["acts"], "cents": done["cents"] or 0, "currency": operator.currency}


def counts_by_amount(operator_id: int) -> list[tuple[int, int, int]]:
    """How many of an operator's acts paid how much: queue, cents, count."""
    acts = Act.objects.filter(operator_id=operator_id).values_list("queue_id", "amount_cents")
    return list(acts.annotate(count=Count("id")).order_by("queue_id", "amount_cents"))


def amounts(operator_id: int, *, since: datetime) -> Iterator[tuple[int, int, int, datetime]]:
    """What every act since a moment paid: agent, queue, cents, when."""
    acts = Act.objects.filter(operator_id=operator_id, at__gte=since).order_by("at", "id")
    return acts.values_list("agent_id", "queue_id", "amount_cents", "at").iterator()


def acts_of_agent(agent_id: int, *, since: datetime, until: datetime) -> list[Act]:
    """The agent's acts between two moments, latest first, with all that a line of earnings names."""
    acts = Act.objects.filter(agent_id=agent_id, at__gte=since, at__lt=until)
    related = acts.select_related("contact", "brand", "queue", "disposition__parent", "rate_card")
    return list(related.order_by("-at", "-id"))


def month_of(day: date, time_zone: str) -> tuple[datetime, datetime]:
    """The first moment of a day's month and of the next month, in UTC, as the operator's calendar has them."""
    first = day.replace(day=1)
    following = (first + timedelta(days=32)).replace(day=1)
    return _midnight(first, time_zone), _midnight(following, time_zone)


def _midnight(day: date, time_zone: str) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=ZoneInfo(time_zone)).astimezone(UTC)
