"""Two browsers that carry a call: which page, its signs of life, and what they say to find each other."""

import pytest

from homeshore.channels.voice.embedded import ends as browsers
from homeshore.channels.voice.embedded import life
from homeshore.channels.voice.models import Browser, Call, Leg, Side, Signal
from homeshore.channels.voice.refusals import NoSuchCall, OnAnotherDevice, WithAnAgent
from homeshore.contacts import services as contacts
from homeshore.contacts.models import Contact
from homeshore.contacts.router.rules import agent_changed, queue_changed
from homeshore.pay.models import Act
from tests.factories import AgentFactory, QueueFactory, RateCardFactory, UserFactory
from tests.integration.channels.voice.drivers import EmbeddedEnds

pytestmark = pytest.mark.django_db


@pytest.fixture
def ends(routed):
    return EmbeddedEnds(routed)


@pytest.fixture
def talk(board, ready):
    return board.talk()


def say(end, board, kind="offer", round=1):
    return browsers.say(end, round=round, kind=kind, body={"sdp": "v=0"}, now=board.floor.now)


def test_what_one_page_says_the_other_hears_in_order_and_once(board, ends, talk):
    customer, agent = ends.customer(talk), ends.agent(board.leg(talk))
    assert say(customer, board)
    assert say(customer, board, "candidate")
    heard = browsers.heard(agent, after=0)
    assert [each["kind"] for each in heard] == ["offer", "candidate"]
    assert browsers.heard(agent, after=heard[-1]["id"]) == []
    assert browsers.heard(customer, after=0) == []


def test_signals_of_an_earlier_round_are_dropped(board, ends, talk):
    customer = ends.customer(talk)
    browsers.renew(customer, round=1, now=board.floor.now)
    assert not say(customer, board, round=1)
    assert say(customer, board, round=2)


def test_both_sides_asking_for_a_new_round_at_once_get_one(board, ends, talk):
    for end in (ends.customer(talk), ends.agent(board.leg(talk))):
        browsers.renew(end, round=1, now=board.floor.now)
    assert board.seen(talk).round == 2


def test_nothing_said_stays_when_the_call_is_over(board, ends, talk):
    say(ends.customer(talk), board)
    board.hang_up(talk)
    assert not Signal.objects.exists()
    assert not Browser.objects.filter(side=Side.CUSTOMER).exists()


def test_another_agent_hears_and_says_nothing(board, ends, talk, agent):
    stranger = AgentFactory.create(operator=agent.operator)
    strange = browsers.End(talk.pk, Side.AGENT, "other", agent_id=stranger.pk)
    for attempt in (
        lambda: browsers.heard(strange, after=0),
        lambda: say(strange, board),
        lambda: browsers.join(strange, now=board.floor.now),
    ):
        with pytest.raises(NoSuchCall):
            attempt()


def test_a_second_window_does_not_take_the_call_unless_asked_to(board, ends, talk):
    elsewhere = ends.agent(board.leg(talk), device="second-window")
    with pytest.raises(OnAnotherDevice):
        browsers.join(elsewhere, now=board.floor.now)
    browsers.join(elsewhere, take_over=True, now=board.floor.now)
    assert board.seen(talk).round == 2
    assert not browsers.give_sign(ends.agent(board.leg(talk)), now=board.floor.now)


def test_a_page_loaded_again_goes_on_with_its_call(board, ends, talk):
    customer = ends.customer(talk)
    browsers.leave(customer, now=board.floor.now)
    board.floor.clock.advance(seconds=5)
    browsers.join(customer, now=board.floor.now)
    board.floor.clock.advance(seconds=10)
    life.end_what_is_dead(now=board.floor.now)
    assert board.seen(talk).state == "talking"


def test_a_page_that_leaves_and_does_not_come_back_ends_the_call_soon(board, ends, talk):
    browsers.leave(ends.customer(talk), now=board.floor.now)
    board.floor.clock.advance(seconds=9)
    life.end_what_is_dead(now=board.floor.now)
    assert (board.seen(talk).state, board.seen(talk).why) == ("ended", "customer_lost")


def test_two_who_do_not_find_each_other_are_parted_and_the_customer_waits_at_the_front(board, ends, ready):
    call = board.call()
    board.accept(call)
    for _ in range(7):
        board.floor.clock.advance(seconds=5)
        browsers.give_sign(ends.customer(call), now=board.floor.now)
        browsers.give_sign(ends.agent(board.leg(call)), now=board.floor.now)
        life.end_what_is_dead(now=board.floor.now)
    call = board.seen(call)
    assert (call.state, call.contact.state, board.leg(call).why) == ("queued", "waiting", "never_connected")


def test_an_agent_who_never_comes_back_to_close_a_call_is_paid_for_it(board, ends, talk):
    RateCardFactory.create(brand=board.queue.brand, rates=[{"amount_cents": 180}])
    talk = board.hang_up(talk)
    board.floor.clock.advance(seconds=30)
    life.end_what_is_dead(now=board.floor.now)
    assert board.seen(talk).contact.state == "active"
    board.floor.clock.advance(seconds=35)
    life.end_what_is_dead(now=board.floor.now)
    board.settle()
    talk = board.seen(talk)
    assert (talk.contact.state, talk.contact.outcome, talk.settled) == ("closed", "handled", True)
    assert Act.objects.get().amount_cents == 180


def test_after_a_cut_the_next_agent_gets_the_call_in_a_round_of_its_own(board, ends, talk, ready):
    say(ends.customer(talk), board)
    board.ends.line_breaks(Side.AGENT, talk)
    other = AgentFactory.create(operator=ready.operator, queues=[board.queue])
    agent_changed(other.pk)
    board.floor.ready(other)
    board.settle()
    assert (board.seen(talk).round, Signal.objects.count()) == (2, 0)


def test_a_chat_that_waits_goes_on_by_phone_in_the_same_conversation(board):
    chats = QueueFactory.create(brand=board.queue.brand, floor=board.floor.floor, channel="chat")
    queue_changed(chats.pk)
    chat = board.floor.write_in(chats).contact
    board.floor.clock.advance(seconds=40)
    call = board.call()
    chat.refresh_from_db()
    assert (chat.state, chat.outcome) == ("closed", "cancelled")
    assert (call.contact.conversation_id, call.contact.arrived_at) == (chat.conversation_id, chat.arrived_at)


def test_who_writes_with_an_agent_is_not_taken_away_from_them_by_a_call(board, ready):
    chats = QueueFactory.create(brand=board.queue.brand, floor=board.floor.floor, channel="chat")
    queue_changed(chats.pk)
    chat = board.floor.write_in(chats).contact
    contacts.assign_contact(contact_id=chat.pk, agent_id=ready.pk, by=UserFactory.create(), now=board.floor.now)
    with pytest.raises(WithAnAgent):
        board.call()
    assert not Call.objects.exists()


def test_words_written_during_a_call_join_its_contact(board, ready):
    call = board.talk()
    chats = QueueFactory.create(brand=board.queue.brand, floor=board.floor.floor, channel="chat")
    written = board.floor.write_in(chats, text="Ma commande est la 4071")
    assert written.contact == call.contact
    assert Contact.objects.count() == 1


def test_calling_twice_is_one_call(board):
    assert board.call() == board.call()
    assert Leg.objects.count() == 0
