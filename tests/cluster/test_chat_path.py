"""A customer's chat through the whole cluster, in real browsers behind nginx: also while its processes are killed."""

import re

import pytest
from playwright.sync_api import expect, sync_playwright

from homeshore.demo import dataset
from tests.e2e.conftest import CHROMIUM, FLAGS
from tests.servers.cluster import ROUTERS, WEBS, Member, cluster
from tests.servers.ground import free_ports, listens, wait_until

PATIENCE_MS = 30_000


@pytest.fixture(scope="module")
def house():
    with cluster(free_ports(6 + WEBS), HOMESHORE_ROUTER_LEASE_SECONDS="3") as members:
        people = [*members.members["web-1"].command[:3], "demo", "--beside", "--quiet-people"]
        pages = Member("people", people, members.environment, members.folder / "people.log")
        pages.start()
        wait_until(lambda: listens(members.port + 1), what="the shop's page", seconds=60)
        yield members
        pages.ask_to_stop()
        pages.wait()


@pytest.fixture(scope="module")
def browser():
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield chromium
        chromium.close()


def at_the_desk(browser, house):
    """An agent of the shop, ready."""
    page = browser.new_context(locale="fr-FR").new_page()
    page.set_default_timeout(PATIENCE_MS)
    page.goto(f"{house.url}/accounts/login/?next=/desk/")
    page.locator("input[name=login]").fill(dataset.AGENTS[0].email)
    page.locator("input[name=password]").fill(dataset.PASSWORD)
    page.get_by_role("button", name="Se connecter").click()
    return page


def owner_of_floor(house):
    said = house.python(
        "-c",
        "from homeshore.cli.start import start_django; start_django()\n"
        "from homeshore.contacts.models import Floor\n"
        "print(Floor.objects.get().owner)",
    )
    return int(said.split(":")[1])


def test_a_customer_is_answered_whatever_process_dies_meanwhile(house, browser):
    desk = at_the_desk(browser, house)
    expect(desk.locator(".vital.line")).to_contain_text("ms")
    desk.keyboard.press("F4")
    expect(desk.get_by_role("dialog").get_by_role("button", name="Disponible")).to_be_focused()
    desk.keyboard.press("Enter")
    expect(desk.locator(".presence")).to_contain_text("Disponible")

    shop = browser.new_context(locale="fr-FR").new_page()
    shop.set_default_timeout(PATIENCE_MS)
    shop.goto(f"http://localhost:{house.port + 1}")
    shop.get_by_role("button", name=re.compile("Discuter avec")).click()
    shop.get_by_label("Votre message", exact=True).fill("Bonjour, où est ma commande ?")
    shop.keyboard.press("Enter")

    expect(desk.locator(".offer-acts")).to_be_visible(timeout=PATIENCE_MS)
    desk.keyboard.press("F8")
    expect(desk.locator(".msg").last).to_contain_text("où est ma commande")

    house.members["web-1"].kill()
    house.members["web-2"].kill()
    say(desk, "Je regarde cela.")
    expect(shop.get_by_role("log")).to_contain_text("Je regarde cela.", timeout=PATIENCE_MS)
    house.members["web-1"].start()
    house.wait_for_web(0)
    house.members["web-3"].kill()
    shop.get_by_label("Votre message", exact=True).fill("Merci !")
    shop.keyboard.press("Enter")
    expect(desk.locator(".msg").last).to_contain_text("Merci !", timeout=PATIENCE_MS)


def say(desk, text):
    desk.locator(".composer textarea").fill(text)
    desk.keyboard.press("Control+Enter")
    expect(desk.locator(".msg.mine:not(.queued)").last).to_contain_text(text, timeout=PATIENCE_MS)


def test_another_router_takes_over_from_one_that_is_killed(house):
    owner = owner_of_floor(house)
    dead = next(member for member in house.named("router") if member.pid == owner)
    dead.kill()
    wait_until(lambda: owner_of_floor(house) != owner, what="the floor's change of hands")
    survivor = next(member for member in house.named("router") if member.pid == owner_of_floor(house))

    dead.start()
    assert len(house.named("router")) == ROUTERS
    assert survivor.runs
