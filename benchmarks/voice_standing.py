"""Calls that stand, with real sound both ways, step by step until it is heard to suffer; and what each of them costs.

sipp's callers come through Kamailio, speak 50 packets a second each to rtpengine and are played music by it: nobody answers them. Beside them
one caller of ours listens: from the sequence numbers, and the kernel's times of arrival, of what they get in some seconds comes loss and
jitter (RFC 3550), and from these the score (ITU-T G.107), for a jitter buffer that is as long as the jitter wants. It falls when it is 0.1
below what it was with nobody else, or under 3.6. How much rtpengine receives is asked of rtpengine: a caller who speaks sends 50 packets a
second. Everything, sipp too, shares the machine: who used how much of it is said. The house's memory is told at each step. The last line is
JSON.
"""

from __future__ import annotations

import json
import os
import re
import socket
import struct
import subprocess
import threading
import time
from dataclasses import dataclass, field
from itertools import count
from typing import Any

import click

from benchmarks.push.ground import Server, data_folder, served_by
from benchmarks.voice_load import NUMBER, cpu_by_program, cpu_seconds, prepare_house
from homeshore.channels.voice.quality.emodel import Measure, mos
from homeshore.channels.voice.sip.media.control import Control
from tests.servers.ground import wait_until
from tests.servers.telephony import NEEDED, Telephony, telephony

SCENARIO = os.path.join(os.path.dirname(__file__), "voice_standing.xml")
FALL, BAR = 0.1, 3.6
LISTEN_SECONDS = 15
STARTED_SECONDS = 12
"""After which who has come hears music: the greeting is over."""
ANOTHER_PIECE = 500
"""Packets, ten seconds of them: nothing that is lost makes numbers jump so far."""
LET_IN = 0.9
"""A house that is asked for more than it can answer refuses some; with so many of them it goes on."""
MEDIA_PORTS = 8000
FIRST_PORT_OF_CALLERS = 40_000
"""Above those of rtpengine; each of sipp's callers has some."""
PORTS_A_CALLER = 4
SO_TIMESTAMPNS = 35
PACKET_SAMPLES, RATE = 160, 8000


@dataclass
class Heard:
    """What came in one stream: its pieces, in each the sequence numbers, each with how long it was on its way (less something that is the same
    for all). What is played next begins at numbers of its own.
    """

    pieces: list[list[tuple[int, float]]] = field(default_factory=list)
    jitter_ms: float = 0.0

    def hear(self, sequence: int, stamp: int, at_ms: float) -> None:
        """Note a packet (jitter: RFC 3550, appendix A.8, in milliseconds)."""
        transit = at_ms - stamp * 1000 / RATE
        if not self.pieces or abs(sequence - self.pieces[-1][-1][0]) > ANOTHER_PIECE:
            self.pieces.append([])
        else:
            self.jitter_ms += (abs(transit - self.pieces[-1][-1][1]) - self.jitter_ms) / 16
        self.pieces[-1].append((sequence, transit))

    @property
    def packets(self) -> int:
        """How many came."""
        return sum(len(piece) for piece in self.pieces)

    @property
    def lost(self) -> float:
        """The share that did not come."""
        numbers = [[sequence for sequence, _ in piece] for piece in self.pieces]
        return 1 - sum(len(set(each)) for each in numbers) / sum(max(each) - min(each) + 1 for each in numbers)


class Listener:
    """A caller whose packets are looked at."""

    def __init__(self, edge: int) -> None:
        self._sip, self._rtp = (socket.socket(socket.AF_INET, socket.SOCK_DGRAM) for _ in range(2))
        for each in (self._sip, self._rtp):
            each.bind(("127.0.0.1", 0))
            each.settimeout(5)
        self._rtp.setsockopt(socket.SOL_SOCKET, SO_TIMESTAMPNS, 1)
        self._rtp.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1_000_000)
        self._edge = ("127.0.0.1", edge)
        self._port = self._call()
        self._closed = threading.Event()
        threading.Thread(target=self._speak, daemon=True).start()

    def listen(self, seconds: float) -> tuple[float, float]:
        """What is lost (0 to 1) and the jitter in milliseconds, of the longest stream that comes in so many seconds."""
        streams: dict[int, Heard] = {}
        began = time.monotonic()
        while time.monotonic() - began < seconds:
            data, ancillary, *_ = self._rtp.recvmsg(2048, 64)
            seconds_at, nanoseconds = struct.unpack("qq", ancillary[0][2])
            _, kind, sequence, stamp, source = struct.unpack_from("!BBHII", data)
            if kind & 0x7F == 8:
                streams.setdefault(source, Heard()).hear(sequence, stamp, seconds_at * 1000 + nanoseconds / 1e6)
        longest = max(streams.values(), key=lambda each: each.packets)
        return longest.lost, longest.jitter_ms

    def close(self) -> None:
        """Be gone without a word."""
        self._closed.set()
        self._sip.close()
        self._rtp.close()

    def _speak(self) -> None:
        """Twice a second, so that we are not taken for lost."""
        for number in count():
            if self._closed.wait(0.5):
                return
            packet = struct.pack("!BBHII", 0x80, 8, number, number * PACKET_SAMPLES, 7) + b"\xd5" * PACKET_SAMPLES
            self._rtp.sendto(packet, ("127.0.0.1", self._port))

    def _call(self) -> int:
        rtp = self._rtp.getsockname()[1]
        sdp = f"v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\nm=audio {rtp} RTP/AVP 8\r\n"
        self._tell("INVITE", f"sip:{NUMBER}@127.0.0.1", f"<sip:{NUMBER}@127.0.0.1>", sdp=sdp)
        answer = ""
        while not answer.startswith("SIP/2.0 200"):
            answer = self._sip.recv(4096).decode()
        to, target = (re.search(rf"^{name}: (.*?)\r", answer, re.M) for name in ("To", "Contact"))
        route = re.findall(r"^Record-Route: (.*?)\r", answer, re.M)
        self._tell("ACK", target[1].strip("<>"), to[1], route=route)
        return int(re.search(r"^m=audio (\d+)", answer, re.M)[1])

    def _tell(self, method: str, target: str, to: str, *, sdp: str = "", route: list[str] | None = None) -> None:
        port = self._sip.getsockname()[1]
        lines = [f"{method} {target} SIP/2.0", f"Via: SIP/2.0/UDP 127.0.0.1:{port};branch=z9hG4bK-listen-{method}"]
        lines += [f"Route: {each}" for each in reversed(route or [])]
        lines += ["Max-Forwards: 70", "From: <sip:+33145000000@127.0.0.1>;tag=listener", f"To: {to}"]
        lines += [f"Call-ID: listener-{port}", f"CSeq: 1 {method}", f"Contact: <sip:listener@127.0.0.1:{port}>"]
        lines += ["Content-Type: application/sdp"] if sdp else []
        self._sip.sendto("\r\n".join([*lines, f"Content-Length: {len(sdp)}", "", sdp]).encode(), self._edge)


def more_calls(stack: Telephony, calls: int, *, rate: float, before: int) -> subprocess.Popen:
    """So many more callers who stay, after those who came `before`; sipp goes on."""
    low = FIRST_PORT_OF_CALLERS + before * PORTS_A_CALLER
    options = [
        "-sf",
        SCENARIO,
        "-s",
        NUMBER,
        "-i",
        "127.0.0.1",
        "-m",
        str(calls),
        "-r",
        str(rate),
        "-nostdin",
    ]
    options += ["-mp", str(low), "-l", str(calls)]
    return subprocess.Popen(
        [NEEDED["sip-tester"], f"127.0.0.1:{stack.edge}", *options],
        cwd=stack.folder,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )


def packets_a_second(control: Control) -> int:
    """What rtpengine received in the last second, of all calls."""
    rate: int = control.ask("statistics")["statistics"]["currentstatistics"]["packetrate"]
    return rate


def has_fallen(found: list[dict[str, Any]]) -> bool:
    """Whether the last score is lower than people would bear, or notice."""
    return bool(found[-1]["mos"] < max(found[0]["mos"] - FALL, BAR))


def step_up(stack: Telephony, server: Server, *, step: int, most: int, rate: float) -> list[dict[str, Any]]:
    """What is heard, used and kept with ever more calls."""
    from homeshore.channels.voice.models import Caller

    (stack.folder / "speech.alaw").write_bytes(b"\xd5\x55" * RATE * 4)
    control = Control(("127.0.0.1", stack.control))
    listener, sipps = Listener(stack.edge), []
    time.sleep(STARTED_SECONDS)
    found: list[dict[str, Any]] = []
    try:
        for calls in range(0, most + 1, step):
            began = time.monotonic()
            if calls:
                sipps.append(more_calls(stack, step, rate=rate, before=calls - step))
                wait_until(lambda: Caller.objects.count() > calls * LET_IN, what=f"{calls} calls", seconds=120)  # noqa: B023
            came = time.monotonic() - began
            time.sleep(STARTED_SECONDS)
            before = cpu_by_program(stack, server)
            before["sipp"] = sum(cpu_seconds(each.pid) for each in sipps)
            loss, jitter = listener.listen(LISTEN_SECONDS)
            after = cpu_by_program(stack, server)
            after["sipp"] = sum(cpu_seconds(each.pid) for each in sipps)
            score = mos(Measure(loss=loss, jitter_ms=jitter, round_trip_ms=0, buffer_ms=None))
            found.append(
                {
                    "calls": Caller.objects.count(),
                    "mos": round(score, 2),
                    "loss_percent": round(loss * 100, 2),
                    "jitter_ms": round(jitter, 2),
                    "packets_in_per_s_and_call": round(packets_a_second(control) / max(1, calls), 1),
                    "set_up_per_s": round(step / came, 1) if calls else 0,
                    "memory_mb": round(server.resident_kb() / 1024, 1),
                    "cpu": {name: round((after[name] - before[name]) / LISTEN_SECONDS, 2) for name in after},
                    "load_average": round(os.getloadavg()[0], 1),
                }
            )
            click.echo(json.dumps(found[-1]))
            if has_fallen(found):
                break
    finally:
        listener.close()
        control.close()
        for each in sipps:
            each.kill()
            each.wait()
    return found


@click.command()
@click.option("--step", default=50, show_default=True, help="How many calls are added at a time.")
@click.option("--most", default=400, show_default=True, help="How many at most.")
@click.option("--rate", default=8.0, show_default=True, help="How many are asked to begin in a second.")
def main(step: int, most: int, rate: float) -> None:
    """Add calls, and print the figures."""
    with telephony(media_ports=MEDIA_PORTS) as stack, data_folder() as folder:
        prepare_house(stack, folder)
        with served_by("homeshore.cli", "serve") as server:
            time.sleep(5)  # the telephone listens
            found = step_up(stack, server, step=step, most=most, rate=rate)
    fell = found[-1] if has_fallen(found) else None
    good = found[:-1] if fell else found
    grown = found[-1]["memory_mb"] - found[0]["memory_mb"]
    click.echo(f"Calls that wait, with sound both ways; all on one machine of {os.cpu_count()} processors")
    click.echo(
        json.dumps(
            {
                "concurrent_calls": good[-1]["calls"],
                "fell_at_calls": fell["calls"] if fell else None,
                "mos_alone": found[0]["mos"],
                "mos_at_last": found[-1]["mos"],
                "memory_kb_per_call": round(grown * 1024 / max(1, found[-1]["calls"] - found[0]["calls"])),
                "cpu_at_last": found[-1]["cpu"],
                "packets_in_per_s_and_call": min(each["packets_in_per_s_and_call"] for each in found[1:]),
                "set_up_per_s": max(each["set_up_per_s"] for each in found),
                "load_average": found[-1]["load_average"],
            }
        )
    )


if __name__ == "__main__":
    main()
