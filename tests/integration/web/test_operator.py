import pytest
from django.test import Client
from django.urls import reverse

from homeshore.foundation.models import AuditEntry, Membership, OutboxMessage, Role
from tests.clock import MORNING
from tests.factories import MembershipFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def admin(db):
    return MembershipFactory.create(role=Role.OPERATOR_ADMIN, user__language="en")


@pytest.fixture
def client(admin) -> Client:
    client = Client(headers={"Accept": "text/html"})
    client.force_login(admin.user)
    return client


def test_an_administrator_invites_somebody(client, admin):
    response = client.post(
        reverse("people"), {"name": "Zoé Marchand", "email": "zoe@example.org", "role": "planner"}, follow=True
    )

    assert "Zoé Marchand is invited by mail." in response.content.decode()
    assert Membership.objects.get(user__email="zoe@example.org").operator == admin.operator
    assert OutboxMessage.objects.get().kind == "account.invitation"


def test_a_wrong_invitation_is_said_beside_its_field(client):
    response = client.post(reverse("people"), {"name": "Zoé", "email": "zoe@example", "role": "planner"})

    assert response.status_code == 400
    assert "email" in response.context["form"].errors


def test_an_administrator_shuts_somebody_out_and_lets_them_back_in(client, admin):
    theirs = MembershipFactory.create(operator=admin.operator, role=Role.PLANNER)

    client.post(reverse("shut-out", args=[theirs.pk]))
    theirs.refresh_from_db()
    assert not theirs.active
    client.post(reverse("let-back-in", args=[theirs.pk]))
    theirs.refresh_from_db()
    assert theirs.active


def test_the_last_administrator_is_told_why_not(client, admin):
    response = client.post(reverse("shut-out", args=[admin.pk]))

    assert response.status_code == 409
    assert b"at least one administrator" in response.content


def test_the_second_factor_is_asked_for_and_the_trail_says_so(client, admin):
    client.post(reverse("second-factor"), {"required": "yes"})

    admin.operator.refresh_from_db()
    assert admin.operator.two_factor_required
    assert AuditEntry.objects.get().data == {"required": True}


def test_the_trail_shows_times_of_the_operator_and_no_markup_of_others(client, admin):
    AuditEntry.objects.create(
        operator=admin.operator, actor=None, verb="x", target="<script>alert(1)</script>", data={"a": "<b>"}, at=MORNING
    )

    page = client.get(reverse("trail")).content.decode()

    assert "10:00:00" in page
    assert "<script>alert" not in page
    assert "&lt;script&gt;" in page
