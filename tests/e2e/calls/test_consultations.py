"""An agent asks a colleague about a call, with real sound: who hears whom is measured at every end, also after the hand-over."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from homeshore.channels.voice.models import Call, Companion
from homeshore.channels.voice.services import consultations
from homeshore.contacts.models import Assignment, Reservation
from homeshore.people.events import announce_agent
from homeshore.people.models import Agent
from tests.e2e.calls.scene import ready, talk
from tests.e2e.looks import Looks
from tests.e2e.telephone import hears_only, voices_heard
from tests.factories import AgentFactory
from tests.servers.ground import wait_until

RING = re.compile("^(Appeler|Ring)$")
NOTE = "Sa garantie date de 2019 : est-elle encore valable ?"


@pytest.fixture
def colleague(queue) -> Agent:
    colleague = AgentFactory.create(operator=queue.operator, first_name="Paul", name="Paul Guérin", queues=[queue])
    announce_agent(colleague.pk)  # the floor may be routed already
    return colleague


@pytest.fixture(autouse=True)
def _desks_ring_as_long_as_it_takes_to_look_at_them(monkeypatch):
    monkeypatch.setattr(consultations, "RINGS", timedelta(minutes=2))


@pytest.fixture
def second_desk(pages, colleague) -> Page:
    """The colleague's desk, in a browser with the third voice."""
    page = pages("supervisor", colleague.user)
    page.goto("/desk/")
    expect(page.locator(".vital.line")).to_contain_text("ms")
    return page


def await_voices(page: Page, voices: set[str], *, line: int = -1, who: str) -> None:
    wait_until(lambda: voices_heard(page, line=line) == voices, what=f"{who} to hear {sorted(voices) or 'nobody'}")


def ask(desk: Page) -> None:
    desk.keyboard.press("Alt+a")
    desk.locator("#consult-note").fill(NOTE)
    desk.locator(".consult-form").get_by_role("button", name=RING).click()
    expect(desk.locator(".consult-bar")).to_have_attribute("data-consultation", "asked")


def test_a_colleague_is_consulted_joins_and_is_handed_the_call(
    desk, customer, agent, colleague, second_desk, look: Looks
):
    talk(desk, customer, agent)
    ready(colleague)
    desk.keyboard.press("Alt+a")
    expect(desk.locator("#consult-who option:checked")).to_have_text("Paul Guérin")
    look(desk, "desk-consult-form")
    desk.keyboard.press("Escape")
    ask(desk)
    asked = second_desk.locator(".asked-bar")
    expect(asked).to_contain_text(NOTE)
    look(second_desk, "desk-asked")
    second_desk.keyboard.press("F9")
    expect(desk.locator(".notice").first).to_contain_text("ne peut pas répondre")
    expect(desk.locator(".consult-bar")).to_have_count(0)
    expect(customer.locator(".c-call")).to_have_attribute("data-state", "held")

    ask(desk)
    expect(asked).to_be_visible()
    second_desk.keyboard.press("F8")
    expect(asked).to_have_attribute("data-line", "good")
    expect(desk.locator(".consult-bar")).to_have_attribute("data-consultation", "consult")
    await_voices(second_desk, {"agent"}, who="the colleague")
    await_voices(desk, {"supervisor"}, line=1, who="the agent, by the colleague's line,")
    await_voices(customer, set(), who="a customer on hold")
    look(second_desk, "desk-consulted")
    look(desk, "desk-consulting")

    desk.keyboard.press("Alt+g")
    expect(customer.locator(".c-call")).to_have_attribute("data-state", "talking")
    await_voices(customer, {"agent"}, who="a customer taken back for a moment")
    await_voices(second_desk, set(), who="a colleague who waits")
    desk.keyboard.press("Alt+j")
    expect(customer.locator("[data-joined]")).to_be_visible()
    await_voices(customer, {"agent", "supervisor"}, who="the customer")
    await_voices(second_desk, {"agent", "customer"}, who="a colleague who has joined")
    look(desk, "desk-conference")

    desk.keyboard.press("Alt+p")
    expect(second_desk.locator(".call-bar:not(.asked-bar)")).to_have_attribute("data-state", "talking")
    expect(desk.locator(".call-bar")).to_have_count(0)
    expect(desk.locator(".wrap-up")).to_be_visible()
    expect(customer.locator(".c-say")).to_contain_text("Paul")
    wait_until(lambda: hears_only(customer, "supervisor"), what="the customer to hear the colleague")
    wait_until(lambda: hears_only(second_desk, "customer"), what="the colleague to hear the customer")
    expect(second_desk.locator(".desk-thread")).to_contain_text(NOTE)
    look(second_desk, "desk-handed-over")
    held = Assignment.objects.order_by("id").values_list("agent__first_name", "state", "why")
    assert list(held) == [("Inês", "wrap_up", "handed_over"), ("Paul", "active", "")]
    assert [each.why for each in Companion.objects.order_by("id")] == ["refused", "handed_over"]
    assert not Reservation.objects.exists()


@pytest.mark.parametrize("language", ["en"])
def test_whichever_page_is_loaded_again_or_closed_the_customer_is_not_left_alone(
    desk, customer, agent, colleague, second_desk, console_errors, look: Looks, language
):
    talk(desk, customer, agent, language)
    ready(colleague)
    desk.keyboard.press("Alt+a")
    look(desk, "desk-consult-form")
    desk.keyboard.press("Escape")
    ask(desk)
    look(second_desk, "desk-asked")
    second_desk.locator(".asked-bar").get_by_role("button", name="Answer").click()
    await_voices(second_desk, {"agent"}, who="the colleague")
    look(second_desk, "desk-consulted")
    desk.reload()
    expect(desk.locator(".consult-bar")).to_have_attribute("data-consultation", "consult")
    await_voices(second_desk, {"agent"}, who="the colleague, after the asker's page was loaded again,")
    look(desk, "desk-consulting")

    second_desk.reload()
    expect(second_desk.locator(".asked-bar")).to_have_attribute("data-line", "good")
    await_voices(second_desk, {"agent"}, who="the colleague, after their page was loaded again,")
    await_voices(desk, {"supervisor"}, line=1, who="the agent, after the colleague's page was loaded again,")
    expect(desk.locator(".consult-bar")).to_have_attribute("data-consultation", "consult")

    second_desk.goto("/earnings/")
    expect(desk.locator(".consult-bar")).to_have_count(0, timeout=30_000)
    expect(customer.locator(".c-call")).to_have_attribute("data-state", "held")
    second_desk.goto("/desk/")
    expect(second_desk.locator(".vital.line")).to_contain_text("ms")
    expect(second_desk.locator(".asked-bar")).to_have_count(0)
    ask(desk)
    second_desk.locator(".asked-bar").get_by_role("button", name="Answer").click()
    await_voices(second_desk, {"agent"}, who="the colleague")
    desk.keyboard.press("Alt+j")
    expect(customer.locator("[data-joined]")).to_be_visible()
    look(desk, "desk-conference")
    desk.close()
    expect(second_desk.locator(".asked-bar")).to_have_count(0, timeout=30_000)
    expect(second_desk.locator(".offer-acts")).to_be_visible()
    second_desk.keyboard.press("F8")
    wait_until(lambda: hears_only(customer, "supervisor"), what="the customer to hear who took the call after")
    assert Call.objects.get().legs.get(number=1).why == "agent_lost"
    console_errors[:] = [each for each in console_errors if "/companions/" not in each]  # still said to who has gone
