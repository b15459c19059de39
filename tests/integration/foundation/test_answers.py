import pytest
from django.test import Client

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.integration.foundation.views")]

ENGLISH = {"Accept-Language": "en"}


@pytest.fixture
def visitor() -> Client:
    return Client(raise_request_exception=False, headers=ENGLISH)


@pytest.mark.parametrize(
    ("fault", "status", "code"),
    [
        ("refused", 409, "offer_gone"),
        ("too-many", 429, "too_many"),
        ("missing", 404, "not_found"),
        ("full", 507, "disk_full"),
        ("no-space", 507, "disk_full"),
        ("locked", 503, "busy"),
        ("bug", 500, "broken"),
    ],
)
def test_programs_are_answered_in_json(visitor, fault, status, code):
    response = visitor.get(f"/fault/{fault}", headers={"Accept": "application/json"})

    assert response.status_code == status
    assert response.json()["error"]["code"] == code


@pytest.mark.parametrize(("fault", "status"), [("full", 507), ("locked", 503), ("refused", 409), ("missing", 404)])
def test_people_are_answered_with_a_page_and_no_traceback(visitor, fault, status):
    response = visitor.get(f"/fault/{fault}", headers={"Accept": "text/html"})

    assert response.status_code == status
    assert response.headers["Content-Type"].startswith("text/html")
    assert b"Traceback" not in response.content


def test_a_full_disk_is_said_in_words(visitor):
    assert visitor.get("/fault/full").json()["error"]["message"] == (
        "The server's disk is full. Nothing was changed; tell whoever runs this service to free some space."
    )


def test_a_refusal_names_the_fields(visitor):
    assert visitor.get("/fault/refused").json() == {
        "error": {"code": "offer_gone", "message": "Too late", "fields": {"offer": "ended"}}
    }


def test_who_asks_too_often_is_told_when_to_come_back(visitor):
    assert visitor.get("/fault/too-many").headers["Retry-After"] == "7"


def test_an_address_that_is_not_there_is_json_for_programs(visitor):
    assert visitor.get("/nothing").json()["error"]["code"] == "not_found"


def test_a_body_that_is_too_large_is_said_to_be(visitor):
    response = visitor.post("/read", data=b"x" * 3_000_000, content_type="application/json")

    assert response.status_code == 413
    assert response.json()["error"]["code"] == "too_large"
