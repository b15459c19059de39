"""Supervisors in a call: told of to customer and agent, on record, and out of it whenever the agent's part is over."""

from __future__ import annotations

import pytest

from homeshore.channels.voice import services
from homeshore.channels.voice.embedded import companion_lines as lines
from homeshore.channels.voice.embedded import ends as browsers
from homeshore.channels.voice.embedded import life
from homeshore.channels.voice.models import Call, Companion, Moment, Recording
from homeshore.channels.voice.queries import calls_of_agent, calls_on_floor, may_be_listened_to
from homeshore.channels.voice.refusals import NoSuchCall, NotListenedTo, OwnCall
from homeshore.contacts import services as contacts
from homeshore.foundation.errors import Invalid, NotFound
from homeshore.foundation.models import AuditEntry, Role
from tests.factories import AgentFactory, QueueFactory, user_as
from tests.integration.channels.voice.drivers import EmbeddedEnds

pytestmark = pytest.mark.django_db

Part = Companion.Part


@pytest.fixture
def ends(routed):
    return EmbeddedEnds(routed)


@pytest.fixture
def supervisor(queue):
    return user_as(Role.SUPERVISOR, queue.operator, name="Hélène Marchetti")


@pytest.fixture
def colleague(queue):
    """Another supervisor."""
    return user_as(Role.SUPERVISOR, queue.operator, name="Odile Rocher")


@pytest.fixture
def talk(queue, supervisor, board, ready) -> Call:
    """Two people talk, in a queue of which callers are told that somebody may listen; this one was."""
    services.set_listening_rule(
        operator_id=queue.operator_id, queue_id=queue.pk, allowed=True, by=supervisor, now=board.floor.now
    )
    call = board.talk()
    services.customer_told_of_listening(call_id=call.pk, now=board.floor.now)
    return call


@pytest.fixture
def come_in(board):
    def enter(call: Call, by, part: Part = Part.LISTEN) -> Companion:
        return services.come_in(operator_id=call.operator_id, call_id=call.pk, by=by, part=part, now=board.floor.now)

    return enter


def beside(agent) -> list[tuple[str, str]]:
    """Who is beside the agent, and how, as their desk shows it."""
    return [(each["name"], each["part"]) for call in calls_of_agent(agent.pk) for each in call["companions"]]


def trail() -> list[tuple[str, str]]:
    entries = AuditEntry.objects.filter(verb__startswith="call.").order_by("id")
    return [(entry.actor.name, entry.verb) for entry in entries]


def test_a_supervisor_listens_whispers_joins_and_leaves_seen_by_the_agent_and_on_record(
    talk, come_in, supervisor, ready, board
):
    here = come_in(talk, supervisor)
    assert beside(ready) == [("Hélène Marchetti", "listen")]
    for part in (Part.WHISPER, Part.JOIN, Part.JOIN):
        services.take_part(companion_id=here.pk, by=supervisor, part=part, now=board.floor.now)
        assert beside(ready) == [("Hélène Marchetti", part)]
    assert services.go_out(companion_id=here.pk, by=supervisor, now=board.floor.now)
    assert not services.go_out(companion_id=here.pk, by=supervisor, now=board.floor.now)
    assert beside(ready) == []
    assert trail() == [
        ("Hélène Marchetti", verb) for verb in ("call.listened", "call.whispered", "call.joined", "call.left")
    ]
    assert {(entry.target, entry.data["agent"]) for entry in AuditEntry.objects.filter(verb__startswith="call.")} == {
        (f"C-{talk.contact_id}", ready.pk)
    }
    assert board.seen(talk).state == "talking"


def test_a_recording_tells_when_a_supervisor_spoke_with_the_customer(queue, supervisor, talk, come_in, board, ready):
    Recording.objects.create(call=talk, operator=queue.operator, told_at=board.floor.now)
    here = come_in(talk, supervisor)
    for part in (Part.JOIN, Part.WHISPER, Part.JOIN):
        services.take_part(companion_id=here.pk, by=supervisor, part=part, now=board.floor.now)
    board.hang_up(talk)
    assert list(Moment.objects.order_by("id").values_list("kind", flat=True)) == ["joined", "parted"] * 2


def test_nobody_listens_to_a_customer_who_was_not_told(queue, board, ready, come_in, supervisor):
    call = board.talk()
    with pytest.raises(NotListenedTo):
        come_in(call, supervisor)
    assert trail() == []


def test_nobody_is_beside_who_does_not_talk_in_another_house_or_is_oneself(talk, board, queue, ready, come_in):
    stranger = user_as(Role.SUPERVISOR, AgentFactory.create().operator)
    with pytest.raises(NoSuchCall):
        services.come_in(
            operator_id=stranger.memberships.get().operator_id,
            call_id=talk.pk,
            by=stranger,
            part=Part.LISTEN,
            now=board.floor.now,
        )
    with pytest.raises(OwnCall):
        come_in(talk, ready.user)
    board.hang_up(talk)
    with pytest.raises(NoSuchCall):
        come_in(talk, user_as(Role.SUPERVISOR, queue.operator))


def test_two_supervisors_at_once_and_each_in_one_call_only(talk, come_in, supervisor, colleague, ready):
    first = come_in(talk, supervisor)
    come_in(talk, colleague, Part.WHISPER)
    assert beside(ready) == [("Hélène Marchetti", "listen"), ("Odile Rocher", "whisper")]
    again = come_in(talk, supervisor, Part.JOIN)
    assert beside(ready) == [("Odile Rocher", "whisper"), ("Hélène Marchetti", "join")]
    first.refresh_from_db()
    assert (first.why, again.ended_at) == ("elsewhere", None)


@pytest.mark.parametrize("how", ["hung_up", "transferred", "line_lost", "closed"])
def test_a_companions_part_ends_with_the_agents(talk, come_in, supervisor, colleague, board, ready, how):
    companions = [come_in(talk, supervisor), come_in(talk, colleague, Part.JOIN)]
    match how:
        case "hung_up":
            board.hang_up(talk)
        case "transferred":
            contacts.requeue_contact(contact_id=talk.contact_id, by=supervisor, now=board.floor.now)
            board.settle()
        case "line_lost":
            services.drop_leg(call_id=talk.pk, leg_number=1, why="agent_lost", now=board.floor.now)
        case "closed":
            board.close(talk)
    for companion in companions:
        companion.refresh_from_db()
        assert companion.ended_at == board.floor.now
    assert calls_on_floor([talk.contact.queue_id]) == []
    assert [verb for _, verb in trail()][-2:] == ["call.left", "call.left"]


def test_a_page_that_falls_silent_is_out_and_the_call_goes_on(talk, come_in, supervisor, colleague, board, ready):
    lost, kept = come_in(talk, supervisor), come_in(talk, colleague)
    for _ in range(5):
        board.floor.clock.advance(seconds=5)
        for end in (board.ends.customer(talk), board.ends.agent(board.leg(talk))):
            browsers.give_sign(end, now=board.floor.now)
        services.give_companion_sign(companion_id=kept.pk, by=colleague, now=board.floor.now)
        life.end_what_is_dead(now=board.floor.now)
    assert beside(ready) == [("Odile Rocher", "listen")]
    lost.refresh_from_db()
    assert (lost.why, board.seen(talk).state) == ("lost", "talking")
    assert not services.give_companion_sign(companion_id=lost.pk, by=supervisor, now=board.floor.now)
    with pytest.raises(NoSuchCall):
        services.give_companion_sign(companion_id=lost.pk, by=colleague, now=board.floor.now)


def test_a_page_that_is_loaded_again_finds_its_part_and_one_that_is_closed_is_out_soon(
    talk, come_in, supervisor, colleague, board, ready
):
    here = come_in(talk, supervisor, Companion.Part.WHISPER)
    lines.step_away(here.pk, user=supervisor, now=board.floor.now)
    again = services.come_back(companion_id=here.pk, by=supervisor, now=board.floor.now)
    assert (again.pk, again.part, again.round, beside(ready)) == (
        here.pk,
        "whisper",
        2,
        [("Hélène Marchetti", "whisper")],
    )
    with pytest.raises(NoSuchCall):
        services.come_back(companion_id=here.pk, by=colleague, now=board.floor.now)
    lines.step_away(here.pk, user=supervisor, now=board.floor.now)
    board.floor.clock.advance(seconds=9)
    life.end_what_is_dead(now=board.floor.now)
    assert beside(ready) == []
    with pytest.raises(NoSuchCall):
        services.come_back(companion_id=here.pk, by=supervisor, now=board.floor.now)


def test_a_raised_hand_is_seen_by_the_floor_and_lowered_by_who_comes(talk, come_in, supervisor, board, ready):
    def hand() -> bool:
        (seen,) = calls_on_floor([talk.contact.queue_id])
        return seen["hand_raised_at"] is not None

    for on in (True, True, False, True):
        services.raise_hand(call_id=talk.pk, agent_id=ready.pk, on=on, now=board.floor.now)
        assert hand() is on
    come_in(talk, supervisor)
    assert not hand()
    with pytest.raises(NoSuchCall):
        services.raise_hand(call_id=talk.pk, agent_id=ready.pk + 1, on=True, now=board.floor.now)


def test_pages_find_each_other_by_rounds_that_belong_to_them_alone(talk, come_in, supervisor, colleague, ready, board):
    now = board.floor.now
    here = come_in(talk, supervisor)

    theirs, ours = lines.end_of(here.pk, user=supervisor), lines.end_of(here.pk, user=ready.user)

    def said(at: lines.LineEnd) -> list[str]:
        return [each["kind"] for each in lines.heard(at, after=0)]

    assert lines.say(theirs, round=1, kind="offer", body={"sdp": "x"}, now=now)
    assert lines.say(ours, round=1, kind="answer", body={"sdp": "y"}, now=now)
    assert (said(ours), said(theirs)) == (["offer"], ["answer"])
    services.renew_companion(companion_id=here.pk, by=supervisor, round=1, now=now)
    services.renew_companion(companion_id=here.pk, by=supervisor, round=1, now=now)
    assert not lines.say(theirs, round=1, kind="offer", body=None, now=now)
    assert (theirs.companion.round, said(ours)) == (2, [])
    services.renew_all(call_id=talk.pk, now=now)
    assert [each["round"] for each in calls_of_agent(ready.pk)[0]["companions"]] == [3]
    with pytest.raises(NoSuchCall):
        lines.end_of(here.pk, user=colleague)


def test_an_administrator_decides_for_queues_of_calls_of_their_own(queue, supervisor, board):
    def decide(queue_id: int, allowed: bool) -> None:
        services.set_listening_rule(
            operator_id=queue.operator_id, queue_id=queue_id, allowed=allowed, by=supervisor, now=board.floor.now
        )

    for allowed in (True, False):
        decide(queue.pk, allowed)
        assert may_be_listened_to(queue.pk) is allowed
    with pytest.raises(Invalid):
        decide(QueueFactory.create(brand=queue.brand, channel="chat").pk, True)
    with pytest.raises(NotFound):
        decide(QueueFactory.create(channel="voice").pk, True)
