"""Who may call the widget's addresses."""

import pytest

from tests.factories import BrandFactory, QueueFactory
from tests.integration.channels.chat.conftest import ORIGIN, Page


def test_a_page_of_an_allowed_origin_gets_the_brand_and_a_token(brand, clock):
    response = Page(brand.widget_key).post("visit")
    assert response.status_code == 200
    assert response["Access-Control-Allow-Origin"] == ORIGIN
    assert response["Vary"].split(", ").count("Origin") == 1
    assert response.json()["brand"]["name"] == "Maison Lavande"
    assert response.json()["token"]


@pytest.mark.parametrize("origin", ["https://evil.example", "https://shop.example.evil.example", "null", None])
def test_a_page_of_another_origin_is_refused_and_browsers_show_it_nothing(brand, clock, origin):
    response = Page(brand.widget_key, origin=origin).post("visit")
    assert response.status_code == 403
    assert response.json()["error"]["code"] == "origin_not_allowed"
    assert "Access-Control-Allow-Origin" not in response


def test_the_refusal_names_the_site_in_the_visitors_language(brand, clock):
    refused = Page(brand.widget_key, origin="https://evil.example", language="fr").post("visit").json()
    assert refused["error"]["message"] == (
        "Le site https://evil.example ne peut pas porter cette discussion. Son opérateur peut l’autoriser dans les réglages de la marque."
    )


def test_an_unknown_key_says_what_to_do(db, clock):
    response = Page("nobody").post("visit")
    assert response.status_code == 404
    assert response.json()["error"]["code"] == "unknown_brand"
    assert "nobody" in response.json()["error"]["message"]


def test_a_brand_without_a_chat_queue_has_no_chat(clock, db):
    brand = BrandFactory.create()
    assert Page(brand.widget_key).post("visit").status_code == 404


def test_browsers_are_told_beforehand_what_they_may_send(page):
    response = page.client.options(page.address("messages"), headers={"Origin": ORIGIN})
    assert response.status_code == 204
    assert response["Access-Control-Allow-Origin"] == ORIGIN
    assert response["Access-Control-Allow-Methods"] == "POST"
    assert response["Access-Control-Allow-Headers"] == "Authorization, Content-Type"


def test_a_preflight_of_another_origin_is_refused(page):
    response = page.client.options(page.address("messages"), headers={"Origin": "https://evil.example"})
    assert response.status_code == 403
    assert "Access-Control-Allow-Origin" not in response


def test_no_cookie_is_set(page):
    assert page.say("Bonjour").status_code == 201
    assert not page.client.cookies


@pytest.mark.parametrize("path", ["messages", "typing", "read", "leave", "by-mail"])
@pytest.mark.parametrize("token", ["", "nonsense", "eyJicmFuZCI6MX0:AAAA"])
def test_a_false_token_opens_nothing(page, path, token):
    page.token = token
    response = page.post(path, body="Bonjour", client_id="message-1")
    assert (response.status_code, response.json()["error"]["code"]) == (403, "token_refused")


def test_a_token_of_another_brand_opens_nothing(page):
    other = BrandFactory.create(operator__slug="another")
    QueueFactory.create(brand=other)
    strange = Page(other.widget_key, token=page.token)
    assert strange.get("thread").status_code == 403
    assert strange.visit()["thread"] is None
    assert strange.token != page.token


def test_a_token_that_has_ended_is_followed_by_a_new_one(page, clock):
    page.say("Bonjour")
    clock.advance(days=181)
    assert page.get("thread").status_code == 403
    old = page.token
    assert page.visit()["thread"] is None
    assert page.token != old


def test_other_methods_are_refused(page):
    assert page.get("messages").status_code == 405
    assert page.post("thread").status_code == 405


@pytest.mark.parametrize("sent", ["[]", "3", "not json", '{"body": '])
def test_what_is_not_an_object_is_refused_in_words(page, sent):
    response = page.client.post(page.address("messages"), sent, content_type="application/json", headers=page.headers())
    assert response.status_code == 422
    assert response.json()["error"]["message"]
