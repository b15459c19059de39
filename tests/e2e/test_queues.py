"""Queues and floors, set by an administrator and seen by any person."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session
from playwright.sync_api import Page, expect

from homeshore.brands.models import Queue
from homeshore.brands.queries import queue_rules
from homeshore.channels.voice.models import LeftInMenu, Number, Told, TurnedAway
from homeshore.channels.voice.sip.notices import Telling, keep_telling, set_notices
from homeshore.contacts.models import PresenceSpan
from homeshore.foundation import clock
from homeshore.foundation.models import Role
from tests.e2e.looks import Looks
from tests.factories import AgentFactory, CallFactory, ContactFactory, FloorFactory, QueueFactory, SkillFactory, user_as

WORDS = {
    "fr": {
        "save": "Enregistrer une nouvelle version",
        "skill": "Compétence 1",
        "level": "Niveau de la compétence 1, colonne 1",
        "later": "Niveau de la compétence 1, colonne 2",
        "nobody": "personne n’a Portugais 5",
    },
    "en": {
        "save": "Save as a new version",
        "skill": "Skill 1",
        "level": "Level of skill 1, column 1",
        "later": "Level of skill 1, column 2",
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
    by_phone = QueueFactory.create(name="Appels", brand=queue.brand, channel="voice")
    number = Number.objects.create(operator=queue.operator, queue=by_phone, digits="+33156070809")
    for days in (0, 0, 3):
        LeftInMenu.objects.create(number=number, at=clock.now() - timedelta(days=days))
    TurnedAway.objects.create(number=number, at=clock.now(), calls=12)
    LeftInMenu.objects.create(number=number, at=clock.now(), during=LeftInMenu.During.NOTICE)
    [notice] = set_notices(
        number,
        {"fr": "Maison Lavande répond de vos données. Les enregistrements sont gardés six mois."},
        now=clock.now() - timedelta(days=1),
    )
    for seconds in (9, None):
        call = CallFactory.create(contact__queue=by_phone)
        ended_at = clock.now() + timedelta(seconds=seconds) if seconds else None
        keep_telling(call, Telling(notice, clock.now(), ended_at))
    return queue


def test_a_page_whose_session_ended_asks_who_one_is_instead_of_showing_that_in_its_midst(
    queue: Queue, person: Callable, console_errors: list[str]
):
    page: Page = person(user_as(Role.OPERATOR_ADMIN, queue.operator))
    page.goto(f"/queues/{queue.pk}/edit/")
    Session.objects.all().delete()
    page.locator("#id_after-1").fill("20")
    page.keyboard.press("Tab")
    page.wait_for_url(f"**/accounts/login/?next=/queues/{queue.pk}/edit/")
    console_errors.clear()  # the refusal itself


def test_an_administrator_widens_who_answers_and_sees_it_said(
    queue: Queue, person: Callable, look: Looks, console_errors: list[str]
):
    page: Page = person(user_as(Role.OPERATOR_ADMIN, queue.operator))
    page.goto("/queues/")
    look.in_both_languages(page, "queues")
    page.locator("#left-title").scroll_into_view_if_needed()
    for count in ("left", "turned-away"):
        expect(page.locator(f"[aria-labelledby={count}-title] tbody tr")).to_contain_text(["+33 1 56 07 08 09"])
    look(page, "queues-of-numbers")
    for language in look.languages(page):
        words = WORDS[language]
        page.goto(f"/queues/{queue.pk}/edit/")
        page.get_by_label(words["skill"], exact=True).select_option(label="Portugais")
        page.get_by_label(words["level"]).select_option("5")
        page.locator("#id_after-1").fill("20")
        page.get_by_label(words["later"]).select_option("5")
        expect(page.locator("#typed")).to_contain_text(words["nobody"])
        page.get_by_role("button", name=words["save"]).click()
        expect(page.get_by_role("alert")).to_contain_text(words["nobody"])
        look(page, "queue-edit-refused")
    console_errors.clear()  # the refusals themselves
    page.get_by_label(words["level"]).select_option("4")
    page.get_by_label(words["later"]).select_option("3")
    expect(page.locator("#typed")).to_contain_text("Portugais 3 ou mieux")
    page.get_by_role("button", name=words["save"]).click()
    expect(page.get_by_role("main")).to_contain_text("Portugais 3 ou mieux")
    look.in_both_languages(page, "queue")
    assert [ring.after_seconds for ring in queue_rules(queue.pk).rings] == [20]
    floor = queue.on_floor.floor_id
    for name, address in (
        ("floor-policy", f"/queues/floors/{floor}/"),
        ("queue-close", f"/queues/{queue.pk}/close/"),
        ("queue-new", "/queues/new/"),
        ("told", "/told/"),
        ("told-contact", f"/recordings/contacts/{Told.objects.latest('id').call.contact_id}/"),
        ("told-contact-heard", f"/recordings/contacts/{Told.objects.earliest('id').call.contact_id}/"),
    ):
        page.goto(address)
        look.in_both_languages(page, name)


def test_a_past_day_is_played_otherwise_in_a_process_beside_the_house(queue: Queue, person: Callable, look: Looks):
    now = clock.now()
    agent = AgentFactory.create(operator=queue.operator, queues=[queue])
    PresenceSpan.objects.create(agent=agent, state="ready", since=now - timedelta(hours=2))
    floor = queue.on_floor.floor
    for number in range(12):
        at = now - timedelta(minutes=3 * number + 1)
        ContactFactory.create(queue=queue, floor=floor, arrived_at=at, due_at=at + timedelta(minutes=1))
    page: Page = person(user_as(Role.SUPERVISOR, queue.operator))
    for _ in look.languages(page):
        page.goto("/queues/what-if/")
        page.locator(".what-if button[type=submit]").click()
        expect(page.get_by_role("table")).to_be_visible(timeout=60_000)
        look(page, "what-if")
