"""What carries the sound: the interface that each driver keeps, and which drivers there are.

The house tells a driver by **commands** (the methods of `Driver`), called inside the transaction that made them true: a
driver never blocks and never fails there. It writes what it will do (an event of the feed, a row of its own, the outbox)
and acts after the commit. A driver tells the house by **events**, which are calls of `voice.services`:

    offered     place_call       a customer calls
    ringing     phone_rang       the agent's phone rings
    answered    sound_heard      sound arrives at one end; the call is answered once it has at both
    reached     customer_reached the customer whom the house called has answered
                outside_answered who is asked outside the house has answered; outside_over: it is over with them
    ended       end_call         somebody hung up, or an end was lost
    abandoned   end_call         ... before anybody answered: the contact then counts as abandoned
    quality     record_quality   loss, jitter and round trip of the last seconds, by direction
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol


class Announcement(StrEnum):
    """What a customer hears while nobody speaks with them."""

    MUSIC = "music"
    HOLD_MUSIC = "hold_music"
    SILENCE = "silence"


@dataclass(frozen=True, slots=True)
class CallFacts:
    """A call as drivers need it."""

    id: int
    operator_id: int
    contact_id: int
    conversation_id: int
    driver: str
    state: str
    round: int


@dataclass(frozen=True, slots=True)
class LegFacts:
    """An agent's part in a call."""

    number: int
    agent_id: int
    state: str


class Driver(Protocol):
    """What carries calls. See the module for what its methods may do."""

    name: str

    @property
    def tells_of_recording(self) -> bool:
        """Whether customers are told that a call is recorded, and may refuse; where they are not, none is."""

    @property
    def places_calls(self) -> bool:
        """Whether it can call a customer's number, here and now."""

    def dial(self, call: CallFacts, number: str, *, shown: int, now: datetime) -> None:
        """Call the customer at `number` (E.164), who sees the house's number of this id. `customer_reached` or `end_call` follows."""

    def dial_beside(self, companion_id: int, number: str, *, shown: int, beside: CallFacts, now: datetime) -> None:
        """Call `number` (E.164), which is asked about a call, as this companion, who sees the house's number of this id. `outside_answered` or
        `outside_over` follows; it is hung up when the companion's part is over.
        """

    def pass_on(self, call: CallFacts, companion_id: int, *, now: datetime) -> None:
        """The customer and who was called as this companion hear each other from now on, until one of them hangs up: `hang_up`, which
        follows, is for the agent alone.
        """

    def announce(self, call: CallFacts, what: Announcement, *, now: datetime) -> None:
        """From now on the customer hears this."""

    def offer(self, call: CallFacts, leg: LegFacts, *, now: datetime) -> None:
        """The agent's phone rings; what can be made ready beforehand is made ready."""

    def connect(self, call: CallFacts, leg: LegFacts, *, now: datetime) -> None:
        """The agent took the call: bring the two together. Its success is told by `sound_heard`."""

    def cancel(self, call: CallFacts, leg: LegFacts, *, now: datetime) -> None:
        """The agent's part is over, or their phone shall ring no more; the customer stays."""

    def hold(self, call: CallFacts, leg: LegFacts, on: bool, *, now: datetime) -> None:
        """The two no longer hear each other, or do again."""

    def reject(self, call: CallFacts, why: str, *, now: datetime) -> None:
        """The customer is not let in."""

    def hang_up(self, call: CallFacts, leg: LegFacts | None, why: str, *, now: datetime) -> None:
        """The call is over for both ends; what was kept for it is forgotten."""


_drivers: dict[str, Driver] = {}


def register(driver: Driver) -> None:
    """Make a driver known; called by the app that brings it, when it is ready."""
    _drivers[driver.name] = driver


def that_places_calls() -> Driver | None:
    """The driver by which the house calls customers; None where none can."""
    return next((driver for driver in _drivers.values() if driver.places_calls), None)


def driver_of(name: str) -> Driver:
    """The driver of this name; KeyError when there is none here."""
    return _drivers[name]
