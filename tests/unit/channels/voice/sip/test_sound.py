"""Recordings as people have them become what telephones carry, or are refused."""

import math
import struct
from array import array
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from homeshore.channels.voice.sip import alaw, sound
from homeshore.channels.voice.sip.sound import Fault, NoSound

TONE = 440


def tone(rate: int, *, hertz: int = TONE, seconds: float = 0.5) -> list[float]:
    return [0.5 * math.sin(2 * math.pi * hertz * n / rate) for n in range(int(rate * seconds))]


def wav(encoding: int, channels: int, rate: int, bits: int, body: bytes, *, more: bytes = b"") -> bytes:
    form = (
        struct.pack("<HHIIHH", encoding, channels, rate, rate * channels * bits // 8, channels * bits // 8, bits) + more
    )
    chunks = b"WAVEfmt " + struct.pack("<I", len(form)) + form + b"LIST" + struct.pack("<I", 3) + b"abc\0"
    return (
        b"RIFF"
        + struct.pack("<I", len(chunks) + 8 + len(body))
        + chunks
        + b"data"
        + struct.pack("<I", len(body))
        + body
    )


def words(kind: str, samples: list[float], full: int) -> bytes:
    return array(kind, [int(sample * full) for sample in samples]).tobytes()


def loudness(samples: list[int], hertz: int) -> float:
    """Amplitude of a tone among 8,000 samples a second, as a share of the largest."""
    whole = sum(
        sample * complex(math.cos(turn), math.sin(turn))
        for n, sample in enumerate(samples)
        for turn in [2 * math.pi * hertz * n / sound.RATE]
    )
    return 2 * abs(whole) / len(samples) / 32_768


EXTENSION = struct.pack("<HHI", 22, 16, 0) + struct.pack("<H", 1) + bytes(14)
FILES = {
    "16 bits at the telephones' own rate": wav(1, 1, 8000, 16, words("h", tone(8000), 32_767)),
    "16 bits as discs have it": wav(1, 1, 44_100, 16, words("h", tone(44_100), 32_767)),
    "16 bits of two channels": wav(
        1, 2, 48_000, 16, words("h", [each for sample in tone(48_000) for each in (sample, sample)], 32_767)
    ),
    "8 bits": wav(1, 1, 11_025, 8, bytes(128 + int(127 * sample) for sample in tone(11_025))),
    "24 bits": wav(1, 1, 48_000, 24, b"".join(struct.pack("<i", int(s * 8_388_607) << 8)[1:] for s in tone(48_000))),
    "32 bits": wav(1, 1, 16_000, 32, words("i", tone(16_000), 2**31 - 1)),
    "floating point": wav(3, 1, 48_000, 32, array("f", tone(48_000)).tobytes()),
    "an extended header": wav(0xFFFE, 1, 22_050, 16, words("h", tone(22_050), 32_767), more=EXTENSION),
    "A-law": alaw.as_wav([int(32_767 * sample) for sample in tone(8000)], rate=8000),
}


@pytest.mark.parametrize("file", FILES.values(), ids=FILES)
def test_a_tone_stays_the_same_tone_whatever_it_was_recorded_as(file):
    heard = sound.read(file)
    assert sound.seconds_in(file) == pytest.approx(0.5, abs=0.001)
    assert len(heard) == pytest.approx(4000, abs=2)
    assert loudness(heard, TONE) == pytest.approx(0.5, rel=0.05)
    assert loudness(heard, 3 * TONE) < 0.02


def test_what_telephones_cannot_carry_is_mostly_left_out():
    heard = sound.read(wav(1, 1, 48_000, 16, words("h", tone(48_000, hertz=7_300), 32_767)))
    assert loudness(heard, 8000 - 7_300) < 0.5 * 0.05, "it would come back as another tone"


def test_mulaw_is_read_as_its_recommendation_has_it():
    assert sound.read(wav(7, 1, 8000, 8, bytes([0xFF, 0x7F, 0x80, 0x00]))).tolist() == [0, 0, 32_124, -32_124]


def test_floats_beyond_the_largest_and_none_at_all_are_cut():
    assert sound.read(wav(3, 1, 8000, 32, array("f", [2.0, -2.0, math.inf, 0.0]).tobytes())).tolist() == [
        32_767,
        -32_767,
        32_767,
        0,
    ]


@pytest.mark.parametrize(
    ("file", "fault"),
    [
        (b"", Fault.NO_WAV),
        (b"ID3\x04 music of another kind", Fault.NO_WAV),
        (wav(1, 1, 8000, 16, b"")[:30], Fault.NO_WAV),
        (wav(1, 1, 8000, 16, b""), Fault.EMPTY),
        (wav(85, 1, 8000, 16, b"\0" * 8), Fault.ENCODING),
        (wav(1, 6, 48_000, 16, b"\0" * 24), Fault.ENCODING),
        (wav(1, 1, 8000, 12, b"\0" * 24), Fault.ENCODING),
        (wav(1, 1, 4000, 16, b"\0" * 24), Fault.RATE),
        (wav(1, 1, 400_000_000, 16, b"\0" * 24), Fault.RATE),
    ],
)
def test_what_cannot_be_read_is_refused_and_why(file, fault):
    with pytest.raises(NoSound) as refused:
        sound.read(file)
    assert refused.value.fault == fault


@given(st.binary(max_size=200), st.integers(0, 60))
def test_no_file_does_anything_else(noise, cut):
    whole = wav(1, 2, 48_000, 24, noise)
    for file in (noise, whole, whole[:cut] + noise):
        with suppress(NoSound):
            assert sound.read(file)


def test_several_files_become_one():
    one, other = FILES["16 bits at the telephones' own rate"], FILES["16 bits as discs have it"]
    assert alaw.seconds_of(sound.joined([one, other, one])) == pytest.approx(1.5, abs=0.01)
