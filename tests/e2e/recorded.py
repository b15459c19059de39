"""What a recording holds: its two sides decoded, and the loudness of each voice's tone in them."""

from __future__ import annotations

import io

import av
import numpy as np

RATE = 16_000


def sides_of(sound: bytes) -> tuple[np.ndarray, np.ndarray]:
    """The customer's and the agent's side, in samples between -1 and 1 at 16 kHz."""
    resampler = av.AudioResampler(format="fltp", layout="stereo", rate=RATE)
    with av.open(io.BytesIO(sound)) as file:
        pieces = [each.to_ndarray() for frame in file.decode(audio=0) for each in resampler.resample(frame)]
    left, right = np.concatenate(pieces, axis=1)
    return left, right


def loudness(samples: np.ndarray, hertz: int) -> float:
    """How loud a tone is in the loudest second of samples, in decibels of full scale; -200 for nothing at all."""
    turn = np.exp(-2j * np.pi * hertz * np.arange(RATE) / RATE)
    seconds = [samples[at : at + RATE] for at in range(0, len(samples) - RATE + 1, RATE // 2)]
    amplitudes = [2 * abs(np.dot(each, turn)) / RATE for each in seconds]
    return float(20 * np.log10(max([*amplitudes, 1e-10])))


def silent_seconds(samples: np.ndarray) -> float:
    """How long, in the longest stretch, nothing at all is heard."""
    quiet = np.abs(samples[: len(samples) // 160 * 160].reshape(-1, 160)).max(axis=1) < 0.003
    longest = run = 0
    for each in quiet:
        run = run + 1 if each else 0
        longest = max(longest, run)
    return longest / 100
