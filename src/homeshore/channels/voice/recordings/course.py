"""Pure: whether a call is recorded, and what stops or interrupts it."""

import hashlib
from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum


class Pause(StrEnum):
    """Why nothing is recorded for a while. Several may hold at once; recording goes on when the last one is over."""

    AGENT = "agent"
    """The agent asked for it."""
    DESK_CARD = "desk_card"
    """A field for a payment card has the focus in the agent's desk."""
    PAGE_CARD = "page_card"
    """... on the customer's page."""
    OUTSIDE = "outside"
    """Somebody outside the house, whom nobody told of a recording, speaks with the two."""


class Standing(StrEnum):
    """Where the recording of a call stands, as its agent and its customer are shown it."""

    ANNOUNCED = "announced"
    """The customer has not been told yet: nothing is recorded."""
    ON = "on"
    PAUSED = "paused"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Consent:
    """What is known of the customer's mind, and what interrupts."""

    told: bool
    refused: bool
    pauses: Collection[str] = ()


def standing(consent: Consent) -> Standing:
    """Nothing is recorded that the customer was not told of, or refused, or while anything interrupts."""
    if consent.refused:
        return Standing.REFUSED
    if not consent.told:
        return Standing.ANNOUNCED
    return Standing.PAUSED if consent.pauses else Standing.ON


def is_drawn(call_id: int, share: int) -> bool:
    """Whether a call is among the `share` (0 to 100 percent) of calls that are recorded: the same answer each time, and no pattern."""
    drawn = int.from_bytes(hashlib.sha256(f"recorded {call_id}".encode()).digest()[:8]) % 100
    return drawn < share


def with_pause(pauses: Collection[str], why: Pause, on: bool) -> list[str]:
    """The reasons that hold after one began or ended."""
    others = {str(each) for each in pauses} - {why.value}
    return sorted(others | {why.value} if on else others)
