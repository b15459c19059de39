"""Counting a day's contacts for the service level. Pure; the floor's island counts by the same rule.

The service level is the share of contacts answered within their queue's target, among those answered or abandoned; who
leaves before the target has passed is not counted, and neither is what was cancelled.
"""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta

from homeshore.contacts.queries.floor import ContactEnd

QUARTER = timedelta(minutes=15)


@dataclass(slots=True)
class Tally:
    """Contacts counted: how many came, were answered, in time; were abandoned, and of those after the target."""

    arrived: int = 0
    answered: int = 0
    in_target: int = 0
    abandoned: int = 0
    abandoned_late: int = 0

    def add(self, contact: ContactEnd, *, target: timedelta) -> None:
        """Count one contact."""
        self.arrived += 1
        if contact.answered_at is not None:
            self.answered += 1
            self.in_target += bool(contact.answered_in_target)
        elif contact.outcome == "abandoned":
            self.abandoned += 1
            self.abandoned_late += contact.closed_at - contact.arrived_at >= target


@dataclass(slots=True)
class Tallies:
    """By queue, and by the quarter of an hour in which contacts came (0 is the first of the day)."""

    queues: dict[int, Tally] = field(default_factory=dict)
    quarters: dict[int, Tally] = field(default_factory=dict)

    def as_json(self) -> dict[str, dict[int, dict[str, int]]]:
        return {
            "queues": {key: asdict(each) for key, each in sorted(self.queues.items())},
            "quarters": {key: asdict(each) for key, each in sorted(self.quarters.items())},
        }


def count(contacts: Iterable[ContactEnd], *, since: datetime, targets: Mapping[int, timedelta]) -> Tallies:
    """Count contacts that came since the beginning of a day; those of unknown queues are left out."""
    tallies = Tallies()
    for contact in contacts:
        target = targets.get(contact.queue_id)
        if target is None:
            continue
        quarter = (contact.arrived_at - since) // QUARTER
        tallies.queues.setdefault(contact.queue_id, Tally()).add(contact, target=target)
        tallies.quarters.setdefault(quarter, Tally()).add(contact, target=target)
    return tallies
