"""A PostgreSQL cluster that lives as long as the tests: fsync on, as in production.

python -m tests.servers.postgres COMMAND …     run a command with HOMESHORE_DATABASE_URL set to such a cluster
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.servers.ground import folder_of, free_port, unprivileged_user, wait_until

CONFIGURATION = """
listen_addresses = '127.0.0.1'
port = {port}
unix_socket_directories = '{folder}'
max_connections = 200
timezone = 'UTC'
"""


def programs() -> Path:
    """The folder of the newest PostgreSQL on this machine. Raises FileNotFoundError when there is none."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: float(path.parts[4]))
    if not found:
        raise FileNotFoundError("PostgreSQL is not installed: apt-get install postgresql (make test does it as root)")
    return found[-1].parent


@contextmanager
def postgres_server() -> Iterator[str]:
    """A fresh cluster; gives the URL of its one empty database, `homeshore`."""
    user = unprivileged_user("postgres")
    as_user = {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []} if os.geteuid() == 0 else {}
    port = free_port()
    with folder_of(user, "pg-") as folder:
        data = folder / "data"
        initdb = ["initdb", "-D", data, "-U", "homeshore", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync"]
        run([programs() / initdb[0], *initdb[1:]], folder, as_user)
        with (data / "postgresql.conf").open("a") as configuration:
            configuration.write(CONFIGURATION.format(port=port, folder=folder))
        with (folder / "log").open("wb") as log:
            server = subprocess.Popen(
                [programs() / "postgres", "-D", data], cwd=folder, stdout=log, stderr=subprocess.STDOUT, **as_user
            )
        try:
            wait_until(
                lambda: server.poll() is not None or accepts_connections(folder, port), what="start of PostgreSQL"
            )
            if server.poll() is not None:
                raise RuntimeError("PostgreSQL did not start:\n" + (folder / "log").read_text())
            run(
                [programs() / "createdb", "-h", folder, "-p", str(port), "-U", "homeshore", "homeshore"],
                folder,
                as_user,
            )
            yield f"postgres://homeshore@127.0.0.1:{port}/homeshore"
        finally:
            server.send_signal(signal.SIGINT)
            server.wait(timeout=30)


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
