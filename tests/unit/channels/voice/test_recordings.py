"""Whether a call is recorded, and how its sound is closed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from homeshore.channels.voice.recordings.course import Consent, Pause, Standing, is_drawn, standing, with_pause
from homeshore.channels.voice.recordings.sealing import RecordingLocked, place_of, seal, unseal

PAUSES = st.lists(st.sampled_from(list(Pause)), unique=True)


@given(told=st.booleans(), refused=st.booleans(), pauses=PAUSES)
def test_nothing_is_recorded_unless_the_customer_was_told_did_not_refuse_and_nothing_interrupts(told, refused, pauses):
    recorded = standing(Consent(told, refused, pauses)) == Standing.ON
    assert recorded == (told and not refused and not pauses)


@given(st.lists(st.tuples(st.sampled_from(list(Pause)), st.booleans())))
def test_recording_goes_on_when_the_last_interruption_is_over(changes):
    pauses: list[str] = []
    for why, on in changes:
        pauses = with_pause(pauses, why, on)
    assert set(pauses) == {why for why in Pause if dict(changes).get(why, False)}


def test_the_share_of_calls_that_are_drawn_is_the_one_asked_for():
    assert sum(is_drawn(call, 20) for call in range(10_000)) / 10_000 == pytest.approx(0.2, abs=0.02)
    assert not any(is_drawn(call, 0) for call in range(1000))
    assert all(is_drawn(call, 100) for call in range(1000))


@given(st.binary(max_size=2000))
def test_a_sealed_piece_shows_nothing_and_opens_to_what_it_was(sound):
    sealed = seal(sound, place=place_of(7, 0))
    assert unseal(sealed, place=place_of(7, 0)) == sound
    assert len(sound) < 16 or sound not in sealed


def test_a_piece_opens_at_its_own_place_only_and_unharmed(settings):
    sealed = seal(b"a voice", place=place_of(7, 0))
    for wrong, place in ((sealed, place_of(7, 1)), (sealed[:-1] + b"\0", place_of(7, 0)), (b"", place_of(7, 0))):
        with pytest.raises(RecordingLocked):
            unseal(wrong, place=place)
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "another"
    assert unseal(sealed, place=place_of(7, 0)) == b"a voice"
    settings.SECRET_KEY_FALLBACKS = []
    with pytest.raises(RecordingLocked):
        unseal(sealed, place=place_of(7, 0))
