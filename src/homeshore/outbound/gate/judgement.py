"""The one gate: each rule in force looks at a call that is about to be placed, and says whether it lets it pass."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from homeshore.outbound.gate.register import Entry, Known, known_at
from homeshore.outbound.gate.rules import (
    AskedBack,
    CallerNumber,
    DaysAndHours,
    Frequency,
    Opposition,
    PriorConsent,
    Purpose,
    RestAfterRefusal,
    Rule,
)

HORIZON = timedelta(days=100)
"""How far ahead a first lawful moment is looked for: farther than any rest that a rule asks."""

MENDED_BY_WAITING = {"asked_later", "wrong_day", "holiday", "wrong_hour", "too_many_attempts", "refused_lately"}

Holidays = Callable[[date], str]
"""The name of the public holiday on a day, "" when it is none."""


@dataclass(frozen=True, slots=True)
class Ask:
    """A call that somebody would place at `at`. `zones` are those in which the person may be: each rule must hold in all of them."""

    purpose: Purpose
    at: datetime
    zones: tuple[str, ...]
    caller_number: str = ""
    about_contract: bool = False


@dataclass(frozen=True, slots=True)
class Finding:
    """What one rule says of a call; `why` is a code for `words`, `told` what it names."""

    rule: Rule
    passes: bool
    why: str
    told: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Verdict:
    """What all rules say of a call."""

    findings: tuple[Finding, ...]

    @property
    def allowed(self) -> bool:
        """Whether the call may be placed."""
        return all(finding.passes for finding in self.findings)

    @property
    def against(self) -> list[Finding]:
        """What stands against it."""
        return [finding for finding in self.findings if not finding.passes]


def judge(ask: Ask, entries: Sequence[Entry], rules: Sequence[Rule], holidays: Holidays) -> Verdict:
    """What every rule in force says of a call.

    A rule holds by the day where the person is; where several zones are possible, a call must be lawful in each. With no zone at all
    no rule of hours can be kept: that finding then says so.
    """
    known = known_at(entries, ask.at)
    zones = ask.zones or ("UTC",)
    days = [ask.at.astimezone(ZoneInfo(zone)).date() for zone in zones]
    held = [rule for rule in rules if ask.purpose in rule.purposes and any(rule.holds(day) for day in days)]
    return Verdict(tuple(_look(rule, ask, known, holidays) for rule in held))


def first_lawful(ask: Ask, entries: Sequence[Entry], rules: Sequence[Rule], holidays: Holidays) -> datetime | None:
    """The first moment from `ask.at` on at which the call may be placed as things stand; None when waiting alone will not do."""
    if any(finding.why not in MENDED_BY_WAITING for finding in judge(ask, entries, rules, holidays).against):
        return None
    for at in _moments(ask, rules, known_at(entries, ask.at)):
        if judge(replace(ask, at=at), entries, rules, holidays).allowed:
            return at
    return None


def _moments(ask: Ask, rules: Sequence[Rule], known: Known) -> list[datetime]:
    """Every moment at which a verdict may turn to the better: now, the beginnings of spans and days, a callback's own time."""
    spans = {begin for rule in rules if isinstance(rule.asks, DaysAndHours) for begin, _end in rule.asks.spans} | {
        time(0)
    }
    moments = {ask.at}
    if known.callback_from:
        moments.add(known.callback_from)
    for zone in ask.zones or ("UTC",):
        today = ask.at.astimezone(ZoneInfo(zone)).date()
        for ahead in range(HORIZON.days):
            day = today + timedelta(days=ahead)
            moments |= {datetime.combine(day, begin, ZoneInfo(zone)).astimezone(ask.at.tzinfo) for begin in spans}
    return sorted(moment for moment in moments if moment >= ask.at)


def _look(rule: Rule, ask: Ask, known: Known, holidays: Holidays) -> Finding:
    match rule.asks:
        case Opposition():
            opposed = known.opposed_since
            return Finding(rule, opposed is None, "opposed" if opposed else "not_opposed", {"since": opposed})
        case PriorConsent():
            return _consent(rule, ask, known)
        case AskedBack():
            return _asked_back(rule, ask, known)
        case DaysAndHours() as asks:
            return next(_hours(rule, asks, ask, known, holidays))
        case Frequency() as asks:
            return _frequency(rule, asks, ask, known)
        case RestAfterRefusal() as asks:
            return _rest(rule, asks, ask, known)
        case CallerNumber() as asks:
            barred = ask.caller_number.startswith(asks.barred)
            return Finding(
                rule, not barred, "barred_number" if barred else "number_fits", {"number": ask.caller_number}
            )


def _consent(rule: Rule, ask: Ask, known: Known) -> Finding:
    if known.consent_since:
        return Finding(rule, True, "consented", {"since": known.consent_since})
    if ask.about_contract and known.contract:
        return Finding(rule, True, "about_contract", {"reference": known.contract})
    return Finding(rule, False, "no_contract" if ask.about_contract else "no_consent", {"reference": known.contract})


def _asked_back(rule: Rule, ask: Ask, known: Known) -> Finding:
    due = known.callback_from
    if due is None:
        return Finding(rule, False, "not_asked_back")
    return Finding(rule, due <= ask.at, "asked_back" if due <= ask.at else "asked_later", {"from": due})


def _hours(rule: Rule, asks: DaysAndHours, ask: Ask, known: Known, holidays: Holidays) -> Iterator[Finding]:
    """The first zone that stands against the call, or that nothing does."""
    if known.consent_at_any_hour and ask.purpose == Purpose.CANVASSING:
        yield Finding(rule, True, "any_hour", {"since": known.consent_since})
    if not ask.zones:
        yield Finding(rule, False, "no_zone")
    for zone in ask.zones:
        there = ask.at.astimezone(ZoneInfo(zone))
        told = {"there": there, "zone": zone, "spans": asks.spans}
        if there.weekday() not in asks.weekdays:
            yield Finding(rule, False, "wrong_day", told)
        elif name := holidays(there.date()):
            yield Finding(rule, False, "holiday", {**told, "name": name})
        elif not any(begin <= there.time() < end for begin, end in asks.spans):
            yield Finding(rule, False, "wrong_hour", told)
    yield Finding(rule, True, "within_hours", {"spans": asks.spans})


def _frequency(rule: Rule, asks: Frequency, ask: Ask, known: Known) -> Finding:
    most = max(
        sum(made.purpose in rule.purposes and days < asks.days for made, days in _ages(known.attempts, ask, zone))
        for zone in ask.zones or ("UTC",)
    )
    told = {"made": most, "most": asks.attempts, "days": asks.days}
    return Finding(rule, most < asks.attempts, "few_attempts" if most < asks.attempts else "too_many_attempts", told)


def _rest(rule: Rule, asks: RestAfterRefusal, ask: Ask, known: Known) -> Finding:
    refused = [made for made in known.refusals if made.purpose in rule.purposes]
    if not refused:
        return Finding(rule, True, "not_refused", {"days": asks.days})
    latest = max(refused, key=lambda made: made.at)
    rested = all(days > asks.days for zone in ask.zones or ("UTC",) for _made, days in _ages((latest,), ask, zone))
    return Finding(rule, rested, "rested" if rested else "refused_lately", {"at": latest.at, "days": asks.days})


def _ages(made: Sequence[Any], ask: Ask, zone: str) -> Iterator[tuple[Any, int]]:
    """Each with the calendar days, where the person is, from it to the call."""
    today = ask.at.astimezone(ZoneInfo(zone)).date()
    for each in made:
        yield each, (today - each.at.astimezone(ZoneInfo(zone)).date()).days
