"""What the desk asks and does, over HTTP."""

import json

import pytest
from django.test import Client

from homeshore.contacts.models import Assignment, Contact, Message, Presence
from homeshore.contacts.router.rules import agent_changed
from tests.factories import (
    AgentFactory,
    DispositionFactory,
    OperatorFactory,
    PresenceFactory,
    RateCardFactory,
    RateFactory,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(agent):
    client = Client()
    client.force_login(agent.user)
    return client


def post(client, path, **fields):
    return client.post(f"/desk/{path}", json.dumps(fields), content_type="application/json")


@pytest.fixture
def in_hand(routed, queue, agent):
    routed.ready(agent)
    contact = routed.write_in(queue, text="Ma lampe clignote").contact
    routed.accept(contact)
    return contact


def test_the_snapshot_holds_all_that_the_desk_draws(routed, desk, queue, agent, in_hand):
    card = RateCardFactory.create(brand=queue.brand)
    RateFactory.create(card=card, amount_cents=190)
    reason = DispositionFactory.create(brand=queue.brand, name="Commande")
    detail = DispositionFactory.create(brand=queue.brand, parent=reason, name="Retard")
    drawn = desk.get("/desk/snapshot").json()
    assert drawn["agent"]["id"] == agent.pk
    assert drawn["presence"]["state"] == "ready"
    assert drawn["queues"][str(queue.pk)]["pay"]["max_cents"] == 190
    assert drawn["brands"][str(queue.brand_id)]["dispositions"] == [
        {
            "id": reason.pk,
            "name": "Commande",
            "resolved": True,
            "details": [{"id": detail.pk, "name": "Retard", "resolved": True}],
        }
    ]
    [work] = drawn["work"]
    assert [message["body"] for message in work["messages"]] == ["Ma lampe clignote"]
    assert work["pay"] == {"": 190, str(detail.pk): 190}
    assert drawn["today"] == {"acts": 0, "cents": 0, "currency": "EUR", "contacts": 0}


def test_only_who_is_there_now_is_a_colleague_to_hand_a_contact_to(routed, desk, queue, agent, clock):
    def colleague(name: str, state: str = "ready", *, operator=agent.operator):
        other = AgentFactory.create(operator=operator, first_name=name, name=name)
        PresenceFactory.create(agent=other, state=state)
        return other

    ready, resting = colleague("Zoé"), colleague("Karim", "break")
    colleague("Paul", "offline")
    colleague("Ailleurs", operator=OperatorFactory.create())
    lost = colleague("Léa")
    Presence.objects.filter(agent=lost).update(line_lost_at=clock.now())
    routed.ready(agent)
    assert desk.get("/desk/colleagues").json() == {
        "colleagues": [
            {"id": resting.pk, "name": "Karim", "state": "break", "no_call": "away"},
            {"id": ready.pk, "name": "Zoé", "state": "ready", "no_call": None},
        ]
    }


def test_an_agent_goes_from_offer_to_closing_over_http(routed, desk, queue, agent):
    assert post(desk, "presence", state="ready").json()["presence"]["state"] == "ready"
    contact = routed.write_in(queue).contact
    offer = routed.offer_of(contact)
    assert post(desk, f"offers/{offer.pk}/accept").json()["work"]["contact"]["id"] == contact.pk
    sent = post(desk, f"contacts/{contact.pk}/messages", body="Bonjour", client_id="a1").json()
    assert (sent["kind"], sent["delivery"]) == ("outbound", "sent")
    disposition = DispositionFactory.create(brand=queue.brand)
    closed = post(desk, f"contacts/{contact.pk}/close", disposition=disposition.pk).json()
    assert closed["assignment"]["state"] == "wrap_up"
    assert post(desk, f"contacts/{contact.pk}/read").status_code == 200
    for _ in range(2):
        assert post(desk, f"contacts/{contact.pk}/wrap-up/end").status_code == 200
    assert Assignment.objects.get(contact=contact).state == "ended"


def test_the_same_answer_sent_twice_is_said_once(desk, in_hand):
    for _ in range(2):
        post(desk, f"contacts/{in_hand.pk}/messages", body="Bonjour", client_id="a1")
    assert Message.objects.filter(kind="outbound").count() == 1


def test_a_contact_without_its_disposition_is_not_closed_and_the_agent_is_told_why(desk, in_hand):
    refused = post(desk, f"contacts/{in_hand.pk}/close", disposition=None)
    assert (refused.status_code, refused.json()["error"]["code"]) == (422, "disposition_needed")
    in_hand.refresh_from_db()
    assert in_hand.state == Contact.State.ACTIVE


def test_the_contact_of_a_colleague_is_not_there(floor, queue, in_hand):
    colleague = AgentFactory.create(operator=floor.operator, queues=[queue])
    client = Client()
    client.force_login(colleague.user)
    assert client.get(f"/desk/contacts/{in_hand.pk}").status_code == 404
    for verb in ("read", "typing", "wrap-up/end"):
        assert post(client, f"contacts/{in_hand.pk}/{verb}").status_code == 404
    assert post(client, f"contacts/{in_hand.pk}/messages", body="x", client_id="1").status_code == 404
    assert post(client, f"contacts/{in_hand.pk}/close", disposition=None).status_code == 404


def test_a_chat_in_hand_keeps_the_agent_from_going_offline(desk, in_hand):
    refused = post(desk, "presence", state="offline")
    assert (refused.status_code, refused.json()["error"]["code"]) == (409, "live_contacts")


@pytest.mark.parametrize("body", ["{", "[]", '{"state": "asleep"}'])
def test_what_cannot_be_read_is_refused_in_words(desk, body):
    refused = desk.post("/desk/presence", body, content_type="application/json")
    assert refused.status_code == 422
    assert refused.json()["error"]["message"]


def test_a_transfer_to_a_colleague_is_offered_to_them_first_with_the_note(routed, floor, queue, agent, desk, in_hand):
    colleague = AgentFactory.create(operator=floor.operator, queues=[queue])
    agent_changed(colleague.pk)
    routed.ready(colleague)
    answered = post(desk, f"contacts/{in_hand.pk}/transfer", agent=colleague.pk, note="Lot 11-26")
    routed.router.turn()
    assert answered.status_code == 200
    assert routed.offer_of(in_hand).agent_id == colleague.pk
    assert Message.objects.get(kind="note").body == "Lot 11-26"
