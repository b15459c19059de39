"""A film of what happened in several browsers at once, side by side, with the sound that went along: var/films/NAME.webm, for whoever wants to see it.

`with filmed(file, desk, floor) as film:` films until the block ends. `film.watch(page)` films one more; `film.hear(…)` adds a sound, to the left
ear and to the right by turns.
"""

from __future__ import annotations

import io
import json
import math
import time
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
from playwright.sync_api import Page

from tests.servers.caller import LINEAR, Sound

FRAMES_A_SECOND = 5
TILE = (720, 450)
SOUND_RATE = 48_000
TELEPHONE_RATE = 8_000
MOST_JITTER_SECONDS = 0.2
Picture = tuple[float, bytes]
"""When it was taken, in seconds since 1970, and the JPEG."""


@dataclass
class Film:
    """Who is filmed, each in a browser of its own; and what was heard: samples between -1 and 1, their rate, and when they began, in seconds
    since 1970.
    """

    pages: list[Page] = field(default_factory=list)
    sounds: list[tuple[np.ndarray, int, float]] = field(default_factory=list)

    def watch(self, page: Page) -> None:
        """Film this page too, from now on."""
        page.context.tracing.start(screenshots=True)
        self.pages.append(page)

    def hear(self, samples: np.ndarray, *, rate: int, began_at: float) -> None:
        """Add a sound."""
        self.sounds.append((samples, rate, began_at))


@contextmanager
def filmed(file: Path, *pages: Page) -> Iterator[Film]:
    """Film these pages, one beside the other."""
    film, began = Film(), time.time()
    for page in pages:
        film.watch(page)
    try:
        yield film
    finally:
        file.parent.mkdir(parents=True, exist_ok=True)
        rolls = [_pictures_of(page, file.with_suffix(".zip")) for page in film.pages]
    _develop(rolls, film.sounds, file, began=began, ended=time.time())


def heard_by_telephone(sound: Sound) -> tuple[np.ndarray, int, float]:
    """All that came to a telephone, each packet at its time: samples, their rate, when they began."""
    began = sound.everything[0][0]
    samples = np.zeros(int((sound.everything[-1][0] - began + 1) * TELEPHONE_RATE), np.float32)
    end = 0
    for came, packet in sound.everything:
        at = int((came - began) * TELEPHONE_RATE)
        first = end if abs(at - end) < MOST_JITTER_SECONDS * TELEPHONE_RATE else at
        end = first + len(packet)
        samples[first:end] = [LINEAR[byte] / 32_768 for byte in packet]
    return samples, TELEPHONE_RATE, began


def _pictures_of(page: Page, trace: Path) -> list[Picture]:
    """What a browser showed, from its trace."""
    page.context.tracing.stop(path=trace)
    with zipfile.ZipFile(trace) as archive:
        told = [json.loads(line) for line in archive.read("trace.trace").splitlines()]
        frames = [each for each in told if each["type"] == "screencast-frame"]
        pictures = [(each["frameSwapWallTime"] / 1000, archive.read(each["file"])) for each in frames]
    trace.unlink()
    return pictures


def _develop(
    rolls: list[list[Picture]],
    sounds: list[tuple[np.ndarray, int, float]],
    file: Path,
    *,
    began: float,
    ended: float,
) -> None:
    columns = min(2, len(rolls))
    rows = math.ceil(len(rolls) / columns)
    with av.open(str(file), "w") as out:
        picture = out.add_stream("libvpx", rate=FRAMES_A_SECOND)
        picture.width, picture.height, picture.pix_fmt = TILE[0] * columns, TILE[1] * rows, "yuv420p"
        picture.bit_rate = 600_000
        picture.options = {"deadline": "realtime", "cpu-used": "8"}
        sound = out.add_stream("libopus", rate=SOUND_RATE, layout="stereo")
        sheet = np.full((TILE[1] * rows, TILE[0] * columns, 3), 255, np.uint8)
        for number in range(int((ended - began) * FRAMES_A_SECOND)):
            now = began + number / FRAMES_A_SECOND
            for place, roll in enumerate(rolls):
                if (shown := _last_before(roll, now)) is not None:
                    top, left = place // columns * TILE[1], place % columns * TILE[0]
                    sheet[top : top + TILE[1], left : left + TILE[0]] = shown
            frame = av.VideoFrame.from_ndarray(sheet, format="rgb24")
            frame.pts, frame.time_base = number, Fraction(1, FRAMES_A_SECOND)
            out.mux(picture.encode(frame))
        out.mux(picture.encode())
        heard = av.AudioFrame.from_ndarray(_mixed(sounds, began, ended), format="flt", layout="stereo")
        heard.sample_rate, heard.pts = SOUND_RATE, 0
        out.mux(sound.encode(heard))
        out.mux(sound.encode())


def _last_before(roll: list[Picture], now: float) -> np.ndarray | None:
    """Take what was shown last by then from the roll, if it is new; as large as fits a tile."""
    shown = None
    while roll and roll[0][0] <= now:
        shown = roll.pop(0)[1]
    if shown is None:
        return None
    with av.open(io.BytesIO(shown), format="mjpeg") as picture:
        frame = next(picture.decode(video=0))
    scale = min(TILE[0] / frame.width, TILE[1] / frame.height)
    width, height = int(frame.width * scale), int(frame.height * scale)
    tile = np.full((TILE[1], TILE[0], 3), 255, np.uint8)
    tile[:height, :width] = frame.reformat(width, height, format="rgb24").to_ndarray()
    return tile


def _mixed(sounds: list[tuple[np.ndarray, int, float]], began: float, ended: float) -> np.ndarray:
    """Both ears' samples, one after the other by turns, as they are kept in a frame."""
    ears = np.zeros((int((ended - began) * SOUND_RATE), 2), np.float32)
    for ear, (samples, rate, at) in enumerate(sounds):
        played = np.repeat(samples, SOUND_RATE // rate)
        first = max(0, int((at - began) * SOUND_RATE))
        played = played[: len(ears) - first]
        ears[first : first + len(played), ear % 2] += played
    return ears.reshape(1, -1)
