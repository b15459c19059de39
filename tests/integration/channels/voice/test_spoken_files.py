"""Files of spoken words go when nobody says them; recordings that were only listened to go too."""

import os
from datetime import timedelta

import pytest

from homeshore.channels.voice.forgetting import forget_unsaved_prompts, sweep_spoken
from homeshore.channels.voice.models import Number, Prompt
from homeshore.channels.voice.sip import alaw, spoken
from homeshore.channels.voice.sip.menu import After, Utterance
from homeshore.channels.voice.sip.notices import notices_of, set_notices, words_of
from homeshore.channels.voice.sip.numbers import OPENING, Offer, menu_words, set_menu
from homeshore.channels.voice.sip.prompts import keep_prompt
from tests.clock import MORNING
from tests.factories import QueueFactory

pytestmark = pytest.mark.django_db

LATER = MORNING + timedelta(days=8)


@pytest.fixture
def number(settings, tmp_path):
    settings.SPOKEN_DIR = tmp_path
    queue = QueueFactory.create(channel="voice")
    return Number.objects.create(operator=queue.operator, queue=queue, digits="+33156070809")


def recording(number, seconds: int) -> Prompt:
    return keep_prompt(number.operator_id, alaw.as_wav([0] * 8000 * seconds, rate=8000), field="sound", now=MORNING)


def test_a_week_later_the_files_are_there_that_a_menu_or_a_notice_says_and_no_others(number, tmp_path):
    one, two, heard = (recording(number, seconds) for seconds in (1, 2, 3))
    set_notices(number, {"fr": "Vos données.", "en": "Your data."}, prompts={"en": one}, now=MORNING)
    offers = {1: Offer("Commandes", number.queue_id, "fr")}
    set_menu(number, opening="Bonjour.", choices=offers, prompts={OPENING: two}, now=MORNING)
    number.refresh_from_db()
    said = [words_of(each) for each in notices_of(number).values()]
    said += [menu_words(number, list(number.choices.all()), after=after) for after in After]
    kept = {spoken.name_of(each) for each in said} | {f"own-{each.name}" for each in (one, two)}
    gone = {spoken.name_of((Utterance("fr", "Essai."),)), f"own-{heard.name}"}
    for name in kept | gone:
        (tmp_path / f"{name}.wav").write_bytes(b"")
        os.utime(tmp_path / f"{name}.wav", (MORNING.timestamp(),) * 2)
    young = tmp_path / "young.wav"
    young.write_bytes(b"")
    os.utime(young, (LATER.timestamp() - 3600,) * 2)

    assert sweep_spoken(now=MORNING + timedelta(days=6)) == 0
    assert sweep_spoken(now=LATER) == 2
    assert {each.stem for each in tmp_path.iterdir()} == kept | {"young"}
    set_menu(number, opening="", choices={}, now=LATER)
    assert sweep_spoken(now=LATER) == 4, "the menu, as it was said in three ways, and the recording in it"


def test_a_house_that_never_spoke_has_nothing_to_sweep(number, settings, tmp_path):
    settings.SPOKEN_DIR = tmp_path / "nothing"
    assert sweep_spoken(now=LATER) == 0


def test_a_recording_that_was_only_listened_to_goes_after_a_day_and_one_that_is_or_was_told_stays(number):
    opening, told, key, heard = (recording(number, seconds) for seconds in (1, 2, 3, 4))
    set_notices(number, {"fr": "Vos données."}, prompts={"fr": told}, now=MORNING)
    set_notices(number, {"fr": "Tout autre chose."}, now=MORNING)
    offers = {1: Offer("Commandes", number.queue_id, "fr")}
    set_menu(number, opening="Bonjour.", choices=offers, prompts={OPENING: opening, "1": key}, now=MORNING)
    assert forget_unsaved_prompts(now=MORNING + timedelta(hours=23)) == 0
    assert forget_unsaved_prompts(now=MORNING + timedelta(hours=25)) == 1
    assert set(Prompt.objects.all()) == {opening, told, key}
    assert heard not in Prompt.objects.all()
