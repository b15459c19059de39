"""Pure: sound as telephones carry it, G.711 A-law (ITU-T G.711), in a WAV file of one channel.

rtpengine begins such a file in 1.3 ms, and one of 16-bit samples in 1 ms for each second of it: of those ffmpeg, by which it reads, searches the
whole file for another format that may be hidden in it. The telephone waits for it meanwhile.
"""

import struct

import numpy as np
from numpy.typing import NDArray

FORMAT = 6
"""What a WAV file calls A-law."""
SEGMENT_ENDS = np.array([0x1F, 0x3F, 0x7F, 0xFF, 0x1FF, 0x3FF, 0x7FF, 0xFFF])
"""The largest magnitude, of 12 bits, in each of the eight segments of the curve."""
POSITIVE, NEGATIVE = 0xD5, 0x55
"""The sign, and every second bit turned round, as the recommendation has it."""


def encoded(samples: NDArray[np.int16]) -> bytes:
    """16-bit samples as A-law, a byte each."""
    reduced = samples.astype(np.int32) >> 3
    magnitude = np.where(reduced < 0, -reduced - 1, reduced)
    segment = np.searchsorted(SEGMENT_ENDS, magnitude)
    step = magnitude >> np.maximum(segment, 1) & 0x0F
    codes = (segment << 4 | step) ^ np.where(reduced < 0, NEGATIVE, POSITIVE)
    return codes.astype(np.uint8).tobytes()


def as_wav(samples: NDArray[np.int16], *, rate: int) -> bytes:
    """A WAV file of these 16-bit samples, so many a second, as A-law."""
    sound = encoded(samples)
    described = struct.pack("<HHIIHHH", FORMAT, 1, rate, rate, 1, 8, 0)
    chunks = [(b"fmt ", described), (b"fact", struct.pack("<I", len(sound))), (b"data", sound)]
    body = b"WAVE" + b"".join(
        name + struct.pack("<I", len(each)) + each + b"\0" * (len(each) % 2) for name, each in chunks
    )
    return b"RIFF" + struct.pack("<I", len(body)) + body
