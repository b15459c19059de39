"""What a visitor says, and what becomes of it."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from homeshore.contacts import services as contacts
from homeshore.contacts.models import Contact, Conversation, Customer, Message
from homeshore.foundation.models import Event
from tests.clock import MORNING
from tests.factories import OpeningHoursFactory
from tests.integration.channels.chat.conftest import Page, take

PNG = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + bytes(20)


def test_the_first_message_opens_a_contact_in_the_brands_chat_queue(page, queue):
    shown = page.say("Bonjour, où en est ma commande ?", name="Claire", email="claire@example.net").json()["thread"]
    contact = Contact.objects.get()
    assert (contact.queue, contact.state, contact.arrived_at) == (queue, Contact.State.WAITING, MORNING)
    assert Customer.objects.values_list("name", "email", "language").get() == ("Claire", "", "en")
    assert contact.conversation.unverified_email == "claire@example.net"
    assert shown["contact"] == {
        "id": contact.pk,
        "channel": "chat",
        "state": "waiting",
        "outcome": "",
        "arrived_at": MORNING.isoformat(),
        "agent": None,
    }
    assert shown["place"] == {"place": 1, "expected": None}
    assert [(each["kind"], each["body"]) for each in shown["messages"]] == [
        ("inbound", "Bonjour, où en est ma commande ?")
    ]


def test_the_same_message_twice_is_one_message(page):
    first, second = page.say("Bonjour"), page.say("Bonjour")
    assert (first.status_code, second.status_code) == (201, 201)
    assert len(second.json()["thread"]["messages"]) == 1
    assert (Message.objects.count(), Contact.objects.count()) == (1, 1)


def test_a_message_sent_again_after_the_contact_was_closed_opens_no_other(page):
    page.say("Bonjour")
    contacts.abandon_contact(contact_id=Contact.objects.get().pk, now=MORNING)
    assert page.say("Bonjour").status_code == 201
    assert Contact.objects.count() == 1


def test_a_new_message_after_the_end_opens_a_new_contact_in_the_same_thread(page, clock):
    page.say("Bonjour")
    contacts.abandon_contact(contact_id=Contact.objects.get().pk, now=MORNING)
    clock.advance(minutes=5)
    page.say("Me revoilà", client_id="message-2")
    assert (Contact.objects.count(), Conversation.objects.count()) == (2, 1)
    assert page.thread()["contact"]["state"] == "waiting"


@pytest.mark.parametrize("body", ["", "   \n", "\x00"])
def test_nothing_is_not_a_message(page, body):
    response = page.say(body)
    assert response.status_code == 422
    assert response.json()["error"]["code"] in {"nothing_said", "invalid"}
    assert not Message.objects.exists()


def test_a_text_of_two_megabytes_is_refused_in_words(page):
    response = page.say("a" * 2_000_000)
    assert response.status_code == 422
    assert response.json()["error"] == {
        "code": "text_too_long",
        "message": "Your message is too long: 10000 characters at most. Shorten it, or send it as a file.",
    }
    assert not Message.objects.exists()


def test_a_text_of_ten_thousand_characters_passes_and_one_more_does_not(page):
    assert page.say("é" * 10_000).status_code == 201
    assert page.say("é" * 10_001, client_id="message-2").status_code == 422


def test_scripts_stay_text(page):
    hostile = "<script>alert(1)</script><img src=x onerror=alert(1)>"
    shown = page.say(hostile, name=hostile[:100]).json()["thread"]
    assert shown["messages"][0]["body"] == hostile
    assert Message.objects.get().html == ""


def test_a_form_that_is_wrong_says_which_field(page):
    refused = page.say("Bonjour", client_id="x", email="not an address").json()["error"]
    assert (refused["code"], set(refused["fields"])) == ("invalid", {"client_id", "email"})


def test_notes_and_the_agents_full_name_never_reach_the_visitor(page):
    page.say("Bonjour")
    contact = Contact.objects.get()
    agent = take(contact)
    contacts.write_note(
        author=agent.user, agent_id=agent.pk, contact_id=contact.pk, body="client pénible", audience="brand",
        client_id="note-1", now=MORNING,
    )  # fmt: skip
    contacts.send_message(
        agent_id=agent.pk, contact_id=contact.pk, body="Bonjour Claire", client_id="answer-1", now=MORNING
    )
    told = page.get("thread").content.decode()
    told += "".join(str(event.payload) for event in Event.objects.all() if any("thread:" in t for t in event.topics))
    assert "Bonjour Claire" in told
    assert "Inês" in told
    assert "pénible" not in told
    assert agent.name not in told
    assert agent.user.email not in told


def test_the_thread_tells_who_took_it_after_how_long_and_how_it_ended(page, clock):
    page.say("Bonjour")
    contact = Contact.objects.get()
    clock.advance(seconds=70)
    agent = take(contact, now=clock.now())
    clock.advance(minutes=3)
    contacts.transfer_contact(agent_id=agent.pk, contact_id=contact.pk, to_queue_id=contact.queue_id, now=clock.now())
    clock.advance(minutes=1)
    contacts.abandon_contact(contact_id=contact.pk, now=clock.now())
    assert [{**turn, "contact": None, "at": turn["at"][11:19]} for turn in page.thread()["turns"]] == [
        {"kind": "taken", "contact": None, "at": "09:01:10", "agent": "Inês", "waited_seconds": 70.0},
        {"kind": "waiting", "contact": None, "at": "09:04:10"},
        {"kind": "closed", "contact": None, "at": "09:05:10", "outcome": "abandoned"},
    ]


def test_each_sees_their_own_thread_only(page, brand):
    page.say("Bonjour")
    stranger = Page(brand.widget_key)
    assert stranger.visit()["thread"] is None
    assert stranger.thread() is None


def test_a_file_comes_back_as_it_went_to_be_saved_only(page):
    response = page.post_files(
        "messages", body="Voici", client_id="message-1", files=[SimpleUploadedFile("plaid d’été.png", PNG)]
    )
    [kept] = response.json()["thread"]["messages"][0]["attachments"]
    assert (kept["name"], kept["size"]) == ("plaid d’été.png", len(PNG))
    answer = page.get(f"files/{kept['id']}")
    assert answer.content == PNG
    assert answer["Content-Type"] == "image/png"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Disposition"].startswith("attachment;")
    assert "sandbox" in answer["Content-Security-Policy"]


def test_a_drawing_with_a_script_is_refused_and_nothing_is_kept(page):
    svg = b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"></svg>'
    for name in ("drawing.svg", "drawing.png"):
        response = page.post_files("messages", body="", client_id="message-1", files=[SimpleUploadedFile(name, svg)])
        assert response.status_code == 422
    assert not Message.objects.exists()


def test_a_file_of_another_thread_is_not_there(page, brand):
    response = page.post_files("messages", body="", client_id="message-1", files=[SimpleUploadedFile("a.png", PNG)])
    attachment = response.json()["thread"]["messages"][0]["attachments"][0]["id"]
    stranger = Page(brand.widget_key)
    stranger.visit()
    stranger.say("Bonjour")
    assert stranger.get(f"files/{attachment}").status_code == 404


def test_too_large_a_file_is_refused_in_words(page, settings):
    settings.MAX_UPLOAD_BYTES = 1000
    response = page.post_files("messages", client_id="message-1", files=[SimpleUploadedFile("a.txt", b"a" * 1001)])
    assert response.status_code == 413
    assert "at most 1\N{NO-BREAK SPACE}KB in all" in response.json()["error"]["message"]


def test_a_visitor_sends_so_many_bytes_an_hour_and_no_more(page, settings, clock):
    settings.CHAT_UPLOAD_BYTES_PER_HOUR = 60_000
    settings.CHAT_MESSAGES_PER_MINUTE = 1_000

    def send(number: int) -> int:
        file = SimpleUploadedFile("a.txt", b"a" * 25_000)
        return page.post_files("messages", client_id=f"message-{number}", files=[file]).status_code

    assert [send(number) for number in range(3)] == [201, 201, 429]
    clock.advance(minutes=20)
    assert [send(3), send(4)] == [201, 429]


def test_more_messages_than_a_person_writes_must_wait(page, settings, clock):
    settings.CHAT_MESSAGES_PER_MINUTE = 10
    answers = [page.say("encore", client_id=f"message-{number}") for number in range(7)]
    assert [answer.status_code for answer in answers] == [201] * 5 + [429] * 2
    assert answers[-1]["Retry-After"] == "6"
    assert answers[-1]["Access-Control-Expose-Headers"] == "Retry-After"
    clock.advance(seconds=6)
    assert page.say("encore", client_id="message-6").status_code == 201


def test_a_brand_has_a_limit_of_its_own(page, brand, settings):
    settings.CHAT_BRAND_MESSAGES_PER_MINUTE = 10
    pages = [Page(brand.widget_key) for _ in range(6)]
    for each in pages:
        each.visit()
    assert [each.say("Bonjour").status_code for each in pages] == [201] * 5 + [429]


def test_a_closed_brand_takes_no_new_chat_and_says_when_it_opens(page, brand, clock):
    OpeningHoursFactory.create(brand=brand, weekday=1, opens="14:00", closes="18:00")
    shown = page.visit()
    assert shown["opening"] == {
        "is_open": False,
        "until": None,
        "opens_at": "2026-11-24T13:00:00+00:00",
        "holiday": "",
    }
    refused = page.say("Bonjour")
    assert (refused.status_code, refused.json()["error"]["code"]) == (409, "closed")
    clock.advance(hours=5)
    assert page.say("Bonjour").status_code == 201


def test_a_conversation_goes_on_past_closing_time(page, brand, clock):
    OpeningHoursFactory.create(brand=brand, weekday=1, opens="09:00", closes="10:30")
    assert page.say("Bonjour").status_code == 201
    clock.advance(hours=1)
    assert page.say("Toujours là ?", client_id="message-2").status_code == 201


def test_a_public_holiday_is_named_in_the_visitors_language(brand, clock):
    OpeningHoursFactory.create(brand=brand, weekday=4, opens="09:00", closes="18:00")
    clock.advance(days=31)
    assert Page(brand.widget_key, language="fr").visit()["opening"]["holiday"] == "Noël"
    assert Page(brand.widget_key, language="en").visit()["opening"]["holiday"] == "Christmas Day"


def test_an_accent_that_cannot_be_read_gives_way_to_that_of_the_house(brand, clock):
    brand.accent = "#ffd400"
    brand.save()
    assert Page(brand.widget_key).visit()["brand"]["tones"]["day"]["accent"] == "#0a655b"


def test_reading_is_told_to_the_agent(page):
    page.say("Bonjour")
    contact = Contact.objects.get()
    agent = take(contact)
    assert page.post("read").status_code == 204
    read = Event.objects.get(kind="conversation.read")
    assert (read.topics, read.payload["by"]) == ([f"agent:{agent.pk}"], "customer")


@pytest.mark.sqlite
def test_what_one_asks_is_as_cheap_as_it_was(page, queries_as_before):
    page.say("Bonjour")
    with queries_as_before():
        page.say("Encore", client_id="message-2")
