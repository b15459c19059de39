"""Calls out: an agent looks a number up, is told why not, and calls once there is a consent."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from homeshore.foundation import clock
from homeshore.foundation.models import Role
from homeshore.outbound import services
from homeshore.outbound.gate.rules import Purpose
from homeshore.outbound.refusals import MayNotCall
from tests.e2e.looks import Looks
from tests.factories import AgentFactory, BrandFactory, QueueFactory, user_as


@pytest.fixture
def brand(site: str):
    return BrandFactory.create(name="Maison Lavande")


def test_a_supervisor_keeps_the_register_and_the_gate_says_why(brand, person: Callable, look: Looks):
    supervisor = user_as(Role.SUPERVISOR, brand.operator, name="Claire Vidal")
    who = {"operator_id": brand.operator_id, "by": supervisor, "now": clock.now()}
    party = services.open_party(operator_id=brand.operator_id, brand_id=brand.pk, number="01 23 45 67 89")
    services.ask_callback(**who, party_id=party.pk, due=None, note="Devis pour un salon")
    services.record_contract(**who, party_id=party.pk, reference="LAV-2041", began_at=who["now"])
    with pytest.raises(MayNotCall):
        services.attempt(
            **who,
            party_id=party.pk,
            purpose=Purpose.CANVASSING,
            caller_number="06 12 34 56 78",
            about_contract=False,
        )
    page: Page = person(supervisor)
    page.goto("/outbound/")
    look.in_both_languages(page, "outbound")
    page.get_by_role("link", name="+33 1 23 45 67 89").first.click()
    page.get_by_text("Consigner un consentement").click()
    page.get_by_label("Où il a été donné").fill("lavande.example/devis")
    page.get_by_label("Le texte accepté").fill(
        "J’accepte que Maison Lavande m’appelle pour me proposer ses nouveautés."
    )
    page.locator("#consentform_given_at").fill("2026-11-20T10:00")
    page.get_by_role("button", name="Consigner le consentement").click()
    expect(page.locator(".gate-register")).to_contain_text("lavande.example/devis")
    look.in_both_languages(page, "outbound-number")
    page.goto("/outbound/rules/")
    look.in_both_languages(page, "outbound-rules")


def test_an_agent_calls_with_their_own_telephone_and_tells_the_end(
    brand, person: Callable, look: Looks, console_errors: list[str]
):
    agent = AgentFactory.create(operator=brand.operator, queues=[QueueFactory.create(brand=brand)])
    party = services.open_party(operator_id=brand.operator_id, brand_id=brand.pk, number="01 23 45 67 89")
    page: Page = person(agent.user)
    page.goto("/outbound/")
    page.get_by_label("Numéro de téléphone").fill("01 23 45 67 89")
    page.get_by_role("button", name="Vérifier").click()
    check = "Vérifier les règles et appeler"
    page.get_by_label("Numéro affiché").fill("06 12 34 56 78")
    page.get_by_role("button", name=check).click()
    expect(page.get_by_role("alert")).to_contain_text("06 12 34 56 78".replace("06", "+33 6"))
    console_errors.clear()  # the refusal itself
    page.get_by_label("Objet de l’appel").select_option("service")
    page.get_by_role("button", name=check).click()
    expect(page.locator("a[href='tel:+33123456789']")).to_be_visible()
    look.in_both_languages(page, "outbound-calling")
    page.get_by_label("Nous nous sommes parlé").check()
    page.get_by_role("button", name="Enregistrer le résultat").click()
    expect(page.get_by_role("button", name=check)).to_be_visible()
    assert [each.kind for each in party.entries.order_by("position")] == ["stopped", "attempt", "result"]
