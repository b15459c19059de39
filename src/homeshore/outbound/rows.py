"""Rows of the register as the pure gate wants them."""

from collections.abc import Callable, Iterable
from datetime import UTC, date, datetime
from typing import Any

from django.utils.translation import get_language

from homeshore.brands.hours import public_holidays
from homeshore.foundation import bulk
from homeshore.outbound import numbers
from homeshore.outbound.gate import register
from homeshore.outbound.gate.judgement import Ask
from homeshore.outbound.gate.register import Kind
from homeshore.outbound.gate.rules import Purpose
from homeshore.outbound.models import Entry, Party


def as_entries(party: Party) -> list[register.Entry]:
    """What the register says of a party, in order."""
    return entries_of([party])[party.pk]


def entries_of(parties: Iterable[Party]) -> dict[int | None, list[register.Entry]]:
    """... of many parties, by their ids; nothing of one that is not kept."""
    found: dict[int | None, list[register.Entry]] = {party.pk: [] for party in parties}
    kept = Entry.objects.filter(party__in=bulk.among(known for known in found if known is not None))
    rows = kept.order_by("party", "position").values_list("party", "position", "kind", "at", "data")
    for party, position, kind, at, data in rows:
        found[party].append(register.Entry(position, Kind(kind), at, data))
    return found


def as_ask(
    party: Party, *, purpose: Purpose, at: datetime, caller_number: str = "", about_contract: bool = False
) -> Ask:
    """A call to the party, with the zones in which they may be."""
    return Ask(purpose, at, zones_of(party), caller_number, about_contract)


def zones_of(party: Party) -> tuple[str, ...]:
    """Where the party is: what was said of it, else what the number tells."""
    return (party.zone,) if party.zone else numbers.zones(party.number)


def holidays_of(party: Party, now: datetime) -> Callable[[date], str]:
    """The public holidays where the number rings, around `now`, named in the reader's language."""
    language = (get_language() or "fr").split("-")[0]
    known = public_holidays(numbers.country(party.number), now.year - 1, now.year + 1, language)
    return lambda day: known.get(day, "")


def said(entry: Entry) -> dict[str, Any]:
    """All that an entry says, as its digest binds it and as its proof shows it. Times are UTC."""
    return {
        "operator": entry.party.operator_id,
        "brand": entry.party.brand_id,
        "number": entry.party.number,
        "position": entry.position,
        "kind": str(entry.kind),
        "at": entry.at.astimezone(UTC).isoformat(),
        "recorded_at": entry.recorded_at.astimezone(UTC).isoformat(),
        "recorded_by": entry.said_by,
        "data": entry.data,
    }
