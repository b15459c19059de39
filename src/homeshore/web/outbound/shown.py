"""The register and the gate's verdicts as a page shows them: sentences, and the times of the operator."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from homeshore.outbound import numbers, words
from homeshore.outbound.gate.judgement import Finding
from homeshore.outbound.gate.register import Kind, Result
from homeshore.outbound.gate.rules import Purpose, Rule
from homeshore.outbound.queries import Standing

if TYPE_CHECKING:
    from homeshore.outbound.models import Entry


@dataclass(frozen=True, slots=True)
class RuleShown:
    """A rule in words; `grounds` says whether it is law, our own, or still to be verified."""

    sentence: str
    rule: Rule
    grounds: str
    purposes: list[str]


@dataclass(frozen=True, slots=True)
class StandingShown:
    """Whether a call of one purpose may be placed now. `against` and `kept` are sentences with the rule they come from."""

    purpose: str
    code: str
    allowed: bool
    from_when: str
    against: list[tuple[str, RuleShown]]
    kept: list[tuple[str, RuleShown]]


@dataclass(frozen=True, slots=True)
class EntryShown:
    """A line of the register."""

    position: int
    kind: str
    what: str
    details: list[str]
    at: datetime
    recorded_at: datetime
    by: str
    digest: str


def rule_shown(rule: Rule) -> RuleShown:
    """A rule as a page names it."""
    purposes = [str(words.PURPOSES[purpose]) for purpose in Purpose if purpose in rule.purposes]
    return RuleShown(words.rule_sentence(rule), rule, str(words.GROUNDS[rule.grounds]), purposes)


def standings_shown(standings: Iterable[Standing], zone: str) -> list[StandingShown]:
    """The verdicts, purpose by purpose."""
    return [_standing(each, zone) for each in standings]


def _standing(standing: Standing, zone: str) -> StandingShown:
    def told(findings: Iterable[Finding]) -> list[tuple[str, RuleShown]]:
        return [(words.sentence(finding, zone), rule_shown(finding.rule)) for finding in findings]

    verdict = standing.verdict
    return StandingShown(
        purpose=str(words.PURPOSES[standing.purpose]),
        code=standing.purpose.value,
        allowed=verdict.allowed,
        from_when=words.moment(standing.from_when.astimezone(ZoneInfo(zone))) if standing.from_when else "",
        against=told(verdict.against),
        kept=told(finding for finding in verdict.findings if finding.passes),
    )


def entry_shown(entry: "Entry", zone: str) -> EntryShown:
    """What an entry says, in the words of the house and of whoever wrote it."""
    kind = Kind(entry.kind)
    return EntryShown(
        position=entry.position,
        kind=kind.value,
        what=str(words.KINDS[kind]),
        details=[each for each in _details(kind, entry, ZoneInfo(zone)) if each],
        at=entry.at,
        recorded_at=entry.recorded_at,
        by=str(entry.recorded_by) if entry.recorded_by else entry.said_by,
        digest=entry.digest,
    )


def _details(kind: Kind, entry: "Entry", zone: ZoneInfo) -> Iterable[str]:
    data = entry.data
    match kind:
        case Kind.CONSENT:
            yield data["source"]
            yield _("“%(words)s”") % {"words": data["wording"]}
            yield _("other days and hours too") if data["any_hour"] else ""
        case Kind.WITHDRAWAL | Kind.OPPOSITION:
            yield data["how"]
        case Kind.CONTRACT | Kind.CONTRACT_END:
            yield data["reference"]
        case Kind.CALLBACK:
            if data["from"]:
                due = datetime.fromisoformat(data["from"]).astimezone(zone)
                yield _("from %(moment)s on") % {"moment": words.moment(due)}
            yield data["note"]
        case Kind.ATTEMPT:
            yield str(words.PURPOSES[Purpose(data["purpose"])])
            yield _("shown: %(number)s") % {"number": numbers.shown(data["caller_number"])}
        case Kind.STOPPED:
            yield str(words.PURPOSES[Purpose(data["purpose"])])
            yield ", ".join(str(words.STOPPED[code]) for code in data["why"])
        case Kind.RESULT:
            yield str(words.RESULTS[Result(data["result"])])
