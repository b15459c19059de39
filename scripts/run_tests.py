"""Every test, in stages that a failure in one does not hide from the next: `make test`.

Each stage is a plain pytest command, printed before it runs so that it can be run again by hand.
"""

from __future__ import annotations

import shlex
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree

ROOT = Path(__file__).resolve().parent.parent
PYTEST = [sys.executable, "-m", "pytest", "--quiet"]
ON_POSTGRES = [sys.executable, "-m", "tests.servers.postgres"]
NO_TESTS_FOUND = 5


@dataclass(frozen=True)
class Stage:
    """Some tests under some circumstances; `folder` is left out while it does not exist."""

    name: str
    folder: str
    command: list[str]


STAGES = [
    Stage("unit", "tests/unit", [*PYTEST, "tests/unit", "-n", "2"]),
    Stage("integration on SQLite", "tests/integration", [*PYTEST, "tests/integration", "-n", "2"]),
    # One process: transaction ids belong to the whole cluster, so a second one would hold up the first one's feed.
    Stage(
        "integration on PostgreSQL",
        "tests/integration",
        [*ON_POSTGRES, *PYTEST, "tests/integration", "--snapshot-warn-unused"],
    ),
    Stage("the wheel", "tests/packaging", [*PYTEST, "tests/packaging"]),
    Stage("chaos", "tests/chaos", [*PYTEST, "tests/chaos"]),
    Stage("screens in Chromium", "tests/e2e", [*PYTEST, "tests/e2e"]),
]


@dataclass(frozen=True)
class Outcome:
    """What a stage came to."""

    stage: str
    passed: int
    failed: int
    skipped: int
    seconds: float


def run(stage: Stage) -> Outcome:
    """Run one stage. A stage that ended without a report (it crashed) counts as one failure."""
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "report.xml"
        command = [*stage.command, f"--junit-xml={report}"]
        print(f"\n── {stage.name}: {shlex.join(stage.command[1:])}", flush=True)
        start = time.monotonic()
        code = subprocess.run(command, cwd=ROOT, check=False).returncode
        seconds = time.monotonic() - start
        counts = counted(report) if report.exists() else (0, 0, 0)
    passed, failed, skipped = counts
    if code not in (0, NO_TESTS_FOUND) and failed == 0:
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
    outcomes = [run(stage) for stage in STAGES if any((ROOT / stage.folder).rglob("test_*.py"))]
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
    print(f"{passed} passed, {failed} failed, {skipped} skipped")
    return 1 if failed or not passed else 0


if __name__ == "__main__":
    sys.exit(main())
