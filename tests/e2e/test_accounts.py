"""Signing in, one's own account, and an administrator's screens, as people see them."""

from datetime import timedelta

import pytest
from playwright.sync_api import expect

from homeshore.channels.voice.models import Number, TrunkAccount
from homeshore.channels.voice.sip import spoken
from homeshore.foundation import audit, clock
from homeshore.foundation.models import Role
from tests.clock import MORNING
from tests.factories import (
    PASSWORD,
    AgentFactory,
    BrandFactory,
    ConversationFactory,
    CustomerFactory,
    FloorFactory,
    MembershipFactory,
    MessageFactory,
    MissionFactory,
    OperatorFactory,
    QueueFactory,
    SkillFactory,
    user_as,
)

SECONDS_OF = """(audio) => new Promise((done, failed) => {
    audio.addEventListener("loadedmetadata", () => done(audio.duration));
    audio.addEventListener("error", () => failed(audio.error.message));
    audio.preload = "auto";
    audio.load();
})"""
"""How long a player's sound is, once the browser has it."""


@pytest.fixture
def operator(site):
    return OperatorFactory.create(name="Rivage")


def test_anybody_comes_to_the_sign_in_page_and_is_told_where_there_is_none(page, look, console_errors):
    page.goto("/accounts/login/")
    look.in_both_languages(page, "sign-in")
    page.goto("/there-is-no-such-page/")
    look.in_both_languages(page, "not-found")
    console_errors.clear()


def test_signing_in(page, operator, look, settings):
    FloorFactory.create(operator=operator)
    for role, name in [
        (Role.OPERATOR_ADMIN, "Hélène Aubry"),
        (Role.SUPERVISOR, "Sonia Keller"),
        (Role.AGENT, "Inês Carvalho"),
    ]:
        user_as(role, operator, name=name, password=settings.DEMO_PASSWORD)
    planner = user_as(Role.PLANNER, operator)
    for _ in look.languages(page):
        page.goto("/accounts/login/")
        page.locator("#id_login").fill(planner.email)
        page.locator("#id_password").fill("not this one")
        page.locator("main button[type=submit]").click()
        page.get_by_role("alert").first.wait_for()
        look(page, "sign-in-wrong")
    page.locator("#id_password").fill(PASSWORD)
    page.locator("main button[type=submit]").click()
    page.locator("#id_password").wait_for(state="detached")

    page.context.clear_cookies(name="sessionid")
    settings.DEMO = True
    page.goto("/accounts/login/")
    look.in_both_languages(page, "sign-in-demo")
    page.get_by_role("button", name="Hélène Aubry").click()
    page.wait_for_url("**/floor/")


def test_my_account_and_its_second_factor(person, operator, look):
    user = user_as(Role.OPERATOR_ADMIN, operator, name="Hélène Aubry")
    MembershipFactory.create(user=user, operator=OperatorFactory.create(name="Marée haute"), role=Role.SUPERVISOR)
    page = person(user)
    page.goto("/account/")
    look.in_both_languages(page, "my-account")
    page.goto("/accounts/2fa/totp/activate/")
    page.locator("#id_password").fill(PASSWORD)
    page.locator("main button[type=submit]").first.click()
    page.locator("img.qr").wait_for()
    look.in_both_languages(page, "second-factor", shows="img.qr")


def test_people_and_the_trail(person, operator, look):
    admin = user_as(Role.OPERATOR_ADMIN, operator, name="Hélène Aubry")
    for role, name in [
        (Role.SUPERVISOR, "Sonia Keller"),
        (Role.PLANNER, "Karim Belkacem"),
        (Role.AGENT, "Inês Carvalho"),
    ]:
        user_as(role, operator, name=name)
    page = person(admin)
    page.goto("/operator/people/")
    look.in_both_languages(page, "people")
    page.locator("#id_name").fill("Zoé Marchand")
    page.locator("#id_email").fill("zoe@example.org")
    page.get_by_role("button", name="Envoyer l’invitation").click()
    page.get_by_role("rowheader", name="Zoé Marchand").wait_for()
    audit.record(operator_id=operator.pk, actor=None, verb="contact.requeued", target="contacts.contact:42", at=MORNING)
    page.goto("/operator/trail/")
    look.in_both_languages(page, "trail")
    for _ in look.languages(page):
        page.goto("/operator/tokens/")
        page.locator("#id_name").fill("Entrepôt")
        page.keyboard.press("Enter")
        page.locator(".secret").wait_for()
        look(page, "tokens")
    QueueFactory.create(brand__operator=operator, brand__name="Maison Lavande", name="Appels", channel="voice")
    page.goto("/operator/numbers/")
    page.locator("#id_number").fill("01 56 07 08 09")
    page.get_by_role("button", name="Prendre ses appels").click()
    page.get_by_role("rowheader", name="+33 1 56 07 08 09").wait_for()
    look.in_both_languages(page, "numbers")
    page.get_by_role("link", name="Menu du +33 1 56 07 08 09").click()
    for key, words, language in [(1, "Pour suivre une commande", "Français"), (2, "For English", "English")]:
        page.get_by_label(f"Ce qu’on entend de la touche {key}").fill(words)
        page.get_by_label(f"File de la touche {key}").select_option("Appels")
        page.get_by_label(f"Langue de la touche {key}").select_option(language)
    page.get_by_role("button", name="Écouter d’abord").click()
    page.get_by_text("rien n’est encore enregistré").wait_for()
    if spoken.can_speak():
        expect(page.locator("audio")).to_be_in_viewport()
        assert page.locator("audio").evaluate(SECONDS_OF) > 2
    look(page, "number-menu-listened")
    page.get_by_role("button", name="Enregistrer").click()
    page.get_by_text("Dès le prochain appel").wait_for()
    look.in_both_languages(page, "number-menu")
    page.goto("/operator/numbers/")
    page.get_by_role("link", name="Mentions du +33 1 56 07 08 09").click()
    page.get_by_label("Dites en français").fill(
        "Maison Lavande répond de vos données. Les enregistrements sont gardés six mois."
    )
    page.get_by_role("button", name="Écouter d’abord").click()
    page.get_by_text("rien n’est encore enregistré").wait_for()
    if spoken.can_speak():
        assert page.locator("audio").evaluate(SECONDS_OF) > 3
    page.get_by_label("Dites en anglais").fill(
        "Maison Lavande answers for your data. Recordings are kept for six months."
    )
    page.get_by_role("button", name="Enregistrer").click()
    page.get_by_text("Dès le prochain appel").wait_for()
    look.in_both_languages(page, "number-notice")


def test_accounts_at_trunks_say_how_they_stand(person, operator, look, settings, console_errors):
    settings.SIP_LISTEN = settings.SIP_EDGE = ("127.0.0.1", 5080)
    queue = QueueFactory.create(brand__operator=operator, brand__name="Maison Lavande", name="Appels", channel="voice")
    for digits in ("+33156070809", "+33156070810"):
        Number.objects.create(operator=operator, queue=queue, digits=digits)
    page = person(user_as(Role.OPERATOR_ADMIN, operator, name="Hélène Aubry"))
    page.goto("/operator/numbers/")
    page.get_by_role("link", name="Ajouter un compte").click()
    page.locator("#id_server").fill("sip.trunk.example")
    page.locator("#id_login").fill("0033156070809")
    page.locator("#id_password").fill("correct horse")
    page.get_by_label("+33 1 56 07 08 09").check()
    look(page, "trunk-account")
    page.locator("#id_login").fill("me@sip.trunk.example")
    page.keyboard.press("Enter")
    page.get_by_text("Écrivez l’identifiant seul").wait_for()
    console_errors.clear()
    page.locator("#id_login").fill("0033156070809")
    page.locator("#id_password").fill("correct horse")
    page.keyboard.press("Enter")
    page.get_by_role("link", name="0033156070809").wait_for()
    page.get_by_text("pas encore connecté").wait_for()
    page.get_by_role("link", name="0033156070809").click()
    assert (page.locator("#id_password").input_value(), page.get_by_label("+33 1 56 07 08 09").is_checked()) == (
        "",
        True,
    )
    at = clock.now()
    TrunkAccount.objects.update(state="registered", since=at - timedelta(days=3), until=at + timedelta(minutes=8))
    for login, state, status in [("accueil", "refused", 401), ("secours", "unanswered", 408), ("ancien", "off", None)]:
        TrunkAccount.objects.create(
            operator=operator,
            server="sip.second.example",
            login=login,
            state=state,
            status=status,
            since=at - timedelta(minutes=20),
            next_at=at + timedelta(minutes=4),
        )
    page.goto("/operator/numbers/")
    page.locator("#accounts-title").scroll_into_view_if_needed()
    look.in_both_languages(page, "trunk-accounts")


def test_the_floors_are_split_on_a_screen(person, operator, look):
    floor = FloorFactory.create(operator=operator, name="Plateau")
    brand = BrandFactory.create(operator=operator, name="Maison Lavande")
    for name, first_name in [("Commandes", "Inês"), ("Retours", "Malik"), ("Courrier", "Zoé")]:
        queue = QueueFactory.create(floor=floor, brand=brand, name=name)
        AgentFactory.create(operator=operator, first_name=first_name, queues=[queue])
    page = person(user_as(Role.OPERATOR_ADMIN, operator, name="Hélène Aubry"))
    page.goto("/operator/floors/")
    page.locator("#floors").fill("2")
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="Ce que cela donnerait").wait_for()
    look.in_both_languages(page, "floors")
    page.get_by_role("button", name="Répartir ainsi").click()
    page.get_by_text("Il y a maintenant 2 plateaux.").wait_for()


def test_a_customers_data(person, operator, look):
    admin = user_as(Role.OPERATOR_ADMIN, operator, name="Hélène Aubry")
    brand = BrandFactory.create(operator=operator, name="Maison Lavande")
    for name in ("Jeanne Dupont", "Jeanne Moreau"):
        customer = CustomerFactory.create(brand=brand, name=name, email=f"{name[-6:].lower().strip()}@example.net")
    said = ConversationFactory.create(brand=brand, customer=customer)
    MessageFactory.create(conversation=said)
    page = person(admin)
    page.goto("/operator/customers/?search=jeanne")
    look.in_both_languages(page, "customers")

    page.goto(f"/operator/customers/{customer.pk}/")
    look.in_both_languages(page, "customer")
    page.locator("#id_reason").fill("Courrier du 20 novembre")
    page.locator("#id_meant").check()
    page.locator("main form button[type=submit]").click()
    page.wait_for_url("**/operator/customers/")

    page.goto("/operator/retention/")
    page.locator("#id_conversation_days").fill("180")
    page.locator("#id_source").fill("Registre des traitements, ligne 4")
    page.locator("main form button[type=submit]").click()
    page.get_by_text("Registre des traitements, ligne 4").wait_for()
    look.in_both_languages(page, "retention")


def test_inviting_an_agent(person, operator, look):
    admin = user_as(Role.OPERATOR_ADMIN, operator, name="Hélène Aubry")
    brand = BrandFactory.create(operator=operator, name="Maison Lavande")
    MissionFactory.create(brand=brand, name="Service clients")
    for name in ("Portugais", "Sinistres auto"):
        SkillFactory.create(operator=operator, name=name)
    page = person(admin)
    page.goto("/operator/people/agent/")
    look.in_both_languages(page, "invite-agent")

    page.locator("#id_first_name").fill("Inês")
    page.locator("#id_name").fill("Inês Carvalho")
    page.locator("#id_email").fill("ines@example.org")
    page.get_by_label("Service clients, Maison Lavande").check()
    page.get_by_label("Portugais").select_option("4")
    page.locator("main form button[type=submit]").click()
    page.wait_for_url("**/operator/people/")
    page.get_by_text("ines@example.org").wait_for()
    look.in_both_languages(page, "people-invited")
