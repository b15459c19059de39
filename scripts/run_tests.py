"""Every test, in stages that a failure in one does not hide from the next: `make test`.

Each stage is a plain pytest command, printed before it runs so that it can be run again by hand.
"""

from __future__ import annotations

import shlex
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree

ROOT = Path(__file__).resolve().parent.parent
PYTEST = [sys.executable, "-m", "pytest", "--quiet"]
BY_TWO = ["-n", "2", "--dist", "worksteal"]
LAID_AT_ONCE = "--no-migrations"  # tables as the models say; the processes that chaos starts migrate, on both databases
NO_TESTS_FOUND = 5


@dataclass(frozen=True)
class Stage:
    """Some tests under some circumstances; `folder` is left out while it does not exist."""

    name: str
    folder: str
    options: tuple[str, ...] = ()

    @property
    def command(self) -> list[str]:
        return [*PYTEST, *self.options, self.folder]


TURNS: list[list[Stage]] = [
    [Stage("unit", "tests/unit", (*BY_TWO,))],
    [Stage("integration on SQLite", "tests/integration", (*BY_TWO, LAID_AT_ONCE))],
    [
        Stage(
            "integration on PostgreSQL",
            "tests/integration",
            ("-p", "tests.servers.on_postgres", *BY_TWO, LAID_AT_ONCE, "--snapshot-warn-unused"),
        )
    ],
    [Stage("chaos", "tests/chaos", ("-n", "2", "--dist", "loadfile")), Stage("the wheel", "tests/packaging")],
    [Stage("screens in Chromium", "tests/e2e", (*BY_TWO, LAID_AT_ONCE))],
]
"""The stages, one turn after the other; those of one turn mostly wait, and so run side by side."""


@dataclass(frozen=True)
class Outcome:
    """What a stage came to."""

    stage: str
    passed: int
    failed: int
    skipped: int
    seconds: float


def run_turn(stages: list[Stage]) -> list[Outcome]:
    """Run stages side by side; when there are several, each is heard when it has ended."""
    if len(stages) == 1:
        return [run(stages[0])]
    with ThreadPoolExecutor(len(stages)) as threads:
        return list(threads.map(lambda stage: run(stage, aside=True), stages))


def run(stage: Stage, *, aside: bool = False) -> Outcome:
    """Run one stage. A stage that ended without a report (it crashed) counts as one failure."""
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "report.xml"
        heading = f"\n── {stage.name}: {shlex.join(stage.command[1:])}"
        if not aside:
            print(heading, flush=True)
        start = time.monotonic()
        done = subprocess.run(
            [*stage.command, f"--junit-xml={report}"],
            cwd=ROOT,
            check=False,
            stdout=subprocess.PIPE if aside else None,
            stderr=subprocess.STDOUT if aside else None,
            text=True,
        )
        seconds = time.monotonic() - start
        if aside:
            print(f"{heading}\n{done.stdout}", end="", flush=True)
        counts = counted(report) if report.exists() else (0, 0, 0)
    passed, failed, skipped = counts
    if done.returncode not in (0, NO_TESTS_FOUND) and failed == 0:
        failed = 1
    return Outcome(stage.name, passed, failed, skipped, seconds)


def counted(report: Path) -> tuple[int, int, int]:
    """Passed, failed and skipped tests in a JUnit report; an error is a failure."""
    suites = ElementTree.parse(report).getroot().iter("testsuite")
    total = failed = skipped = 0
    for suite in suites:
        total += int(suite.get("tests", 0))
        failed += int(suite.get("failures", 0)) + int(suite.get("errors", 0))
        skipped += int(suite.get("skipped", 0))
    return total - failed - skipped, failed, skipped


def main() -> int:
    start = time.monotonic()
    outcomes = [
        outcome
        for turn in TURNS
        for outcome in run_turn([stage for stage in turn if any((ROOT / stage.folder).rglob("test_*.py"))])
    ]
    print()
    for outcome in outcomes:
        mark = "✗" if outcome.failed else "✓"
        print(
            f"{mark} {outcome.stage:<28}{outcome.passed:>6} passed{outcome.failed:>5} failed"
            f"{outcome.skipped:>5} skipped{outcome.seconds:>7.0f} s"
        )
    passed = sum(outcome.passed for outcome in outcomes)
    failed = sum(outcome.failed for outcome in outcomes)
    skipped = sum(outcome.skipped for outcome in outcomes)
    print(f"{passed} passed, {failed} failed, {skipped} skipped in {time.monotonic() - start:.0f} s")
    return 1 if failed or not passed else 0


if __name__ == "__main__":
    sys.exit(main())
