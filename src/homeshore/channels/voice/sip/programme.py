"""Pure: what a caller who waits hears, one piece after another: a greeting, then music, and from time to time their place.

The greeting of a call that is to be recorded says so, and which key refuses it.
"""

from dataclasses import dataclass

MUSIC_SECONDS = 30.0
"""Of music between two announcements."""
LAST_PLACE = 10
"""The last place that there is a recording of."""
GREETING, MUSIC = "welcome", "music"
NOTICE, UNRECORDED = "welcome-recorded", "unrecorded"
REFUSING_KEY = "9"


@dataclass(frozen=True, slots=True)
class Piece:
    """A recording; `seconds` is how long it is heard, None for as long as it lasts. One that is spoken has a language."""

    name: str
    seconds: float | None
    spoken: bool


def next_piece(number: int, place: int | None, *, recorded: bool = False) -> Piece:
    """The piece of this number (from 0), for who is at this place in the queue; their place is not said where it is unknown."""
    if number % 2:
        return Piece(MUSIC, MUSIC_SECONDS, spoken=False)
    if number == 0:
        return Piece(NOTICE if recorded else GREETING, None, spoken=True)
    return Piece(_said(place), None, spoken=True)


def _said(place: int | None) -> str:
    if place == 1:
        return "next"
    return f"place-{place}" if place and place <= LAST_PLACE else "patience"
