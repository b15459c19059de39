"""A stretch of a floor's history as the simulator plays it, and the means of what is not known of it."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from homeshore.contacts.models import Assignment, Contact, Offer, PresenceSpan
from homeshore.contacts.models.work import PresenceState
from homeshore.contacts.queries.policies import policy_of_floor
from homeshore.contacts.router.rules import agents_of_floor, queues_of_floor
from homeshore.routing.policy import QueueRule
from homeshore.routing.simulator import Shift
from homeshore.routing.simulator.study import Day, Known
from homeshore.values.clock import to_milliseconds

LOOK_BACK = timedelta(days=28)
ENOUGH_SERVED, ENOUGH_LEFT, ENOUGH_ACCEPTED = 10, 5, 10
ASSUMED_HANDLING_MS = {"voice": 300_000, "chat": 480_000, "email": 300_000, "social": 240_000, "task": 300_000}
ASSUMED_PATIENCE_MS: dict[str, int | None] = {"voice": 180_000, "chat": 300_000}
"""Taken where a queue's own history is too short, and said so wherever the figures are shown; a mail waits for ever."""
ASSUMED_ANSWER_MS = 3_000


@dataclass(frozen=True, slots=True)
class _Seen:
    """What a queue's history tells: how many were served in how many milliseconds, how many left of how much waiting."""

    served: int = 0
    served_ms: int = 0
    left: int = 0
    waited_ms: int = 0


def day_of_floor(floor_id: int, *, start: datetime, end: datetime) -> Day:
    """What came to the floor between two moments and who was ready, under the rules that are in force now.

    Handling and patience come from the last four weeks up to `end`; queues with too little of it are `guessed`.
    """
    queues = tuple(replace(queue, opens_at=None, opened_at=0) for queue in queues_of_floor(floor_id))
    agents = tuple(agents_of_floor(floor_id))
    known = {queue.id for queue in queues}
    seen = _seen(floor_id, since=end - LOOK_BACK, until=end)
    handling = {queue.id: _handling(queue, seen.get(queue.id, _Seen())) for queue in queues}
    patience = {queue.id: _patience(queue, seen.get(queue.id, _Seen())) for queue in queues}
    return Day(
        queues=queues,
        agents=agents,
        shifts=tuple(_shifts((agent.id for agent in agents), start=start, end=end)),
        contacts=tuple(each for each in _contacts(floor_id, start=start, end=end) if each.queue in known),
        start=to_milliseconds(start),
        end=to_milliseconds(end),
        handling={queue: mean for queue, (mean, _) in handling.items()},
        patience={queue: mean for queue, (mean, _) in patience.items()},
        answer=_answer(floor_id, since=end - LOOK_BACK, until=end),
        policy=policy_of_floor(floor_id),
        guessed=frozenset(queue for queue in known if handling[queue][1] or patience[queue][1]),
    )


def _contacts(floor_id: int, *, start: datetime, end: datetime) -> Iterable[Known]:
    inbound = Contact.objects.filter(floor_id=floor_id, direction=Contact.Direction.INBOUND)
    came = inbound.filter(arrived_at__gte=start, arrived_at__lt=end)
    rows = list(came.exclude(outcome=Contact.Outcome.CANCELLED).order_by("arrived_at", "id"))
    first: dict[int, Assignment] = {}
    for assignment in Assignment.objects.filter(contact__in=rows).order_by("-opened_at", "-id"):
        first[assignment.contact_id] = assignment
    for contact in rows:
        taken = first.get(contact.pk)
        left = contact.outcome == Contact.Outcome.ABANDONED
        until = taken.opened_at if taken else contact.closed_at if left else None
        yield Known(
            to_milliseconds(contact.arrived_at),
            contact.queue_id,
            contact.priority,
            None if until is None else max(to_milliseconds(until) - to_milliseconds(contact.arrived_at), 0),
            left,
            _lasted(taken),
        )


def _lasted(assignment: Assignment | None) -> int | None:
    if assignment is None or assignment.ended_at is None or assignment.why != "closed":
        return None
    return max(to_milliseconds(assignment.ended_at) - to_milliseconds(assignment.opened_at), 1)


def _shifts(agent_ids: Iterable[int], *, start: datetime, end: datetime) -> Iterable[Shift]:
    """The stretches in which the agents were ready, cut at both ends of the period."""
    ready = PresenceSpan.objects.filter(agent_id__in=list(agent_ids), state=PresenceState.READY, since__lt=end).exclude(
        until__lte=start
    )
    for agent_id, since, until in ready.order_by("since", "agent_id").values_list("agent_id", "since", "until"):
        yield Shift(agent_id, to_milliseconds(max(since, start)), to_milliseconds(min(until or end, end)))


def _seen(floor_id: int, *, since: datetime, until: datetime) -> dict[int, _Seen]:
    seen: dict[int, _Seen] = {}
    for contact in _contacts(floor_id, start=since, end=until):
        so_far = seen.get(contact.queue, _Seen())
        seen[contact.queue] = _Seen(
            so_far.served + (contact.service is not None),
            so_far.served_ms + (contact.service or 0),
            so_far.left + contact.left,
            so_far.waited_ms + (contact.waited or 0),
        )
    return seen


def _handling(queue: QueueRule, seen: _Seen) -> tuple[int, bool]:
    """The mean of a contact in milliseconds, and whether it is an assumption."""
    if seen.served < ENOUGH_SERVED:
        return ASSUMED_HANDLING_MS[queue.channel], True
    return round(seen.served_ms / seen.served), False


def _patience(queue: QueueRule, seen: _Seen) -> tuple[int | None, bool]:
    """The mean patience (waiting in all over those who left, the usual estimate), and whether it is an assumption."""
    if queue.channel not in ASSUMED_PATIENCE_MS:
        return None, False
    if seen.left < ENOUGH_LEFT:
        return ASSUMED_PATIENCE_MS[queue.channel], True
    return max(round(seen.waited_ms / seen.left), 1_000), False


def _answer(floor_id: int, *, since: datetime, until: datetime) -> int:
    accepted = Offer.objects.filter(
        floor_id=floor_id, state=Offer.State.ACCEPTED, offered_at__gte=since, offered_at__lt=until
    )
    times = [
        to_milliseconds(ended) - to_milliseconds(offered)
        for offered, ended in accepted.order_by("-offered_at").values_list("offered_at", "ended_at")[:2_000]
        if ended is not None
    ]
    return round(sum(times) / len(times)) if len(times) >= ENOUGH_ACCEPTED else ASSUMED_ANSWER_MS
