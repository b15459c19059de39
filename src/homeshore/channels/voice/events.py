"""What calls declare: `call.changed`, to the agent whose leg it is, to the customer and to the floor, each what they may know."""

from datetime import datetime

from homeshore.channels.voice import shapes
from homeshore.channels.voice.models import Call, Companion, Leg, WeakLine
from homeshore.channels.voice.quality.emodel import Measure
from homeshore.contacts.floors import floor_of_agent
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


def customer_told(call: Call, *, at: datetime) -> None:
    """For the customer alone: how it stands with whom they were left with, when the call is over for everybody else."""
    payload = {"call": shapes.call_for_customer(call, None, agent_first_name=None)}
    topics = [f"thread:{call.conversation_id}"]
    feed.record(operator_id=call.operator_id, topics=topics, kind="call.changed", payload=payload, at=at)


def leg_ended(call: Call, leg: Leg, *, at: datetime) -> None:
    """For its agent alone: their part in a call is over, while for everybody else the call goes on with somebody else."""
    payload = {"call": shapes.call_for_agent(call, leg)}
    feed.record(
        operator_id=call.operator_id, topics=[f"agent:{leg.agent_id}"], kind="call.changed", payload=payload, at=at
    )


def consultation_changed(companion: Companion, *, at: datetime) -> None:
    """For the asker and a colleague: how far it is. What it is about is asked for: no words of customers are in it."""
    topics = [f"agent:{each}" for each in (companion.asked_by_id, companion.colleague_id) if each is not None]
    payload = {"consultation": shapes.consultation(companion)}
    feed.record(operator_id=companion.call.operator_id, topics=topics, kind="call.consultation", payload=payload, at=at)


def quality_whispered(call: Call, leg: Leg, *, side: str, measure: Measure, mos: float) -> None:
    """How the call sounds now, in one direction, to its agent and to the floor; kept in `Sample`, not in the feed."""
    payload = {
        "call": call.pk,
        "contact": call.contact_id,
        "agent": leg.agent_id,
        "side": side,
        "mos": round(mos, 2),
        "loss": round(measure.loss, 4),
        "jitter_ms": round(measure.jitter_ms, 1),
        "round_trip_ms": round(measure.round_trip_ms),
    }
    topics = [f"agent:{leg.agent_id}", f"floor:{standing.floor_of(call.contact_id)}"]
    feed.whisper(operator_id=call.operator_id, topics=topics, kind="call.quality", payload=payload)


def line_changed(resting: WeakLine, *, at: datetime) -> None:
    """For the agent and their floor: their line is too weak for calls until a time, or is tried again."""
    feed.record(
        operator_id=resting.agent.operator_id,
        topics=[f"agent:{resting.agent_id}", f"floor:{floor_of_agent(resting.agent_id)}"],
        kind="call.line",
        payload={"agent": resting.agent_id, "line": shapes.weak_line(resting)},
        at=at,
    )
