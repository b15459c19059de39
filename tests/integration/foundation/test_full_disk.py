"""A disk that is full, as SQLite itself meets it: the file may not grow by another page."""

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from homeshore.foundation.models import AuditEntry, Membership, Role
from tests.factories import MembershipFactory

pytestmark = [pytest.mark.sqlite, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def full_disk(transactional_db):
    """From when it is called on, until the end of the test."""
    before = []

    def fill():
        with connection.cursor() as cursor:
            before.append(cursor.execute("PRAGMA max_page_count").fetchone()[0])
            cursor.execute("VACUUM")
            pages = cursor.execute("PRAGMA page_count").fetchone()[0]
            cursor.execute(f"PRAGMA max_page_count = {pages}")

    yield fill
    if before:
        with connection.cursor() as cursor:
            cursor.execute(f"PRAGMA max_page_count = {before[0]}")


@pytest.fixture
def admin(transactional_db) -> Membership:
    return MembershipFactory.create(role=Role.OPERATOR_ADMIN, user__language="en")


def invite_many(client, accept):
    """Invite people until the disk is full; the last answer."""
    for number in range(400):
        said = {"name": f"Person {number} " + "x" * 90, "email": f"p{number}@example.org", "role": "planner"}
        answer = client.post(reverse("people"), said, headers={"Accept": accept})
        if answer.status_code != 302:
            return answer
    raise AssertionError("the disk was never full")


@pytest.mark.parametrize("accept", ["text/html", "application/json"])
def test_a_full_disk_is_said_and_leaves_nothing_half_done(full_disk, admin, accept):
    client = Client(raise_request_exception=False)
    client.force_login(admin.user)
    full_disk()

    answer = invite_many(client, accept)

    assert answer.status_code == 507
    assert "disk is full" in answer.content.decode()
    assert "Traceback" not in answer.content.decode()
    assert AuditEntry.objects.count() == Membership.objects.exclude(pk=admin.pk).count()
