"""What the gate finds, in sentences: each names the rule, and what one may do about it."""

from collections.abc import Mapping
from datetime import datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from django.utils import formats
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from homeshore.outbound import numbers
from homeshore.outbound.gate.judgement import Finding
from homeshore.outbound.gate.register import Kind, Result
from homeshore.outbound.gate.rules import (
    AskedBack,
    CallerNumber,
    DaysAndHours,
    Frequency,
    Grounds,
    Opposition,
    PriorConsent,
    Purpose,
    RestAfterRefusal,
    Rule,
)

PURPOSES: dict[Purpose, Promise] = {
    Purpose.CANVASSING: gettext_lazy("Sell or offer something"),
    Purpose.SURVEY: gettext_lazy("Survey"),
    Purpose.COLLECTION: gettext_lazy("Debt collection"),
    Purpose.SERVICE: gettext_lazy("About a matter of theirs"),
    Purpose.CALLBACK: gettext_lazy("Call back as asked"),
    Purpose.CONSULTATION: gettext_lazy("Ask somebody else about a customer's matter"),
}
KINDS: dict[Kind, Promise] = {
    Kind.CONSENT: gettext_lazy("consent given"),
    Kind.WITHDRAWAL: gettext_lazy("consent withdrawn"),
    Kind.OPPOSITION: gettext_lazy("does not want to be called"),
    Kind.CONTRACT: gettext_lazy("contract under way"),
    Kind.CONTRACT_END: gettext_lazy("contract over"),
    Kind.CALLBACK: gettext_lazy("asks to be called back"),
    Kind.ATTEMPT: gettext_lazy("call"),
    Kind.RESULT: gettext_lazy("result of the call"),
    Kind.STOPPED: gettext_lazy("call stopped"),
}
RESULTS: dict[Result, Promise] = {
    Result.REACHED: gettext_lazy("We talked"),
    Result.NOBODY: gettext_lazy("Nobody answered"),
    Result.REFUSED: gettext_lazy("They refused the offer"),
    Result.OPPOSED: gettext_lazy("They do not want to be called again"),
}
GROUNDS: dict[Grounds, Promise] = {
    Grounds.LAW: gettext_lazy("law"),
    Grounds.UNVERIFIED: gettext_lazy("to be verified"),
    Grounds.HOUSE: gettext_lazy("our own rule"),
}
STOPPED: dict[str, Promise] = {
    "opposed": gettext_lazy("does not want to be called"),
    "no_consent": gettext_lazy("no consent"),
    "no_contract": gettext_lazy("no contract under way"),
    "not_asked_back": gettext_lazy("did not ask to be called back"),
    "asked_later": gettext_lazy("asked for a later time"),
    "wrong_day": gettext_lazy("not on this day"),
    "wrong_hour": gettext_lazy("not at this hour"),
    "holiday": gettext_lazy("public holiday"),
    "no_zone": gettext_lazy("time zone not known"),
    "too_many_attempts": gettext_lazy("too many attempts"),
    "refused_lately": gettext_lazy("refused lately"),
    "barred_number": gettext_lazy("number that may not canvass"),
}
"""The same in a few words, for lists."""


def sentence(finding: Finding, zone: str = "") -> str:
    """What a finding says; moments of the house in the operator's `zone` (UTC without), those of the person where they are."""
    told = {name: _readable(value, zone) for name, value in finding.told.items()}
    return str(_sentences(finding.why, finding.told, told))


def rule_sentence(rule: Rule) -> str:
    """What a rule asks."""
    match rule.asks:
        case Opposition():
            return _("Who said that they do not want to be called is not called, unless they ask for it themselves.")
        case PriorConsent():
            return _(
                "The person has agreed beforehand, freely and in full knowledge, and we can prove it; or the call is about a contract of theirs."
            )
        case AskedBack():
            return _("The person has asked to be called back, and the time they named has come.")
        case DaysAndHours(spans=spans):
            told = {"spans": _spans(spans)}
            if Purpose.CANVASSING not in rule.purposes:
                return _("Monday to Friday, %(spans)s where the person is, not on public holidays.") % told
            return (
                _(
                    "Monday to Friday, %(spans)s where the person is, not on public holidays; unless they agreed to other hours."
                )
                % told
            )
        case Frequency(attempts=attempts, days=days):
            return _("At most %(attempts)s attempts in %(days)s days, answered or not.") % {
                "attempts": attempts,
                "days": days,
            }
        case RestAfterRefusal(days=days):
            return _("After a refusal, not before %(days)s days have gone by.") % {"days": days}
        case CallerNumber():
            return _("The number shown does not begin with 06 or 07.")


def _sentences(why: str, raw: Mapping[str, Any], told: Mapping[str, str]) -> str:
    match why:
        case "opposed":
            return _("They said on %(since)s that they do not want to be called.") % told
        case "not_opposed":
            return _("They have not objected to calls.")
        case "consented":
            return _("They agreed on %(since)s; the proof is in the register.") % told
        case "about_contract":
            return _("The call must be about their contract %(reference)s.") % told
        case "no_consent":
            return _("No consent is on record. Since 11 August 2026 nobody is canvassed who has not agreed beforehand.")
        case "no_contract":
            return _("Neither a consent nor a contract under way is on record.")
        case "not_asked_back":
            return _("They have not asked to be called back.")
        case "asked_back":
            return _("They asked to be called back from %(from)s on.") % told
        case "asked_later":
            return _("They asked to be called back from %(from)s on, not before.") % told
        case "any_hour":
            return _("Their consent of %(since)s lifts the limits of days and hours.") % told
        case "no_zone":
            return _("Nothing tells what time it is where they are. Say their time zone first.")
        case "wrong_day":
            return _("It is %(there)s there (%(zone)s): calls are for Monday to Friday.") % told
        case "holiday":
            return _("It is a public holiday there: %(name)s.") % told
        case "wrong_hour":
            return _("It is %(there)s there (%(zone)s): calls are for %(spans)s.") % told
        case "within_hours":
            return _("It is a lawful day and hour where they are (%(spans)s).") % told
        case "few_attempts" | "too_many_attempts":
            return _attempts(raw)
        case "not_refused":
            return _("They have refused nothing.")
        case "rested":
            return _("They refused on %(at)s; more than %(days)s days have gone by.") % told
        case "refused_lately":
            return _("They refused on %(at)s; for %(days)s days after it nobody calls.") % told
        case "barred_number":
            return (
                _("%(number)s begins with 06 or 07: such a number may not be used to canvass. Call from another.")
                % told
            )
        case "number_fits":
            return _("The number shown must not begin with 06 or 07.")
    raise KeyError(why)


def _attempts(raw: Mapping[str, Any]) -> str:
    return ngettext(
        "%(made)s call in the last %(days)s days; %(most)s are allowed.",
        "%(made)s calls in the last %(days)s days; %(most)s are allowed.",
        raw["made"],
    ) % dict(raw)


def _readable(value: Any, zone: str) -> str:
    match value:
        case datetime():
            there = value if isinstance(value.tzinfo, ZoneInfo) and value.tzinfo.key != "UTC" else None
            return moment(there or value.astimezone(ZoneInfo(zone or "UTC")))
        case tuple():
            return _spans(value)
        case str() if value.startswith("+"):
            return numbers.shown(value)
    return str(value)


def moment(at: datetime) -> str:
    """A day and a time as people write them, in the zone that `at` carries."""
    return _("%(day)s at %(time)s") % {
        "day": formats.date_format(at, "l j F Y"),
        "time": formats.time_format(at, "H:i"),
    }


def _spans(spans: tuple[tuple[time, time], ...]) -> str:
    return _(" and ").join(
        _("%(begin)s to %(end)s") % {"begin": f"{begin:%H:%M}", "end": f"{end:%H:%M}"} for begin, end in spans
    )
