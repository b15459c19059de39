"""Recording of calls: drawn, told, refused, interrupted, kept sealed, listened to on record, and forgotten to the last byte."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from django.core.files.storage import default_storage

from homeshore.channels.voice import services
from homeshore.channels.voice.models import Call, Moment, Piece, Recording, Take
from homeshore.channels.voice.queries import recording_days
from homeshore.channels.voice.recordings import played
from homeshore.channels.voice.recordings.course import Pause
from homeshore.channels.voice.refusals import NoSuchCall, NothingToTell, NotRecorded
from homeshore.channels.voice.shapes import placed_of, recording_of
from homeshore.contacts import services as contacts
from homeshore.foundation import housekeeping, retention
from homeshore.foundation.errors import Invalid, NotFound, TooLarge
from homeshore.foundation.models import AuditEntry, Role
from homeshore.foundation.retention import Periods
from homeshore.outbound import services as outbound
from homeshore.outbound.gate.rules import Purpose
from tests.factories import AgentFactory, QueueFactory, user_as
from tests.integration.channels.voice.drivers import EmbeddedEnds

pytestmark = pytest.mark.django_db

VOICES = b"what Claire said, and what Ines answered"


@pytest.fixture(autouse=True)
def _files_of_this_test(settings, tmp_path):
    kept = {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": tmp_path}}
    settings.STORAGES = {**settings.STORAGES, "default": kept}


@pytest.fixture
def ends(routed):
    return EmbeddedEnds(routed)


@pytest.fixture
def admin(queue):
    return user_as(Role.OPERATOR_ADMIN, queue.operator)


@pytest.fixture
def recorded_queue(queue, admin, routed):
    """A queue of which every call is recorded."""
    services.set_recording_rule(operator_id=queue.operator_id, queue_id=queue.pk, share=100, by=admin, now=routed.now)
    return queue


@pytest.fixture
def talk(recorded_queue, board, ready) -> Call:
    """Two people talk; the customer was told."""
    call = board.talk()
    services.customer_told(call_id=call.pk, now=board.floor.now)
    return call


def standing(call: Call) -> str:
    return recording_of(call)["state"]


def begin(call: Call, board) -> Take:
    return services.begin_take(
        call_id=call.pk, agent_id=board.leg(call).agent_id, media_type="audio/webm;codecs=opus", now=board.floor.now
    )


def keep(call: Call, board, number: int, sound: bytes = VOICES, *, take: int = 1) -> None:
    services.keep_piece(
        call_id=call.pk,
        take_number=take,
        agent_id=board.leg(call).agent_id,
        number=number,
        sound=sound,
        now=board.floor.now,
    )


def files_with(words: bytes) -> list[str]:
    """The files of the house that hold these bytes, or are a piece of a recording at all."""
    kept = [path for path in Path(default_storage.location).rglob("*") if path.is_file()]
    return sorted(path.name for path in kept if words in path.read_bytes() or "recordings" in path.parts)


def test_a_queue_without_a_rule_records_nothing(board, queue, ready):
    call = board.talk()
    assert recording_of(call) is None
    assert recording_days(queue.pk, at=board.floor.now) is None
    with pytest.raises(NotRecorded):
        begin(call, board)


def test_nothing_is_recorded_before_the_customer_was_told(recorded_queue, board, ready):
    call = board.talk()
    assert (standing(call), recording_days(recorded_queue.pk, at=board.floor.now)) == ("announced", 180)
    with pytest.raises(NotRecorded):
        begin(call, board)
    services.customer_told(call_id=call.pk, now=board.floor.now)
    assert standing(call) == "on"
    assert begin(call, board).number == 1


@pytest.fixture
def placed(recorded_queue, board, ready, admin) -> Call:
    """An agent talks with a customer whom they called, in a queue that is recorded and may be listened to."""
    who = {"operator_id": recorded_queue.operator_id, "by": admin, "now": board.floor.now}
    services.set_listening_rule(queue_id=recorded_queue.pk, allowed=True, **who)
    party = outbound.open_party(operator_id=who["operator_id"], brand_id=recorded_queue.brand_id, number="0145060708")
    asked = outbound.try_attempt(
        party_id=party.pk, purpose=Purpose.SERVICE, caller_number="+33156070809", about_contract=False, **who
    )
    call = board.talk()
    Call.objects.filter(pk=call.pk).update(attempt=asked.entry)
    return board.seen(call)


def tell(call: Call, board, *, agreed: bool) -> None:
    agent = board.leg(call).agent
    services.agent_told(call_id=call.pk, agent_id=agent.pk, agreed=agreed, by=agent.user, now=board.floor.now)


@pytest.mark.parametrize("agreed", [True, False])
def test_whom_the_house_calls_is_told_by_their_agent_who_says_what_they_answered(placed, board, agreed):
    assert (standing(placed), placed_of(placed)["untold"]) == ("announced", ["recorded", "listened"])
    tell(placed, board, agreed=agreed)
    call = board.seen(placed)
    assert (standing(call), placed_of(call)["untold"]) == ("on" if agreed else "refused", [])
    assert (call.listening_told_at, call.listening_refused_at) == (
        (board.floor.now, None) if agreed else (None, board.floor.now)
    )
    with pytest.raises(NothingToTell):
        tell(placed, board, agreed=True)
    assert standing(call) == ("on" if agreed else "refused")
    said = AuditEntry.objects.get(verb="call.told")
    assert (said.actor, said.data) == (
        board.leg(call).agent.user,
        {"of": ["recorded", "listened"], "agreed": agreed},
    )


def test_what_is_to_be_told_is_told_to_who_answered_and_by_who_is_with_them(placed, board):
    Call.objects.filter(pk=placed.pk).update(answered_at=None)
    with pytest.raises(NothingToTell):
        tell(board.seen(placed), board, agreed=True)
    stranger = AgentFactory.create(operator=placed.operator)
    with pytest.raises(NoSuchCall):
        services.agent_told(call_id=placed.pk, agent_id=stranger.pk, agreed=True, by=stranger.user, now=board.floor.now)


def test_who_refuses_is_not_recorded_from_then_on_nor_when_they_call_again(talk, board):
    begin(talk, board)
    services.refuse_recording(call_id=talk.pk, now=board.floor.now)
    assert standing(talk) == "refused"
    with pytest.raises(NotRecorded):
        begin(talk, board)
    services.end_call(call_id=talk.pk, by=Call.EndedBy.NETWORK, now=board.floor.now)
    again = board.call()
    assert (again.contact, standing(again)) == (talk.contact, "refused")


def test_whatever_interrupts_is_noted_for_whoever_listens(talk, board, ready):
    begin(talk, board)
    for seconds, why, on in ((4, Pause.AGENT, True), (2, Pause.PAGE_CARD, True), (5, Pause.AGENT, False)):
        board.floor.clock.advance(seconds=seconds)
        services.pause_recording(call_id=talk.pk, why=why, on=on, now=board.floor.now)
        assert standing(talk) == "paused"
    board.floor.clock.advance(seconds=1)
    services.pause_recording(call_id=talk.pk, why=Pause.PAGE_CARD, on=False, now=board.floor.now)
    assert standing(talk) == "on"
    board.floor.clock.advance(seconds=3)
    services.hold(call_id=talk.pk, agent_id=ready.pk, on=True, now=board.floor.now)
    keep(talk, board, 0)
    (call,) = played.of_contact(talk.operator_id, talk.contact_id)
    assert [(each.seconds, each.kind) for each in call.takes[0].happened] == [
        (4, "agent"),
        (12, "resumed"),
        (15, "held"),
    ]


def test_pieces_are_kept_sealed_in_order_and_once(talk, board):
    begin(talk, board)
    keep(talk, board, 0)
    keep(talk, board, 0)
    keep(talk, board, 1, b" and more")
    with pytest.raises(Invalid):
        keep(talk, board, 3)
    with pytest.raises(TooLarge):
        keep(talk, board, 2, bytes(600_000))
    assert [(each.number, each.size) for each in Piece.objects.order_by("number")] == [(0, len(VOICES)), (1, 9)]
    assert len(files_with(VOICES)) == 2
    assert not any(VOICES in path.read_bytes() for path in Path(default_storage.location).rglob("*.sealed"))


def test_the_last_pieces_come_after_the_end_but_not_for_long_and_from_nobody_else(talk, board, queue):
    begin(talk, board)
    leg = board.leg(talk)
    services.end_call(call_id=talk.pk, by=Call.EndedBy.CUSTOMER, now=board.floor.now)
    board.floor.clock.advance(seconds=90)
    keep(talk, board, 0)
    stranger = AgentFactory.create(operator=queue.operator, queues=[queue])
    with pytest.raises(NoSuchCall):
        services.keep_piece(
            call_id=talk.pk, take_number=1, agent_id=stranger.pk, number=1, sound=b"x", now=board.floor.now
        )
    board.floor.clock.advance(seconds=60)
    with pytest.raises(NoSuchCall):
        keep(talk, board, 1)
    assert leg.agent_id != stranger.pk


def test_each_time_somebody_listens_is_in_the_audit_trail(talk, board, admin):
    take = begin(talk, board)
    keep(talk, board, 0)
    keep(talk, board, 1, b"!")
    for _ in range(2):
        heard = played.listen(operator_id=talk.operator_id, take_id=take.pk, by=admin, now=board.floor.now)
        assert heard == (VOICES + b"!", "audio/webm;codecs=opus")
    entries = AuditEntry.objects.filter(verb="recording.played")
    assert [(each.actor, each.target, each.data) for each in entries] == [
        (admin, f"voice.take:{take.pk}", {"contact": talk.contact_id, "call": talk.pk})
    ] * 2
    with pytest.raises(NotFound):
        played.listen(operator_id=talk.operator_id + 1, take_id=take.pk, by=admin, now=board.floor.now)


def test_recordings_are_found_by_agent_queue_or_brand_and_by_nobody_elses_operator(talk, board):
    begin(talk, board)
    keep(talk, board, 0)
    agent, queue = board.leg(talk).agent, board.queue
    for search in ("", agent.name[:5], queue.name, queue.brand.name):
        assert [each.reference for each in played.latest(queue.operator_id, search=search)] == [talk.contact.reference]
    assert played.latest(queue.operator_id, search="nobody of that name") == []
    assert played.latest(queue.operator_id + 1) == []


@pytest.mark.django_db(transaction=True)
class TestForgetting:
    """Deletion is proven by looking for the files."""

    @pytest.fixture
    def kept(self, talk, board) -> Call:
        begin(talk, board)
        keep(talk, board, 0)
        board.hang_up(talk)
        board.close(talk)
        assert len(files_with(VOICES)) == 1
        return talk

    def test_a_recording_goes_after_its_own_period_and_the_words_stay(self, kept, board):
        housekeeping.purge(now=board.floor.now + timedelta(days=179))
        assert len(files_with(VOICES)) == 1
        purged = housekeeping.purge(now=board.floor.now + timedelta(days=181))
        assert purged["recordings"] == 1
        assert (files_with(VOICES), Recording.objects.count(), Piece.objects.count()) == ([], 0, 0)
        assert Moment.objects.count() == 0
        assert Call.objects.get(pk=kept.pk).contact.conversation.forgotten_at is None

    def test_the_period_is_the_operators_own(self, kept, board, admin):
        periods = Periods(recording_days=30)
        retention.save_rule(
            operator_id=kept.operator_id, periods=periods, source="", valid_from=None, by=admin, now=board.floor.now
        )
        housekeeping.purge(now=board.floor.now + timedelta(days=31))
        assert files_with(VOICES) == []

    def test_erasing_a_customer_erases_their_voice(self, kept, board, admin):
        contacts.erase_customer(
            operator_id=kept.operator_id,
            customer_id=kept.contact.conversation.customer_id,
            by=admin,
            reason="asked by mail",
            now=board.floor.now,
        )
        assert (files_with(VOICES), Recording.objects.count()) == ([], 0)


def test_only_a_queue_of_calls_of_ones_own_gets_a_rule(queue, admin, routed):
    chats = QueueFactory.create(brand=queue.brand, channel="chat")
    for queue_id, share, refusal in (
        (chats.pk, 20, Invalid),
        (queue.pk, 101, Invalid),
        (QueueFactory.create(channel="voice").pk, 20, NotFound),
    ):
        with pytest.raises(refusal):
            services.set_recording_rule(
                operator_id=queue.operator_id, queue_id=queue_id, share=share, by=admin, now=routed.now
            )
