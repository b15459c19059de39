"""Whether somebody may listen to a call: its queue allows it, and its customer was told before they spoke."""

from datetime import datetime

from homeshore.channels.voice.models import Call, ListeningRule
from homeshore.channels.voice.services.queues import check_takes_calls
from homeshore.foundation import audit
from homeshore.foundation.models import User
from homeshore.foundation.transactions import write


def set_listening_rule(*, operator_id: int, queue_id: int, allowed: bool, by: User, now: datetime) -> None:
    """Let supervisors listen to a queue's calls, of which its callers are told, or no longer; from the next call on.

    Raises NotFound for another operator's queue, Invalid for one that takes no calls.
    """
    with write():
        check_takes_calls(queue_id, operator_id=operator_id)
        ListeningRule.objects.update_or_create(queue_id=queue_id, defaults={"allowed": allowed})
        data = {"queue": queue_id, "allowed": allowed}
        audit.record(operator_id=operator_id, actor=by, verb="voice.listening_rule", target="", data=data, at=now)


def customer_told_of_listening(*, call_id: int, now: datetime) -> None:
    """The customer has been told that somebody may listen. Told twice, the first counts."""
    Call.objects.filter(pk=call_id, listening_told_at=None).update(listening_told_at=now)
