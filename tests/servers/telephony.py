"""Kamailio and rtpengine of our own on loopback, with the configuration that is shipped in deploy/."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from tests.servers.ground import wait_until

ROOT = Path(__file__).resolve().parent.parent.parent
DEPLOY = ROOT / "deploy"
NEEDED = {"kamailio": "/usr/sbin/kamailio", "rtpengine-daemon": "/usr/bin/rtpengine", "sip-tester": "/usr/bin/sipp"}
DEMO_NUMBER = "+33156070809"
LOCAL = """
listen=udp:127.0.0.1:{edge}
#!define LOG_STDERR yes
#!define WORKERS 2
#!define TRUNK_FILE "{folder}/trunk.list"
#!define HOUSE_FILE "{folder}/house.list"
#!define HOUSE_PING_SECONDS {ping}
"""


def missing() -> list[str]:
    """Debian's packages that are not there."""
    return [package for package, program in NEEDED.items() if not Path(program).exists()]


def claim_udp_ports(count: int) -> tuple[int, socket.socket]:
    """The first of so many neighbouring UDP ports of loopback that are free, and a socket that keeps other stacks off while it is open.

    A stack does not hold all of its ports all the time, so that they are free proves nothing; who listens at the first by TCP owns them.
    """
    for first in range(24_000, 29_900, 20):
        with suppress(OSError):
            claim = socket.create_server(("127.0.0.1", first))
            taken = []
            try:
                for port in range(first, first + count):
                    taken.append(socket.socket(socket.AF_INET, socket.SOCK_DGRAM))
                    taken[-1].bind(("127.0.0.1", port))
                return first, claim
            except OSError:
                claim.close()
            finally:
                for each in taken:
                    each.close()
    raise RuntimeError("No neighbouring UDP ports are free.")


@dataclass
class Program:
    """A child process that may be killed and started again."""

    name: str
    command: list[str]
    log: Path
    process: subprocess.Popen | None = None

    def start(self) -> None:
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(self.command, stdout=log, stderr=log, start_new_session=True)

    def kill(self) -> None:
        """End it and all its children at once, as a machine that loses power does."""
        if self.process is None:
            return
        with suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait(timeout=10)
        self.process = None


@dataclass
class Telephony:
    """The edge at `edge`, which passes calls on to `house`, and rtpengine, commanded at `control`, which tells `keys`.

    Calls of the house go to a telephone at `trunk`.
    """

    folder: Path
    ping: int = 0
    """Seconds between asking whether the house is there. 0 is never: a test's house comes and goes, and would be left out."""
    media_ports: int = 1900
    """How many of rtpengine's: a place takes four."""
    first: int = field(init=False)

    def __post_init__(self) -> None:
        self.first, self._claim = claim_udp_ports(5)
        self.edge, self.house, self.control, self.keys, self.trunk = range(self.first, self.first + 5)
        configuration = self.folder / "kamailio"
        shutil.copytree(DEPLOY / "kamailio", configuration)
        (configuration / "local.cfg").write_text(LOCAL.format(edge=self.edge, folder=configuration, ping=self.ping))
        (configuration / "trunk.list").write_text("1 127.0.0.1 32 0 trunk\n")
        (configuration / "house.list").write_text(f"1 sip:127.0.0.1:{self.house}\n2 sip:127.0.0.1:{self.trunk}\n")
        self.kamailio = Program(
            "Kamailio",
            [
                NEEDED["kamailio"],
                "-f",
                str(configuration / "kamailio.cfg"),
                "-DD",
                "-E",
                "-Y",
                str(self.folder),
                "-m",
                "64",
                "-M",
                "8",
            ],
            self.folder / "kamailio.log",
        )
        # rtpengine holds two ports of its range for each end, also while others do: ranges of stacks do not meet.
        low = 30_000 + (self.first - 24_000) // 20 * 100
        self.rtpengine = Program(
            "rtpengine",
            [
                NEEDED["rtpengine-daemon"],
                "--config-file=none",
                "--table=-1",
                "--foreground",
                "--log-stderr",
                "--log-level=5",
                "--delete-delay=0",
                "--interface=127.0.0.1",
                f"--listen-ng=127.0.0.1:{self.control}",
                f"--dtmf-log-dest=127.0.0.1:{self.keys}",
                f"--port-min={low}",
                f"--port-max={low + self.media_ports}",
                "--num-threads=2",
                "--timeout=120",
                f"--pidfile={self.folder}/rtpengine.pid",
            ],
            self.folder / "rtpengine.log",
        )

    def start_edge(self) -> None:
        """Start Kamailio, or start it again."""
        self.kamailio.start()
        self._wait(self.kamailio, lambda: self._answers(self.edge, PROBE.format(port=self.edge).encode()))

    def start_media(self) -> None:
        """Start rtpengine, or start it again: it remembers nothing."""
        self.rtpengine.start()
        self._wait(self.rtpengine, lambda: self._answers(self.control, b'1 {"command": "ping"}'))

    def mend(self) -> None:
        """Start again what was killed."""
        if self.rtpengine.process is None:
            self.start_media()
        if self.kamailio.process is None:
            self.start_edge()

    def stop(self) -> None:
        """End both, for good."""
        for program in (self.kamailio, self.rtpengine):
            program.kill()
        self._claim.close()

    def _wait(self, program: Program, ready) -> None:
        process = program.process
        wait_until(lambda: process.poll() is not None or ready(), what=f"start of {program.name}")
        if process.poll() is not None:
            raise RuntimeError(f"{program.name} did not start:\n{program.log.read_text()[-2000:]}")

    def _answers(self, port: int, probe: bytes) -> bool:
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as asking:
            asking.settimeout(0.2)
            asking.bind(("127.0.0.1", 0))
            asking.connect(("127.0.0.1", port))
            with suppress(OSError):
                asking.send(probe.replace(b"PORT", str(asking.getsockname()[1]).encode()))
                return bool(asking.recv(2048))
        return False


PROBE = (
    "OPTIONS sip:edge@127.0.0.1:{port} SIP/2.0\r\nVia: SIP/2.0/UDP 127.0.0.1:PORT;branch=z9hG4bK-probe;rport\r\n"
    "From: <sip:probe@127.0.0.1>;tag=probe\r\nTo: <sip:edge@127.0.0.1>\r\nCall-ID: probe\r\nCSeq: 1 OPTIONS\r\n"
    "Max-Forwards: 5\r\nContent-Length: 0\r\n\r\n"
)


@contextmanager
def telephony(*, ping: int = 0, media_ports: int = 1900) -> Iterator[Telephony]:
    """A running edge and rtpengine."""
    folder = Path(tempfile.mkdtemp(prefix="telephony-", dir="/tmp"))
    stack = Telephony(folder, ping, media_ports)
    try:
        stack.start_media()
        stack.start_edge()
        yield stack
    finally:
        stack.stop()
        shutil.rmtree(folder, ignore_errors=True)


def main(port: int) -> None:
    """The demonstration with a telephone, until Ctrl-C: `make voice`."""
    if absent := missing():
        sys.exit(f"The telephone needs {', '.join(absent)}: apt-get install them (make voice does it as root).")
    with telephony(ping=5) as stack:
        os.environ.setdefault("HOMESHORE_DATA_DIR", "var/voice")
        os.environ["HOMESHORE_PORT"] = str(port)
        os.environ["HOMESHORE_SIP_LISTEN"] = f"127.0.0.1:{stack.house}"
        os.environ["HOMESHORE_SIP_EDGE"] = f"127.0.0.1:{stack.edge}"
        os.environ["HOMESHORE_KEYS_LISTEN"] = f"127.0.0.1:{stack.keys}"
        os.environ["HOMESHORE_RTPENGINE"] = f"127.0.0.1:{stack.control}"
        homeshore = [sys.executable, "-m", "homeshore.cli"]
        subprocess.run([*homeshore, "demo", "--check"], check=True, stdout=subprocess.DEVNULL)
        subprocess.run([*homeshore, "number", DEMO_NUMBER, "--queue", str(_queue_of_demo())], check=True)
        print(
            f"Kamailio hears calls at 127.0.0.1:{stack.edge} (UDP); the logs are in {stack.folder}.\n"
            f"Call from another terminal, once the demonstration runs:\n\n"
            f"    .venv/bin/python -m tests.servers.caller {stack.edge} {DEMO_NUMBER}\n\n"
            f"To be called by an agent, before they dial:\n\n"
            f"    sipp -sf tests/servers/called.xml -i 127.0.0.1 -p {stack.trunk} -m 1 \\\n"
            f"      -key rtp 40000\n",
            flush=True,
        )
        with suppress(KeyboardInterrupt):
            subprocess.run([*homeshore, "demo"], check=False)


def _queue_of_demo() -> int:
    from homeshore.cli.start import start_django

    start_django()
    from homeshore.brands.models import Queue

    return Queue.objects.filter(channel="voice").earliest("id").pk


if __name__ == "__main__":
    main(int(os.environ.get("HOMESHORE_PORT", "8000")))
