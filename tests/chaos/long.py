"""The long run: chapters of chaos until there were a thousand faults, over a million contacts through the services and a hundred thousand through the API.

python -m tests.chaos.long [--minutes N] [--book FILE]     `make chaos CHAOS=long CHAOS_MINUTES=N`

It takes hours, and may be stopped at any moment: what each chapter came to is kept in the book, and the next run goes on from
there. A run tells each chapter as it ends, then runs the control (routers that do not check the epoch must be found out), and
prints one JSON line. It fails when a promise was broken in any chapter, when somebody was not answered, when the journal
decides otherwise, or when the control was not found out.
"""

from __future__ import annotations

import argparse
import json
import logging
import sys
import time
from collections import Counter
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from homeshore.cli.start import start_django

start_django()  # the demonstration's data, in which the agents stand, ask for the settings

from tests.chaos.chapter import SEEN_BY_PEOPLE, Lived, control, live_through  # noqa: E402
from tests.chaos.faults import KINDS, LEASE_SECONDS  # noqa: E402
from tests.servers.cluster import WEBS, Cluster, cluster  # noqa: E402
from tests.servers.ground import free_ports  # noqa: E402

FAULTS, BY_SERVICES, BY_API = 1_000, 1_000_000, 100_000
CHAPTERS_A_HOUSE = 20
PAUSES = (10, 30)
"""Seconds between two faults: time for hundreds of contacts, where the short run leaves time for a handful."""
CREWS, CUSTOMERS = 3, 1
"""Ten contacts are to come through the services for one over the API, which costs the webs far more time."""


@dataclass
class Book:
    """What all runs came to so far."""

    chapters: int = 0
    seconds: float = 0.0
    faults: dict[str, int] = field(default_factory=dict)
    by_services: int = 0
    by_api: int = 0
    offers_shown: int = 0
    violations: dict[str, int] = field(default_factory=dict)
    unanswered: int = 0

    @classmethod
    def opened(cls, path: Path) -> Book:
        """As it was left, or a new one."""
        return cls(**json.loads(path.read_text(encoding="utf-8"))) if path.exists() else cls()

    def write(self, path: Path) -> None:
        """Keep it."""
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(asdict(self), indent=1), encoding="utf-8")

    def add(self, lived: Lived, seconds: float) -> None:
        """One more chapter."""
        self.chapters, self.seconds = self.chapters + 1, round(self.seconds + seconds, 1)
        self.faults = dict(Counter(self.faults) + lived.faults)
        self.by_services, self.by_api = self.by_services + lived.by_services, self.by_api + lived.by_api
        self.offers_shown += len(lived.history.shown)
        self.unanswered += len(lived.unanswered)
        broken = Counter({promise: len(found) for promise, found in lived.violations.items()})
        self.violations = dict(Counter(self.violations) + broken)

    @property
    def share(self) -> float:
        """How much of the whole has been done, by what is furthest behind."""
        return min(sum(self.faults.values()) / FAULTS, self.by_services / BY_SERVICES, self.by_api / BY_API)

    @property
    def kept_every_promise(self) -> bool:
        return not self.violations and not self.unanswered


def run(book: Book, path: Path, *, until: float) -> dict[str, Any]:
    """Chapters in one house after the other, until all is done or it is late; what was asked of the last house besides."""
    while True:
        with cluster(free_ports(6 + WEBS), channels=0, HOMESHORE_ROUTER_LEASE_SECONDS=str(LEASE_SECONDS)) as house:
            for _ in range(CHAPTERS_A_HOUSE):
                _one_chapter(house, book, path)
                if book.share >= 1 or time.monotonic() >= until:
                    break
            journal = house.homeshore("replay", "journal").strip()
            if book.share >= 1 or time.monotonic() >= until or "all the same" not in journal:
                found = control(house, seed=book.chapters)
                return {"journal": journal, "control_found_out": {each: len(found[each]) for each in found}}


def _one_chapter(house: Cluster, book: Book, path: Path) -> None:
    begun = time.monotonic()
    lived = live_through(house, seed=book.chapters + 1, at_most=KINDS, crews=CREWS, customers=CUSTOMERS, pauses=PAUSES)
    book.add(lived, time.monotonic() - begun)
    book.write(path)
    came = (
        f"{lived.faults.total()} faults, {lived.by_services} contacts through the services, {lived.by_api} by the API"
    )
    print(
        f"chapter {book.chapters}: {came}, {lived.violations or 'no promise broken'}; {book.share:.2%} done", flush=True
    )


def main() -> int:
    """Go on with the book, and say what all runs came to."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument(
        "--minutes", type=float, default=0, help="begin no chapter after so many minutes; 0: go on to the end"
    )
    parser.add_argument("--book", type=Path, default=Path("var/chaos/book.json"), help="where the totals are kept")
    asked = parser.parse_args()
    logging.getLogger("httpx").setLevel(logging.WARNING)  # a line for each request otherwise
    book = Book.opened(asked.book)
    until = time.monotonic() + asked.minutes * 60 if asked.minutes else float("inf")
    besides = run(book, asked.book, until=until)
    hours = book.seconds / 3600 / book.share if book.share else None
    said = {**asdict(book), "share": round(book.share, 5), "hours_for_all": hours and round(hours, 1), **besides}
    print(json.dumps(said))
    found_out = bool(besides["control_found_out"].keys() & SEEN_BY_PEOPLE)
    return 0 if book.kept_every_promise and found_out and "all the same" in besides["journal"] else 1


if __name__ == "__main__":
    sys.exit(main())
