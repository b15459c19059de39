"""The chat on a brand's page of another origin, in a real browser."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from homeshore.brands.models import Brand, Channel, Queue
from homeshore.contacts import services as contacts
from homeshore.contacts.models import Contact, Conversation, Message
from homeshore.foundation import clock
from homeshore.foundation.models import Role
from homeshore.people.models import Agent
from tests.e2e.looks import Looks
from tests.e2e.shop import HOSTILE_SHEET, Shop
from tests.factories import AgentFactory, BrandFactory, OpeningHoursFactory, QueueFactory, user_as
from tests.servers.ground import wait_until

PNG = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + bytes(20)
GREETING = {"fr": "Dites-nous ce qui vous amène", "en": "Tell us what brings you here"}
LAUNCH = {"fr": "Discuter avec Maison Lavande", "en": "Chat with Maison Lavande"}
MINIMISE = {"fr": "Réduire la discussion", "en": "Minimise the chat"}
MESSAGE = {"fr": "Votre message", "en": "Your message"}
SEND = {"fr": "Envoyer", "en": "Send"}


@pytest.fixture
def brand(shop: Shop) -> Brand:
    brand = BrandFactory.create(name="Maison Lavande", accent="#5f4791", allowed_origins=[shop.origin])
    shop.key = brand.widget_key
    return brand


@pytest.fixture
def queue(brand: Brand) -> Queue:
    QueueFactory.create(brand=brand, name="Courrier", channel=Channel.EMAIL)
    return QueueFactory.create(brand=brand, name="Discussion", channel=Channel.CHAT)


@pytest.fixture
def agent(queue: Queue) -> Agent:
    return AgentFactory.create(operator=queue.operator, first_name="Inês", queues=[queue])


def hand_to(agent: Agent) -> Contact:
    """A supervisor gives the one open contact to the agent; wait before that until what was said has been `sent`."""
    contact = Contact.objects.exclude(state=Contact.State.CLOSED).get()
    supervisor = user_as(Role.SUPERVISOR, contact.operator)
    contacts.assign_contact(contact_id=contact.pk, agent_id=agent.pk, by=supervisor, now=clock.now())
    return contact


def answer(agent: Agent, contact: Contact, body: str, client_id: str) -> Message:
    return contacts.send_message(
        agent_id=agent.pk, contact_id=contact.pk, body=body, client_id=client_id, now=clock.now()
    )


class Chat:
    """The widget on a page, by what a person sees of it."""

    def __init__(self, page: Page, shop: Shop) -> None:
        self.page, self.shop, self.language = page, shop, shop.language
        self.log = page.get_by_role("log")
        self.text = page.get_by_label(MESSAGE[shop.language], exact=True)
        self.launcher = page.get_by_role("button", name=re.compile(LAUNCH[shop.language]))

    def visit(self) -> Chat:
        self.page.goto(self.shop.origin)
        return self

    def open(self) -> Chat:
        self.launcher.click()
        expect(self.log).to_contain_text(GREETING[self.language])
        return self

    def say(self, body: str) -> None:
        self.text.fill(body)
        self.page.get_by_role("button", name=SEND[self.language], exact=True).click()
        expect(self.log).to_contain_text(body)


@pytest.fixture
def chat(page: Page, shop: Shop, queue: Queue) -> Chat:
    return Chat(page, shop).visit().open()


def sent(chat: Chat) -> None:
    """Everything has left this page."""
    on_its_way = ".unsent, .me .meta:has-text('envoi…'), .me .meta:has-text('sending…')"
    expect(chat.page.locator(on_its_way)).to_have_count(0, timeout=20_000)


def test_a_conversation_from_the_first_word_to_the_end(chat: Chat, agent: Agent, look: Looks, language: str):
    look(chat.page, "widget-begin", within="homeshore-chat")
    chat.page.get_by_label({"fr": "Votre nom", "en": "Your name"}[language]).fill("Claire")
    chat.say("Bonjour, j’ai reçu le plaid Ardèche. Il est marqué M mais bien trop grand.")
    expect(chat.log).to_contain_text({"fr": "dans la file", "en": "in the queue"}[language])
    look(chat.page, "widget-queue", within="homeshore-chat")

    contact = hand_to(agent)
    expect(chat.log).to_contain_text({"fr": "Inês vous répond", "en": "Inês is answering you"}[language])
    expect(chat.log).not_to_contain_text({"fr": "dans la file", "en": "in the queue"}[language])
    answer(
        agent, contact, "Bonjour Claire. Vous aviez bien choisi : c’est l’étiquette du lot qui est fausse.", "answer-1"
    )
    expect(chat.log).to_contain_text("étiquette du lot")
    expect(chat.log).to_contain_text({"fr": "lu", "en": "read"}[language])
    chat.say("Est-ce que je dois payer le retour ?")
    sent(chat)
    contacts.mark_read(conversation_id=contact.conversation_id, by="agent", now=clock.now())
    answer(agent, contact, "Non, il est à notre charge. Tout est là : https://shop.example/retours.", "answer-2")
    expect(chat.page.get_by_role("link", name="https://shop.example/retours")).to_have_attribute(
        "rel", "noopener noreferrer nofollow"
    )
    look(chat.page, "widget", within="homeshore-chat")
    wait_until(lambda: Conversation.objects.get().customer_read_at is not None, what="the customer's reading")

    contacts.close_contact(
        agent_id=agent.pk, contact_id=contact.pk, disposition_id=disposition(contact), now=clock.now()
    )
    expect(chat.log).to_contain_text({"fr": "Conversation terminée", "en": "Conversation ended"}[language])

    # What followed the events knows what a fresh page is told.
    followed = chat.log.inner_text()
    chat.page.reload()
    expect(chat.log).to_contain_text("à notre charge")
    assert chat.log.inner_text() == followed


def disposition(contact: Contact) -> int:
    from tests.factories import DispositionFactory

    return DispositionFactory.create(brand=contact.brand).pk


def test_no_cookie_is_set_and_page_and_chat_leave_one_another_alone(page: Page, shop: Shop, queue: Queue):
    shop.sheet = HOSTILE_SHEET
    chat = Chat(page, shop).visit().open()
    chat.say("Bonjour")
    sent(chat)
    assert chat.page.context.cookies() == [
        cookie for cookie in chat.page.context.cookies() if cookie["name"] == "django_language"
    ]
    assert chat.page.evaluate("() => document.cookie") == ""
    style = chat.log.evaluate(
        "log => (({letterSpacing, fontFamily, transform}) => [letterSpacing, fontFamily, transform])(getComputedStyle(log))"
    )
    assert style[0] == "normal"
    assert "Times" not in style[1]
    assert style[2] == "none"
    assert chat.page.evaluate("() => document.querySelectorAll('style').length") == 0

    chat.page.evaluate("() => { window.heard = []; document.addEventListener('keydown', (e) => heard.push(e.key)) }")
    chat.text.press_sequentially("s/")
    assert chat.page.evaluate("() => heard") == []
    chat.page.evaluate("() => document.body.replaceWith(document.createElement('body'))")
    expect(chat.log).to_contain_text("Bonjour")
    expect(chat.text).to_have_value("s/")
    chat.page.evaluate("() => document.body.replaceChildren('Another page of the site')")
    expect(chat.log).to_contain_text("Bonjour")


def test_a_page_that_is_not_allowed_shows_nothing_and_says_why(
    page: Page, shop: Shop, queue: Queue, brand: Brand, console_errors: list[str]
):
    Brand.objects.filter(pk=brand.pk).update(allowed_origins=["https://elsewhere.example"])
    with page.expect_console_message(lambda message: "Homeshore" in message.text) as said:
        page.goto(shop.origin)
    assert shop.origin in said.value.text
    assert "allowed origins" in said.value.text
    assert page.locator("homeshore-chat").count() == 0
    console_errors.clear()


def test_reload_keeps_the_thread_the_panel_and_the_unsent_word(chat: Chat):
    chat.say("Bonjour")
    sent(chat)
    chat.text.fill("Je n’ai pas fini d’écr")
    chat.page.reload()
    expect(chat.log).to_contain_text("Bonjour")
    expect(chat.text).to_have_value("Je n’ai pas fini d’écr")


def test_two_tabs_stay_in_step_over_one_connection(chat: Chat, agent: Agent):
    streams: list[str] = []
    context: BrowserContext = chat.page.context
    context.on("request", lambda request: streams.append(request.url) if "/push/stream" in request.url else None)
    other = Chat(context.new_page(), chat.shop).visit().open()
    chat.say("Bonjour du premier onglet")
    expect(other.log).to_contain_text("Bonjour du premier onglet")
    other.say("Et du second")
    expect(chat.log).to_contain_text("Et du second")
    for each in (chat, other):
        sent(each)
    answer(agent, hand_to(agent), "Je vous réponds à tous les deux", "answer-1")
    for each in (chat, other):
        expect(each.log).to_contain_text("Je vous réponds à tous les deux")
        sent(each)
    assert len(streams) == 1
    assert (Conversation.objects.count(), Message.objects.filter(kind="inbound").count()) == (1, 2)

    chat.page.close()
    answer(agent, Contact.objects.get(), "L’autre onglet prend le relais", "answer-2")
    expect(other.log).to_contain_text("L’autre onglet prend le relais")


def test_without_a_connection_typing_goes_on_and_what_was_sent_leaves_once_it_is_back(
    chat: Chat, agent: Agent, console_errors: list[str]
):
    chat.say("Bonjour")
    sent(chat)
    chat.page.context.set_offline(True)
    expect(chat.page.get_by_text("Pas de connexion")).to_be_visible()
    chat.say("Dit sans connexion")
    expect(chat.page.locator(".unsent")).to_have_count(1)
    chat.page.context.set_offline(False)
    expect(chat.page.get_by_text("Pas de connexion")).to_have_count(0, timeout=20_000)
    sent(chat)
    assert list(Message.objects.order_by("id").values_list("body", flat=True)) == ["Bonjour", "Dit sans connexion"]
    answer(agent, hand_to(agent), "Bien reçu", "answer-1")
    expect(chat.log).to_contain_text("Bien reçu", timeout=20_000)
    console_errors.clear()


def test_an_answer_that_is_lost_on_its_way_doubles_nothing(chat: Chat, console_errors: list[str]):
    """The server has the message, but the page is never told: it sends it again."""
    lost = []

    def lose_first(route) -> None:
        if lost:
            route.continue_()
        else:
            lost.append(route.fetch())
            route.abort()

    chat.page.route("**/messages", lose_first)
    chat.say("Une seule fois")
    expect(chat.log).to_contain_text("envoyé")
    sent(chat)
    expect(chat.page.locator(".me .bubble")).to_have_count(1)
    assert Message.objects.count() == 1
    console_errors.clear()


def test_typing_is_seen_on_the_visitors_side(chat: Chat, agent: Agent):
    from homeshore.foundation import feed
    from homeshore.foundation.transactions import write

    chat.say("Bonjour")
    sent(chat)
    contact = hand_to(agent)
    expect(chat.log).to_contain_text("Inês vous répond")
    with write():
        feed.whisper(
            operator_id=contact.operator_id,
            topics=[f"thread:{contact.conversation_id}"],
            kind="typing",
            payload={"who": "Inês"},
        )
    expect(chat.log).to_contain_text("Inês écrit…")


def test_scripts_in_words_names_and_files_stay_words(chat: Chat, agent: Agent):
    hostile = "<img src=x onerror=\"document.title='owned'\"><script>document.title='owned'</script>"
    agent.first_name = "<b>Inês</b>"
    agent.save()
    chat.say(hostile)
    chat.page.locator("input[type=file]").set_input_files(
        {"name": "<img src=x onerror=alert(1)>.png", "mimeType": "image/png", "buffer": PNG}
    )
    chat.say("Voici")
    sent(chat)
    contact = hand_to(agent)
    answer(agent, contact, hostile + " javascript:alert(1)", "answer-1")
    expect(chat.log).to_contain_text("javascript:alert(1)")
    assert chat.log.locator("img, script, a").count() == 0
    assert chat.page.title() == "Suivre ma commande"
    with chat.page.expect_download() as saved:
        chat.page.get_by_role("button", name=re.compile("Enregistrer")).click()
    assert saved.value.suggested_filename.endswith(".png")


def test_a_drawing_and_too_long_a_text_are_refused_before_they_leave(chat: Chat):
    chat.page.locator("input[type=file]").set_input_files(
        {"name": "dessin.svg", "mimeType": "image/svg+xml", "buffer": b"<svg onload='alert(1)'/>"}
    )
    expect(chat.page.get_by_role("alert").filter(has_text="dessin.svg ne peut pas être envoyé")).to_be_visible()
    chat.text.fill("a" * 10_004)
    expect(chat.page.get_by_role("alert").filter(has_text="4 caractères de trop")).to_be_visible()
    chat.page.keyboard.press("Enter")
    expect(chat.text).to_have_value("a" * 10_004)
    assert not Message.objects.exists()


def test_what_the_server_refuses_is_kept_and_said(chat: Chat, console_errors: list[str], look: Looks):
    chat.page.locator("input[type=file]").set_input_files(
        {"name": "photo.png", "mimeType": "image/png", "buffer": b"<svg onload='alert(1)'/>"}
    )
    chat.say("Voici la photo")
    expect(chat.log).to_contain_text("n’est pas ce que dit son nom")
    look(chat.page, "widget-refused", within="homeshore-chat")
    chat.page.get_by_role("button", name="Supprimer").click()
    expect(chat.page.locator(".me")).to_have_count(0)
    console_errors.clear()


def test_everything_can_be_done_by_keyboard(chat: Chat, agent: Agent):
    expect(chat.text).to_be_focused()
    chat.page.keyboard.type("Bonjour")
    chat.page.keyboard.press("Shift+Enter")
    chat.page.keyboard.type("deuxième ligne")
    chat.page.keyboard.press("Enter")
    expect(chat.page.locator(".me .bubble")).to_have_text("Bonjour\ndeuxième ligne")
    sent(chat)
    chat.page.keyboard.press("Escape")
    expect(chat.launcher).to_be_focused()
    answer(agent, hand_to(agent), "Vous êtes là ?", "answer-1")
    expect(chat.page.get_by_role("button", name=re.compile("1 message non lu"))).to_be_visible()
    chat.page.keyboard.press("Enter")
    expect(chat.text).to_be_focused()


def test_on_a_phone_the_chat_is_the_whole_screen_and_keeps_the_focus(chat: Chat):
    chat.page.set_viewport_size({"width": 390, "height": 844})
    panel = chat.page.get_by_role("dialog")
    assert panel.bounding_box() == {"x": 0, "y": 0, "width": 390, "height": 844}
    expect(panel).to_have_attribute("aria-modal", "true")
    seen = set()
    for _ in range(12):
        chat.page.keyboard.press("Tab")
        seen.add(chat.page.evaluate("() => document.activeElement.localName"))
    assert seen == {"homeshore-chat"}
    small = chat.page.evaluate("""() => [...document.querySelector("homeshore-chat").shadowRoot.querySelectorAll("button, input, textarea")]
        .filter(each => each.offsetParent && !each.closest(".w-small") && !each.classList.contains("unseen"))
        .map(each => [each.className, each.getBoundingClientRect().width, each.getBoundingClientRect().height])
        .filter(([, width, height]) => Math.min(width, height) < 44)""")
    assert small == []


def test_the_answer_may_come_by_mail_instead(chat: Chat, look: Looks, language: str):
    chat.say("Où est mon colis ?")
    expect(chat.log).to_contain_text({"fr": "dans la file", "en": "in the queue"}[language])
    chat.page.get_by_role(
        "button", name={"fr": "Recevoir la réponse par e-mail", "en": "Get the answer by e-mail"}[language]
    ).click()
    chat.page.get_by_label({"fr": "Votre e-mail", "en": "Your e-mail"}[language]).fill("claire@example.net")
    look(chat.page, "widget-by-mail", within="homeshore-chat")
    chat.page.get_by_role(
        "button", name={"fr": "Demander la réponse par e-mail", "en": "Ask for the answer by e-mail"}[language]
    ).click()
    expect(chat.log).to_contain_text("claire@example.net")
    assert sorted(Contact.objects.values_list("channel", "state")) == [("chat", "closed"), ("email", "waiting")]


def test_a_closed_brand_says_when_it_opens_and_takes_a_question_by_mail(
    page: Page, shop: Shop, queue: Queue, look: Looks, language: str
):
    tomorrow = (clock.now().weekday() + 1) % 7
    OpeningHoursFactory.create(brand=queue.brand, weekday=(tomorrow + 1) % 7, opens="09:00", closes="18:00")
    Brand.objects.filter(pk=queue.brand_id).update(holidays_country="")
    chat = Chat(page, shop).visit()
    chat.launcher.click()
    expect(page.get_by_role("dialog")).to_contain_text({"fr": "Fermé, ouvre", "en": "Closed, opens"}[language])
    expect(chat.text).to_have_count(0)
    look(page, "widget-closed", within="homeshore-chat")
    page.get_by_label({"fr": "Votre question", "en": "Your question"}[language]).fill("Où est mon colis ?")
    page.get_by_label({"fr": "Votre e-mail", "en": "Your e-mail"}[language]).fill("claire@example.net")
    page.keyboard.press("Enter")
    expect(chat.log).to_contain_text("claire@example.net")
    assert Message.objects.get().body == "Où est mon colis ?"


def test_two_who_wait_see_their_place_move(chat: Chat, person: Callable, shop: Shop):
    chat.say("Première")
    sent(chat)
    second = Chat(person(None), shop).visit().open()
    second.say("Seconde")
    expect(second.page.locator(".w-place b")).to_have_text("2e")
    chat.page.get_by_role("button", name="Quitter la file").click()
    expect(chat.log).to_contain_text("Vous avez quitté la file")
    expect(second.page.locator(".w-place b")).to_have_text("1re")


def test_the_data_notice_says_what_is_kept_and_forgets_it(chat: Chat, look: Looks, language: str):
    chat.say("Qui suis-je ?")
    sent(chat)
    chat.page.get_by_role("button", name={"fr": "Vos données", "en": "Your data"}[language]).click()
    look(chat.page, "widget-data", within="homeshore-chat")
    chat.page.get_by_role(
        "button", name={"fr": "Oublier la conversation", "en": "Forget the conversation"}[language]
    ).click()
    expect(chat.page.get_by_role("dialog")).to_contain_text(
        {"fr": "ne peut plus être ouverte", "en": "can no longer"}[language]
    )
    chat.page.reload()
    expect(chat.log).not_to_contain_text("Qui suis-je")


def test_the_launcher_is_seen_and_read(page: Page, shop: Shop, queue: Queue, look: Looks, language: str):
    chat = Chat(page, shop).visit()
    expect(chat.launcher).to_be_visible()
    look(page, "widget-launcher", within="homeshore-chat")
