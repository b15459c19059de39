"""All reads of lists, for screens and for the file of their results."""

from collections import Counter
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.db.models import Count, Q, QuerySet

from homeshore.brands import queries as brands
from homeshore.missions import queries as missions
from homeshore.missions.coverage import meets
from homeshore.outbound.gate.register import Result
from homeshore.outbound.lists.course import OPEN, State
from homeshore.outbound.models import CallList, ListDeed, ListEntry
from homeshore.outbound.refusals import NoSuchList
from homeshore.people import queries as people

SHOWN = 50
"""How many entries a page shows at once."""
DAYS = 14
"""How many days back the calls are told day by day."""


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a list is, in people. `now` may be given out now, `later` are due later, `in_hand` are read about or called now; the others are
    over. `stopped` and `apart` count by the codes of what stands against them. `calls` counts contacts, whoever answered.
    """

    now: int = 0
    later: int = 0
    in_hand: int = 0
    over: Counter[State] = field(default_factory=Counter)
    stopped: Counter[str] = field(default_factory=Counter)
    apart: Counter[str] = field(default_factory=Counter)
    promised: int = 0
    calls: int = 0
    skips: int = 0

    @property
    def total(self) -> int:
        """Everybody on the list but those kept apart."""
        return self.now + self.later + self.in_hand + sum(self.over.values())

    @property
    def done(self) -> int:
        """Those with whom the list is done."""
        return sum(self.over.values())

    @property
    def open(self) -> int:
        """Those with whom it is not."""
        return self.now + self.later + self.in_hand


@dataclass(frozen=True, slots=True)
class Day:
    """The calls of a local day, by how they ended."""

    day: date
    reached: int
    refused: int
    nobody: int

    @property
    def calls(self) -> int:
        """All of them."""
        return self.reached + self.refused + self.nobody


def lists_of(operator_id: int) -> list[CallList]:
    """The lists of an operator: those that run first, then the newest."""
    found = (
        CallList.objects.filter(operator_id=operator_id).select_related("brand", "queue").order_by("-made_at", "-id")
    )
    order = [CallList.State.RUNNING, CallList.State.PAUSED, CallList.State.DRAFT, CallList.State.ENDED]
    return sorted(found, key=lambda each: order.index(CallList.State(each.state)))


def list_of(operator_id: int, list_id: int) -> CallList:
    """A list. Raises NoSuchList."""
    found = CallList.objects.select_related("brand", "queue").filter(operator_id=operator_id, pk=list_id).first()
    if found is None:
        raise NoSuchList
    return found


def progress(list_ids: Collection[int], *, now: datetime) -> dict[int, Progress]:
    """How far each of these lists is."""
    found = {each: Progress() for each in list_ids}
    rows = ListEntry.objects.filter(call_list__in=list_ids).order_by()
    counts_of = {
        "all": Count("id"),
        "due": Count("id", filter=Q(state=State.TO_CALL, due_at__lte=now)),
        "asked": Count("id", filter=Q(state=State.TO_CALL, asked_back=True)),
    }
    counted: dict[int, dict[str, int]] = {each: Counter() for each in list_ids}
    for of, state, number, at_once, asked in rows.values_list("call_list", "state").annotate(**counts_of):
        counts = counted[of]
        if state == State.TO_CALL:
            counts["now"], counts["later"], counts["promised"] = at_once, number - at_once, asked
        elif state in OPEN:
            counts["in_hand"] += number
        elif state != State.APART:
            found[of].over[State(state)] = number
    for of, state, why, number in (
        rows.filter(state__in=(State.STOPPED, State.APART))
        .values_list("call_list", "state", "why")
        .annotate(Count("id"))
    ):
        reasons = found[of].stopped if state == State.STOPPED else found[of].apart
        for code in why:
            reasons[code] += number
    deeds = ListDeed.objects.filter(entry__call_list__in=list_ids).order_by()
    for of, kind, number in deeds.values_list("entry__call_list", "kind").annotate(Count("id")):
        counted[of][kind] = number
    return {
        of: Progress(
            counts.get("now", 0), counts.get("later", 0), counts.get("in_hand", 0), found[of].over,
            found[of].stopped, found[of].apart, counts.get("promised", 0), counts.get("called", 0), counts.get("skipped", 0),
        )
        for of, counts in counted.items()
    }  # fmt: skip


def days(list_id: int, *, zone: ZoneInfo, now: datetime) -> list[Day]:
    """The calls of the last days, the earliest first; the last one is today."""
    today = now.astimezone(zone).date()
    first = today - timedelta(days=DAYS - 1)
    since = datetime.combine(first, datetime.min.time(), zone)
    calls = ListDeed.objects.filter(entry__call_list=list_id, kind=ListDeed.Kind.CALLED, at__gte=since).exclude(
        result=""
    )
    told: Counter[tuple[date, str]] = Counter(
        (at.astimezone(zone).date(), result) for at, result in calls.values_list("at", "result")
    )
    return [
        Day(
            day,
            told[day, Result.REACHED],
            told[day, Result.REFUSED] + told[day, Result.OPPOSED],
            told[day, Result.NOBODY],
        )
        for day in (first + timedelta(days=n) for n in range(DAYS))
    ]


def outcomes(list_id: int) -> list[tuple[str, int]]:
    """With which dispositions the contacts of a list were closed, the most frequent first; "" is none."""
    closed = ListDeed.objects.filter(entry__call_list=list_id, kind=ListDeed.Kind.CALLED).exclude(result="")
    counted = closed.order_by().values_list("disposition__name").annotate(Count("id"))
    return sorted(((name or "", number) for name, number in counted), key=lambda each: (-each[1], each[0]))


def entries(list_id: int, *, states: Collection[State], first: int = 0) -> tuple[list[ListEntry], int]:
    """A page of the entries in these states, in the order of the file, and how many there are in all."""
    found = ListEntry.objects.filter(call_list=list_id, state__in=states).select_related("disposition").order_by("id")
    return list(found[first : first + SHOWN]), found.count()


def results(list_id: int) -> Iterator[tuple[ListEntry, list[ListDeed]]]:
    """Everybody on a list with what was done about them, in the order of the file; read little by little."""
    found = ListEntry.objects.filter(call_list=list_id).select_related("disposition").order_by("id")
    with_deeds = found.prefetch_related("deeds__agent", "deeds__disposition")
    for entry in with_deeds.iterator(chunk_size=500):
        yield entry, sorted(entry.deeds.all(), key=lambda deed: (deed.at, deed.pk))


def history(entry: ListEntry) -> list[ListDeed]:
    """What was done about an entry before, the latest first."""
    return list(entry.deeds.select_related("disposition").order_by("-at", "-id"))


def entry_of_contact(*, contact_id: int, agent_id: int) -> ListEntry | None:
    """Whom the agent called from a list in a contact; None for any other contact."""
    called = ListDeed.objects.filter(contact=contact_id, kind=ListDeed.Kind.CALLED, agent_id=agent_id)
    found = called.select_related("entry__call_list__brand").order_by("-id").first()
    return found.entry if found else None


def queues_served(agent_id: int) -> list[int]:
    """The queues whose lists an agent is given: those of their missions for which they have the skills."""
    mine = set(missions.queues_of_agent(agent_id))
    agent = people.agent(agent_id)
    return [
        queue.id
        for queue in brands.queues_of_operator(agent.operator_id)
        if queue.id in mine and meets(agent, queue.needs)
    ]


def next_due(agent_id: int, *, now: datetime) -> datetime | None:
    """When somebody may be due next for an agent; None when no list of theirs has anybody to call."""
    theirs = _served(queues_served(agent_id)).filter(state__in=(State.TO_CALL, State.PREVIEWED))
    found = theirs.order_by("due_at").values_list("due_at", flat=True).first()
    return max(found, now) if found else None


def _served(queue_ids: Collection[int]) -> QuerySet[ListEntry]:
    running = Q(call_list__state=CallList.State.RUNNING) | Q(asked_back=True)
    return ListEntry.objects.filter(running, call_list__queue__in=queue_ids)
