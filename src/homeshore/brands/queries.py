"""What other contexts read of brands: queues and their rules, dispositions, rate cards in force, shared knowledge."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Count, Max

from homeshore.brands.hours import Opening, Stretch, opening, public_holidays
from homeshore.brands.models import (
    Activity,
    Article,
    Brand,
    BrandAccess,
    CannedReply,
    Channel,
    Disposition,
    Queue,
    QueueNeed,
    QueueVersion,
)
from homeshore.brands.policy import Overflow, QueuePolicy, Ring


@dataclass(frozen=True, slots=True)
class QueueRules:
    """A queue as routing and contacts need it; `needs` maps a skill's id to its least level.

    A queue that is not active takes no contacts: they go to `moved_to_id`.
    """

    id: int
    operator_id: int
    brand_id: int
    name: str
    channel: str
    activity: str
    target_seconds: int
    target_percent: int
    offer_seconds: int
    wrap_up_seconds: int
    priority: int
    cost: float
    rings: tuple[Ring, ...]
    overflow: tuple[Overflow, ...]
    reserve: int
    last_agent_days: int
    sticky_seconds: int
    interruptible: bool
    outside_hours: str
    disposition_required: bool
    moved_to_id: int | None
    active: bool
    version: int
    needs: dict[int, int]

    @property
    def policy(self) -> QueuePolicy:
        """What people set of it."""
        return QueuePolicy(**{name: getattr(self, name) for name in QueuePolicy.__slots__})

    @property
    def target(self) -> timedelta:
        """How soon a contact should be answered."""
        return timedelta(seconds=self.target_seconds)


RULE_FIELDS = [name for name in QueueRules.__slots__ if name != "needs"]


def queue_rules(queue_id: int) -> QueueRules:
    """The rules of one queue; Queue.DoesNotExist when there is none."""
    return _rules([Queue.objects.values(*RULE_FIELDS).get(pk=queue_id)])[0]


def receiving_queue(queue_id: int) -> QueueRules:
    """The rules of the queue that takes what comes for this one: itself, or the one it was closed in favour of."""
    queue = queue_rules(queue_id)
    seen = {queue.id}
    while not queue.active and queue.moved_to_id is not None and queue.moved_to_id not in seen:
        queue = queue_rules(queue.moved_to_id)
        seen.add(queue.id)
    return queue


def closed_queues() -> list[int]:
    """The queues, of all operators, that take no contacts and lead to another one."""
    return list(Queue.objects.filter(active=False, moved_to__isnull=False).order_by("id").values_list("id", flat=True))


def policy_of(queue: Queue) -> QueuePolicy:
    """The rules of a queue as its columns and needs say them; one not saved yet has no needs."""
    if queue.pk is None:
        return QueuePolicy(target_seconds=queue.target_seconds)
    return queue_rules(queue.pk).policy


def queues_of_operator(operator_id: int) -> list[QueueRules]:
    """The rules of all queues of an operator, those that take contacts no more included."""
    return _rules(Queue.objects.filter(operator_id=operator_id).order_by("id").values(*RULE_FIELDS))


def _rules(rows: Iterable[dict[str, Any]]) -> list[QueueRules]:
    rows = list(rows)
    needs = _needs_of([row["id"] for row in rows])
    found = []
    for row in rows:
        widened = QueuePolicy.from_json(
            {"target_seconds": 1, "needs": {}, "rings": row.pop("rings"), "overflow": row.pop("overflow")}
        )
        found.append(QueueRules(**row, rings=widened.rings, overflow=widened.overflow, needs=needs.get(row["id"], {})))
    return found


def versions_of_queue(queue_id: int) -> list[QueueVersion]:
    """The versions of a queue's rules, the newest first, with who saved them."""
    return list(QueueVersion.objects.filter(queue_id=queue_id).select_related("saved_by").order_by("-number"))


def newest_version(queue_id: int) -> int:
    """The number of the newest version of a queue's rules, in force or planned; 0 while nobody has saved any."""
    newest: int | None = QueueVersion.objects.filter(queue_id=queue_id).aggregate(newest=Max("number"))["newest"]
    return newest or 0


def planned_versions(operator_id: int) -> dict[int, int]:
    """How many versions of the rules of each queue are yet to come into force; queues without any are left out."""
    planned = QueueVersion.objects.filter(
        queue__operator_id=operator_id, applied_at__isnull=True, withdrawn_at__isnull=True
    )
    return dict(planned.order_by("queue_id").values_list("queue_id").annotate(Count("id")))


def channel_choices() -> list[tuple[str, str]]:
    """The channels a queue may bring, with their words."""
    return [(value, str(label)) for value, label in Channel.choices]


def activity_choices() -> list[tuple[str, str]]:
    """What may be done for a brand, with its words."""
    return [(value, str(label)) for value, label in Activity.choices]


def openings(brand_ids: Iterable[int], *, at: datetime, language: str = "en") -> dict[int, Opening]:
    """How it stands with the hours of these brands at a moment, by brand."""
    found = {}
    for brand in Brand.objects.filter(pk__in=set(brand_ids)).prefetch_related("opening_hours").order_by("id"):
        week = [Stretch(each.weekday, each.opens, each.closes) for each in brand.opening_hours.all()]
        holidays = public_holidays(brand.holidays_country, at.year - 1, at.year + 1, language)
        found[brand.pk] = opening(week, ZoneInfo(brand.time_zone), holidays, at)
    return found


def _needs_of(queue_ids: Iterable[int]) -> dict[int, dict[int, int]]:
    needs: dict[int, dict[int, int]] = {}
    for need in QueueNeed.objects.filter(queue_id__in=list(queue_ids)).order_by("skill_id"):
        needs.setdefault(need.queue_id, {})[need.skill_id] = need.minimum
    return needs


def disposition_problem(*, brand_id: int, disposition_id: int) -> str | None:
    """Why a contact of this brand cannot end so: `unknown_disposition`, `needs_detail`, or None when it can."""
    found = Disposition.objects.filter(pk=disposition_id, brand_id=brand_id).prefetch_related("details").first()
    if found is None:
        return "unknown_disposition"
    return "needs_detail" if found.details.exists() else None


def disposition_names(ids: Iterable[int]) -> dict[int, str]:
    """`reason, detail` of dispositions by id."""
    found = Disposition.objects.filter(pk__in=list(ids)).select_related("parent")
    return {each.pk: f"{each.parent.name}, {each.name}" if each.parent else each.name for each in found}


def brand_names(operator_id: int) -> dict[int, str]:
    """The operator's brands by id."""
    return dict(Brand.objects.filter(operator_id=operator_id).order_by("id").values_list("id", "name"))


def brands_for_desk(operator_id: int) -> dict[int, dict[str, Any]]:
    """Each brand of the operator with its articles, canned replies and two levels of dispositions, as plain data."""
    brands = Brand.objects.filter(operator_id=operator_id).prefetch_related(
        "articles__author", "canned_replies", "dispositions"
    )
    return {brand.pk: _for_desk(brand) for brand in brands.order_by("id")}


def _for_desk(brand: Brand) -> dict[str, Any]:
    dispositions = list(brand.dispositions.all())
    return {
        "id": brand.pk,
        "name": brand.name,
        "accent": brand.accent,
        "articles": [
            {
                "id": article.pk,
                "title": article.title,
                "body": article.body,
                "author": str(article.author) if article.author else "",
                "updated_at": article.updated_at.isoformat(),
            }
            for article in sorted(brand.articles.all(), key=lambda each: (each.title, each.pk))
        ],
        "canned": [
            {"shortcut": reply.shortcut, "title": reply.title, "body": reply.body}
            for reply in sorted(brand.canned_replies.all(), key=lambda each: each.shortcut)
        ],
        "dispositions": [
            {
                "id": reason.pk,
                "name": reason.name,
                "resolved": reason.resolved,
                "details": [
                    {"id": detail.pk, "name": detail.name, "resolved": detail.resolved}
                    for detail in dispositions
                    if detail.parent_id == reason.pk
                ],
            }
            for reason in dispositions
            if reason.parent_id is None
        ],
    }


@dataclass(frozen=True, slots=True)
class BrandSettings:
    """All that an administrator sets of a brand."""

    brand: Brand
    week: list[Stretch]
    replies: list[CannedReply]
    articles: list[Article]


def brand_settings(*, operator_id: int, brand_id: int) -> BrandSettings | None:
    """A brand of the operator with its hours, replies and articles; None when it has none such."""
    found = Brand.objects.filter(operator_id=operator_id, pk=brand_id)
    brand = found.prefetch_related("opening_hours", "canned_replies", "articles__author").first()
    if brand is None:
        return None
    return BrandSettings(
        brand=brand,
        week=[Stretch(each.weekday, each.opens, each.closes) for each in brand.opening_hours.all()],
        replies=sorted(brand.canned_replies.all(), key=lambda each: each.shortcut),
        articles=sorted(brand.articles.all(), key=lambda each: (each.title, each.pk)),
    )


def brand_of_user(membership_id: int) -> int | None:
    """The one brand that a brand user sees; None when they were given none."""
    return BrandAccess.objects.filter(membership_id=membership_id).values_list("brand_id", flat=True).first()
