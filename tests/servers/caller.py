"""A customer at a telephone: signalling by sipp, sound of our own, so that what arrives can be measured.

python -m tests.servers.caller PORT NUMBER     call NUMBER through the edge at PORT of this machine; what is typed are keys, Ctrl-C hangs up
"""

from __future__ import annotations

import argparse
import math
import signal
import socket
import struct
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from itertools import count
from pathlib import Path

from tests.servers.telephony import NEEDED

SCENARIO = Path(__file__).parent / "customer.xml"
PACKET_SECONDS = 0.02
RATE = 8000
ALAW = 8
KEYS = 101
CLEAR_DECIBELS = -12
"""Of a tone within one packet: music and speech are softer, and spread over more tones."""
_words = count(1)


class Telephone:
    """Calls `number` through the edge as `caller`, speaking one steady tone; or through another proxy at its port of `host`.

    `codecs` are payload types that it offers when it comes back from hold; when it calls it offers 8, 0 and 101.
    """

    def __init__(
        self,
        edge: int,
        number: str,
        *,
        folder: Path,
        caller: str = "+33145060708",
        hertz: int = 440,
        codecs: str = "8 0 101",
        host: str = "127.0.0.1",
    ) -> None:
        self.call_id = f"customer-{next(_words)}"
        self._notes = Notes(folder / f"{self.call_id}.notes")
        self.sound, self.sound_elsewhere = Sound(hertz, self._notes), Sound(hertz, self._notes)
        self.sound.begin()
        self.log = folder / f"{self.call_id}.log"
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        command = [NEEDED["sip-tester"], f"{host}:{edge}", "-sf", str(SCENARIO), "-s", number, "-i", "127.0.0.1"]
        command += [
            "-p",
            str(self.port),
            "-m",
            "1",
            "-nostdin",
            "-cid_str",
            self.call_id,
            "-trace_err",
            "-error_file",
            str(self.log),
            *self._notes.options,
        ]
        command += [
            "-key",
            "caller",
            caller,
            "-key",
            "name",
            "Claire Vasseur",
            "-key",
            "rtp",
            str(self.sound.port),
            "-key",
            "elsewhere",
            str(self.sound_elsewhere.port),
            "-key",
            "codecs",
            codecs,
        ]
        self.process = subprocess.Popen(  # in a session of its own: a Ctrl-C is not meant for it
            command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd=folder, start_new_session=True
        )

    def hang_up(self) -> None:
        """Tell sipp to end the call."""
        self._tell("MESSAGE")

    def hold(self) -> None:
        """Tell sipp to say that we are on hold."""
        self._tell("INFO")

    def come_back(self) -> None:
        """Tell sipp that we are not on hold any more; once, after `hold`. It names the `codecs`, all as when it called or one as many telephones do."""
        self._tell("UPDATE")

    def press(self, key: str) -> None:
        """Press a key of the telephone, by RFC 4733."""
        self.sound.keys.append("0123456789*#".index(key))

    def move(self) -> None:
        """Tell sipp that the sound is to come to another port: that of `sound_elsewhere`, which speaks from now on."""
        self.sound.close()
        self.sound_elsewhere.begin()
        self._tell("NOTIFY")

    @property
    def directions(self) -> list[str]:
        """What the house answered when we asked for sessions: which way its sound goes."""
        return self._notes.of("direction")

    def _tell(self, method: str) -> None:
        request = (
            f"{method} sip:customer@127.0.0.1 SIP/2.0\r\nVia: SIP/2.0/UDP 127.0.0.1:9;branch=z9hG4bK-{method}\r\n"
            f"From: <sip:test@127.0.0.1>;tag=test\r\nTo: <sip:customer@127.0.0.1>\r\nCall-ID: {self.call_id}\r\n"
            f"CSeq: 1 {method}\r\nContent-Length: 0\r\n\r\n"
        )
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as telling:
            telling.sendto(request.encode(), ("127.0.0.1", self.port))

    @contextmanager
    def frozen(self) -> Iterator[None]:
        """The telephone answers nothing meanwhile."""
        self.process.send_signal(signal.SIGSTOP)
        try:
            yield
        finally:
            self.process.send_signal(signal.SIGCONT)

    def break_line(self) -> None:
        """The line is cut: no sound, no word."""
        self.process.kill()
        self.process.wait(timeout=5)
        self.sound.close()
        self.sound_elsewhere.close()

    @property
    def is_over(self) -> bool:
        """Whether the call has ended at the customer's."""
        return self.process.poll() is not None

    @property
    def is_engaged(self) -> bool:
        """Whether the call goes on, or is being made."""
        return not self.is_over

    def close(self) -> None:
        """Leave nothing behind."""
        if not self.is_over:
            self.process.kill()
        self.process.wait(timeout=5)
        self.sound.close()
        self.sound_elsewhere.close()


class Notes:
    """What a scenario notes as it goes, by `<log>`: lines of a word and what is said of it.

    An `<exec>` would fork sipp, whose child then undoes what both share: now and then sipp heard nothing more.
    """

    def __init__(self, file: Path) -> None:
        self._file = file
        self.options = ["-trace_logs", "-log_file", str(file)]

    def of(self, word: str) -> list[str]:
        """All that was said of this word, in order."""
        written = self._file.read_text() if self._file.exists() else ""
        lines = [line.split(maxsplit=1) for line in written.splitlines(keepends=True) if line.endswith("\n")]
        return [line[1].strip() for line in lines if len(line) == 2 and line[0] == word]


class Sound:
    """RTP at a port of its own: speaks a tone to the port that was noted last, and keeps what is heard."""

    def __init__(self, hertz: int, notes: Notes) -> None:
        self._notes = notes
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._socket.bind(("127.0.0.1", 0))
        self._socket.settimeout(0.005)
        self.port: int = self._socket.getsockname()[1]
        self.heard = bytearray()
        self.packets = 0
        self.everything: list[tuple[float, bytes]] = []
        """Each packet's sound, with when it came in seconds since 1970."""
        self.tone_came_at: float | None = None
        self._awaited = 0
        self.keys: list[int] = []
        self._tone = _alaw_tone(hertz)
        self._closed = threading.Event()
        self._thread = threading.Thread(target=self._run, name="sound", daemon=True)

    def begin(self) -> None:
        """Listen and speak from now on."""
        self._thread.start()

    def loudness(self, hertz: list[int], *, seconds: float = 0.5) -> list[float]:
        """How loud each tone is in what is heard from now on, in decibels of full scale; -200 for nothing."""
        self.heard.clear()
        deadline = time.monotonic() + 5
        while len(self.heard) < seconds * RATE and time.monotonic() < deadline:
            time.sleep(0.02)
        samples = [LINEAR[byte] for byte in bytes(self.heard)]
        return [_decibels(samples, each) for each in hertz]

    def await_tone(self, hertz: int) -> None:
        """From now on, note in `tone_came_at` (seconds since 1970) when this tone first arrives."""
        self.tone_came_at, self._awaited = None, hertz

    def close(self) -> None:
        """Fall silent."""
        self._closed.set()
        if self._thread.is_alive():
            self._thread.join(timeout=5)
        self._socket.close()

    def _look_for_tone(self, packet: bytes) -> None:
        if not self._awaited or self.tone_came_at is not None:
            return
        if _decibels([LINEAR[byte] for byte in packet], self._awaited) > CLEAR_DECIBELS:
            self.tone_came_at = time.time()

    def _port_of_house(self) -> int | None:
        noted = self._notes.of("port")
        return int(noted[-1]) if noted else None

    def _run(self) -> None:
        sequence, due = 0, time.monotonic()
        while not self._closed.is_set():
            try:
                packet = self._socket.recv(2048)
                if len(packet) > 12 and packet[1] & 0x7F == ALAW:
                    self.packets += 1
                    self.heard += packet[12:]
                    self.everything.append((time.time(), packet[12:]))
                    self._look_for_tone(packet[12:])
            except TimeoutError:
                pass
            if time.monotonic() >= due and (port := self._port_of_house()):
                due = max(due + PACKET_SECONDS, time.monotonic() - 0.1)
                header = struct.pack("!BBHII", 0x80, ALAW, sequence & 0xFFFF, sequence * 160 & 0xFFFFFFFF, 0x5EED)
                self._socket.sendto(header + self._tone[sequence % len(self._tone)], ("127.0.0.1", port))
                sequence += 1
                if self.keys:
                    sequence = self._press(self.keys.pop(0), sequence, port)

    def _press(self, key: int, sequence: int, port: int) -> int:
        """Six packets of a key that is held for 100 ms, the last three saying that it is over; the next sequence number."""
        began = sequence * 160 & 0xFFFFFFFF
        for packet in range(6):
            ended = packet >= 3
            header = struct.pack("!BBHII", 0x80, KEYS | (0x80 if not packet else 0), sequence & 0xFFFF, began, 0x5EED)
            event = struct.pack("!BBH", key, (0x80 if ended else 0) | 10, 200 * (min(packet, 3) + 1))
            self._socket.sendto(header + event, ("127.0.0.1", port))
            sequence += 1
        return sequence


def _to_linear(byte: int) -> int:
    """ITU-T G.711, A-law."""
    byte ^= 0x55
    exponent, mantissa = (byte & 0x70) >> 4, byte & 0x0F
    value = (mantissa << 4) + 8 if exponent == 0 else ((mantissa << 4) + 0x108) << (exponent - 1)
    return value if byte & 0x80 else -value


LINEAR = [_to_linear(byte) for byte in range(256)]
_BYTES = sorted((value, byte) for byte, value in enumerate(LINEAR))


def _alaw_tone(hertz: int) -> list[bytes]:
    """Packets of a tone that can be repeated: one second."""
    from bisect import bisect

    def byte_of(value: float) -> int:
        return _BYTES[min(len(_BYTES) - 1, bisect(_BYTES, (value, 0)))][1]

    samples = bytes(byte_of(12_000 * math.sin(2 * math.pi * hertz * n / RATE)) for n in range(RATE))
    return [samples[first : first + 160] for first in range(0, RATE, 160)]


def _decibels(samples: list[int], hertz: int) -> float:
    if not samples:
        return -200.0
    turn = 2 * math.pi * hertz / RATE
    real = sum(value * math.cos(turn * n) for n, value in enumerate(samples))
    imaginary = sum(value * math.sin(turn * n) for n, value in enumerate(samples))
    amplitude = 2 * math.hypot(real, imaginary) / len(samples) / 32_768
    return 20 * math.log10(max(amplitude, 1e-10))


def main() -> None:
    """One call by hand, until either side hangs up."""
    asked = argparse.ArgumentParser(description="Call as a customer, with a tone for a voice.")
    asked.add_argument("port", type=int, help="of the edge, on this machine")
    asked.add_argument("number", help="which is called")
    asked.add_argument("--caller", default="+33145060708", help="the number that calls")
    given = asked.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        telephone = Telephone(given.port, given.number, caller=given.caller, folder=Path(folder))
        print("Calling, with a tone for a voice. Type keys and Enter to press them; Ctrl-C hangs up.", flush=True)
        threading.Thread(target=_press_what_is_typed, args=[telephone], daemon=True).start()
        with suppress(KeyboardInterrupt):
            while telephone.is_engaged:
                time.sleep(0.2)
            print("The house hung up." if telephone.sound.packets else "Nobody answered.")
            return
        telephone.hang_up()
        with suppress(subprocess.TimeoutExpired):
            telephone.process.wait(timeout=5)
        telephone.close()


def _press_what_is_typed(telephone: Telephone) -> None:
    for line in sys.stdin:
        for key in line.strip():
            if key in "0123456789*#":
                telephone.press(key)


if __name__ == "__main__":
    main()
