"""Make the recordings that callers hear while they wait: `python scripts/make_recordings.py`. They are kept in the repository.

The music is made of sine waves, as in `frontend/src/softphone/music.ts`: nothing is downloaded and nobody's rights are touched.
What is said is spoken by espeak-ng (apt-get install espeak-ng), whose voice is plain; a house may put its own in the place.
"""

import math
import subprocess
from pathlib import Path

import numpy as np
from scipy.signal import resample_poly

from homeshore.channels.voice.sip import alaw
from homeshore.channels.voice.sip.programme import WAIT_HIGHS, WAIT_LOWS

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
SPEECH_LOUDNESS = 0.5
ESPEAK_RATE = 22_050
VOICES = {"fr": "fr+f2", "en": "en-gb+f2"}
WORDS = {
    "fr": {
        "welcome": "Bonjour, et merci de votre appel. Un conseiller va vous répondre.",
        "welcome-recorded": "Bonjour, et merci de votre appel. Il peut être enregistré pour améliorer nos réponses. Pour refuser, appuyez sur la touche 9, à tout moment. Un conseiller va vous répondre.",
        "welcome-listened": "Bonjour, et merci de votre appel. Un responsable peut écouter la conversation, pour aider et former nos conseillers. Un conseiller va vous répondre.",
        "welcome-recorded-listened": "Bonjour, et merci de votre appel. Il peut être enregistré pour améliorer nos réponses, et un responsable peut l'écouter pour aider et former nos conseillers. Pour refuser l'enregistrement, appuyez sur la touche 9, à tout moment. Un conseiller va vous répondre.",
        "unrecorded": "C'est noté, votre appel ne sera pas enregistré.",
        "next": "Vous êtes le prochain appel pris. Merci de rester en ligne.",
        "patience": "Tous nos conseillers sont en ligne. Merci de patienter, nous ne vous oublions pas.",
        "place": "Vous êtes en position {place} dans la file d'attente. Merci de patienter.",
        "wait": "Votre attente est estimée",
        "wait-under-a-minute": "à moins d'une minute.",
        "wait-under": "à moins de {minutes} minutes.",
        "wait-between": "entre {minutes}",
        "wait-and": "et {minutes} minutes.",
    },
    "en": {
        "welcome": "Hello, and thank you for calling. One of our agents will be with you.",
        "welcome-recorded": "Hello, and thank you for calling. This call may be recorded to improve our answers. To refuse, press 9 at any time. One of our agents will be with you.",
        "welcome-listened": "Hello, and thank you for calling. A supervisor may listen to this call, to help and train our agents. One of our agents will be with you.",
        "welcome-recorded-listened": "Hello, and thank you for calling. This call may be recorded to improve our answers, and a supervisor may listen to it, to help and train our agents. To refuse the recording, press 9 at any time. One of our agents will be with you.",
        "unrecorded": "Noted. Your call will not be recorded.",
        "next": "Your call is the next to be answered. Please stay on the line.",
        "patience": "All our agents are on the line. Please bear with us, you have not been forgotten.",
        "place": "You are number {place} in the queue. Please stay on the line.",
        "wait": "Your wait is expected to be",
        "wait-under-a-minute": "less than a minute.",
        "wait-under": "less than {minutes} minutes.",
        "wait-between": "between {minutes}",
        "wait-and": "and {minutes} minutes.",
    },
}
LAST_PLACE = 10
FEMININE = {"fr": {1: "une"}, "en": {}}
"""How a number of minutes is said where espeak-ng says it otherwise."""
BREATHLESS, FAINT = "wait", 0.01
"""Recordings whose names begin so are put together: what is fainter at their ends is cut off, but for a moment."""
MOMENT_SECONDS = 0.04


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


def ringing() -> list[float]:
    """What one hears who calls somebody in France: 440 Hz for 1.5 s, every 5 s (ITU-T E.180, supplement 2)."""
    tone = [LOUDNESS * math.sin(2 * math.pi * 440 * n / RATE) for n in range(int(1.5 * RATE))]
    return tone + [0.0] * int(3.5 * RATE)


def _add(samples: list[float], hertz: float, at: float, seconds: float) -> None:
    first = int(at * RATE)
    for n in range(int(seconds * RATE)):
        t = n / RATE
        rising = t < RISE_SECONDS
        shape = t / RISE_SECONDS if rising else FAINTEST ** ((t - RISE_SECONDS) / (seconds - RISE_SECONDS))
        samples[(first + n) % len(samples)] += LOUDNESS * shape * math.sin(2 * math.pi * hertz * t)


def speech(text: str, voice: str, *, breath_seconds: tuple[float, float] = (0.25, 0.25)) -> list[float]:
    """What espeak-ng says, at a telephone's rate, with a breath before and after."""
    spoken = subprocess.run(
        ["espeak-ng", "-v", voice, "-s", "150", "--stdout", text], capture_output=True, check=True
    ).stdout
    samples = np.frombuffer(spoken[44:], dtype="<i2") / 32_768  # after the header of the WAV file
    slow = resample_poly(samples, RATE // 50, ESPEAK_RATE // 50)
    before, after = (np.zeros(int(RATE * seconds)) for seconds in breath_seconds)
    return list(np.concatenate([before, slow * SPEECH_LOUDNESS / np.abs(slow).max(), after]))


def part(text: str, voice: str, *, is_first: bool) -> list[float]:
    """Part of a sentence, without the silence of its ends."""
    samples = np.array(speech(text, voice, breath_seconds=(0, 0)))
    loud = np.flatnonzero(np.abs(samples) > FAINT)
    moment = int(RATE * MOMENT_SECONDS)
    kept = samples[max(0, loud[0] - moment) : loud[-1] + moment]
    breath = np.zeros(RATE // 4)
    ends = text.endswith(".")
    return list(np.concatenate([breath if is_first else breath[:0], kept, breath if ends else breath[:0]]))


def announcements(language: str) -> dict[str, str]:
    """The words of each recording of a language."""
    words = dict(WORDS[language])
    place, *waits = (words.pop(each) for each in ("place", "wait-under", "wait-between", "wait-and"))
    for name, wait, numbers in zip(
        ("under", "between", "and"), waits, (WAIT_HIGHS, WAIT_LOWS, WAIT_HIGHS), strict=True
    ):
        words |= {f"wait-{name}-{n}": wait.format(minutes=FEMININE[language].get(n, n)) for n in numbers}
    return words | {f"place-{number}": place.format(place=number) for number in range(2, LAST_PLACE + 1)}


def write(name: str, samples: list[float]) -> None:
    """A WAV file of A-law at 8 kHz."""
    (FOLDER / name).parent.mkdir(parents=True, exist_ok=True)
    whole = np.round(32_767 * np.clip(samples, -1.0, 1.0)).astype(np.int16)
    (FOLDER / name).write_bytes(alaw.as_wav(whole.tolist(), rate=RATE))


if __name__ == "__main__":
    write("music.wav", music())
    write("hold.wav", hold())
    write("ringing.wav", ringing())
    for language, voice in VOICES.items():
        for name, text in announcements(language).items():
            in_parts = name.startswith(BREATHLESS)
            said = part(text, voice, is_first=name == BREATHLESS) if in_parts else speech(text, voice)
            write(f"{language}/{name}.wav", said)
