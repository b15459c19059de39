"""Being called back, as customers, agents and supervisors do it over HTTP."""

import json
from datetime import timedelta

import pytest
from django.test import Client

from homeshore.channels.voice import services as calls
from homeshore.channels.voice.models import Call
from homeshore.contacts import channels, services
from homeshore.contacts.channels import ChannelTraits
from homeshore.contacts.models import Callback, Contact
from homeshore.foundation.models import AuditEntry, Role
from tests.clock import MORNING
from tests.factories import AgentFactory, DispositionFactory, QueueFactory, user_as
from tests.integration.channels.chat.conftest import Page

pytestmark = pytest.mark.django_db
DEVICE = "a-page-of-theirs"
LATER = MORNING + timedelta(hours=2)
E164 = "+33199001234"


@pytest.fixture
def line(floor, queue, routed):
    """The brand's queue for calls beside its chat, and an agent for it."""
    channels.register(ChannelTraits("voice", outbox_kind=None, live=True))
    line = QueueFactory.create(floor=floor, brand=queue.brand, channel="voice", target_seconds=20)
    routed.router.turn()
    return line


@pytest.fixture
def page(line):
    page = Page(line.brand.widget_key)
    page.visit()
    return page


@pytest.fixture
def agent_of_line(line, floor, routed):
    agent = AgentFactory.create(operator=floor.operator, queues=[line])
    routed.router = type(routed).start(floor, advanced(routed.clock), owner="a:1:again").router
    return agent


def advanced(clock):
    clock.advance(seconds=61)
    return clock


def signed_in(user):
    client = Client()
    client.force_login(user)
    return client


def post(client, path, **fields):
    return client.post(path, json.dumps(fields), content_type="application/json")


def settle(routed):
    for _ in range(3):
        routed.router.turn()
        calls.follow_all(now=routed.now)


def asks(page, **fields):
    call = page.post("call/place", device=DEVICE).json()["call"]["id"]
    return page.post("call/callback", call=call, device=DEVICE, **fields)


def test_who_waits_hangs_up_keeps_their_place_and_answers_on_the_page_when_called(page, routed, agent_of_line):
    shown = asks(page).json()
    contact = Contact.objects.get()
    assert shown["call"] is None
    assert shown["callback"] == {"contact": contact.pk, "number": "", "at": None, "attempts": 0, "agent": None}
    assert shown["thread"]["place"]["place"] == 1
    assert Callback.objects.get().wording == "I ask to be called back on this page when my turn comes."
    settle(routed)
    assert (Call.objects.get().state, Contact.objects.get().state) == ("ended", "waiting")
    routed.ready(agent_of_line)
    routed.accept(contact)
    settle(routed)
    assert page.get("call").json()["callback"]["agent"] == agent_of_line.first_name
    answered = page.post("call/place", device=DEVICE).json()
    settle(routed)
    assert page.get("call").json()["call"]["state"] == "connecting"
    assert Call.objects.get(pk=answered["call"]["id"]).contact_id == contact.pk
    assert page.get("call").json()["callback"]["agent"]


def test_a_number_is_kept_as_one_dials_it_and_one_that_is_none_is_refused_with_the_call_going_on(page, line, routed):
    assert asks(page, number="12").status_code == 422
    assert Call.objects.get().state == "queued"
    assert (
        page.post("call/callback", call=Call.objects.get().pk, device=DEVICE, number="01 99 00 12 34").status_code
        == 201
    )
    assert (Callback.objects.get().number, Call.objects.get().state) == (E164, "ended")


def test_a_customer_chooses_a_moment_then_another_one_then_none(page, line, routed):
    page.post("call/callback/later", at=LATER.isoformat(), number="0199001234")
    sooner = LATER - timedelta(hours=1)
    shown = page.post("call/callback/later", at=sooner.isoformat(), number="0199001234").json()["callback"]
    assert (shown["at"], shown["number"]) == (sooner.isoformat(), E164)
    assert list(Contact.objects.order_by("id").values_list("state", "outcome")) == [
        ("closed", "cancelled"),
        ("scheduled", ""),
    ]
    page.say("Bonjour, en attendant")
    assert Contact.objects.filter(state="waiting", channel="chat").count() == 1
    assert page.post("call/callback/cancel").json()["callback"] is None
    assert not Contact.objects.filter(state="scheduled").exists()


def test_a_moment_that_is_past_is_refused(page, line, routed):
    refused = page.post("call/callback/later", at=(MORNING - timedelta(hours=1)).isoformat(), number="0199001234")
    assert refused.status_code == 422
    assert not Contact.objects.exists()


def test_an_agent_promises_a_callback_as_they_close_and_says_when_nobody_answers(line, queue, routed, agent):
    routed.ready(agent)
    contact = routed.write_in(queue).contact
    routed.accept(contact)
    desk = signed_in(agent.user)
    reason = DispositionFactory.create(brand=queue.brand)
    promise = {"at": LATER.isoformat(), "number": "0199001234", "with_me": True}
    wrong = post(desk, f"/desk/contacts/{contact.pk}/close", disposition=reason.pk, call_back={**promise, "at": "soon"})
    assert (wrong.status_code, Contact.objects.get(pk=contact.pk).state) == (422, "active")
    assert post(desk, f"/desk/contacts/{contact.pk}/close", disposition=reason.pk, call_back=promise).status_code == 200
    promised = Contact.objects.get(state="scheduled")
    assert (promised.queue, promised.arrived_at, promised.preferred_agent) == (line, LATER, agent)
    assert promised.conversation.customer == contact.conversation.customer
    services.assign_contact(contact_id=promised.pk, agent_id=agent.pk, by=agent.user, now=routed.now)
    again = post(desk, f"/desk/contacts/{promised.pk}/not-reached").json()["again_at"]
    assert again == (routed.now + timedelta(minutes=15)).isoformat()
    assert post(desk, f"/desk/contacts/{promised.pk}/not-reached").status_code in (404, 409)


def test_a_supervisor_sees_callbacks_and_takes_one_back(page, line, floor, routed):
    page.post("call/callback/later", at=LATER.isoformat(), number="0199001234")
    client = signed_in(user_as(Role.SUPERVISOR, floor.operator))
    contact = Contact.objects.get()
    snapshot = client.get("/floor/snapshot").json()
    assert [(each["contact"], each["wanted_at"]) for each in snapshot["callbacks"]] == [(contact.pk, LATER.isoformat())]
    assert E164 not in json.dumps(snapshot)
    assert post(client, f"/floor/contacts/{contact.pk}/cancel-callback").status_code == 200
    assert post(client, f"/floor/contacts/{contact.pk}/cancel-callback").status_code == 409
    assert AuditEntry.objects.get(verb="callback.cancelled").target == f"C-{contact.pk}"
