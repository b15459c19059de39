"""The rules of calling in France, each a dated row with its source. A new law is a new row and an end for the old one."""

from datetime import date, time

from homeshore.outbound.gate.rules import (
    AskedBack,
    CallerNumber,
    DaysAndHours,
    Frequency,
    Grounds,
    Opposition,
    PriorConsent,
    Purpose,
    RestAfterRefusal,
    Rule,
)

LAW_2025 = "Loi n° 2025-594, art. 13"
DECREE_2022 = "Décret n° 2022-1313 du 13 octobre 2022 (Code de la consommation, art. D. 223-9)"
DECREE_2022_URL = "https://www.legifrance.gouv.fr/jorf/id/JORFTEXT000046421823"
CANVASSING = frozenset({Purpose.CANVASSING})
UNASKED = frozenset({Purpose.SURVEY, Purpose.COLLECTION})
"""Calls that nobody asked for and that sell nothing: no text of law is on record here, so that the house keeps the hours of canvassing."""
ALWAYS = date(2000, 1, 1)
WEEK = DaysAndHours(frozenset(range(5)), ((time(10), time(13)), (time(14), time(20))))
FOUR_A_MONTH = Frequency(attempts=4, days=30)
SIXTY_DAYS = RestAfterRefusal(days=60)
DECREE_IN_FORCE = date(2023, 3, 1)

RULES: tuple[Rule, ...] = (
    Rule(Opposition(), frozenset(Purpose) - {Purpose.CALLBACK}, ALWAYS, Grounds.HOUSE),
    Rule(PriorConsent(), CANVASSING, date(2026, 8, 11), Grounds.LAW, LAW_2025),
    Rule(AskedBack(), frozenset({Purpose.CALLBACK}), ALWAYS, Grounds.HOUSE),
    Rule(WEEK, CANVASSING, DECREE_IN_FORCE, Grounds.LAW, DECREE_2022, DECREE_2022_URL),
    Rule(WEEK, UNASKED, ALWAYS, Grounds.HOUSE),
    Rule(FOUR_A_MONTH, CANVASSING, DECREE_IN_FORCE, Grounds.LAW, DECREE_2022, DECREE_2022_URL),
    Rule(FOUR_A_MONTH, UNASKED, ALWAYS, Grounds.HOUSE),
    Rule(SIXTY_DAYS, CANVASSING, DECREE_IN_FORCE, Grounds.LAW, DECREE_2022, DECREE_2022_URL),
    Rule(SIXTY_DAYS, frozenset({Purpose.SURVEY}), ALWAYS, Grounds.HOUSE),
    Rule(CallerNumber(("+336", "+337")), CANVASSING, ALWAYS, Grounds.UNVERIFIED),
)
