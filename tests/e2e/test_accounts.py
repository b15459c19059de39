"""Signing in, one's own account, and an administrator's screens, as people see them."""

import pytest

from homeshore.foundation import audit
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


@pytest.fixture
def operator(site):
    return OperatorFactory.create(name="Rivage")


def test_signing_in(person, operator, language, look, settings):
    settings.DEMO = True
    FloorFactory.create(operator=operator)
    for role, name in [
        (Role.OPERATOR_ADMIN, "Hélène Aubry"),
        (Role.SUPERVISOR, "Sonia Keller"),
        (Role.AGENT, "Inês Carvalho"),
    ]:
        user_as(role, operator, name=name, password=settings.DEMO_PASSWORD)
    page = person(None)
    page.goto("/accounts/login/")
    look(page, "sign-in-demo")

    page.get_by_role("button", name="Hélène Aubry").click()
    page.wait_for_url("**/floor/")


def test_a_wrong_password_is_said(person, operator, language, look):
    user = user_as(Role.PLANNER, operator)
    page = person(None)
    page.goto("/accounts/login/")
    page.locator("#id_login").fill(user.email)
    page.locator("#id_password").fill("not this one")
    page.locator("main button[type=submit]").click()
    page.get_by_role("alert").first.wait_for()
    look(page, "sign-in-wrong")

    page.locator("#id_password").fill(PASSWORD)
    page.locator("main button[type=submit]").click()
    page.locator("#id_password").wait_for(state="detached")


def test_my_account(person, operator, language, look):
    user = user_as(Role.OPERATOR_ADMIN, operator, name="Hélène Aubry")
    MembershipFactory.create(user=user, operator=OperatorFactory.create(name="Marée haute"), role=Role.SUPERVISOR)
    page = person(user)
    page.goto("/account/")
    look(page, "my-account")


def test_setting_up_a_second_factor(person, operator, language, look):
    user = user_as(Role.OPERATOR_ADMIN, operator, name="Hélène Aubry")
    page = person(user)
    page.goto("/accounts/2fa/totp/activate/")
    page.locator("#id_password").fill(PASSWORD)
    page.locator("main button[type=submit]").first.click()
    page.locator("img.qr").wait_for()
    look(page, "second-factor")


def test_people_and_the_trail(person, operator, language, look):
    admin = user_as(Role.OPERATOR_ADMIN, operator, name="Hélène Aubry")
    for role, name in [
        (Role.SUPERVISOR, "Sonia Keller"),
        (Role.PLANNER, "Karim Belkacem"),
        (Role.AGENT, "Inês Carvalho"),
    ]:
        user_as(role, operator, name=name)
    page = person(admin)
    page.goto("/operator/people/")
    look(page, "people")
    page.locator("#id_name").fill("Zoé Marchand")
    page.locator("#id_email").fill("zoe@example.org")
    page.get_by_role("button", name={"fr": "Envoyer l’invitation", "en": "Send the invitation"}[language]).click()
    page.get_by_role("rowheader", name="Zoé Marchand").wait_for()
    audit.record(operator_id=operator.pk, actor=None, verb="contact.requeued", target="contacts.contact:42", at=MORNING)
    page.goto("/operator/trail/")
    look(page, "trail")
    page.goto("/operator/tokens/")
    page.locator("#id_name").fill("Entrepôt")
    page.get_by_role("button", name={"fr": "Créer un jeton", "en": "Make a token"}[language]).click()
    page.locator(".secret").wait_for()
    look(page, "tokens")
    QueueFactory.create(brand__operator=operator, brand__name="Maison Lavande", name="Appels", channel="voice")
    page.goto("/operator/numbers/")
    page.locator("#id_number").fill("01 56 07 08 09")
    page.get_by_role("button", name={"fr": "Prendre ses appels", "en": "Take its calls"}[language]).click()
    page.get_by_role("rowheader", name="+33156070809").wait_for()
    look(page, "numbers")


def test_the_floors_are_split_on_a_screen(person, operator, language, look):
    floor = FloorFactory.create(operator=operator, name="Plateau")
    brand = BrandFactory.create(operator=operator, name="Maison Lavande")
    for name, first_name in [("Commandes", "Inês"), ("Retours", "Malik"), ("Courrier", "Zoé")]:
        queue = QueueFactory.create(floor=floor, brand=brand, name=name)
        AgentFactory.create(operator=operator, first_name=first_name, queues=[queue])
    page = person(user_as(Role.OPERATOR_ADMIN, operator, name="Hélène Aubry"))
    page.goto("/operator/floors/")
    page.locator("#floors").fill("2")
    page.keyboard.press("Enter")
    page.get_by_role("heading", name={"fr": "Ce que cela donnerait", "en": "As it would be"}[language]).wait_for()
    look(page, "floors")
    page.get_by_role("button", name={"fr": "Répartir ainsi", "en": "Split the floors so"}[language]).click()
    page.get_by_text({"fr": "Il y a maintenant 2 plateaux.", "en": "There are 2 floors now."}[language]).wait_for()


def test_a_customers_data(person, operator, language, look):
    admin = user_as(Role.OPERATOR_ADMIN, operator, name="Hélène Aubry")
    brand = BrandFactory.create(operator=operator, name="Maison Lavande")
    for name in ("Jeanne Dupont", "Jeanne Moreau"):
        customer = CustomerFactory.create(brand=brand, name=name, email=f"{name[-6:].lower().strip()}@example.net")
    said = ConversationFactory.create(brand=brand, customer=customer)
    MessageFactory.create(conversation=said)
    page = person(admin)
    page.goto("/operator/customers/?search=jeanne")
    look(page, "customers")

    page.goto(f"/operator/customers/{customer.pk}/")
    look(page, "customer")
    page.locator("#id_reason").fill("Courrier du 20 novembre")
    page.locator("#id_meant").check()
    page.locator("main form button[type=submit]").click()
    page.wait_for_url("**/operator/customers/")

    page.goto("/operator/retention/")
    page.locator("#id_conversation_days").fill("180")
    page.locator("#id_source").fill("Registre des traitements, ligne 4")
    page.locator("main form button[type=submit]").click()
    page.get_by_text("Registre des traitements, ligne 4").wait_for()
    look(page, "retention")


def test_inviting_an_agent(person, operator, language, look):
    admin = user_as(Role.OPERATOR_ADMIN, operator, name="Hélène Aubry")
    brand = BrandFactory.create(operator=operator, name="Maison Lavande")
    MissionFactory.create(brand=brand, name="Service clients")
    for name in ("Portugais", "Sinistres auto"):
        SkillFactory.create(operator=operator, name=name)
    page = person(admin)
    page.goto("/operator/people/agent/")
    look(page, "invite-agent")

    page.locator("#id_first_name").fill("Inês")
    page.locator("#id_name").fill("Inês Carvalho")
    page.locator("#id_email").fill("ines@example.org")
    page.get_by_label("Service clients, Maison Lavande").check()
    page.get_by_label("Portugais").select_option("4")
    page.locator("main form button[type=submit]").click()
    page.wait_for_url("**/operator/people/")
    page.get_by_text("ines@example.org").wait_for()
    look(page, "people-invited")
