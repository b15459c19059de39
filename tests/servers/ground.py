"""Where a test server stands: a free port, a folder it may write in, and somebody who is not root."""

from __future__ import annotations

import os
import pwd
import shutil
import socket
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path


def free_port() -> int:
    """A loopback port that nobody listens on just now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


def free_ports(count: int) -> int:
    """The first of so many neighbouring ports that nobody listens on; each process looks from another place on."""
    starts = range(21_000, 60_000, 50)
    for place in range(len(starts)):
        first = starts[(os.getpid() + place) % len(starts)]
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
