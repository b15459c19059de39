"""A trunk that wants a login and a password: another Kamailio, at an address of loopback that the edge's list of trunks does not name."""

from __future__ import annotations

import shutil
import socket
from dataclasses import dataclass, field
from pathlib import Path

from tests.servers.ground import wait_until
from tests.servers.telephony import NEEDED, PROBE, Program

CONFIGURATION = Path(__file__).parent / "provider.cfg"
HOST = "127.0.0.2"
LOGIN = "homeshore"
LOCAL = """
listen=udp:{host}:{port}
#!define LOGIN "{login}"
#!define PASSWORD "{password}"
#!define ALGORITHM "{algorithm}"
#!define NONCE_SECONDS {nonce_seconds}
#!define MOST_SECONDS {most_seconds}
#!define CALLED "sip:127.0.0.1:{called}"
"""


@dataclass
class Provider:
    """At `port`; calls of its subscriber go to the telephone at `called`."""

    folder: Path
    called: int
    password: str = "correct horse"
    algorithm: str = "MD5"
    nonce_seconds: int = 300
    most_seconds: int = 600
    port: int = field(init=False)

    def __post_init__(self) -> None:
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
            probe.bind((HOST, 0))
            self.port = probe.getsockname()[1]
        self.configuration = self.folder / "provider"
        self.configuration.mkdir()
        shutil.copy(CONFIGURATION, self.configuration)
        command = ["-f", str(self.configuration / "provider.cfg"), "-DD", "-E", "-Y", str(self.configuration)]
        command += ["-m", "64", "-M", "8"]
        self.kamailio = Program("the trunk", [NEEDED["kamailio"], *command], self.folder / "provider.log")

    @property
    def server(self) -> str:
        """As a subscriber writes it."""
        return f"{HOST}:{self.port}"

    def start(self) -> None:
        """Start it, or start it again: it remembers nobody."""
        (self.configuration / "provider-local.cfg").write_text(
            LOCAL.format(
                host=HOST,
                port=self.port,
                login=LOGIN,
                password=self.password,
                algorithm=self.algorithm,
                nonce_seconds=self.nonce_seconds,
                most_seconds=self.most_seconds,
                called=self.called,
            )
        )
        self.kamailio.start()
        wait_until(lambda: self.kamailio.process.poll() is not None or self._answers(), what="start of the trunk")
        if self.kamailio.process.poll() is not None:
            raise RuntimeError(f"The trunk did not start:\n{self.kamailio.log.read_text()[-2000:]}")

    def stop(self) -> None:
        """End it at once, as a machine that loses power does."""
        self.kamailio.kill()

    def _answers(self) -> bool:
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as asking:
            asking.settimeout(0.2)
            asking.bind(("127.0.0.1", 0))
            try:
                probe = PROBE.format(port=self.port).replace("PORT", str(asking.getsockname()[1]))
                asking.sendto(probe.encode(), (HOST, self.port))
                return bool(asking.recv(2048))
            except OSError:
                return False
