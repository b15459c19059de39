import re

import pytest
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import (
    TOTP,
    format_hotp_value,
    generate_totp_secret,
    hotp_value,
    yield_hotp_counters_from_time,
)
from django.core import mail
from django.test import Client
from django.urls import reverse

from homeshore.foundation import clock, feed, grants
from homeshore.foundation.models import Membership, Role
from tests.factories import PASSWORD, AgentFactory, MembershipFactory, OperatorFactory, UserFactory, user_as

pytestmark = pytest.mark.django_db

PAGE = {"Accept": "text/html", "Accept-Language": "en"}


@pytest.fixture
def visitor() -> Client:
    return Client(headers=PAGE)


def sign_in(client, user, password=PASSWORD):
    return client.post(reverse("account_login"), {"login": user.email, "password": password})


def code_of(secret: str) -> str:
    counter = next(iter(yield_hotp_counters_from_time()))
    return format_hotp_value(hotp_value(secret, counter))


def set_up_totp(user) -> str:
    secret = generate_totp_secret()
    TOTP.activate(user, secret)
    return secret


def test_a_person_signs_in_with_their_address_whatever_its_case(visitor):
    user = UserFactory.create(email="zoe@example.org")

    response = visitor.post(reverse("account_login"), {"login": "Zoe@Example.org", "password": PASSWORD})

    assert (response.status_code, response.url) == (302, "/")
    assert visitor.session["_auth_user_id"] == str(user.pk)


def test_a_wrong_password_and_an_unknown_address_are_answered_alike(visitor):
    user = UserFactory.create()

    wrong = sign_in(visitor, user, password="not this one")
    unknown = visitor.post(reverse("account_login"), {"login": "nobody@example.org", "password": "not this one"})

    assert wrong.context["form"].errors == unknown.context["form"].errors
    assert "_auth_user_id" not in visitor.session


def test_the_key_of_the_session_changes_when_a_person_signs_in(visitor):
    visitor.get("/")
    session = visitor.session
    session["before"] = True
    session.save()
    visitor.cookies["sessionid"] = before = session.session_key

    sign_in(visitor, UserFactory.create())

    assert visitor.session.session_key != before


def test_after_five_wrong_passwords_an_address_rests(visitor):
    user = UserFactory.create()

    for _ in range(5):
        sign_in(visitor, user, password="not this one")
    response = sign_in(visitor, user)

    assert "_auth_user_id" not in visitor.session
    assert "Too many" in str(response.context["form"].errors)


def test_nobody_signs_up_by_themselves(visitor):
    response = visitor.post(reverse("account_signup"), {"email": "new@example.org", "password1": PASSWORD})

    assert b"Accounts are given by invitation" in response.content


def test_a_forgotten_password_is_chosen_anew_by_mail(visitor):
    user = UserFactory.create()

    visitor.post(reverse("account_reset_password"), {"email": user.email})
    link = re.search(r"http://[^/]+(/accounts/password/reset/key/\S+)", mail.outbox[0].body).group(1)
    form = visitor.get(link, follow=True)
    changed = visitor.post(
        form.redirect_chain[-1][0], {"password1": "another long password", "password2": "another long password"}
    )

    assert changed.url == reverse("account_reset_password_from_key_done")
    assert sign_in(visitor, user, password="another long password").status_code == 302
    assert b"no longer works" in Client(headers=PAGE).get(link, follow=True).content


def test_an_unknown_address_gets_no_mail_and_the_same_answer(visitor):
    known = visitor.post(reverse("account_reset_password"), {"email": UserFactory.create().email})
    unknown = visitor.post(reverse("account_reset_password"), {"email": "nobody@example.org"})

    assert (known.status_code, known.url) == (unknown.status_code, unknown.url)
    assert len(mail.outbox) == 1


def test_with_a_second_factor_the_password_alone_does_not_sign_in(visitor):
    user = UserFactory.create()
    secret = set_up_totp(user)

    response = sign_in(visitor, user)
    assert response.url == reverse("mfa_authenticate")
    assert "_auth_user_id" not in visitor.session

    visitor.post(response.url, {"code": code_of(secret)})
    assert visitor.session["_auth_user_id"] == str(user.pk)


def test_a_recovery_code_signs_in_once(visitor):
    user = UserFactory.create()
    set_up_totp(user)
    code = RecoveryCodes.activate(user).get_unused_codes()[0]

    def with_code(client):
        sign_in(client, user)
        client.post(reverse("mfa_authenticate"), {"code": code})
        return client.session.get("_auth_user_id")

    assert with_code(visitor) == str(user.pk)
    assert with_code(Client(headers=PAGE)) is None


def test_an_operator_may_ask_for_a_second_factor(visitor):
    operator = OperatorFactory.create(two_factor_required=True)
    admin = user_as(Role.OPERATOR_ADMIN, operator)
    visitor.force_login(admin)

    assert visitor.get(reverse("people")).url == reverse("mfa_activate_totp")
    assert visitor.get(reverse("people"), headers={"Accept": "application/json"}).json()["error"]["code"] == (
        "second_factor_missing"
    )
    set_up_totp(admin)
    assert visitor.get(reverse("people")).status_code == 200


def test_the_language_of_the_account_wins_over_the_browser():
    client = Client(headers={"Accept": "text/html", "Accept-Language": "fr"})
    client.force_login(UserFactory.create(language="en"))

    assert client.get(reverse("account")).headers["Content-Language"] == "en"


def test_a_person_changes_their_name_and_language(visitor):
    user = UserFactory.create(language="en")
    visitor.force_login(user)

    visitor.post(reverse("account"), {"name": "Zoé Marchand", "language": "fr"})

    user.refresh_from_db()
    assert (user.name, user.language) == ("Zoé Marchand", "fr")


def test_a_person_chooses_under_which_membership_they_act(visitor):
    user = UserFactory.create()
    first = MembershipFactory.create(user=user, role=Role.PLANNER)
    second = MembershipFactory.create(user=user, role=Role.AGENT)
    visitor.force_login(user)

    assert visitor.get(reverse("account")).wsgi_request.membership == first
    visitor.post(reverse("choose-membership"), {"membership": second.pk})
    assert visitor.get(reverse("account")).wsgi_request.membership == second


@pytest.mark.parametrize("whose", ["of another person", "inactive", "nonsense"])
def test_only_ones_own_active_memberships_may_be_chosen(visitor, whose):
    user = UserFactory.create()
    mine = MembershipFactory.create(user=user)
    chosen = {
        "of another person": lambda: MembershipFactory.create().pk,
        "inactive": lambda: MembershipFactory.create(user=user, active=False).pk,
        "nonsense": lambda: "٣",
    }[whose]()
    visitor.force_login(user)

    assert visitor.post(reverse("choose-membership"), {"membership": chosen}).status_code == 404
    assert visitor.get(reverse("account")).wsgi_request.membership == mine


def test_an_inactive_membership_opens_nothing(visitor):
    membership = MembershipFactory.create(role=Role.OPERATOR_ADMIN)
    visitor.force_login(membership.user)
    Membership.objects.update(active=False)

    assert visitor.get(reverse("people")).status_code == 403


def test_the_accounts_of_a_demonstration_are_shown_there_only(visitor, settings):
    shown = user_as(Role.SUPERVISOR, OperatorFactory.create(), name="Sonia Keller")
    hidden = AgentFactory.create(simulated=True, user__name="Robot").user

    assert b"Sonia Keller" not in visitor.get(reverse("account_login")).content
    settings.DEMO = True
    page = visitor.get(reverse("account_login")).content.decode()
    assert shown.name in page
    assert settings.DEMO_PASSWORD in page
    assert hidden.name not in page


def test_whoever_signs_out_leaves_no_stream_behind(visitor):
    user = UserFactory.create()
    visitor.force_login(user)
    token = feed.grant(principal=f"user:{user.pk}", topics=["agent:1"])

    visitor.post(reverse("account_logout"))

    assert grants.revoked([grants.read(token, now=clock.now())])


def test_a_new_password_ends_the_streams_of_the_old_one(visitor):
    user = UserFactory.create()
    visitor.force_login(user)
    token = feed.grant(principal=f"user:{user.pk}", topics=["agent:1"])

    visitor.post(
        reverse("account_change_password"),
        {"oldpassword": PASSWORD, "password1": "another long password", "password2": "another long password"},
    )

    assert grants.revoked([grants.read(token, now=clock.now())])
