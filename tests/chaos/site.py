"""A site of its own, as people run it, that may be killed at any moment."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

import httpx

from tests.servers.ground import free_ports

STARTS_WITHIN_SECONDS = 240


@dataclass
class Site:
    """`homeshore serve` over the demonstration's data, without its simulated people."""

    folder: Path
    port: int = field(default_factory=lambda: free_ports(6))
    process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def environment(self) -> dict[str, str]:
        kept = {name: value for name, value in os.environ.items() if not name.startswith("HOMESHORE_")}
        return {**kept, "HOMESHORE_DATA_DIR": str(self.folder), "HOMESHORE_PORT": str(self.port)}

    def prepare(self) -> None:
        """Lay the demonstration's data."""
        self._command("demo", "--check")

    def start(self) -> None:
        """Serve, and wait until it answers."""
        command = [sys.executable, "-m", "homeshore.cli", "serve"]
        with (self.folder / "serve.log").open("ab") as log:
            self.process = subprocess.Popen(command, env=self.environment, stdout=log, stderr=log)
        deadline = time.monotonic() + STARTS_WITHIN_SECONDS
        while time.monotonic() < deadline:
            try:
                httpx.get(f"{self.url}/accounts/login/", timeout=5)
            except httpx.HTTPError:
                time.sleep(0.1)
            else:
                return
        raise RuntimeError(f"The site did not start:\n{(self.folder / 'serve.log').read_text()[-3000:]}")

    def kill(self) -> None:
        """Kill it where it stands, with no chance to tidy up."""
        self._end(signal.SIGKILL)

    def stop(self) -> None:
        """Ask it to end."""
        self._end(signal.SIGTERM)

    def _end(self, how: signal.Signals) -> None:
        if self.process is not None and self.process.poll() is None:
            self.process.send_signal(how)
            self.process.wait(timeout=60)

    def journal_differences(self) -> str:
        """Decide the whole journal again; the entries that come out otherwise, and how many there are in all."""
        code = (
            "from homeshore.cli.start import start_django; start_django()\n"
            "from homeshore.contacts.router.journal import replay\n"
            "from homeshore.contacts.models import Floor\n"
            "entries = [each for floor in Floor.objects.all() for each in replay(floor.pk)]\n"
            "print([each.seq for each in entries if not each.same], len(entries) > 0)"
        )
        return self._run([sys.executable, "-c", code]).strip()

    def rows(self, query: str) -> list[tuple[object, ...]]:
        """What the database file holds."""
        with closing(sqlite3.connect(self.folder / "homeshore.sqlite3")) as database:
            return database.execute(query).fetchall()

    def _command(self, *words: str) -> str:
        return self._run([sys.executable, "-m", "homeshore.cli", *words])

    def _run(self, command: list[str]) -> str:
        done = subprocess.run(command, env=self.environment, capture_output=True, text=True, timeout=300, check=False)
        if done.returncode:
            raise RuntimeError(done.stderr[-3000:])
        return done.stdout
