"""Rows of calls taken for a change, and the same as plain facts for drivers and for the pure course."""

from homeshore.channels.voice.course import LegSeen
from homeshore.channels.voice.drivers import CallFacts, Driver, LegFacts, driver_of
from homeshore.channels.voice.models import Call, Leg
from homeshore.channels.voice.refusals import NoSuchCall


def lock_call(call_id: int) -> Call:
    """The call, held until the transaction ends; NoSuchCall when there is none."""
    found = Call.objects.select_for_update().filter(pk=call_id).first()
    if found is None:
        raise NoSuchCall
    return found


def open_leg(call: Call) -> Leg | None:
    """The leg of a call that is not over."""
    return Leg.objects.filter(call=call).exclude(state=Leg.State.ENDED).first()


def leg_of(call: Call, agent_id: int) -> Leg:
    """The open leg of this agent; NoSuchCall when the call is not with them."""
    leg = open_leg(call)
    if leg is None or leg.agent_id != agent_id:
        raise NoSuchCall
    return leg


def driver(call: Call) -> Driver:
    """What carries the call."""
    return driver_of(call.driver)


def call_facts(call: Call) -> CallFacts:
    """The call as its driver needs it."""
    return CallFacts(
        id=call.pk,
        operator_id=call.operator_id,
        contact_id=call.contact_id,
        conversation_id=call.conversation_id,
        driver=call.driver,
        state=call.state,
        round=call.round,
    )


def leg_facts(leg: Leg) -> LegFacts:
    """The leg as its driver needs it."""
    return LegFacts(leg.number, leg.agent_id, leg.state)


def leg_seen(leg: Leg | None) -> LegSeen | None:
    """The leg as the pure course sees it."""
    return LegSeen(leg.agent_id, leg.state, leg.offer_id, leg.assignment_id) if leg else None
