"""Who is beside the agent in a call: a supervisor comes in, listens, whispers, joins, and goes. The agent sees it as long as it lasts.

The sound goes through the agent's page with either driver (docs/explanation/adr/0019); here it is decided who may, told to
whom it concerns, and written to the audit trail. A companion is beside one agent: when that agent's part is over, so is theirs.
"""

from datetime import datetime, timedelta

from homeshore.channels.voice import events
from homeshore.channels.voice.course.consulting import Act, Stage, after
from homeshore.channels.voice.models import Call, Companion, CompanionSignal, Leg
from homeshore.channels.voice.refusals import NoSuchCall, NotListenedTo, OwnCall
from homeshore.channels.voice.services.recordings import note_joined
from homeshore.channels.voice.services.rows import leg_of, lock_call, open_leg
from homeshore.contacts import services as contacts
from homeshore.foundation import audit
from homeshore.foundation.models import User
from homeshore.foundation.transactions import write
from homeshore.outbound import services as outbound
from homeshore.outbound.gate.register import Result

LIFE = timedelta(seconds=20)
"""How long a companion's page counts as there after a sign of life; it gives one every five seconds."""
VERBS = {
    Companion.Part.LISTEN: "call.listened",
    Companion.Part.WHISPER: "call.whispered",
    Companion.Part.JOIN: "call.joined",
}


def come_in(*, operator_id: int, call_id: int, by: User, part: Companion.Part, now: datetime) -> Companion:
    """A supervisor comes beside the agent of a call, and leaves the call in which they were; a raised hand is lowered.

    Raises NoSuchCall when nobody talks there, NotListenedTo when its customer was not told, OwnCall.
    """
    with write():
        elsewhere = Companion.objects.filter(user=by, ended_at=None).values_list("call_id", flat=True)
        calls = {each: lock_call(each) for each in sorted({call_id, *elsewhere})}
        call = calls[call_id]
        leg = open_leg(call)
        if call.operator_id != operator_id or leg is None or leg.state != Leg.State.TALKING:
            raise NoSuchCall
        if leg.agent.user_id == by.pk:
            raise OwnCall
        if call.listening_told_at is None:
            raise NotListenedTo
        for earlier in Companion.objects.filter(user=by, ended_at=None):
            end_companion(earlier, why="elsewhere", now=now)
            events.call_changed(calls[earlier.call_id], open_leg(calls[earlier.call_id]), at=now)
        companion = Companion.objects.create(
            call=call, user=by, leg=leg.number, part=part, alive_until=now + LIFE, began_at=now
        )
        leg.hand_raised_at = None
        leg.save(update_fields=["hand_raised_at"])
        note_companion(companion, VERBS[part], now=now)
        if part == Companion.Part.JOIN:
            note_joined(call, True, outside=False, now=now)
        events.call_changed(call, leg, at=now)
    return companion


def take_part(*, companion_id: int, by: User, part: Companion.Part, now: datetime) -> None:
    """They listen, whisper or speak to both from now on. Raises NoSuchCall when they are in the call no longer, or are a colleague
    whom the agent asks: then it is for the agent to say.
    """
    with write():
        call, companion = locked(companion_id, by=by)
        if companion.is_asked_for:
            raise NoSuchCall
        if companion.part == part:
            return
        if Companion.Part.JOIN in (part, companion.part):
            note_joined(call, part == Companion.Part.JOIN, outside=False, now=now)
        companion.part = part
        companion.save(update_fields=["part"])
        note_companion(companion, VERBS[part], now=now)
        events.call_changed(call, open_leg(call), at=now)


def come_back(*, companion_id: int, by: User, now: datetime) -> Companion:
    """A supervisor's page was loaded again: their part goes on, in the next round. Raises NoSuchCall when they are in the call no longer."""
    with write():
        call, companion = locked(companion_id, by=by)
        if companion.is_asked_for:
            raise NoSuchCall
        companion.alive_until = now + LIFE
        companion.save(update_fields=["alive_until"])
        _begin_round(companion, now=now)
        events.call_changed(call, open_leg(call), at=now)
    return companion


def renew_companion(*, companion_id: int, by: User | None, round: int, now: datetime) -> None:
    """Their page was loaded again, or cannot mend its line to the agent's: both begin the next round. Who is outside the house, and has no
    page, is nobody's (`by` None). Raises NoSuchCall.
    """
    with write():
        call, companion = locked(companion_id, by=by)
        if companion.part != Companion.Part.ASKED:
            companion.alive_until = now + LIFE
            companion.save(update_fields=["alive_until"])
        if companion.round == round:
            _begin_round(companion, now=now)
            events.call_changed(call, open_leg(call), at=now)


def renew_all(*, call_id: int, now: datetime) -> None:
    """The agent's end is carried by another page, or by one that was loaded again: each companion's begins a round with it."""
    with write():
        call = lock_call(call_id)
        companions = list(Companion.objects.filter(call=call, ended_at=None))
        for companion in companions:
            _begin_round(companion, now=now)
        if companions:
            events.call_changed(call, open_leg(call), at=now)


def go_out(*, companion_id: int, by: User | None, silent: bool = False, now: datetime) -> bool:
    """They leave the call, which goes on; `silent` when it was their page that said nothing any more. A colleague who is asked
    says no by it.

    False when they had left it already. Raises NoSuchCall when they never were in it.
    """
    with write():
        try:
            call, companion = locked(companion_id, by=by)
        except NoSuchCall:
            return _was(companion_id, by)
        end_companion(companion, why=_why_out(companion, silent=silent), now=now)
        events.call_changed(call, open_leg(call), at=now)
    return True


def give_companion_sign(*, companion_id: int, by: User | None, now: datetime) -> bool:
    """Their page lives. False when they are in the call no longer. Raises NoSuchCall when they never were in it.

    A colleague whose desk rings has no longer to answer by it.
    """
    here = Companion.objects.filter(pk=companion_id, user=by, ended_at=None)
    if here.filter(part=Companion.Part.ASKED).exists():
        return True
    return bool(here.update(alive_until=now + LIFE)) or _was(companion_id, by)


def send_out_the_silent(*, now: datetime) -> int:
    """Companions whose pages gave no sign of life leave their calls, and colleagues who do not answer; how many did."""
    silent = Companion.objects.filter(ended_at=None, alive_until__lt=now).select_related("user")
    return sum(go_out(companion_id=each.pk, by=each.user, silent=True, now=now) for each in silent)


def end_companions(call: Call, *, why: str, now: datetime) -> None:
    """The agent's part is over, and so is that of those beside them; in the open transaction."""
    for companion in Companion.objects.filter(call=call, ended_at=None):
        end_companion(companion, why=why, now=now)


def leave_for_own_call(agent_id: int, *, now: datetime) -> None:
    """A call of their own came to an agent whom a colleague was asking: it goes before; in the open transaction."""
    for companion in Companion.objects.filter(colleague=agent_id, ended_at=None).select_related("call"):
        end_companion(companion, why="elsewhere", now=now)
        events.call_changed(companion.call, open_leg(companion.call), at=now)


def raise_hand(*, call_id: int, agent_id: int, on: bool, now: datetime) -> None:
    """The agent asks the supervisors of their floor for help with this call, or needs none any more. Raises NoSuchCall."""
    with write():
        call = lock_call(call_id)
        leg = leg_of(call, agent_id)
        if leg.state != Leg.State.TALKING or on == (leg.hand_raised_at is not None):
            return
        leg.hand_raised_at = now if on else None
        leg.save(update_fields=["hand_raised_at"])
        events.call_changed(call, leg, at=now)


def locked(companion_id: int, *, by: User | None) -> tuple[Call, Companion]:
    """The companion that this person is, with the call, locked in that order everywhere. Raises NoSuchCall when they are none."""
    here = Companion.objects.filter(pk=companion_id, user=by, ended_at=None)
    call = lock_call(here.values_list("call_id", flat=True).first() or 0)
    companion = here.select_for_update(of=("self",)).first()
    if companion is None:
        raise NoSuchCall
    return call, companion


def _was(companion_id: int, by: User | None) -> bool:
    """False for who is in the call no longer."""
    if not Companion.objects.filter(pk=companion_id, user=by).exists():
        raise NoSuchCall
    return False


def _why_out(companion: Companion, *, silent: bool) -> str:
    if not companion.is_asked_for:
        return "lost" if silent else "left"
    over = after(Stage(companion.part), Act.FALL_SILENT if silent else Act.LEAVE)
    return over.value if over else "left"


def _begin_round(companion: Companion, *, now: datetime) -> None:
    CompanionSignal.objects.filter(companion=companion).delete()
    companion.round += 1
    companion.save(update_fields=["round"])
    if companion.is_asked_for:
        events.consultation_changed(companion, at=now)


def end_companion(companion: Companion, *, why: str, now: datetime) -> None:
    """Their part in the call is over; in the open transaction. A colleague who was asked is offered contacts again; the telephone of who is
    outside the house is hung up by the driver, which sees it.
    """
    CompanionSignal.objects.filter(companion=companion).delete()
    companion.ended_at, companion.why = now, why
    companion.save(update_fields=["ended_at", "why"])
    if companion.part == Companion.Part.JOIN:
        note_joined(companion.call, False, outside=companion.attempt_id is not None, now=now)
    if companion.part != Companion.Part.ASKED:
        note_companion(companion, "call.left", now=now, why=why)
    if companion.colleague_id is not None:
        contacts.release_agent(agent_id=companion.colleague_id)
    if companion.attempt is not None and companion.asked_by is not None:
        outbound.record_result(
            operator_id=companion.call.operator_id,
            party_id=companion.attempt.party_id,
            attempt=companion.attempt.position,
            result=Result.REACHED if companion.answered_at else Result.NOBODY,
            by=companion.asked_by.user,
            now=now,
        )
    if companion.is_asked_for:
        events.consultation_changed(companion, at=now)


def note_companion(companion: Companion, verb: str, *, now: datetime, **more: str) -> None:
    """In the audit trail: what somebody beside an agent did; what who is outside the house did is the asker's deed. In the open transaction."""
    call = companion.call
    if companion.attempt is not None:
        more["number"] = companion.attempt.party.number
    agent = Leg.objects.values_list("agent_id", flat=True).get(call=call, number=companion.leg)
    audit.record(
        operator_id=call.operator_id,
        actor=companion.user or (companion.asked_by.user if companion.asked_by else None),
        verb=verb,
        target=f"C-{call.contact_id}",
        data={"call": call.pk, "agent": agent, **more},
        at=now,
    )
