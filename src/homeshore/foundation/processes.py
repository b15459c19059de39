"""Background work of a process: threads that run until told to stop, and are started again when they crash.

A context registers its work in its `AppConfig.ready()`; `homeshore serve`, `router` and `channels` start the parts
they are asked for.
"""

import logging
import threading
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import StrEnum

from django.db import connections

from homeshore.foundation import hints

logger = logging.getLogger(__name__)

Run = Callable[[threading.Event], None]


class Part(StrEnum):
    """What a process can be told to run, together or alone; work of EVERY runs in each process."""

    WEB = "web"
    ROUTER = "router"
    CHANNELS = "channels"
    EVERY = "every"


@dataclass(frozen=True, slots=True)
class Work:
    """Something that runs in the background: its name, what runs, and the part it belongs to."""

    name: str
    run: Run
    part: Part


_registered: dict[str, Work] = {}


def register(name: str, run: Run, *, part: Part = Part.CHANNELS) -> None:
    """Name a piece of background work; `run(stop)` works until `stop` is set. A name's last registration counts."""
    _registered[name] = Work(name, run, Part(part))


def registered() -> list[Work]:
    """All work there is, in the order of registration."""
    return list(_registered.values())


def pause_after(failures: int) -> float:
    """Seconds to wait before the next start after so many failures in a row: 1, 2, 4 … at most 60."""
    return float(min(60, 2 ** (failures - 1)))


class Running:
    """The work of this process, each piece in a thread of its own."""

    STEADY_SECONDS = 60

    def __init__(self, works: Iterable[Work], *, pause_after: Callable[[int], float] = pause_after) -> None:
        self._pause_after = pause_after
        self._threads: list[tuple[threading.Thread, threading.Event]] = []
        for work in works:
            stop = threading.Event()
            thread = threading.Thread(target=self._keep_running, args=(work, stop), name=work.name, daemon=True)
            self._threads.append((thread, stop))

    def start(self) -> None:
        """Start everything, in the order of registration."""
        for thread, _ in self._threads:
            thread.start()

    def ask_to_stop(self) -> None:
        """Tell everything to stop, and wait for nothing."""
        for _, stop in self._threads:
            stop.set()
        hints.look_again()

    def stop(self, *, within_seconds: float = 10) -> list[str]:
        """Stop everything, last started first; the names of those that did not end in time."""
        deadline = time.monotonic() + within_seconds
        late = []
        for thread, stop in reversed(self._threads):
            stop.set()
            hints.look_again()
            thread.join(max(0, deadline - time.monotonic()))
            if thread.is_alive():
                logger.error("%s did not stop in time", thread.name)
                late.append(thread.name)
        return late

    def _keep_running(self, work: Work, stop: threading.Event) -> None:
        failures = 0
        while not stop.is_set():
            started = time.monotonic()
            try:
                work.run(stop)
                if stop.is_set():
                    return
                logger.error("%s ended by itself", work.name)
            except Exception:
                logger.exception("%s crashed", work.name)
            finally:
                connections.close_all()
            failures = 1 if time.monotonic() - started > self.STEADY_SECONDS else failures + 1
            pause = self._pause_after(failures)
            logger.info("%s starts again in %.0f s", work.name, pause)
            stop.wait(pause)


def run_parts(parts: Iterable[Part]) -> Running:
    """Start all registered work of these parts."""
    wanted = {*parts, Part.EVERY}
    running = Running(work for work in registered() if work.part in wanted)
    running.start()
    return running
