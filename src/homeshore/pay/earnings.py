"""What agents have earned, line by line: acts, and corrections of those that were rightly contested."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from itertools import groupby
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Count, QuerySet

from homeshore.brands import queries as brands
from homeshore.contacts.queries import days
from homeshore.foundation.models import Operator
from homeshore.pay.models import Act, Contest
from homeshore.pay.queries import month_of
from homeshore.people import queries as people


@dataclass(frozen=True, slots=True)
class Line:
    """A line of earnings; `corrects` is the reference of the contact whose act it corrects, and empty for an act."""

    act_id: int
    at: datetime
    reference: str
    brand: str
    queue: str
    channel: str
    disposition: str
    card_id: int | None
    version: int | None
    parts: list[dict[str, Any]]
    cents: int
    currency: str
    contest: Contest | None
    corrects: str = ""

    @property
    def is_gap(self) -> bool:
        """No rate was published for this act."""
        return not self.parts and not self.corrects


@dataclass(frozen=True, slots=True)
class Day:
    """A local day with its lines, the latest first; acts counts acts, not corrections."""

    date: date
    lines: list[Line]

    @property
    def cents(self) -> int:
        return sum(line.cents for line in self.lines)

    @property
    def acts(self) -> int:
        return sum(not line.corrects for line in self.lines)

    @property
    def has_open_contest(self) -> bool:
        """A line of it waits for an answer."""
        return any(line.contest and not line.contest.answered_at for line in self.lines)


@dataclass(frozen=True, slots=True)
class Earnings:
    """A month of an agent: the days with lines, the latest first, and the seconds they were ready (breaks not counted)."""

    currency: str
    presence_seconds: int
    days: list[Day] = field(default_factory=list)

    @property
    def cents(self) -> int:
        return sum(day.cents for day in self.days)

    @property
    def acts(self) -> int:
        return sum(day.acts for day in self.days)

    @property
    def cents_per_hour(self) -> int | None:
        """Earned per hour of presence, rounded to the cent; None under a quarter of an hour, which would say nothing."""
        if self.presence_seconds < 900:
            return None
        return (self.cents * 3600 * 2 + self.presence_seconds) // (2 * self.presence_seconds)


def earnings(agent_id: int, *, month: date, now: datetime) -> Earnings:
    """All lines of the month in which `month` lies, in the operator's zone."""
    operator = Operator.objects.get(pk=people.agent(agent_id).operator_id)
    zone = ZoneInfo(operator.time_zone)
    since, until = month_of(month, operator.time_zone)
    lines = sorted(
        [*_act_lines(agent_id, since, until), *_correction_lines(agent_id, since, until)],
        key=lambda line: (line.at, line.act_id),
        reverse=True,
    )
    by_day = groupby(lines, key=lambda line: line.at.astimezone(zone).date())
    return Earnings(
        currency=operator.currency,
        presence_seconds=days.ready_seconds(agent_id, since=since, until=until, now=now),
        days=[Day(day, list(its)) for day, its in by_day],
    )


def act_for_agent(act_id: int, *, agent_id: int) -> Line | None:
    """One of the agent's acts, or None."""
    return next(iter(_lines(_acts().filter(pk=act_id, agent_id=agent_id))), None)


def months_with_acts(agent_id: int, *, time_zone: str) -> list[date]:
    """The first days of the months in which the agent has acts, the earliest first."""
    found = Act.objects.filter(agent_id=agent_id).datetimes("at", "month", order="ASC", tzinfo=ZoneInfo(time_zone))
    return [month.date() for month in found]


def acts_between(agent_id: int, *, since: datetime, until: datetime) -> list[dict[str, Any]]:
    """The agent's acts of a period, in order, as plain data."""
    acts = Act.objects.filter(agent_id=agent_id, at__gte=since, at__lt=until).order_by("at", "id")
    fields = ("id", "contact_id", "queue_id", "amount_cents", "currency", "at")
    return [
        {"id": pk, "contact": contact, "queue": queue, "cents": cents, "currency": currency, "at": at.isoformat()}
        for pk, contact, queue, cents, currency, at in acts.values_list(*fields)
    ]


def contests_to_answer(operator_id: int) -> list[Contest]:
    """The contests that wait for a person, the oldest first."""
    open_ones = Contest.objects.filter(act__operator=operator_id, answered_at__isnull=True)
    return list(
        open_ones.select_related("act__contact", "act__agent", "act__queue", "act__brand", "act__rate_card").order_by(
            "at", "id"
        )
    )


def gaps(operator_id: int, *, since: datetime) -> list[dict[str, Any]]:
    """Acts that no rate fitted since a moment, counted by queue, for whoever publishes rates."""
    acts = Act.objects.filter(operator_id=operator_id, at__gte=since, amount_cents=0, parts=[])
    counted = acts.values("queue").annotate(n=Count("id")).order_by("queue")
    return [{"queue": row["queue"], "acts": row["n"]} for row in counted]


def contest_for_floor(contest: Contest, act: Act) -> dict[str, Any]:
    """A contest as supervisors see it on the floor."""
    return {
        "id": contest.pk,
        "act": act.pk,
        "agent": act.agent_id,
        "reference": act.contact.reference,
        "at": contest.at.isoformat(),
        "answered_at": contest.answered_at.isoformat() if contest.answered_at else None,
    }


def days_of_month(month: date) -> list[date]:
    """Every day of the month in which `month` lies."""
    first = month.replace(day=1)
    following = (first + timedelta(days=32)).replace(day=1)
    return [first + timedelta(days=n) for n in range((following - first).days)]


def _acts() -> QuerySet[Act]:
    return Act.objects.select_related("contact", "queue", "brand", "rate_card", "contest__answered_by")


def _corrections(agent_id: int) -> QuerySet[Contest]:
    return Contest.objects.filter(act__agent=agent_id, correction_cents__gt=0)


def _act_lines(agent_id: int, since: datetime, until: datetime) -> list[Line]:
    return _lines(_acts().filter(agent_id=agent_id, at__gte=since, at__lt=until).order_by("at", "id"))


def _correction_lines(agent_id: int, since: datetime, until: datetime) -> list[Line]:
    found = _corrections(agent_id).filter(answered_at__gte=since, answered_at__lt=until)
    found = found.select_related("act__contact", "act__queue", "act__brand", "act__rate_card").order_by("answered_at")
    return [
        Line(
            act_id=contest.act_id,
            at=contest.answered_at,
            reference=contest.act.contact.reference,
            brand=contest.act.brand.name,
            queue=contest.act.queue.name,
            channel=contest.act.queue.channel,
            disposition="",
            card_id=contest.act.rate_card_id,
            version=contest.act.rate_card.version if contest.act.rate_card else None,
            parts=[],
            cents=contest.correction_cents,
            currency=contest.act.currency,
            contest=contest,
            corrects=contest.act.contact.reference,
        )
        for contest in found
        if contest.answered_at
    ]


def _lines(acts: Iterable[Act]) -> list[Line]:
    acts = list(acts)
    ends = brands.disposition_names({act.disposition_id for act in acts if act.disposition_id})
    return [
        Line(
            act_id=act.pk,
            at=act.at,
            reference=act.contact.reference,
            brand=act.brand.name,
            queue=act.queue.name,
            channel=act.queue.channel,
            disposition=ends.get(act.disposition_id or 0, ""),
            card_id=act.rate_card_id,
            version=act.rate_card.version if act.rate_card else None,
            parts=act.parts,
            cents=act.amount_cents,
            currency=act.currency,
            contest=getattr(act, "contest", None),
        )
        for act in acts
    ]
