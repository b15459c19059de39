"""Pure: the keys that callers press, as rtpengine tells them (its option `dtmf-log-dest`): a datagram of JSON for each."""

import json
from dataclasses import dataclass

SIGNS = "0123456789*#ABCD"
"""By the number of the event (RFC 4733, section 3.2)."""


@dataclass(frozen=True, slots=True)
class Pressed:
    """A key that an end pressed at a place."""

    place: str
    end: str
    key: str


def pressed_in(datagram: bytes) -> Pressed | None:
    """What a datagram tells; None for one that tells of no key."""
    try:
        told = json.loads(datagram)
        event = told["event"]
        key = SIGNS[event] if isinstance(event, int) and 0 <= event < len(SIGNS) else ""
        return Pressed(str(told["callid"]), str(told["source_tag"]), key) if key and told["type"] == "DTMF" else None
    except (ValueError, KeyError, TypeError):
        return None
