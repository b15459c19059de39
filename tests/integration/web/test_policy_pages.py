"""Queues and their rules on screen: in words, with a form that says what is wrong, and a history that stays."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from homeshore.brands import queries as brands
from homeshore.brands import services as brand_services
from homeshore.brands.policy import Overflow, Ring
from homeshore.brands.queries import queues_of_operator
from homeshore.contacts.queries.policies import policy_of_floor
from homeshore.foundation.models import Role
from homeshore.missions import queries as missions
from homeshore.web.policy.forms import FloorForm, PolicyForm
from tests.clock import MORNING
from tests.factories import (
    AgentFactory,
    ContactFactory,
    MembershipFactory,
    MissionFactory,
    QueueFactory,
    SkillFactory,
)

pytestmark = pytest.mark.django_db


def signed_in(operator, role) -> Client:
    client = Client(headers={"Accept": "text/html"})
    client.force_login(MembershipFactory.create(operator=operator, role=role, user__language="en").user)
    return client


@pytest.fixture
def admin(floor, clock) -> Client:
    return signed_in(floor.operator, Role.OPERATOR_ADMIN)


@pytest.fixture
def portuguese(floor):
    return SkillFactory.create(operator=floor.operator, name="Portuguese")


def typed(queue, **changed):
    """What the form sends for the queue's rules as they are, with these changes."""
    filled = PolicyForm.filled_with(brands.queue_rules(queue.pk).policy) | {"when": "now"} | changed
    return {name: value for name, value in filled.items() if value is not None and value is not False}


def text(response) -> str:
    return " ".join(response.content.decode().split())


def test_the_list_tells_each_queues_promise_its_needs_and_who_cannot_be_answered(admin, floor, queue, portuguese):
    lusophone = QueueFactory.create(brand=queue.brand, floor=floor, needs={portuguese: 4}, target_seconds=90)
    AgentFactory.create(operator=floor.operator, queues=[lusophone], skills={portuguese: 3})
    AgentFactory.create(operator=floor.operator, queues=[queue])
    shown = text(admin.get(reverse("queues")))
    assert "80% within 90 s" in shown.replace("\xa0", " ")
    assert "Portuguese 4 or better" in shown
    assert shown.count("nobody can answer") == 1


def test_a_queues_page_says_its_rules_in_words(admin, floor, queue, portuguese):
    assistance = QueueFactory.create(brand=queue.brand, floor=floor, name="Assistance")
    policy = replace(
        brands.queue_rules(queue.pk).policy,
        needs={portuguese.pk: 4},
        rings=(Ring(20, {portuguese.pk: 3}),),
        overflow=(Overflow(60, assistance.pk),),
        last_agent_days=7,
        sticky_seconds=30,
    )
    by = MembershipFactory.create(operator=floor.operator).user
    brand_services.save_policy(operator_id=floor.operator_id, queue_id=queue.pk, by=by, policy=policy, now=MORNING)
    shown = text(admin.get(reverse("queue", args=[queue.pk]))).replace("\xa0", " ")
    for sentence in (
        "In the first 20 s",
        "Portuguese 4 or better",
        "From 20 s",
        "Portuguese 3 or better",
        "From 1 min",
        "Also agents of “Assistance,",
        "the agent they had in the last 7 days, and waits for them up to 30 s",
    ):
        assert sentence in shown
    assert "Skills, widening, help from other queues" in shown


def test_an_administrator_saves_new_rules_and_the_supervisor_may_only_read(admin, floor, queue, agent):
    response = admin.post(reverse("queue-edit", args=[queue.pk]), typed(queue, target=2, target_unit="60"), follow=True)
    assert "Version 2 is in force." in text(response)
    assert brands.queue_rules(queue.pk).target_seconds == 120
    supervisor = signed_in(floor.operator, Role.SUPERVISOR)
    assert "Change the rules" not in text(supervisor.get(reverse("queue", args=[queue.pk])))
    assert supervisor.post(reverse("queue-edit", args=[queue.pk]), typed(queue)).status_code == 403


def test_of_two_who_change_the_same_rules_the_second_is_told_and_may_then_decide(admin, floor, queue, agent):
    opened = admin.get(reverse("queue-edit", args=[queue.pk])).context["form"]["seen"].value()
    other = MembershipFactory.create(operator=floor.operator, user__name="Zoé Petit").user
    theirs = replace(brands.queue_rules(queue.pk).policy, target_seconds=30)
    brand_services.save_policy(operator_id=floor.operator_id, queue_id=queue.pk, by=other, policy=theirs, now=MORNING)

    refused = admin.post(reverse("queue-edit", args=[queue.pk]), typed(queue, target=45, seen=opened))
    assert (refused.status_code, brands.queue_rules(queue.pk).target_seconds) == (422, 30)
    assert "Zoé Petit saved version 2 while you were typing" in text(refused)

    seen = refused.context["form"]["seen"].value()
    admin.post(reverse("queue-edit", args=[queue.pk]), typed(queue, target=45, seen=seen))
    assert brands.queue_rules(queue.pk).target_seconds == 45


def test_of_two_who_change_a_floor_at_once_the_second_is_told(admin, floor):
    form = admin.get(reverse("floor-policy", args=[floor.pk])).context["form"]
    first, second = ({"when": "now", **form.initial, "rona_limit": limit} for limit in (4, 5))
    assert admin.post(reverse("floor-policy-save", args=[floor.pk]), first).status_code == 302
    refused = admin.post(reverse("floor-policy-save", args=[floor.pk]), second)
    assert (refused.status_code, "while you were typing" in text(refused)) == (422, True)


def test_rules_that_nobody_can_meet_are_told_before_they_are_saved(admin, floor, queue, portuguese):
    for level in (3, 3):
        AgentFactory.create(operator=floor.operator, queues=[queue], skills={portuguese: level})
    asked = {"skill-0": portuguese.pk, "level-0-0": 4}
    response = admin.post(reverse("queue-edit", args=[queue.pk]), typed(queue, **asked))
    assert response.status_code == 422
    assert "Nobody engaged on it has Portuguese 4; 2 have level 3." in text(response)
    assert brands.queue_rules(queue.pk).needs == {}
    admin.post(reverse("queue-edit", args=[queue.pk]), typed(queue, **asked, confirmed="on"))
    assert brands.queue_rules(queue.pk).needs == {portuguese.pk: 4}


def test_a_circle_of_help_is_named_beside_the_queues(admin, floor, queue, agent):
    helper = QueueFactory.create(brand=queue.brand, floor=floor, name="Assistance")
    by = MembershipFactory.create(operator=floor.operator).user
    policy = replace(brands.queue_rules(helper.pk).policy, overflow=(Overflow(30, queue.pk),))
    brand_services.save_policy(operator_id=floor.operator_id, queue_id=helper.pk, by=by, policy=policy, now=MORNING)
    response = admin.post(
        reverse("queue-edit", args=[queue.pk]), typed(queue, **{"helper-0": helper.pk, "help-after-0": 30})
    )
    assert response.status_code == 422
    assert "help one another in a circle" in str(response.context["form"].errors["helper-0"])


def test_what_is_half_filled_in_is_told_beside_its_field(admin, floor, queue, portuguese):
    SkillFactory.create(operator=floor.operator)
    response = admin.post(
        reverse("queue-edit", args=[queue.pk]),
        typed(queue, **{"level-0-0": 3, "skill-1": portuguese.pk, "help-after-0": 30, "when": "later"}),
    )
    assert set(response.context["form"].errors) == {"skill-0", "level-1-0", "helper-0", "valid_from"}


def test_what_is_typed_is_said_in_words_while_it_is_typed(admin, queue, agent, portuguese):
    said = admin.post(
        reverse("queue-words", args=[queue.pk]), typed(queue, **{"skill-0": portuguese.pk, "level-0-0": 4})
    )
    assert "Portuguese 4 or better" in text(said)
    assert "Nobody engaged on it has Portuguese." in text(said)


def test_a_change_may_be_planned_and_withdrawn(admin, floor, queue, agent):
    later = (MORNING + timedelta(days=2)).strftime("%Y-%m-%dT%H:%M")
    planned = typed(queue, target=30, target_unit="1", when="later", valid_from=later, note="New contract")
    assert "will hold from" in text(admin.post(reverse("queue-edit", args=[queue.pk]), planned, follow=True))
    assert "a change is planned" in text(admin.get(reverse("queues")))
    admin.post(reverse("queue-withdraw", args=[queue.pk, 2]))
    shown = text(admin.get(reverse("queue", args=[queue.pk])))
    assert "withdrawn" in shown
    assert "New contract" in shown


def test_closing_a_queue_tells_what_becomes_of_its_contacts_and_asks_where_they_go(admin, floor, queue):
    ContactFactory.create(queue=queue, state="waiting")
    only = text(admin.get(reverse("queue-close", args=[queue.pk])))
    assert "only open queue of this brand and channel" in only
    other = QueueFactory.create(brand=queue.brand, floor=floor)
    assert "<b>1 contact waits</b>" in text(admin.get(reverse("queue-close", args=[queue.pk])))
    response = admin.post(reverse("queue-close", args=[queue.pk]), {"moved_to": other.pk}, follow=True)
    assert "1 waiting contact was moved." in text(response)
    assert brands.receiving_queue(queue.pk).id == other.pk
    admin.post(reverse("queue-reopen", args=[queue.pk]))
    assert brands.receiving_queue(queue.pk).id == queue.pk


def test_a_new_queue_starts_with_the_rules_of_its_channel_and_the_agents_of_its_missions(admin, floor, queue):
    mission = MissionFactory.create(brand=queue.brand)
    agent = AgentFactory.create(operator=floor.operator)
    mission.engagements.create(agent=agent, status="employee", since=MORNING)
    response = admin.post(
        reverse("queue-new"),
        {
            "name": "Appels",
            "brand": queue.brand_id,
            "channel": "voice",
            "activity": "assistance",
            "missions": [mission.pk],
        },
    )
    made = max(queues_of_operator(floor.operator_id), key=lambda each: each.id)
    assert response.headers["Location"] == reverse("queue-edit", args=[made.id])
    assert (made.name, made.channel, made.target_seconds, made.version) == ("Appels", "voice", 20, 1)
    assert made.id in missions.queues_of_agent(agent.pk)


def test_the_floors_rules_are_said_and_set(admin, floor):
    page = reverse("floor-policy", args=[floor.pk])
    assert "Least cost: a free agent turns to where they are worth most" in text(admin.get(page))
    filled = FloorForm.filled_with(admin.get(page).context["rules"]) | {"when": "now", "fairness_seconds": 30}
    shown = text(admin.post(reverse("floor-policy-save", args=[floor.pk]), filled, follow=True))
    assert "Version 2 is in force." in shown
    assert policy_of_floor(floor.pk).fairness_seconds == 30
    again = admin.post(reverse("floor-policy-save", args=[floor.pk]), filled)
    assert "there is nothing to save" in text(again)
    wrong = admin.post(reverse("floor-policy-save", args=[floor.pk]), filled | {"rona_limit": 99})
    assert set(wrong.context["form"].errors) == {"rona_limit"}
