"""Queues and floors, set by an administrator and seen by any person."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from homeshore.brands.models import Queue
from homeshore.brands.queries import queue_rules
from homeshore.contacts.models import PresenceSpan
from homeshore.foundation import clock
from homeshore.foundation.models import Role
from tests.e2e.looks import Looks
from tests.factories import AgentFactory, ContactFactory, FloorFactory, QueueFactory, SkillFactory, user_as

WORDS = {
    "fr": {
        "saved": "Enregistrer une nouvelle version",
        "skill": "Compétence 1",
        "level": "Niveau de la compétence 1, colonne 1",
        "later": "Niveau de la compétence 1, colonne 2",
        "wider": "Portugais 3 ou mieux",
        "nobody": "personne n’a Portugais 5",
    },
    "en": {
        "saved": "Save as a new version",
        "skill": "Skill 1",
        "level": "Level of skill 1, column 1",
        "later": "Level of skill 1, column 2",
        "wider": "Portugais 3 or better",
        "nobody": "Nobody engaged on it has Portugais 5",
    },
}


@pytest.fixture
def queue(site: str) -> Queue:
    queue = QueueFactory.create(name="Service client Portugal", brand__name="Maison Lavande")
    FloorFactory.create(operator=queue.operator)
    QueueFactory.create(name="Service client", brand=queue.brand)
    portuguese = SkillFactory.create(operator=queue.operator, name="Portugais")
    SkillFactory.create(operator=queue.operator, name="Assurance")
    for level in (4, 3, 3):
        AgentFactory.create(operator=queue.operator, queues=[queue], skills={portuguese: level})
    return queue


def test_an_administrator_widens_who_answers_and_sees_it_said(
    queue: Queue, person: Callable, look: Looks, language: str, console_errors: list[str]
):
    words = WORDS[language]
    page: Page = person(user_as(Role.OPERATOR_ADMIN, queue.operator))
    page.goto("/queues/")
    look(page, "queues")
    page.get_by_role("link", name="Service client Portugal").click()
    page.goto(f"/queues/{queue.pk}/edit/")
    page.get_by_label(words["skill"], exact=True).select_option(label="Portugais")
    page.get_by_label(words["level"]).select_option("5")
    page.locator("#id_after-1").fill("20")
    page.get_by_label(words["later"]).select_option("5")
    expect(page.locator("#typed")).to_contain_text(words["nobody"])
    page.get_by_role("button", name=words["saved"]).click()
    expect(page.get_by_role("alert")).to_contain_text(words["nobody"])
    look(page, "queue-edit-refused")
    console_errors.clear()  # the refusal itself
    page.get_by_label(words["level"]).select_option("4")
    page.get_by_label(words["later"]).select_option("3")
    expect(page.locator("#typed")).to_contain_text(words["wider"])
    page.get_by_role("button", name=words["saved"]).click()
    expect(page.get_by_role("main")).to_contain_text(words["wider"])
    look(page, "queue")
    assert [ring.after_seconds for ring in queue_rules(queue.pk).rings] == [20]
    floor = queue.on_floor.floor_id
    for name, address in (
        ("floor-policy", f"/queues/floors/{floor}/"),
        ("queue-close", f"/queues/{queue.pk}/close/"),
        ("queue-new", "/queues/new/"),
    ):
        page.goto(address)
        look(page, name)


def test_a_past_day_is_played_otherwise_in_a_process_beside_the_house(
    queue: Queue, person: Callable, look: Looks, language: str
):
    now = clock.now()
    agent = AgentFactory.create(operator=queue.operator, queues=[queue])
    PresenceSpan.objects.create(agent=agent, state="ready", since=now - timedelta(hours=2))
    floor = queue.on_floor.floor
    for number in range(12):
        at = now - timedelta(minutes=3 * number + 1)
        ContactFactory.create(queue=queue, floor=floor, arrived_at=at, due_at=at + timedelta(minutes=1))
    page: Page = person(user_as(Role.SUPERVISOR, queue.operator))
    page.goto("/queues/what-if/")
    page.get_by_role("button", name={"fr": "Simuler", "en": "Play it"}[language]).click()
    expect(page.get_by_role("table")).to_be_visible(timeout=60_000)
    look(page, "what-if")
