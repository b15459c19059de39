"""For how long an operator keeps what belongs to customers: periods with a date, set by people, applied by housekeeping."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from datetime import datetime
from typing import ClassVar

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from homeshore.foundation import audit
from homeshore.foundation.errors import Invalid
from homeshore.foundation.models import Operator, RetentionRule, User
from homeshore.foundation.transactions import write


@dataclass(frozen=True, slots=True)
class Periods:
    """Days for which things are kept: words, files and mails of a conversation, and a customer, since the last contact;
    mails that joined no conversation, since they came; recordings of calls, since the call.

    The defaults are the house's own and come from no legal source: an operator's register of processing decides. That of
    recordings is the six months at most which the CNIL recommends (`docs/explanation/personal-data.md`).
    """

    conversation_days: int = 365
    customer_days: int = 3 * 365
    stray_mail_days: int = 90
    recording_days: int = 180

    SHORTEST: ClassVar[int] = 30
    """Long enough that no event or answer kept for a while outlives what it tells of."""
    LONGEST: ClassVar[int] = 10 * 365


def periods_of(operator_id: int, *, at: datetime) -> Periods:
    """What holds for an operator at a moment; the defaults while nobody has set anything."""
    rules = RetentionRule.objects.filter(operator_id=operator_id, valid_from__lte=at)
    rule = rules.order_by("-valid_from").first()
    return Periods(**{each.name: getattr(rule, each.name) for each in fields(Periods)}) if rule else Periods()


def rules_of(operator_id: int) -> list[RetentionRule]:
    """All rules of an operator, the newest first."""
    rules = RetentionRule.objects.filter(operator_id=operator_id).select_related("saved_by")
    return list(rules.order_by("-valid_from"))


def operators_and_periods(*, at: datetime) -> list[tuple[int, Periods]]:
    """Every operator with what holds for it at a moment."""
    return [(each, periods_of(each, at=at)) for each in Operator.objects.order_by("id").values_list("id", flat=True)]


def save_rule(
    *, operator_id: int, periods: Periods, source: str, valid_from: datetime | None, by: User, now: datetime
) -> RetentionRule:
    """What is to hold from a moment on, at once when none is named. Raises Invalid, with every wrong field."""
    wrong = _problems(periods, source)
    if valid_from is not None and valid_from < now:
        wrong["valid_from"] = _("This moment is past.")
    if wrong:
        raise Invalid(fields=wrong)
    starts = valid_from or now
    with write():
        rule, is_new = RetentionRule.objects.update_or_create(
            operator_id=operator_id,
            valid_from=starts,
            defaults={**asdict(periods), "source": source.strip(), "saved_by": by, "saved_at": now},
        )
        told = {"valid_from": starts.isoformat(), **asdict(periods), "again": not is_new}
        audit.record(operator_id=operator_id, actor=by, verb="retention.saved", target=rule, data=told, at=now)
    return rule


def _problems(periods: Periods, source: str) -> dict[str, str | Promise]:
    wrong: dict[str, str | Promise] = {}
    bounds: Mapping[str, int] = {"least": Periods.SHORTEST, "most": Periods.LONGEST}
    for name, days in asdict(periods).items():
        if not Periods.SHORTEST <= days <= Periods.LONGEST:
            wrong[name] = _("From %(least)s to %(most)s days.") % bounds
    if periods.customer_days < periods.conversation_days:
        wrong.setdefault("customer_days", _("A customer is kept at least as long as what they said."))
    if len(source.strip()) > 300:
        wrong["source"] = _("At most %(length)s characters.") % {"length": 300}
    return wrong
