"""What waits on a floor and nobody can answer, said before a customer asks."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Min

from homeshore.brands import queries as brands
from homeshore.brands.queries import QueueRules
from homeshore.contacts.models import Contact, Presence
from homeshore.contacts.models.work import PresenceState
from homeshore.missions.coverage import Coverage, Lack, cover, engaged_agents
from homeshore.people.queries import AgentFacts


@dataclass(frozen=True, slots=True)
class Unanswerable:
    """Contacts that wait in a queue whom nobody can answer: ever (`lacks`, as rules and skills stand), or today.

    `able` agents could answer at the widest circle that the queue ever opens, `here` of them are signed in.
    `closed` tells that the queue itself takes no contacts any more.
    """

    queue_id: int
    waiting: int
    oldest_arrived_at: datetime
    able: int
    here: int
    lacks: tuple[Lack, ...]
    closed: bool = False


def unanswerable(floor_id: int, *, operator_id: int) -> list[Unanswerable]:
    """The queues of a floor in which contacts wait for a skill that nobody there has, the longest waits first."""
    waits = (
        Contact.objects.filter(floor_id=floor_id, state=Contact.State.WAITING)
        .order_by("queue_id")
        .values_list("queue_id")
        .annotate(Count("id"), Min("arrived_at"))
    )
    waiting = {queue_id: (number, oldest) for queue_id, number, oldest in waits}
    if not waiting:
        return []
    queues = {queue.id: queue for queue in brands.queues_of_operator(operator_id)}
    engaged = engaged_agents(operator_id)
    here = frozenset(
        Presence.objects.exclude(state=PresenceState.OFFLINE)
        .filter(agent__operator_id=operator_id, line_lost_at__isnull=True)
        .values_list("agent_id", flat=True)
    )
    found = []
    for queue_id, (number, oldest) in waiting.items():
        queue = queues[queue_id]
        coverage = widest_coverage(queue, queues, engaged)
        present = coverage.able & here
        if not present or not queue.active:
            found.append(
                Unanswerable(
                    queue_id, number, oldest, len(coverage.able), len(present), coverage.lacks, not queue.active
                )
            )
    return sorted(found, key=lambda each: (each.oldest_arrived_at, each.queue_id))


def widest_coverage(queue: QueueRules, queues: dict[int, QueueRules], engaged: dict[int, list[AgentFacts]]) -> Coverage:
    """Who may answer a contact of the queue at the last, when every ring and every overflow has opened."""
    needs = queue.rings[-1].needs if queue.rings else queue.needs
    own = cover(needs, engaged.get(queue.id, []))
    able = set(own.able)
    for step in queue.overflow:
        other = queues.get(step.queue)
        if other is not None and other.active:
            able |= cover(other.needs, engaged.get(other.id, [])).able
    return Coverage(own.engaged, frozenset(able), () if able else own.lacks)
