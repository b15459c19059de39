"""The screens of calls out: an agent asks, calls and tells; a supervisor keeps the proofs."""

from __future__ import annotations

import json

import pytest
from django.test import Client
from django.urls import reverse

from homeshore.foundation.models import AuditEntry, Role
from homeshore.outbound import services
from homeshore.outbound.models import Party
from tests.factories import AgentFactory, BrandFactory, QueueFactory, user_as

pytestmark = pytest.mark.django_db


@pytest.fixture
def brand(clock):
    """On a Tuesday at ten in Paris."""
    return BrandFactory.create(name="Maison Lavande")


@pytest.fixture
def party(brand) -> Party:
    return services.open_party(operator_id=brand.operator_id, brand_id=brand.pk, number="01 23 45 67 89")


def signed_in(user) -> Client:
    client = Client(headers={"Accept": "text/html", "Accept-Language": "en"})
    client.force_login(user)
    return client


@pytest.fixture
def supervisor(brand) -> Client:
    return signed_in(user_as(Role.SUPERVISOR, brand.operator, language="en"))


@pytest.fixture
def agent(brand) -> Client:
    engaged = AgentFactory.create(operator=brand.operator, queues=[QueueFactory.create(brand=brand)])
    engaged.user.language = "en"
    engaged.user.save()
    return signed_in(engaged.user)


def test_an_agent_is_told_why_not_then_calls_with_a_consent_and_tells_the_end(agent, supervisor, brand, party, clock):
    looked_up = agent.post(reverse("outbound"), {"brand": brand.pk, "number": "0123456789"})
    page = reverse("outbound-party", args=[party.pk])
    assert (looked_up.status_code, looked_up.headers["Location"]) == (302, page)

    asked = {"purpose": "canvassing", "caller_number": "01 62 34 56 78"}
    refused = agent.post(reverse("outbound-call", args=[party.pk]), asked)
    assert refused.status_code == 422
    assert "No consent is on record" in refused.content.decode()
    assert "tel:" not in refused.content.decode()

    given = {"source": "devis", "wording": "J’accepte.", "given_at": "2026-11-20T10:00"}
    supervisor.post(reverse("outbound-consent", args=[party.pk]), given)
    assert agent.post(reverse("outbound-call", args=[party.pk]), asked).status_code == 302
    assert 'href="tel:+33123456789"' in agent.get(page).content.decode()

    clock.advance(minutes=10)
    assert "tel:" not in agent.get(page).content.decode()
    attempt = party.entries.get(kind="attempt").position
    agent.post(reverse("outbound-result", args=[party.pk]), {"attempt": attempt, "result": "refused"})
    assert "tel:" not in agent.get(page).content.decode()
    assert list(party.entries.order_by("position").values_list("kind", flat=True)) == [
        "stopped",
        "consent",
        "attempt",
        "result",
    ]


def test_a_moment_is_meant_in_the_operators_zone(supervisor, party):
    given = {"source": "devis", "wording": "J’accepte.", "given_at": "2026-11-20T10:00"}
    supervisor.post(reverse("outbound-consent", args=[party.pk]), given)

    assert party.entries.get().at.isoformat() == "2026-11-20T09:00:00+00:00"


def test_what_is_wrong_is_said_in_the_form_and_nothing_is_lost(supervisor, party):
    answer = supervisor.post(reverse("outbound-consent", args=[party.pk]), {"source": "devis", "wording": "J’accepte."})

    assert answer.status_code == 422
    assert "J’accepte." in answer.content.decode()
    assert not party.entries.exists()


def test_anybody_who_calls_writes_down_an_opposition_but_only_leaders_a_consent(agent, party):
    agent.post(reverse("outbound-said", args=[party.pk]), {"what": "opposition", "how": "au téléphone"})
    refused = agent.post(reverse("outbound-consent", args=[party.pk]), {})

    assert [each.kind for each in party.entries.all()] == ["opposition"]
    assert refused.status_code == 403


def test_an_agent_sees_only_the_brands_they_are_engaged_for(agent, brand):
    other = BrandFactory.create(operator=brand.operator, name="Autre maison")
    theirs = services.open_party(operator_id=brand.operator_id, brand_id=other.pk, number="01 23 45 67 89")

    assert "Autre maison" not in agent.get(reverse("outbound")).content.decode()
    assert agent.get(reverse("outbound-party", args=[theirs.pk])).status_code == 404


def test_the_proof_is_taken_out_as_a_file_and_the_trail_says_by_whom(supervisor, party):
    supervisor.post(reverse("outbound-said", args=[party.pk]), {"what": "callback", "due": "2026-11-24T14:00"})
    answer = supervisor.get(reverse("outbound-proof", args=[party.pk]))

    assert answer.headers["Content-Disposition"] == 'attachment; filename="register-33123456789.json"'
    assert [each["kind"] for each in json.loads(answer.content)["entries"]] == ["callback"]
    assert AuditEntry.objects.get(verb="outbound.proof_exported").target == f"outbound.party:{party.pk}"


def test_the_rules_are_shown_with_their_dates_and_sources_and_what_is_not_verified(supervisor):
    page = supervisor.get(reverse("outbound-rules")).content.decode()

    assert "Loi n° 2025-594, art. 13" in page
    assert "https://www.legifrance.gouv.fr/jorf/id/JORFTEXT000046421823" in page
    assert "11 August 2026" in page
    assert page.count("to be verified") == 1
