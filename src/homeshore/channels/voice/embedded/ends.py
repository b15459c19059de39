"""The two browsers of a call: which page carries an end, its signs of life, and what it says to the other."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from homeshore.channels.voice import events
from homeshore.channels.voice.embedded.passed_on import is_passed_on
from homeshore.channels.voice.models import Browser, Call, Leg, Side, Signal
from homeshore.channels.voice.refusals import NoSuchCall, OnAnotherDevice
from homeshore.channels.voice.services.rows import lock_call, open_leg
from homeshore.foundation import feed
from homeshore.foundation.transactions import write

LIFE = {Side.CUSTOMER: timedelta(seconds=30), Side.AGENT: timedelta(seconds=20)}
"""How long a page counts as there after a sign of life; pages give one every five seconds."""
RELOAD = timedelta(seconds=8)
"""How long a page that said it was leaving has to come back: a page cannot tell a reload from the end."""
KINDS = ("offer", "answer", "candidate", "restart")
SIGNAL_BYTES = 20_000
SIGNALS_A_ROUND = 200


@dataclass(frozen=True, slots=True)
class End:
    """One end of a call, as a page claims it: the customer's, or that of an agent."""

    call_id: int
    side: Side
    device: str
    agent_id: int | None = None


def join(end: End, *, take_over: bool = False, now: datetime) -> Call:
    """This page carries the end from now on. When another one did, both ends find each other anew: the round rises.

    Raises OnAnotherDevice while another page that lives carries it, unless it is to be taken over; NoSuchCall.
    """
    with write():
        call, leg = _held(end)
        known = Browser.objects.filter(call=call, side=end.side).first()
        moved = known is not None and known.device != end.device
        if known and moved and known.alive_until > now and not take_over:
            raise OnAnotherDevice
        Browser.objects.update_or_create(
            call=call, side=end.side, defaults={"device": end.device, "alive_until": now + LIFE[end.side]}
        )
        if moved or take_over:
            _begin_round(call, leg, now=now)
    return call


def renew(end: End, *, round: int, now: datetime) -> Call:
    """The page lost what it knew (it was loaded again), or cannot repair the line: both begin the next round.

    Asked for a round that is over already, by both sides at once, one new round begins.
    """
    with write():
        call, leg = _held(end)
        _of_device(call, end)
        if call.round == round:
            _begin_round(call, leg, now=now)
    return call


def give_sign(end: End, *, now: datetime) -> bool:
    """The page lives. False when the call is over or carried by another page: then this one lets go."""
    return bool(_browser(end).update(alive_until=now + LIFE[end.side]))


def leave(end: End, *, now: datetime) -> None:
    """The page is going away: unless it comes back at once, its end is lost."""
    _browser(end).filter(alive_until__gt=now + RELOAD).update(alive_until=now + RELOAD)


def say(end: End, *, round: int, kind: str, body: Any, now: datetime) -> bool:
    """Pass a signal to the other page. False when its round is over. Raises NoSuchCall, OnAnotherDevice."""
    with write():
        call, leg = _held(end)
        _of_device(call, end)
        said = Signal.objects.filter(call=call, round=round, sender=end.side)
        if call.round != round or said.count() >= SIGNALS_A_ROUND:
            return False
        Signal.objects.create(call=call, round=round, sender=end.side, kind=kind, body=body or {}, at=now)
        if leg or call.state == Call.State.ENDED:
            other = _topic_of_other(end, call, leg)
            feed.whisper(operator_id=call.operator_id, topics=[other], kind="call.signal", payload={"call": call.pk})
    return True


def heard(end: End, *, after: int) -> list[dict[str, Any]]:
    """What the other page said in this round after the signal `after`, in order. Raises NoSuchCall."""
    call = Call.objects.filter(pk=end.call_id).first()
    if call is None or (end.side == Side.AGENT and _agent_of(call) != end.agent_id):
        raise NoSuchCall
    other = Side.CUSTOMER if end.side == Side.AGENT else Side.AGENT
    said = Signal.objects.filter(call=call, round=call.round, sender=other, pk__gt=after).order_by("id")
    return [{"id": each.pk, "round": each.round, "kind": each.kind, "body": each.body} for each in said]


def _held(end: End) -> tuple[Call, Leg | None]:
    """The call, locked, when it goes on for this end, which is of it."""
    call = lock_call(end.call_id)
    leg = open_leg(call)
    if end.side == Side.AGENT and (leg is None or leg.agent_id != end.agent_id):
        raise NoSuchCall
    if call.state == Call.State.ENDED and not is_passed_on(call.pk):
        raise NoSuchCall
    return call, leg


def _topic_of_other(end: End, call: Call, leg: Leg | None) -> str:
    """Where the page at the other end listens; the telephone, in the stead of one outside, hears whatever is whispered."""
    if end.side == Side.AGENT:
        return f"thread:{call.conversation_id}"
    return f"agent:{leg.agent_id}" if leg else f"passed_on:{call.pk}"


def _agent_of(call: Call) -> int | None:
    leg = open_leg(call)
    return leg.agent_id if leg else None


def _of_device(call: Call, end: End) -> None:
    if not Browser.objects.filter(call=call, side=end.side, device=end.device).exists():
        raise OnAnotherDevice


def _begin_round(call: Call, leg: Leg | None, *, now: datetime) -> None:
    Signal.objects.filter(call=call).delete()
    call.round += 1
    call.save(update_fields=["round"])
    if call.state == Call.State.ENDED:
        events.customer_told(call, at=now)
    else:
        events.call_changed(call, leg, at=now)


def _browser(end: End) -> Any:
    return Browser.objects.filter(call_id=end.call_id, side=end.side, device=end.device)
