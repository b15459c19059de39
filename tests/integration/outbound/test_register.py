"""The register on a real database: what is written down, what the gate lets pass, and the proof that is handed out."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.utils import translation

from homeshore.foundation.errors import Invalid, NotFound
from homeshore.foundation.models import Role
from homeshore.outbound import queries, services, words
from homeshore.outbound.gate.chain import digest, first_broken
from homeshore.outbound.gate.register import Kind, Result
from homeshore.outbound.gate.rules import Purpose
from homeshore.outbound.models import Entry, Party
from homeshore.outbound.refusals import MayNotCall, NoSuchAttempt, NoSuchParty
from tests.clock import MORNING
from tests.factories import BrandFactory, OperatorFactory, user_as

pytestmark = pytest.mark.django_db

LANDLINE = "01 62 34 56 78"


@pytest.fixture
def brand():
    return BrandFactory.create()


@pytest.fixture
def party(brand) -> Party:
    return services.open_party(operator_id=brand.operator_id, brand_id=brand.pk, number="01 23 45 67 89")


@pytest.fixture
def who(brand, party):
    user = user_as(Role.SUPERVISOR, brand.operator, email="chef@example.org")
    return {"operator_id": brand.operator_id, "party_id": party.pk, "by": user, "now": MORNING}


def consent(who, **fields):
    told = {
        "source": "lavande.example/devis",
        "wording": "J’accepte d’être appelé.",
        "given_at": MORNING,
        "any_hour": False,
    }
    return services.record_consent(**who, **(told | fields))


def attempt(who, **fields):
    told = {"purpose": Purpose.CANVASSING, "caller_number": LANDLINE, "about_contract": False}
    return services.attempt(**who, **(told | fields))


def kinds(party) -> list[str]:
    return list(party.entries.order_by("position").values_list("kind", flat=True))


@pytest.mark.parametrize("written", ["0123456789", "01.23.45.67.89", "+33 1 23 45 67 89", "0033123456789"])
def test_a_number_is_one_party_however_it_is_written(brand, party, written):
    assert services.open_party(operator_id=brand.operator_id, brand_id=brand.pk, number=written) == party


@pytest.mark.parametrize("written", ["", "12", "01 23 45 67", "bonjour", "+33 9999"])
def test_what_is_no_number_is_said_beside_its_field(brand, written):
    with pytest.raises(Invalid) as refusal:
        services.open_party(operator_id=brand.operator_id, brand_id=brand.pk, number=written)
    assert set(refusal.value.fields) == {"number"}


def test_a_number_of_another_operators_brand_is_not_opened(brand):
    with pytest.raises(NotFound):
        services.open_party(operator_id=OperatorFactory.create().pk, brand_id=brand.pk, number="01 23 45 67 89")


def test_a_consent_without_source_or_words_or_from_the_future_proves_nothing(who):
    for wrong in ({"source": " "}, {"wording": ""}, {"given_at": MORNING + timedelta(seconds=1)}):
        with pytest.raises(Invalid) as refusal:
            consent(who, **wrong)
        assert set(refusal.value.fields) == set(wrong)
    assert not Entry.objects.exists()


def test_a_call_that_a_rule_stands_against_is_refused_in_words_and_written_down(who, party):
    with pytest.raises(MayNotCall) as refusal:
        attempt(who, caller_number="06 12 34 56 78")

    assert str(refusal.value) == (
        "This call may not be placed: No consent is on record. Since 11 August 2026 nobody is canvassed who has not "
        "agreed beforehand. +33 6 12 34 56 78 begins with 06 or 07: such a number may not be used to canvass. Call from another."
    )
    stopped = party.entries.get()
    assert (stopped.kind, stopped.data) == (
        Kind.STOPPED,
        {"purpose": "canvassing", "caller_number": "+33612345678", "why": ["no_consent", "barred_number"]},
    )


def test_each_rule_has_its_sentence_in_both_languages(who, party):
    standing = queries.party(operator_id=who["operator_id"], party_id=party.pk, brand_ids=[party.brand_id], now=MORNING)
    for language in ("fr", "en"):
        with translation.override(language):
            said = [words.sentence(finding) for each in standing.standings for finding in each.verdict.findings]
            said += [words.rule_sentence(rule) for rule in queries.rules_in_force(MORNING)]
            assert all(said)


def test_attempts_are_counted_and_the_fifth_is_stopped(who, party):
    consent(who)
    for number in range(4):
        made = attempt(who | {"now": MORNING + timedelta(minutes=number)})
        services.record_result(**who, attempt=made.position, result=Result.NOBODY)
    with pytest.raises(MayNotCall, match="4 calls in the last 30 days"):
        attempt(who | {"now": MORNING + timedelta(minutes=9)})


def test_a_refusal_told_as_result_holds_for_sixty_days_and_an_opposition_for_good(who, party):
    consent(who)
    made = attempt(who)
    services.record_result(**who, attempt=made.position, result=Result.REFUSED)
    after_61_days = {"now": MORNING + timedelta(days=62)}  # the 61st is a Sunday
    with pytest.raises(MayNotCall, match="for 60 days after it nobody calls"):
        attempt(who | {"now": MORNING + timedelta(days=59)})
    again = attempt(who | after_61_days)
    services.record_result(**who | after_61_days, attempt=again.position, result=Result.OPPOSED)
    with pytest.raises(MayNotCall, match="do not want to be called"):
        attempt(who | {"now": MORNING + timedelta(days=310)}, purpose=Purpose.SERVICE)


def test_a_result_is_told_once_and_of_a_call(who, party):
    consent(who)
    made = attempt(who)
    services.record_result(**who, attempt=made.position, result=Result.REACHED)
    for position in (made.position, 1, 99):
        with pytest.raises(NoSuchAttempt):
            services.record_result(**who, attempt=position, result=Result.NOBODY)


def test_a_callback_waits_on_the_list_until_they_were_reached(who, party):
    due = MORNING + timedelta(hours=2)
    services.ask_callback(**who, due=due, note="devis")
    waiting = queries.callbacks(operator_id=who["operator_id"], brand_ids=[party.brand_id])
    assert [(each.pk, each.callback_from) for each in waiting] == [(party.pk, due)]

    at = who | {"now": due}
    made = attempt(at, purpose=Purpose.CALLBACK)
    services.record_result(**at, attempt=made.position, result=Result.REACHED)

    assert queries.callbacks(operator_id=who["operator_id"], brand_ids=[party.brand_id]) == []


def test_the_zone_that_was_said_counts_and_not_the_numbers(who, party):
    consent(who)
    services.set_zone(**who, zone="America/Martinique")
    with pytest.raises(MayNotCall, match="America/Martinique"):
        attempt(who)


def test_when_a_call_becomes_lawful_is_said(who, party):
    consent(who)
    evening = datetime(2026, 11, 27, 20, 30, tzinfo=ZoneInfo("Europe/Paris"))
    shown = queries.party(operator_id=who["operator_id"], party_id=party.pk, brand_ids=[party.brand_id], now=evening)
    by_purpose = {each.purpose: (each.verdict.allowed, each.from_when) for each in shown.standings}

    monday = datetime(2026, 11, 30, 10, tzinfo=ZoneInfo("Europe/Paris"))
    assert by_purpose == {
        Purpose.CANVASSING: (False, monday),
        Purpose.SURVEY: (False, monday),
        Purpose.COLLECTION: (False, monday),
        Purpose.SERVICE: (True, evening),
        Purpose.CALLBACK: (False, None),
    }


def test_the_proof_is_a_file_that_somebody_else_can_check(who, party):
    consent(who)
    attempt(who)
    services.withdraw_consent(**who, how="par courrier")

    told = json.loads(json.dumps(queries.proof(operator_id=who["operator_id"], party_id=party.pk, now=MORNING)))

    bare = [
        ({name: value for name, value in each.items() if name != "digest"}, each["digest"]) for each in told["entries"]
    ]
    assert [said["kind"] for said, _ in bare] == ["consent", "attempt", "withdrawal"]
    assert bare[0][0]["data"]["wording"] == "J’accepte d’être appelé."
    assert bare[0][0]["recorded_by"] == "chef@example.org"
    assert first_broken(bare) is None
    assert bare[1][1] == digest(bare[0][1], bare[1][0])


def test_an_entry_changed_in_the_database_shows(who, party):
    consent(who)
    attempt(who)
    Entry.objects.filter(party=party, kind=Kind.CONSENT).update(data={"source": "x", "wording": "y", "any_hour": True})

    shown = queries.party(operator_id=who["operator_id"], party_id=party.pk, brand_ids=[party.brand_id], now=MORNING)

    assert shown.broken_at == 1


def test_nobody_reads_the_register_of_another_operator_or_brand(who, party):
    for asked in (
        {"operator_id": OperatorFactory.create().pk, "brand_ids": [party.brand_id]},
        {"operator_id": who["operator_id"], "brand_ids": []},
    ):
        with pytest.raises(NoSuchParty):
            queries.party(party_id=party.pk, now=MORNING, **asked)
    with pytest.raises(NoSuchParty):
        attempt(who | {"operator_id": OperatorFactory.create().pk})
