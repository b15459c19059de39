"""What the page of a companion and that of the agent say to each other, so that their sound finds its way."""

from datetime import datetime
from typing import Any

from homeshore.channels.voice.embedded.ends import SIGNALS_A_ROUND
from homeshore.channels.voice.models import Companion, CompanionSignal
from homeshore.channels.voice.refusals import NoSuchCall
from homeshore.channels.voice.services.rows import lock_call, open_leg
from homeshore.contacts.queries import standing
from homeshore.foundation import feed
from homeshore.foundation.models import User
from homeshore.foundation.transactions import write


def companion_of(companion_id: int, *, user: User | None = None, agent_id: int | None = None) -> Companion:
    """The companion, for themselves (`user`) or for the agent beside whom they are. Raises NoSuchCall."""
    found = Companion.objects.filter(pk=companion_id, ended_at=None).select_related("call").first()
    if found is None or (user and found.user_id != user.pk):
        raise NoSuchCall
    leg = open_leg(found.call)
    if agent_id is not None and (leg is None or leg.agent_id != agent_id):
        raise NoSuchCall
    return found


def say(companion: Companion, *, from_agent: bool, round: int, kind: str, body: Any, now: datetime) -> bool:
    """Pass a signal to the other page. False when its round is over."""
    with write():
        call = lock_call(companion.call_id)
        companion.refresh_from_db(fields=["round", "ended_at"])
        leg = open_leg(call)
        said = CompanionSignal.objects.filter(companion=companion, from_agent=from_agent)
        if leg is None or companion.ended_at or companion.round != round or said.count() >= SIGNALS_A_ROUND:
            return False
        CompanionSignal.objects.create(companion=companion, from_agent=from_agent, kind=kind, body=body or {}, at=now)
        topic = f"floor:{standing.floor_of(call.contact_id)}" if from_agent else f"agent:{leg.agent_id}"
        payload = {"companion": companion.pk}
        feed.whisper(operator_id=call.operator_id, topics=[topic], kind="call.companion", payload=payload)
    return True


def heard(companion: Companion, *, at_agent: bool, after: int) -> list[dict[str, Any]]:
    """What the other page said in this round after the signal `after`, in order."""
    said = companion.signals.filter(from_agent=not at_agent, pk__gt=after).order_by("id")
    return [{"id": each.pk, "round": companion.round, "kind": each.kind, "body": each.body} for each in said]
