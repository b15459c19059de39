"""A home's line to the site, which a test may cut and mend: a small relay between the browser and the server."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from urllib.parse import urlsplit


class Line:
    """Relays connections while it is whole; cut, it breaks those that are open and takes no new one."""

    def __init__(self, site: str) -> None:
        self._there = (urlsplit(site).hostname or "localhost", urlsplit(site).port or 80)
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._open: set[socket.socket] = set()
        self._whole = True
        self._guard = threading.Lock()
        threading.Thread(target=self._accept, name="line", daemon=True).start()

    @property
    def address(self) -> str:
        return f"http://localhost:{self._listener.getsockname()[1]}"

    def cut(self) -> None:
        with self._guard:
            self._whole = False
            for end in self._open:
                with suppress(OSError):
                    end.shutdown(socket.SHUT_RDWR)

    def mend(self) -> None:
        with self._guard:
            self._whole = True

    def close(self) -> None:
        self.cut()
        self._listener.close()

    def _accept(self) -> None:
        while True:
            try:
                here, _ = self._listener.accept()
            except OSError:
                return
            if not self._whole:
                here.close()
                continue
            there = socket.create_connection(self._there)
            with self._guard:
                self._open |= {here, there}
            for source, target in ((here, there), (there, here)):
                threading.Thread(target=self._relay, args=(source, target), name="line", daemon=True).start()

    def _relay(self, source: socket.socket, target: socket.socket) -> None:
        with suppress(OSError):
            while data := source.recv(65_536):
                target.sendall(data)
        for end in (source, target):
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
            end.close()
        with self._guard:
            self._open -= {source, target}


@contextmanager
def line_to(site: str) -> Iterator[Line]:
    """A line to the site, closed at the end."""
    line = Line(site)
    try:
        yield line
    finally:
        line.close()
