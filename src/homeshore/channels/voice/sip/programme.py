"""Pure: what a caller who waits hears, one piece after another: a greeting, then music, and from time to time their place and the wait to expect.

The greeting of a call that is to be recorded says so, and which key refuses it; that of one to which a supervisor may listen says that.
"""

from dataclasses import dataclass

MUSIC_SECONDS = 30.0
"""Of music between two announcements."""
LAST_PLACE = 10
"""The last place that there is a recording of."""
GREETING, MUSIC, UNRECORDED = "welcome", "music", "unrecorded"
RECORDED, LISTENED = "-recorded", "-listened"
"""What the name of a greeting adds for each thing that it tells."""
REFUSING_KEY = "9"


@dataclass(frozen=True, slots=True)
class Piece:
    """A recording; `seconds` is how long it is heard, None for as long as it lasts. One that is spoken has a language."""

    name: str
    seconds: float | None
    spoken: bool

    @property
    def tells(self) -> bool:
        """Whether it says something that a caller must have heard to its end."""
        return self.name.endswith((RECORDED, LISTENED))


def next_piece(number: int, place: int | None, *, recorded: bool = False, listened: bool = False) -> Piece:
    """The piece of this number (from 0), for who is at this place in the queue; their place is not said where it is unknown."""
    if number % 2:
        return Piece(MUSIC, MUSIC_SECONDS, spoken=False)
    if number == 0:
        told = RECORDED * recorded + LISTENED * listened
        return Piece(GREETING + told, None, spoken=True)
    return Piece(_said(place), None, spoken=True)


def _said(place: int | None) -> str:
    if place == 1:
        return "next"
    return f"place-{place}" if place and place <= LAST_PLACE else "patience"


WAIT_LOWS = (*range(1, 16), *range(20, 60, 5))
"""The minutes with which an interval may begin, and those with which it may end (`routing.waits.said`); none of a minute begins it."""
WAIT_HIGHS = (*range(2, 16), *range(20, 61, 5))


def wait_prompts(low_seconds: int, high_seconds: int) -> tuple[str, ...]:
    """The names of the recordings that say an expected wait, one after another: the same sentence as a customer's page shows."""
    low, high = low_seconds // 60, -(-high_seconds // 60)
    if high <= 1:
        return ("wait", "wait-under-a-minute")
    if not low:
        return ("wait", f"wait-under-{high}")
    return ("wait", f"wait-between-{low}", f"wait-and-{high}")
