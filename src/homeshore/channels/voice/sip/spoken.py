"""Utterance that somebody wrote on a screen, spoken by Debian's espeak-ng, as the announcements that are shipped were; and sentences put together
of such announcements.

A file is named after what is said in it: whoever needs it first has it spoken, on whichever machine, and nothing else is kept; what nobody
says any more is swept away (`forgetting.sweep_spoken`). A menu is
spoken when it is saved; a telephone that does not find the file, since it runs elsewhere, has it spoken beside its loop (`Speaker`).
"""

import hashlib
import json
import os
import shutil
import struct
import subprocess
import tempfile
import wave
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from functools import partial
from itertools import groupby
from pathlib import Path

from homeshore.channels.voice.sip import alaw, sound
from homeshore.channels.voice.sip.menu import Utterance

SPEAKER = "espeak-ng"
VOICES = {"fr": "fr+f2", "en": "en-gb+f2"}
WORDS_A_MINUTE, AMPLITUDE = "150", "78"
"""The pace and, nearly, the loudness of the announcements."""
PATIENCE_SECONDS = 10


class CannotSpeak(Exception):
    """There is no espeak-ng on this machine, or it failed."""


def can_speak() -> bool:
    """Whether words can be spoken here."""
    return shutil.which(SPEAKER) is not None


def name_of(words: Sequence[Utterance]) -> str:
    """The name that a file of these words has."""
    meant = [[each.language, each.text, *([each.prompt] if each.prompt else [])] for each in words]
    return hashlib.sha256(json.dumps([meant, VOICES, WORDS_A_MINUTE, AMPLITUDE, alaw.FORMAT]).encode()).hexdigest()[:32]


def own_name(prompt: str) -> str:
    """The name that the file of a recording of the operator's own has."""
    return f"own-{prompt}"


def prompt_in(folder: Path, name: str) -> Path:
    """Where a recording of the operator's own lies while it is said."""
    return folder / f"{own_name(name)}.wav"


def lay_out(prompt: bytes, folder: Path, name: str) -> None:
    """Put a recording of the operator's own where it can be said. Raises OSError."""
    file = prompt_in(folder, name)
    _open_to_all(folder)
    with tempfile.TemporaryDirectory(dir=folder) as made_in:
        whole = Path(made_in) / "all.wav"
        whole.write_bytes(prompt)
        _put(whole, file)


def file_of(words: Sequence[Utterance], folder: Path) -> Path:
    """A WAV file of these words, one after another. Raises CannotSpeak, and OSError when it cannot be written or a prompt is not laid out.

    Everybody on the machine may read it, as every caller may hear it: rtpengine is another user.
    """
    file = folder / f"{name_of(words)}.wav"
    if not file.exists():
        _open_to_all(folder)
        with tempfile.TemporaryDirectory(dir=folder) as made_in:
            spoken = [
                prompt_in(folder, prompt)
                if prompt
                else _speak(language, " ".join(each.text for each in same), Path(made_in) / f"{number}.wav")
                for number, ((language, prompt), same) in enumerate(groupby(words, key=_voice_of))
            ]
            join = _joined if not any(each.prompt for each in words) else _brought_together
            _put(join(spoken, Path(made_in) / "all.wav"), file)
    return file


def _voice_of(words: Utterance) -> tuple[str, str]:
    return words.language, words.prompt


class Speaker:
    """Speaks beside the loop of a telephone, one thing after another, so that no call waits for the words of another one.

    `on_spoken` is called, from another thread, whenever something has been spoken or could not be.
    """

    def __init__(self) -> None:
        self.on_spoken: Callable[[], None] = lambda: None
        self._pool = ThreadPoolExecutor(max_workers=1, thread_name_prefix="speaker")
        self._asked: dict[str, Future[Path]] = {}

    def file_of(self, words: Sequence[Utterance], folder: Path) -> Path | None:
        """A WAV file of these words; None while they are being spoken: ask again. Raises what `file_of` raises, once."""
        return self._made(folder / f"{name_of(words)}.wav", partial(file_of, words, folder))

    def joined(self, parts: Sequence[Path], folder: Path) -> Path | None:
        """A WAV file of these ones, one after another; None while it is being made: ask again. Raises OSError, and NoSound once."""
        file = folder / f"{_name_of_joined(parts)}.wav"
        return self._made(file, partial(_join, parts, file))

    def _made(self, file: Path, make: Callable[[], Path]) -> Path | None:
        asked = self._asked.get(file.name)
        if asked is None and file.exists():
            return file
        if asked is None:
            self._asked[file.name] = asked = self._pool.submit(make)
            asked.add_done_callback(lambda _: self.on_spoken())
        if not asked.done():
            return None
        del self._asked[file.name]
        return asked.result()

    def close(self) -> None:
        """Speak nothing any more."""
        self._pool.shutdown(wait=False, cancel_futures=True)


def _open_to_all(folder: Path) -> None:
    if not folder.exists():
        folder.mkdir(parents=True, exist_ok=True)
        folder.chmod(0o755)


def _put(whole: Path, file: Path) -> None:
    whole.chmod(0o644)
    os.replace(whole, file)


def _name_of_joined(parts: Sequence[Path]) -> str:
    """The name that a file of these has; another one when one of them was replaced."""
    known = [(str(each), each.stat().st_mtime_ns, each.stat().st_size) for each in parts]
    return hashlib.sha256(json.dumps([known, alaw.FORMAT]).encode()).hexdigest()[:32]


def _join(parts: Sequence[Path], file: Path) -> Path:
    _open_to_all(file.parent)
    with tempfile.TemporaryDirectory(dir=file.parent) as made_in:
        _put(_brought_together(parts, Path(made_in) / "all.wav"), file)
    return file


def _brought_together(parts: Sequence[Path], file: Path) -> Path:
    """Recordings of whatever rate, one after another."""
    file.write_bytes(sound.joined([each.read_bytes() for each in parts]))
    return file


def _speak(language: str, text: str, file: Path) -> Path:
    command = [SPEAKER, "-v", VOICES[language], "-s", WORDS_A_MINUTE, "-a", AMPLITUDE, "-w", str(file), "--stdin"]
    try:
        subprocess.run(  # noqa: S603 – a fixed program; what somebody wrote goes to its standard input
            command, input=text.encode(), capture_output=True, check=True, timeout=PATIENCE_SECONDS
        )
    except FileNotFoundError as error:
        raise CannotSpeak(f"{SPEAKER} is not installed here: apt-get install {SPEAKER}") from error
    except subprocess.SubprocessError as error:
        raise CannotSpeak(f"{SPEAKER} failed: {error}") from error
    return file


def _joined(files: Sequence[Path], file: Path) -> Path:
    spoken, rate = list[int](), 0
    for each in files:
        with wave.open(str(each), "rb") as part:
            rate, frames = part.getframerate(), part.readframes(part.getnframes())
            spoken += struct.unpack(f"<{len(frames) // 2}h", frames)
    file.write_bytes(alaw.as_wav(spoken, rate=rate))
    return file
