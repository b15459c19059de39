"""The planner's way, from a file to models side by side, in a real browser with real child processes."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from homeshore.foundation.models import Role, User
from homeshore.planning.models import Plan
from tests import planning_scene as scene
from tests.factories import OperatorFactory, user_as

COMPUTING_MS = 90_000


@pytest.fixture
def planner(transactional_db: None) -> User:
    return user_as(Role.PLANNER, OperatorFactory.create(name="Atelier des Lignes"))


def test_each_step_of_a_plan_is_seen_in_both_languages(planner, person, look, language):
    operator = planner.memberships.get().operator
    page = person(planner)
    page.goto("/planning/")
    look(page, "planning-empty")
    page.goto("/planning/new/")
    look(page, "planning-new")
    unread = scene.plan_in(operator, planner, name="Semaine 46")
    plan = scene.plan_in(operator, planner, scene.read(), scene.scheduled(), scene.compared())
    page.goto("/planning/")
    look(page, "planning")
    page.goto(f"/planning/{unread.pk}/history/")
    look(page, "planning-mapping")
    for step in ("history", "forecast", "staffing", "schedule", "income", "comparison"):
        page.goto(f"/planning/{plan.pk}/{step}/")
        expect(page.locator(".way a[aria-current=step]")).to_be_visible()
        look(page, f"planning-{step}")


def test_a_planner_goes_from_a_file_to_a_schedule_without_a_manual(planner, person, tmp_path: Path):
    page: Page = person(planner)
    file = tmp_path / "appels.csv"
    file.write_bytes(scene.calls_file())
    page.goto("/planning/")
    page.get_by_role("link", name="Faire le premier plan").click()
    page.locator("input[type=file]").set_input_files(file)
    page.get_by_role("button", name="Lire").click()
    expect(page.get_by_role("heading", name="Le lire ainsi ?")).to_be_visible(timeout=COMPUTING_MS)
    page.get_by_role("button", name="Oui, le lire ainsi").click()
    page.get_by_role("link", name="Suite : Prévision").click(timeout=COMPUTING_MS)
    page.get_by_role("link", name="Suite : Dimensionnement").click()
    page.get_by_label("Appels", exact=True).focus()
    for _ in range(20):
        page.keyboard.press("ArrowRight")
    expect(page.locator("#answer .more")).to_contain_text("h", timeout=COMPUTING_MS)
    page.get_by_role("link", name="Suite : Planning").click()
    page.get_by_role("button", name="Établir le planning").click()
    page.get_by_role("button", name="Annuler").click()
    expect(page.locator(".notices, [role=status]").first).to_contain_text("Annulé")
    page.goto(f"/planning/{Plan.objects.get().pk}/schedule/")
    page.get_by_role("button", name="Établir le planning").click()
    expect(page.get_by_role("heading", name="Qui travaille quand")).to_be_visible(timeout=COMPUTING_MS)
    page.get_by_role("link", name=re.compile("Suite : Promesse")).click()
    expect(page.get_by_role("heading", name="Par personne")).to_be_visible()
    with page.expect_download(timeout=COMPUTING_MS) as taken:
        page.get_by_role("link", name="PDF").click()
    assert Path(taken.value.path()).read_bytes().startswith(b"%PDF")
