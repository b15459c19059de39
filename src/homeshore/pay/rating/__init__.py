"""What an act pays, from the lines of a rate card. Pure: whole cents in, whole cents out.

The most specific *act* line that fits pays the act; every *supplement* that fits is added. A line fits when its queue
and its disposition are the act's own or left open. A line for the queue and the disposition is more specific than one
for the disposition, that one than one for the queue, and a line for all is the least; of two alike the older one holds.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

ACT, SUPPLEMENT = "act", "supplement"


@dataclass(frozen=True, slots=True)
class RateLine:
    """A line of a card; `queue_id` and `disposition_id` are None where it fits all."""

    id: int
    kind: Literal["act", "supplement"]
    label: str
    amount_cents: int
    queue_id: int | None = None
    disposition_id: int | None = None


@dataclass(frozen=True, slots=True)
class Rated:
    """What an act pays and the lines that make it up, the act's own first; no line at all when none fits."""

    amount_cents: int
    parts: tuple[RateLine, ...]

    def as_data(self) -> list[dict[str, int | str]]:
        """The parts as an act keeps them: rate, label, kind and cents of each."""
        return [
            {"rate": part.id, "label": part.label, "kind": part.kind, "cents": part.amount_cents} for part in self.parts
        ]


def rate(lines: Iterable[RateLine], *, queue_id: int, disposition_id: int | None) -> Rated:
    """The pay of an act in a queue that ended with a disposition (None when it ended without one)."""
    fitting = [line for line in lines if _fits(line, queue_id, disposition_id)]
    acts = sorted((line for line in fitting if line.kind == ACT), key=_least_specific_last)
    supplements = sorted((line for line in fitting if line.kind == SUPPLEMENT), key=lambda line: line.id)
    parts = (*acts[:1], *supplements) if acts else ()
    return Rated(sum(part.amount_cents for part in parts), parts)


def spread(lines: Sequence[RateLine], *, queue_id: int, dispositions: Iterable[int | None]) -> tuple[int, int] | None:
    """The least and the most that an act in the queue can pay, over the ways it can end; None when nothing fits."""
    amounts = [
        rated.amount_cents
        for disposition_id in dispositions
        if (rated := rate(lines, queue_id=queue_id, disposition_id=disposition_id)).parts
    ]
    return (min(amounts), max(amounts)) if amounts else None


def _fits(line: RateLine, queue_id: int, disposition_id: int | None) -> bool:
    return line.queue_id in (None, queue_id) and line.disposition_id in (None, disposition_id)


def _least_specific_last(line: RateLine) -> tuple[bool, bool, int]:
    return (line.disposition_id is None, line.queue_id is None, line.id)
