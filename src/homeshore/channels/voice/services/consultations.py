"""An agent asks a colleague about a call: they speak alone while the customer hears music; then the colleague joins, takes the
contact over, or leaves. What may follow what is decided in `course.consulting`.

A colleague who is asked is a `Companion`: their sound comes and goes through the asker's page, as a supervisor's does
(docs/explanation/adr/0020). From the ringing on, contacts keep them free of offers. Who is outside the house is asked by `outside`.
"""

from datetime import datetime, timedelta

from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from homeshore.channels.voice import events
from homeshore.channels.voice.course.consulting import Act, Over, Stage, after
from homeshore.channels.voice.models import Call, Companion, Leg
from homeshore.channels.voice.refusals import AlreadyConsulting, ConsultationMoved, NoSuchCall
from homeshore.channels.voice.services.calls import finish
from homeshore.channels.voice.services.companions import LIFE, end_companion, locked, note_companion
from homeshore.channels.voice.services.follow import follow
from homeshore.channels.voice.services.legs import part_by_music
from homeshore.channels.voice.services.recordings import note_joined
from homeshore.channels.voice.services.rows import call_facts, driver, leg_of, lock_call, open_leg
from homeshore.contacts import services as contacts
from homeshore.contacts.refusals import MessageTooLong, NotFreeToBeAsked
from homeshore.foundation.models import User
from homeshore.foundation.transactions import write
from homeshore.outbound import numbers
from homeshore.people import queries as people

RINGS = timedelta(seconds=25)
"""How long a colleague's desk rings before the asker is told that nobody answers."""
NOTE_LIMIT = 2000


def ask_colleague(*, call_id: int, agent_id: int, colleague_id: int, note: str = "", now: datetime) -> Companion:
    """Ring a colleague about the call one is in; its customer is on hold from here on, with music.

    Raises NoSuchCall, AlreadyConsulting, NowhereToTransfer for who could not have the contact, NotFreeToBeAsked, MessageTooLong.
    """
    if len(note) > NOTE_LIMIT:
        raise MessageTooLong(limit=NOTE_LIMIT)
    with write():
        call = lock_call(call_id)
        leg = free_to_ask(call, agent_id)
        contacts.reserve_agent(agent_id=colleague_id, contact_id=call.contact_id, asked_by=agent_id, now=now)
        colleague = people.agent(colleague_id)
        if Companion.objects.filter(user=colleague.user_id, ended_at=None).exists():
            raise NotFreeToBeAsked
        companion = Companion.objects.create(
            call=call,
            user_id=colleague.user_id,
            colleague_id=colleague_id,
            leg=leg.number,
            part=Companion.Part.ASKED,
            asked_by_id=agent_id,
            note=note.strip(),
            alive_until=now + RINGS,
            began_at=now,
        )
        part_by_music(call, leg, True, now=now)
        events.consultation_changed(companion, at=now)
        events.call_changed(call, leg, at=now)
    return companion


def answer_consultation(*, companion_id: int, by: User, now: datetime) -> Companion:
    """The colleague says yes: the two speak alone. Answered twice, the first counts. Raises ConsultationMoved when it is over."""
    with write():
        if not Companion.objects.filter(pk=companion_id, user=by, ended_at=None, colleague__isnull=False).exists():
            raise ConsultationMoved
        call, companion = locked(companion_id, by=by)
        if after(Stage(companion.part), Act.ANSWER) is not None:
            companion.part, companion.answered_at = Companion.Part.CONSULT, now
            companion.alive_until = now + LIFE
            companion.save(update_fields=["part", "answered_at", "alive_until"])
            note_companion(companion, "call.consulted", now=now)
            events.consultation_changed(companion, at=now)
            events.call_changed(call, open_leg(call), at=now)
    return companion


def let_join(*, call_id: int, agent_id: int, now: datetime) -> None:
    """All three speak: the customer is taken back from hold and hears both. Raises NoSuchCall, ConsultationMoved."""
    with write():
        call, leg, companion = _consulted(call_id, agent_id)
        if companion.part != Companion.Part.JOIN:
            _after(companion, Act.JOIN)
            companion.part = Companion.Part.JOIN
            companion.save(update_fields=["part"])
            note_joined(call, True, outside=companion.attempt_id is not None, now=now)
            note_companion(companion, "call.joined", now=now)
            events.consultation_changed(companion, at=now)
        part_by_music(call, leg, False, now=now)
        events.call_changed(call, leg, at=now)


def take_back(*, call_id: int, agent_id: int, now: datetime) -> None:
    """Who was asked leaves, or need not answer any more, and the call goes on as before. Raises NoSuchCall, ConsultationMoved."""
    with write():
        call, leg, companion = _consulted(call_id, agent_id)
        end_companion(companion, why=_after(companion, Act.TAKE_BACK), now=now)
        part_by_music(call, leg, False, now=now)
        events.call_changed(call, leg, at=now)


def hand_over(*, call_id: int, agent_id: int, now: datetime) -> None:
    """The contact is the colleague's from here on, and the customer is led to them without waiting; the asker wraps up. Who is outside
    the house is left with the customer, and the asker says how the contact ended.

    Raises NoSuchCall, ConsultationMoved, NowhereToTransfer for a colleague who has gone offline.
    """
    with write():
        call, _, companion = _consulted(call_id, agent_id)
        why = _after(companion, Act.HAND_OVER)
        if companion.attempt_id is not None:
            pass_on(call, companion, now=now)
            return
        end_companion(companion, why=why, now=now)
        contacts.hand_over(
            agent_id=agent_id,
            contact_id=call.contact_id,
            to_agent_id=companion.colleague_id or 0,
            note=companion.note,
            now=now,
        )
        follow(call_id=call_id, now=now)


def free_to_ask(call: Call, agent_id: int) -> Leg:
    """The part of an agent who may ask somebody about their call. Raises NoSuchCall, AlreadyConsulting."""
    leg = _talking(call, agent_id)
    if _asked(call) is not None:
        raise AlreadyConsulting
    return leg


def pass_on(call: Call, companion: Companion, *, now: datetime) -> None:
    """Customer and who is outside the house are left with each other, in a round of their own, and the call is over for its agent; in the
    open transaction.
    """
    note_in_thread(companion, gettext_noop("Handed over to %(number)s."), now=now)
    end_companion(companion, why=Over.HANDED_OVER, now=now)
    call.round += 1
    call.save(update_fields=["round"])
    driver(call).pass_on(call_facts(call), companion.pk, now=now)
    finish(call, by=Call.EndedBy.AGENT, why=Over.HANDED_OVER, now=now)


def note_in_thread(companion: Companion, said: str, *, now: datetime) -> None:
    """For whoever has the customer next: what the asker did with who is outside the house, in the asker's language; in the open transaction."""
    if companion.asked_by is None or companion.attempt is None:
        return
    asker = companion.asked_by
    with translation.override(asker.user.language):
        body = _(said) % {"number": numbers.shown(companion.attempt.party.number)}
    contacts.write_note(
        author=asker.user,
        contact_id=companion.call.contact_id,
        body=body,
        audience="operator",
        client_id=f"outside:{companion.pk}:{said.split()[0]}",
        agent_id=asker.pk,
        now=now,
    )


def _talking(call: Call, agent_id: int) -> Leg:
    leg = leg_of(call, agent_id)
    if leg.state != Leg.State.TALKING:
        raise NoSuchCall
    return leg


def _asked(call: Call) -> Companion | None:
    """Who is asked by the agent of a call, also while their telephone rings."""
    return Companion.objects.filter(call=call, ended_at=None, asked_by__isnull=False).first()


def _consulted(call_id: int, agent_id: int) -> tuple[Call, Leg, Companion]:
    call = lock_call(call_id)
    leg = _talking(call, agent_id)
    companion = _asked(call)
    if companion is None:
        raise ConsultationMoved
    return call, leg, companion


def _after(companion: Companion, act: Act) -> str:
    """What an act of the asker's leads to. Raises ConsultationMoved where it has no place."""
    led = after(Stage(companion.part), act)
    if led is None:
        raise ConsultationMoved
    return led.value
