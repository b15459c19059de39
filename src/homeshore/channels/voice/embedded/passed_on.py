"""A customer at a page who was left with somebody outside the house: their page and the telephone find each other, when the call is over for its agent.

The page makes an offer, as always; the telephone answers in the stead of who is outside (docs/explanation/adr/0023). While it lasts the call has
a `Caller` that is `passed_on`, and the page gives signs of life.
"""

from dataclasses import dataclass
from datetime import datetime

from homeshore.channels.voice import events
from homeshore.channels.voice.models import Browser, Call, Caller, Side, Signal
from homeshore.channels.voice.services.rows import lock_call
from homeshore.foundation import feed
from homeshore.foundation.transactions import write


@dataclass(frozen=True, slots=True)
class Offered:
    """What the page offered in the round that goes on: a page that mends its line offers again."""

    round: int
    sdps: list[str]


def is_passed_on(call_id: int) -> bool:
    """Whether the customer of a call that is over for its agent still speaks with somebody outside."""
    return Caller.objects.filter(call=call_id, stage=Caller.Stage.PASSED_ON).exists()


def offered(call_id: int) -> Offered:
    """What the page said last."""
    round = Call.objects.values_list("round", flat=True).get(pk=call_id)
    said = Signal.objects.filter(call=call_id, round=round, sender=Side.CUSTOMER, kind="offer").order_by("id")
    return Offered(round, [str(each.body.get("sdp", "")) for each in said])


def answer(*, call_id: int, round: int, sdp: str, now: datetime) -> bool:
    """What who is outside answered, for the page. False when its round is over."""
    with write():
        call = lock_call(call_id)
        if call.round != round or not is_passed_on(call_id):
            return False
        Signal.objects.create(call=call, round=round, sender=Side.AGENT, kind="answer", body={"sdp": sdp}, at=now)
        topic, payload = f"thread:{call.conversation_id}", {"call": call.pk}
        feed.whisper(operator_id=call.operator_id, topics=[topic], kind="call.signal", payload=payload)
    return True


def begin_round(*, call_id: int, round: int, now: datetime) -> None:
    """What was agreed is of no use any more: the page offers anew. Nothing happens when that round is over already."""
    with write():
        call = lock_call(call_id)
        if call.round == round and is_passed_on(call_id):
            Signal.objects.filter(call=call).delete()
            call.round += 1
            call.save(update_fields=["round"])
            events.customer_told(call, at=now)


def end(*, call_id: int, now: datetime) -> bool:
    """One of the two hung up, or is lost: the page is told, and the telephone hangs up the other, which it sees. False when it was over."""
    with write():
        call = lock_call(call_id)
        Signal.objects.filter(call=call).delete()
        Browser.objects.filter(call=call, side=Side.CUSTOMER).delete()
        gone, _ = Caller.objects.filter(call=call, stage=Caller.Stage.PASSED_ON).delete()
        if gone:
            events.customer_told(call, at=now)
    return gone > 0
