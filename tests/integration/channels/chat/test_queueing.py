"""Waiting, giving up, and asking for the answer by e-mail."""

from datetime import timedelta

import pytest

from homeshore.contacts.models import Contact, Message
from homeshore.contacts.places import Places
from homeshore.foundation import feed
from tests.clock import MORNING
from tests.factories import AgentFactory, AssignmentFactory, ContactFactory, OpeningHoursFactory, PresenceFactory
from tests.integration.channels.chat.conftest import Page, take


@pytest.fixture
def whispers(monkeypatch):
    heard = []
    monkeypatch.setattr(feed, "whisper", lambda *, topics, kind, payload, **_: heard.append((topics, kind, payload)))
    return heard


def test_the_place_follows_the_order_in_which_contacts_are_due(page, queue, clock):
    ContactFactory.create(queue=queue, arrived_at=MORNING - timedelta(minutes=1))
    ContactFactory.create(queue=queue, arrived_at=MORNING + timedelta(minutes=1))
    ContactFactory.create(queue=queue, arrived_at=MORNING - timedelta(minutes=2), state=Contact.State.OFFERED)
    assert page.say("Bonjour").json()["thread"]["place"]["place"] == 3


def one_answered_every_minute(queue):
    """Twenty customers, each of whom waited five minutes."""
    for number in range(1, 21):
        AssignmentFactory.create(
            contact__queue=queue, contact__state=Contact.State.CLOSED, contact__closed_at=MORNING,
            contact__arrived_at=MORNING - timedelta(minutes=number + 5), opened_at=MORNING - timedelta(minutes=number),
        )  # fmt: skip


def test_the_wait_is_said_as_an_interval_where_the_answers_of_the_last_hours_allow_it(page, queue, clock):
    one_answered_every_minute(queue)
    PresenceFactory.create(agent=AgentFactory.create(operator=queue.brand.operator, queues=[queue]))
    assert page.say("Bonjour").json()["thread"]["place"] == {
        "place": 1,
        "expected": {"low_seconds": 0, "high_seconds": 120},
    }


def test_no_wait_is_said_while_no_agent_is_there(page, queue, clock):
    one_answered_every_minute(queue)
    assert page.say("Bonjour").json()["thread"]["place"] == {"place": 1, "expected": None}


def test_places_are_whispered_when_they_change_and_only_then(page, brand, whispers, clock):
    other = Page(brand.widget_key)
    other.visit()
    first, second = page.say("Bonjour").json()["thread"], None
    clock.advance(seconds=1)
    second = other.say("Bonjour").json()["thread"]
    places = Places()
    assert places.tell_changes(clock.now()) == 2
    assert places.tell_changes(clock.now()) == 0
    whispers.clear()
    page.post("leave")
    assert places.tell_changes(clock.now()) == 1
    assert whispers == [([f"thread:{second['conversation']}"], "place", {"place": {"place": 1, "expected": None}})]
    assert first["conversation"] != second["conversation"]


def test_who_leaves_the_queue_has_abandoned(page):
    page.say("Bonjour")
    shown = page.post("leave").json()["thread"]
    contact = Contact.objects.get()
    assert (contact.state, contact.outcome) == (Contact.State.CLOSED, Contact.Outcome.ABANDONED)
    assert shown["contact"]["state"] == "closed"
    assert shown["place"] is None


def test_leaving_twice_or_before_writing_does_nothing(page):
    assert page.post("leave").json() == {"thread": None}
    page.say("Bonjour")
    assert [page.post("leave").status_code for _ in range(2)] == [200, 200]


def test_who_leaves_just_as_an_agent_takes_the_chat_is_told_so(page):
    page.say("Bonjour")
    take(Contact.objects.get())
    refused = page.post("leave")
    assert (refused.status_code, refused.json()["error"]["code"]) == (409, "already_taken")
    assert Contact.objects.get().state == Contact.State.ACTIVE


def test_the_answer_by_mail_takes_what_was_written_to_the_mail_queue(page, mail_queue):
    page.say("Bonjour")
    page.say("Mon colis est perdu", client_id="message-2")
    response = page.post("by-mail", client_id="by-mail-1", email="claire@example.net", name="Claire", body="ML-48213")
    assert response.status_code == 201
    chat, mail = Contact.objects.order_by("pk")
    assert (chat.state, chat.outcome) == (Contact.State.CLOSED, Contact.Outcome.CANCELLED)
    assert (mail.queue, mail.channel, mail.state) == (mail_queue, "email", Contact.State.WAITING)
    assert mail.conversation.unverified_email == "claire@example.net"
    assert mail.conversation.customer == chat.conversation.customer
    assert mail.conversation.subject == "Your question to Maison Lavande"
    assert mail.messages.get().body == "Bonjour\n\nMon colis est perdu\n\nML-48213"


def test_asked_twice_it_is_asked_once(page, mail_queue):
    page.say("Bonjour")
    for _ in range(2):
        assert page.post("by-mail", client_id="by-mail-1", email="claire@example.net").status_code == 201
    assert Contact.objects.filter(channel="email").count() == 1


def test_a_closed_brand_takes_a_question_by_mail(page, brand, mail_queue):
    OpeningHoursFactory.create(brand=brand, weekday=5, opens="09:00", closes="10:00")
    assert page.visit()["answers_by_mail"]
    assert page.post("by-mail", client_id="by-mail-1", email="c@example.net", body="Une question").status_code == 201
    assert Message.objects.get().body == "Une question"


@pytest.mark.parametrize(
    ("sent", "code"),
    [
        ({"email": "c@example.net"}, "nothing_said"),
        ({"body": "Une question"}, "invalid"),
        ({"body": "Une question", "email": "nowhere"}, "invalid"),
    ],
)
def test_an_address_and_a_question_are_needed(page, mail_queue, sent, code):
    refused = page.post("by-mail", client_id="by-mail-1", **sent)
    assert (refused.status_code, refused.json()["error"]["code"]) == (422, code)


def test_a_brand_without_a_mail_queue_does_not_offer_it(page):
    assert page.visit()["answers_by_mail"] is False
    refused = page.post("by-mail", client_id="by-mail-1", email="c@example.net", body="Une question")
    assert (refused.status_code, refused.json()["error"]["code"]) == (409, "no_mail")


def test_an_agent_who_has_just_taken_the_chat_keeps_it(page, mail_queue):
    page.say("Bonjour")
    take(Contact.objects.get())
    refused = page.post("by-mail", client_id="by-mail-1", email="c@example.net")
    assert refused.json()["error"]["code"] == "already_taken"
    assert not Contact.objects.filter(channel="email").exists()


def test_typing_is_whispered_to_the_agent_who_has_the_chat(page, whispers):
    page.say("Bonjour", name="Claire")
    page.post("typing")
    assert whispers == []
    agent = take(Contact.objects.get())
    page.post("typing")
    conversation = page.thread()["conversation"]
    assert whispers == [([f"agent:{agent.pk}"], "typing", {"conversation": conversation, "who": "Claire"})]
