"""Orphans: calls of which an end gave no sign of life come to an end, and nobody is left in them."""

from datetime import datetime, timedelta

from homeshore.channels.voice.embedded import passed_on
from homeshore.channels.voice.embedded.ends import LIFE
from homeshore.channels.voice.models import Browser, Call, Companion, Leg, Side
from homeshore.channels.voice.services.calls import end_call
from homeshore.channels.voice.services.companions import LIFE as COMPANION_LIFE
from homeshore.channels.voice.services.companions import send_out_the_silent
from homeshore.channels.voice.services.legs import drop_leg
from homeshore.contacts import services as contacts
from homeshore.contacts.queries import standing

CONNECT = timedelta(seconds=30)
"""How long two ends may look for each other after the agent took the call."""
CLOSE = timedelta(seconds=40)
"""How long after its life an agent's page may come back to close the contact of a call that is over."""


def grant_full_lives(*, now: datetime) -> None:
    """While the house was away pages could not be told lost from unheard: each gets a full life."""
    for side, life in LIFE.items():
        Browser.objects.filter(side=side, alive_until__lt=now + life).update(alive_until=now + life)
    Companion.objects.filter(ended_at=None, alive_until__lt=now + COMPANION_LIFE).update(
        alive_until=now + COMPANION_LIFE
    )
    Leg.objects.filter(state=Leg.State.CONNECTING, accepted_at__lt=now).update(accepted_at=now)


def end_what_is_dead(*, now: datetime) -> int:
    """End what has no life any more; how much that was."""
    dead = list(Browser.objects.filter(alive_until__lt=now).select_related("call"))
    return (
        send_out_the_silent(now=now)
        + sum(_bury(browser, now=now) for browser in dead)
        + sum(
            drop_leg(call_id=leg.call_id, leg_number=leg.number, why="never_connected", now=now)
            for leg in Leg.objects.filter(state=Leg.State.CONNECTING, accepted_at__lt=now - CONNECT).exclude(
                call__state=Call.State.ENDED
            )
        )
    )


def _bury(browser: Browser, *, now: datetime) -> bool:
    call = browser.call
    if call.state == Call.State.ENDED:
        if browser.side == Side.CUSTOMER:
            return passed_on.end(call_id=call.pk, now=now)
        return _close_for_absent(browser, now=now)
    if browser.side == Side.CUSTOMER:
        return end_call(call_id=call.pk, by=Call.EndedBy.NETWORK, why="customer_lost", now=now)
    leg = Leg.objects.filter(call=call).exclude(state=Leg.State.ENDED).first()
    if leg is None or leg.state == Leg.State.RINGING:
        browser.delete()
        return False
    return drop_leg(call_id=call.pk, leg_number=leg.number, why="agent_lost", now=now)


def _close_for_absent(browser: Browser, *, now: datetime) -> bool:
    """The call is over and its agent went away without closing the contact, which is closed as theirs."""
    if browser.alive_until > now - CLOSE:
        return False
    seen = standing.of_contacts([browser.call.contact_id])[browser.call.contact_id]
    browser.delete()
    if seen.state == "active" and seen.agent is not None:
        return contacts.close_for_absent_agent(agent_id=seen.agent, contact_id=browser.call.contact_id, now=now)
    return False
