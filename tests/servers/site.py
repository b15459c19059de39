"""The site as `homeshore serve` runs it, in a thread of the test: real sockets, the test's own database."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import uvicorn

WAIT_SECONDS = 10


@dataclass
class Site:
    """A running site."""

    port: int
    application: Any

    @property
    def url(self) -> str:
        return f"http://localhost:{self.port}"


@contextmanager
def served_site(parts: tuple[str, ...] = ("web",)) -> Iterator[Site]:
    """Serve the site with these parts until the block ends."""
    from homeshore.config.application import Application
    from homeshore.foundation.processes import Part

    application = Application([Part(part) for part in parts])
    server = uvicorn.Server(
        uvicorn.Config(application, log_config=None, access_log=False, ws="none", timeout_graceful_shutdown=2)
    )
    listening = socket.create_server(("127.0.0.1", 0))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, name="site")
    thread.start()
    try:
        while not server.started:
            thread.join(0.01)
            assert thread.is_alive(), "the site did not start"
        yield Site(listening.getsockname()[1], application)
    finally:
        server.should_exit = True
        thread.join(WAIT_SECONDS)
        listening.close()
        assert not thread.is_alive(), "the site did not stop"
