"""Every reason that the core may give has its sentence, in French and in English, for each who may ask."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from django.utils import translation

from homeshore.contacts.words import OF_THE_AGENT, OF_THE_CONTACT, TO_THE_AGENT, Teller, spoken

NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
CORE = Path(__file__).resolve().parents[3] / "src" / "homeshore" / "routing"
FACTS = {
    "queue": {"id": 1, "name": "Assistance"},
    "skill": {"id": 2, "name": "Portugais"},
    "agent": {"id": 3, "name": "Inès"},
    "until": (NOW + timedelta(seconds=12)).isoformat(),
    "due_at": NOW.isoformat(),
    "free_since": (NOW - timedelta(seconds=40)).isoformat(),
    "other_free_since": (NOW - timedelta(minutes=3, seconds=12)).isoformat(),
    "level": 3,
    "asked": 4,
    "held": 2,
    "other_held": 1,
    "free": 2,
    "busy": 1,
    "away": 2,
    "before": 3,
    "missed": 3,
    "places": 3,
}


def codes(*files: str) -> set[str]:
    """The codes that these files of the core give."""
    text = "".join((CORE / f"{name}.py").read_text() for name in files)
    return set(re.findall(r'WhyNot\(\s*"(\w+)"', text)) | {"kept_free", "in_reserve"}


OF_CONTACTS = {"nobody_eligible", "nobody_there", "weighed_again", "nobody_may", "all_busy"}
"""What only a contact can be told: nobody has it, for a reason that is no single agent's."""


def of_contacts() -> set[str]:
    text = (CORE / "why_not.py").read_text()
    told = text[text.index("def why_waiting") : text.index("def _not_eligible")]
    return set(re.findall(r'WhyNot\(\s*"(\w+)"', told)) | {"kept_free", "in_reserve"}


def teller(sentences: object) -> Teller:
    return Teller(NOW, ZoneInfo("Europe/Paris"), sentences)  # type: ignore[arg-type]


@pytest.mark.parametrize("language", ["fr", "en"])
@pytest.mark.parametrize(
    ("sentences", "asked"),
    [
        (OF_THE_CONTACT, of_contacts()),
        (OF_THE_AGENT, codes("why_not", "why_idle", "why_another") - OF_CONTACTS),
        (TO_THE_AGENT, codes("why_not", "why_idle", "why_another") - OF_CONTACTS),
    ],
    ids=["of the contact", "of the agent", "to the agent"],
)
def test_every_reason_has_its_sentence(sentences, asked, language):
    with translation.override(language):
        told = {code: teller(sentences).tell({"code": code, **FACTS}) for code in sorted(asked | {"none"})}
    assert asked
    assert [code for code, text in told.items() if "%(" in text or not text] == []
    assert len(set(told.values())) > len(told) / 2


def test_a_contact_kept_beside_the_free_says_for_whom_and_how_long():
    why = {"code": "kept_free", "queue": FACTS["queue"], "until": FACTS["until"], "free": 1}
    with translation.override("fr"):
        assert "Assistance" in teller(OF_THE_CONTACT).tell(why)
        assert "12\u00a0s" in teller(OF_THE_CONTACT).tell(why)


def test_a_skill_that_nobody_has_is_told_apart_from_one_of_a_lower_level():
    why = {"code": "nobody_eligible", "skill": FACTS["skill"], "asked": 4}
    said = teller(OF_THE_CONTACT).tell
    assert said({**why, "level": 0}) != said({**why, "level": 3})


def test_the_moment_from_which_more_may_answer_is_told():
    why = {"code": "all_busy", "busy": 1, "widens_at": NOW.isoformat()}
    with translation.override("en"):
        assert teller(OF_THE_CONTACT).tell(why).endswith("More people may answer it from 10:00:00.")


@pytest.mark.parametrize(("seconds", "text"), [(41, "41 s"), (60, "1 min"), (192, "3 min 12"), (6480, "1 h 48")])
def test_durations_are_spoken(seconds, text):
    assert spoken(seconds).replace("\u00a0", " ") == text
