"""What the register says of one person: entries are added and never changed, and what holds now is read out of them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from homeshore.outbound.gate.rules import Purpose


class Kind(StrEnum):
    """What an entry says happened."""

    CONSENT = "consent"
    WITHDRAWAL = "withdrawal"
    OPPOSITION = "opposition"
    CONTRACT = "contract"
    CONTRACT_END = "contract_end"
    CALLBACK = "callback"
    ATTEMPT = "attempt"
    RESULT = "result"
    STOPPED = "stopped"


class Result(StrEnum):
    """How an attempt ended."""

    REACHED = "reached"
    NOBODY = "nobody"
    REFUSED = "refused"
    OPPOSED = "opposed"


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry as the gate reads it; `data` depends on `kind` (`services` says what it holds)."""

    position: int
    kind: Kind
    at: datetime
    data: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Attempt:
    """A call that the gate let pass."""

    at: datetime
    purpose: Purpose


@dataclass(frozen=True, slots=True)
class Known:
    """What holds of a person at a moment, for one brand."""

    consent_since: datetime | None = None
    consent_at_any_hour: bool = False
    contract: str | None = None
    opposed_since: datetime | None = None
    callback_from: datetime | None = None
    attempts: tuple[Attempt, ...] = ()
    refusals: tuple[Attempt, ...] = ()


def known_at(entries: Iterable[Entry], at: datetime) -> Known:
    """What the entries say at a moment; those of later moments do not count yet.

    What a person says last of a matter holds: a consent ends an opposition, an opposition ends consent and callback.
    """
    consent: tuple[datetime, bool] | None = None
    contracts: dict[str, datetime] = {}
    opposed: datetime | None = None
    callback: datetime | None = None
    attempts: dict[int, Attempt] = {}
    refusals: list[Attempt] = []
    for entry in sorted((each for each in entries if each.at <= at), key=lambda each: (each.at, each.position)):
        match entry.kind:
            case Kind.CONSENT:
                consent, opposed = (entry.at, bool(entry.data.get("any_hour"))), None
            case Kind.WITHDRAWAL:
                consent = None
            case Kind.OPPOSITION:
                consent, callback, opposed = None, None, entry.at
            case Kind.CONTRACT:
                contracts[entry.data["reference"]] = entry.at
            case Kind.CONTRACT_END:
                contracts.pop(entry.data["reference"], None)
            case Kind.CALLBACK:
                callback = datetime.fromisoformat(entry.data["from"]) if entry.data.get("from") else entry.at
            case Kind.ATTEMPT:
                attempts[entry.position] = Attempt(entry.at, Purpose(entry.data["purpose"]))
            case Kind.RESULT:
                made = attempts.get(entry.data["attempt"])
                result = Result(entry.data["result"])
                if made and made.purpose == Purpose.CALLBACK and result != Result.NOBODY:
                    callback = None
                if made and result in (Result.REFUSED, Result.OPPOSED):
                    refusals.append(Attempt(entry.at, made.purpose))
                if result == Result.OPPOSED:
                    consent, callback, opposed = None, None, entry.at
            case Kind.STOPPED:
                pass
    return Known(
        consent_since=consent[0] if consent else None,
        consent_at_any_hour=bool(consent and consent[1]),
        contract=next(iter(contracts), None),
        opposed_since=opposed,
        callback_from=callback,
        attempts=tuple(attempts.values()),
        refusals=tuple(refusals),
    )
