"""What would have been: asked on a screen, played beside the house, told with its intervals."""

import pytest
from django.test import Client
from django.urls import reverse

from homeshore.contacts.models import Study
from homeshore.contacts.whatif import studies
from homeshore.foundation.models import Role
from tests.factories import AgentFactory, MembershipFactory, SkillFactory
from tests.integration.web.test_policy_pages import text, typed

pytestmark = pytest.mark.django_db


@pytest.fixture
def asked(monkeypatch):
    """The studies asked for; the test plays them itself, where a thread would."""
    kept: list[tuple[int, dict]] = []

    class Kept:
        def __init__(self, *, target, args, **rest):
            kept.append(args)

        def start(self):
            pass

    monkeypatch.setattr(studies.threading, "Thread", Kept)
    return kept


@pytest.fixture
def client(routed, floor) -> Client:
    client = Client(headers={"Accept": "text/html"})
    user = MembershipFactory.create(operator=floor.operator, role=Role.OPERATOR_ADMIN, user__language="en").user
    client.force_login(user)
    return client


@pytest.fixture
def morning(routed, queue, agent):
    routed.ready(agent)
    for number in range(6):
        routed.write_in(queue, thread=f"v{number}", id=f"m{number}")
        routed.after(20)


def test_rules_are_tried_with_a_past_day_while_they_are_typed(client, routed, floor, queue, agent, morning, asked):
    skill = SkillFactory.create(operator=floor.operator)
    AgentFactory.create(operator=floor.operator, queues=[queue], skills={skill: 2})
    day = routed.now.date().isoformat()
    assert day in text(client.get(reverse("queue-edit", args=[queue.pk])))
    response = client.post(
        reverse("queue-preview", args=[queue.pk]), typed(queue, day=day, **{"skill-0": skill.pk, "level-0-0": 5})
    )
    [(study_id, question)] = asked
    assert response.headers["Location"] == reverse("study", args=[study_id])
    assert "Playing: 0%" in text(client.get(reverse("study", args=[study_id])))
    studies.play(study_id, question)
    shown = text(client.get(reverse("study", args=[study_id])))
    assert "With the 6 contacts of" in shown
    assert "the rules typed" in shown
    assert "Too little history" in shown
    assert "as it was that day" in shown
    so, changed = Study.objects.get(pk=study_id).outcomes
    assert changed["figures"]["floor"]["abandonment"][0] > so["figures"]["floor"]["abandonment"][0]


def test_a_day_is_played_with_more_contacts_and_fewer_agents(client, routed, floor, morning, asked):
    assert "6 contacts" in text(client.get(reverse("what-if")))
    fields = {"floor": floor.pk, "day": routed.now.date().isoformat(), "volume": 130, "away": 1, "rule": "longest_idle"}
    client.post(reverse("what-if-ask"), fields)
    [(_, question)] = asked
    assert [each["name"] for each in question["variants"]] == [
        "as it is",
        "130% of the contacts, 1 agents fewer, rule longest idle",
    ]
    assert question["variants"][1]["policy"]["rule"] == "longest_idle"


def test_a_day_on_which_nothing_came_cannot_be_played(client, floor, asked):
    fields = {"floor": floor.pk, "day": "2026-01-01", "volume": 130, "away": 0}
    assert "Nothing came to this floor" in text(client.post(reverse("what-if-ask"), fields))
    assert client.post(reverse("what-if-ask"), fields | {"day": "yesterday"}).status_code == 404


def test_too_many_at_once_are_told_to_wait_and_a_silent_one_is_lost(client, routed, floor, morning, asked):
    fields = {"floor": floor.pk, "day": routed.now.date().isoformat(), "volume": 130, "away": 0}
    for _ in range(studies.AT_ONCE):
        client.post(reverse("what-if-ask"), fields)
    assert "a lot at once" in text(client.post(reverse("what-if-ask"), fields))
    routed.clock.advance(seconds=61)
    assert "could not be finished" in text(client.get(reverse("study", args=[asked[0][0]])))
