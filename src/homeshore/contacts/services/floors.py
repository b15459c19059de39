"""The operator's floors, split along groups that share no work: contacts, offers and agents move with their queues."""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import datetime

from django.db.models import F

from homeshore.contacts.floors import default_floor, floors_of_queues
from homeshore.contacts.models import Contact, Floor, FloorPolicy, Offer, Presence, QueueOnFloor
from homeshore.contacts.queries.floors import groups_of
from homeshore.contacts.refusals import FloorsWouldShare
from homeshore.foundation import hints
from homeshore.foundation.audit import record as record_audit
from homeshore.foundation.models import User
from homeshore.foundation.transactions import write
from homeshore.routing.groups import Group


def split_floors(*, operator_id: int, floors: Sequence[Iterable[int]], by: User, now: datetime) -> list[int]:
    """Put the operator's queues on floors: each of `floors` names the queues of one; the floors' ids, in that order.

    A floor that already holds most of such queues is kept, others are made, with the policy of the floor that their
    queues come from; floors that are left without queues stay, empty. Every floor of the operator gets a new epoch in the
    same transaction: whoever owns it steps down at its next commit, and the next owner lays the new picture. Raises
    FloorsWouldShare when a queue is missing or an agent or an overflow would reach across.
    """
    wanted = [frozenset(queues) for queues in floors]
    with write():
        before = floors_of_queues(operator_id)
        _hold(operator_id)
        groups = groups_of(operator_id)
        _check(wanted, groups)
        chosen = _choose(operator_id, wanted, before)
        for floor_id, queues in zip(chosen, wanted, strict=True):
            _move(floor_id, queues)
        Floor.objects.filter(operator_id=operator_id).update(epoch=F("epoch") + 1, owner="", lease_until=None)
        record_audit(
            operator_id=operator_id,
            actor=by,
            verb="floors.split",
            target=f"{len(wanted)} floors",
            data={str(floor_id): sorted(queues) for floor_id, queues in zip(chosen, wanted, strict=True)},
            at=now,
        )
        hints.after_commit("facts")
    return chosen


def _hold(operator_id: int) -> None:
    """Nobody arrives, answers or comes and goes until this is done: what is moved is all there is.

    In the order in which services lock: contacts, then presences; arrivals hold their queue's row.
    """
    queues = QueueOnFloor.objects.filter(floor__operator=operator_id).order_by("queue_id")
    list(queues.select_for_update(of=("self",)).values_list("pk"))
    contacts = Contact.objects.filter(operator=operator_id).exclude(state=Contact.State.CLOSED).order_by("id")
    list(contacts.select_for_update(of=("self",)).values_list("pk"))
    presences = Presence.objects.filter(agent__operator=operator_id).order_by("pk")
    list(presences.select_for_update(of=("self",)).values_list("pk"))


def _check(wanted: list[frozenset[int]], groups: list[Group]) -> None:
    """Each group lies on one floor, no queue on two, and no floor is empty."""
    known = Counter(queue for queues in wanted for queue in queues)
    together = all(any(set(group.queues) <= queues for queues in wanted) for group in groups)
    if not (together and all(wanted)) or sorted(known.elements()) != sorted(
        queue for group in groups for queue in group.queues
    ):
        raise FloorsWouldShare


def _choose(operator_id: int, wanted: list[frozenset[int]], before: dict[int, int]) -> list[int]:
    """For each set of queues the floor that most of them come from, where it is not taken, or a new one."""
    free = set(Floor.objects.filter(operator_id=operator_id).values_list("id", flat=True))
    chosen = []
    for queues in wanted:
        origins = Counter(before[queue] for queue in sorted(queues) if queue in before)
        origin = max(origins, key=lambda floor_id: (origins[floor_id], -floor_id), default=default_floor(operator_id))
        if origin in free:
            free.discard(origin)
            chosen.append(origin)
        else:
            chosen.append(_made_like(origin, operator_id))
    return chosen


def _made_like(origin: int, operator_id: int) -> int:
    floor = Floor.objects.create(
        operator_id=operator_id, name=str(Floor.objects.filter(operator=operator_id).count() + 1)
    )
    for policy in FloorPolicy.objects.filter(floor_id=origin).order_by("number"):
        policy.pk, policy.floor_id = None, floor.pk
        policy.save(force_insert=True)
    return floor.pk


def _move(floor_id: int, queues: frozenset[int]) -> None:
    QueueOnFloor.objects.filter(queue_id__in=queues).update(floor_id=floor_id)
    Contact.objects.filter(queue_id__in=queues).exclude(state=Contact.State.CLOSED).update(floor_id=floor_id)
    Offer.objects.filter(contact__queue_id__in=queues, state=Offer.State.OPEN).update(floor_id=floor_id)
