"""A customer telephones and an agent answers at the desk: sipp, Kamailio, rtpengine and Chromium, and the sound measured at both ends."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from homeshore.brands.models import Queue
from homeshore.channels.voice.models import Call, Caller, Companion, ListeningRule, Number, Piece, RecordingRule, Take
from homeshore.channels.voice.recordings import played
from homeshore.channels.voice.sip import running
from homeshore.contacts import services as contacts
from homeshore.contacts.models import Contact
from homeshore.contacts.services import CustomerFacts
from homeshore.foundation import clock
from homeshore.foundation.models import Role, User
from homeshore.outbound.models import Entry
from homeshore.pay.models import Act
from homeshore.people.models import Agent
from tests.e2e.conftest import CHROMIUM, FLAGS, heard_page, session_of
from tests.e2e.film import Film, filmed, heard_by_telephone
from tests.e2e.looks import Looks
from tests.e2e.recorded import RATE as RECORDED_RATE
from tests.e2e.recorded import loudness, sides_of
from tests.e2e.telephone import TONES, VOICES, WATCH, hears_only, make_tone, speaking_browser, voices_heard
from tests.factories import AgentFactory, DispositionFactory, QueueFactory, RateCardFactory, user_as
from tests.servers.called import CalledTelephone
from tests.servers.caller import Telephone
from tests.servers.ground import wait_until
from tests.servers.telephony import Telephony, missing, telephony

NUMBER = "+33156070809"
PATIENCE_MS = 15_000


@pytest.fixture(scope="module")
def stack() -> Iterator[Telephony]:
    if absent := missing():
        pytest.skip(f"The telephone needs {', '.join(absent)}: scripts/install_test_needs.sh installs them as root.")
    with telephony() as stack:
        yield stack


@pytest.fixture(scope="module")
def speaking(playwright, tmp_path_factory) -> Iterator[Browser]:
    """The agent's browser, with a tone for a voice."""
    tone = make_tone(tmp_path_factory.mktemp("tones") / "agent.wav", TONES["agent"])
    browser = speaking_browser(playwright, CHROMIUM, FLAGS, tone)
    yield browser
    browser.close()


@pytest.fixture
def house(site, stack, settings) -> Iterator[None]:
    """The telephone of the house."""
    settings.SIP_LISTEN, settings.RTPENGINE = ("127.0.0.1", stack.house), ("127.0.0.1", stack.control)
    settings.KEYS_LISTEN, settings.SIP_EDGE = ("127.0.0.1", stack.keys), ("127.0.0.1", stack.edge)
    stop = threading.Event()
    thread = threading.Thread(target=running.run, args=(stop,), name="telephone")
    thread.start()
    yield
    stop.set()
    thread.join(10)


@pytest.fixture
def agent(house):
    queue = QueueFactory.create(name="Appels", channel="voice", target_seconds=20)
    RateCardFactory.create(brand=queue.brand, rates=[{"amount_cents": 310}])
    DispositionFactory.create(brand=queue.brand, name="Commande")
    RecordingRule.objects.create(queue=queue, share=100)
    ListeningRule.objects.create(queue=queue, allowed=True)
    Number.objects.create(operator=queue.operator, queue=queue, digits=NUMBER)
    letters = QueueFactory.create(brand=queue.brand, name="Courriels", channel="email")
    return AgentFactory.create(operator=queue.operator, first_name="Inês", queues=[queue, letters])


def open_page(browser: Browser, site: str, user: User, address: str, errors: list[str]) -> Page:
    """A page of somebody signed in, whose line is up."""
    context = browser.new_context(base_url=site, locale="fr-FR", viewport={"width": 1440, "height": 900})
    context.set_default_timeout(PATIENCE_MS)
    context.add_init_script(WATCH)
    User.objects.filter(pk=user.pk).update(language="fr")
    context.add_cookies([{"name": "sessionid", "value": session_of(user), "url": site}])
    page = context.new_page()
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.goto(address)
    return page


@pytest.fixture
def desk(speaking, site, agent, console_errors) -> Iterator[Page]:
    page = open_page(speaking, site, agent.user, "/desk/", console_errors)
    expect(page.locator(".vital.line")).to_contain_text("ms")
    yield page
    page.context.close()


@pytest.fixture
def third_voice(playwright, tmp_path_factory) -> Iterator[Browser]:
    """The browser of whoever comes into the call: a supervisor, then a colleague."""
    tone = make_tone(tmp_path_factory.mktemp("tones") / "supervisor.wav", VOICES["supervisor"])
    browser = speaking_browser(playwright, CHROMIUM, FLAGS, tone)
    yield browser
    browser.close()


@pytest.fixture
def floor(third_voice, site, agent, console_errors) -> Page:
    supervisor = user_as(Role.SUPERVISOR, agent.operator, name="Hélène Marchetti")
    return open_page(third_voice, site, supervisor, "/floor/", console_errors)


@pytest.fixture
def second_desk(third_voice, site, agent, console_errors) -> Page:
    """The desk of a colleague."""
    colleague = AgentFactory.create(operator=agent.operator, first_name="Paul", queues=[Number.objects.get().queue])
    return open_page(third_voice, site, colleague.user, "/desk/", console_errors)


@pytest.fixture
def customer(stack, desk) -> Iterator[Telephone]:
    customer = Telephone(stack.edge, NUMBER, folder=stack.folder, hertz=TONES["customer"])
    yield customer
    customer.close()


def customer_hears(customer: Telephone) -> set[str]:
    """Whose tones arrive at the customer's telephone."""
    heard = customer.sound.loudness(list(VOICES.values()))
    return {side for side, loudness in zip(VOICES, heard, strict=True) if loudness > -30}


@pytest.fixture
def film(root, desk, second_desk, floor) -> Iterator[Film]:
    with filmed(root / "var" / "films" / "telephone.webm", desk, second_desk, floor) as film:
        yield film


def test_a_telephone_call_from_its_announcement_to_the_colleague_who_is_paid_for_it(
    desk, second_desk, customer, agent, floor, film
):
    wait_until(lambda: Call.objects.filter(state="queued").exists(), what="the call to be queued")
    wait_until(lambda: customer.sound.packets > 0, what="the greeting")
    contacts.set_presence(agent_id=agent.pk, state="ready", now=clock.now())
    expect(desk.locator(".offer")).to_contain_text("Appel")
    desk.keyboard.press("F8")
    expect(desk.locator(".call-bar")).to_have_attribute(
        "data-state", "talking", timeout=30_000
    )  # once all is announced
    sign = desk.locator("[data-recording]")
    expect(sign).to_have_attribute("data-recording", "on")
    assert hears_only(desk, "customer")
    assert customer_hears(customer) == {"agent"}
    # On a busy machine the sound may really be poor, and is said to be.
    judged = desk.locator(".call-bar .chip:not([data-recording])")
    expect(judged).to_contain_text(re.compile("son (bon|moyen|mauvais)"), timeout=25_000)
    expect(floor.get_by_role("link", name="Appels enregistrés")).to_have_attribute("href", "/recordings/")
    floor.locator(".agents tr", has_text="Inês").get_by_role("button", name="Écouter l’appel").click()
    wait_until(lambda: voices_heard(floor) == {"customer", "agent"}, what="the supervisor to hear both")
    assert customer_hears(customer) == {"agent"}
    floor.get_by_role("button", name="Intervenir").click()
    wait_until(lambda: customer_hears(customer) == {"agent", "supervisor"}, what="the customer to hear both")
    floor.get_by_role("button", name="Quitter").click()
    wait_until(lambda: customer_hears(customer) == {"agent"}, what="the customer to hear the agent alone")
    customer.press("9")
    expect(sign).to_have_attribute("data-recording", "refused")

    desk.keyboard.press("Alt+g")
    expect(desk.locator(".call-bar")).to_have_attribute("data-state", "held")
    wait_until(lambda: customer_hears(customer) == set(), what="the customer to hear music alone")
    assert not hears_only(desk, "customer")
    desk.keyboard.press("Alt+g")
    wait_until(lambda: customer_hears(customer) == {"agent"}, what="the customer to hear the agent again")

    desk.reload()
    expect(desk.locator(".call-bar")).to_have_attribute("data-state", "talking")
    wait_until(lambda: hears_only(desk, "customer"), what="the agent to hear the customer")
    wait_until(lambda: customer_hears(customer) == {"agent"}, what="the customer to hear the agent")
    assert Call.objects.get().legs.count() == 1

    colleague = Agent.objects.exclude(pk=agent.pk).get()
    expect(second_desk.locator(".vital.line")).to_contain_text("ms")
    contacts.set_presence(agent_id=colleague.pk, state="ready", now=clock.now())
    desk.keyboard.press("Alt+a")
    desk.locator(".consult-form").get_by_role("button", name="Appeler").click()
    second_desk.locator(".asked-bar").get_by_role("button", name="Répondre").click()
    wait_until(lambda: voices_heard(second_desk) == {"agent"}, what="the colleague to hear the agent alone")
    wait_until(lambda: voices_heard(desk, line=1) == {"supervisor"}, what="the agent to hear the colleague")
    assert customer_hears(customer) == set()
    desk.keyboard.press("Alt+j")
    wait_until(lambda: customer_hears(customer) == {"agent", "supervisor"}, what="the customer to hear both")
    desk.keyboard.press("Alt+p")
    expect(second_desk.locator(".call-bar:not(.asked-bar)")).to_have_attribute("data-state", "talking")
    wait_until(lambda: customer_hears(customer) == {"supervisor"}, what="the customer to hear the colleague alone")
    wait_until(lambda: hears_only(second_desk, "customer"), what="the colleague to hear the customer")
    expect(desk.locator(".wrap-up")).to_be_visible()

    customer.hang_up()
    expect(second_desk.locator(".call-bar")).to_have_attribute("data-state", "ended")
    wait_until(lambda: customer.is_over, what="the end at the customer's")
    second_desk.keyboard.press("Alt+c")
    second_desk.keyboard.press("Space")
    second_desk.get_by_role("button", name="rester disponible").click()
    wait_until(lambda: Call.objects.get().settled, what="the call to be settled")
    wait_until(lambda: Act.objects.exists(), what="the pay")
    act = Act.objects.get()
    assert (act.agent, act.amount_cents) == (colleague, 310)

    take = Take.objects.get()
    assert Call.objects.get().recording.refused_at > take.began_at
    floor.get_by_role("link", name="Appels enregistrés").click()
    floor.get_by_role("link", name=Contact.objects.get().reference).click()
    floor.get_by_role("button", name="Écouter").click()
    expect(floor.locator(".player-wave")).to_be_visible()
    sound, _ = played.listen(operator_id=agent.operator_id, take_id=take.pk, by=agent.user, now=clock.now())
    theirs, ours = sides_of(sound)
    heard, rate, began = heard_by_telephone(customer.sound)
    film.hear(heard, rate=rate, began_at=began)
    film.hear(theirs, rate=RECORDED_RATE, began_at=take.began_at.timestamp())
    for side, of_them, of_the_other in ((theirs, "customer", "agent"), (ours, "agent", "customer")):
        assert loudness(side, TONES[of_them]) > -30
        assert loudness(side, TONES[of_them]) - loudness(side, TONES[of_the_other]) > 20


CALL = {"fr": "Appeler", "en": "Call"}
PURPOSE = {"fr": "Motif", "en": "What the call is for"}
RULE = {"fr": "consentement", "en": "consent"}


@pytest.fixture
def called(stack) -> Iterator[CalledTelephone]:
    """A customer's telephone, which rings for a while and is answered."""
    called = CalledTelephone(stack.trunk, folder=stack.folder, hertz=TONES["customer"])
    yield called
    called.close()


def test_an_agent_who_reads_a_mail_calls_its_customer_as_far_as_the_rules_let_them(desk, agent, called, look: Looks):
    customer = CustomerFacts(name="Claire Vasseur", email="claire@example.fr", phone="01 45 06 07 08")
    contacts.set_presence(agent_id=agent.pk, state="ready", now=clock.now())
    contacts.receive_message(
        queue_id=Queue.objects.get(channel="email").pk,
        thread_key="letter",
        customer=customer,
        body="Où est ma commande ?",
        client_id="letter",
        now=clock.now(),
    )
    expect(desk.locator(".offer")).to_contain_text("Courriels", timeout=PATIENCE_MS)
    desk.keyboard.press("F8")
    form, side = desk.locator(".dial-form"), desk.locator(".desk-side")
    expect(side.get_by_role("button", name="Appeler")).to_be_visible(timeout=PATIENCE_MS)  # it is theirs, and open
    for language in look.languages(desk):
        desk.reload()
        desk.set_viewport_size({"width": 390, "height": 844})
        desk.get_by_role("button", name=re.compile("^(Fiche|Card)")).click()
        side.get_by_role("button", name=CALL[language]).click()
        form.get_by_label(PURPOSE[language]).select_option("canvassing")
        form.get_by_role("button", name=CALL[language]).click()
        expect(form.get_by_role("alert")).to_contain_text(RULE[language], timeout=PATIENCE_MS)
        look(desk, "desk-call-out-refused")
    desk.set_viewport_size({"width": 1440, "height": 900})
    assert not Call.objects.exists()
    assert set(Entry.objects.values_list("kind", flat=True)) == {"stopped"}

    form.get_by_label("Motif").select_option(label="Une affaire du client")
    form.get_by_role("button", name="Appeler").click()
    bar = desk.locator(".call-bar[data-state]")
    expect(bar).to_have_attribute("data-state", "dialling", timeout=PATIENCE_MS)
    wait_until(lambda: called.rang, what="the customer's telephone to ring")
    look(desk, "desk-calls-out")
    expect(bar).to_have_attribute("data-state", "talking", timeout=PATIENCE_MS)
    assert called.saw == NUMBER
    assert hears_only(desk, "customer")
    assert customer_hears(called) == {"agent"}
    sign, tells = desk.locator("[data-recording]"), desk.locator("[data-untold]")
    expect(sign).to_have_attribute("data-recording", "announced", timeout=PATIENCE_MS)
    expect(tells).to_have_attribute("data-untold", "recorded listened", timeout=PATIENCE_MS)
    look(desk, "desk-calls-out-untold")
    desk.keyboard.press("Alt+r")
    expect(sign).to_have_attribute("data-recording", "on", timeout=PATIENCE_MS)
    expect(tells).to_have_count(0)
    wait_until(lambda: Piece.objects.exists(), what="the first seconds of the recording")

    called.hang_up()
    expect(bar).to_have_attribute("data-state", "ended", timeout=PATIENCE_MS)
    bar.get_by_role("button", name="Ne plus l’appeler").click()
    expect(bar).to_contain_text("Opposition notée au registre", timeout=PATIENCE_MS)
    look(desk, "desk-called-out")
    desk.keyboard.press("Alt+c")
    desk.keyboard.press("Space")
    desk.get_by_role("button", name="rester disponible").click()
    wait_until(lambda: Act.objects.exists(), what="the pay")
    contact = Contact.objects.get(direction="outbound")
    assert (contact.state, contact.outcome, contact.conversation.customer.email) == (
        "closed",
        "handled",
        "claire@example.fr",
    )
    register = Entry.objects.order_by("position").values_list("kind", flat=True)
    assert list(register) == ["stopped", "stopped", "attempt", "result"]
    sound, _ = played.listen(
        operator_id=agent.operator_id, take_id=Take.objects.get().pk, by=agent.user, now=clock.now()
    )
    for side, hertz in zip(sides_of(sound), (TONES["customer"], TONES["agent"]), strict=True):
        assert loudness(side, hertz) > -30
    assert Entry.objects.get(kind="result").data["result"] == "opposed"


NOTARY = "04 78 12 34 56"
OUTSIDE = "outside"
DEAR = {"fr": "plus cher qu’un appel", "en": "costs more than a call"}


@pytest.fixture
def notary(stack) -> Iterator[CalledTelephone]:
    """Somebody outside the house, with the third voice."""
    called = CalledTelephone(stack.trunk, folder=stack.folder, hertz=VOICES["supervisor"])
    yield called
    called.close()


def test_a_number_outside_is_asked_alone_then_in_three_and_left_with_the_customer(
    desk, agent, customer, notary, look: Looks
):
    contacts.set_presence(agent_id=agent.pk, state="ready", now=clock.now())
    expect(desk.locator(".offer")).to_contain_text("Appel", timeout=PATIENCE_MS)
    desk.keyboard.press("F8")
    bar, beside = desk.locator(".call-bar[data-state]"), desk.locator(".consult-bar")
    expect(bar).to_have_attribute("data-state", "talking", timeout=30_000)
    form = desk.locator(".consult-form")
    for language in look.languages(desk):
        desk.reload()
        expect(desk.locator(".vital.line")).to_contain_text("ms")
        expect(bar).to_have_attribute("data-state", "talking", timeout=30_000)
        desk.keyboard.press("Alt+a")
        expect(desk.locator("#consult-who")).to_have_value(OUTSIDE)  # no colleague is there
        desk.locator("#consult-number").fill("0899 12 34 56")
        form.get_by_role("button", name=CALL[language]).click()
        expect(form.get_by_role("alert")).to_contain_text(DEAR[language])
        look(desk, "desk-consult-number")
    desk.locator("#consult-number").fill(NOTARY)
    desk.keyboard.press("Enter")
    expect(beside).to_have_attribute("data-consultation", "asked")
    wait_until(lambda: notary.rang, what="the number to ring")
    assert notary.saw == NUMBER
    look(desk, "desk-rings-outside")
    expect(beside).to_have_attribute("data-consultation", "consult")
    wait_until(lambda: customer_hears(notary) == {"agent"}, what="the number to hear the agent alone")
    wait_until(lambda: voices_heard(desk) == {"supervisor"}, what="the agent to hear the number")
    assert customer_hears(customer) == set()
    desk.keyboard.press("Alt+g")
    wait_until(
        lambda: customer_hears(customer) == {"agent"}, what="a customer taken back for a moment to hear the agent"
    )
    assert customer_hears(notary) == set()

    desk.keyboard.press("Alt+j")
    wait_until(lambda: customer_hears(customer) == {"agent", "supervisor"}, what="the customer to hear both")
    wait_until(lambda: customer_hears(notary) == {"agent", "customer"}, what="the number to hear both")
    expect(desk.locator("[data-recording]")).to_have_attribute("data-recording", "paused")
    for _ in look.languages(desk):
        desk.reload()
        expect(beside).to_have_attribute("data-consultation", "join")
        wait_until(lambda: customer_hears(notary) == {"agent", "customer"}, what="the number to hear both again")
        look(desk, "desk-conference-outside")

    desk.keyboard.press("Alt+p")
    expect(bar).to_have_attribute("data-state", "ended")
    wait_until(lambda: customer_hears(customer) == {"supervisor"}, what="the customer to hear the number alone")
    wait_until(lambda: customer_hears(notary) == {"customer"}, what="the number to hear the customer alone")
    look(desk, "desk-passed-on")
    desk.keyboard.press("Alt+c")
    desk.keyboard.press("Space")
    desk.get_by_role("button", name="rester disponible").click()
    wait_until(lambda: Act.objects.exists(), what="the pay")
    assert customer_hears(customer) == {"supervisor"}
    customer.hang_up()
    wait_until(lambda: notary.is_over and not Caller.objects.exists(), what="the end at both")
    assert [each.why for each in Companion.objects.all()] == ["handed_over"]
    assert Entry.objects.get(kind="result").data["result"] == "reached"


@pytest.fixture
def customers_page(playwright, site, desk, agent, console_errors, tmp_path) -> Iterator[Page]:
    """The brand's own page for calls, in the browser of a customer who has a tone for a voice."""
    tone = make_tone(tmp_path / "customer.wav", TONES["customer"])
    browser = speaking_browser(playwright, CHROMIUM, FLAGS, tone)
    context = browser.new_context(base_url=site, locale="fr-FR", viewport={"width": 1440, "height": 900})
    context.set_default_timeout(PATIENCE_MS)
    context.add_init_script(WATCH)
    context.add_cookies([{"name": "django_language", "value": "fr", "url": site}])
    queue = Queue.objects.get(channel="voice")
    QueueFactory.create(brand=queue.brand, name="Discussion", channel="chat")
    page = heard_page(context, console_errors)
    page.goto(f"/call/{queue.brand.widget_key}")
    yield page
    browser.close()


def leave_with_number(desk: Page, agent: Agent, page: Page, *, at_once: bool) -> None:
    """The customer calls from the page, the agent asks the number and leaves the two with each other."""
    page.get_by_role("button", name="Appeler").click()
    contacts.set_presence(agent_id=agent.pk, state="ready", now=clock.now())
    expect(desk.locator(".offer")).to_contain_text("Appel", timeout=PATIENCE_MS)
    desk.keyboard.press("F8")
    bar = desk.locator(".call-bar[data-state]")
    expect(bar).to_have_attribute("data-state", "talking", timeout=30_000)
    expect(page.locator(".c-call")).to_have_attribute("data-state", "talking")
    desk.keyboard.press("Alt+a")
    expect(desk.locator("#consult-who")).to_have_value(OUTSIDE)
    desk.locator("#consult-number").fill(NOTARY)
    if at_once:
        desk.get_by_label("Leur passer l’appel dès qu’ils répondent").check()
    desk.keyboard.press("Enter")
    if not at_once:
        expect(desk.locator(".consult-bar")).to_have_attribute("data-consultation", "consult", timeout=PATIENCE_MS)
        wait_until(lambda: voices_heard(desk) == {"supervisor"}, what="the agent to hear the number")
        desk.keyboard.press("Alt+p")
    expect(bar).to_have_attribute("data-state", "ended", timeout=PATIENCE_MS)
    expect(page.locator(".c-call")).to_have_attribute("data-state", "passed_on")


def the_two_speak(page: Page, notary: CalledTelephone) -> bool:
    """Whether page and number hear each other, and nobody else."""
    return voices_heard(page) == {"supervisor"} and customer_hears(notary) == {"customer"}


def test_a_customer_at_a_page_is_left_with_a_number_and_goes_on_without_the_agent(
    desk, agent, customers_page, notary, look: Looks
):
    page = customers_page
    leave_with_number(desk, agent, page, at_once=False)
    wait_until(lambda: the_two_speak(page, notary), what="the two to hear each other alone")
    expect(page.locator("[data-recording], [data-listened]")).to_have_count(0)
    for _ in look.languages(page):
        page.reload()
        expect(page.locator(".c-call")).to_have_attribute("data-state", "passed_on")
        wait_until(lambda: the_two_speak(page, notary), what="the two to hear each other again")
        look(page, "call-page-passed-on")
    desk.keyboard.press("Alt+c")
    desk.keyboard.press("Space")
    desk.get_by_role("button", name="rester disponible").click()
    wait_until(lambda: Act.objects.exists(), what="the pay")
    desk.goto("/")
    page.reload()  # the contact is closed by now
    expect(page.locator(".c-call")).to_have_attribute("data-state", "passed_on")
    wait_until(lambda: the_two_speak(page, notary), what="the two to hear each other without the agent's desk")
    page.get_by_role("button", name="Raccrocher").click()
    expect(page.locator(".c-say")).to_contain_text("Vous avez raccroché")
    wait_until(lambda: notary.is_over and not Caller.objects.exists(), what="the end at both")
    assert [each.why for each in Companion.objects.all()] == ["handed_over"]


@pytest.mark.parametrize("who", ["outside", "page"])
def test_a_customer_at_a_page_is_left_with_a_number_as_soon_as_it_answers_until_one_of_them_goes(
    desk, agent, customers_page, notary, who
):
    page = customers_page
    leave_with_number(desk, agent, page, at_once=True)
    wait_until(lambda: the_two_speak(page, notary), what="the two to hear each other alone")
    if who == "outside":
        notary.hang_up()
        expect(page.locator(".c-say")).to_contain_text("Appel terminé")
    else:
        page.close()
    wait_until(lambda: notary.is_over and not Caller.objects.exists(), what="the end at both")


PEOPLE = """numéro;nom;commande;livrée le;date du consentement;source du consentement;texte du consentement
01 45 06 07 08;Claire Vasseur;LAV-2041;18 novembre;02/11/2026;Formulaire du site;J’accepte d’être appelée par Maison Lavande.
01 45 06 07 09;Paul Ames;LAV-2050;19 novembre;;;
douze;Ida Roux;LAV-2051;19 novembre;;;
01 45 06 07 08;Claire encore;LAV-2060;20 novembre;;;
01 45 06 07 10;Zoé Petit;LAV-2061;20 novembre;hier;Salon de Lyon;J’accepte d’être appelée par Maison Lavande.
"""
SCRIPT = "Bonjour, ici Maison Lavande. Votre commande est-elle bien arrivée ?"


def test_a_list_is_imported_started_and_called_until_its_progress_says_so(
    desk, agent, called, person, look: Looks, console_errors
):
    supervisor: Page = person(user_as(Role.SUPERVISOR, agent.operator, name="Hélène Marchetti"))
    supervisor.goto("/outbound/lists/")
    look.in_both_languages(supervisor, "lists-none")
    supervisor.get_by_role("link", name="Nouvelle liste").click()
    supervisor.get_by_label("Nom", exact=True).fill("Satisfaction de novembre")
    supervisor.get_by_label("Objet des appels").select_option("service")
    supervisor.get_by_label("Ce que disent les conseillers").fill(SCRIPT)
    for day in ("Samedi", "Dimanche"):
        supervisor.get_by_label(day).check()
    look(supervisor, "list-new")
    supervisor.get_by_role("button", name="Créer la liste").click()

    file = {"name": "novembre.csv", "mimeType": "text/csv", "buffer": PEOPLE.encode()}
    supervisor.get_by_label("Fichier CSV").set_input_files(file)
    supervisor.get_by_role("button", name="Importer").click()
    expect(supervisor.locator(".list-imported")).to_contain_text("« douze » n’est pas un numéro")
    expect(supervisor.locator(".list-imported")).to_contain_text("« hier » n’est pas la date d’un consentement")
    look(supervisor, "list-wrong-lines")
    console_errors.clear()  # the refusal itself
    supervisor.get_by_label("Fichier CSV").set_input_files(file)
    supervisor.get_by_label("Laisser les lignes erronées").check()
    supervisor.get_by_role("button", name="Importer").click()
    expect(supervisor.locator(".list-imported")).to_contain_text("2 personnes prises sur la liste")
    expect(supervisor.locator(".list-imported")).to_contain_text("1 consentement de ce fichier")
    supervisor.locator(".list-apart summary").click()
    look(supervisor, "list-imported")

    contacts.set_presence(agent_id=agent.pk, state="ready", now=clock.now())
    expect(desk.locator(".calm")).to_be_visible()
    supervisor.get_by_role("button", name="Commencer les appels").click()
    preview = desk.locator("[data-preview]")
    expect(preview).to_contain_text("Claire Vasseur", timeout=PATIENCE_MS)
    expect(preview).to_contain_text("LAV-2041")
    expect(preview).to_contain_text("est-elle bien arrivée")
    for language in look.languages(desk):
        desk.reload()
        expect(preview).to_contain_text("Claire Vasseur", timeout=PATIENCE_MS)
        preview.get_by_role("button", name={"fr": "Passer…", "en": "Skip…"}[language]).click()
        look(desk, "desk-list-skip")
        preview.get_by_role("button", name={"fr": "Annuler", "en": "Cancel"}[language]).click()
        look(desk, "desk-list-preview")

    preview.get_by_role("button", name="Appeler").click()
    bar = desk.locator(".call-bar[data-state]")
    expect(bar).to_have_attribute("data-state", "talking", timeout=30_000)
    assert called.saw == NUMBER
    assert hears_only(desk, "customer")
    assert customer_hears(called) == {"agent"}
    expect(desk.locator(".listed")).to_contain_text("LAV-2041")
    look(desk, "desk-list-call")
    called.hang_up()
    expect(bar).to_have_attribute("data-state", "ended", timeout=PATIENCE_MS)
    desk.keyboard.press("Alt+c")
    desk.keyboard.press("Space")
    desk.get_by_role("button", name="rester disponible").click()
    wait_until(lambda: Act.objects.exists(), what="the pay")
    expect(preview).to_contain_text("Paul Ames", timeout=PATIENCE_MS)

    figures = supervisor.locator(".sums")
    expect(figures).to_contain_text("terminé pour 1 sur 2", timeout=30_000)  # by itself
    supervisor.get_by_text("En chiffres").click()
    look.in_both_languages(supervisor, "list-progress")
    supervisor.goto("/outbound/lists/")
    look.in_both_languages(supervisor, "lists")
    assert Entry.objects.get(kind="result").data["result"] == "reached"
    contact = Contact.objects.get(direction="outbound")
    assert (contact.state, contact.conversation.customer.name) == ("closed", "Claire Vasseur")


def test_an_agent_dials_a_number_that_is_on_no_card(desk, agent, called, look: Looks):
    contacts.set_presence(agent_id=agent.pk, state="ready", now=clock.now())
    expect(desk.locator(".calm")).to_be_visible()
    sheet = desk.locator(".dial-sheet")
    for language in look.languages(desk):
        desk.reload()
        expect(desk.locator(".calm")).to_be_visible()
        wait_until(lambda: _opens(desk, sheet), what="the sheet to open")
        sheet.get_by_label({"fr": "Numéro", "en": "Number"}[language]).fill("12")
        sheet.get_by_role("button", name=CALL[language]).click()
        expect(sheet.get_by_role("alert")).to_be_visible(timeout=PATIENCE_MS)
        look(desk, "desk-dial-any")
    sheet.get_by_label("Numéro").fill("01 45 06 07 08")
    sheet.get_by_role("button", name="Appeler").click()
    bar = desk.locator(".call-bar[data-state]")
    expect(bar).to_have_attribute("data-state", "talking", timeout=30_000)
    assert hears_only(desk, "customer")
    contact = Contact.objects.get(direction="outbound")
    assert contact.conversation.customer.phone == "+33145060708"
    called.hang_up()
    expect(bar).to_have_attribute("data-state", "ended", timeout=PATIENCE_MS)


def _opens(desk: Page, sheet: Locator) -> bool:
    """Press the key for dialling: it has something to do once the telephone is known to be there."""
    desk.keyboard.press("Alt+d")
    return sheet.is_visible()


def test_who_asked_to_be_called_back_is_rung_as_soon_as_the_agent_accepts(desk, agent, called):
    customer = CustomerFacts(name="Claire Vasseur")
    queue = Queue.objects.get(channel="voice")
    contact = contacts.arrive_contact(queue_id=queue.pk, thread_key="visitor", customer=customer, now=clock.now())
    contacts.ask_callback(contact_id=contact.pk, number="+33145060708", wording="Rappelez-moi.", now=clock.now())
    contacts.set_presence(agent_id=agent.pk, state="ready", now=clock.now())
    expect(desk.locator(".offer")).to_contain_text("Rappel à faire", timeout=PATIENCE_MS)
    desk.keyboard.press("F8")
    bar = desk.locator(".call-bar[data-state]")
    expect(bar).to_have_attribute("data-state", "talking", timeout=30_000)
    assert called.saw == NUMBER
    assert hears_only(desk, "customer")
    assert customer_hears(called) == {"agent"}
    called.hang_up()
    expect(bar).to_have_attribute("data-state", "ended", timeout=PATIENCE_MS)
    desk.keyboard.press("Alt+c")
    desk.keyboard.press("Space")
    desk.get_by_role("button", name="rester disponible").click()
    wait_until(lambda: Act.objects.exists(), what="the pay")
    assert list(Entry.objects.order_by("position").values_list("kind", flat=True)) == ["callback", "attempt", "result"]
    assert Entry.objects.get(kind="result").data["result"] == "reached"
