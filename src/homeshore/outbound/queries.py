"""All reads of the register, for screens and for the proof that is handed out."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from homeshore.brands import queries as brands
from homeshore.foundation.transactions import snapshot
from homeshore.missions import queries as missions
from homeshore.outbound.gate.chain import first_broken
from homeshore.outbound.gate.france import RULES
from homeshore.outbound.gate.judgement import Verdict, first_lawful, judge
from homeshore.outbound.gate.register import Kind, Known, Result, known_at
from homeshore.outbound.gate.rules import TO_CUSTOMERS, Purpose, Rule
from homeshore.outbound.models import Entry, Party
from homeshore.outbound.refusals import NoSuchParty
from homeshore.outbound.rows import as_ask, as_entries, holidays_of, said, zones_of

LATEST = 20
"""How many stopped attempts a screen shows."""


@dataclass(frozen=True, slots=True)
class Standing:
    """Whether a party may be called now for one purpose, and from when on otherwise (None: waiting alone will not do)."""

    purpose: Purpose
    verdict: Verdict
    from_when: datetime | None


@dataclass(frozen=True, slots=True)
class PartyShown:
    """A party with all that the register says of it."""

    party: Party
    zones: tuple[str, ...]
    known: Known
    standings: list[Standing]
    entries: list[Entry]
    broken_at: int | None


def brands_of(*, operator_id: int, agent_id: int | None) -> dict[int, str]:
    """The brands for which somebody may call: an agent those they are engaged for, others all of the operator."""
    names = brands.brand_names(operator_id)
    if agent_id is None:
        return names
    theirs = set(missions.queues_of_agent(agent_id))
    engaged = {queue.brand_id for queue in brands.queues_of_operator(operator_id) if queue.id in theirs}
    return {brand: name for brand, name in names.items() if brand in engaged}


def party(*, operator_id: int, party_id: int, brand_ids: Iterable[int], now: datetime) -> PartyShown:
    """A party of one of these brands. Raises NoSuchParty."""
    with snapshot():
        found = Party.objects.select_related("brand").filter(
            operator_id=operator_id, pk=party_id, brand_id__in=list(brand_ids)
        )
        row = found.first()
        if row is None:
            raise NoSuchParty
        rows = list(row.entries.select_related("recorded_by").order_by("position"))
        known = known_at(as_entries(row), now)
        return PartyShown(
            party=row,
            zones=zones_of(row),
            known=known,
            standings=[_standing(row, purpose, known, now) for purpose in TO_CUSTOMERS],
            entries=rows[::-1],
            broken_at=first_broken((_said(row, each), each.digest) for each in rows),
        )


def _standing(row: Party, purpose: Purpose, known: Known, now: datetime) -> Standing:
    ask = as_ask(row, purpose=purpose, at=now, about_contract=known.contract is not None)
    entries, holidays = as_entries(row), holidays_of(row, now)
    verdict = judge(ask, entries, RULES, holidays)
    from_when = now if verdict.allowed else first_lawful(ask, entries, RULES, holidays)
    return Standing(purpose, verdict, from_when)


def _said(row: Party, entry: Entry) -> dict[str, Any]:
    entry.party = row
    return said(entry)


def open_attempt(*, party_id: int, user_id: int) -> Entry | None:
    """The attempt of this person at the party of which nobody has said yet how it ended."""
    tried = Entry.objects.filter(party_id=party_id, kind=Kind.ATTEMPT, recorded_by_id=user_id).order_by("position")
    ended = set(Entry.objects.filter(party_id=party_id, kind=Kind.RESULT).values_list("data__attempt", flat=True))
    return next((each for each in tried.reverse() if each.position not in ended), None)


def result_of(attempt: Entry) -> Result | None:
    """How an attempt ended; None when nobody has said."""
    said = Entry.objects.filter(party_id=attempt.party_id, kind=Kind.RESULT, data__attempt=attempt.position).first()
    return Result(said.data["result"]) if said else None


def last_caller_number(*, operator_id: int, user_id: int) -> str:
    """The number from which this person called last."""
    last = Entry.objects.filter(party__operator_id=operator_id, recorded_by_id=user_id, kind=Kind.ATTEMPT)
    found = last.order_by("-recorded_at").values_list("data__caller_number", flat=True).first()
    return found or ""


def callbacks(*, operator_id: int, brand_ids: Iterable[int]) -> list[Party]:
    """Who waits to be called back, the soonest first."""
    waiting = Party.objects.filter(operator_id=operator_id, brand_id__in=list(brand_ids), callback_from__isnull=False)
    return list(waiting.select_related("brand").order_by("callback_from", "id"))


def stopped(*, operator_id: int, brand_ids: Iterable[int]) -> list[Entry]:
    """The latest attempts that the gate stopped."""
    found = Entry.objects.filter(party__operator_id=operator_id, party__brand_id__in=list(brand_ids), kind=Kind.STOPPED)
    return list(found.select_related("party__brand", "recorded_by").order_by("-recorded_at", "-id")[:LATEST])


def rules_in_force(now: datetime) -> list[Rule]:
    """The rules that hold today, those of law first."""
    return sorted((rule for rule in RULES if rule.holds(now.date())), key=lambda rule: rule.grounds != "law")


def proof(*, operator_id: int, party_id: int, now: datetime) -> dict[str, Any]:
    """The whole register of a party as a file that somebody else can check. Raises NoSuchParty."""
    with snapshot():
        row = Party.objects.select_related("brand", "operator").filter(operator_id=operator_id, pk=party_id).first()
        if row is None:
            raise NoSuchParty
        entries = [{**_said(row, each), "digest": each.digest} for each in row.entries.order_by("position")]
    return {
        "operator": row.operator.name,
        "brand": row.brand.name,
        "number": row.number,
        "exported_at": now.astimezone(UTC).isoformat(),
        "digests": "SHA-256 of the digest before (empty for the first), a line feed, and the entry without its digest "
        "as JSON: sorted keys, no spaces, UTF-8.",
        "entries": entries,
    }
