"""The planner's way, from a file to models side by side, in a real browser with real child processes."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from homeshore.foundation.models import Role, User
from homeshore.planning.models import Plan
from tests import planning_scene as scene
from tests.factories import OperatorFactory, user_as

COMPUTING_MS = 150_000


@pytest.fixture
def planner(transactional_db: None) -> User:
    return user_as(Role.PLANNER, OperatorFactory.create(name="Atelier des Lignes"))


def test_each_step_of_a_plan_is_seen_in_both_languages(planner, person, look):
    operator = planner.memberships.get().operator
    page = person(planner)
    page.goto("/planning/")
    look.in_both_languages(page, "planning-empty")
    page.goto("/planning/new/")
    look.in_both_languages(page, "planning-new")
    unread = scene.plan_in(operator, planner, name="Semaine 46")
    plan = scene.plan_in(operator, planner, scene.read(), scene.scheduled(), scene.compared())
    page.goto("/planning/")
    look.in_both_languages(page, "planning")
    page.goto(f"/planning/{unread.pk}/history/")
    look.in_both_languages(page, "planning-mapping")
    for step in ("history", "forecast", "staffing", "schedule", "income", "comparison"):
        page.goto(f"/planning/{plan.pk}/{step}/")
        expect(page.locator(".way a[aria-current=step]")).to_be_visible()
        look.in_both_languages(page, f"planning-{step}", shows=".way a[aria-current=step]")


def test_a_planner_goes_from_a_file_to_a_schedule_without_a_manual(planner, person, tmp_path: Path):
    page: Page = person(planner)
    file = tmp_path / "appels.csv"
    file.write_bytes(scene.calls_file())
    page.goto("/planning/")
    page.locator(".plan-empty a").click()
    page.locator("input[type=file]").set_input_files(file)
    page.locator("main button[type=submit]").click()
    expect(page.locator("#reading")).to_be_visible(timeout=COMPUTING_MS)
    page.locator("form.plan-form button[type=submit]").click()
    expect(page.locator("#by-day")).to_be_visible(timeout=COMPUTING_MS)
    page.locator(".plan-next a").click()
    expect(page.locator("#methods")).to_be_visible()
    page.locator(".plan-next a").click()
    page.locator("#id_calls").fill("20")
    expect(page.locator("#answer .more")).to_be_visible(timeout=COMPUTING_MS)
    page.goto(f"/planning/{Plan.objects.get().pk}/schedule/")
    page.locator(".plan-form button.primary").click()
    expect(page.locator("#who")).to_be_visible(timeout=COMPUTING_MS)
    page.locator(".plan-next a").click()
    expect(page.locator("#by-person")).to_be_visible()
