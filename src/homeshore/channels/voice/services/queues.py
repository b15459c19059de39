"""Whether a setting of calls may be said of a queue."""

from django.utils.translation import gettext_lazy as _

from homeshore.brands import queries as brands
from homeshore.foundation.errors import Invalid, NotFound


def check_takes_calls(queue_id: int, *, operator_id: int) -> None:
    """Raises NotFound for another operator's queue, Invalid for one that takes no calls."""
    channels = {queue.id: queue.channel for queue in brands.queues_of_operator(operator_id)}
    if queue_id not in channels:
        raise NotFound
    if channels[queue_id] != "voice":
        raise Invalid(_("This queue takes no calls."))
