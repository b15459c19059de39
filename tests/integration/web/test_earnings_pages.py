"""An agent's own earnings, as pages and as a table for spreadsheets."""

import csv
import io
from datetime import timedelta

import pytest
from django.test import Client

from homeshore.foundation.models import Role
from homeshore.pay import services as pay
from tests.clock import MORNING
from tests.factories import ActFactory, AgentFactory, DispositionFactory, RateCardFactory, user_as

pytestmark = pytest.mark.django_db


@pytest.fixture
def act(clock):
    return ActFactory.create(
        assignment__contact__queue__name="Service client",
        assignment__contact__queue__brand__name="Maison Lavande",
        amount_cents=123_450,
        parts=[{"rate": 1, "label": "Contact traité", "kind": "act", "cents": 123_450}],
    )


@pytest.fixture
def agent(act):
    return act.agent


@pytest.fixture
def mine(agent):
    client = Client(headers={"Accept-Language": "fr"})
    client.force_login(agent.user)
    return client


def text_of(answer) -> str:
    return " ".join(answer.content.decode().replace("\u202f", " ").replace("\u00a0", " ").split())


def test_each_line_names_its_contact_its_rate_and_the_cards_version(mine, act):
    act.rate_card = RateCardFactory.create(brand=act.brand)
    act.disposition = DispositionFactory.create(brand=act.brand, name="Suivi donné")
    act.save()
    shown = text_of(mine.get("/earnings/"))
    for expected in (act.contact.reference, "Suivi donné", "Contact traité", "v1", "1 234,50 €", "Maison Lavande"):
        assert expected in shown


def test_a_month_without_acts_says_what_will_stand_there(mine):
    shown = text_of(mine.get("/earnings/?month=2026-10"))
    assert "Rien d’acquis en octobre 2026" in shown


def test_months_to_come_show_this_one_and_months_that_are_none_are_refused(mine, act):
    assert act.contact.reference in text_of(mine.get("/earnings/?month=2031-01"))
    assert mine.get("/earnings/?month=latest").status_code == 422


def test_the_table_for_spreadsheets_has_the_same_lines(mine, act):
    answer = mine.get("/earnings/lines.csv?month=2026-11")
    assert answer["Content-Disposition"] == 'attachment; filename="mes-revenus-2026-11.csv"'
    rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig")), delimiter=";"))
    assert rows[1] == [
        "2026-11-24", "10:00", act.contact.reference, "Maison Lavande", "Service client", "", "", "Contact traité", "1234,50", "EUR",
    ]  # fmt: skip


def test_no_text_of_the_table_is_taken_for_a_formula(mine, act):
    act.brand.name = "=HYPERLINK(1)"
    act.brand.save()
    assert "'=HYPERLINK(1)" in mine.get("/earnings/lines.csv").content.decode()


def test_a_line_is_contested_and_the_answer_is_read_on_the_same_page(mine, act):
    path = f"/earnings/acts/{act.pk}/contest"
    assert mine.post(path, {"text": "  "}).status_code == 422
    assert mine.post(path, {"text": "La langue manque"}).status_code == 302
    assert "Contesté" in text_of(mine.get("/earnings/"))
    supervisor = user_as(Role.SUPERVISOR, act.operator, name="Hélène Marchetti")
    answer = {"accepted": True, "answer": "Exact, je corrige.", "correction_cents": 50}
    later = MORNING + timedelta(hours=1)
    pay.answer_contest(operator_id=act.operator_id, contest_id=act.contest.pk, by=supervisor, now=later, **answer)
    shown = text_of(mine.get(path))
    assert "Exact, je corrige." in shown
    assert "Hélène Marchetti" in shown
    assert "+ 0,50 €" in text_of(mine.get("/earnings/"))


def test_a_line_of_somebody_else_is_not_there(mine, act):
    foreign = ActFactory.create(assignment__agent=AgentFactory.create(operator=act.operator))
    assert mine.get(f"/earnings/acts/{foreign.pk}/contest").status_code == 404
    assert foreign.contact.reference not in text_of(mine.get("/earnings/"))


def test_an_act_without_a_rate_says_so(mine, act):
    act.parts, act.amount_cents = [], 0
    act.save()
    assert "aucun tarif" in text_of(mine.get("/earnings/"))


def test_the_rates_of_the_operators_brands_can_be_read(mine, act):
    RateCardFactory.create(brand=act.brand, rates=[{"label": "Contact traité", "amount_cents": 190}])
    foreign = RateCardFactory.create(rates=[{"label": "Ailleurs", "amount_cents": 1}])
    shown = text_of(mine.get("/earnings/rates/"))
    assert "en vigueur" in shown
    assert "1,90 €" in shown
    assert foreign.brand.name not in shown


def test_earnings_are_the_agents_own_page(act):
    client = Client()
    client.force_login(user_as(Role.SUPERVISOR, act.operator))
    assert client.get("/earnings/").status_code == 403
