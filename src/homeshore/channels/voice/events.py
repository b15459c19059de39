"""What calls declare: `call.changed`, to the agent whose leg it is, to the customer and to the floor, each what they may know."""

from datetime import datetime

from homeshore.channels.voice import shapes
from homeshore.channels.voice.models import Call, Leg
from homeshore.contacts.queries import standing
from homeshore.foundation import feed
from homeshore.foundation.feed import NewEvent


def call_changed(call: Call, leg: Leg | None, *, at: datetime) -> None:
    """Where a call stands, in the open transaction; `leg` is the one that changed."""
    first_name = leg.agent.first_name if leg and leg.state != Leg.State.RINGING else None
    told = [
        (
            [f"thread:{call.conversation_id}"],
            {"call": shapes.call_for_customer(call, leg, agent_first_name=first_name)},
        ),
        ([f"floor:{standing.floor_of(call.contact_id)}"], {"call": shapes.call_for_floor(call, leg)}),
    ]
    if leg:
        told.append(([f"agent:{leg.agent_id}"], {"call": shapes.call_for_agent(call, leg)}))
    feed.record_all([NewEvent(call.operator_id, topics, "call.changed", payload, at) for topics, payload in told])
