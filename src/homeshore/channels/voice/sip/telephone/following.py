"""What the house wants of each caller: what has become of their call is compared with where they are, and the next step is taken."""

from typing import Any

from django.db.models import Q

from homeshore.channels.voice.models import Call, Caller, CompanionSignal, Side, Signal
from homeshore.channels.voice.sip.at_page import AtPage
from homeshore.channels.voice.sip.guest import Guest
from homeshore.channels.voice.sip.houses import houses
from homeshore.channels.voice.sip.passing import bring_together
from homeshore.channels.voice.sip.steps import PASSED_ON, House, next_step
from homeshore.channels.voice.sip.telephone.guests import Guests

MOST_STEPS = 6
HEEDED = ("answer", "restart")
"""What the telephone does something about, of what agents' pages say."""


def follow_all(guests: Guests) -> None:
    """Compare each caller with what has become of their call, and do what is next."""
    guests.take_errands()
    found = houses(guests.home)
    _hear_agents(guests, found)
    for guest in guests:
        if guest.tag not in found:
            guests.forget(guest)
            guests.instruments.agent.hang_up(guest.tag, now=guests.monotonic())
        else:
            _follow(guest, found[guest.tag], guests)


def _hear_agents(guests: Guests, found: dict[str, House]) -> None:
    """What agents' pages said to callers, and to those outside the house whom they ask, and has not been heard.

    An answer stays where it was said until its round is over.
    """
    by_call = {each.call_id: each for each in guests if each.call_id}
    by_companion = {each.row.companion_id: each for each in guests if each.row.companion_id}
    waiting = [call for call, each in by_call.items() if each.line.prepared != each.line.answered]
    unheard = Q(kind="restart") | Q(kind="answer", call__in=waiting)
    said = Signal.objects.filter(unheard, call__caller__home=guests.home, sender=Side.AGENT)
    for each in said.order_by("id"):
        _hear_agent(by_call.get(each.call_id), each.round, each.kind, each.body, guests, found)
    if by_companion:
        _hear_askers(by_companion, guests, found)


def _hear_askers(asked: dict[int, Guest], guests: Guests, found: dict[str, House]) -> None:
    said = CompanionSignal.objects.filter(companion__in=asked, from_agent=True, kind__in=HEEDED)
    for each in said.order_by("id").select_related("companion"):
        _hear_agent(asked[each.companion_id], each.companion.round, each.kind, each.body, guests, found)


def _hear_agent(guest: Guest | None, round: int, kind: str, body: Any, guests: Guests, found: dict[str, House]) -> None:
    house = found.get(guest.tag) if guest else None
    if guest is None or house is None or house.round != round:
        return
    with guests.one_at_a_time(guest.tag):
        if kind == "restart":
            guest.renew(now=guests.now())
        else:
            guest.answered_by_agent(round, str(body.get("sdp", "")))


def _follow(guest: Guest, house: House, guests: Guests) -> None:
    with guests.one_at_a_time(guest.tag):
        if house.state == PASSED_ON:
            _pass_on(guest, guests)
            return
        for _ in range(MOST_STEPS):
            step = next_step(house, guest.seen(monotonic=guests.monotonic(), now=guests.now()))
            if step is None:
                return
            guest.take(step, house, monotonic=guests.monotonic(), now=guests.now())
            if house.state == Call.State.ENDED:
                guests.forget(guest)
                return


def _pass_on(guest: Guest, guests: Guests) -> None:
    """Lead a customer, and who was asked about their call, to each other; the customer's turn does it for both."""
    guest.is_passed_on = True
    if guest.call_id:
        tag = Caller.objects.filter(opposite=guest.row.pk).values_list("tag", flat=True).first()
        other = guests.known(tag or "")
        if other:
            if isinstance(guest, AtPage):
                guest.hear_page(other, now=guests.now())
            bring_together(guest, other, monotonic=guests.monotonic(), now=guests.now())
