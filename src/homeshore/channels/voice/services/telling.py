"""Whom the house calls hears no greeting: their agent tells them that the call may be recorded or listened to, and says what they answered."""

from datetime import datetime

from homeshore.channels.voice import events
from homeshore.channels.voice.models import Call, Recording
from homeshore.channels.voice.refusals import NothingToTell
from homeshore.channels.voice.services.rows import leg_of, lock_call
from homeshore.channels.voice.shapes import Untold, untold_of
from homeshore.foundation import audit
from homeshore.foundation.models import User
from homeshore.foundation.transactions import write


def agent_told(*, call_id: int, agent_id: int, agreed: bool, by: User, now: datetime) -> None:
    """The agent has told the customer whom they called, who does not mind, or refuses to be recorded. It is in the audit trail.

    Raises NoSuchCall when the call is not with them, NothingToTell for one that nobody answered yet, or of which all was told.
    """
    with write():
        call = lock_call(call_id)
        leg = leg_of(call, agent_id)
        untold = untold_of(call)
        if not untold:
            raise NothingToTell
        if Untold.RECORDED in untold:
            Recording.objects.filter(call=call).update(**{"told_at" if agreed else "refused_at": now})
        if Untold.LISTENED in untold:
            Call.objects.filter(pk=call.pk).update(**{"listening_told_at" if agreed else "listening_refused_at": now})
            call.refresh_from_db()
        told = {"of": [each.value for each in untold], "agreed": agreed}
        audit.record(operator_id=call.operator_id, actor=by, verb="call.told", target=call, data=told, at=now)
        events.call_changed(call, leg, at=now)
