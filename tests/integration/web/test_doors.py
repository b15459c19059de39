"""Where each person lands, and what they prefer."""

import pytest
from django.urls import reverse

from homeshore.foundation.models import Role
from homeshore.web.navigation import home_of
from tests.factories import AgentFactory, OperatorFactory, UserFactory, user_as


def enter(client, user):
    client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


def test_a_stranger_is_asked_to_sign_in(client, db):
    assert client.get("/").headers["Location"].startswith(reverse("account_login"))


def test_an_agent_lands_at_the_desk(client, db):
    assert enter(client, AgentFactory.create().user).get("/").headers["Location"] == "/desk/"


@pytest.mark.parametrize("role", [Role.SUPERVISOR, Role.OPERATOR_ADMIN])
def test_those_who_lead_land_on_the_floor(client, db, role):
    user = user_as(role, OperatorFactory.create())
    assert enter(client, user).get("/").headers["Location"] == "/floor/"


def test_a_person_without_a_role_is_told_whom_to_ask(client, db):
    enter(client, UserFactory.create())
    page = client.get("/", follow=True)
    assert page.status_code == 200
    assert page.redirect_chain[-1][0] == reverse("nowhere")


def test_every_home_has_an_address():
    for role in Role:
        home = home_of(role)
        assert home is None or reverse(home)


class TestLanguage:
    def choose(self, client, language, back="/accounts/login/"):
        return client.post(reverse("choose-language"), {"language": language, "next": back})

    def test_it_is_remembered_with_the_account_and_on_the_device(self, client, db):
        user = UserFactory.create()
        answer = self.choose(enter(client, user), "en")
        user.refresh_from_db()
        assert (user.language, answer.cookies["django_language"].value) == ("en", "en")
        assert answer.headers["Location"] == "/accounts/login/"

    def test_an_unknown_one_is_refused(self, client, db):
        assert self.choose(client, "tlh").status_code == 422

    def test_it_never_leads_to_another_site(self, client, db):
        assert self.choose(client, "en", back="https://elsewhere.example/").headers["Location"] == "/"
