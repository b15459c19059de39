"""Sound as telephones carry it, against a telephone of the tests that decodes it."""

import struct

import numpy as np

from homeshore.channels.voice.sip import alaw
from tests.servers.caller import LINEAR

EVERY = np.arange(-32_768, 32_768).astype(np.int16)


def test_every_sample_comes_back_as_near_as_the_curve_allows():
    heard = np.array(LINEAR)[list(alaw.encoded(EVERY))]
    away = np.abs(heard - EVERY.astype(np.int32))
    assert np.all(away <= np.maximum(8, np.abs(EVERY.astype(np.int32)) / 32 + 8))
    assert np.all(np.diff(heard) >= 0), "what is louder stays louder"


def test_silence_and_the_loudest_are_as_the_recommendation_has_them():
    assert alaw.encoded(np.array([0, -1, 32_767, -32_768], dtype=np.int16)) == bytes([0xD5, 0x55, 0xAA, 0x2A])


def test_a_file_says_what_is_in_it():
    file = alaw.as_wav(np.zeros(3, dtype=np.int16), rate=8000)
    kind, channels, rate = struct.unpack_from("<HHI", file, 20)
    assert (file[:4], file[8:16], kind, channels, rate) == (b"RIFF", b"WAVEfmt ", 6, 1, 8000)
    assert struct.unpack_from("<I", file, 4)[0] == len(file) - 8
    assert file.endswith(b"data" + struct.pack("<I", 3) + b"\xd5" * 3 + b"\0"), "chunks begin at even places"
