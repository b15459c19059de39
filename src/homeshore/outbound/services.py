"""All writes of the register. What each kind of entry holds in `data`:

consent       source, wording, any_hour        attempt   purpose, caller_number, about_contract
withdrawal    how                              result    attempt (its position), result
opposition    how                              stopped   purpose, caller_number, why (codes of the rules against it)
contract      reference                        callback  from (when they want to be called), note
contract_end  reference
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from homeshore.brands import queries as brands
from homeshore.foundation import audit, bulk
from homeshore.foundation.errors import Invalid, NotFound
from homeshore.foundation.models import User
from homeshore.foundation.transactions import write
from homeshore.outbound import numbers, words
from homeshore.outbound.gate.chain import FIRST, digest
from homeshore.outbound.gate.france import RULES
from homeshore.outbound.gate.judgement import Verdict, judge
from homeshore.outbound.gate.register import Kind, Result, known_at
from homeshore.outbound.gate.rules import Purpose
from homeshore.outbound.models import Entry, Party
from homeshore.outbound.refusals import MayNotCall, NoSuchAttempt, NoSuchParty
from homeshore.outbound.rows import as_ask, as_entries, holidays_of, said


def open_party(*, operator_id: int, brand_id: int, number: str) -> Party:
    """The party of a number as somebody wrote it, made on first mention. Raises Invalid when it is none, NotFound."""
    if brand_id not in brands.brand_names(operator_id):
        raise NotFound
    e164 = numbers.read(number)
    with write():
        return Party.objects.get_or_create(operator_id=operator_id, brand_id=brand_id, number=e164)[0]


def set_zone(*, operator_id: int, party_id: int, zone: str, by: User, now: datetime) -> None:
    """Say in which time zone the person is; "" leaves it to the number."""
    with write():
        party = _lock(operator_id, party_id)
        party.zone = zone
        party.save(update_fields=["zone"])
        audit.record(operator_id=operator_id, actor=by, verb="outbound.zone", target=party, data={"zone": zone}, at=now)


def record_consent(
    *,
    operator_id: int,
    party_id: int,
    source: str,
    wording: str,
    given_at: datetime,
    any_hour: bool,
    by: User,
    now: datetime,
) -> Entry:
    """The person agreed to be canvassed: how, in which exact words, when; `any_hour` when the words say so too.

    Raises Invalid for a consent that proves nothing: without its source, its words, or from the future.
    """
    missing = {name: NEEDED for name, text in (("source", source), ("wording", wording)) if not text.strip()}
    if missing:
        raise Invalid(fields=missing)
    _not_ahead(given_at, now, "given_at")
    data = {"source": source.strip(), "wording": wording.strip(), "any_hour": any_hour}
    return _record(operator_id, party_id, Kind.CONSENT, data, at=given_at, by=by, now=now)


@dataclass(frozen=True, slots=True)
class Consented:
    """Where somebody agreed to be canvassed, in which exact words, and since when."""

    source: str
    wording: str
    given_at: datetime


def record_consents(
    *, operator_id: int, brand_id: int, consents: Sequence[tuple[str, Consented]], by: User, now: datetime
) -> int:
    """`record_consent` for many numbers (E.164) of one brand at once; how many are new. One that the register has already, word for word, is
    not written again.
    """
    if not consents:
        return 0
    with write():
        entries = []
        parties = _open_parties(operator_id, brand_id, {number for number, _given in consents})
        last, had = _last_and_consents([each.pk for each in parties.values()])
        for number, given in consents:
            party = parties[number]
            known = (party.pk, given.source, given.wording, given.given_at)
            if known in had:
                continue
            had.add(known)
            position, before = last.get(party.pk, (0, FIRST))
            data = {"source": given.source, "wording": given.wording, "any_hour": False}
            entry = _entry(party, Kind.CONSENT, data, position + 1, before, at=given.given_at, by=by, now=now)
            last[party.pk] = (entry.position, entry.digest)
            entries.append(entry)
        Entry.objects.bulk_create(entries, batch_size=500)
    return len(entries)


def _open_parties(operator_id: int, brand_id: int, numbers: set[str]) -> dict[str, Party]:
    """The parties of these numbers, made on first mention, held until the transaction ends."""
    theirs = Party.objects.filter(operator_id=operator_id, brand_id=brand_id)
    Party.objects.bulk_create(
        [Party(operator_id=operator_id, brand_id=brand_id, number=number) for number in sorted(numbers)],
        batch_size=500,
        ignore_conflicts=True,
    )
    found = theirs.select_for_update().filter(number__in=bulk.among(numbers)).order_by("id")
    return {each.number: each for each in found}


def _last_and_consents(
    party_ids: list[int],
) -> tuple[dict[int, tuple[int, str]], set[tuple[int, str, str, datetime]]]:
    """Of each of these parties the last position and digest, and the consents that the register has."""
    last: dict[int, tuple[int, str]] = {}
    consents = set()
    rows = Entry.objects.filter(party__in=bulk.among(party_ids)).order_by("party", "position")
    for party, position, kept, kind, at, data in rows.values_list("party", "position", "digest", "kind", "at", "data"):
        last[party] = (position, kept)
        if kind == Kind.CONSENT:
            consents.add((party, data["source"], data["wording"], at))
    return last, consents


def withdraw_consent(*, operator_id: int, party_id: int, how: str, by: User, now: datetime) -> Entry:
    """The person takes their consent back; `how` they said so."""
    return _record(operator_id, party_id, Kind.WITHDRAWAL, {"how": how.strip()}, at=now, by=by, now=now)


def record_opposition(*, operator_id: int, party_id: int, how: str, by: User, now: datetime) -> Entry:
    """The person does not want to be called: nothing but a callback they ask for themselves passes any more."""
    return _record(operator_id, party_id, Kind.OPPOSITION, {"how": how.strip()}, at=now, by=by, now=now)


def record_contract(
    *, operator_id: int, party_id: int, reference: str, began_at: datetime, by: User, now: datetime
) -> Entry:
    """The person has a contract under way, about which they may be called. Raises Invalid."""
    if not reference.strip():
        raise Invalid(fields={"reference": NEEDED})
    _not_ahead(began_at, now, "began_at")
    return _record(operator_id, party_id, Kind.CONTRACT, {"reference": reference.strip()}, at=began_at, by=by, now=now)


def end_contract(*, operator_id: int, party_id: int, reference: str, by: User, now: datetime) -> Entry:
    """The contract is over."""
    return _record(operator_id, party_id, Kind.CONTRACT_END, {"reference": reference}, at=now, by=by, now=now)


def ask_callback(
    *,
    operator_id: int,
    party_id: int,
    due: datetime | None,
    note: str,
    asked_at: datetime | None = None,
    by: User,
    now: datetime,
) -> Entry:
    """The person asked (`asked_at`, without it just now) to be called back, from `due` on; None is as soon as may be."""
    data = {"from": due.isoformat() if due else None, "note": note.strip()}
    return _record(operator_id, party_id, Kind.CALLBACK, data, at=asked_at or now, by=by, now=now)


def attempt(
    *,
    operator_id: int,
    party_id: int,
    purpose: Purpose,
    caller_number: str,
    about_contract: bool,
    by: User,
    now: datetime,
) -> Entry:
    """The one way to a call: the gate judges it, and writes down what it let pass, and what it stopped.

    Two attempts at once are judged one after the other. Raises MayNotCall, in words, and Invalid for a caller's number that is none.
    """
    judged = try_attempt(
        operator_id=operator_id,
        party_id=party_id,
        purpose=purpose,
        caller_number=caller_number,
        about_contract=about_contract,
        by=by,
        now=now,
    )
    if judged.refusal:
        raise judged.refusal
    return judged.entry


@dataclass(frozen=True, slots=True)
class Judged:
    """What the gate wrote down of an attempt, and why it stopped it; None when it let it pass."""

    entry: Entry
    refusal: MayNotCall | None


def try_attempt(
    *,
    operator_id: int,
    party_id: int,
    purpose: Purpose,
    caller_number: str,
    about_contract: bool,
    by: User,
    now: datetime,
) -> Judged:
    """As `attempt`, for a larger transaction: the refusal is the caller's to raise once what was stopped is kept."""
    caller = numbers.read(caller_number, field="caller_number")
    asked = {"purpose": purpose.value, "caller_number": caller}
    with write():
        party = _lock(operator_id, party_id)
        ask = as_ask(party, purpose=purpose, at=now, caller_number=caller, about_contract=about_contract)
        verdict = judge(ask, as_entries(party), RULES, holidays_of(party, now))
        if verdict.allowed:
            data = {**asked, "about_contract": about_contract}
            return Judged(_add(party, Kind.ATTEMPT, data, at=now, by=by, now=now), None)
        codes = [finding.why for finding in verdict.against]
        stopped = _add(party, Kind.STOPPED, {**asked, "why": codes}, at=now, by=by, now=now)
    return Judged(stopped, _refusal(verdict, party.operator.time_zone))


def record_result(*, operator_id: int, party_id: int, attempt: int, result: Result, by: User, now: datetime) -> Entry:
    """How the attempt at this position ended; a refusal and an opposition hold from now on. Raises NoSuchAttempt."""
    with write():
        party = _lock(operator_id, party_id)
        told = Entry.objects.filter(party=party)
        if not told.filter(kind=Kind.ATTEMPT, position=attempt).exists():
            raise NoSuchAttempt
        if told.filter(kind=Kind.RESULT, data__attempt=attempt).exists():
            raise NoSuchAttempt
        return _add(party, Kind.RESULT, {"attempt": attempt, "result": result.value}, at=now, by=by, now=now)


NEEDED = _("This field is needed.")


def _refusal(verdict: Verdict, zone: str) -> MayNotCall:
    return MayNotCall(why=" ".join(words.sentence(finding, zone) for finding in verdict.against))


def _not_ahead(at: datetime, now: datetime, field: str) -> None:
    if at > now:
        raise Invalid(fields={field: _("This lies in the future.")})


def _record(
    operator_id: int, party_id: int, kind: Kind, data: dict[str, Any], *, at: datetime, by: User, now: datetime
) -> Entry:
    with write():
        return _add(_lock(operator_id, party_id), kind, data, at=at, by=by, now=now)


def _lock(operator_id: int, party_id: int) -> Party:
    found = Party.objects.select_for_update().filter(operator_id=operator_id, pk=party_id).first()
    if found is None:
        raise NoSuchParty
    return found


def _add(party: Party, kind: Kind, data: dict[str, Any], *, at: datetime, by: User, now: datetime) -> Entry:
    """Add an entry after the last one, bound to it by its digest; the party is locked."""
    last = party.entries.order_by("-position").first()
    position, before = (last.position, last.digest) if last else (0, FIRST)
    entry = _entry(party, kind, data, position + 1, before, at=at, by=by, now=now)
    entry.save()
    callback = known_at(as_entries(party), now).callback_from
    if callback != party.callback_from:
        party.callback_from = callback
        party.save(update_fields=["callback_from"])
    return entry


def _entry(
    party: Party, kind: Kind, data: dict[str, Any], position: int, before: str, *, at: datetime, by: User, now: datetime
) -> Entry:
    """An entry that is not kept yet, bound to the one `before` it by its digest."""
    entry = Entry(
        party=party,
        position=position,
        kind=kind,
        at=at,
        recorded_at=now,
        recorded_by=by,
        said_by=by.email,
        data=data,
    )
    entry.digest = digest(before, said(entry))
    return entry
