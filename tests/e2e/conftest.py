"""The real site in a real browser.

`page` is a stranger's browser at the site; `person(user)` is one where `user` is signed in (any number of them at once).
Tests run in French. `look.in_both_languages(page, "name")` looks at a page that is whole again once loaded again: nothing
overflows, axe-core finds nothing, and a picture is left in var/looks. What stands in the page alone is looked at by
`look(page, "name")`, and brought about `for language in look.languages(page)`; where that would take the whole test, it
asks for `language` and runs in each. In `make screens` two of the four pairs of width and theme are looked at in each
language, so that every two values meet; `make looks` looks at all.
A page that reports an error to its console fails the test.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Playwright, sync_playwright

from homeshore.foundation.models import User
from tests.e2e.looks import Looks
from tests.e2e.shop import Shop, running_shop
from tests.servers.site import served_site

CHROMIUM = Path("/usr/bin/chromium-headless-shell")
"""Chromium without the part that draws windows, a third less work; what it lacks (notices) is tried `IN_WHOLE_CHROMIUM`."""
WHOLE_CHROMIUM = Path("/usr/bin/chromium")
FLAGS = [
    "--no-sandbox",
    "--headless",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]
ROOT = Path(__file__).resolve().parent.parent.parent
PATIENCE_MS = 20_000
IN_WHOLE_CHROMIUM = pytest.mark.parametrize("browser", [WHOLE_CHROMIUM], indirect=True, ids=["whole"])

# Playwright's synchronous calls run an event loop in this thread, which Django takes for asynchronous code.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.e2e)
            if "look" in getattr(item, "fixturenames", ()):
                item.add_marker(pytest.mark.looks)


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    """What drives browsers: one a process, or they would be in each other's way."""
    for program in (CHROMIUM, WHOLE_CHROMIUM):
        if not program.exists():
            pytest.fail(f"{program} is missing: apt-get install {program.name} (make test does it as root)")
    with sync_playwright() as running:
        yield running


@pytest.fixture(scope="session")
def browser(playwright: Playwright, request: pytest.FixtureRequest) -> Iterator[Browser]:
    chromium = playwright.chromium.launch(executable_path=getattr(request, "param", CHROMIUM), args=FLAGS)
    yield chromium
    chromium.close()


@pytest.fixture
def site(transactional_db: None, settings) -> Iterator[str]:
    """The address of the whole site, background work included, on the test's database."""
    with served_site(("web", "router", "channels")) as running:
        settings.BASE_URL = f"http://localhost:{running.port}"
        yield settings.BASE_URL


@pytest.fixture(params=["fr", "en"])
def language(request: pytest.FixtureRequest) -> str:
    return request.param


@pytest.fixture
def spoken(request: pytest.FixtureRequest) -> str:
    """The language of this test's browsers."""
    return request.getfixturevalue("language") if "language" in request.fixturenames else "fr"


@pytest.fixture
def console_errors() -> Iterator[list[str]]:
    """What pages complained of; a test that provokes an error takes it out of the list."""
    errors: list[str] = []
    yield errors
    assert errors == [], "a page reported errors to its console"


@pytest.fixture
def person(
    browser: Browser, site: str, spoken: str, console_errors: list[str]
) -> Iterator[Callable[[User | None], Page]]:
    """Open a browser for somebody; each has cookies of their own."""
    contexts: list[BrowserContext] = []

    def open_browser(user: User | None = None) -> Page:
        context = browser.new_context(
            base_url=site,
            locale={"fr": "fr-FR", "en": "en-GB"}[spoken],
            timezone_id="Europe/Paris",
            reduced_motion="reduce",
            viewport={"width": 1440, "height": 900},
        )
        context.set_default_timeout(PATIENCE_MS)
        contexts.append(context)
        if user is not None:
            User.objects.filter(pk=user.pk).update(language=spoken)
            context.add_cookies([{"name": "sessionid", "value": session_of(user), "url": site}])
        context.add_cookies([{"name": "django_language", "value": spoken, "url": site}])
        return heard_page(context, console_errors)

    yield open_browser
    for context in contexts:
        context.close()


def heard_page(context: BrowserContext, errors: list[str]) -> Page:
    """A new page; what it complains of goes into `errors`."""
    page = context.new_page()
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.on("console", lambda message: _keep_error(message, errors))
    return page


def _keep_error(message: ConsoleMessage, errors: list[str]) -> None:
    if message.type == "error":
        errors.append(f"{message.text} ({message.location['url']})")


def session_of(user: User) -> str:
    """The key of a new session in which the user is signed in."""
    from django.test import Client

    client = Client()
    client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client.cookies["sessionid"].value


@pytest.fixture
def shop(site: str, spoken: str) -> Iterator[Shop]:
    """A brand's page of another origin, with the chat."""
    with running_shop() as shop:
        shop.site, shop.language = site, spoken
        yield shop


@pytest.fixture
def page(person: Callable[[User | None], Page]) -> Page:
    """A browser in which nobody is signed in."""
    return person(None)


@pytest.fixture
def look(request: pytest.FixtureRequest, spoken: str) -> Looks:
    """`look(page, "desk-offer")`: see that the screen is right at every width and theme, and keep its picture."""
    return Looks(ROOT, spoken, every=request.config.option.all_looks)
