"""Agents take people from lists: read about them, call or skip them, and say what came of it.

An entry is *taken* (a conditional change, with a lease that lapses when the page goes away), and becomes a contact only when it is called.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.db import IntegrityError
from django.db.models import Q

from homeshore.contacts.queries import taking
from homeshore.foundation.models import User
from homeshore.foundation.transactions import write
from homeshore.outbound import numbers
from homeshore.outbound import services as outbound
from homeshore.outbound.gate.register import Result
from homeshore.outbound.gate.rules import Purpose
from homeshore.outbound.lists import queries
from homeshore.outbound.lists.course import ENDED, Pauses, Skip, State, after_contact, after_skip, is_open, result_of
from homeshore.outbound.lists.standing import hindrance_of
from homeshore.outbound.models import CallList, ListDeed, ListEntry
from homeshore.outbound.refusals import MomentCannotBeKept, NotInYourHands

LEASE = timedelta(seconds=60)
"""How long an agent has somebody to read about without a sign of life of their page."""
LOOKS = 20
"""How many entries are looked at for one that may be called now; those that may not are put off, so that the next look goes on."""
WAITS_FOR_WANTED = timedelta(minutes=15)
"""How long who asked for an agent waits for that agent alone."""
FARTHEST = timedelta(days=90)


def take_next(*, agent_id: int, now: datetime) -> ListEntry | None:
    """The next person for an agent to read about: whom they have already, else one who is due and may be called now. None when there is
    nobody, or when no call could be given to the agent.

    Who asked to be called back at this time comes first, then the lists in the order in which they were started. Whom a rule keeps from
    being called now is put off until it does not, or is over.
    """
    try:
        return _take_next(agent_id, now=now)
    except IntegrityError:  # another window of theirs has taken somebody at this instant
        return ListEntry.objects.select_related("call_list").filter(agent_id=agent_id, state=State.PREVIEWED).first()


def _take_next(agent_id: int, *, now: datetime) -> ListEntry | None:
    with write():
        mine = ListEntry.objects.select_related("call_list").filter(agent_id=agent_id, state=State.PREVIEWED).first()
        if taking.why_no_call(agent_id) is not None:
            if mine:
                _back_to_list(mine)
            return None
        if mine and (mine.asked_back or mine.call_list.state == CallList.State.RUNNING):
            _lease(mine, agent_id, now=now)
            return mine
        if mine:
            _back_to_list(mine)
        for _look in range(LOOKS):
            found = _due(agent_id, now=now)
            if found is None:
                return None
            if hindrance := hindrance_of(found, found.call_list, now=now):
                _put_off(found, hindrance.why, hindrance.from_when, now=now)
            else:
                _lease(found, agent_id, now=now)
                return found
    return None


def keep(*, agent_id: int, entry_id: int, now: datetime) -> None:
    """A sign of life of the page that shows an entry. Raises NotInYourHands when it is not the agent's (any more)."""
    with write():
        held = ListEntry.objects.filter(pk=entry_id, agent_id=agent_id, state=State.PREVIEWED)
        if not held.update(until=now + LEASE):
            raise NotInYourHands


def put_back(*, agent_id: int, entry_id: int) -> None:
    """The agent does something else: the entry is as it was before. Raises NotInYourHands."""
    with write():
        _back_to_list(_in_hand(agent_id, entry_id))


def skip(*, agent_id: int, entry_id: int, why: Skip, note: str = "", now: datetime) -> None:
    """The agent does not call who is proposed to them. Raises NotInYourHands."""
    with write():
        entry = _in_hand(agent_id, entry_id)
        entry.state, entry.due_at = after_skip(why, due_at=entry.due_at, pauses=_pauses(entry.call_list), now=now)
        entry.agent, entry.until = None, None
        if entry.state == State.SKIPPED:
            entry.ended_at, entry.why = now, [why.value]
        entry.save()
        ListDeed.objects.create(
            entry=entry, kind=ListDeed.Kind.SKIPPED, at=now, agent_id=agent_id, why=[why.value], note=note.strip()[:300]
        )


@dataclass(frozen=True, slots=True)
class ToCall:
    """Whom to call from a list, and how."""

    number: str
    name: str
    language: str
    queue_id: int
    purpose: Purpose
    about_contract: bool
    caller_number: str


def in_hand(*, agent_id: int, entry_id: int) -> ToCall:
    """The person about whom an agent reads. Raises NotInYourHands."""
    entry = _in_hand(agent_id, entry_id)
    return ToCall(
        number=entry.number,
        name=entry.name,
        language=entry.language,
        queue_id=entry.call_list.queue_id,
        purpose=Purpose.CALLBACK if entry.asked_back else Purpose(entry.call_list.purpose),
        about_contract=entry.call_list.about_contract,
        caller_number=entry.call_list.caller_number,
    )


def note_called(*, agent_id: int, entry_id: int, contact_id: int, now: datetime) -> None:
    """The agent calls: from here on the contact says where the entry stands. In the transaction that dials; raises NotInYourHands."""
    taken = ListEntry.objects.filter(pk=entry_id, agent_id=agent_id, state=State.PREVIEWED)
    if not taken.update(state=State.CALLED, contact=contact_id, until=None, promised_for=None):
        raise NotInYourHands
    ListDeed.objects.create(
        entry_id=entry_id, kind=ListDeed.Kind.CALLED, at=now, agent_id=agent_id, contact_id=contact_id
    )


def note_stopped(*, agent_id: int, entry_id: int, why: list[str], now: datetime) -> None:
    """The gate stopped the call: the entry is put off until its rules let it pass, or is over. In the gate's transaction."""
    entry = _in_hand(agent_id, entry_id)
    hindrance = hindrance_of(entry, entry.call_list, now=now)
    ListDeed.objects.create(entry=entry, kind=ListDeed.Kind.STOPPED, at=now, agent_id=agent_id, why=why)
    _put_off(entry, why, hindrance.from_when if hindrance else None, now=now)


def promise(*, contact_id: int, at: datetime, number: str, with_agent: int | None, now: datetime) -> bool:
    """Whom the agent called from a list asks to be called again at a moment: they are, from that list. False when the contact is of none.

    It is written into the register when the contact is closed. Raises MomentCannotBeKept, Invalid for a number that is none.
    """
    digits = numbers.read(number)
    with write():
        entry = ListEntry.objects.select_for_update().filter(contact=contact_id, state=State.CALLED).first()
        if entry is None:
            return False
        if not now < at <= now + FARTHEST:
            raise MomentCannotBeKept(fields={"wanted_at": MomentCannotBeKept.message})
        entry.promised_for, entry.number, entry.wanted_agent_id = at, digits, with_agent
        entry.save(update_fields=["promised_for", "number", "wanted_agent"])
    return True


def note_closed(
    *,
    contact_id: int,
    results: Sequence[Result | None],
    disposition_id: int | None = None,
    by: User | None = None,
    now: datetime,
) -> None:
    """The contact is over in which somebody of a list was called, with the results of its calls. Nothing happens to any other contact."""
    entry = ListEntry.objects.select_related("call_list").filter(contact=contact_id, state=State.CALLED).first()
    if entry is None:
        return
    following = after_contact(
        results,
        tried=entry.tried,
        asked_back=entry.asked_back,
        promised_for=entry.promised_for,
        pauses=_pauses(entry.call_list),
        now=now,
    )
    if following.due_at is not None and entry.promised_for is not None and by is not None:
        party = outbound.open_party(
            operator_id=entry.call_list.operator_id, brand_id=entry.call_list.brand_id, number=entry.number
        )
        outbound.ask_callback(
            operator_id=entry.call_list.operator_id, party_id=party.pk, due=following.due_at, note="", by=by, now=now
        )
    entry.state, entry.tried, entry.asked_back = following.state, following.tried, following.asked_back
    entry.due_at = following.due_at or entry.due_at
    if following.due_at and not entry.number:
        entry.state = State.ERASED  # forgotten while they were talked to
    entry.ended_at = now if entry.state in ENDED else None
    entry.agent, entry.promised_for, entry.disposition_id, entry.why = None, None, disposition_id, []
    entry.save()
    deeds = ListDeed.objects.filter(entry=entry, contact=contact_id)
    deeds.update(result=result_of(results).value, disposition=disposition_id)


def _due(agent_id: int, *, now: datetime) -> ListEntry | None:
    """Who may be given to an agent next; on PostgreSQL none of those whom somebody is taking at this instant.

    List by list, so that an index finds the next one however long the lists are.
    """
    queues = queries.queues_served(agent_id)
    wanted = Q(wanted_agent=None) | Q(wanted_agent=agent_id) | Q(due_at__lt=now - WAITS_FOR_WANTED)
    known = ListDeed.objects.filter(agent_id=agent_id, kind=ListDeed.Kind.SKIPPED, why=[Skip.KNOWN.value])
    entries = (
        ListEntry.objects.select_related("call_list__operator").filter(wanted).exclude(pk__in=known.values("entry"))
    )
    entries = entries.order_by("due_at", "id").select_for_update(skip_locked=True, of=("self",))
    places = [
        entries.filter(call_list__queue__in=queues, asked_back=True),
        *(entries.filter(call_list=each) for each in _open_lists(queues, now=now)),
    ]
    for of_place in places:
        due = of_place.filter(state=State.TO_CALL, due_at__lte=now).first()
        if found := due or of_place.filter(state=State.PREVIEWED, until__lt=now).first():
            return found
    return None


def _open_lists(queue_ids: Sequence[int], *, now: datetime) -> list[int]:
    """The lists that run and are called at this hour, in the order in which they were started."""
    running = CallList.objects.filter(queue__in=queue_ids, state=CallList.State.RUNNING).select_related("operator")
    return [
        each.pk
        for each in running.order_by("started_at", "id")
        if is_open(
            frozenset(each.weekdays), each.opens, each.closes, local=now.astimezone(ZoneInfo(each.operator.time_zone))
        )
    ]


def _lease(entry: ListEntry, agent_id: int, *, now: datetime) -> None:
    entry.state, entry.agent_id, entry.until = State.PREVIEWED, agent_id, now + LEASE
    entry.save(update_fields=["state", "agent", "until"])


def _back_to_list(entry: ListEntry) -> None:
    entry.state, entry.agent, entry.until = State.TO_CALL, None, None
    entry.save(update_fields=["state", "agent", "until"])


def _put_off(entry: ListEntry, why: list[str], from_when: datetime | None, *, now: datetime) -> None:
    entry.agent, entry.until, entry.why = None, None, why
    if from_when is None:
        entry.state, entry.ended_at = State.STOPPED, now
    else:
        entry.state, entry.due_at = State.TO_CALL, from_when
    entry.save()


def _in_hand(agent_id: int, entry_id: int) -> ListEntry:
    held = ListEntry.objects.filter(pk=entry_id, agent_id=agent_id, state=State.PREVIEWED)
    found = held.select_related("call_list").select_for_update(of=("self",)).first()
    if found is None:
        raise NotInYourHands
    return found


def _pauses(call_list: CallList) -> Pauses:
    return Pauses(call_list.most_attempts, timedelta(hours=call_list.pause_hours))
