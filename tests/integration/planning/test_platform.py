"""The platform's own contacts as a history, and its agents with the hours at which they were there."""

from datetime import timedelta

import numpy as np
import pytest

from homeshore.pay.models import Act
from homeshore.planning import platform
from homeshore.planning.tasks import TASKS
from tests.clock import MORNING
from tests.factories import (
    AgentFactory,
    AssignmentFactory,
    BrandFactory,
    ContactFactory,
    OperatorFactory,
    QueueFactory,
    SkillFactory,
)
from tests.planning_scene import SETTINGS, quietly

pytestmark = pytest.mark.django_db


@pytest.fixture
def queue():
    return QueueFactory.create(name="Commandes", channel="chat")


def contact(queue, *, at, wait=20.0, answered=True, agent=None, handled=240.0):
    """A contact of a queue that was answered after `wait` and took `handled`, or was given up after `wait`."""
    ended = at + timedelta(seconds=wait)
    state = {"state": "closed", "closed_at": ended + timedelta(seconds=handled if answered else 0)}
    made = ContactFactory.create(
        queue=queue, arrived_at=at, answered_at=ended if answered else None,
        outcome="handled" if answered else "abandoned", **state,
    )  # fmt: skip
    if answered:
        AssignmentFactory.create(
            contact=made, agent=agent, state="ended", opened_at=ended, ended_at=ended + timedelta(seconds=handled)
        )
    return made


def read(operator_id):
    return TASKS["read"](settings=SETTINGS, tell=quietly, **platform.contacts_of(operator_id)).steps["history"]


def test_answered_contacts_are_censored_and_abandoned_ones_tell_patience(queue):
    agent = AgentFactory.create(operator=queue.operator, queues=[queue])
    for k in range(40):
        contact(queue, at=MORNING + timedelta(minutes=10 * k), wait=30, answered=k % 4 != 0, agent=agent)
    (told,) = read(queue.operator_id)["queues"]
    assert (told["name"], told["contacts"]) == ("Commandes", 40)
    assert told["patience_seconds"] == pytest.approx(40 * 30 / 10)
    assert told["abandonment"] == 0.25
    assert told["handling_seconds"] == pytest.approx(240)


def test_who_is_given_an_agent_waits_no_longer_though_the_first_answer_is_still_written(queue):
    agent = AgentFactory.create(operator=queue.operator, queues=[queue])
    for k in range(40):
        at = MORNING + timedelta(minutes=10 * k)
        made = contact(queue, at=at, wait=60, answered=k % 4 != 0, agent=agent)
        made.assignments.update(opened_at=at + timedelta(seconds=20))
    (told,) = read(queue.operator_id)["queues"]
    assert told["patience_seconds"] == pytest.approx((30 * 20 + 10 * 60) / 10)
    assert told["abandonment"] == 0.25


def test_chats_held_at_once_share_the_agents_time(queue):
    agent = AgentFactory.create(operator=queue.operator, queues=[queue])
    for _ in range(2):
        contact(queue, at=MORNING, wait=10, agent=agent, handled=600)
    (told,) = read(queue.operator_id)["queues"]
    assert told["handling_seconds"] == pytest.approx(300)


def test_contacts_that_still_wait_are_left_out(queue):
    contact(queue, at=MORNING, agent=AgentFactory.create(operator=queue.operator, queues=[queue]))
    ContactFactory.create(queue=queue, state="waiting", arrived_at=MORNING)
    assert [each["contacts"] for each in read(queue.operator_id)["queues"]] == [1]


def test_each_queue_is_planned_as_its_channel_with_its_own_goal_and_the_places_of_its_agents(queue):
    mails = QueueFactory.create(
        brand=queue.brand, channel="email", name="Courriers", target_seconds=14_400, target_percent=90
    )
    calls = QueueFactory.create(
        brand=queue.brand, channel="voice", name="Appels", target_seconds=30, target_percent=100, cost=2, reserve=1,
        overflow=[{"after_seconds": 45, "queue": queue.pk}],
    )  # fmt: skip
    for places in (2, 3, 4):
        AgentFactory.create(operator=queue.operator, queues=[queue, mails, calls], chat_places=places, email_places=5)
    AgentFactory.create(operator=queue.operator, queues=[queue], chat_places=1, active=False)
    alone = {"overflow": [], "reserve": 0}
    assert platform.terms_of_queues(queue.operator_id) == {
        "Commandes": {
            "kind": "chat",
            "share": queue.target_percent / 100,
            "seconds": queue.target_seconds,
            "at_once": 3,
            "weight": 1.0,
            **alone,
        },
        "Courriers": {"kind": "mail", "share": 0.9, "seconds": 14_400, "at_once": 1, "weight": 1.0, **alone},
        "Appels": {
            "kind": "call",
            "share": 0.999,
            "seconds": 30,
            "at_once": 1,
            "weight": 2.0,
            "overflow": [[45, "Commandes"]],
            "reserve": 1,
        },
    }


def test_agents_serve_the_queues_of_their_missions_whose_skills_and_channel_they_have(queue):
    dutch = SkillFactory.create(operator=queue.operator)
    abroad = QueueFactory.create(brand=queue.brand, channel="chat", needs={dutch: 3})
    mails = QueueFactory.create(brand=queue.brand, channel="email")
    fluent, learner, silent, gone = (
        AgentFactory.create(operator=queue.operator, queues=[queue, abroad, mails], **given)
        for given in (
            {"skills": {dutch: 3}}, {"skills": {dutch: 2}}, {"chat_places": 0}, {"skills": {dutch: 5}, "active": False},
        )
    )  # fmt: skip
    assert platform.served_by(queue.operator_id) == {
        fluent.pk: sorted([queue.pk, abroad.pk, mails.pk]),
        learner.pk: sorted([queue.pk, mails.pk]),
        silent.pk: [mails.pk],
    }
    assert gone.pk not in platform.served_by(queue.operator_id)


def test_rings_open_queues_to_agents_after_so_many_seconds(queue, clock):
    dutch = SkillFactory.create(operator=queue.operator)
    rings = [{"after_seconds": 30, "needs": {str(dutch.pk): 2}}, {"after_seconds": 60, "needs": {}}]
    abroad = QueueFactory.create(brand=queue.brand, channel="chat", name="Étranger", needs={dutch: 4}, rings=rings)
    fluent, learner, other = (
        AgentFactory.create(operator=queue.operator, queues=[abroad], skills={dutch: level} if level else {}, name=name)
        for name, level in (("Ada", 4), ("Bo", 2), ("Cy", 0))
    )
    assert platform.served_by(queue.operator_id) == {fluent.pk: [abroad.pk]}
    assert platform.served_later(queue.operator_id) == {learner.pk: {"Étranger": 30}, other.pk: {"Étranger": 60}}
    assert platform.past_of(queue.operator_id, now=clock.now())["later"] == {
        str(learner.pk): {"Étranger": 30},
        str(other.pk): {"Étranger": 60},
    }
    both = QueueFactory.create(brand=queue.brand, channel="chat", name="Retours")
    learner = AgentFactory.create(operator=queue.operator, queues=[abroad, both], skills={dutch: 3}, name="Di")
    rows = {row["name"]: row for row in platform.people_of(queue.operator_id, zone="UTC", now=clock.now())}
    assert (rows["Di"]["queues"], rows["Di"]["later"]) == (["Retours"], {"Étranger": 30})
    assert rows["Ada"]["later"] == {}


def test_queues_of_one_name_are_told_apart_by_their_brand_and_add_up_to_it(queue):
    other = QueueFactory.create(brand=BrandFactory.create(operator=queue.operator), name="Commandes", channel="chat")
    names = platform.queue_names(queue.operator_id)
    assert names[queue.pk] == f"Commandes, {queue.brand.name}"
    assert platform.brand_of_queue(queue.operator_id)[names[other.pk]] == other.brand.name


def test_another_operators_contacts_are_not_learned_from(queue):
    contact(queue, at=MORNING, agent=AgentFactory.create(operator=queue.operator, queues=[queue]))
    assert platform.contacts_of(OperatorFactory.create().pk)["contacts"]["id"] == []


def test_agents_offer_the_hours_at_which_they_were_there_lately(queue, clock):
    from homeshore.contacts.models import PresenceSpan

    seen = AgentFactory.create(operator=queue.operator, queues=[queue], name="Ada", status="employee")
    AgentFactory.create(operator=queue.operator, queues=[queue], name="Bo")
    AgentFactory.create(operator=queue.operator, name="Cleo")
    begun = clock.now() - timedelta(days=7)
    for start, hours in ((0.2, 3.0), (5.0, 2.6)):
        since = begun + timedelta(hours=start)
        PresenceSpan.objects.create(agent=seen, state="ready", since=since, until=since + timedelta(hours=hours))
    rows = {row["name"]: row for row in platform.people_of(queue.operator_id, zone="UTC", now=clock.now())}
    assert set(rows) == {"Ada", "Bo"}
    (window,) = rows["Ada"]["windows"]
    hour = begun.hour + begun.minute / 60
    assert (window[1], window[2]) == (np.floor(2 * (hour + 0.2)) / 2, np.ceil(2 * (hour + 7.6)) / 2)
    assert (rows["Ada"]["status"], rows["Ada"]["seen"], rows["Bo"]["seen"]) == ("employee", True, False)
    assert rows["Bo"]["windows"][0] == ["mon", 0, 24]


def test_the_past_tells_what_acts_paid_when_agents_were_ready_and_what_they_serve(queue, clock):
    from homeshore.contacts.models import PresenceSpan

    agent = AgentFactory.create(operator=queue.operator, queues=[queue])
    begun = clock.now() - timedelta(days=2)
    for k, cents in enumerate((190, 190, 220)):
        made = contact(queue, at=begun + timedelta(minutes=k), agent=agent)
        Act.objects.create(
            operator=queue.operator, agent=agent, contact=made, assignment=made.assignments.get(), brand=queue.brand,
            queue=queue, amount_cents=cents, currency="EUR", parts=[], at=begun + timedelta(minutes=k),
        )  # fmt: skip
    for state in ("ready", "break"):
        PresenceSpan.objects.create(agent=agent, state=state, since=begun, until=begun + timedelta(hours=1))
    AgentFactory.create(operator=OperatorFactory.create())
    told = platform.past_of(queue.operator_id, now=clock.now())
    assert told["acts"] == {
        "agent": [str(agent.pk)] * 3, "at": [begun.timestamp() + 60 * k for k in range(3)], "cents": [190, 190, 220],
        "queue": ["Commandes"] * 3,
    }  # fmt: skip
    assert told["ready"]["agent"] == [str(agent.pk)]
    assert told["serves"] == {str(agent.pk): ["Commandes"]}
    assert platform.tariffs_of(queue.operator_id) == {"Commandes": [(190, 2 / 3), (220, 1 / 3)]}
    assert platform.tariffs_of(OperatorFactory.create().pk) == {}
