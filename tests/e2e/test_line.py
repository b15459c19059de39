"""The line check at home: real sound through a real relay and back, on a good line and on a bad one."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, Playwright, expect

from homeshore.channels.voice.models import LineCheck
from homeshore.channels.voice.services.line_checks import figures_of
from homeshore.foundation.models import Role
from homeshore.people.models import Agent
from homeshore.web.line import views
from tests.e2e.conftest import CHROMIUM, FLAGS
from tests.e2e.looks import Looks
from tests.e2e.telephone import make_tone, speaking_browser
from tests.factories import AgentFactory, BrandFactory, QueueFactory, user_as
from tests.servers.turn import SECRET, TurnServer, Weather, bad_line, turn_server

SECONDS = 6
PATIENCE_MS = 40_000


@pytest.fixture(scope="module")
def relay() -> Iterator[TurnServer]:
    with turn_server() as running:
        yield running


@pytest.fixture(scope="module")
def browser(playwright: Playwright, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    """A browser whose microphone hears a tone."""
    tone: Path = make_tone(tmp_path_factory.mktemp("tone") / "voice.wav", 440)
    chromium = speaking_browser(playwright, CHROMIUM, FLAGS, tone)
    yield chromium
    chromium.close()


@pytest.fixture
def agent(site: str, monkeypatch: pytest.MonkeyPatch) -> Agent:
    monkeypatch.setattr(views, "SECONDS", {"whole": SECONDS, "shift": SECONDS})
    brand = BrandFactory.create(name="Maison Lavande")
    calls = QueueFactory.create(brand=brand, name="Appels", channel="voice")
    return AgentFactory.create(operator=brand.operator, first_name="Inês", name="Inês Carvalho", queues=[calls])


def through(settings, port: int) -> None:
    settings.TURN_URLS, settings.TURN_SECRET = [f"turn:127.0.0.1:{port}?transport=udp"], SECRET


def test_a_home_is_checked_and_told_in_words_what_to_improve(
    agent: Agent, relay: TurnServer, settings, person: Callable, look: Looks
):
    through(settings, relay.port)
    page: Page = person(agent.user)
    page.goto("/line/")
    page.get_by_role("button", name="10 s").wait_for()
    look.in_both_languages(page, "line-begin", shows=".line-home button:not([disabled])")
    page.get_by_label("Filaire").check()
    page.get_by_label("par Wi-Fi").check()
    page.get_by_role("button", name="Commencer").click()
    expect(page.locator(".line-steps li[aria-current]")).to_have_count(1)
    result = page.locator(".line-score")
    expect(result).to_contain_text("sur 5", timeout=PATIENCE_MS)
    look.in_both_languages(page, "line-result", shows=".line-score")

    kept = LineCheck.objects.get()
    figures = figures_of(kept)
    assert (kept.kind, kept.seconds, figures.headset, figures.connection) == ("whole", SECONDS, "wired", "wifi")
    assert kept.mos is not None
    assert kept.mos > 4
    assert all(each.loss < 0.05 for each in figures.media)
    assert figures.sound is not None
    assert -30 < figures.sound.voice_db < -3  # a steady tone at 12,000 of 32,767
    assert (figures.down_kbps or 0) > 1000
    assert (figures.up_kbps or 0) > 1000


def test_a_bad_line_is_measured_as_bad_as_it_is_and_rests_from_calls(
    agent: Agent, relay: TurnServer, settings, person: Callable, look: Looks
):
    with bad_line(relay.port, Weather(loss=0.08, delay_ms=40, jitter_ms=30)) as port:
        through(settings, port)
        page: Page = person(agent.user)
        page.goto("/line/")
        page.get_by_role("button", name="10 s").click()
        expect(page.locator(".line-findings .below").first).to_be_visible(timeout=PATIENCE_MS)

    kept = LineCheck.objects.get()
    figures = figures_of(kept)
    lost = sum(each.loss for each in figures.media) / len(figures.media)
    assert 0.08 < lost < 0.26, "each packet passes the bad line twice: 15 % are lost of it"
    assert min(each.round_trip_ms for each in figures.media) > 4 * 40
    assert kept.mos is not None
    assert kept.mos < 3.6
    agent.refresh_from_db()
    assert not agent.voice_line_ok

    supervisor: Page = person(user_as(Role.SUPERVISOR, agent.operator))
    supervisor.goto("/line/home/")
    expect(supervisor.get_by_role("row", name="Inês Carvalho")).to_contain_text("✕")
    look.in_both_languages(supervisor, "lines")


def test_without_a_relay_it_is_said_and_the_rest_is_measured(agent: Agent, person: Callable):
    page: Page = person(agent.user)
    page.goto("/line/")
    expect(page.locator(".line-note")).to_contain_text("Aucun relais")
    expect(page.get_by_role("button", name="10 s")).to_have_count(0)
    page.get_by_label("Filaire").check()
    page.get_by_label("par câble").check()
    page.get_by_role("button", name="Commencer").click()
    expect(page.locator(".line-score")).to_contain_text("non mesuré", timeout=PATIENCE_MS)

    kept = LineCheck.objects.get()
    assert (kept.mos, kept.seconds, figures_of(kept).media) == (None, 0, ())
    assert (figures_of(kept).down_kbps or 0) > 0
