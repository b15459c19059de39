from pathlib import Path

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from homeshore.channels.voice.models import Number
from homeshore.channels.voice.sip.programme import (
    LAST_PLACE,
    UNRECORDED,
    WAIT_HIGHS,
    WAIT_LOWS,
    Piece,
    next_piece,
    wait_prompts,
)
from homeshore.channels.voice.sip.running import RECORDINGS
from homeshore.routing.waits import LONGEST_SAID_MS, Expected
from homeshore.routing.waits import said as waits_said


def test_a_greeting_then_music_then_the_place_then_music_again():
    assert [next_piece(number, 3).name for number in range(5)] == ["welcome", "music", "place-3", "music", "place-3"]


def test_the_greeting_of_a_call_to_be_recorded_says_so():
    assert [next_piece(number, 1, recorded=True).name for number in (0, 1)] == ["welcome-recorded", "music"]


@pytest.mark.parametrize(
    ("recorded", "listened", "said"),
    [
        (False, False, "welcome"),
        (True, False, "welcome-recorded"),
        (False, True, "welcome-listened"),
        (True, True, "welcome-recorded-listened"),
    ],
)
def test_a_greeting_tells_what_is_done_with_the_call_and_is_then_heard_to_its_end(recorded, listened, said):
    piece = next_piece(0, 1, recorded=recorded, listened=listened)
    assert (piece.name, piece.tells) == (said, recorded or listened)


@pytest.mark.parametrize(
    ("place", "said"), [(1, "next"), (2, "place-2"), (10, "place-10"), (11, "patience"), (None, "patience")]
)
def test_a_place_is_said_as_long_as_there_are_words_for_it(place, said):
    assert next_piece(2, place).name == said


@pytest.mark.parametrize(
    ("low", "high", "said"),
    [
        (0, 60, ("wait", "wait-under-a-minute")),
        (0, 120, ("wait", "wait-under-2")),
        (60, 120, ("wait", "wait-between-1", "wait-and-2")),
        (180, 300, ("wait", "wait-between-3", "wait-and-5")),
        (900, 1200, ("wait", "wait-between-15", "wait-and-20")),
    ],
)
def test_a_wait_is_said_as_the_customers_page_shows_it(low, high, said):
    assert wait_prompts(low, high) == said


@pytest.mark.parametrize("language", Number.Language.values)
@given(st.integers(0, LONGEST_SAID_MS), st.integers(0, LONGEST_SAID_MS))
def test_every_wait_that_may_be_expected_is_recorded_in_each_language(language, one, other):
    low, high = sorted((one, other))
    assume(low < high)
    prompts = wait_prompts(*waits_said(Expected(low, low, high)))
    assert [each for each in prompts if not Path(RECORDINGS, language, f"{each}.wav").exists()] == []


@pytest.mark.parametrize("language", Number.Language.values)
def test_no_more_waits_are_recorded_than_can_be_expected(language):
    expected = {"wait", "wait-under-a-minute"}
    expected |= {f"wait-between-{n}" for n in WAIT_LOWS}
    expected |= {f"wait-{part}-{n}" for part in ("under", "and") for n in WAIT_HIGHS}
    assert {file.stem for file in Path(RECORDINGS, language).glob("wait*.wav")} == expected


@pytest.mark.parametrize("language", Number.Language.values)
def test_everything_that_may_be_heard_is_recorded_in_each_language(language):
    pieces = [next_piece(number, place) for number in range(3) for place in (None, *range(1, LAST_PLACE + 2))]
    pieces += [next_piece(0, None, recorded=recorded, listened=True) for recorded in (True, False)]
    pieces += [next_piece(0, None, recorded=True), Piece(UNRECORDED, None, spoken=True)]
    files = {Path(RECORDINGS, language if piece.spoken else "", f"{piece.name}.wav") for piece in pieces}
    assert [file for file in sorted({*files, RECORDINGS / "hold.wav"}) if not file.exists()] == []
