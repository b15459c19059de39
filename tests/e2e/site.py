"""The site as `homeshore serve` runs it, in threads of the test's process, so that both see the same hints."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import uvicorn
from django.db import connections

from homeshore.foundation.processes import Part, run_parts
from tests.servers.ground import free_port, wait_until


@contextmanager
def running_site(settings: Any) -> Iterator[str]:
    """Serve the ASGI application and run all background work; gives the address."""
    from homeshore.config.asgi import application

    port = free_port()
    address = f"http://localhost:{port}"
    settings.BASE_URL = address
    server = uvicorn.Server(
        uvicorn.Config(application, host="127.0.0.1", port=port, log_level="warning", timeout_graceful_shutdown=2)
    )
    thread = threading.Thread(target=server.run, name="site")
    thread.start()
    background = run_parts(Part)
    try:
        wait_until(lambda: server.started or not thread.is_alive(), what="start of the site")
        yield address
    finally:
        late = background.stop()
        server.should_exit = True
        thread.join(timeout=15)
        connections.close_all()
        assert not thread.is_alive(), "the site did not stop"
        assert late == [], "background work did not stop"
