"""What a rule of calling is made of: what it asks, of which calls, since when, and where it is written."""

from dataclasses import dataclass
from datetime import date, time
from enum import StrEnum


class Purpose(StrEnum):
    """What a call that the house places is for."""

    CANVASSING = "canvassing"
    SURVEY = "survey"
    COLLECTION = "collection"
    SERVICE = "service"
    CALLBACK = "callback"
    CONSULTATION = "consultation"


TO_CUSTOMERS = tuple(purpose for purpose in Purpose if purpose != Purpose.CONSULTATION)
"""What a customer may be called for: somebody is consulted about them from within a call only."""


class Grounds(StrEnum):
    """What a rule rests on: a text that was read, one of which only hearsay is at hand, or the house's own caution."""

    LAW = "law"
    UNVERIFIED = "unverified"
    HOUSE = "house"


@dataclass(frozen=True, slots=True)
class Opposition:
    """Who said not to be called is not called, until they say or ask otherwise."""


@dataclass(frozen=True, slots=True)
class PriorConsent:
    """The person has agreed beforehand, or the call is about a contract under way."""


@dataclass(frozen=True, slots=True)
class AskedBack:
    """The person has asked to be called back, and the time they named has come."""


@dataclass(frozen=True, slots=True)
class DaysAndHours:
    """Only on these weekdays (0 is Monday), within these spans where the person is, and not on public holidays."""

    weekdays: frozenset[int]
    spans: tuple[tuple[time, time], ...]


@dataclass(frozen=True, slots=True)
class Frequency:
    """At most `attempts` in any `days` calendar days."""

    attempts: int
    days: int


@dataclass(frozen=True, slots=True)
class RestAfterRefusal:
    """Not before `days` full calendar days have gone by since the person refused."""

    days: int


@dataclass(frozen=True, slots=True)
class CallerNumber:
    """The number that is shown to the person begins with none of these (E.164)."""

    barred: tuple[str, ...]


Asks = Opposition | PriorConsent | AskedBack | DaysAndHours | Frequency | RestAfterRefusal | CallerNumber


@dataclass(frozen=True, slots=True)
class Rule:
    """A dated row: `until` is the first day on which it holds no more, None while no end is known; `source` may be read by anybody."""

    asks: Asks
    purposes: frozenset[Purpose]
    since: date
    grounds: Grounds
    source: str = ""
    url: str = ""
    until: date | None = None

    def holds(self, on: date) -> bool:
        """Whether the rule is in force on a day."""
        return self.since <= on and (self.until is None or on < self.until)
