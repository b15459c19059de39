"""What is written about queues: new ones, their rules from a date on, and their closing."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from django.db.models import Max
from django.utils.functional import Promise
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

from homeshore.brands import events
from homeshore.brands.models import Activity, Brand, Channel, Queue, QueueNeed, QueueVersion
from homeshore.brands.policy import ANSWER, QueuePolicy, circle
from homeshore.brands.queries import policy_of
from homeshore.foundation import audit
from homeshore.foundation.errors import Invalid, NotFound, Refused
from homeshore.foundation.models import User
from homeshore.foundation.transactions import write
from homeshore.people import queries as people
from homeshore.values.clock import EPOCH

LIVE = frozenset({Channel.VOICE, Channel.CHAT})
_LIMITS: Mapping[str, tuple[float, float]] = {
    "target_seconds": (1, 30 * 86_400),
    "target_percent": (1, 100),
    "offer_seconds": (5, 900),
    "wrap_up_seconds": (0, 3_600),
    "priority": (0, 5),
    "cost": (0.1, 100),
    "reserve": (0, 100),
    "last_agent_days": (0, 365),
    "sticky_seconds": (0, 3_600),
}
_FEW_MINUTES = timedelta(minutes=5)


class SavedMeanwhile(Refused):
    """Somebody else saved rules after the person had opened theirs."""

    code = "saved_meanwhile"
    message = _(
        "%(who)s saved version %(number)s while you were typing: nothing of yours is saved. Look at it in the history; "
        "to put yours in its place, save again."
    )


class NothingChanged(Refused):
    """The rules are those in force already."""

    code = "nothing_changed"
    message = _("These are the rules in force: there is nothing to save.")


class VersionInForce(Refused):
    """A version that came into force, or was withdrawn, is history."""

    code = "version_in_force"
    message = _("This version has come into force or was withdrawn already. Save a new one instead.")


def create_queue(
    *,
    operator_id: int,
    brand_id: int,
    by: User,
    name: str,
    channel: str,
    activity: str,
    policy: QueuePolicy,
    now: datetime,
) -> Queue:
    """A new queue of a brand, with its first rules in force. Raises Invalid, NotFound."""
    problems: dict[str, str | Promise] = {}
    name = name.strip()
    if not name or len(name) > 80:
        problems["name"] = _("A name of at most 80 characters is needed.")
    if channel not in Channel.values:
        problems["channel"] = _("There is no such channel.")
    if activity not in Activity.values:
        problems["activity"] = _("There is no such activity.")
    with write():
        brand = Brand.objects.filter(pk=brand_id, operator_id=operator_id).first()
        if brand is None:
            raise NotFound
        queue = Queue(operator_id=operator_id, brand=brand, name=name, slug=_free_slug(brand, name), channel=channel)
        queue.activity, queue.version = activity, 0
        problems |= _problems(queue, policy)
        if problems:
            raise Invalid(fields=problems)
        _wear(queue, policy)
        queue.save()
        first = _new_version(queue, policy, number=1, valid_from=now, by=by, note="", now=now)
        audit.record(operator_id=operator_id, actor=by, verb="queue.created", target=queue, at=now)
        _apply(first, now=now)
    return queue


def save_policy(
    *,
    operator_id: int,
    queue_id: int,
    by: User,
    policy: QueuePolicy,
    valid_from: datetime | None = None,
    note: str = "",
    seen: int | None = None,
    now: datetime,
) -> QueueVersion:
    """The queue's rules from a moment on, at once when none is named. `seen` is the newest version that `by` knew of.

    The rules before it stay readable. Raises Invalid, with every wrong field at once; SavedMeanwhile when there is a newer
    version than the one seen, NothingChanged, NotFound.
    """
    with write():
        queue = _locked(operator_id, queue_id)
        _refuse_unseen(queue, seen)
        problems = _problems(queue, policy)
        if valid_from is not None and valid_from < now - _FEW_MINUTES:
            problems["valid_from"] = _("This moment is past. What has happened was routed by the rules of its time.")
        if len(note) > 200:
            problems["note"] = _("At most %(length)s characters.") % {"length": 200}
        if problems:
            raise Invalid(fields=problems)
        in_force = policy_of(queue)
        at_once = valid_from is None or valid_from <= now
        if at_once and policy == in_force:
            raise NothingChanged
        _keep_first_version(queue, now=now)
        last = queue.versions.aggregate(last=Max("number"))["last"]
        starts = now if valid_from is None else valid_from
        version = _new_version(queue, policy, number=last + 1, valid_from=starts, by=by, note=note.strip(), now=now)
        told = {"version": version.number, "valid_from": starts.isoformat(), **_as_texts(policy.changes_from(in_force))}
        audit.record(operator_id=operator_id, actor=by, verb="queue.policy_saved", target=queue, data=told, at=now)
        if at_once:
            _apply(version, now=now)
    return version


def withdraw_version(*, operator_id: int, queue_id: int, number: int, by: User, now: datetime) -> None:
    """A planned version is not to come into force. Raises VersionInForce, NotFound."""
    with write():
        queue = _locked(operator_id, queue_id)
        version = queue.versions.filter(number=number).first()
        if version is None:
            raise NotFound
        planned = queue.versions.filter(number=number, applied_at__isnull=True, withdrawn_at__isnull=True)
        if not planned.update(withdrawn_at=now):
            raise VersionInForce
        told = {"version": number}
        audit.record(operator_id=operator_id, actor=by, verb="queue.policy_withdrawn", target=queue, data=told, at=now)


def apply_due_versions(*, now: datetime) -> int:
    """Bring into force what is due, in order; each once, whoever else does so. How many versions that were."""
    due = QueueVersion.objects.filter(applied_at__isnull=True, withdrawn_at__isnull=True, valid_from__lte=now)
    applied = 0
    for version_id in list(due.order_by("valid_from", "number").values_list("id", flat=True)):
        with write():
            queue_id = QueueVersion.objects.values_list("queue_id", flat=True).get(pk=version_id)
            Queue.objects.select_for_update().get(pk=queue_id)  # first, as whoever saves, closes or withdraws does
            version = due.filter(pk=version_id).select_related("queue").first()
            if version is not None:
                _apply(version, now=now)
                applied += 1
    return applied


def close_queue(*, operator_id: int, queue_id: int, moved_to_id: int, by: User, now: datetime) -> Queue:
    """The queue takes no contact any more: what still comes for it goes to another one of its brand and channel.

    What waits in it is the caller's to move. Raises Invalid, NotFound.
    """
    with write():
        queue = _locked(operator_id, queue_id)
        target = Queue.objects.filter(pk=moved_to_id, operator_id=operator_id, active=True).exclude(pk=queue_id).first()
        if target is None or (target.brand_id, target.channel) != (queue.brand_id, queue.channel):
            raise Invalid(fields={"moved_to": _("Choose another open queue of the same brand and channel.")})
        queue.active, queue.moved_to = False, target
        queue.save(update_fields=["active", "moved_to"])
        told = {"moved_to": target.pk}
        audit.record(operator_id=operator_id, actor=by, verb="queue.closed", target=queue, data=told, at=now)
        events.announce_queue(queue.pk)
    return queue


def reopen_queue(*, operator_id: int, queue_id: int, by: User, now: datetime) -> Queue:
    """A closed queue takes contacts again, under the rules it had."""
    with write():
        queue = _locked(operator_id, queue_id)
        if not queue.active:
            queue.active, queue.moved_to = True, None
            queue.save(update_fields=["active", "moved_to"])
            audit.record(operator_id=operator_id, actor=by, verb="queue.reopened", target=queue, at=now)
            events.announce_queue(queue.pk)
    return queue


def _locked(operator_id: int, queue_id: int) -> Queue:
    queue = Queue.objects.filter(pk=queue_id, operator_id=operator_id).select_for_update().first()
    if queue is None:
        raise NotFound
    return queue


def _refuse_unseen(queue: Queue, seen: int | None) -> None:
    newest = queue.versions.select_related("saved_by").order_by("-number").first()
    if seen is not None and newest is not None and newest.number > seen:
        raise SavedMeanwhile(who=newest.saved_by or _("Somebody"), number=newest.number)


def _keep_first_version(queue: Queue, *, now: datetime) -> None:
    """A queue that no version tells of began with the rules it has."""
    if not queue.versions.exists():
        QueueVersion.objects.create(
            queue=queue,
            number=queue.version,
            policy=policy_of(queue).to_json(),
            valid_from=EPOCH,
            applied_at=EPOCH,
            saved_at=now,
        )


def _new_version(
    queue: Queue, policy: QueuePolicy, *, number: int, valid_from: datetime, by: User, note: str, now: datetime
) -> QueueVersion:
    return QueueVersion.objects.create(
        queue=queue,
        number=number,
        policy=policy.to_json(),
        valid_from=valid_from,
        saved_by=by,
        saved_at=now,
        note=note,
    )


def _apply(version: QueueVersion, *, now: datetime) -> None:
    """The version is in force: the queue's columns say what it says, and the router hears of it."""
    queue = version.queue
    policy = QueuePolicy.from_json(version.policy)
    _wear(queue, policy)
    queue.version = version.number
    queue.save()
    queue.needs.all().delete()
    QueueNeed.objects.bulk_create(
        QueueNeed(queue=queue, skill_id=skill, minimum=level) for skill, level in policy.needs.items()
    )
    version.applied_at = now
    version.save(update_fields=["applied_at"])
    events.announce_queue(queue.pk)


def _wear(queue: Queue, policy: QueuePolicy) -> None:
    for name, value in policy.to_json().items():
        if name != "needs":
            setattr(queue, name, value)


def _free_slug(brand: Brand, name: str) -> str:
    wanted = slugify(name)[:44] or "queue"
    taken = set(brand.queues.filter(slug__startswith=wanted).values_list("slug", flat=True))
    return next(each for n in range(len(taken) + 2) if (each := f"{wanted}-{n}" if n else wanted) not in taken)


def _as_texts(changes: Mapping[str, tuple[object, object]]) -> dict[str, str]:
    return {name: f"{then} → {now}" for name, (then, now) in changes.items()}


def _problems(queue: Queue, policy: QueuePolicy) -> dict[str, str | Promise]:
    """What is wrong with the rules, by field."""
    problems: dict[str, str | Promise] = {}
    for name, (least, most) in _LIMITS.items():
        if not least <= getattr(policy, name) <= most:
            problems[name] = _("From %(least)s to %(most)s.") % {"least": f"{least:g}", "most": f"{most:g}"}
    if queue.channel in LIVE and policy.outside_hours != ANSWER:
        problems["outside_hours"] = _("Somebody who calls or chats does not wait until tomorrow.")
    skills = people.skill_names(queue.operator_id)
    if why := _wrong_needs(policy.needs, skills):
        problems["needs"] = why
    if why := _wrong_rings(policy, skills):
        problems["rings"] = why
    if why := _wrong_overflow(queue, policy):
        problems["overflow"] = why
    return problems


def _wrong_needs(needs: Mapping[int, int], skills: Mapping[int, str]) -> str | Promise | None:
    if any(skill not in skills for skill in needs):
        return _("One of these skills is not known here any more.")
    if any(not 1 <= level <= 5 for level in needs.values()):
        return _("A level is from 1 to 5.")
    return None


def _wrong_rings(policy: QueuePolicy, skills: Mapping[int, str]) -> str | Promise | None:
    before, asked = 0, policy.needs
    for ring in policy.rings:
        if why := _wrong_needs(ring.needs, skills):
            return why
        if ring.after_seconds <= before:
            return _("Each step comes after the one before it: %(seconds)s s is too early.") % {
                "seconds": ring.after_seconds
            }
        for skill, level in ring.needs.items():
            if level > asked.get(skill, 0):
                return _(
                    "At %(seconds)s s, %(skill)s %(level)s asks more than the step before it: waiting may only widen who answers."
                ) % {"seconds": ring.after_seconds, "skill": skills[skill], "level": level}
        before, asked = ring.after_seconds, ring.needs
    return None


def _wrong_overflow(queue: Queue, policy: QueuePolicy) -> str | Promise | None:
    known = {each.pk: each for each in Queue.objects.filter(operator_id=queue.operator_id)}
    for step in policy.overflow:
        if step.after_seconds < 1:
            return _("Help from another queue comes after one second of waiting at least.")
        if step.queue not in known or not known[step.queue].active:
            return _("One of these queues takes no contacts any more.")
        if step.queue == queue.pk:
            return _("A queue cannot call itself to help.")
    if len({step.queue for step in policy.overflow}) < len(policy.overflow):
        return _("A queue is named twice.")
    targets = {each.pk: _overflow_now_and_planned(each) for each in known.values() if each.pk != queue.pk}
    if queue.pk is not None:
        targets[queue.pk] = tuple(step.queue for step in policy.overflow)
    names = [known[each].name for each in circle(targets)]
    if names:
        return _("The queues help one another in a circle: %(circle)s. Take one of these steps away.") % {
            "circle": " → ".join(names)
        }
    return None


def _overflow_now_and_planned(queue: Queue) -> tuple[int, ...]:
    planned = queue.versions.filter(applied_at__isnull=True, withdrawn_at__isnull=True).order_by("number")
    steps = [*queue.overflow, *(step for version in planned for step in version.policy["overflow"])]
    return tuple(dict.fromkeys(step["queue"] for step in steps))
