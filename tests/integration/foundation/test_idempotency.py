import threading

import pytest
from django.db import connections
from django.test import Client

from homeshore.foundation.models import IdempotentAnswer, Operator
from tests.factories import UserFactory

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.integration.foundation.views")]


@pytest.fixture
def person(db):
    return UserFactory.create()


def client_of(user) -> Client:
    client = Client(raise_request_exception=False, headers={"Accept-Language": "en"})
    client.force_login(user)
    return client


def create(client, name="Rivage", key="k1", then=""):
    headers = {"Idempotency-Key": key} if key else {}
    return client.post(f"/create?then={then}", data=name.encode(), content_type="text/plain", headers=headers)


def test_the_same_request_has_one_effect_and_one_answer(person):
    client = client_of(person)

    first, second = create(client), create(client)

    assert (first.status_code, first.json()) == (second.status_code, second.json())
    assert "Idempotency-Replayed" not in first.headers
    assert second.headers["Idempotency-Replayed"] == "true"
    assert Operator.objects.count() == 1


def test_without_a_key_each_request_counts(person):
    client = client_of(person)

    create(client, key=None)
    create(client, key=None)

    assert Operator.objects.count() == 2


def test_another_key_is_another_request(person):
    client = client_of(person)

    create(client, key="k1")
    create(client, key="k2")

    assert Operator.objects.count() == 2


def test_another_body_under_the_same_key_is_refused(person):
    client = client_of(person)
    create(client, name="Rivage")

    response = create(client, name="Marée")

    assert response.status_code == 422
    assert response.json()["error"]["code"] == "idempotency_key_reused"
    assert Operator.objects.count() == 1


def test_keys_of_two_people_are_two(person):
    create(client_of(person))
    create(client_of(UserFactory.create()))

    assert Operator.objects.count() == 2


def test_an_empty_answer_is_the_same_again(person):
    client = client_of(person)

    assert [create(client, then="empty").status_code for _ in range(2)] == [204, 204]
    assert Operator.objects.count() == 1


@pytest.mark.parametrize(("then", "status"), [("refuse", 422), ("break", 500)])
def test_what_fails_leaves_nothing_behind_and_may_be_tried_again(person, then, status):
    client = client_of(person)

    assert create(client, then=then).status_code == status
    assert Operator.objects.count() == 0
    assert IdempotentAnswer.objects.count() == 0
    assert create(client).status_code == 201


def test_an_answer_that_is_no_json_is_not_kept_but_its_effect_is(person):
    client = client_of(person)

    assert create(client, then="redirect").status_code == 302
    assert Operator.objects.count() == 1
    assert IdempotentAnswer.objects.count() == 0


def test_a_key_that_is_too_long_is_refused(person):
    assert create(client_of(person), key="k" * 81).status_code == 422


@pytest.mark.django_db(transaction=True)
def test_the_same_request_at_the_same_time_has_one_effect(transactional_db):
    person = UserFactory.create()
    clients = [client_of(person) for _ in range(5)]
    start = threading.Barrier(len(clients))
    answers = []

    def send(client):
        start.wait()
        response = create(client)
        answers.append((response.status_code, response.json()))
        connections.close_all()

    threads = [threading.Thread(target=send, args=(client,)) for client in clients]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert Operator.objects.count() == 1
    assert answers == [(201, {"id": Operator.objects.get().pk, "name": "Rivage"})] * 5
