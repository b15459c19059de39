"""Which rate card holds, and how a new one takes over."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q

from homeshore.brands.models import Disposition, Queue, Rate, RateCard


@dataclass(frozen=True, slots=True)
class CardInForce:
    """A published card and its lines: (id, kind, label, cents, queue, disposition) each."""

    id: int
    brand_id: int
    version: int
    currency: str
    valid_from: datetime
    rates: tuple[Rate, ...]


def cards_in_force(brand_ids: list[int], *, at: datetime) -> dict[int, CardInForce]:
    """The card of each brand that holds at a moment: published, begun, not over; the latest version of several."""
    holding = RateCard.objects.filter(
        Q(valid_to__isnull=True) | Q(valid_to__gt=at), brand_id__in=brand_ids, published_at__lte=at, valid_from__lte=at
    )
    cards = {card.brand_id: card for card in holding.prefetch_related("rates").order_by("brand_id", "version")}
    return {brand_id: _in_force(card) for brand_id, card in cards.items()}


def card_in_force(brand_id: int, *, at: datetime) -> CardInForce | None:
    """The card of one brand that holds at a moment, or None."""
    return cards_in_force([brand_id], at=at).get(brand_id)


def _in_force(card: RateCard) -> CardInForce:
    rates = tuple(sorted(card.rates.all(), key=lambda rate: rate.pk))
    return CardInForce(card.pk, card.brand_id, card.version, card.currency, card.valid_from, rates)


def ways_to_end(brand_id: int) -> list[int]:
    """The dispositions with which a contact of the brand can end: those without details."""
    last = Disposition.objects.filter(brand_id=brand_id, details__isnull=True)
    return list(last.order_by("position", "id").values_list("id", flat=True))


def brand_of_queue(queue_id: int) -> int:
    """The brand that a queue belongs to."""
    return Queue.objects.values_list("brand_id", flat=True).get(pk=queue_id)


@dataclass(frozen=True, slots=True)
class PublishedCard:
    """A card as people read it: the brand's name, its dates, and each line with what it is about."""

    id: int
    brand: str
    version: int
    currency: str
    valid_from: datetime
    valid_to: datetime | None
    in_force: bool
    lines: list[Rate]


def published_cards(operator_id: int, *, at: datetime) -> list[PublishedCard]:
    """Every card of the operator's brands published by a moment, by brand, the latest version first."""
    cards = RateCard.objects.filter(brand__operator_id=operator_id, published_at__lte=at).select_related("brand")
    cards = cards.prefetch_related("rates__queue", "rates__disposition__parent").order_by(
        "brand__name", "-version", "id"
    )
    held = {card.id for card in cards_in_force(sorted({card.brand_id for card in cards}), at=at).values()}
    return [
        PublishedCard(
            id=card.pk,
            brand=card.brand.name,
            version=card.version,
            currency=card.currency,
            valid_from=card.valid_from,
            valid_to=card.valid_to,
            in_force=card.pk in held,
            lines=sorted(card.rates.all(), key=lambda rate: rate.pk),
        )
        for card in cards
    ]
