"""The site as `homeshore serve` runs it, all its parts in threads of the test's process."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from tests.servers.site import served_site


@contextmanager
def running_site(settings: Any) -> Iterator[str]:
    """Serve the site and run all background work; gives the address."""
    with served_site(parts=("web", "router", "channels")) as site:
        settings.BASE_URL = site.url
        yield site.url
