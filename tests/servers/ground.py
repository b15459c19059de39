"""Where a test server stands: a free port, a folder it may write in, and somebody who is not root."""

from __future__ import annotations

import itertools
import os
import pwd
import shutil
import socket
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

# Below the ports that the system hands to outgoing calls (32,768 on): one of those may be taken while a server is down.
PLACES = range(20_000, 32_700, 50)
_places = itertools.count(os.getpid() * 7)


def free_port() -> int:
    """A loopback port that nobody listens on just now."""
    return free_ports(1)


def free_ports(count: int) -> int:
    """The first of so many (at most 50) neighbouring ports that nobody listens on; no two calls are told the same."""
    for place in itertools.islice(_places, len(PLACES)):
        first = PLACES[place % len(PLACES)]
        sockets = []
        try:
            for port in range(first, first + count):
                taken = socket.socket()
                sockets.append(taken)
                taken.bind(("127.0.0.1", port))
        except OSError:
            continue
        else:
            return first
        finally:
            for taken in sockets:
                taken.close()
    raise RuntimeError("No neighbouring ports are free.")


def unprivileged_user(*names: str) -> pwd.struct_passwd:
    """Who runs the server: ourselves, or, as servers refuse root, the first of `names` that the machine knows."""
    if os.geteuid() != 0:
        return pwd.getpwuid(os.geteuid())
    known = {user.pw_name: user for user in pwd.getpwall()}
    return next(known[name] for name in (*names, "nobody") if name in known)


@contextmanager
def folder_of(user: pwd.struct_passwd, prefix: str) -> Iterator[Path]:
    """A temporary folder that belongs to `user`; its path is short, since Unix sockets will be in it."""
    folder = Path(tempfile.mkdtemp(prefix=prefix, dir="/tmp"))
    try:
        os.chown(folder, user.pw_uid, user.pw_gid)
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def wait_until(ready: Callable[[], bool], *, what: str, seconds: float = 120) -> None:
    """Wait for another process; the only place in the tests where real time passes.

    Raises TimeoutError that says `what` was awaited.
    """
    deadline = time.monotonic() + seconds
    while not ready():
        if time.monotonic() > deadline:
            raise TimeoutError(f"{what} did not happen within {seconds:g} s")
        time.sleep(0.02)


def listens(port: int) -> bool:
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex(("127.0.0.1", port)) == 0
