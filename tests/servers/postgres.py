"""A PostgreSQL cluster that lives as long as the tests: fsync on, as in production, unless nothing is killed in them.

python -m tests.servers.postgres COMMAND …     run a command with HOMESHORE_DATABASE_URL set to such a cluster
"""

from __future__ import annotations

import os
import pwd
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.servers.ground import folder_of, free_port, unprivileged_user, wait_until

CONFIGURATION = """
listen_addresses = '127.0.0.1'
port = {port}
unix_socket_directories = '{folder}'
max_connections = 200
timezone = 'UTC'
"""
HASTY = """
fsync = off
synchronous_commit = off
full_page_writes = off
"""
"""For tests that never look at what a crash leaves: up to three times as fast where the disk is shared."""


def programs() -> Path:
    """The folder of the newest PostgreSQL on this machine. Raises FileNotFoundError when there is none."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: float(path.parts[4]))
    if not found:
        raise FileNotFoundError("PostgreSQL is not installed: apt-get install postgresql (make test does it as root)")
    return found[-1].parent


@dataclass
class Postgres:
    """A running cluster. `restart` ends every connection at once, as a crash does."""

    folder: Path
    port: int
    user: pwd.struct_passwd
    server: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"postgres://homeshore@127.0.0.1:{self.port}/homeshore"

    @property
    def as_user(self) -> dict:
        root = os.geteuid() == 0
        return {"user": self.user.pw_uid, "group": self.user.pw_gid, "extra_groups": []} if root else {}

    def start(self) -> None:
        """Start, and wait until connections are accepted."""
        with (self.folder / "log").open("ab") as log:
            self.server = subprocess.Popen(
                [programs() / "postgres", "-D", self.folder / "data"],
                cwd=self.folder,
                stdout=log,
                stderr=subprocess.STDOUT,
                **self.as_user,
            )
        wait_until(
            lambda: self.server.poll() is not None or accepts_connections(self.folder, self.port),
            what="start of PostgreSQL",
        )
        if self.server.poll() is not None:
            raise RuntimeError("PostgreSQL did not start:\n" + (self.folder / "log").read_text())

    def stop(self, how: signal.Signals = signal.SIGINT) -> None:
        """Stop: SIGINT ends connections first, SIGQUIT leaves all as it is, to be recovered at the next start."""
        self.server.send_signal(how)
        self.server.wait(timeout=60)

    def restart(self) -> None:
        """Crash, recover, and go on."""
        self.stop(signal.SIGQUIT)
        self.start()


@contextmanager
def postgres(*, hasty: bool = False) -> Iterator[Postgres]:
    """A fresh cluster with one empty database, `homeshore`; a hasty one need not survive a crash."""
    user = unprivileged_user("postgres")
    port = free_port()
    with folder_of(user, "pg-") as folder:
        server = Postgres(folder, port, user)
        data = folder / "data"
        initdb = ["initdb", "-D", data, "-U", "homeshore", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync"]
        run([programs() / initdb[0], *initdb[1:]], folder, server.as_user)
        with (data / "postgresql.conf").open("a") as configuration:
            configuration.write(CONFIGURATION.format(port=port, folder=folder) + HASTY * hasty)
        server.start()
        try:
            createdb = ["createdb", "-h", folder, "-p", str(port), "-U", "homeshore", "homeshore"]
            run([programs() / createdb[0], *createdb[1:]], folder, server.as_user)
            yield server
        finally:
            server.stop()


@contextmanager
def postgres_server(*, hasty: bool = False) -> Iterator[str]:
    """A fresh cluster; gives the URL of its one empty database, `homeshore`."""
    with postgres(hasty=hasty) as server:
        yield server.url


def accepts_connections(folder: Path, port: int) -> bool:
    asked = subprocess.run([programs() / "pg_isready", "-q", "-h", folder, "-p", str(port)], check=False)
    return asked.returncode == 0


def run(command: list, folder: Path, as_user: dict) -> None:
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False, **as_user)
    if done.returncode != 0:
        raise RuntimeError(f"{command[0]} failed:\n{done.stderr}")


def main(command: list[str]) -> int:
    with postgres_server() as url:
        return subprocess.run(command, env={**os.environ, "HOMESHORE_DATABASE_URL": url}, check=False).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
