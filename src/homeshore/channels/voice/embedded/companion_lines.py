"""What the page of a companion and that of the agent say to each other, so that their sound finds its way."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from homeshore.channels.voice.embedded.ends import RELOAD, SIGNALS_A_ROUND
from homeshore.channels.voice.models import Companion, CompanionSignal
from homeshore.channels.voice.refusals import NoSuchCall
from homeshore.channels.voice.services.rows import lock_call, open_leg
from homeshore.contacts.queries import standing
from homeshore.foundation import feed
from homeshore.foundation.models import User
from homeshore.foundation.transactions import write


@dataclass(frozen=True, slots=True)
class LineEnd:
    """One end of the line between an agent's page and a companion's."""

    companion: Companion
    is_agents: bool


def end_of(companion_id: int, *, user: User) -> LineEnd:
    """The end that is this person's: the companion's own, or that of the agent beside whom they are. Raises NoSuchCall."""
    found = Companion.objects.filter(pk=companion_id, ended_at=None).select_related("call").first()
    leg = open_leg(found.call) if found else None
    if found is None or leg is None or user.pk not in (found.user_id, leg.agent.user_id):
        raise NoSuchCall
    return LineEnd(found, is_agents=found.user_id != user.pk)


def say(end: LineEnd, *, round: int, kind: str, body: Any, now: datetime) -> bool:
    """Pass a signal to the other page. False when its round is over."""
    companion = end.companion
    with write():
        call = lock_call(companion.call_id)
        companion.refresh_from_db(fields=["round", "ended_at"])
        leg = open_leg(call)
        said = CompanionSignal.objects.filter(companion=companion, from_agent=end.is_agents)
        if leg is None or companion.ended_at or companion.round != round or said.count() >= SIGNALS_A_ROUND:
            return False
        CompanionSignal.objects.create(
            companion=companion, from_agent=end.is_agents, kind=kind, body=body or {}, at=now
        )
        topic = _topic_of(companion, call.contact_id) if end.is_agents else f"agent:{leg.agent_id}"
        payload = {"companion": companion.pk}
        feed.whisper(operator_id=call.operator_id, topics=[topic], kind="call.companion", payload=payload)
    return True


def step_away(companion_id: int, *, user: User, now: datetime) -> None:
    """The page of a companion who has answered is going away: unless it comes back at once, they are lost. Raises NoSuchCall for who never was
    one.
    """
    theirs = Companion.objects.filter(pk=companion_id, user=user)
    if not theirs.exists():
        raise NoSuchCall
    here = theirs.filter(ended_at=None, alive_until__gt=now + RELOAD).exclude(part=Companion.Part.ASKED)
    here.update(alive_until=now + RELOAD)


def heard(end: LineEnd, *, after: int) -> list[dict[str, Any]]:
    """What the other page said in this round after the signal `after`, in order."""
    said = end.companion.signals.filter(from_agent=not end.is_agents, pk__gt=after).order_by("id")
    return [{"id": each.pk, "round": end.companion.round, "kind": each.kind, "body": each.body} for each in said]


def _topic_of(companion: Companion, contact_id: int) -> str:
    """Where a companion's page listens: a colleague's at their desk, a supervisor's on the floor. The telephone, which is in the place of
    a page of who is outside, hears whatever is whispered.
    """
    if companion.colleague_id is not None:
        return f"agent:{companion.colleague_id}"
    if companion.attempt_id is not None:
        return f"companion:{companion.pk}"
    return f"floor:{standing.floor_of(contact_id)}"
