"""A customer calls from a brand's page and an agent answers at the desk: real browsers, real sound, measured at both ends."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from homeshore.channels.voice.models import Call, LineCheck, Take
from homeshore.channels.voice.recordings import played
from homeshore.contacts.models import Callback
from homeshore.foundation import clock
from homeshore.foundation.models import AuditEntry, Role
from homeshore.pay.models import Act
from homeshore.people.models import Agent
from homeshore.web.line import views
from tests.e2e.calls.scene import LAUNCH, calls, ready, talk
from tests.e2e.film import Film, filmed
from tests.e2e.looks import Looks
from tests.e2e.recorded import RATE, loudness, sides_of, silent_seconds
from tests.e2e.telephone import RELAY_ONLY, TONES, hears_only
from tests.factories import AgentFactory, user_as
from tests.servers.ground import wait_until
from tests.servers.turn import SECRET, turn_server

HANG_UP = {"fr": "Raccrocher", "en": "Hang up"}

TYPE_CARD = """
const field = document.createElement("input");
field.autocomplete = "cc-number";
document.body.append(field);
field.focus();
"""
"""What a brand's own payment form does to a page when somebody is about to type a card number."""
CARD_DONE = """document.activeElement.remove()"""
LISTEN = {"fr": "Écouter", "en": "Listen"}


def see_a_call_answered(desk: Page, customer: Page, agent: Agent, look: Looks) -> None:
    """The customer calls and the agent accepts, seen at both ends."""
    calls(customer, look.language)
    expect(customer.locator(".c-call")).to_have_attribute("data-state", "queued")
    look(customer, "widget-call-queue", within="homeshore-chat")

    ready(agent)
    expect(desk.locator(".offer")).to_contain_text({"fr": "Appel", "en": "Call"}[look.language])
    expect(customer.locator(".c-call")).to_have_attribute("data-state", "ringing")
    desk.keyboard.press("F8")
    expect(desk.locator(".call-bar")).to_have_attribute("data-state", "talking")
    expect(customer.locator(".c-say")).to_contain_text("Inês")
    expect(desk.locator(".call-bar .chip:not([data-recording])")).to_contain_text(
        re.compile("son (bon|moyen|mauvais)|(good|fair|poor) sound"), timeout=25_000
    )
    look(desk, "desk-call")
    look(customer, "widget-call", within="homeshore-chat")


def see_it_over(desk: Page, customer: Page, look: Looks) -> None:
    customer.get_by_role("button", name=HANG_UP[look.language]).click()
    expect(desk.locator(".call-bar")).to_have_attribute("data-state", "ended")
    look(desk, "desk-call-over")


@pytest.mark.parametrize("language", ["en"])
def test_a_call_is_seen_in_english_too(desk, customer, agent, recorded, look: Looks, language):
    see_a_call_answered(desk, customer, agent, look)
    see_it_over(desk, customer, look)


@pytest.fixture
def film(root, desk, customer) -> Iterator[Film]:
    with filmed(root / "var" / "films" / "browser.webm", customer, desk) as film:
        yield film


def test_a_call_from_the_brands_page_to_the_desk_its_recording_and_its_pay(
    desk, customer, agent, recorded, pages, film, look: Looks
):
    see_a_call_answered(desk, customer, agent, look)
    assert hears_only(customer, "agent")
    assert hears_only(desk, "customer")
    call = Call.objects.select_related("contact").get()
    assert (call.state, call.contact.answered_at, call.contact.answered_in_target) == (
        "talking",
        call.answered_at,
        True,
    )

    sign, told = desk.locator("[data-recording]"), customer.locator(".c-record")
    expect(sign).to_have_attribute("data-recording", "on")
    expect(told).to_have_attribute("data-recording", "on")
    for page in (desk, customer):
        page.evaluate(TYPE_CARD)
        expect(sign).to_have_attribute("data-recording", "paused")
        expect(told).to_have_attribute("data-recording", "paused")
        page.wait_for_timeout(1500)  # of silence that the recording must show
        page.evaluate(CARD_DONE)
        expect(sign).to_have_attribute("data-recording", "on")
    desk.keyboard.press("Alt+r")
    expect(sign).to_have_attribute("data-recording", "paused")
    desk.keyboard.press("Alt+r")
    expect(sign).to_have_attribute("data-recording", "on")

    desk.keyboard.press("Alt+m")
    expect(desk.locator(".call-who")).to_contain_text("micro coupé")
    wait_until(lambda: not hears_only(customer, "agent"), what="silence of a muted agent")
    desk.keyboard.press("Alt+m")
    desk.keyboard.press("Alt+g")
    expect(customer.locator(".c-call")).to_have_attribute("data-state", "held")
    wait_until(lambda: not hears_only(desk, "customer"), what="silence of a customer on hold")
    desk.keyboard.press("Alt+g")
    expect(customer.locator(".c-call")).to_have_attribute("data-state", "talking")
    wait_until(lambda: hears_only(desk, "customer"), what="the customer heard again")

    see_it_over(desk, customer, look)
    desk.keyboard.press("Alt+c")
    desk.keyboard.press("Space")
    desk.get_by_role("button", name="rester disponible").click()
    expect(desk.locator(".call-bar")).to_have_count(0)
    wait_until(lambda: Act.objects.exists(), what="the pay")
    act = Act.objects.get()
    assert (act.amount_cents, act.contact) == (310, call.contact)
    wait_until(lambda: Call.objects.get().settled, what="the call to be settled")

    supervisor = pages("customer", user_as(Role.SUPERVISOR, recorded.operator))
    film.watch(supervisor)
    supervisor.goto("/recordings/")
    look.in_both_languages(supervisor, "recordings")
    supervisor.get_by_role("link", name=call.contact.reference).click()
    supervisor.locator("main").get_by_role("button", name=LISTEN["fr"]).wait_for()
    for language in look.languages(supervisor):
        supervisor.reload()
        supervisor.get_by_role("button", name=LISTEN[language]).click()
        expect(supervisor.locator(".player-wave")).to_be_visible()
        look(supervisor, "recording")
    assert AuditEntry.objects.filter(verb="recording.played").count() == len(LISTEN), "each time is kept"
    supervisor.goto(f"/queues/{recorded.pk}/")
    look.in_both_languages(supervisor, "queue-recording")

    take = Take.objects.get()
    sound, _ = played.listen(operator_id=call.operator_id, take_id=take.pk, by=agent.user, now=clock.now())
    theirs, ours = sides_of(sound)
    for side in (theirs, ours):
        film.hear(side, rate=RATE, began_at=take.began_at.timestamp())
    assert loudness(theirs, TONES["customer"]) > -30
    assert loudness(theirs, TONES["customer"]) - loudness(theirs, TONES["agent"]) > 20
    assert loudness(ours, TONES["agent"]) > -30
    assert loudness(ours, TONES["agent"]) - loudness(ours, TONES["customer"]) > 20
    assert min(silent_seconds(theirs), silent_seconds(ours)) > 1
    assert len(theirs) / RATE > played.of_contact(call.operator_id, call.contact_id)[0].takes[0].happened[-1].seconds
    assert take.pieces.count() > 2


def test_through_the_relay_alone_the_line_is_checked_before_the_shift_and_a_call_is_heard(
    pages, shop, agent, settings, monkeypatch
):
    """No direct connection is left: what is heard went through coturn."""
    monkeypatch.setattr(views, "SECONDS", {"whole": 4, "shift": 4})
    with turn_server() as relay:
        settings.TURN_URLS, settings.TURN_SECRET = [relay.url], SECRET
        desk, customer = pages("agent", agent.user), pages("customer")
        for page in (desk, customer):
            page.add_init_script(RELAY_ONLY)
        desk.goto("/desk/")
        desk.locator(".calm").get_by_role("button", name="Passer disponible").click()
        wait_until(lambda: LineCheck.objects.exists(), what="the check before the shift")
        checked = LineCheck.objects.get()
        assert (checked.kind, checked.seconds, (checked.mos or 0) > 4) == ("shift", 4, True)

        customer.goto(shop.origin)
        customer.get_by_role("button", name=LAUNCH).click()
        talk(desk, customer, agent)
        assert hears_only(customer, "agent")
        assert hears_only(desk, "customer")


def test_both_ends_may_be_loaded_again_and_the_call_goes_on(desk, customer, agent):
    talk(desk, customer, agent)
    desk.reload()
    expect(desk.locator(".call-bar")).to_have_attribute("data-state", "talking")
    wait_until(lambda: hears_only(desk, "customer"), what="the agent to hear the customer")
    wait_until(lambda: hears_only(customer, "agent"), what="the customer to hear the agent")
    customer.reload()
    expect(customer.locator(".c-call")).to_have_attribute("data-state", "talking")
    wait_until(lambda: hears_only(customer, "agent"), what="the customer to hear the agent")
    wait_until(lambda: hears_only(desk, "customer"), what="the agent to hear the customer")
    assert Call.objects.get().legs.count() == 1

    desk.locator(".call-bar").get_by_role("button", name="Raccrocher").click()
    expect(customer.locator(".c-say")).to_contain_text("Appel terminé")
    call = Call.objects.select_related("contact").get()
    assert (call.ended_by, call.contact.state) == ("agent", "active")


def test_an_agent_whose_browser_closes_loses_no_customer(desk, customer, agent, queue):
    other = AgentFactory.create(operator=queue.operator, first_name="Paul", queues=[queue])
    assert other.active
    talk(desk, customer, agent)
    desk.close()
    expect(customer.locator(".c-call")).to_have_attribute("data-state", "queued", timeout=20_000)
    expect(customer.locator(".c-say")).to_contain_text("Vous passez devant tout le monde")
    call = Call.objects.select_related("contact").get()
    assert (call.contact.state, call.legs.get().why) == ("waiting", "agent_lost")
    customer.get_by_role("button", name="Continuer par écrit").click()
    expect(customer.locator(".c-call")).to_have_count(0)
    wait_until(lambda: Call.objects.get().settled, what="the call to be settled")
    thread = call.contact.conversation
    assert [(each.channel, each.state) for each in thread.contacts.order_by("id")] == [
        ("voice", "closed"),
        ("chat", "waiting"),
    ]


def test_a_brand_is_called_on_a_page_of_the_houses_own_unrecorded_and_answered_in_writing(
    pages, brand, recorded, look, language
):
    page = pages("customer")
    page.goto(f"/call/{brand.widget_key}")
    button = page.get_by_role("button", name={"fr": "Appeler", "en": "Call us"}[language])
    expect(button).to_be_visible()
    look(page, "call-page")
    page.get_by_label({"fr": "Ne pas enregistrer mon appel", "en": "Do not record my call"}[language]).check()
    button.click()
    expect(page.locator(".c-call")).to_have_attribute("data-state", "queued")
    expect(page.locator(".c-record")).to_have_attribute("data-recording", "refused")
    look(page, "call-page-queue")
    page.get_by_role("button", name={"fr": "Continuer par écrit", "en": "Go on in writing"}[language]).click()
    expect(page.get_by_role("dialog")).to_be_visible()
    thread = Call.objects.get().contact.conversation
    wait_until(lambda: thread.contacts.latest("id").channel == "chat", what="the contact in writing")


CALL_BACK = {
    "fr": {"ask": "Être rappelé", "confirm": "Demander le rappel", "offer": "Rappel à faire", "answer": "Répondre", "promise": "Promettre un rappel", "later": "Être rappelé plus tard"},
    "en": {"ask": "Call me back", "confirm": "Ask for the call", "offer": "Call back", "answer": "Answer", "promise": "Promise to call back", "later": "Call me later"},
}  # fmt: skip


def test_who_waits_hangs_up_and_is_called_back_on_their_page(desk, customer, agent, queue, look: Looks, language):
    words = CALL_BACK[language]
    calls(customer, language)
    customer.get_by_role("button", name=words["ask"]).click()
    look(customer, "widget-call-back-form", within="homeshore-chat")
    customer.get_by_role("button", name=words["confirm"]).click()
    expect(customer.locator(".c-call")).to_have_attribute("data-state", "idle")
    look(customer, "widget-call-back", within="homeshore-chat")
    ready(agent)
    expect(desk.locator(".offer")).to_contain_text(words["offer"])
    desk.keyboard.press("F8")
    expect(desk.locator(".banner.amber")).to_contain_text(Callback.objects.get().wording)
    look(desk, "desk-call-back")
    customer.get_by_role("button", name=words["answer"]).click()
    expect(desk.locator(".call-bar")).to_have_attribute("data-state", "talking")
    assert hears_only(customer, "agent")
    assert Call.objects.filter(contact=Callback.objects.get().contact).count() == 2
    desk.keyboard.press("Alt+c")
    desk.get_by_label(words["promise"]).check()
    look(desk, "desk-promise-call-back")
