"""My earnings, as an agent reads them."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from playwright.sync_api import expect

from homeshore.foundation import clock
from homeshore.pay import services as pay
from homeshore.pay.models import Act
from tests.e2e.desk_scene import Scene, morning
from tests.e2e.floor_scene import month_of_acts


@pytest.fixture
def scene(transactional_db: None) -> Scene:
    return morning()


def test_a_month_is_read_line_by_line(scene, person, look):
    page = person(scene.agent.user)
    page.goto("/earnings/")
    expect(page.locator(".empty-note")).to_be_visible()
    look.in_both_languages(page, "earnings-empty")
    month_of_acts(scene.agent, scene.chat, until=clock.now())
    page.reload()
    expect(page.locator(".lines tbody tr:not(.day-row)")).to_have_count(Act.objects.filter(agent=scene.agent).count())
    look.in_both_languages(page, "earnings")
    earlier = page.locator(".lines tbody").nth(1)
    expect(earlier.locator("tr:not(.day-row)").first).to_be_hidden()
    earlier.get_by_role("button").press("Enter")
    expect(earlier.locator("tr:not(.day-row)").first).to_be_visible()
    page.locator(".lines .ver a").first.click()
    expect(page).to_have_url(re.compile("/earnings/rates/"))
    look.in_both_languages(page, "rates")


def test_a_line_is_contested_from_its_own_page(scene, person, look):
    month_of_acts(scene.agent, scene.chat, until=clock.now() - timedelta(minutes=1))
    page = person(scene.agent.user)
    page.goto("/earnings/")
    page.locator("a.contest").first.click()
    for _ in look.languages(page):
        page.reload()
        page.get_by_role("textbox").fill("La langue n’est pas comptée.")
        look(page, "contest")
    page.locator("main form button[type=submit]").click()
    expect(page.locator(".lines")).to_be_visible()
    assert pay.Contest.objects.get().text == "La langue n’est pas comptée."
