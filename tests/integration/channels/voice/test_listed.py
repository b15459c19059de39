"""Somebody of a list is called: gate, contact, call and list move together, and the list hears how it ended."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from django.test import Client

from homeshore.channels.voice import services
from homeshore.channels.voice.models import Call, Caller, Leg, Number
from homeshore.channels.voice.refusals import NoNumberToShow
from homeshore.contacts import services as contacts
from homeshore.contacts.models import Contact
from homeshore.contacts.refusals import AlreadyInTouch, NotFreeToCall
from homeshore.contacts.services import CustomerFacts
from homeshore.foundation.models import Role
from homeshore.outbound import services as outbound
from homeshore.outbound.gate.register import Result
from homeshore.outbound.gate.rules import Purpose
from homeshore.outbound.lists import calling, making
from homeshore.outbound.lists.making import Plan
from homeshore.outbound.models import Entry, ListDeed, ListEntry
from homeshore.outbound.refusals import MayNotCall, NotInYourHands
from tests.factories import AgentFactory, DispositionFactory, user_as

pytestmark = pytest.mark.django_db

SHOWN, CLAIRE, PAUL = "+33156070809", "+33145060708", "+33145060709"
PEOPLE = b"number;name;language;invoice\n01 45 06 07 08;Claire Vasseur;fr;F-204\n01 45 06 07 09;Paul Ames;en;F-205\n"


@pytest.fixture
def people(queue, ready, routed, settings):
    """A list that runs, in a house with a telephone that nobody carries."""
    settings.SIP_LISTEN = settings.SIP_EDGE = ("127.0.0.1", 5999)
    Number.objects.create(digits=SHOWN, queue=queue, operator=queue.operator)
    who = {"operator_id": queue.operator_id, "by": user_as(Role.SUPERVISOR, queue.operator), "now": routed.now}
    plan = Plan(name="Relance", queue_id=queue.pk, purpose=Purpose.SURVEY, script="Bonjour", caller_number=SHOWN)
    made = making.make_list(operator_id=who["operator_id"], plan=plan, by=who["by"], now=who["now"])
    making.import_people(**who, list_id=made.pk, content=PEOPLE)
    return making.start_list(**who, list_id=made.pk)


@pytest.fixture
def agent(floor, queue):
    return AgentFactory.create(operator=floor.operator, queues=[queue])


@pytest.fixture
def desk(agent) -> Client:
    agent.user.language = "en"
    agent.user.save()
    client = Client(headers={"Accept": "application/json"})
    client.force_login(agent.user)
    return client


def post(desk, path: str, **fields):
    return desk.post(f"/desk/lists/{path}", json.dumps(fields), content_type="application/json")


def call(agent, routed) -> Call:
    found = calling.take_next(agent_id=agent.pk, now=routed.now)
    placed = services.call_listed(agent_id=agent.pk, by=agent.user, entry_id=found.pk, now=routed.now)
    routed.router.turn()
    return placed


def close(agent, contact_id: int, routed, queue, **how) -> None:
    contacts.close_contact(
        agent_id=agent.pk,
        contact_id=contact_id,
        disposition_id=DispositionFactory.create(brand=queue.brand, name="Content").pk,
        wrap_up=False,
        now=routed.now,
    )
    routed.router.turn()
    services.follow_all(now=routed.now)


def answered(placed: Call, routed) -> None:
    """The customer has answered, and both hear each other."""
    services.customer_reached(call_id=placed.pk, now=routed.now)
    for side in ("agent", "customer"):
        services.sound_heard(call_id=placed.pk, leg_number=1, at_side=side, now=routed.now)


def claire() -> ListEntry:
    return ListEntry.objects.get(line=2)


def test_a_person_of_a_list_is_called_by_the_way_of_every_call_that_the_house_places(people, agent, queue, routed):
    placed = call(agent, routed)
    contact = placed.contact
    assert (contact.direction, contact.state, contact.queue) == ("outbound", "active", queue)
    assert (contact.conversation.customer.name, contact.conversation.thread_key) == ("Claire Vasseur", CLAIRE)
    assert (placed.state, placed.attempt.kind, placed.attempt.data["purpose"]) == ("dialling", "attempt", "survey")
    assert (Caller.objects.get().called, Caller.objects.get().number.digits) == (CLAIRE, SHOWN)
    assert (claire().state, claire().contact) == ("called", contact)
    answered(placed, routed)
    close(agent, contact.pk, routed, queue)
    assert (claire().state, claire().disposition.name) == ("reached", "Content")
    deed = ListDeed.objects.get()
    assert (deed.result, deed.contact, deed.agent) == ("reached", contact, agent)
    assert Entry.objects.filter(kind="result").get().data["result"] == "reached"


def test_who_does_not_answer_comes_back_and_a_call_again_in_the_contact_counts_too(people, agent, queue, routed):
    placed = call(agent, routed)
    for _ in range(2):
        services.end_call(call_id=placed.pk, by=Call.EndedBy.CUSTOMER, why="busy", now=routed.now)
        if _ == 0:
            errand = services.Errand(CLAIRE, Purpose.SURVEY)
            placed = services.call_in_contact(
                agent_id=agent.pk, by=agent.user, contact_id=placed.contact_id, errand=errand, now=routed.now
            )
    close(agent, placed.contact_id, routed, queue)
    assert (claire().state, claire().tried, claire().due_at) == ("to_call", 2, routed.now + timedelta(hours=24))


def test_an_agent_who_closes_while_it_rings_has_reached_nobody(people, agent, queue, routed):
    placed = call(agent, routed)
    close(agent, placed.contact_id, routed, queue)
    assert (claire().state, claire().tried) == ("to_call", 1)
    assert Entry.objects.get(kind="result").data["result"] == "nobody"


@pytest.mark.parametrize(("said", "state"), [(Result.REFUSED, "refused"), (Result.OPPOSED, "refused")])
def test_who_refuses_or_objects_is_not_called_again(people, agent, queue, routed, said, state):
    placed = call(agent, routed)
    answered(placed, routed)
    services.say_result(call_id=placed.pk, agent_id=agent.pk, result=said, by=agent.user, now=routed.now)
    close(agent, placed.contact_id, routed, queue)
    assert claire().state == state


def test_a_contact_that_nobody_closes_by_hand_is_told_to_the_list_too(people, agent, queue, routed):
    placed = call(agent, routed)
    answered(placed, routed)
    contacts.transfer_contact(
        agent_id=agent.pk, contact_id=placed.contact_id, to_queue_id=queue.pk, to_agent_id=None, note="", now=routed.now
    )
    contacts.set_presence(agent_id=agent.pk, state="break", now=routed.now)
    routed.router.turn()
    services.follow_all(now=routed.now)
    services.end_call(call_id=placed.pk, by=Call.EndedBy.CUSTOMER, now=routed.now)
    for _ in range(3):
        routed.router.turn()
        services.follow_all(now=routed.now)
    assert Contact.objects.get(pk=placed.contact_id).state == "closed"
    assert claire().state != "called"


def test_what_the_gate_stops_says_its_rule_moves_the_person_on_and_opens_nothing(people, agent, queue, routed):
    found = calling.take_next(agent_id=agent.pk, now=routed.now)
    party = outbound.open_party(operator_id=queue.operator_id, brand_id=queue.brand_id, number=CLAIRE)
    outbound.record_opposition(operator_id=queue.operator_id, party_id=party.pk, how="", by=agent.user, now=routed.now)
    with pytest.raises(MayNotCall):
        services.call_listed(agent_id=agent.pk, by=agent.user, entry_id=found.pk, now=routed.now)
    assert (claire().state, claire().why, ListDeed.objects.get().why) == ("stopped", ["opposed"], ["opposed"])
    assert (Contact.objects.count(), Call.objects.count(), Entry.objects.filter(kind="stopped").count()) == (0, 0, 1)


def test_whom_the_hour_stops_is_put_off_to_the_first_lawful_moment(people, agent, routed):
    found = calling.take_next(agent_id=agent.pk, now=routed.now)
    lunch = routed.now.replace(hour=12, minute=30)
    routed.clock.set(lunch)
    with pytest.raises(MayNotCall):
        services.call_listed(agent_id=agent.pk, by=agent.user, entry_id=found.pk, now=routed.now)
    assert (claire().state, claire().due_at) == ("to_call", lunch + timedelta(minutes=30))


def test_a_call_that_cannot_be_placed_leaves_the_person_with_the_agent_and_counts_no_attempt(
    people, agent, queue, routed
):
    found = calling.take_next(agent_id=agent.pk, now=routed.now)
    who = {"agent_id": agent.pk, "by": agent.user, "entry_id": found.pk, "now": routed.now}
    caller = CustomerFacts(name="Claire Vasseur", phone=CLAIRE)
    waiting = contacts.arrive_contact(queue_id=queue.pk, thread_key=CLAIRE, customer=caller, now=routed.now)
    with pytest.raises(AlreadyInTouch):
        services.call_listed(**who)
    routed.router.turn()
    with pytest.raises(NotFreeToCall):  # their own call is offered to the agent, and comes first
        services.call_listed(**who)
    contacts.abandon_contact(contact_id=waiting.pk, now=routed.now)
    routed.router.turn()
    Number.objects.update(active=False)
    with pytest.raises(NoNumberToShow):
        services.call_listed(**who)
    assert (claire().state, Entry.objects.count()) == ("previewed", 0)
    with pytest.raises(NotInYourHands):
        services.call_listed(**{**who, "entry_id": ListEntry.objects.get(line=3).pk})


def test_the_desk_reads_about_calls_and_skips(desk, people, agent, queue, routed):
    shown = post(desk, "next").json()["preview"]
    assert {name: shown[name] for name in ("list", "name", "number", "script", "told", "purpose", "history")} == {
        "list": "Relance",
        "name": "Claire Vasseur",
        "number": "+33 1 45 06 07 08",
        "script": "Bonjour",
        "told": [{"name": "invoice", "value": "F-204"}],
        "purpose": "Survey",
        "history": [],
    }
    assert post(desk, f"{shown['id']}/keep").status_code == 200
    assert post(desk, f"{shown['id']}/skip", why="never").status_code == 422
    assert post(desk, f"{shown['id']}/skip", why="useless", note="moved away").status_code == 200
    second = post(desk, "next").json()["preview"]
    assert second["name"] == "Paul Ames"
    placed = post(desk, f"{second['id']}/call").json()
    assert placed["not_called"] == ""
    contact = placed["contact"]
    assert desk.get(f"/desk/lists/contacts/{contact}").json()["listed"]["name"] == "Paul Ames"
    assert post(desk, "next").json() == {"preview": None, "again_in": None}


def test_a_moment_that_the_person_names_at_closing_goes_back_to_the_list_and_into_the_register(
    desk, people, agent, queue, routed
):
    placed = call(agent, routed)
    answered(placed, routed)
    reason = DispositionFactory.create(brand=queue.brand).pk
    thursday = routed.now + timedelta(days=2)
    asked = {"at": thursday.isoformat(), "number": "01 45 06 07 08", "with_me": True}
    path = f"/desk/contacts/{placed.contact_id}/close"
    told = {"disposition": reason, "wrap_up": False, "call_back": asked}
    assert desk.post(path, json.dumps(told), content_type="application/json").status_code == 200
    entry = claire()
    assert (entry.state, entry.due_at, entry.asked_back, entry.wanted_agent) == ("to_call", thursday, True, agent)
    assert Contact.objects.count() == 1
    assert list(Entry.objects.order_by("position").values_list("kind", flat=True)) == ["attempt", "result", "callback"]
    services.follow_all(now=routed.now)
    routed.router.turn()
    routed.clock.set(thursday)
    routed.ready(agent)
    again = call(agent, routed)
    assert (again.attempt.data["purpose"], again.contact.direction) == ("callback", "outbound")
    assert Leg.objects.filter(call=again).get().agent == agent
