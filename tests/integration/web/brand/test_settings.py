"""An administrator sets a brand up."""

from datetime import time

import pytest
from django.test import Client

from homeshore.brands.models import Article, Brand, CannedReply, OpeningHours
from homeshore.foundation.models import AuditEntry, Role
from tests.factories import ArticleFactory, BrandFactory, CannedReplyFactory, OpeningHoursFactory, user_as

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


def signed_in(user) -> Client:
    client = Client(headers={"Accept-Language": "en"})
    client.force_login(user, backend=BACKEND)
    return client


@pytest.fixture
def brand(db):
    return BrandFactory.create(name="Maison Lavande", accent="#5f4791")


@pytest.fixture
def admin(brand, clock):
    return signed_in(user_as(Role.OPERATOR_ADMIN, brand.operator, language="en"))


CHAT = {"accent": "#0a655b", "allowed_origins": "https://www.shop.example/\n\nhttps://shop.example\n"}


def test_the_chat_is_set_and_the_tag_can_be_copied(admin, brand, settings):
    settings.BASE_URL = "https://chat.example"
    page = admin.get(f"/brands/{brand.pk}/chat/").content.decode()
    tag = f'<script src="https://chat.example/widget.js" data-brand="{brand.widget_key}" async></script>'
    assert tag.replace("<", "&lt;").replace(">", "&gt;").replace('"', "&quot;") in page
    said = {**CHAT, "greeting_fr": "Bonjour !", "greeting_en": "", "privacy_url": "https://shop.example/data"}
    assert admin.post(f"/brands/{brand.pk}/chat/", said).status_code == 302
    brand.refresh_from_db()
    assert (brand.accent, brand.allowed_origins) == ("#0a655b", ["https://www.shop.example", "https://shop.example"])
    assert (brand.greeting, brand.privacy_url) == ({"fr": "Bonjour !"}, "https://shop.example/data")
    assert AuditEntry.objects.get().verb == "brand.widget_saved"


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"accent": "#ffd400"}, "its contrast with white is 1.4 to 1"),
        ({"accent": "red"}, "Write the colour as #rrggbb"),
        ({"allowed_origins": "http://shop.example"}, "is not secure"),
        ({"allowed_origins": "https://shop.example/contact"}, "goes on after the site"),
        ({"greeting_en": "a" * 301}, "At most 300 characters"),
    ],
)
def test_what_is_wrong_is_said_beside_its_field_and_nothing_is_saved(admin, brand, wrong, said):
    response = admin.post(f"/brands/{brand.pk}/chat/", CHAT | wrong)
    assert response.status_code == 422
    assert said in response.content.decode()
    assert Brand.objects.get().accent == "#5f4791"


def hours(**typed: str) -> dict[str, str]:
    return {"time_zone": "Europe/Paris", "holidays_country": "FR"} | typed


def test_hours_are_replaced_by_those_typed(admin, brand):
    OpeningHoursFactory.create(brand=brand, weekday=6)
    typed = {"opens-0-0": "09:00", "closes-0-0": "12:00", "opens-0-1": "14:00", "closes-0-1": "00:00"}
    assert admin.post(f"/brands/{brand.pk}/hours/", hours(**typed)).status_code == 302
    assert list(OpeningHours.objects.values_list("weekday", "opens", "closes")) == [
        (0, time(9), time(12)),
        (0, time(14), time(0)),
    ]
    page = admin.get(f"/brands/{brand.pk}/hours/").content.decode()
    assert 'value="09:00"' in page


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"opens-2-0": "18:00", "closes-2-0": "09:00"}, "The closing time comes before the opening time."),
        ({"opens-2-0": "09:00"}, "Write both hours, or neither."),
        (
            {"opens-2-0": "09:00", "closes-2-0": "13:00", "opens-2-1": "12:00", "closes-2-1": "18:00"},
            "Two of these hours overlap.",
        ),
    ],
)
def test_hours_that_make_no_sense_are_refused_and_the_old_ones_stay(admin, brand, typed, said):
    OpeningHoursFactory.create(brand=brand, weekday=6)
    response = admin.post(f"/brands/{brand.pk}/hours/", hours(**typed))
    assert response.status_code == 422
    assert said in response.content.decode()
    assert OpeningHours.objects.get().weekday == 6


def test_replies_are_added_changed_and_deleted(admin, brand):
    at = f"/brands/{brand.pk}/replies/"
    typed = {"shortcut": "/Retour", "title": "Retour gratuit", "body": "Bonjour {customer}"}
    assert admin.post(at, typed).status_code == 302
    reply = CannedReply.objects.get()
    assert (reply.shortcut, reply.title) == ("retour", "Retour gratuit")
    assert admin.post(f"{at}{reply.pk}/", typed | {"title": "Retour"}).status_code == 302
    assert CannedReply.objects.get().title == "Retour"
    assert admin.post(at, typed).status_code == 422
    assert admin.post(at, typed | {"shortcut": "deux mots"}).status_code == 422
    assert admin.post(f"{at}{reply.pk}/delete/").status_code == 302
    assert not CannedReply.objects.exists()


def test_articles_keep_who_wrote_them_last(admin, brand):
    at = f"/brands/{brand.pk}/articles/"
    assert admin.post(at, {"title": "Retours", "body": "<script>alert(1)</script>"}).status_code == 302
    article = Article.objects.get()
    assert article.author is not None
    page = admin.get(at).content.decode()
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
    assert admin.post(f"{at}{article.pk}/delete/").status_code == 302


def test_a_brand_of_another_operator_is_not_there(admin, brand):
    other = BrandFactory.create()
    reply, article = CannedReplyFactory.create(brand=other), ArticleFactory.create(brand=other)
    for page in ("chat", "hours", "replies", "articles"):
        assert admin.get(f"/brands/{other.pk}/{page}/").status_code == 404
    assert admin.post(f"/brands/{other.pk}/chat/", CHAT).status_code == 404
    assert admin.post(f"/brands/{other.pk}/replies/{reply.pk}/delete/").status_code == 404
    assert admin.post(f"/brands/{brand.pk}/replies/{reply.pk}/delete/").status_code == 404
    assert admin.post(f"/brands/{brand.pk}/articles/{article.pk}/delete/").status_code == 404
    assert other.name not in admin.get("/brands/").content.decode()


@pytest.mark.parametrize("role", [Role.SUPERVISOR, Role.PLANNER])
def test_others_may_not(brand, clock, role):
    client = signed_in(user_as(role, brand.operator))
    assert client.get(f"/brands/{brand.pk}/chat/").status_code == 403
    assert client.get("/brands/").status_code == 403
