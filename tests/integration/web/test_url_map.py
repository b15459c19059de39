"""Every address × everybody × two operators: who may enter where, and that nobody sees the neighbours."""

from __future__ import annotations

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse

from homeshore.foundation.models import Membership, Role
from tests.factories import ArticleFactory, BrandFactory, ContactFactory, QueueFactory
from tests.integration.web.asking import INPUT, PAGE, PROGRAM, ask, client_of, guarded, last_word, open_to, send
from tests.integration.web.worlds import World, make_world
from tests.url_map import PUBLIC, UNDECLARED, addresses

# On PostgreSQL test_bad_input walks the same addresses.
pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]

PUBLIC_THINGS = {"key": "nothing", "uidb36": "1", "attachment_id": 1}

OF_DEMONSTRATIONS = {"/floor/simulation"}
"""Addresses that are there in a demonstration only."""


@pytest.fixture
def here() -> World:
    return make_world()


@pytest.fixture
def elsewhere() -> World:
    return make_world()


def test_every_address_says_whom_it_is_for():
    assert [str(address) for address in addresses() if address.roles == UNDECLARED] == []


def test_every_thing_that_an_address_names_is_in_the_worlds(here):
    named = {name for address in guarded() for name in address.parameters}

    assert named - set(here.things) == set()


def test_strangers_are_asked_to_sign_in(here):
    client = Client(raise_request_exception=False)
    wrong = []
    for address in guarded():
        is_api = address.route.startswith("/api/")
        asked = ask(client, address, here.things, PAGE)
        told = ask(client, address, here.things, PROGRAM)
        if (asked, told) not in {(401 if is_api else 302, 401), (405, 405)}:
            wrong.append((str(address), asked, told))

    assert wrong == []


def test_every_address_can_be_used_somehow(here):
    """A wrong method may be refused before anything else; then another method must not be."""
    client = Client(raise_request_exception=False)
    usable = {address.route for address in guarded() if ask(client, address, here.things, PROGRAM) != 405}

    assert {address.route for address in guarded()} - usable == set()


@pytest.mark.parametrize("role", Role)
def test_other_roles_are_told_no(here, role):
    client = client_of(here, role)
    shut = [address for address in guarded() if role not in address.roles]

    let_in = [(str(address), ask(client, address, here.things, PROGRAM)) for address in shut]

    assert [each for each in let_in if each[1] not in {403, 405}] == []
    assert shut


@pytest.mark.parametrize("role", Role)
def test_ones_own_things_are_there(here, role):
    """The other tests prove nothing if the addresses did not work at all."""
    client = client_of(here, role)
    may = [address for address in open_to(role) if address.route not in OF_DEMONSTRATIONS]

    answers = [(str(address), ask(client, address, here.things_of(role), PROGRAM)) for address in may]

    assert [each for each in answers if each[1] in {401, 403, 404} or each[1] >= 500] == []


@pytest.mark.parametrize("role", Role)
def test_the_things_of_another_operator_are_not_there(here, elsewhere, role):
    client = client_of(here, role)
    may = [address for address in open_to(role) if address.parameters]

    answers = [(str(address), ask(client, address, elsewhere.things_of(role), PROGRAM)) for address in may]

    assert [each for each in answers if each[1] not in {404, 405}] == []


@pytest.mark.parametrize("role", [Role.AGENT, Role.SUPERVISOR, Role.OPERATOR_ADMIN])
def test_ones_own_things_are_not_handed_to_another_operator(here, elsewhere, role):
    """The address names a thing of one's own, what is sent names one of the neighbours: an agent, or a queue."""
    client = client_of(here, role)
    handing_over = [each for each in open_to(role) if {"QUEUE", "AGENT"} & {*INPUT.get(last_word(each), {}).values()}]
    taken = []
    for address in handing_over:
        if address.method == "POST":
            with transaction.atomic():
                answer = send(client, address, address.filled(here.things_of(role)), elsewhere.things, PROGRAM)
                transaction.set_rollback(True)
            if answer.status_code < 400:
                taken.append((str(address), answer.status_code))

    assert taken == []
    assert handing_over


def test_lists_hold_nothing_of_another_operator(here, elsewhere):
    """Whatever anybody can list, no name of the neighbours is in it."""
    addresses_there = Membership.objects.filter(operator=elsewhere.operator).values_list("user__email", flat=True)
    foreign = [elsewhere.operator.name, *addresses_there]
    told = []
    for role in Role:
        client = client_of(here, role)
        for address in open_to(role):
            if address.method == "GET" and not address.parameters:
                response = client.get(address.route, headers=PAGE)
                if not response.streaming:
                    text = response.content.decode()
                    told += [(str(address), role, word) for word in foreign if word in text]

    assert told == []


def test_a_brand_user_sees_nothing_of_another_brand_of_the_same_operator(here):
    other = BrandFactory.create(operator=here.operator, name="Autre maison")
    queue = QueueFactory.create(brand=other, name="File de l’autre maison")
    contact = ContactFactory.create(queue=queue, conversation__customer__name="Cliente de l’autre maison")
    article = ArticleFactory.create(brand=other, title="Savoir de l’autre maison")
    theirs = {"brand": other.pk, "queue": queue.pk, "contact": contact.pk, "article": article.pk}
    named = here.things | theirs | {f"{name}_id": thing for name, thing in theirs.items()}
    client = client_of(here, Role.BRAND_USER)
    told = []
    for address in open_to(Role.BRAND_USER):
        if address.method == "GET" and not (set(address.parameters) - set(named)):
            answer = send(client, address, address.filled(named), named, PAGE)
            if address.parameters and answer.status_code not in {404, 405}:
                told.append((str(address), answer.status_code))
            if "autre maison" in answer.content.decode().casefold():
                told.append((str(address), "its name"))

    assert told == []
    assert here.operator.brands.exclude(pk=other.pk).get().name in client.get(reverse("brand-service")).content.decode()


def test_public_addresses_break_for_nobody(here):
    broken = []
    for client in (Client(raise_request_exception=False), client_of(here, Role.AGENT)):
        for address in addresses():
            if address.roles == PUBLIC:
                status = ask(client, address, {**here.things, **PUBLIC_THINGS}, PAGE)
                if status >= 500:
                    broken.append((str(address), status))

    assert broken == []
