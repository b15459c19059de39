"""A customer's chat through the whole cluster, in real browsers behind nginx: also while its processes are killed."""

import re

import psycopg
import pytest
from playwright.sync_api import expect, sync_playwright

from homeshore.demo import dataset
from tests.e2e.conftest import CHROMIUM, FLAGS
from tests.servers.cluster import WEBS, Member, cluster
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


def ready_at_the_desk(browser, house):
    """The same agent, once the house holds their line."""
    desk = at_the_desk(browser, house)
    expect(desk.locator(".vital.line")).to_contain_text("ms")
    if "Disponible" not in desk.locator(".presence").inner_text():
        desk.keyboard.press("F4")
        expect(desk.get_by_role("dialog").get_by_role("button", name="Disponible")).to_be_focused()
        desk.keyboard.press("Enter")
    expect(desk.locator(".presence")).to_contain_text("Disponible")
    return desk


def at_the_shop(browser, house, first_words):
    """A customer who writes."""
    shop = browser.new_context(locale="fr-FR").new_page()
    shop.set_default_timeout(PATIENCE_MS)
    shop.goto(f"http://localhost:{house.port + 1}")
    shop.get_by_role("button", name=re.compile("Discuter avec")).click()
    shop.get_by_label("Votre message", exact=True).fill(first_words)
    shop.keyboard.press("Enter")
    return shop


def owner_of_floor(house):
    """The process that routes, and in which epoch."""
    with psycopg.connect(house.database.url) as connection:
        owner, epoch = connection.execute("SELECT owner, epoch FROM contacts_floor").fetchone()
    return (int(owner.split(":")[1]) if owner else None), epoch


def test_a_customer_is_answered_whatever_process_dies_meanwhile(house, browser):
    desk = ready_at_the_desk(browser, house)
    shop = at_the_shop(browser, house, "Bonjour, où est ma commande ?")
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


def test_who_writes_after_the_router_was_killed_is_offered_by_the_one_that_stood_by(house, browser):
    desk = ready_at_the_desk(browser, house)
    owner, epoch = owner_of_floor(house)
    dead = next(member for member in house.named("router") if member.pid == owner)
    dead.kill()
    at_the_shop(browser, house, "Bonjour, et la facture ?")

    expect(desk.locator(".offer-acts")).to_be_visible(timeout=PATIENCE_MS)
    desk.keyboard.press("F8")
    expect(desk.locator(".msg").last).to_contain_text("et la facture")
    successor, risen = owner_of_floor(house)
    assert successor in {member.pid for member in house.named("router")} - {owner}
    assert risen == epoch + 1
    dead.start()
