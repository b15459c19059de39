"""Pure: recordings as people have them, read from WAV files and brought to what telephones carry: one channel, 8,000 samples a second.

Without a library of numbers: the house starts without any. A minute and a half of 48 kHz in two channels takes some three seconds.
"""

import struct
from array import array
from collections.abc import Sequence
from enum import StrEnum
from itertools import accumulate, islice, pairwise, repeat
from operator import add, floordiv, sub
from typing import NamedTuple

from homeshore.channels.voice.sip import alaw

RATE = 8000
PCM, FLOAT, ALAW, MULAW, EXTENSIBLE = 1, 3, 6, 7, 0xFFFE
"""What WAV files call what is in them."""
HIGHEST_RATE = 192_000


class Fault(StrEnum):
    """What is wrong with a file."""

    NO_WAV = "no_wav"
    ENCODING = "encoding"
    RATE = "rate"
    EMPTY = "empty"


class NoSound(Exception):
    """A file cannot be read as sound; its `fault`."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(fault.value)
        self.fault = fault


class _Format(NamedTuple):
    encoding: int
    channels: int
    rate: int
    bits: int


def seconds_in(wav: bytes) -> float:
    """How long a WAV file lasts, by what it says of itself. Raises NoSound."""
    form, sound = _chunks(wav)
    each_second = form.rate * form.channels * form.bits // 8
    if not each_second:
        raise NoSound(Fault.ENCODING)
    return len(sound) / each_second


def read(wav: bytes) -> "array[int]":
    """The 16-bit samples of a WAV file, channels mixed, at 8,000 a second. Raises NoSound."""
    form, sound = _chunks(wav)
    if not RATE <= form.rate <= HIGHEST_RATE:
        raise NoSound(Fault.RATE)
    samples = _slowed(_mixed(_samples(form, sound), form.channels), form.rate)
    if not samples:
        raise NoSound(Fault.EMPTY)
    return samples


def joined(files: Sequence[bytes]) -> bytes:
    """One WAV file, as telephones carry sound, of several, one after another. Raises NoSound."""
    return alaw.as_wav([sample for each in files for sample in read(each)], rate=RATE)


def _chunks(wav: bytes) -> tuple[_Format, bytes]:
    """What the file says of its sound, and the sound."""
    if wav[:4] != b"RIFF" or wav[8:12] != b"WAVE":
        raise NoSound(Fault.NO_WAV)
    form, at = None, 12
    while at + 8 <= len(wav):
        name, size = wav[at : at + 4], int.from_bytes(wav[at + 4 : at + 8], "little")
        body = wav[at + 8 : at + 8 + size]
        if name == b"fmt " and len(body) >= 16:
            form = _described(body)
        elif name == b"data" and form:
            return form, body
        at += 8 + size + size % 2
    raise NoSound(Fault.NO_WAV)


def _described(body: bytes) -> _Format:
    encoding, channels, rate, _, _, bits = struct.unpack_from("<HHIIHH", body)
    if encoding == EXTENSIBLE and len(body) >= 26:
        encoding = int.from_bytes(body[24:26], "little")
    if channels not in (1, 2):
        raise NoSound(Fault.ENCODING)
    return _Format(encoding, channels, rate, bits)


def _samples(form: _Format, sound: bytes) -> "array[int]":
    """All samples of all channels, as 16 bits."""
    match form.encoding, form.bits:
        case (1, 8):
            return array("h", map(_UNSIGNED.__getitem__, sound))
        case (1, 16):
            return _words("h", sound)
        case (1, 24):
            whole = len(sound) // 3 * 3
            high = bytearray(whole // 3 * 2)
            high[0::2], high[1::2] = sound[1:whole:3], sound[2:whole:3]
            return _words("h", bytes(high))
        case (1, 32):
            return array("h", (word >> 16 for word in _words("i", sound)))
        case (3, 32):
            return array("h", map(_clipped, _words("f", sound)))
        case (6, 8):
            return array("h", alaw.decoded(sound))
        case (7, 8):
            return array("h", map(_MULAW.__getitem__, sound))
    raise NoSound(Fault.ENCODING)


def _words(kind: str, sound: bytes) -> "array[int]":
    words = array(kind)
    words.frombytes(sound[: len(sound) // words.itemsize * words.itemsize])
    return words


def _clipped(value: float) -> int:
    return int(32_767 * max(-1.0, min(1.0, value)))


def _mixed(samples: "array[int]", channels: int) -> "array[int]":
    if channels == 1:
        return samples
    return array("h", map(floordiv, map(add, samples[0::2], samples[1::2]), repeat(2)))


def _slowed(samples: "array[int]", rate: int) -> "array[int]":
    """At 8,000 samples a second, each the mean of those around it: twice, so that little of what telephones cannot carry is left."""
    if rate == RATE:
        return samples
    width = rate // RATE
    sums = array("q", accumulate(samples, initial=0))
    smooth = array("h", map(floordiv, map(sub, islice(sums, width, None), sums), repeat(width)))
    sums = array("q", accumulate(smooth, initial=0))
    edges = (number * rate // RATE for number in range(len(smooth) * RATE // rate + 1))
    return array("h", ((sums[after] - sums[before]) // (after - before) for before, after in pairwise(edges)))


def _of_mulaw(code: int) -> int:
    """The 16-bit sample of a byte of G.711 µ-law."""
    turned = ~code & 0xFF
    magnitude = (((turned & 0x0F) << 3) + 0x84 << (turned >> 4 & 0x07)) - 0x84
    return -magnitude if turned & 0x80 else magnitude


_UNSIGNED = [(byte - 128) << 8 for byte in range(256)]
"""The 16-bit sample of each byte of 8-bit PCM."""
_MULAW = [_of_mulaw(code) for code in range(256)]
