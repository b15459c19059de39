"""What the gate would say of somebody on a list, before anybody reads about them: nothing is written down for it."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from homeshore.foundation import bulk
from homeshore.outbound import numbers as telephone
from homeshore.outbound.gate.france import RULES
from homeshore.outbound.gate.judgement import MENDED_BY_WAITING, Ask, Holidays, first_lawful, judge
from homeshore.outbound.gate.register import Entry, Kind
from homeshore.outbound.gate.rules import CallerNumber, Purpose
from homeshore.outbound.models import CallList, ListEntry, Party
from homeshore.outbound.rows import as_ask, as_entries, entries_of, holidays_of


@dataclass(frozen=True, slots=True)
class Hindrance:
    """The codes of what stands against a call, and from when on it would be lawful; None when waiting alone will not do."""

    why: list[str]
    from_when: datetime | None


def hindrance_of(entry: ListEntry, call_list: CallList, *, now: datetime) -> Hindrance | None:
    """What stands against calling somebody now; None when nothing does."""
    party = _parties(call_list, [entry.number]).get(entry.number) or _stranger(call_list, entry.number)
    purpose = Purpose.CALLBACK if entry.asked_back else Purpose(call_list.purpose)
    entries = as_entries(party)
    ask, holidays = _before_the_gate(party, call_list, purpose, now=now)
    verdict = judge(ask, entries, RULES, holidays)
    if verdict.allowed:
        return None
    return Hindrance([each.why for each in verdict.against], first_lawful(ask, entries, RULES, holidays))


def never_lawful(
    call_list: CallList, numbers: Collection[str], *, consents: Mapping[str, datetime], now: datetime
) -> dict[str, list[str]]:
    """Which of these numbers (E.164) may not be called for a list however long one waits, each with the codes of what stands against it;
    as if the `consents`, by number and since when, were in the register.
    """
    known = _parties(call_list, numbers)
    entries = entries_of(known.values())
    alike: dict[tuple[tuple[str, ...], str, bool], list[str]] = {}  # of whom nothing else is known, by where they are
    found = {}
    for number in numbers:
        since = consents.get(number)
        if number in known:
            why = _lasting(known[number], call_list, entries[known[number].pk], consent_since=since, now=now)
        else:
            where = telephone.zones(number), telephone.country(number), since is not None
            if where not in alike:
                alike[where] = _lasting(_stranger(call_list, number), call_list, [], consent_since=since, now=now)
            why = alike[where]
        if why:
            found[number] = why
    return found


def _lasting(
    party: Party, call_list: CallList, entries: Sequence[Entry], *, consent_since: datetime | None, now: datetime
) -> list[str]:
    """The codes of what stands against calling a party, and is not mended by waiting."""
    given = [Entry(len(entries) + 1, Kind.CONSENT, consent_since)] if consent_since is not None else []
    ask, holidays = _before_the_gate(party, call_list, Purpose(call_list.purpose), now=now)
    verdict = judge(ask, [*entries, *given], RULES, holidays)
    return [each.why for each in verdict.against if each.why not in MENDED_BY_WAITING]


def _before_the_gate(party: Party, call_list: CallList, purpose: Purpose, *, now: datetime) -> tuple[Ask, Holidays]:
    """A call from a list as the gate looks at it, and the holidays where it rings."""
    number, about_contract = call_list.caller_number, call_list.about_contract
    ask = as_ask(party, purpose=purpose, at=now, caller_number=number, about_contract=about_contract)
    return ask, holidays_of(party, now)


def may_show(number: str, purpose: Purpose, *, now: datetime) -> bool:
    """Whether people may see this number (E.164) who are called for this purpose."""
    return not any(
        rule.holds(now.date()) and purpose in rule.purposes and number.startswith(rule.asks.barred)
        for rule in RULES
        if isinstance(rule.asks, CallerNumber)
    )


def _parties(call_list: CallList, numbers: Collection[str]) -> dict[str, Party]:
    if not numbers:
        return {}
    known = Party.objects.filter(
        operator=call_list.operator_id, brand=call_list.brand_id, number__in=bulk.among(numbers)
    )
    return {each.number: each for each in known}


def _stranger(call_list: CallList, number: str) -> Party:
    return Party(operator_id=call_list.operator_id, brand_id=call_list.brand_id, number=number)
