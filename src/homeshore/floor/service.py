"""The service that one brand gets today, queue by queue, counted by the same rule as the floor."""

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from homeshore.brands import queries as brands
from homeshore.brands.queries import QueueRules
from homeshore.contacts.queries import brand as contacts
from homeshore.contacts.queries.brand import Waiting
from homeshore.floor.queries import bounds_of_day
from homeshore.floor.tally import Tally, count
from homeshore.foundation.transactions import snapshot


@dataclass(frozen=True, slots=True)
class QueueService:
    """A queue today: what was counted, who waits, and the service level as a percentage (None while there is none)."""

    queue: QueueRules
    tally: Tally
    waiting: Waiting | None
    level: int | None

    @property
    def waiting_now(self) -> int:
        """How many wait at this moment."""
        return self.waiting.count if self.waiting else 0

    @property
    def came(self) -> int:
        """How many came today, those who wait from today included."""
        return self.tally.arrived + self.waiting_now

    @property
    def is_low(self) -> bool:
        """Whether the service level is under what was agreed."""
        return self.level is not None and self.level < self.queue.target_percent


def service_of_brand(*, operator_id: int, brand_id: int, time_zone: str, now: datetime) -> list[QueueService]:
    """Each queue of the brand, with what came since midnight in `time_zone`."""
    begins, _ = bounds_of_day(now.astimezone(ZoneInfo(time_zone)).date(), time_zone)
    with snapshot():
        queues = [
            queue for queue in brands.queues_of_operator(operator_id) if queue.brand_id == brand_id and queue.active
        ]
        settled = contacts.answered_or_closed_of_brand(brand_id, since=begins)
        waiting = contacts.waiting_of_brand(brand_id)
    tallies = count(settled, since=begins, targets={queue.id: queue.target for queue in queues}).queues
    return [
        QueueService(queue, tally, waiting.get(queue.id), level_of(tally))
        for queue in queues
        for tally in [tallies.get(queue.id, Tally())]
    ]


def level_of(tally: Tally) -> int | None:
    """The service level in whole percents, rounded down so that a promise just missed is not shown as kept."""
    counted = tally.answered + tally.abandoned_late
    return tally.in_target * 100 // counted if counted else None
