"""What holds on a floor from a date on; and what time brings: versions that come into force, openings, new days."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Max, Q
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from homeshore.brands import queries as brands
from homeshore.brands import services as brand_services
from homeshore.brands.policy import HOLD
from homeshore.brands.queries import QueueRules
from homeshore.brands.services import NothingChanged, SavedMeanwhile, VersionInForce
from homeshore.contacts import facts
from homeshore.contacts.floors import floor_of_queue
from homeshore.contacts.models import Contact, Floor, FloorPolicy, QueueOnFloor
from homeshore.contacts.queries.policies import policy_of_floor, rules_of
from homeshore.contacts.router.rules import agents_of_floor, policy_changed, queue_changed
from homeshore.contacts.services.transfers import move_waiting
from homeshore.foundation import audit
from homeshore.foundation.errors import Invalid, NotFound
from homeshore.foundation.models import User
from homeshore.foundation.transactions import write
from homeshore.routing.inputs import DayCounted
from homeshore.routing.policy import LEAST_COST, LONGEST_IDLE, Policy
from homeshore.values.clock import EPOCH

_LIMITS: Mapping[str, tuple[int, int]] = {
    "head_start_seconds": (0, 3_600),
    "rona_limit": (1, 20),
    "reoffer_after_seconds": (0, 3_600),
    "fairness_seconds": (0, 600),
}
_LONGEST_KEPT = 86_400


def save_floor_policy(
    *,
    operator_id: int,
    floor_id: int,
    by: User,
    rules: Mapping[str, Any],
    valid_from: datetime | None = None,
    note: str = "",
    seen: int | None = None,
    now: datetime,
) -> FloorPolicy:
    """What holds on the floor from a moment on, at once when none is named. `rules` are fields of routing.policy.Policy.

    `seen` is the newest version that `by` knew of. Raises Invalid, with every wrong field at once; SavedMeanwhile when there
    is a newer one, NothingChanged, NotFound.
    """
    problems = _problems(rules)
    if valid_from is not None and valid_from < now:
        problems["valid_from"] = _("This moment is past. What has happened was routed by the rules of its time.")
    if problems:
        raise Invalid(fields=problems)
    with write():
        floor = _locked(operator_id, floor_id)
        newest = floor.policies.select_related("saved_by").order_by("-number").first()
        if seen is not None and newest is not None and newest.number > seen:
            raise SavedMeanwhile(who=newest.saved_by or _("Somebody"), number=newest.number)
        before = rules_of(policy_of_floor(floor_id))
        if valid_from is None and before == rules:
            raise NothingChanged
        if not floor.policies.exists():
            house = rules_of(Policy())
            floor.policies.create(number=1, rules=house, valid_from=EPOCH, applied_at=EPOCH, saved_at=now)
        last = floor.policies.aggregate(last=Max("number"))["last"]
        version: FloorPolicy = floor.policies.create(
            number=last + 1,
            rules=dict(rules),
            valid_from=valid_from or now,
            saved_by=by,
            saved_at=now,
            note=note.strip()[:200],
        )
        told = {name: f"{before[name]} → {rules[name]}" for name in rules if before[name] != rules[name]}
        told = {"version": str(version.number), "valid_from": version.valid_from.isoformat(), **told}
        audit.record(operator_id=operator_id, actor=by, verb="floor.policy_saved", target=floor, data=told, at=now)
        if valid_from is None:
            _apply(version, now=now)
    return version


def withdraw_floor_policy(*, operator_id: int, floor_id: int, number: int, by: User, now: datetime) -> None:
    """A planned version is not to come into force. Raises VersionInForce, NotFound."""
    with write():
        floor = _locked(operator_id, floor_id)
        version = floor.policies.filter(number=number)
        if not version.exists():
            raise NotFound
        if not version.filter(applied_at__isnull=True, withdrawn_at__isnull=True).update(withdrawn_at=now):
            raise VersionInForce
        told = {"version": number}
        audit.record(operator_id=operator_id, actor=by, verb="floor.policy_withdrawn", target=floor, data=told, at=now)


def close_queue(*, operator_id: int, queue_id: int, moved_to_id: int, by: User, now: datetime) -> int:
    """The queue takes no contact any more, and what waits in it waits in another one, each contact at its place.

    Who is being answered stays with their agent. How many were moved. Raises Invalid, NotFound.
    """
    with write():
        brand_services.close_queue(operator_id=operator_id, queue_id=queue_id, moved_to_id=moved_to_id, by=by, now=now)
        return _move_on([queue_id], now=now)


def bring_into_force(*, now: datetime) -> None:
    """All that is due by the calendar: planned versions, openings and closings of brands, the begin of a local day.

    And what came to wait in a closed queue since it was closed: it came at that moment, or its agent let go of it.
    """
    brand_services.apply_due_versions(now=now)
    if closed := brands.closed_queues():
        _move_on(closed, now=now)
    _apply_due_policies(now=now)
    _tell_openings(now=now)
    _begin_days(now=now)


def _move_on(closed: Collection[int], *, now: datetime) -> int:
    """What waits in closed queues waits where they lead, each contact at its place; how many that were."""
    waiting = Contact.objects.filter(queue__in=closed, queue__active=False)
    waiting = waiting.exclude(state=Contact.State.CLOSED).exclude(state=Contact.State.ACTIVE)
    moved = 0
    for contact_id in list(waiting.order_by("id").values_list("id", flat=True)):
        with write():
            contact = waiting.filter(pk=contact_id).select_for_update(of=("self",)).first()
            if contact is None:
                continue
            target = brands.receiving_queue(contact.queue_id).id
            if contact.state != Contact.State.OFFERED or floor_of_queue(target) == contact.floor_id:
                move_waiting(contact, target, now=now)
                moved += 1
    return moved


def _locked(operator_id: int, floor_id: int) -> Floor:
    floor = Floor.objects.filter(pk=floor_id, operator_id=operator_id).select_for_update().first()
    if floor is None:
        raise NotFound
    return floor


def _apply_due_policies(*, now: datetime) -> None:
    due = FloorPolicy.objects.filter(applied_at__isnull=True, withdrawn_at__isnull=True, valid_from__lte=now)
    for version_id in list(due.order_by("valid_from", "number").values_list("id", flat=True)):
        with write():
            version = due.filter(pk=version_id).select_for_update().first()
            if version is not None:
                _apply(version, now=now)


def _apply(version: FloorPolicy, *, now: datetime) -> None:
    version.applied_at = now
    version.save(update_fields=["applied_at"])
    policy_changed(version.floor_id)


def _tell_openings(*, now: datetime) -> None:
    """Queues that are kept while their brand is closed: told when that changes, each change once."""
    rows = QueueOnFloor.objects.filter(Q(queue__outside_hours=HOLD) | Q(opens_at__isnull=False), queue__active=True)
    told = dict(rows.order_by("queue_id").values_list("queue_id", "opens_at"))
    if not told:
        return
    queues = [brands.queue_rules(queue_id) for queue_id in told]
    openings = brands.openings({queue.brand_id for queue in queues}, at=now)
    for queue in queues:
        opening = openings[queue.brand_id]
        closed = queue.outside_hours == HOLD and not opening.is_open
        opens_at = (opening.opens_at or now.replace(year=now.year + 1)) if closed else None
        if opens_at != told[queue.id]:
            _tell_opening(queue, before=told[queue.id], opens_at=opens_at, now=now)


def _tell_opening(queue: QueueRules, *, before: datetime | None, opens_at: datetime | None, now: datetime) -> None:
    with write():
        changed = {"opens_at": opens_at} | ({"opened_at": now} if opens_at is None else {})
        if QueueOnFloor.objects.filter(queue_id=queue.id, opens_at=before).update(**changed):
            queue_changed(queue.id)


def _begin_days(*, now: datetime) -> None:
    """At local midnight the acts of every agent count from nought again."""
    for floor in Floor.objects.select_related("operator").order_by("id"):
        today = now.astimezone(ZoneInfo(floor.operator.time_zone)).date()
        if floor.day == today:
            continue
        with write():
            if Floor.objects.filter(pk=floor.pk, day=floor.day).update(day=today) and floor.day is not None:
                facts.tell(floor.pk, *(DayCounted(agent.id) for agent in agents_of_floor(floor.pk)))


def _problems(rules: Mapping[str, Any]) -> dict[str, str | Promise]:
    problems: dict[str, str | Promise] = {}
    for name, (least, most) in _LIMITS.items():
        if not least <= rules[name] <= most:
            problems[name] = _("From %(least)s to %(most)s.") % {"least": least, "most": most}
    if rules["rule"] not in (LEAST_COST, LONGEST_IDLE):
        problems["rule"] = _("There is no such rule.")
    if not all(0 <= seconds <= _LONGEST_KEPT for seconds in rules["keep_on_lapse"].values()):
        problems["keep_on_lapse"] = _("From nothing to a day.")
    return problems
