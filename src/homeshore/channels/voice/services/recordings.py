"""Recording of calls: decided when a call comes, told to the customer, refused or interrupted by anybody, kept piece by piece.

The agent's page records, since it hears both ends with either driver; here it is told when it may, and its pieces are
sealed before they touch a disk.
"""

from datetime import datetime, timedelta

from django.core.files.base import ContentFile
from django.utils.translation import gettext_lazy as _

from homeshore.channels.voice import events
from homeshore.channels.voice.models import Call, Leg, Moment, Piece, Recording, RecordingRule, Take
from homeshore.channels.voice.recordings.course import Pause, Standing, is_drawn, with_pause
from homeshore.channels.voice.recordings.sealing import place_of, seal
from homeshore.channels.voice.refusals import NoSuchCall, NotRecorded
from homeshore.channels.voice.services.queues import check_takes_calls
from homeshore.channels.voice.services.rows import driver, leg_of, lock_call, open_leg
from homeshore.channels.voice.shapes import standing_of
from homeshore.foundation import audit
from homeshore.foundation.errors import Invalid, TooLarge
from homeshore.foundation.models import User
from homeshore.foundation.transactions import write

MEDIA_TYPES = ("audio/webm", "audio/ogg", "audio/mp4")
PIECE_BYTES = 500_000
"""A piece is five seconds of two voices, some 40 kB; what is much longer is none."""
LATE = timedelta(minutes=2)
"""How long after an agent's part in a call the last pieces of it are still taken: their line may be slow."""


def set_recording_rule(*, operator_id: int, queue_id: int, share: int, by: User, now: datetime) -> None:
    """Record this share of a queue's calls (percent, 0 for none) from the next call on. Raises NotFound for another operator's
    queue, Invalid for one that takes no calls and for a share that is none.
    """
    with write():
        check_takes_calls(queue_id, operator_id=operator_id)
        if not 0 <= share <= 100:
            raise Invalid(fields={"share": _("From 0 to 100 percent.")})
        RecordingRule.objects.update_or_create(queue_id=queue_id, defaults={"share": share})
        data = {"queue": queue_id, "share": share}
        audit.record(operator_id=operator_id, actor=by, verb="voice.recording_rule", target="", data=data, at=now)


def plan_recording(call: Call, *, now: datetime) -> None:
    """Decide whether a call that just came is to be recorded; in the open transaction. Who refused in an earlier call of
    the same contact has refused."""
    rule = RecordingRule.objects.filter(queue=call.contact.queue_id).first()
    if rule is None or not driver(call).tells_of_recording or not is_drawn(call.pk, rule.share):
        return
    refused = Recording.objects.filter(call__contact=call.contact_id, refused_at__isnull=False).exists()
    Recording.objects.create(call=call, operator_id=call.operator_id, refused_at=now if refused else None)


def customer_told(*, call_id: int, now: datetime) -> None:
    """The customer has been told that the call is recorded, and how to refuse. Told twice, the first counts."""
    with write():
        call, recording = _locked(call_id)
        if recording.told_at is None:
            recording.told_at = now
            recording.save(update_fields=["told_at"])
            _tell(call, now=now)


def refuse_recording(*, call_id: int, now: datetime) -> None:
    """The customer does not want to be recorded: the rest of the call is not, whatever comes. What was recorded stays as long
    as recordings do. Raises NotRecorded for a call that is not to be recorded."""
    with write():
        call, recording = _locked(call_id)
        if recording.refused_at is None:
            recording.refused_at = now
            recording.save(update_fields=["refused_at"])
            _note(recording, Moment.Kind.REFUSED, now=now)
            _tell(call, now=now)


def pause_recording(*, call_id: int, why: Pause, on: bool, now: datetime) -> None:
    """Something begins to interrupt the recording, or ends. Raises NotRecorded for a call that is not to be recorded."""
    with write():
        call, recording = _locked(call_id)
        if _interrupt(recording, why, on, now=now):
            _tell(call, now=now)


def _interrupt(recording: Recording, why: Pause, on: bool, *, now: datetime) -> bool:
    """Whether the recording stops or goes on by it."""
    before = bool(recording.pauses)
    recording.pauses = with_pause(recording.pauses, why, on)
    recording.save(update_fields=["pauses"])
    if before == bool(recording.pauses):
        return False
    _note(recording, Moment.Kind(why) if on else Moment.Kind.RESUMED, now=now)
    return True


def note_hold(call: Call, on: bool, *, now: datetime) -> None:
    """For whoever listens later: the customer was put on hold here, or taken back; in the open transaction."""
    recording = Recording.objects.filter(call=call).first()
    if recording:
        _note(recording, Moment.Kind.HELD if on else Moment.Kind.TAKEN_BACK, now=now)


def note_joined(call: Call, on: bool, *, outside: bool, now: datetime) -> None:
    """... a third person speaks with the customer from here, or no longer; in the open transaction. While one from `outside` the house does,
    whom nobody told, nothing is recorded.
    """
    recording = Recording.objects.filter(call=call).first()
    if recording:
        if outside:
            _interrupt(recording, Pause.OUTSIDE, on, now=now)
        _note(recording, Moment.Kind.JOINED if on else Moment.Kind.PARTED, now=now)


def begin_take(*, call_id: int, agent_id: int, media_type: str, now: datetime) -> Take:
    """A page of the agent begins to record. Raises NoSuchCall when the call is not with them, NotRecorded when it may not."""
    if media_type.partition(";")[0] not in MEDIA_TYPES or len(media_type) > 80:
        raise Invalid(fields={"media_type": ", ".join(MEDIA_TYPES)})
    with write():
        call, recording = _locked(call_id)
        leg = leg_of(call, agent_id)
        if standing_of(recording) not in (Standing.ON, Standing.PAUSED):
            raise NotRecorded
        if recording.began_at is None:
            recording.began_at = now
            recording.save(update_fields=["began_at"])
        return Take.objects.create(
            recording=recording,
            number=recording.takes.count() + 1,
            agent_id=agent_id,
            leg=leg.number,
            media_type=media_type,
            began_at=now,
        )


def keep_piece(*, call_id: int, take_number: int, agent_id: int, number: int, sound: bytes, now: datetime) -> None:
    """Keep the next seconds of a take, sealed. The same piece sent twice is one.

    Raises NoSuchCall when the take is not the agent's or their part is long over, TooLarge, and Invalid for a piece that leaves
    a gap.
    """
    if len(sound) > PIECE_BYTES:
        raise TooLarge
    take = Take.objects.filter(recording__call=call_id, number=take_number, agent=agent_id).first()
    if take is None or not _still_taken(call_id, take.leg, now=now):
        raise NoSuchCall
    sealed = ContentFile(seal(sound, place=place_of(take.pk, number)), f"{take.pk}-{number}.sealed")
    with write():
        kept = Piece.objects.select_for_update().filter(take=take).count()
        if number < kept:
            return
        if number > kept:
            raise Invalid(fields={"number": str(kept)})
        Piece.objects.create(take=take, number=number, at=now, size=len(sound), file=sealed)


def _still_taken(call_id: int, leg_number: int, *, now: datetime) -> bool:
    ended = Leg.objects.filter(call=call_id, number=leg_number).values_list("ended_at", flat=True).first()
    return ended is None or ended > now - LATE


def _locked(call_id: int) -> tuple[Call, Recording]:
    call = lock_call(call_id)
    recording = Recording.objects.filter(call=call).first()
    if recording is None:
        raise NotRecorded
    return call, recording


def _note(recording: Recording, kind: Moment.Kind, *, now: datetime) -> None:
    Moment.objects.create(recording=recording, kind=kind, at=now)


def _tell(call: Call, *, now: datetime) -> None:
    if call.state != Call.State.ENDED:
        events.call_changed(call, open_leg(call), at=now)
