from pathlib import Path

import pytest

from homeshore.channels.voice.models import Number
from homeshore.channels.voice.sip.programme import LAST_PLACE, UNRECORDED, Piece, next_piece
from homeshore.channels.voice.sip.running import RECORDINGS


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


@pytest.mark.parametrize("language", Number.Language.values)
def test_everything_that_may_be_heard_is_recorded_in_each_language(language):
    pieces = [next_piece(number, place) for number in range(3) for place in (None, *range(1, LAST_PLACE + 2))]
    pieces += [next_piece(0, None, recorded=recorded, listened=True) for recorded in (True, False)]
    pieces += [next_piece(0, None, recorded=True), Piece(UNRECORDED, None, spoken=True)]
    files = {Path(RECORDINGS, language if piece.spoken else "", f"{piece.name}.wav") for piece in pieces}
    assert [file for file in sorted({*files, RECORDINGS / "hold.wav"}) if not file.exists()] == []
