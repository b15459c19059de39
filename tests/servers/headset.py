"""An agent's browser without a browser: WebRTC by aiortc, with a tone for a voice and an ear that measures."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Coroutine
from fractions import Fraction
from typing import Any

import av
import numpy as np
from aiortc import RTCPeerConnection, RTCSessionDescription
from aiortc.mediastreams import MediaStreamError, MediaStreamTrack

RATE = 48_000
FRAME = 960


class Headset:
    """One connection at a time; it speaks once its microphone is open."""

    def __init__(self, hertz: int = 1000) -> None:
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="headset", daemon=True)
        self._thread.start()
        self._hertz, self._peer = hertz, None
        self._ear: asyncio.Task | None = None
        self._heard: list[np.ndarray] = []
        self.microphone = threading.Event()

    @property
    def hears(self) -> bool:
        """Whether sound has come."""
        return bool(self._heard)

    def answer(self, offer: str) -> str:
        """Answer an offer anew: whatever was heard before is forgotten."""
        return self._do(self._answer(offer))

    def offer(self) -> str:
        """Offer sound anew, as a customer's page does: whatever was heard before is forgotten."""
        return self._do(self._offer())

    def accept(self, answer: str) -> None:
        """Take the answer to the last offer."""
        self._do(self._peer.setRemoteDescription(RTCSessionDescription(answer, "answer")))

    def loudness(self, hertz: list[int], *, seconds: float = 0.5) -> list[float]:
        """How loud each tone is in what is heard from now on, in decibels of full scale; -200 for nothing."""
        return self._do(self._listen(hertz, seconds))

    def hang_up(self) -> None:
        """Close the connection."""
        self._do(self._close())

    def close(self) -> None:
        self.hang_up()
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(timeout=5)
        self._loop.close()

    def _do(self, work: Coroutine[Any, Any, Any]) -> Any:
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(timeout=15)

    async def _answer(self, offer: str) -> str:
        peer = await self._begin()
        await peer.setRemoteDescription(RTCSessionDescription(offer, "offer"))
        await peer.setLocalDescription(await peer.createAnswer())
        return peer.localDescription.sdp

    async def _offer(self) -> str:
        peer = await self._begin()
        await peer.setLocalDescription(await peer.createOffer())
        return peer.localDescription.sdp

    async def _begin(self) -> RTCPeerConnection:
        await self._close()
        self._peer = peer = RTCPeerConnection()
        peer.on("track", self._begin_to_hear)
        peer.addTrack(_Tone(self._hertz, self.microphone))
        return peer

    def _begin_to_hear(self, track: MediaStreamTrack) -> None:
        self._ear = asyncio.ensure_future(self._hear(track))

    async def _hear(self, track: MediaStreamTrack) -> None:
        try:
            while True:
                frame = await track.recv()
                samples = frame.to_ndarray().reshape(-1)
                self._heard.append(samples[:: len(frame.layout.channels)].astype(float) / 32_768)
        except MediaStreamError:
            return

    async def _listen(self, hertz: list[int], seconds: float) -> list[float]:
        self._heard.clear()
        for _ in range(500):
            if sum(len(each) for each in self._heard) >= seconds * 8000:
                break
            await asyncio.sleep(0.01)
        if not self._heard:
            return [-200.0] * len(hertz)
        samples = np.concatenate(self._heard)
        rate = 8000 * len(self._heard[0]) / 160  # packets are of 20 ms
        turns = np.exp(-2j * np.pi * np.outer(hertz, np.arange(len(samples))) / rate)
        return [float(20 * np.log10(max(each, 1e-10))) for each in np.abs(turns @ samples) * 2 / len(samples)]

    async def _close(self) -> None:
        self._heard.clear()
        if self._peer:
            await self._peer.close()
            self._peer = None
        if self._ear:
            self._ear.cancel()
            await asyncio.wait([self._ear])
            self._ear = None


class _Tone(MediaStreamTrack):
    kind = "audio"

    def __init__(self, hertz: int, open_: threading.Event) -> None:
        super().__init__()
        self._open, self._position, self._began = open_, 0, 0.0
        turn = 2 * np.pi * hertz / RATE
        self._second = (12_000 * np.sin(turn * np.arange(RATE))).astype(np.int16)

    async def recv(self) -> av.AudioFrame:
        """The next 20 ms, when they are due; nothing at all while the microphone is closed."""
        while not self._open.is_set():
            await asyncio.sleep(0.02)
        loop = asyncio.get_running_loop()
        self._began = self._began or loop.time()
        await asyncio.sleep(max(0.0, self._began + self._position / RATE - loop.time()))
        frame = av.AudioFrame(format="s16", layout="mono", samples=FRAME)
        first = self._position % RATE
        frame.planes[0].update(self._second[first : first + FRAME].tobytes())
        frame.pts, frame.sample_rate, frame.time_base = self._position, RATE, Fraction(1, RATE)
        self._position += FRAME
        return frame
