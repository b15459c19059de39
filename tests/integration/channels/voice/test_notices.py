"""What callers of a number must be told: its dated versions, and what is kept with the calls that were told one."""

from datetime import timedelta

import pytest
from django.utils.translation import override

from homeshore.channels.voice.models import Notice, Number, Prompt
from homeshore.channels.voice.sip import alaw, spoken
from homeshore.channels.voice.sip.notices import (
    Telling,
    keep_telling,
    languages_told,
    latest_told,
    notice_for,
    notices_of,
    set_notices,
    told_in_contact,
    versions_of,
    words_of,
)
from homeshore.channels.voice.sip.prompts import LARGEST, keep_prompt
from homeshore.contacts.services import erase_customer
from homeshore.foundation.errors import Invalid
from homeshore.foundation.models import AuditEntry, Role
from tests.clock import MORNING
from tests.e2e.telephone import make_tone
from tests.factories import CallFactory, OperatorFactory, QueueFactory, user_as

pytestmark = pytest.mark.django_db

FRENCH, ENGLISH = "Vos données sont traitées par Maison Lavande.", "Your data is handled by Maison Lavande."


@pytest.fixture
def number():
    queue = QueueFactory.create(channel="voice")
    return Number.objects.create(operator=queue.operator, queue=queue, digits="+33156070809")


def said(number) -> dict[str, tuple[int, str]]:
    return {language: (each.version, each.text) for language, each in notices_of(number).items()}


def test_a_text_that_changes_is_another_version_and_one_that_does_not_is_none(number):
    admin = user_as(Role.OPERATOR_ADMIN, number.operator)
    set_notices(number, {"fr": FRENCH, "en": ""}, by=admin, now=MORNING)
    assert (said(number), languages_told(number.operator_id)) == ({"fr": (1, FRENCH)}, {number.pk: ["Français"]})
    later = MORNING + timedelta(days=1)
    made = set_notices(number, {"fr": FRENCH, "en": ENGLISH}, by=admin, now=later)
    assert [(each.language, each.version, each.since, each.saved_by) for each in made] == [("en", 1, later, admin)]
    assert set_notices(number, {"fr": FRENCH, "en": ENGLISH}, by=admin, now=later) == []
    set_notices(number, {"fr": ""}, now=later)
    set_notices(number, {"fr": FRENCH + " Merci."}, now=later)
    assert said(number) == {"fr": (3, FRENCH + " Merci."), "en": (1, ENGLISH)}
    assert [(each.language, each.version, each.text) for each in versions_of(number)] == [
        ("fr", 3, FRENCH + " Merci."),
        ("fr", 2, ""),
        ("en", 1, ENGLISH),
        ("fr", 1, FRENCH),
    ]
    assert AuditEntry.objects.filter(verb="number.notice").count() == 4


def test_a_text_that_is_too_long_or_in_no_language_of_the_house_is_refused_by_language(number):
    with pytest.raises(Invalid) as refused:
        set_notices(number, {"fr": "x" * (Notice.LONGEST + 1), "de": "Guten Tag."}, now=MORNING)
    assert set(refused.value.fields) == {"fr", "de"}
    assert not Notice.objects.exists()


@pytest.mark.parametrize(
    ("texts", "met_in", "told_in"),
    [
        ({"fr": FRENCH, "en": ENGLISH}, "en", "en"),
        ({"fr": FRENCH, "en": ENGLISH}, "fr", "fr"),
        ({"fr": FRENCH}, "en", "fr"),
        ({"en": ENGLISH}, "fr", "en"),
        ({}, "fr", None),
    ],
)
def test_a_caller_is_told_in_their_language_else_in_that_of_the_number_else_in_the_other(
    number, texts, met_in, told_in
):
    set_notices(number, texts, now=MORNING)
    found = notice_for(number, met_in)
    assert (found and found.language) == told_in


@pytest.fixture
def recording(tmp_path) -> bytes:
    """Two seconds of a tone, as a recorder has it."""
    make_tone(tmp_path / "mine.wav", 440, seconds=2, rate=44_100)
    return (tmp_path / "mine.wav").read_bytes()


def test_a_recording_of_the_operators_own_says_a_text_until_the_text_changes(number, recording):
    mine = keep_prompt(number.operator_id, recording, field="fr-sound", now=MORNING)
    assert keep_prompt(number.operator_id, recording, field="fr-sound", now=MORNING) == mine
    set_notices(number, {"fr": FRENCH}, now=MORNING)
    [second] = set_notices(number, {"fr": FRENCH}, prompts={"fr": mine}, now=MORNING)
    assert (second.version, second.text, second.prompt) == (2, FRENCH, mine)
    assert set_notices(number, {"fr": FRENCH}, now=MORNING) == [], "it is kept with the words that it says"
    [third] = set_notices(number, {"fr": FRENCH + " Merci."}, now=MORNING)
    [fourth] = set_notices(number, {"fr": FRENCH}, prompts={"fr": mine}, now=MORNING)
    [fifth] = set_notices(number, {"fr": FRENCH}, prompts={"fr": None}, now=MORNING)
    assert [each.prompt for each in (third, fourth, fifth)] == [None, mine, None]


def test_a_recording_is_laid_out_where_it_is_said_without_anything_that_speaks(
    number, recording, settings, tmp_path, monkeypatch
):
    settings.SPOKEN_DIR = tmp_path / "spoken"
    monkeypatch.setattr(spoken, "SPEAKER", "no-such-program")
    mine = keep_prompt(number.operator_id, recording, field="fr-sound", now=MORNING)
    [notice] = set_notices(number, {"fr": FRENCH}, prompts={"fr": mine}, now=MORNING)
    file = spoken.file_of(words_of(notice), settings.SPOKEN_DIR)
    assert alaw.seconds_of(file.read_bytes()) == pytest.approx(2, abs=0.01)
    assert file.stat().st_mode & 0o044 == 0o044, "rtpengine is another user"


@pytest.mark.parametrize(
    ("wav", "why"),
    [
        (b"ID3", "no WAV file"),
        (alaw.as_wav([0] * 91 * 8000, rate=8000), "At most 90 seconds"),
        (bytes(LARGEST + 1), "At most 20 MB"),
    ],
)
def test_what_cannot_be_said_is_refused_in_words(number, wav, why):
    with pytest.raises(Invalid) as refused, override("en"):
        keep_prompt(number.operator_id, wav, field="fr-sound", now=MORNING)
    assert why in str(refused.value.fields["fr-sound"])
    assert not Prompt.objects.exists()


@pytest.fixture
def told_call(number):
    """A call that was told the first version, in French, to its end."""
    [first] = set_notices(number, {"fr": FRENCH}, now=MORNING)
    call = CallFactory.create(
        contact__queue=number.queue,
        contact__state="closed",
        contact__closed_at=MORNING,
        contact__conversation__customer__phone="+33145060708",
    )
    keep_telling(call, Telling(first, MORNING, MORNING + timedelta(seconds=9)))
    return call


def test_a_call_keeps_the_version_that_it_was_told(number, told_call):
    set_notices(number, {"fr": "Tout autre chose."}, now=MORNING + timedelta(days=1))
    [kept] = told_in_contact(number.operator_id, told_call.contact_id)
    assert (kept.reference, kept.number, kept.queue) == (
        told_call.contact.reference,
        "+33 1 56 07 08 09",
        number.queue.name,
    )
    assert (kept.notice.text, kept.notice.version, kept.told.ended_at) == (FRENCH, 1, MORNING + timedelta(seconds=9))
    assert told_in_contact(OperatorFactory.create().pk, told_call.contact_id) == []


@pytest.mark.parametrize(
    ("search", "is_found"),
    [("", True), ("01 45 06 07 08", True), ("C-{contact}", True), ("{contact}", True), ("C-0", False), ("²", False)],
)
def test_who_leads_finds_what_a_caller_was_told(number, told_call, search, is_found):
    found = latest_told(number.operator_id, search=search.format(contact=told_call.contact_id))
    assert [each.contact for each in found] == [told_call.contact_id] * is_found
    assert latest_told(number.operator_id, before=MORNING) == []


def test_that_a_caller_was_told_stays_with_their_call_when_they_are_erased(number, told_call):
    erase_customer(
        operator_id=number.operator_id,
        customer_id=told_call.contact.conversation.customer_id,
        by=user_as(Role.OPERATOR_ADMIN, number.operator),
        reason="They asked.",
        now=MORNING,
    )
    [kept] = told_in_contact(number.operator_id, told_call.contact_id)
    assert kept.notice.text == FRENCH
    assert latest_told(number.operator_id, search="+33145060708") == []
