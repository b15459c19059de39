"""What a supervisor sees and does on the floor, over HTTP; and what nobody else may."""

import json

import pytest
from django.test import Client

from homeshore.contacts import services
from homeshore.contacts.models import Assignment, Contact
from homeshore.contacts.router.rules import agent_changed
from homeshore.floor import simulation
from homeshore.foundation.clock import using
from homeshore.foundation.models import AuditEntry, Role
from homeshore.pay import services as pay
from homeshore.pay.models import Contest
from tests.factories import ActFactory, AgentFactory, OperatorFactory, QueueFactory, user_as

pytestmark = pytest.mark.django_db


@pytest.fixture
def supervisor(floor):
    return user_as(Role.SUPERVISOR, floor.operator)


@pytest.fixture
def at_the_floor(routed, supervisor):
    with using(routed.clock):
        yield signed_in(supervisor)


def signed_in(user):
    client = Client()
    client.force_login(user)
    return client


def post(client, path, **fields):
    return client.post(f"/floor/{path}", json.dumps(fields), content_type="application/json")


def test_the_floor_shows_who_waits_and_who_is_there(routed, at_the_floor, queue, agent):
    routed.ready(agent)
    contact = routed.write_in(queue).contact
    drawn = at_the_floor.get("/floor/snapshot").json()
    assert [(each["id"], each["state"], each["queue"]) for each in drawn["contacts"]] == [
        (contact.pk, "offered", queue.pk)
    ]
    assert [(each["id"], each["state"], each["queues"]) for each in drawn["agents"]] == [
        (agent.pk, "ready", [queue.pk])
    ]
    assert drawn["offers"][0]["agent"] == agent.pk
    assert drawn["me"] is None


def test_a_contact_is_given_to_an_agent_without_an_offer(routed, at_the_floor, supervisor, queue, agent):
    contact = routed.write_in(queue).contact
    assert post(at_the_floor, f"contacts/{contact.pk}/assign", agent=agent.pk).status_code == 200
    assert Assignment.objects.get(contact=contact).agent == agent
    entry = AuditEntry.objects.get(verb="contact.assigned")
    assert (entry.actor, entry.data) == (supervisor, {"agent": agent.pk})


def test_a_supervisor_who_is_an_agent_takes_a_contact_to_their_desk(routed, floor, at_the_floor, supervisor, queue):
    mine = AgentFactory.create(operator=floor.operator, user=supervisor, membership=None, queues=[queue])
    agent_changed(mine.pk)
    contact = routed.write_in(queue).contact
    assert post(at_the_floor, f"contacts/{contact.pk}/take").status_code == 200
    assert Assignment.objects.get(contact=contact).agent == mine


def test_a_supervisor_without_an_agents_file_is_told_why_they_cannot_take(routed, at_the_floor, queue):
    contact = routed.write_in(queue).contact
    answer = post(at_the_floor, f"contacts/{contact.pk}/take")
    assert (answer.status_code, answer.json()["error"]["code"]) == (409, "nobody_to_take_it")


def test_a_contact_in_hand_goes_back_to_its_queue_or_to_another_one(routed, floor, at_the_floor, queue, agent):
    other = QueueFactory.create(brand=queue.brand, floor=floor)
    contact = routed.write_in(queue).contact
    services.assign_contact(contact_id=contact.pk, agent_id=agent.pk, by=agent.user, now=routed.now)
    assert post(at_the_floor, f"contacts/{contact.pk}/requeue").status_code == 200
    contact.refresh_from_db()
    assert (contact.state, contact.queue) == ("waiting", queue)
    assert post(at_the_floor, f"contacts/{contact.pk}/requeue", queue=other.pk).status_code == 200
    contact.refresh_from_db()
    assert (contact.state, contact.queue) == ("waiting", other)


def test_of_two_supervisors_the_second_is_told_that_the_contact_is_closed(routed, at_the_floor, queue, agent):
    contact = routed.write_in(queue).contact
    services.cancel_contact(contact_id=contact.pk, why="duplicate", now=routed.now)
    answer = post(at_the_floor, f"contacts/{contact.pk}/assign", agent=agent.pk)
    assert (answer.status_code, answer.json()["error"]["code"]) == (409, "contact_moved")


def test_an_order_that_names_nobody_is_refused(routed, at_the_floor, queue):
    contact = routed.write_in(queue).contact
    assert post(at_the_floor, f"contacts/{contact.pk}/assign").status_code == 422
    assert post(at_the_floor, f"contacts/{contact.pk}/assign", agent="x").status_code == 422


@pytest.mark.parametrize("deed", ["take", "assign", "requeue"])
def test_contacts_of_another_operator_are_not_there(routed, at_the_floor, deed):
    foreign = QueueFactory.create(brand__operator=OperatorFactory.create())
    contact = routed.write_in(foreign).contact
    assert post(at_the_floor, f"contacts/{contact.pk}/{deed}", agent=1).status_code == 404
    assert Contact.objects.get(pk=contact.pk).state == "waiting"


@pytest.mark.parametrize("role", [Role.AGENT, Role.PLANNER, Role.BRAND_USER])
def test_the_floor_is_for_those_who_lead(floor, role):
    client = signed_in(user_as(role, floor.operator))
    assert client.get("/floor/").status_code == 403
    assert client.get("/floor/snapshot").status_code == 403


def test_the_day_of_an_agent_holds_presence_offers_work_and_acts(routed, at_the_floor, queue, agent):
    routed.ready(agent)
    contact = routed.write_in(queue).contact
    routed.after(4)
    routed.accept(contact)
    ActFactory.create(assignment=Assignment.objects.get(contact=contact), at=routed.now)
    day = at_the_floor.get(f"/floor/agents/{agent.pk}/day").json()
    assert [span["state"] for span in day["presence"]] == ["ready"]
    assert [offer["state"] for offer in day["offers"]] == ["accepted"]
    assert [work["contact"] for work in day["work"]] == [contact.pk]
    assert [act["cents"] for act in day["acts"]] == [240]


def test_the_day_before_an_agent_came_is_empty(routed, at_the_floor, agent):
    routed.ready(agent)
    day = at_the_floor.get(f"/floor/agents/{agent.pk}/day?date=2026-11-23").json()
    assert (day["presence"], day["offers"], day["work"], day["acts"]) == ([], [], [], [])


def test_a_day_that_is_none_and_an_agent_of_others_are_refused(at_the_floor, agent):
    assert at_the_floor.get(f"/floor/agents/{agent.pk}/day?date=yesterday").status_code == 422
    assert at_the_floor.get(f"/floor/agents/{AgentFactory.create().pk}/day").status_code == 404


class Switch:
    """Simulated people that can be stopped."""

    def __init__(self) -> None:
        self.running = True

    def is_present(self) -> bool:
        return True

    def is_running(self) -> bool:
        return self.running

    def pause(self) -> None:
        self.running = False

    def resume(self) -> None:
        self.running = True


def test_where_nobody_is_simulated_there_is_nothing_to_stop(at_the_floor):
    assert at_the_floor.get("/floor/snapshot").json()["simulation"] is None
    assert post(at_the_floor, "simulation", on=False).status_code == 404


def test_a_demonstration_is_stopped_and_started_on_the_floor(at_the_floor, monkeypatch):
    monkeypatch.setattr(simulation, "_offered", Switch())
    assert post(at_the_floor, "simulation", on=False).json() == {"on": False}
    assert at_the_floor.get("/floor/snapshot").json()["simulation"] == {"on": False}
    assert post(at_the_floor, "simulation", on=True).json() == {"on": True}


def test_a_contest_is_answered_on_a_page_and_a_bad_answer_keeps_what_was_typed(
    routed, floor, at_the_floor, agent, queue
):
    act = ActFactory.create(assignment__agent=agent, assignment__contact__queue=queue)
    contest = pay.contest_act(agent_id=agent.pk, act_id=act.pk, text="La langue manque", now=routed.now)
    path = f"/floor/contests/{contest.pk}/answer"
    assert "La langue manque" in at_the_floor.get("/floor/contests/").content.decode()
    refused = at_the_floor.post(path, {"outcome": "accepted", "answer": "Exact, désolé.", "correction": "un euro"})
    assert refused.status_code == 422
    assert "Exact, désolé." in refused.content.decode()
    at_the_floor.post(path, {"outcome": "accepted", "answer": "Exact, désolé.", "correction": "0,50"})
    contest = Contest.objects.get()
    assert (contest.outcome, contest.answer, contest.correction_cents) == ("accepted", "Exact, désolé.", 50)
