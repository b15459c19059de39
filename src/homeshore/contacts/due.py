"""When a contact is due: when its clock starts and its queue's target, less a head start for each level of priority."""

from datetime import datetime, timedelta

from homeshore.brands import queries as brands
from homeshore.brands.policy import HOLD
from homeshore.brands.queries import QueueRules
from homeshore.routing.policy import Policy


def clock_starts(queue: QueueRules, *, arrived_at: datetime) -> datetime:
    """From when the service level counts: the arrival, or the next opening where the queue is kept while closed."""
    if queue.outside_hours != HOLD:
        return arrived_at
    opening = brands.openings([queue.brand_id], at=arrived_at)[queue.brand_id]
    return arrived_at if opening.is_open else (opening.opens_at or arrived_at)


def due_at(queue: QueueRules, *, arrived_at: datetime, priority: int, policy: Policy) -> datetime:
    """The moment by which a contact of the queue should be answered, under the policy of its floor."""
    head_start = policy.head_start_seconds * priority
    starts = clock_starts(queue, arrived_at=arrived_at)
    return starts + timedelta(seconds=queue.target_seconds - head_start)
