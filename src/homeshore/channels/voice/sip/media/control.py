"""rtpengine's control protocol: a cookie and a command in JSON by UDP, answered the same way."""

import json
import secrets
import socket
import time
from collections.abc import Callable
from typing import Any

Address = tuple[str, int]
PATIENCE_SECONDS = 0.3
TRIES = 2
REST_SECONDS = 1.0
"""How long nothing is asked of an rtpengine that did not answer, so that one that is away holds up nobody."""
LARGEST = 65_535


class MediaError(Exception):
    """rtpengine does not do what was asked."""


class MediaAway(MediaError):
    """rtpengine does not answer."""


class UnknownPlace(MediaError):
    """rtpengine knows nothing of this call: it was started anew, or heard nothing for too long."""


class Control:
    """A connection to one rtpengine."""

    def __init__(self, address: Address, *, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._socket.connect(address)
        self._address, self._monotonic = address, monotonic
        self._away_until = 0.0

    def close(self) -> None:
        """Ask nothing any more."""
        self._socket.close()

    def ask(self, command: str, **more: Any) -> dict[str, Any]:
        """What rtpengine answers; names in `more` have dashes for underscores. Raises MediaAway, UnknownPlace, MediaError."""
        if self._monotonic() < self._away_until:
            raise MediaAway(self._said_away())
        cookie = secrets.token_hex(8)
        words = {"command": command, **{name.replace("_", "-"): value for name, value in more.items()}}
        datagram = f"{cookie} {json.dumps(words)}".encode()
        for _ in range(TRIES):  # the same cookie: asked twice, it is done once
            answer = self._asked(cookie, datagram)
            if answer is not None:
                return _checked(command, answer)
        self._away_until = self._monotonic() + REST_SECONDS
        raise MediaAway(self._said_away())

    def _asked(self, cookie: str, datagram: bytes) -> dict[str, Any] | None:
        deadline = self._monotonic() + PATIENCE_SECONDS
        try:
            self._socket.send(datagram)
            while (left := deadline - self._monotonic()) > 0:
                self._socket.settimeout(left)
                said, _, body = self._socket.recv(LARGEST).partition(b" ")
                if said.decode("ascii", "replace") == cookie:
                    answer: dict[str, Any] = json.loads(body)
                    return answer
        except (TimeoutError, ConnectionError):
            return None
        return None

    def _said_away(self) -> str:
        return f"rtpengine at {self._address[0]}:{self._address[1]} does not answer. Is it running?"


def _checked(command: str, answer: dict[str, Any]) -> dict[str, Any]:
    if answer.get("result") in ("ok", "pong"):
        return answer
    why = str(answer.get("error-reason", answer))
    if "not currently playing" in why.lower():
        return answer  # what was to be stopped has stopped
    if "unknown call-id" in why.lower():
        raise UnknownPlace(why)
    raise MediaError(f"rtpengine refuses “{command}”: {why}")
