"""The house as several processes on this machine: PostgreSQL, three webs behind nginx, two routers, two channel workers.

python -m tests.servers.cluster [FIRST_PORT]     run it with the demonstration's data until Ctrl C: `make cluster`

Ports, from the first: nginx, the demonstration's five, and the three webs. All listen on the loopback only.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import httpx

from tests.servers.ground import wait_until
from tests.servers.postgres import Postgres, postgres

ROOT = Path(__file__).resolve().parent.parent.parent
LOCATIONS = ROOT / "deploy" / "nginx" / "locations.conf"
WEBS, ROUTERS, CHANNELS = 3, 2, 2
WEB_AFTER = 6
"""The webs' ports come after nginx's and those of the demonstration."""

NGINX = """
daemon off;
pid {folder}/nginx.pid;
error_log {folder}/nginx.log;
events {{ worker_connections 4096; }}
http {{
    access_log off;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    upstream homeshore_web {{
        {servers}
        keepalive 32;
    }}
    server {{
        listen 127.0.0.1:{port};
        set $homeshore_scheme $scheme;
        include {locations};
    }}
}}
"""


@dataclass
class Member:
    """One process, which may be killed, paused and started again; what it says is in `log`."""

    name: str
    command: Sequence[str | Path]
    environment: dict[str, str]
    log: Path
    process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it, without waiting for anything."""
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(self.command, env=self.environment, stdout=log, stderr=log)

    @property
    def pid(self) -> int:
        assert self.process is not None
        return self.process.pid

    @property
    def runs(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def kill(self) -> None:
        """Kill it where it stands, with no chance to tidy up."""
        self._signal(signal.SIGKILL)
        self.wait()

    def pause(self) -> None:
        """Let it stand still, with all it knows and every connection it has."""
        self._signal(signal.SIGSTOP)

    def resume(self) -> None:
        """Let it go on as if no time had passed."""
        self._signal(signal.SIGCONT)

    def ask_to_stop(self) -> None:
        """Ask it to end."""
        self._signal(signal.SIGTERM)

    def wait(self) -> None:
        """Wait until it has ended; after half a minute it is killed."""
        if self.process is not None:
            try:
                self.process.wait(timeout=30)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()

    def _signal(self, number: signal.Signals) -> None:
        if self.runs:
            os.kill(self.pid, number)


@dataclass
class Cluster:
    """The members by their names: web-1, router-2, channels-1, nginx …"""

    folder: Path
    port: int
    database: Postgres
    settings: dict[str, str] = field(default_factory=dict)
    channels: int = CHANNELS
    members: dict[str, Member] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for number in range(WEBS):
            port = str(self.web_port(number))
            self._add(f"web-{number + 1}", "serve", "--no-router", "--no-channels", "--no-migrate", "--port", port)
        for number in range(ROUTERS):
            self._add(f"router-{number + 1}", "router", "--no-migrate")
        for number in range(self.channels):
            self._add(f"channels-{number + 1}", "channels", "--no-migrate")
        self._add_nginx()

    @property
    def url(self) -> str:
        return f"http://localhost:{self.port}"

    @property
    def environment(self) -> dict[str, str]:
        kept = {name: value for name, value in os.environ.items() if not name.startswith("HOMESHORE_")}
        return {
            **kept,
            "HOMESHORE_DATA_DIR": str(self.folder),
            "HOMESHORE_DATABASE_URL": self.database.url,
            "HOMESHORE_PORT": str(self.port),
            **self.settings,
        }

    def web_port(self, number: int) -> int:
        return self.port + WEB_AFTER + number

    def named(self, part: str) -> list[Member]:
        """The members of a part: web, router, channels."""
        return [member for name, member in self.members.items() if name.startswith(part)]

    def prepare(self) -> None:
        """Lay the demonstration's data."""
        self.homeshore("demo", "--check")

    def homeshore(self, *words: str) -> str:
        """What a `homeshore` command says. Raises RuntimeError when it fails."""
        return self.python("-m", "homeshore.cli", *words)

    def python(self, *words: str) -> str:
        """What a Python command says, with the cluster's settings. Raises RuntimeError when it fails."""
        done = subprocess.run(
            [sys.executable, *words], env=self.environment, cwd=ROOT, capture_output=True, text=True, check=False
        )
        if done.returncode:
            raise RuntimeError(done.stderr[-3000:])
        return done.stdout

    def start(self) -> None:
        """Start every member, and wait until each web answers."""
        for member in self.members.values():
            member.start()
        for number in range(WEBS):
            self.wait_for_web(number)
        wait_until(lambda: answers(self.port), what="nginx", seconds=30)

    def wait_for_web(self, number: int) -> None:
        """Wait until a web process answers by itself."""
        port = self.web_port(number)
        member = self.members[f"web-{number + 1}"]
        wait_until(lambda: answers(port) or not member.runs, what=f"start of {member.name}", seconds=240)
        if not member.runs:
            raise RuntimeError(f"{member.name} did not start:\n{member.log.read_text()[-3000:]}")

    def stop(self) -> None:
        """Ask all to end, and wait until they have."""
        for member in self.members.values():
            member.resume()
            member.ask_to_stop()
        for member in self.members.values():
            member.wait()

    def _add(self, name: str, *words: str) -> None:
        command = [sys.executable, "-m", "homeshore.cli", *words]
        self.members[name] = Member(name, command, self.environment, self.folder / f"{name}.log")

    def _add_nginx(self) -> None:
        servers = "\n        ".join(
            f"server 127.0.0.1:{self.web_port(number)} max_fails=1 fail_timeout=2s;" for number in range(WEBS)
        )
        configuration = self.folder / "nginx.conf"
        configuration.write_text(
            NGINX.format(folder=self.folder, servers=servers, port=self.port, locations=LOCATIONS), encoding="utf-8"
        )
        program = shutil.which("nginx", path=f"{os.environ['PATH']}:/usr/sbin")
        if program is None:
            raise FileNotFoundError(
                "nginx is not installed: apt-get install nginx-light (make cluster does it as root)"
            )
        command = [program, "-c", str(configuration), "-p", str(self.folder)]
        self.members["nginx"] = Member("nginx", command, dict(os.environ), self.folder / "nginx.out")


def answers(port: int) -> bool:
    """Whether a web process answers there, directly or behind nginx."""
    try:
        return httpx.get(f"http://127.0.0.1:{port}/accounts/login/", timeout=30).status_code == httpx.codes.OK
    except httpx.HTTPError:
        return False


@contextmanager
def cluster(first_port: int, *, channels: int = CHANNELS, **settings: str) -> Iterator[Cluster]:
    """A running cluster over the demonstration's data, gone with all it holds when the block ends."""
    with postgres() as database, tempfile.TemporaryDirectory(prefix="homeshore-cluster-") as folder:
        Path(folder).chmod(0o755)
        members = Cluster(Path(folder), first_port, database, settings, channels)
        members.prepare()
        try:
            members.start()
            yield members
        finally:
            members.stop()


def main(first_port: int) -> None:
    """Run until Ctrl C, beside the demonstration's brand pages, post office and simulated people."""
    ended = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: ended.set())
    print("Starting PostgreSQL, 3 webs, 2 routers, 2 channel workers and nginx …", flush=True)
    with cluster(first_port, HOMESHORE_DEMO="yes") as members:
        people = Member(
            "people",
            [sys.executable, "-m", "homeshore.cli", "demo", "--beside"],
            members.environment,
            members.folder / "people.log",
        )
        people.start()
        webs = ", ".join(f"http://localhost:{members.web_port(number)}" for number in range(WEBS))
        print(f"  the site, behind nginx  {members.url}")
        print(f"  its web processes       {webs}")
        print(f"  a shop with its chat    http://localhost:{first_port + 1}")
        print(f"  the database            {members.database.url}")
        print(f"  logs                    {members.folder}")
        print("  accounts                as in docs/tutorials/first-hour.md")
        print("Stop with Ctrl C; the data go with it.", flush=True)
        ended.wait()
        print("Stopping …", flush=True)
        people.ask_to_stop()
        people.wait()


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 8000)
