import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request

import pytest

from tests.servers.ground import free_ports

pytestmark = pytest.mark.sqlite


def test_a_site_that_is_asked_to_end_twice_at_once_ends_in_order(tmp_path):
    port = free_ports(1)
    environment = {**os.environ, "HOMESHORE_DATA_DIR": str(tmp_path), "HOMESHORE_DATABASE_URL": ""}
    command = [sys.executable, "-m", "homeshore.cli", "serve", "--port", str(port)]
    with subprocess.Popen(
        command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True
    ) as site:
        try:
            until_it_answers(f"http://127.0.0.1:{port}/health/live")
            site.send_signal(signal.SIGINT)
            site.send_signal(signal.SIGINT)
            _, said = site.communicate(timeout=30)
        finally:
            site.kill()

    assert "Application shutdown complete" in said


def until_it_answers(address: str, seconds: float = 60) -> None:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        try:
            urllib.request.urlopen(address, timeout=5).close()
        except (urllib.error.URLError, ConnectionError):
            time.sleep(0.1)
        else:
            return
    raise TimeoutError(f"{address} does not answer")
