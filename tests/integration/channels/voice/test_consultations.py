"""An agent asks a colleague about a call: alone, in three, handed over or taken back, and what happens when somebody goes away."""

from __future__ import annotations

import pytest

from homeshore.channels.voice import services
from homeshore.channels.voice.embedded import companion_lines as lines
from homeshore.channels.voice.embedded import ends as browsers
from homeshore.channels.voice.embedded import life
from homeshore.channels.voice.models import Call, Companion, Leg, Moment, Recording
from homeshore.channels.voice.queries import calls_of_agent, consultation_of
from homeshore.channels.voice.refusals import AlreadyConsulting, ConsultationMoved, NoSuchCall
from homeshore.channels.voice.services.consultations import RINGS
from homeshore.contacts import services as contacts
from homeshore.contacts.models import Assignment, Message, Offer, Reservation
from homeshore.contacts.queries import desk
from homeshore.contacts.refusals import NotFreeToBeAsked, NowhereToTransfer
from homeshore.foundation.models import AuditEntry, Event
from homeshore.pay.models import Act
from homeshore.people.events import announce_agent
from homeshore.people.models import Agent
from homeshore.routing.why_idle import why_idle
from tests.factories import AgentFactory, QueueFactory, RateCardFactory
from tests.integration.channels.voice.asking import Asking
from tests.integration.channels.voice.drivers import EmbeddedEnds
from tests.integration.floor import RoutedFloor

pytestmark = pytest.mark.django_db


@pytest.fixture
def colleague(queue, floor) -> Agent:
    return AgentFactory.create(operator=floor.operator, first_name="Paul", name="Paul Guérin", queues=[queue])


@pytest.fixture
def ends(colleague, routed):
    return EmbeddedEnds(routed)


def hire(queue) -> Agent:
    """Another agent, of whom the router has heard."""
    agent = AgentFactory.create(operator=queue.operator, queues=[queue])
    announce_agent(agent.pk)
    return agent


@pytest.fixture
def talk(board, ready, colleague, routed) -> Call:
    """Two people talk, and a colleague of the agent's is free."""
    call = board.talk()
    routed.ready(colleague)
    return call


class Scene(Asking):
    """What asker and colleague do."""

    def __init__(self, board, call: Call, asker: Agent, colleague: Agent) -> None:
        super().__init__(board, call, asker)
        self.colleague = colleague

    def ask(self, colleague: Agent | None = None, note: str = "Une garantie de 2019 ?") -> Companion:
        asked = services.ask_colleague(
            call_id=self.call.pk,
            agent_id=self.asker.pk,
            colleague_id=(colleague or self.colleague).pk,
            note=note,
            now=self.board.floor.now,
        )
        self.board.settle()
        return asked

    def answer(self, companion: Companion) -> Companion:
        services.answer_consultation(companion_id=companion.pk, by=self.colleague.user, now=self.board.floor.now)
        self.board.settle()
        return companion

    def go(self, companion: Companion) -> None:
        services.go_out(companion_id=companion.pk, by=self.colleague.user, now=self.board.floor.now)
        self.board.settle()

    @property
    def is_kept_free(self) -> bool:
        """Whether no contact would be offered to the colleague, by the tables and by the router."""
        idle = why_idle(self.board.floor.router.state, self.colleague.pk).why.code
        assert (idle == "consulted") == Reservation.objects.filter(agent=self.colleague).exists()
        return idle == "consulted"


@pytest.fixture
def scene(board, talk, ready, colleague) -> Scene:
    return Scene(board, talk, ready, colleague)


def test_a_colleague_is_asked_about_a_call_joins_it_and_leaves_it(scene, queue, colleague):
    Recording.objects.create(call=scene.call, operator=queue.operator, told_at=scene.board.floor.now)
    asked = scene.ask()
    assert (scene.state, scene.beside, scene.is_kept_free) == ("held", [(str(colleague), "asked")], True)
    about = consultation_of(colleague.user_id)
    assert about is not None
    assert {name: about[name] for name in ("reference", "customer", "note", "asker", "part", "held")} == {
        "reference": scene.call.contact.reference,
        "customer": "Claire Vasseur",
        "note": "Une garantie de 2019 ?",
        "asker": str(scene.asker),
        "part": "asked",
        "held": True,
    }
    scene.answer(asked)
    assert (scene.state, scene.beside) == ("held", [(str(colleague), "consult")])
    scene.decide(services.let_join)
    assert (scene.state, scene.beside, scene.is_kept_free) == ("talking", [(str(colleague), "join")], True)
    scene.go(asked)
    assert (scene.state, scene.beside, scene.is_kept_free) == ("talking", [], False)
    assert scene.how_it_ended(asked) == "left"
    assert list(Moment.objects.order_by("id").values_list("kind", flat=True)) == [
        "held",
        "joined",
        "taken_back",
        "parted",
    ]
    trail = AuditEntry.objects.filter(verb__startswith="call.").order_by("id")
    assert [each.verb for each in trail] == ["call.consulted", "call.joined", "call.left"]
    told = Event.objects.filter(kind="call.consultation")
    assert "Claire" not in str(list(told.values_list("payload", flat=True)))
    assert Assignment.objects.get().agent == scene.asker


@pytest.mark.parametrize("joined", [False, True])
def test_a_call_is_handed_over_to_the_colleague_who_was_asked(scene, queue, colleague, board, joined):
    RateCardFactory.create(brand=queue.brand, rates=[{"amount_cents": 310}])
    asked = scene.answer(scene.ask())
    if joined:
        scene.decide(services.let_join)
    scene.decide(services.hand_over)
    assert scene.how_it_ended(asked) == "handed_over"
    mine, theirs = Assignment.objects.order_by("id")
    assert (mine.agent, mine.state, mine.why) == (scene.asker, "wrap_up", "handed_over")
    assert (theirs.agent, theirs.state, theirs.offer) == (colleague, "active", None)
    first, second = scene.call.legs.order_by("number")
    assert (first.state, first.why, second.agent, second.state) == ("ended", "moved", colleague, "connecting")
    assert (scene.state, Offer.objects.count(), scene.is_kept_free) == ("connecting", 1, False)
    waited = Event.objects.filter(
        kind="call.changed",
        payload__call__state="queued",
        id__gt=Event.objects.filter(kind="call.consultation").earliest("id").pk,
    )
    assert not waited.exists(), "the customer hears nothing of a queue"
    assert Message.objects.get(kind="note").body == "Une garantie de 2019 ?"
    for side in ("agent", "customer"):
        board.ends.sound_reaches(side, second)
    assert scene.state == "talking"
    board.close(scene.call)
    assert [(act.agent, act.amount_cents) for act in Act.objects.all()] == [(colleague, 310)]


def test_a_new_owner_of_the_floor_knows_who_wraps_up_who_has_the_call_and_who_is_asked(scene, board, colleague, queue):
    scene.answer(scene.ask())
    scene.decide(services.hand_over)
    third = hire(queue)
    board.floor.ready(third)
    for side in ("agent", "customer"):
        board.ends.sound_reaches(side, board.leg(scene.call))
    services.ask_colleague(call_id=scene.call.pk, agent_id=colleague.pk, colleague_id=third.pk, now=board.floor.now)
    board.settle()
    board.floor.clock.advance(seconds=60)
    after = RoutedFloor.start(board.floor.floor, board.floor.clock, owner="b:1:test").router.state
    held = {(item.agent, item.contact, item.wrap_up_until is not None) for item in after.assignments.values()}
    assert held == {(scene.asker.pk, scene.call.contact_id, True), (colleague.pk, scene.call.contact_id, False)}
    assert why_idle(after, third.pk).why.code == "consulted"


def test_the_asker_takes_the_call_back_whatever_the_colleague_was_doing(scene, colleague):
    for answered in (False, True):
        asked = scene.ask()
        if answered:
            scene.answer(asked)
        scene.decide(services.take_back)
        assert (scene.how_it_ended(asked), scene.state, scene.beside) == ("taken_back", "talking", [])
        assert not scene.is_kept_free
        with pytest.raises(ConsultationMoved):
            scene.decide(services.take_back)


def test_who_refuses_or_does_not_answer_leaves_the_customer_on_hold_with_the_asker(scene, board, colleague):
    refused = scene.ask()
    scene.go(refused)
    assert (scene.how_it_ended(refused), scene.state, scene.is_kept_free) == ("refused", "held", False)
    ignored = scene.ask()
    for _ in range(6):
        board.floor.clock.advance(seconds=5)
        for end in (board.ends.customer(scene.call), board.ends.agent(board.leg(scene.call))):
            browsers.give_sign(end, now=board.floor.now)
        services.give_companion_sign(companion_id=ignored.pk, by=colleague.user, now=board.floor.now)
        life.end_what_is_dead(now=board.floor.now)
    assert (scene.how_it_ended(ignored), scene.state) == ("unanswered", "held")
    with pytest.raises(ConsultationMoved):
        services.answer_consultation(companion_id=ignored.pk, by=colleague.user, now=board.floor.now)


def test_nothing_is_decided_with_who_has_not_answered_nor_by_who_was_asked(scene, colleague, board):
    asked = scene.ask()
    for verb in (services.let_join, services.hand_over):
        with pytest.raises(ConsultationMoved):
            scene.decide(verb)
    scene.answer(asked)
    with pytest.raises(NoSuchCall):
        services.take_part(companion_id=asked.pk, by=colleague.user, part=Companion.Part.LISTEN, now=board.floor.now)
    with pytest.raises(NoSuchCall):
        services.let_join(call_id=scene.call.pk, agent_id=colleague.pk, now=board.floor.now)


def test_one_colleague_at_a_time_who_is_free_and_of_this_floor(scene, queue, colleague, board):
    busy = hire(queue)
    scene.ask()
    with pytest.raises(AlreadyConsulting):
        scene.ask(busy)
    scene.decide(services.take_back)
    with pytest.raises(NotFreeToBeAsked):
        scene.ask(busy)  # away
    for nobody in (scene.asker, AgentFactory.create()):
        with pytest.raises(NowhereToTransfer):
            scene.ask(nobody)

    board.floor.ready(busy)
    contacts.set_presence(agent_id=colleague.pk, state="break", now=board.floor.now)
    services.place_call(
        queue_id=queue.pk,
        thread=services.Thread("voice", "+33612345678"),
        customer=contacts.CustomerFacts(name="Marc"),
        driver_name="embedded",
        now=board.floor.now,
    )
    board.settle()
    hindered = {
        each["id"]: each["no_call"]
        for each in desk.colleagues_present(operator_id=colleague.operator_id, but=scene.asker.pk)
    }
    assert hindered == {busy.pk: "offer", colleague.pk: "away"}
    board.floor.accept(Offer.objects.get(state="open").contact)
    board.settle()
    with pytest.raises(NotFreeToBeAsked):
        scene.ask(busy)
    assert not Reservation.objects.exists()


@pytest.mark.parametrize("stage", ["asked", "consult", "join"])
@pytest.mark.parametrize("who", ["customer", "asker", "colleague"])
def test_whoever_goes_away_nobody_is_left_alone_and_nobody_stays_reserved(scene, board, colleague, stage, who):
    asked = scene.ask()
    if stage != "asked":
        scene.answer(asked)
    if stage == "join":
        scene.decide(services.let_join)
    leg = board.leg(scene.call)
    alive = {
        "customer": lambda: browsers.give_sign(board.ends.customer(scene.call), now=board.floor.now),
        "asker": lambda: browsers.give_sign(board.ends.agent(leg), now=board.floor.now),
        "colleague": lambda: services.give_companion_sign(
            companion_id=asked.pk, by=colleague.user, now=board.floor.now
        ),
    }
    del alive[who]
    for _ in range(7):
        board.floor.clock.advance(seconds=5)
        for sign in alive.values():
            sign()
        life.end_what_is_dead(now=board.floor.now)
        services.follow_all(now=board.floor.now)
    board.settle()
    assert scene.how_it_ended(asked)
    assert not Reservation.objects.exists()
    contact = board.seen(scene.call).contact
    if who == "customer":
        assert (scene.state, contact.state) == ("ended", "active")
    elif who == "asker":
        assert leg.call.legs.get(number=1).why == "agent_lost"
        assert Offer.objects.get(state="open").agent == colleague, "the next one free, and first in line"
    else:
        assert (scene.state, contact.state) == ("talking" if stage == "join" else "held", "active")


@pytest.mark.parametrize("comes_back", [True, False])
def test_a_colleagues_page_that_is_loaded_again_finds_itself_back_and_one_that_is_closed_is_lost(
    scene, board, colleague, comes_back
):
    """A page cannot tell the one from the other."""
    asked = scene.ask()
    lines.step_away(asked.pk, user=colleague.user, now=board.floor.now)
    asked.refresh_from_db()
    rings_until = asked.alive_until
    scene.answer(asked)
    with pytest.raises(NoSuchCall):
        lines.step_away(asked.pk, user=scene.asker.user, now=board.floor.now)
    lines.step_away(asked.pk, user=colleague.user, now=board.floor.now)
    asked.refresh_from_db()
    assert rings_until - board.floor.now == RINGS, "a desk that rings goes on ringing"
    assert asked.alive_until - board.floor.now == browsers.RELOAD
    if comes_back:
        board.floor.clock.advance(seconds=7)
        services.renew_companion(companion_id=asked.pk, by=colleague.user, round=asked.round, now=board.floor.now)
    board.floor.clock.advance(seconds=9)
    life.end_what_is_dead(now=board.floor.now)
    assert scene.how_it_ended(asked) == ("" if comes_back else "lost")
    assert [each["round"] for each in calls_of_agent(scene.asker.pk)[0]["companions"]] == [2] * comes_back
    assert scene.state == "held"


def test_a_call_of_their_own_goes_before(scene, board, colleague, queue):
    """An offer that was on its way when they were asked, and that they accept."""
    asked = scene.answer(scene.ask())
    other = QueueFactory.create(brand=queue.brand, channel="voice")
    call = services.place_call(
        queue_id=other.pk,
        thread=services.Thread("voice", "+33612345678"),
        customer=contacts.CustomerFacts(name="Marc"),
        driver_name="embedded",
        now=board.floor.now,
    )
    contacts.assign_contact(contact_id=call.contact_id, agent_id=colleague.pk, by=scene.asker.user, now=board.floor.now)
    board.settle()
    assert (scene.how_it_ended(asked), scene.state, scene.beside) == ("elsewhere", "held", [])
    assert Leg.objects.get(call=call).agent == colleague
    assert not Reservation.objects.exists()
