"""Recordings as they are listened to: which there are, what happened in them, and their sound, with an entry in the audit trail."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta

from django.db.models import Max, QuerySet, Sum

from homeshore.channels.voice.models import Moment, Piece, Recording, Take
from homeshore.channels.voice.recordings.sealing import place_of, unseal
from homeshore.foundation import audit
from homeshore.foundation.errors import NotFound
from homeshore.foundation.models import User
from homeshore.foundation.transactions import write

SHOWN = 50


@dataclass(frozen=True, slots=True)
class Happened:
    """Something that happened in a take, so many seconds after its beginning; `label` says it in words."""

    seconds: float
    kind: str
    label: str


@dataclass(frozen=True, slots=True)
class Recorded:
    """A take as a listener sees it before listening."""

    id: int
    began_at: datetime
    agent: str
    seconds: float
    size: int
    happened: list[Happened] = field(default_factory=list)

    @property
    def plain(self) -> list[dict[str, object]]:
        """What happened, as plain data for a page."""
        return [asdict(each) for each in self.happened]


@dataclass(frozen=True, slots=True)
class RecordedCall:
    """A call with what was recorded of it."""

    contact: int
    reference: str
    queue: str
    brand: str
    began_at: datetime
    refused_at: datetime | None
    takes: list[Recorded]

    @property
    def agents(self) -> list[str]:
        """Who spoke with the customer, each once."""
        return list(dict.fromkeys(take.agent for take in self.takes))

    @property
    def seconds(self) -> float:
        """How long it is altogether."""
        return sum(take.seconds for take in self.takes)


def latest(operator_id: int, *, search: str = "", before: datetime | None = None) -> list[RecordedCall]:
    """An operator's recorded calls, the newest first, so many of them; `search` names a queue, a brand or an agent."""
    found = _all().filter(operator_id=operator_id, began_at__isnull=False)
    if before:
        found = found.filter(began_at__lt=before)
    if search:
        found = (
            found.filter(call__contact__queue__name__icontains=search)
            | found.filter(call__contact__queue__brand__name__icontains=search)
            | found.filter(pk__in=Take.objects.filter(agent__name__icontains=search).values("recording"))
        )
    return _shown(found.order_by("-began_at", "-id")[:SHOWN])


def of_contact(operator_id: int, contact_id: int) -> list[RecordedCall]:
    """What was recorded in a contact's calls, in order."""
    found = _all().filter(operator_id=operator_id, call__contact=contact_id, began_at__isnull=False)
    return _shown(found.order_by("began_at", "id"))


def listen(*, operator_id: int, take_id: int, by: User, now: datetime) -> tuple[bytes, str]:
    """The sound of a take and its media type. Each time is an entry in the audit trail. Raises NotFound, RecordingLocked."""
    take = Take.objects.filter(pk=take_id, recording__operator=operator_id).select_related("recording__call").first()
    if take is None:
        raise NotFound
    sound = b"".join(_opened(piece) for piece in take.pieces.order_by("number"))
    call = take.recording.call
    with write():
        audit.record(
            operator_id=operator_id,
            actor=by,
            verb="recording.played",
            target=take,
            data={"contact": call.contact_id, "call": call.pk},
            at=now,
        )
    return sound, take.media_type


def _opened(piece: Piece) -> bytes:
    with piece.file.open() as file:
        return unseal(file.read(), place=place_of(piece.take_id, piece.number))


def _all() -> QuerySet[Recording]:
    return Recording.objects.select_related("call__contact__queue__brand")


def _shown(recordings: Iterable[Recording]) -> list[RecordedCall]:
    rows = list(recordings)
    takes: dict[int, list[Take]] = {}
    kept = Take.objects.filter(recording__in=rows).annotate(until=Max("pieces__at"), bytes=Sum("pieces__size"))
    for take in kept.select_related("agent").order_by("number"):
        takes.setdefault(take.recording_id, []).append(take)
    moments: dict[int, list[Moment]] = {}
    for moment in Moment.objects.filter(recording__in=rows).order_by("at", "id"):
        moments.setdefault(moment.recording_id, []).append(moment)
    return [_call(each, takes.get(each.pk, []), moments.get(each.pk, [])) for each in rows]


def _call(recording: Recording, takes: list[Take], moments: list[Moment]) -> RecordedCall:
    contact = recording.call.contact
    return RecordedCall(
        contact=contact.pk,
        reference=contact.reference,
        queue=contact.queue.name,
        brand=contact.queue.brand.name,
        began_at=recording.began_at or recording.call.began_at,
        refused_at=recording.refused_at,
        takes=[_take(each, moments) for each in takes],
    )


def _take(take: Take, moments: list[Moment]) -> Recorded:
    until = take.until or take.began_at  # type: ignore[attr-defined]
    inside = [each for each in moments if take.began_at <= each.at <= until + timedelta(seconds=1)]
    return Recorded(
        id=take.pk,
        began_at=take.began_at,
        agent=take.agent.name,
        seconds=(until - take.began_at).total_seconds(),
        size=take.bytes or 0,  # type: ignore[attr-defined]
        happened=[
            Happened((each.at - take.began_at).total_seconds(), each.kind, str(Moment.Kind(each.kind).label))
            for each in inside
        ],
    )
