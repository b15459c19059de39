"""Pure: sound as telephones carry it, G.711 A-law (ITU-T G.711), in a WAV file of one channel.

rtpengine begins such a file in 1.3 ms, and one of 16-bit samples in 1 ms for each second of it: of those ffmpeg, by which it reads, searches the
whole file for another format that may be hidden in it. The telephone waits for it meanwhile.
"""

import struct
from bisect import bisect_left
from collections.abc import Iterable

FORMAT = 6
"""What a WAV file calls A-law."""
SEGMENT_ENDS = (0x1F, 0x3F, 0x7F, 0xFF, 0x1FF, 0x3FF, 0x7FF, 0xFFF)
"""The largest magnitude, of 12 bits, in each of the eight segments of the curve."""
POSITIVE, NEGATIVE = 0xD5, 0x55
"""The sign, and every second bit turned round, as the recommendation has it."""


def _code(reduced: int) -> int:
    """The byte of a sample of 13 bits."""
    magnitude = -reduced - 1 if reduced < 0 else reduced
    segment = bisect_left(SEGMENT_ENDS, magnitude)
    step = magnitude >> max(segment, 1) & 0x0F
    return (segment << 4 | step) ^ (NEGATIVE if reduced < 0 else POSITIVE)


_CODES = bytes(map(_code, [*range(4096), *range(-4096, 0)]))
"""By a sample of 13 bits, the negative ones counted from the end."""


def encoded(samples: Iterable[int]) -> bytes:
    """16-bit samples as A-law, a byte each."""
    return bytes(_CODES[sample >> 3] for sample in samples)


def _sample(code: int) -> int:
    """The 16-bit sample in the middle of those that have this byte."""
    turned = code ^ NEGATIVE
    segment, step = turned >> 4 & 0x07, turned & 0x0F
    magnitude = (step << 4) + 8 if segment == 0 else ((step << 4) + 0x108) << (segment - 1)
    return magnitude if turned & 0x80 else -magnitude


_SAMPLES = [_sample(code) for code in range(256)]


def decoded(sound: bytes) -> list[int]:
    """A-law as 16-bit samples."""
    return [_SAMPLES[code] for code in sound]


def as_wav(samples: Iterable[int], *, rate: int) -> bytes:
    """A WAV file of these 16-bit samples, so many a second, as A-law."""
    sound = encoded(samples)
    described = struct.pack("<HHIIHHH", FORMAT, 1, rate, rate, 1, 8, 0)
    chunks = [(b"fmt ", described), (b"fact", struct.pack("<I", len(sound))), (b"data", sound)]
    body = b"WAVE" + b"".join(
        name + struct.pack("<I", len(each)) + each + b"\0" * (len(each) % 2) for name, each in chunks
    )
    return b"RIFF" + struct.pack("<I", len(body)) + body


def seconds_of(wav: bytes) -> float:
    """How long a file lasts that `as_wav` made."""
    rate: int = struct.unpack_from("<I", wav, 24)[0]
    sound: int = struct.unpack_from("<I", wav, 54)[0]
    return sound / rate
