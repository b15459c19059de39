"""The floor as supervisors use it: live, on the real server, while customers write and agents work."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from homeshore.channels.voice.services.quality import rest_line
from homeshore.contacts import services
from homeshore.contacts.models import Assignment
from homeshore.contacts.router.rules import agent_changed
from homeshore.foundation import clock
from homeshore.foundation.transactions import write
from homeshore.pay import services as pay
from tests.e2e.floor_scene import FloorScene, day_in_progress
from tests.factories import ActFactory
from tests.servers.ground import wait_until

WORDS = {
    "fr": {"why": "Pourquoi", "away": "pause ou hors ligne", "live": "En direct"},
    "en": {"why": "Why", "away": "on a break or offline", "live": "Live"},
}  # fmt: skip


@pytest.fixture
def day(transactional_db: None) -> FloorScene:
    return day_in_progress()


@pytest.fixture
def floor(day: FloorScene, person) -> Page:
    page = person(day.supervisor)
    go_to_the_floor(page)
    return page


def go_to_the_floor(page: Page, language: str = "fr") -> None:
    """… and see it live."""
    page.goto("/floor/")
    expect(page.locator(".vitals").first).to_contain_text(WORDS[language]["live"])


def row_of(page: Page, queue) -> object:
    return page.locator(f"#queue-{queue.pk}")


def test_a_supervisor_sees_what_happens_as_it_happens(day, floor, look):
    chat = day.scene.chat
    expect(row_of(floor, chat).locator("td").first).to_have_text("0")
    day.scene.writes("Claire Vasseur", "Bonjour, mon plaid est trop grand.")
    expect(row_of(floor, chat).locator("td").first).to_have_text("1")
    expect(floor.get_by_role("row", name="Inês Carvalho")).to_contain_text("Hors ligne")
    services.set_presence(agent_id=day.scene.agent.pk, state="ready", now=clock.now())
    expect(floor.locator(".events")).to_contain_text("Inês Carvalho")
    with write():
        rest_line(agent_id=day.scene.agent.pk, mos=2.9, now=clock.now())
    expect(floor.get_by_role("row", name="Inês Carvalho")).to_contain_text("ligne faible, 2,9 sur 5")
    expect(floor.locator(".alert", has_text="Inês Carvalho")).to_contain_text("pas d’appels jusqu’à")
    day.scene.writes("Hugo Marin", "Et le mien trop petit.")
    expect(row_of(floor, chat).locator("td").nth(1)).to_contain_text("min", timeout=15_000)
    look.in_both_languages(floor, "floor", shows=".vitals .clock")


def test_a_supervisor_asks_why_a_contact_waits_and_why_an_agent_gets_nothing(day, floor, look):
    day.scene.writes("Claire Vasseur", "Bonjour, mon plaid est trop grand.")
    for language in look.languages(floor):
        words = WORDS[language]
        go_to_the_floor(floor, language)
        row_of(floor, day.scene.chat).get_by_role("button").click()
        floor.locator(".contact").get_by_role("button", name=words["why"]).click()
        reasons = floor.locator(".contact .reasons")
        expect(reasons).to_contain_text("Inês Carvalho")
        expect(reasons).to_contain_text(words["away"], ignore_case=True)
        look(floor, "floor-why")
        floor.get_by_role("button", name="Inês Carvalho").click()
        expect(floor.locator("#why-agent")).to_contain_text("Inês Carvalho")
        expect(floor.locator(".reasons")).to_contain_text(words["away"], ignore_case=True)
        look(floor, "agent-why")


def test_a_contact_is_given_to_an_agent_by_hand(day, floor):
    day.scene.writes("Claire Vasseur", "Bonjour ?")
    row_of(floor, day.scene.chat).get_by_role("button").click()
    contact = floor.locator(".contact")
    expect(contact).to_have_count(1)
    services.set_presence(agent_id=day.scene.agent.pk, state="break", reason="pause", now=clock.now())
    contact.get_by_role("button", name="Confier").click()
    floor.get_by_role("dialog").get_by_role("button", name="Inês Carvalho").click()
    expect(floor.locator(".notice")).to_contain_text("Inês Carvalho")
    expect(contact).to_contain_text("avec Inês Carvalho")
    assert Assignment.objects.get(state="active").agent == day.scene.agent


def test_a_supervisor_takes_a_contact_to_their_own_desk(day, floor):
    agent_changed(day.me.pk)
    day.scene.writes("Claire Vasseur", "Bonjour ?")
    row_of(floor, day.scene.chat).get_by_role("button").click()
    floor.locator(".contact").get_by_role("button", name="Prendre", exact=True).click()
    expect(floor.locator(".notice").get_by_role("link")).to_be_visible()
    wait_until(lambda: Assignment.objects.filter(agent=day.me, state="active").exists(), what="the assignment")


def test_a_lost_line_is_said_as_such_and_not_as_an_absence(day, floor):
    agent = day.scene.agent
    services.set_presence(agent_id=agent.pk, state="ready", now=clock.now())
    row = floor.get_by_role("row", name="Inês Carvalho")
    expect(row).to_contain_text("Disponible")
    agent.presence.__class__.objects.filter(agent=agent).update(lease_until=clock.now())
    expect(row).to_contain_text("Ligne perdue")


def test_the_day_of_an_agent_is_a_timeline_and_a_table(day, floor, look):
    agent = day.colleagues[0]
    for language in look.languages(floor):
        go_to_the_floor(floor, language)
        floor.get_by_role("button", name=agent.name).click()
        expect(floor.get_by_role("heading", level=2).first).to_contain_text(agent.name)
        expect(floor.locator(".day-chart")).to_be_visible()
        look(floor, "agent-day")
    floor.get_by_role("button", name="Retour au plateau").click()
    expect(floor.locator("#queues")).to_be_visible()


def test_a_contested_line_comes_to_a_person_and_is_answered(day, floor, look):
    act = ActFactory.create(assignment__agent=day.scene.agent, assignment__contact__queue=day.scene.chat)
    pay.contest_act(agent_id=day.scene.agent.pk, act_id=act.pk, text="La langue n’est pas comptée.", now=clock.now())
    floor.locator(".alert a[href='/floor/contests/']").click()
    look.in_both_languages(floor, "contests")
    floor.get_by_role("textbox").first.fill("Exact, elle est ajoutée.")
    floor.get_by_role("textbox").nth(1).fill("0,50")
    floor.locator("button[value=accepted]").click()
    wait_until(lambda: act.contest.__class__.objects.get(act=act).correction_cents == 50, what="the answer")
