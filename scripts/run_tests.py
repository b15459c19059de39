"""Every test, in stages that a failure in one does not hide from the next: `make test`, `make screens` or `make chaos`, by its name.

Each stage is a plain pytest command, printed before it runs so that it can be run again by hand. Where browsers and
killed processes race, a test that fails is tried once more; the table at the end says which tests needed that.
"""

from __future__ import annotations

import shlex
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path
from xml.etree import ElementTree

ROOT = Path(__file__).resolve().parent.parent
PYTEST = [sys.executable, "-m", "pytest", "--quiet"]
BY_TWO = ["-n", "2", "--dist", "worksteal"]
LAID_AT_ONCE = "--no-migrations"  # tables as the models say; the processes that chaos starts migrate, on both databases
TRIED_AGAIN = ["--reruns", "1", "--rerun-show-tracebacks"]
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


TEST: list[list[Stage]] = [
    [Stage("unit", "tests/unit", (*BY_TWO,)), Stage("the wheel", "tests/packaging")],
    [Stage("integration on SQLite", "tests/integration", (*BY_TWO, LAID_AT_ONCE))],
    [
        Stage(
            "integration on PostgreSQL",
            "tests/integration",
            ("-p", "tests.servers.on_postgres", *BY_TWO, LAID_AT_ONCE, "--snapshot-warn-unused"),
        )
    ],
]
"""What a change is tried by, in less than a quarter of an hour: the wheel is mostly waited for."""
SCREENS: list[list[Stage]] = [[Stage("screens in Chromium", "tests/e2e", (*BY_TWO, LAID_AT_ONCE, *TRIED_AGAIN))]]
"""Every screen opened and used as people do: most of its time goes to looking at them."""
CHAOS: list[list[Stage]] = [
    [Stage("chaos", "tests/chaos", ("-s", "--chaos-rounds=3", *TRIED_AGAIN))],
    [Stage("the cluster", "tests/cluster", (*TRIED_AGAIN,))],
]
"""Killed, stopped and cut for some minutes, and told as it happens; then people chat while a cluster's processes are killed."""
BY_NAME = {"test": TEST, "screens": SCREENS, "chaos": CHAOS}
"""The stages of each, one turn after the other; those of one turn run side by side."""


@dataclass(frozen=True)
class Counts:
    """How many tests passed, failed and were skipped; `second_tries` names those that passed only when tried again."""

    passed: int = 0
    failed: int = 0
    skipped: int = 0
    second_tries: tuple[str, ...] = ()


@dataclass(frozen=True)
class Outcome:
    """What a stage came to."""

    stage: str
    counts: Counts
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
        counts = counted(report) if report.exists() else Counts()
    if done.returncode not in (0, NO_TESTS_FOUND) and counts.failed == 0:
        counts = replace(counts, failed=1)
    return Outcome(stage.name, counts, seconds)


def counted(report: Path) -> Counts:
    """The tests of a JUnit report, in which each try of a test is a case of its own; an error is a failure."""
    last: dict[str, set[str]] = {}
    tried_again: set[str] = set()
    for case in ElementTree.parse(report).getroot().iter("testcase"):
        name = f"{case.get('classname')}::{case.get('name')}"
        if name in last:
            tried_again.add(name)
        last[name] = {each.tag for each in case}
    failed = {name for name, tags in last.items() if tags & {"failure", "error"}}
    skipped = {name for name, tags in last.items() if "skipped" in tags} - failed
    second_tries = tuple(sorted(tried_again - failed))
    return Counts(len(last) - len(failed) - len(skipped), len(failed), len(skipped), second_tries)


def main(turns: list[list[Stage]]) -> int:
    start = time.monotonic()
    outcomes = [
        outcome
        for turn in turns
        for outcome in run_turn([stage for stage in turn if any((ROOT / stage.folder).rglob("test_*.py"))])
    ]
    print()
    for outcome in outcomes:
        counts = outcome.counts
        mark = "✗" if counts.failed else "✓"
        print(
            f"{mark} {outcome.stage:<28}{counts.passed:>6} passed{counts.failed:>5} failed{counts.skipped:>5} skipped"
            f"{len(counts.second_tries):>5} needed a second try{outcome.seconds:>7.0f} s"
        )
    passed = sum(outcome.counts.passed for outcome in outcomes)
    failed = sum(outcome.counts.failed for outcome in outcomes)
    skipped = sum(outcome.counts.skipped for outcome in outcomes)
    print(f"{passed} passed, {failed} failed, {skipped} skipped in {time.monotonic() - start:.0f} s")
    for name in (name for outcome in outcomes for name in outcome.counts.second_tries):
        print(f"! NEEDED A SECOND TRY, which is a fault to mend: {name}")
    return 1 if failed or not passed else 0


if __name__ == "__main__":
    sys.exit(main(BY_NAME[sys.argv[1]]))
