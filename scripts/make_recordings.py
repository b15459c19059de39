"""Make the recordings that callers hear while they wait, out of sine waves: nothing is downloaded and nobody's rights are touched.

The music is that of `frontend/src/softphone/music.ts`. Run again, it writes the same bytes: `python scripts/make_recordings.py`.
"""

import math
import struct
import wave
from pathlib import Path

FOLDER = Path(__file__).parent.parent / "src/homeshore/channels/voice/sip/recordings"
RATE = 8000
CHORDS = [
    [261.63, 329.63, 392.0, 493.88],
    [220.0, 261.63, 329.63, 392.0],
    [174.61, 220.0, 261.63, 329.63],
    [196.0, 246.94, 293.66, 392.0],
]
CHORD_SECONDS, NOTE_SECONDS, RISE_SECONDS = 4.0, 0.5, 0.04
LOUDNESS, FAINTEST = 0.16, 0.002


def music() -> list[float]:
    """Four soft chords, each up and down again, the last note of each left to ring: 16 s that can be repeated."""
    samples = [0.0] * int(RATE * CHORD_SECONDS * len(CHORDS))
    for bar, chord in enumerate(CHORDS):
        for beat, step in enumerate((0, 1, 2, 3, 2, 1, 2, 3)):
            _add(samples, chord[step], bar * CHORD_SECONDS + beat * NOTE_SECONDS, 2.0 if beat == 7 else 1.2)
    return samples


def hold() -> list[float]:
    """Two short notes every four seconds: you are not forgotten."""
    samples = [0.0] * (RATE * 4)
    _add(samples, 392.0, 0.2, 0.7)
    _add(samples, 329.63, 0.6, 1.2)
    return samples


def _add(samples: list[float], hertz: float, at: float, seconds: float) -> None:
    first = int(at * RATE)
    for n in range(int(seconds * RATE)):
        t = n / RATE
        rising = t < RISE_SECONDS
        shape = t / RISE_SECONDS if rising else FAINTEST ** ((t - RISE_SECONDS) / (seconds - RISE_SECONDS))
        samples[(first + n) % len(samples)] += LOUDNESS * shape * math.sin(2 * math.pi * hertz * t)


def write(name: str, samples: list[float]) -> None:
    """A WAV file of 16 bits at 8 kHz."""
    with wave.open(str(FOLDER / name), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(RATE)
        file.writeframes(b"".join(struct.pack("<h", round(32_767 * max(-1.0, min(1.0, each)))) for each in samples))


if __name__ == "__main__":
    FOLDER.mkdir(exist_ok=True)
    write("music.wav", music())
    write("hold.wav", hold())
