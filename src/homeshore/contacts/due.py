"""When a contact is due: its arrival and its queue's target, less a head start for each level of priority."""

from datetime import datetime, timedelta

from homeshore.brands.queries import QueueRules
from homeshore.routing.policy import Policy


def due_at(queue: QueueRules, *, arrived_at: datetime, priority: int, policy: Policy | None = None) -> datetime:
    """The moment by which a contact of the queue should be answered, as routing reckons it."""
    head_start = (policy or Policy()).head_start_seconds * priority
    return arrived_at + timedelta(seconds=queue.target_seconds - head_start)
