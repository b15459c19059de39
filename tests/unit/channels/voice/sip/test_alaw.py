"""Sound as telephones carry it, against a telephone of the tests that decodes it."""

import struct
from itertools import pairwise

from homeshore.channels.voice.sip import alaw
from tests.servers.caller import LINEAR

EVERY = range(-32_768, 32_768)


def test_every_sample_comes_back_as_near_as_the_curve_allows():
    heard = [LINEAR[code] for code in alaw.encoded(EVERY)]
    assert [
        said for said, came in zip(EVERY, heard, strict=True) if abs(came - said) > max(8, abs(said) / 32 + 8)
    ] == []
    assert all(softer <= louder for softer, louder in pairwise(heard)), "what is louder stays louder"


def test_silence_and_the_loudest_are_as_the_recommendation_has_them():
    assert alaw.encoded([0, -1, 32_767, -32_768]) == bytes([0xD5, 0x55, 0xAA, 0x2A])


def test_a_file_says_what_is_in_it():
    file = alaw.as_wav([0, 0, 0], rate=8000)
    kind, channels, rate = struct.unpack_from("<HHI", file, 20)
    assert (file[:4], file[8:16], kind, channels, rate) == (b"RIFF", b"WAVEfmt ", 6, 1, 8000)
    assert struct.unpack_from("<I", file, 4)[0] == len(file) - 8
    assert file.endswith(b"data" + struct.pack("<I", 3) + b"\xd5" * 3 + b"\0"), "chunks begin at even places"


def test_a_file_says_how_long_it_lasts():
    assert alaw.seconds_of(alaw.as_wav([0] * 12_000, rate=8000)) == 1.5


def test_what_is_read_is_what_a_telephone_hears():
    assert alaw.decoded(bytes(range(256))) == LINEAR
