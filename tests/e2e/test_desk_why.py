"""An agent asks the router why, contests its choice, and reads the answer that a supervisor gives."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from homeshore.contacts.models import Offer
from homeshore.contacts.router.rules import agent_changed
from homeshore.contacts.services import set_presence
from homeshore.foundation import clock
from homeshore.foundation.models import Role
from tests.e2e.desk_scene import Scene, morning
from tests.factories import AgentFactory, user_as
from tests.servers.ground import wait_until

WORDS = {
    "fr": {"why": "Pourquoi rien ne vient", "next": "Rien n’attend", "not_me": "Pourquoi pas moi", "away": "pas disponible"},
    "en": {"why": "Why does nothing come", "next": "Nothing waits", "not_me": "Why not me", "away": "not ready"},
}  # fmt: skip


@pytest.fixture
def scene(transactional_db: None) -> Scene:
    return morning()


def test_an_agent_asks_why_not_them_contests_it_and_is_answered(scene, person, look):
    other = AgentFactory.create(operator=scene.operator, name="Odile Rocher", queues=[scene.after_sales])
    desk = person(scene.agent.user)
    desk.goto("/desk/")
    expect(desk.locator(".vital.line")).to_contain_text("ms")
    agent_changed(other.pk)
    set_presence(agent_id=other.pk, state="ready", now=clock.now())
    scene.writes("Claire Vasseur", "Bonjour, mon plaid est trop grand.", queue=scene.after_sales)
    wait_until(lambda: Offer.objects.filter(agent=other).exists(), what="the offer to the colleague")

    set_presence(agent_id=scene.agent.pk, state="ready", now=clock.now())
    sheet = desk.get_by_role("dialog")
    for language in look.languages(desk):
        words = WORDS[language]
        desk.reload()
        desk.get_by_role("button", name=words["why"]).click()
        expect(sheet).to_contain_text(words["next"])
        sheet.get_by_role("button", name=words["not_me"]).click()
        expect(sheet.locator(".read")).to_contain_text(words["away"])
        expect(sheet).not_to_contain_text("Odile")
        look(desk, "desk-why")
    sheet.get_by_role("textbox").fill("J’étais là, ma ligne l’a dit trop tard.")
    sheet.get_by_role("button", name="Envoyer la contestation").click()
    expect(sheet).to_contain_text("ma ligne l’a dit trop tard")

    floor = person(user_as(Role.SUPERVISOR, scene.operator, name="Hélène Marchetti"))
    floor.goto("/floor/")
    floor.locator(".alert a[href='/floor/contests/']").click()
    expect(floor.locator(".told-reasons")).to_be_visible()
    look.in_both_languages(floor, "contested-choice")
    floor.get_by_role("textbox").fill("Exact, votre ligne était lente.")
    floor.get_by_role("button", name="L’agent a raison").click()
    expect(desk.locator(".notice")).to_contain_text("donne raison")
    expect(sheet).to_contain_text("Hélène Marchetti")
