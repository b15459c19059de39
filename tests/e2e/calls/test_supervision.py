"""A supervisor beside the agent of a call, with real sound: who hears whom is measured at every end."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from homeshore.channels.voice.models import Call, Companion, ListeningRule
from homeshore.foundation.models import AuditEntry, Role
from tests.e2e.calls.scene import talk
from tests.e2e.looks import Looks
from tests.e2e.telephone import voices_heard
from tests.factories import user_as
from tests.servers.ground import wait_until

BAR = ".call-bar.in-call"


@pytest.fixture
def queue(queue):
    """Supervisors may listen to its calls."""
    ListeningRule.objects.create(queue=queue, allowed=True)
    return queue


@pytest.fixture
def floor(pages, queue) -> Page:
    page = pages("supervisor", user_as(Role.SUPERVISOR, queue.operator, name="Hélène Marchetti"))
    page.goto("/floor/")
    return page


def await_voices(page: Page, voices: set[str], *, line: int = -1, who: str) -> None:
    wait_until(lambda: voices_heard(page, line=line) == voices, what=f"{who} to hear {sorted(voices) or 'nobody'}")


def test_a_raised_hand_brings_a_supervisor_who_listens_whispers_and_joins(desk, customer, agent, floor, look: Looks):
    talk(desk, customer, agent)
    expect(customer.get_by_text("Un responsable peut écouter")).to_be_visible()
    desk.keyboard.press("Alt+h")
    hand = floor.locator(".alert.coral", has_text="Inês")
    look(floor, "floor-raised-hand")
    hand.get_by_role("button", name="Écouter").click()
    expect(floor.locator(BAR)).to_have_attribute("data-line", "good")
    expect(hand).to_have_count(0)
    beside = desk.locator("[data-companion]")
    expect(beside).to_have_attribute("data-companion", "listen")
    await_voices(floor, {"customer", "agent"}, who="the supervisor")
    await_voices(desk, set(), line=1, who="the agent, of who listens,")
    await_voices(customer, {"agent"}, who="the customer")
    assert Companion.objects.get().part == "listen"

    parts = floor.locator(f"{BAR} .beside-parts")
    parts.get_by_role("button", name="Souffler", exact=True).click()
    expect(beside).to_have_attribute("data-companion", "whisper")
    await_voices(desk, {"supervisor"}, line=1, who="the agent, by the other line,")
    await_voices(customer, {"agent"}, who="the customer")
    look(desk, "desk-call-whispered")
    look(floor, "floor-beside")

    parts.get_by_role("button", name="Intervenir", exact=True).click()
    expect(customer.locator("[data-joined]")).to_be_visible()
    await_voices(customer, {"agent", "supervisor"}, who="the customer")
    floor.locator(BAR).get_by_role("button").last.click()
    expect(floor.locator(BAR)).to_have_count(0)
    expect(beside).to_have_count(0)
    await_voices(customer, {"agent"}, who="a customer, of who has left,")
    verbs = AuditEntry.objects.filter(verb__startswith="call.").order_by("id").values_list("verb", flat=True)
    assert list(verbs) == ["call.listened", "call.whispered", "call.joined", "call.left"]


@pytest.mark.parametrize("language", ["en"])
def test_whichever_page_is_loaded_again_or_closed_nobody_is_stuck(
    desk, customer, agent, floor, pages, queue, look: Looks, language
):
    talk(desk, customer, agent, language)
    desk.keyboard.press("Alt+h")
    look(floor, "floor-raised-hand")
    row = floor.locator(".agents tr", has_text="Inês")
    row.get_by_role("button", name="Listen in").click()
    expect(floor.locator(BAR)).to_have_attribute("data-line", "good")
    second = pages("supervisor", user_as(Role.OPERATOR_ADMIN, queue.operator, name="Odile Rocher"))
    second.goto("/floor/")
    second.locator(".agents tr", has_text="Inês").get_by_role("button", name="Listen in").click()
    await_voices(second, {"customer", "agent"}, who="the second supervisor")
    beside = desk.locator("[data-companion]")
    expect(beside).to_have_count(2)

    desk.keyboard.press("Alt+g")
    expect(customer.locator(".c-call")).to_have_attribute("data-state", "held")
    await_voices(customer, set(), who="a customer on hold")
    await_voices(floor, {"agent"}, who="a supervisor, of a customer on hold,")
    desk.keyboard.press("Alt+g")

    desk.reload()
    expect(desk.locator(".call-bar")).to_have_attribute("data-state", "talking")
    for page in (floor, second):
        await_voices(page, {"customer", "agent"}, who="a supervisor, after the agent's page was loaded again,")
    await_voices(customer, {"agent"}, who="the customer")

    floor.locator(f"{BAR} .beside-parts").get_by_role("button", name="Whisper", exact=True).click()
    expect(desk.locator("[data-companion=whisper]")).to_be_visible()
    floor.reload()
    await_voices(floor, {"customer", "agent"}, who="a supervisor whose page was loaded again")
    await_voices(desk, {"supervisor"}, who="the agent, of a supervisor whose page was loaded again,")
    expect(floor.locator(BAR)).to_have_attribute("data-part", "whisper")
    expect(beside).to_have_count(2)
    second.close()
    expect(beside).to_have_count(1, timeout=30_000)
    look(desk, "desk-call-whispered")
    look(floor, "floor-beside")

    customer.get_by_role("button", name="Hang up").click()
    expect(floor.locator(BAR)).to_have_count(0)
    expect(beside).to_have_count(0)
    wait_until(lambda: not Companion.objects.filter(ended_at=None).exists(), what="everybody's leaving")
    assert Call.objects.get().ended_by == "customer"
