"""Two browsers that really speak with each other: each plays a tone of its own into its microphone, and what arrives is measured."""

from __future__ import annotations

import math
import struct
import wave
from pathlib import Path

from playwright.sync_api import Browser, Page, Playwright

TONES = {"customer": 440, "agent": 1000}
"""Hertz that the microphone of each side hears."""
VOICES = TONES | {"supervisor": 1700}
"""... and that of a supervisor."""
SPEAKING = [
    "--use-fake-device-for-media-stream",
    "--use-fake-ui-for-media-stream",
    "--allow-loopback-in-peer-connection",
]
RELAY_ONLY = """
(() => {
  const Native = window.RTCPeerConnection;
  window.RTCPeerConnection = class extends Native {
    constructor(config, ...given) { super({ ...config, iceTransportPolicy: "relay" }, ...given); }
  };
})();
"""
"""A page whose calls may take no way but the relay."""
WATCH = """
(() => {
  const peers = (window.__peers = []);
  const Native = window.RTCPeerConnection;
  window.RTCPeerConnection = class extends Native {
    constructor(...given) { super(...given); peers.push(this); }
  };
  window.__tones = async (hertz, line) => {
    const peer = peers.filter((each) => each.connectionState === "connected").at(line);
    const track = peer?.getReceivers()[0]?.track;
    if (!track) return null;
    const context = new AudioContext();
    await context.resume();
    const analyser = context.createAnalyser();
    analyser.fftSize = 8192;
    context.createMediaStreamSource(new MediaStream([track])).connect(analyser);
    const bins = new Float32Array(analyser.frequencyBinCount);
    const best = hertz.map(() => -200);
    for (let look = 0; look < 12; look++) {
      await new Promise((resume) => setTimeout(resume, 100));
      analyser.getFloatFrequencyData(bins);
      hertz.forEach((each, index) => {
        const at = Math.round((each * analyser.fftSize) / context.sampleRate);
        best[index] = Math.max(best[index], ...bins.slice(at - 2, at + 3));
      });
    }
    await context.close();
    return best;
  };
})();
"""


def make_tone(path: Path, hertz: int, *, seconds: int = 4, rate: int = 48_000) -> Path:
    """A WAV file of one steady tone."""
    samples = (int(12_000 * math.sin(2 * math.pi * hertz * n / rate)) for n in range(rate * seconds))
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(rate)
        file.writeframes(b"".join(struct.pack("<h", sample) for sample in samples))
    return path


def speaking_browser(playwright: Playwright, chromium: Path, flags: list[str], tone: Path) -> Browser:
    """A Chromium whose microphone hears `tone` for ever."""
    return playwright.chromium.launch(
        executable_path=chromium, args=[*flags, *SPEAKING, f"--use-file-for-fake-audio-capture={tone}"]
    )


def tones_heard(page: Page, *, line: int = -1) -> dict[str, float]:
    """How loud, in decibels of full scale, each voice's tone arrives at this page, by its latest line or by the one of this
    number; -200 for nothing at all."""
    heard = page.evaluate("([hertz, line]) => window.__tones(hertz, line)", [list(VOICES.values()), line])
    return dict(zip(VOICES, heard or [-200.0] * len(VOICES), strict=True))


def voices_heard(page: Page, *, line: int = -1) -> set[str]:
    """Whose tones arrive: those that are not 30 dB weaker than the loudest."""
    heard = tones_heard(page, line=line)
    return {side for side, loudness in heard.items() if loudness > max(-50.0, max(heard.values()) - 30)}


def hears_only(page: Page, side: str) -> bool:
    """Whether the tone of `side` arrives here, and the others at least 30 dB weaker."""
    return voices_heard(page) == {side}
