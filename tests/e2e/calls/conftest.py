"""A customer's browser, an agent's and a supervisor's, each with a voice of its own."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Playwright, expect

from homeshore.brands.models import Brand, Channel, Queue
from homeshore.channels.voice.models import RecordingRule
from homeshore.foundation.models import User
from homeshore.people.models import Agent
from tests.e2e.calls.scene import LAUNCH
from tests.e2e.conftest import CHROMIUM, FLAGS, heard_page, session_of
from tests.e2e.shop import Shop
from tests.e2e.telephone import VOICES, WATCH, make_tone, speaking_browser
from tests.factories import AgentFactory, BrandFactory, DispositionFactory, QueueFactory, RateCardFactory

PATIENCE_MS = 15_000


@pytest.fixture(scope="module")
def telephones(playwright: Playwright, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[str], Browser]]:
    """The browser of a side, with a voice of its own; started when it is first asked for."""
    folder: Path = tmp_path_factory.mktemp("tones")
    browsers: dict[str, Browser] = {}

    def browser_of(side: str) -> Browser:
        if side not in browsers:
            tone = make_tone(folder / f"{side}.wav", VOICES[side])
            browsers[side] = speaking_browser(playwright, CHROMIUM, FLAGS, tone)
        return browsers[side]

    yield browser_of
    for browser in browsers.values():
        browser.close()


@pytest.fixture
def pages(telephones, site, spoken, console_errors) -> Iterator[Callable[..., Page]]:
    """`pages("agent", user)` opens a page in the browser of a side."""
    contexts: list[BrowserContext] = []

    def open_page(side: str, user=None) -> Page:
        context = telephones(side).new_context(
            base_url=site, locale={"fr": "fr-FR", "en": "en-GB"}[spoken], viewport={"width": 1440, "height": 900}
        )
        context.set_default_timeout(PATIENCE_MS)
        context.add_init_script(WATCH)
        context.add_cookies([{"name": "django_language", "value": spoken, "url": site}])
        if user:
            User.objects.filter(pk=user.pk).update(language=spoken)
            context.add_cookies([{"name": "sessionid", "value": session_of(user), "url": site}])
        contexts.append(context)
        return heard_page(context, console_errors)

    yield open_page
    for context in contexts:
        context.close()


@pytest.fixture
def brand(shop: Shop) -> Brand:
    brand = BrandFactory.create(name="Maison Lavande", accent="#5f4791", allowed_origins=[shop.origin])
    shop.key = brand.widget_key
    QueueFactory.create(brand=brand, name="Discussion", channel=Channel.CHAT)
    DispositionFactory.create(brand=brand, name="Commande")
    return brand


@pytest.fixture
def queue(brand: Brand) -> Queue:
    queue = QueueFactory.create(brand=brand, name="Appels", channel=Channel.VOICE, target_seconds=20)
    RateCardFactory.create(brand=brand, rates=[{"amount_cents": 310}])
    return queue


@pytest.fixture
def recorded(queue: Queue) -> Queue:
    """Every call of the queue is recorded."""
    RecordingRule.objects.create(queue=queue, share=100)
    return queue


@pytest.fixture
def agent(queue: Queue) -> Agent:
    return AgentFactory.create(operator=queue.operator, first_name="Inês", queues=[queue])


@pytest.fixture
def desk(pages, agent) -> Page:
    page = pages("agent", agent.user)
    page.goto("/desk/")
    expect(page.locator(".vital.line")).to_contain_text("ms")
    return page


@pytest.fixture
def customer(pages, shop, brand, agent, spoken) -> Page:
    """On the brand's page, the widget open."""
    page = pages("customer")
    page.goto(shop.origin)
    page.get_by_role("button", name=LAUNCH).click()
    return page
