"""The gate before every call that the house places: each rule at its boundary, and what holds for all of them."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from homeshore.outbound.gate.france import RULES
from homeshore.outbound.gate.judgement import Ask, first_lawful, judge
from homeshore.outbound.gate.register import Entry, Kind, known_at
from homeshore.outbound.gate.rules import Grounds, Purpose

PARIS = ZoneInfo("Europe/Paris")
TUESDAY = datetime(2026, 11, 24, 11, 0, tzinfo=PARIS)
AUTUMN = datetime(2026, 9, 1, 9, 0, tzinfo=PARIS)
CONSENT = Entry(1, Kind.CONSENT, AUTUMN, {"any_hour": False})
HOLIDAYS = {date(2026, 11, 11): "Armistice 1918", date(2026, 12, 25): "Noël"}


def holidays(day: date) -> str:
    return HOLIDAYS.get(day, "")


def canvass(at: datetime = TUESDAY, **fields: object) -> Ask:
    return replace(Ask(Purpose.CANVASSING, at, ("Europe/Paris",), "+33123456789"), **fields)


def against(ask: Ask, *entries: Entry) -> list[str]:
    """The codes of what stands against a call."""
    return [finding.why for finding in judge(ask, entries, RULES, holidays).against]


def call(position: int, at: datetime, purpose: Purpose = Purpose.CANVASSING) -> Entry:
    return Entry(position, Kind.ATTEMPT, at, {"purpose": purpose.value})


def refusal(of: int, at: datetime) -> Entry:
    return Entry(of + 1, Kind.RESULT, at, {"attempt": of, "result": "refused"})


def test_nobody_is_canvassed_without_a_consent_from_the_day_of_the_law_on():
    before, after = datetime(2026, 8, 10, 11, tzinfo=PARIS), datetime(2026, 8, 11, 11, tzinfo=PARIS)

    assert (against(canvass(before)), against(canvass(after))) == ([], ["no_consent"])


def test_a_consent_lets_a_call_pass_until_it_is_withdrawn():
    withdrawn = Entry(2, Kind.WITHDRAWAL, TUESDAY + timedelta(minutes=5))

    assert against(canvass(), CONSENT, withdrawn) == []
    assert against(canvass(TUESDAY + timedelta(minutes=5)), CONSENT, withdrawn) == ["no_consent"]


def test_a_consent_counts_from_the_moment_it_was_given_not_before():
    assert against(canvass(), replace(CONSENT, at=TUESDAY)) == []
    assert against(canvass(TUESDAY - timedelta(seconds=1)), replace(CONSENT, at=TUESDAY)) == ["no_consent"]


def test_a_contract_under_way_stands_for_a_consent_only_when_the_call_is_about_it():
    contract = Entry(1, Kind.CONTRACT, AUTUMN, {"reference": "C-12"})
    over = Entry(2, Kind.CONTRACT_END, TUESDAY, {"reference": "C-12"})

    assert against(canvass(about_contract=True), contract) == []
    assert against(canvass(), contract) == ["no_consent"]
    assert against(canvass(about_contract=True), contract, over) == ["no_contract"]


def test_a_contract_does_not_lift_days_and_hours():
    contract = Entry(1, Kind.CONTRACT, AUTUMN, {"reference": "C-12"})

    assert against(canvass(TUESDAY.replace(hour=9), about_contract=True), contract) == ["wrong_hour"]


@pytest.mark.parametrize("purpose", [Purpose.CANVASSING, Purpose.SURVEY, Purpose.COLLECTION, Purpose.SERVICE])
def test_who_does_not_want_to_be_called_is_not_called(purpose):
    opposed = Entry(2, Kind.OPPOSITION, AUTUMN + timedelta(days=1))

    assert "opposed" in against(canvass(purpose=purpose), CONSENT, opposed)
    assert "opposed" not in against(canvass(purpose=purpose), CONSENT)


def test_a_later_consent_ends_an_opposition_and_an_earlier_one_does_not():
    opposed = Entry(2, Kind.OPPOSITION, AUTUMN + timedelta(days=1))
    later = Entry(3, Kind.CONSENT, AUTUMN + timedelta(days=2), {"any_hour": False})

    assert against(canvass(), CONSENT, opposed) == ["opposed", "no_consent"]
    assert against(canvass(), CONSENT, opposed, later) == []


@pytest.mark.parametrize(
    ("hour", "minute", "second", "lawful"),
    [
        (9, 59, 59, False),
        (10, 0, 0, True),
        (12, 59, 59, True),
        (13, 0, 0, False),
        (13, 59, 59, False),
        (14, 0, 0, True),
        (19, 59, 59, True),
        (20, 0, 0, False),
    ],
)
def test_hours_are_ten_to_one_and_two_to_eight(hour, minute, second, lawful):
    at = TUESDAY.replace(hour=hour, minute=minute, second=second)

    assert against(canvass(at), CONSENT) == ([] if lawful else ["wrong_hour"])


@pytest.mark.parametrize(("day", "lawful"), [(23, True), (27, True), (28, False), (29, False)])
def test_days_are_monday_to_friday(day, lawful):
    assert against(canvass(TUESDAY.replace(day=day)), CONSENT) == ([] if lawful else ["wrong_day"])


def test_no_call_on_a_public_holiday():
    assert against(canvass(datetime(2026, 11, 11, 11, tzinfo=PARIS)), CONSENT) == ["holiday"]


def test_hours_are_those_of_the_person_called():
    """Eleven in Paris is two in the afternoon on La Réunion in winter, and six in the morning on Martinique."""
    assert against(canvass(zones=("Indian/Reunion",)), CONSENT) == []
    assert against(canvass(zones=("America/Martinique",)), CONSENT) == ["wrong_hour"]


def test_a_person_who_may_be_in_two_zones_is_called_when_it_is_lawful_in_both():
    both = ("Europe/Paris", "Indian/Reunion")
    at_ten_in_paris = TUESDAY.replace(hour=10)

    assert against(canvass(at_ten_in_paris, zones=both), CONSENT) == ["wrong_hour"]
    assert against(canvass(zones=both), CONSENT) == []


def test_who_may_be_anywhere_is_not_called():
    assert against(canvass(zones=()), CONSENT) == ["no_zone"]


def test_an_express_consent_lifts_days_hours_and_holidays_and_nothing_else():
    express = replace(CONSENT, data={"any_hour": True})
    on_christmas_night = datetime(2026, 12, 25, 22, tzinfo=PARIS)
    calls = [call(n, on_christmas_night - timedelta(days=n)) for n in range(2, 6)]

    assert against(canvass(on_christmas_night), express) == []
    assert against(canvass(on_christmas_night, purpose=Purpose.SURVEY), express) == ["holiday"]
    assert against(canvass(on_christmas_night), express, *calls) == ["too_many_attempts"]


def test_the_fifth_attempt_in_thirty_calendar_days_is_stopped():
    first = datetime(2026, 10, 1, 19, 59, tzinfo=PARIS)
    calls = [call(n + 2, first + timedelta(days=n)) for n in range(4)]
    on_the_30th_day, on_the_31st_day = datetime(2026, 10, 30, 10, tzinfo=PARIS), datetime(2026, 11, 2, 10, tzinfo=PARIS)

    assert against(canvass(on_the_30th_day), CONSENT, *calls) == ["too_many_attempts"]
    assert against(canvass(on_the_30th_day), CONSENT, *calls[1:]) == []
    assert against(canvass(on_the_31st_day), CONSENT, *calls) == []


def test_a_month_of_attempts_counts_calendar_days_where_the_person_is():
    """The 30th day after is over at midnight in Paris, an hour before it is in UTC."""
    calls = [call(n + 2, datetime(2026, 10, 1, 10, n, tzinfo=PARIS)) for n in range(4)]
    express = replace(CONSENT, data={"any_hour": True})
    midnight = datetime(2026, 10, 31, 0, 0, tzinfo=PARIS)

    assert against(canvass(midnight), express, *calls) == []
    assert against(canvass(midnight - timedelta(seconds=1)), express, *calls) == ["too_many_attempts"]


def test_calls_for_other_purposes_do_not_count_as_attempts_to_canvass():
    calls = [call(n + 2, TUESDAY - timedelta(days=n), Purpose.CALLBACK) for n in range(9)]

    assert against(canvass(), CONSENT, *calls) == []


def test_after_a_refusal_nobody_calls_for_sixty_full_days():
    refused_at = datetime(2026, 9, 23, 15, tzinfo=PARIS)
    told = (CONSENT, call(2, refused_at), refusal(2, refused_at))
    on_the_60th_day = datetime(2026, 11, 22, 15, tzinfo=PARIS)  # a Sunday
    express = replace(CONSENT, data={"any_hour": True})

    assert against(canvass(on_the_60th_day), express, *told[1:]) == ["refused_lately"]
    assert against(canvass(on_the_60th_day + timedelta(days=1)), *told) == []


def test_a_consent_given_again_does_not_shorten_the_rest_after_a_refusal():
    again = Entry(9, Kind.CONSENT, TUESDAY - timedelta(days=1), {"any_hour": True})

    assert against(canvass(), call(2, AUTUMN + timedelta(days=50)), refusal(2, AUTUMN + timedelta(days=50)), again) == [
        "refused_lately"
    ]


@pytest.mark.parametrize(
    ("number", "lawful"),
    [("+33612345678", False), ("+33712345678", False), ("+33162345678", True), ("+33812345678", True)],
)
def test_mobile_numbers_are_not_shown_to_canvass(number, lawful):
    assert against(canvass(caller_number=number), CONSENT) == ([] if lawful else ["barred_number"])
    assert against(canvass(caller_number=number, purpose=Purpose.SERVICE)) == []


def test_a_callback_is_placed_when_it_was_asked_for_at_any_hour_and_once():
    on_sunday_night = datetime(2026, 11, 22, 22, tzinfo=PARIS)
    ask = canvass(on_sunday_night, purpose=Purpose.CALLBACK)
    asked = Entry(1, Kind.CALLBACK, AUTUMN, {"from": on_sunday_night.isoformat()})
    reached = Entry(3, Kind.RESULT, on_sunday_night, {"attempt": 2, "result": "reached"})
    nobody = replace(reached, data={"attempt": 2, "result": "nobody"})
    placed = call(2, on_sunday_night, Purpose.CALLBACK)

    assert against(ask) == ["not_asked_back"]
    assert against(replace(ask, at=on_sunday_night - timedelta(seconds=1)), asked) == ["asked_later"]
    assert against(ask, asked) == []
    assert against(ask, asked, placed, nobody) == []
    assert against(ask, asked, placed, reached) == ["not_asked_back"]


def test_who_objected_and_then_asks_to_be_called_back_is_called_back():
    told = (Entry(1, Kind.OPPOSITION, AUTUMN), Entry(2, Kind.CALLBACK, AUTUMN + timedelta(days=1)))

    assert against(canvass(purpose=Purpose.CALLBACK), *told) == []
    assert against(canvass(purpose=Purpose.SERVICE), *told) == ["opposed"]


def test_the_first_lawful_moment_is_said_where_waiting_will_do():
    def first(ask: Ask, *entries: Entry) -> datetime | None:
        return first_lawful(ask, entries, RULES, holidays)

    on_friday_evening = datetime(2026, 11, 27, 20, tzinfo=PARIS)
    before_the_armistice = datetime(2026, 11, 10, 20, tzinfo=PARIS)

    assert first(canvass(on_friday_evening), CONSENT) == datetime(2026, 11, 30, 10, tzinfo=PARIS)
    assert first(canvass(before_the_armistice), CONSENT) == datetime(2026, 11, 12, 10, tzinfo=PARIS)
    assert first(canvass(), CONSENT) == TUESDAY
    assert first(canvass()) is None


def test_every_rule_of_law_names_its_source_and_what_has_none_says_so():
    named = {bool(rule.source) for rule in RULES if rule.grounds == Grounds.LAW}

    assert named == {True}
    assert {bool(rule.source) for rule in RULES if rule.grounds != Grounds.LAW} == {False}


MOMENTS = st.integers(0, 290 * 24 * 60).map(
    lambda minutes: datetime(2026, 8, 11, tzinfo=UTC) + timedelta(minutes=minutes)
)
ENTRIES = st.lists(
    st.builds(
        lambda at, kind, data: (at, kind, data),
        MOMENTS,
        st.sampled_from(
            [
                Kind.CONSENT,
                Kind.WITHDRAWAL,
                Kind.OPPOSITION,
                Kind.CONTRACT,
                Kind.CONTRACT_END,
                Kind.CALLBACK,
                Kind.ATTEMPT,
            ]
        ),
        st.fixed_dictionaries(
            {"any_hour": st.booleans(), "reference": st.sampled_from("AB"), "purpose": st.sampled_from([*Purpose])}
        ),
    ),
    max_size=8,
).map(lambda told: [Entry(n + 1, kind, at, data) for n, (at, kind, data) in enumerate(told)])
ASKS = st.builds(
    Ask,
    purpose=st.sampled_from([*Purpose]),
    at=MOMENTS,
    zones=st.sampled_from([("Europe/Paris",), ("Indian/Reunion", "Indian/Mayotte"), ("America/Martinique",), ()]),
    caller_number=st.sampled_from(["+33123456789", "+33612345678"]),
    about_contract=st.booleans(),
)


@given(ASKS, ENTRIES)
def test_a_canvassing_call_that_passes_keeps_every_rule(ask, entries):
    """Said a second time, without the gate's own words."""
    ask = replace(ask, purpose=Purpose.CANVASSING)
    if not judge(ask, entries, RULES, holidays).allowed:
        return
    known = known_at(entries, ask.at)
    assert known.opposed_since is None
    assert known.consent_since or (ask.about_contract and known.contract)
    assert not ask.caller_number.startswith(("+336", "+337"))
    made = [each.at for each in known.attempts if each.purpose == Purpose.CANVASSING]
    assert sum(ask.at - each < timedelta(days=29) for each in made) < 4
    for zone in ask.zones if not known.consent_at_any_hour else ():
        there = ask.at.astimezone(ZoneInfo(zone))
        assert (there.weekday() < 5, holidays(there.date())) == (True, "")
        assert there.hour in {10, 11, 12, 14, 15, 16, 17, 18, 19}
    assert ask.zones or known.consent_at_any_hour


@given(ASKS, ENTRIES, st.integers(0, 10**6))
def test_before_the_first_lawful_moment_there_is_none(ask, entries, seed):
    """As things stand: what the register says from then on is not known yet."""
    entries = [each for each in entries if each.at <= ask.at]
    first = first_lawful(ask, entries, RULES, holidays)
    if first is None:
        return
    between = ask.at + (first - ask.at) * (seed / 10**6)
    assert judge(replace(ask, at=first), entries, RULES, holidays).allowed
    assert between == first or not judge(replace(ask, at=between), entries, RULES, holidays).allowed


@given(ASKS, ENTRIES)
def test_entries_of_later_moments_change_no_verdict(ask, entries):
    past = [each for each in entries if each.at <= ask.at]

    assert judge(ask, entries, RULES, holidays) == judge(ask, past, RULES, holidays)
