"""A brand's settings and the screen of its own people."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from homeshore.brands.models import Brand
from homeshore.contacts.models import Contact, Message
from homeshore.foundation import clock
from homeshore.foundation.models import Role
from tests.e2e.looks import Looks
from tests.factories import (
    ArticleFactory,
    BrandFactory,
    CannedReplyFactory,
    ContactFactory,
    MessageFactory,
    OpeningHoursFactory,
    QueueFactory,
    brand_user,
    user_as,
)


@pytest.fixture
def brand(site: str) -> Brand:
    brand = BrandFactory.create(
        name="Maison Lavande", accent="#5f4791", allowed_origins=["https://www.lavande.example"]
    )
    for day in range(5):
        OpeningHoursFactory.create(brand=brand, weekday=day, opens="09:00", closes="12:30")
        OpeningHoursFactory.create(brand=brand, weekday=day, opens="14:00", closes="18:00")
    CannedReplyFactory.create(brand=brand, shortcut="retour", title="Retour gratuit")
    ArticleFactory.create(brand=brand, title="Tailles des plaids", body="Le plaid Ardèche taille grand.")
    return brand


@pytest.fixture
def admin(brand: Brand, person: Callable) -> Page:
    return person(user_as(Role.OPERATOR_ADMIN, brand.operator))


def test_a_brand_is_set_up(admin: Page, brand: Brand, look: Looks, console_errors: list[str]):
    admin.goto("/brands/")
    look.in_both_languages(admin, "brands")
    admin.get_by_role("link", name="Maison Lavande", exact=True).click()
    look.in_both_languages(admin, "brand-chat")
    for language in look.languages(admin):
        admin.reload()
        admin.locator("[name=allowed_origins]").fill("http://lavande.example")
        admin.get_by_role("button", name={"fr": "Enregistrer", "en": "Save"}[language]).click()
        expect(admin.get_by_role("alert")).to_contain_text({"fr": "n’est pas sûr", "en": "is not secure"}[language])
        look(admin, "brand-chat-refused")
    console_errors.clear()  # the refusals themselves
    for name, title in (("brand-hours", "hours"), ("brand-replies", "replies"), ("brand-articles", "articles")):
        admin.goto(f"/brands/{brand.pk}/{title}/")
        look.in_both_languages(admin, name)


def test_a_brands_own_people_see_the_service_they_get(brand: Brand, person: Callable, look: Looks):
    chats = QueueFactory.create(brand=brand, name="Discussion", target_percent=80)
    QueueFactory.create(brand=brand, name="Courrier", channel="email", target_seconds=86_400)
    now = clock.now()
    for number in range(9):
        ContactFactory.create(
            queue=chats,
            state=Contact.State.CLOSED,
            outcome="handled",
            arrived_at=now,
            answered_at=now + timedelta(seconds=20),
            answered_in_target=number < 6,
            closed_at=now + timedelta(seconds=200),
        )
    waiting = ContactFactory.create(queue=chats, arrived_at=now, conversation__customer__name="Claire Morel")
    MessageFactory.create(
        conversation=waiting.conversation,
        contact=waiting,
        kind=Message.Kind.NOTE,
        audience="brand",
        author_name="Inês Carvalho",
        body="L’étiquette du lot 48 est fausse : M pour XL.",
        at=now,
    )
    page: Page = person(brand_user(brand))
    page.goto("/")
    expect(page.get_by_role("main")).to_contain_text("66")
    expect(page.get_by_role("main")).to_contain_text("étiquette du lot 48")
    look.in_both_languages(page, "brand-service")
