"""All reads of calls for screens."""

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Avg, Count, Min, OuterRef, Q, Subquery

from homeshore.channels.voice import shapes
from homeshore.channels.voice.models import (
    Call,
    Caller,
    Companion,
    LeftInMenu,
    Leg,
    LineCheck,
    ListeningRule,
    Number,
    Recording,
    RecordingRule,
    Sample,
    TurnedAway,
    WeakLine,
)
from homeshore.contacts.queries import standing, waits
from homeshore.foundation import retention
from homeshore.outbound import numbers


def call_of_thread(*, queue_id: int, thread_channel: str, thread_key: str) -> dict[str, Any] | None:
    """The call that goes on in a customer's thread, or was passed on, as the customer sees it; None when there is none."""
    contact = standing.open_contact(queue_id=queue_id, thread_channel=thread_channel, thread_key=thread_key)
    call = Call.objects.filter(contact_id=contact.id).exclude(state=Call.State.ENDED).first() if contact else None
    call = call or passed_on_in_thread(queue_id=queue_id, thread_channel=thread_channel, thread_key=thread_key)
    return _for_customer(call) if call else None


def passed_on_in_thread(*, queue_id: int, thread_channel: str, thread_key: str) -> Call | None:
    """The call whose customer, in this thread of the queue's brand, speaks with somebody outside the house to whom it was passed on."""
    return Call.objects.filter(
        caller__stage=Caller.Stage.PASSED_ON,
        contact__conversation__brand__queues=queue_id,
        contact__conversation__channel=thread_channel,
        contact__conversation__thread_key=thread_key,
    ).first()


def call_for_customer(call_id: int) -> dict[str, Any]:
    """A call, also one that is over, as its customer sees it."""
    return _for_customer(Call.objects.get(pk=call_id))


def _for_customer(call: Call) -> dict[str, Any]:
    leg = Leg.objects.filter(call=call).exclude(state=Leg.State.ENDED).select_related("agent").first()
    first_name = leg.agent.first_name if leg and leg.state != Leg.State.RINGING else None
    return shapes.call_for_customer(call, leg, agent_first_name=first_name)


@dataclass(frozen=True, slots=True)
class OfNumber:
    """How many callers of a number something happened to who had no contact yet: since a moment, and in the week before now; and to how many
    of the latter while they heard the notice."""

    number: Number
    since: int
    week: int
    in_notice: int = 0

    @property
    def shown(self) -> str:
        """The number as one reads it aloud."""
        return numbers.shown(self.number.digits)


def left_in_menus(operator_id: int, *, since: datetime, now: datetime) -> list[OfNumber]:
    """Who left before they waited, of each number that has a menu, or that somebody left so in the last week; in order."""
    found = Number.objects.filter(operator_id=operator_id).select_related("queue__brand").order_by("digits")
    lately = Q(left_in_menu__at__gte=now - timedelta(days=7))
    counted = found.annotate(
        today=Count("left_in_menu", filter=Q(left_in_menu__at__gte=since), distinct=True),
        week=Count("left_in_menu", filter=lately, distinct=True),
        in_notice=Count(
            "left_in_menu", filter=lately & Q(left_in_menu__during=LeftInMenu.During.NOTICE), distinct=True
        ),
        keys=Count("choices", distinct=True),
    )
    return [OfNumber(each, each.today, each.week, each.in_notice) for each in counted if each.keys or each.week]


def turned_away(operator_id: int, *, since: datetime, now: datetime) -> list[OfNumber]:
    """Who was refused because the house was full, of each number where somebody was in the last week; in order."""
    lately = TurnedAway.objects.filter(number__operator_id=operator_id, at__gte=now - timedelta(days=7))
    calls = Counter[Number]()
    today = Counter[Number]()
    for each in lately.select_related("number__queue__brand").order_by("number__digits"):
        calls[each.number] += each.calls
        today[each.number] += each.calls if each.at >= since else 0
    return [OfNumber(number, today[number], week) for number, week in calls.items()]


def is_going_on(contact_id: int) -> bool:
    """Whether a call of a contact is not over."""
    return Call.objects.filter(contact_id=contact_id).exclude(state=Call.State.ENDED).exists()


def was_answered(contact_id: int) -> bool:
    """Whether customer and agent have heard each other in a contact."""
    return Call.objects.filter(contact_id=contact_id, answered_at__isnull=False).exists()


def calls_of_agent(agent_id: int) -> list[dict[str, Any]]:
    """The calls that ring at the agent's or are with them, those that ended while they have yet to close the contact."""
    legs = Leg.objects.filter(agent_id=agent_id, call__settled=False).select_related("call").order_by("began_at", "id")
    latest = {leg.call_id: leg for leg in legs}
    return [
        shapes.call_for_agent(leg.call, leg)
        for leg in latest.values()
        if leg.state != Leg.State.ENDED or _is_left_to(agent_id, leg.call)
    ]


def _is_left_to(agent_id: int, call: Call) -> bool:
    at = standing.of_contacts([call.contact_id])[call.contact_id]
    return call.state == Call.State.ENDED and at.state == "active" and at.agent == agent_id


def consultation_of(user_id: int) -> dict[str, Any] | None:
    """The call about which a colleague asks a person now, and what they are to know of it; None when nobody asks them."""
    asked = Companion.objects.filter(user=user_id, ended_at=None, colleague__isnull=False)
    found = asked.select_related("asked_by", "colleague", "call__contact__conversation__customer").first()
    return shapes.consultation_about(found) if found else None


def standing_of_caller(call_id: int, *, now: datetime) -> dict[str, Any] | None:
    """Where who waits in a call stands: their `place` (1 is next) and the wait that is `expected` from now on, as a customer's page shows
    both; None when they do not wait."""
    conversation = Call.objects.values_list("conversation_id", flat=True).get(pk=call_id)
    for line in waits.lines(channels=["voice"]):
        if conversation in line.threads:
            forecast = waits.of_visits.of_queue(line.queue_id, now=now)
            return waits.place_of(line.threads.index(conversation) + 1, forecast)
    return None


def is_with(*, call_id: int, agent_id: int) -> bool:
    """Whether the agent has a part in a call that goes on."""
    return Leg.objects.filter(call_id=call_id, agent_id=agent_id).exclude(state=Leg.State.ENDED).exists()


def had_part(*, call_id: int, agent_id: int) -> bool:
    """Whether the agent has or had a part in a call."""
    return Leg.objects.filter(call_id=call_id, agent_id=agent_id).exists()


def legs_of_contact(contact_id: int) -> list[dict[str, Any]]:
    """Every agent's part in the calls of a contact, in order: who, from when to when, and how it ended."""
    legs = Leg.objects.filter(call__contact_id=contact_id).select_related("call").order_by("call_id", "number")
    return [
        {**shapes.call_for_agent(leg.call, leg), "agent": leg.agent_id, "ended": leg.ended_at is not None}
        for leg in legs
    ]


def weak_line_of(agent_id: int) -> dict[str, Any] | None:
    """Why no call is offered to the agent now; None when calls are."""
    resting = WeakLine.objects.filter(agent_id=agent_id, ended_at__isnull=True).first()
    return shapes.weak_line(resting) if resting else None


def weak_lines(operator_id: int) -> dict[int, dict[str, Any] | None]:
    """The lines of an operator's agents that rest from calls now, by agent."""
    resting = WeakLine.objects.filter(agent__operator_id=operator_id, ended_at__isnull=True)
    return {each.agent_id: shapes.weak_line(each) for each in resting}


def line_checks(agent_id: int, *, latest: int = 10) -> list[LineCheck]:
    """An agent's checks of their line, the newest first."""
    return list(LineCheck.objects.filter(agent_id=agent_id).order_by("-at", "-id")[:latest])


def latest_line_checks(operator_id: int) -> dict[int, LineCheck]:
    """The last check of each agent of an operator who ever made one."""
    newest = LineCheck.objects.filter(agent=OuterRef("agent")).order_by("-at", "-id").values("pk")[:1]
    found = LineCheck.objects.filter(agent__operator_id=operator_id, pk=Subquery(newest))
    return {each.agent_id: each for each in found}


def quality_of_call(call_id: int) -> dict[str, dict[str, float]]:
    """By the end that measured: mean and lowest score, mean loss, jitter and round trip of a call."""
    means = (
        Sample.objects.filter(call_id=call_id)
        .values("side")
        .annotate(low=Min("mos"), mean=Avg("mos"), lost=Avg("loss"), jitter=Avg("jitter_ms"), trip=Avg("round_trip_ms"))
    )
    return {
        row["side"]: {
            "mos": row["mean"],
            "lowest": row["low"],
            "loss": row["lost"],
            "jitter_ms": row["jitter"],
            "round_trip_ms": row["trip"],
        }
        for row in means.order_by("side")
    }


def may_be_listened_to(queue_id: int | None) -> bool:
    """Whether supervisors may listen to the calls of a queue, of which its callers are told."""
    return ListeningRule.objects.filter(queue=queue_id, allowed=True).exists()


def is_listening_to_be_told(call_id: int) -> bool:
    """Whether supervisors may listen to calls like this one, and its customer has not been told."""
    queue = Call.objects.filter(pk=call_id, listening_told_at=None).values_list("contact__queue", flat=True).first()
    return may_be_listened_to(queue)


def calls_on_floor(queues: Collection[int]) -> list[dict[str, Any]]:
    """The calls to these queues in which an agent and a customer talk, as the floor sees them."""
    talking = Call.objects.filter(state__in=(Call.State.TALKING, Call.State.HELD), contact__queue__in=queues)
    calls = {
        call.pk: call for call in talking.order_by("id").prefetch_related("companions__user", "companions__colleague")
    }
    legs = Leg.objects.filter(call__in=calls).exclude(state=Leg.State.ENDED)
    return [shapes.call_for_floor(calls[leg.call_id], leg) for leg in legs.order_by("call_id")]


def recording_share(queue_id: int) -> int:
    """The share of a queue's calls that are recorded, in percent; 0 where nothing is set."""
    return RecordingRule.objects.filter(queue=queue_id).values_list("share", flat=True).first() or 0


def recording_days(queue_id: int, *, at: datetime) -> int | None:
    """For how many days recorded calls to a queue are kept, which their customers are told before they call; None where none is."""
    rule = RecordingRule.objects.filter(queue=queue_id, share__gt=0).select_related("queue__brand").first()
    return retention.periods_of(rule.queue.brand.operator_id, at=at).recording_days if rule else None


def is_to_be_announced(call_id: int) -> bool:
    """Whether a call is to be recorded, and its customer has neither been told nor refused."""
    return Recording.objects.filter(call=call_id, told_at__isnull=True, refused_at__isnull=True).exists()


def is_to_be_recorded(call_id: int) -> bool:
    """Whether a call was drawn to be recorded, unless its customer refuses."""
    return Recording.objects.filter(call=call_id).exists()
