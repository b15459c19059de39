"""A list is made, filled from files, started, paused and ended: what those who lead do with it."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime, time
from zoneinfo import ZoneInfo

from django.utils.translation import gettext_lazy as _

from homeshore.brands import queries as brands
from homeshore.foundation import audit, bulk, feed
from homeshore.foundation.errors import Invalid, Words
from homeshore.foundation.models import User
from homeshore.foundation.transactions import write
from homeshore.missions import queries as missions
from homeshore.outbound import numbers
from homeshore.outbound import services as outbound
from homeshore.outbound.gate.rules import Purpose
from homeshore.outbound.lists.course import State
from homeshore.outbound.lists.reading import Person, Wrong, read
from homeshore.outbound.lists.standing import may_show, never_lawful
from homeshore.outbound.models import CallList, ListEntry
from homeshore.outbound.refusals import ListIsOver, NoSuchList, NothingToCall
from homeshore.outbound.services import Consented

VOICE = "voice"
CONSENTS_AT_ONCE = 500
"""Consents that are written in one transaction, so that nobody's call waits for those of a large file."""
DOUBLE = "double"
"""Why an entry is kept apart whose number is on the list already; the other reasons are codes of the gate."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What a list is to be; see `CallList` for each."""

    name: str
    queue_id: int
    purpose: Purpose
    about_contract: bool = False
    caller_number: str = ""
    weekdays: Sequence[int] = ()
    opens: time | None = None
    closes: time | None = None
    most_attempts: int = 3
    pause_hours: int = 24
    script: str = ""


def make_list(*, operator_id: int, plan: Plan, by: User, now: datetime) -> CallList:
    """A list with nobody on it yet. Raises Invalid, with every wrong field."""
    plan, brand_id = _checked(operator_id, plan, now=now)
    with write():
        made = CallList.objects.create(operator_id=operator_id, brand_id=brand_id, made_at=now, **_columns(plan))
        _audit(made, "list.made", by=by, now=now, name=made.name, purpose=made.purpose)
    return made


def change_list(*, operator_id: int, list_id: int, plan: Plan, by: User, now: datetime) -> CallList:
    """Change a list; who is on it stays on it. Raises NoSuchList, ListIsOver, Invalid: its brand and purpose stay, since people were
    let onto it for them."""
    plan, brand_id = _checked(operator_id, plan, now=now)
    with write():
        kept = _lock(operator_id, list_id)
        wrong: dict[str, Words] = {}
        if brand_id != kept.brand_id:
            wrong["queue"] = _("A list stays with its brand.")
        if kept.entries.exists() and (plan.purpose, plan.about_contract) != (kept.purpose, kept.about_contract):
            wrong["purpose"] = _("People are on this list for its purpose already. Make another list.")
        if wrong:
            raise Invalid(fields=wrong)
        for name, value in _columns(plan).items():
            setattr(kept, name, value)
        kept.save()
        _audit(kept, "list.changed", by=by, now=now, name=kept.name)
    return kept


@dataclass(frozen=True, slots=True)
class Imported:
    """What became of a file: how many are to be called, who was kept apart (line, codes), the wrong lines, which were left out, and how many
    consents the register has by it."""

    taken: int
    apart: list[tuple[int, list[str]]]
    wrong: list[Wrong]
    done: bool
    consents: int = 0


def import_people(
    *, operator_id: int, list_id: int, content: bytes, leave_out_wrong: bool = False, by: User, now: datetime
) -> Imported:
    """Take the people of a CSV file onto a list: all of them or, when a line is wrong, nobody, unless wrong lines are to be left out.

    A number that is on the list already, or that a rule keeps from being called however long one waits, is kept apart and never
    called. Consents in the file are in the register from then on, also those of people who are kept apart. `done` says whether anything was
    taken. Raises NoSuchList, ListIsOver, Invalid.
    """
    known = CallList.objects.filter(operator_id=operator_id, pk=list_id).first()
    if known is None:
        raise NoSuchList
    if known.state == CallList.State.ENDED:
        raise ListIsOver
    zone = ZoneInfo(known.operator.time_zone)
    found = read(content, today=now.astimezone(zone).date())
    consents = _consents(found.people, zone)
    since = {number: given.given_at for number, given in sorted(consents, key=lambda each: each[1].given_at)}
    against = never_lawful(known, {each.number for each in found.people}, consents=since, now=now)
    added = 0
    for first in range(0, len(consents) if leave_out_wrong or not found.wrong else 0, CONSENTS_AT_ONCE):
        batch = consents[first : first + CONSENTS_AT_ONCE]
        added += outbound.record_consents(
            operator_id=operator_id, brand_id=known.brand_id, consents=batch, by=by, now=now
        )
    with write():
        kept = _lock(operator_id, list_id)
        here = set(kept.entries.exclude(state__in=(State.APART, State.ERASED)).values_list("number", flat=True))
        apart: dict[int, list[str]] = {}
        for person in found.people:
            if person.number in here:
                apart[person.line] = [DOUBLE]
            elif person.number in against:
                apart[person.line] = against[person.number]
            else:
                here.add(person.number)
        told = Imported(len(found.people) - len(apart), sorted(apart.items()), found.wrong, done=False)
        if found.wrong and not leave_out_wrong:
            return told
        _keep(kept, found.people, apart, now=now)
        kept.columns = [*kept.columns, *(each for each in found.columns if each not in kept.columns)]
        kept.save(update_fields=["columns"])
        counts = {"taken": told.taken, "apart": len(apart), "left_out": len(found.wrong), "consents": added}
        _audit(kept, "list.imported", by=by, now=now, **counts)
        _wake(kept)
    return replace(told, done=True, consents=added)


def _consents(people: Sequence[Person], zone: ZoneInfo) -> list[tuple[str, Consented]]:
    """The consents of a file by number. A day begins it: what somebody said later on that day goes before."""
    return [
        (
            each.number,
            Consented(each.consent.source, each.consent.wording, datetime.combine(each.consent.on, time(), zone)),
        )
        for each in people
        if each.consent
    ]


def start_list(*, operator_id: int, list_id: int, by: User, now: datetime) -> CallList:
    """From now on people are proposed to agents. Raises NoSuchList, ListIsOver, NothingToCall."""
    with write():
        kept = _lock(operator_id, list_id)
        if not kept.entries.filter(state=State.TO_CALL).exists():
            raise NothingToCall
        if kept.state != CallList.State.RUNNING:
            kept.state, kept.started_at = CallList.State.RUNNING, kept.started_at or now
            kept.save(update_fields=["state", "started_at"])
            _audit(kept, "list.started", by=by, now=now)
            _wake(kept)
    return kept


def pause_list(*, operator_id: int, list_id: int, by: User, now: datetime) -> CallList:
    """Nobody new is proposed until it is started again; who asked to be called back is. Raises NoSuchList, ListIsOver."""
    with write():
        kept = _lock(operator_id, list_id)
        if kept.state == CallList.State.RUNNING:
            kept.state = CallList.State.PAUSED
            kept.save(update_fields=["state"])
            _give_back(kept)
            _audit(kept, "list.paused", by=by, now=now)
    return kept


def end_list(*, operator_id: int, list_id: int, by: User, now: datetime) -> CallList:
    """The list is over for good: nobody is proposed from it any more but who asked to be called back. Raises NoSuchList, ListIsOver."""
    with write():
        kept = _lock(operator_id, list_id)
        kept.state, kept.ended_at = CallList.State.ENDED, now
        kept.save(update_fields=["state", "ended_at"])
        _give_back(kept)
        _audit(kept, "list.ended", by=by, now=now)
    return kept


def note_export(*, operator_id: int, list_id: int, by: User, now: datetime) -> None:
    """That the results of a list were taken out, for the audit trail. Raises NoSuchList."""
    with write():
        kept = CallList.objects.filter(operator_id=operator_id, pk=list_id).first()
        if kept is None:
            raise NoSuchList
        _audit(kept, "list.exported", by=by, now=now, people=kept.entries.count())


def _checked(operator_id: int, plan: Plan, *, now: datetime) -> tuple[Plan, int]:
    """The plan with its number as E.164, and the brand of its queue."""
    wrong: dict[str, Words] = {}
    queue = next((each for each in brands.queues_of_operator(operator_id) if each.id == plan.queue_id), None)
    if queue is None or queue.channel != VOICE or not queue.active:
        wrong["queue"] = _("Choose a queue of calls.")
    if not plan.name.strip():
        wrong["name"] = _("This field is needed.")
    if plan.purpose == Purpose.CALLBACK:
        wrong["purpose"] = _("Who asked to be called back is called back from the desk.")
    if plan.opens and plan.closes and plan.closes <= plan.opens:
        wrong["closes"] = _("The end comes after the beginning.")
    if plan.purpose == Purpose.CANVASSING and not plan.caller_number:
        wrong["caller_number"] = _("Choose the number that people see: some may not be shown to them.")
    if plan.caller_number:
        try:
            plan = replace(plan, caller_number=numbers.read(plan.caller_number, field="caller_number"))
        except Invalid as refusal:
            wrong |= refusal.fields
        else:
            if not may_show(plan.caller_number, plan.purpose, now=now):
                wrong["caller_number"] = _(
                    "Such a number may not be shown to people who are canvassed. Choose another."
                )
    if wrong or queue is None:
        raise Invalid(fields=wrong)
    return replace(plan, name=plan.name.strip(), script=plan.script.strip()), queue.brand_id


def _columns(plan: Plan) -> dict[str, object]:
    return {**asdict(plan), "purpose": plan.purpose.value, "weekdays": sorted(plan.weekdays)}


def _keep(kept: CallList, people: Sequence[Person], apart: dict[int, list[str]], *, now: datetime) -> None:
    names = (
        "call_list", "line", "number", "name", "language", "told", "state", "due_at", "asked_back", "tried", "why", "imported_at",
    )  # fmt: skip
    bulk.insert(
        ListEntry,
        names,
        (
            (
                kept.pk, each.line, each.number, each.name, each.language, each.told,
                State.APART.value if each.line in apart else State.TO_CALL.value,
                now, False, 0, apart.get(each.line, []), now,
            )
            for each in people
        ),
    )  # fmt: skip


def _give_back(kept: CallList) -> None:
    """Whom agents are reading about goes back, in the open transaction; calls that go on go on."""
    read_about = ListEntry.objects.filter(call_list=kept, state=State.PREVIEWED, asked_back=False)
    read_about.update(state=State.TO_CALL, agent=None, until=None)


def _lock(operator_id: int, list_id: int) -> CallList:
    """The list, held until the transaction ends. Raises NoSuchList, ListIsOver."""
    found = CallList.objects.select_for_update().filter(operator_id=operator_id, pk=list_id).first()
    if found is None:
        raise NoSuchList
    if found.state == CallList.State.ENDED:
        raise ListIsOver
    return found


def _wake(kept: CallList) -> None:
    """Tell the desks of the queue that somebody may be proposed to them."""
    engaged = missions.queues_by_agent(kept.operator_id)
    desks = [f"agent:{agent}" for agent, queues in engaged.items() if kept.queue_id in queues]
    if desks:
        feed.whisper(operator_id=kept.operator_id, topics=desks, kind="list.changed", payload={"list": kept.pk})


def _audit(kept: CallList, verb: str, *, by: User, now: datetime, **data: object) -> None:
    audit.record(operator_id=kept.operator_id, actor=by, verb=verb, target=kept, data=data, at=now)
