"""A study played in a process of its own, which knows no database: the question comes in on stdin, JSON lines go out.

`{"progress": 0.25}` as it goes on, and at the end `{"outcomes": …}`, or `{"error": "what is wrong"}`.
"""

import json
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

from homeshore.foundation import memory
from homeshore.routing.simulator.document import UnreadableStudy, read_question, write_outcomes
from homeshore.routing.simulator.study import study


class StudyFailed(Exception):
    """The child ended without an outcome; what it said."""


def ask(question: dict[str, Any]) -> Iterator[float | list[dict[str, Any]]]:
    """Play a study in a child process: its progress as it goes on, then the outcomes. Raises StudyFailed.

    Whoever stops asking stops the child.
    """
    child = subprocess.Popen(
        [sys.executable, "-m", "homeshore.contacts.whatif.child"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    assert child.stdin is not None
    assert child.stdout is not None
    try:
        json.dump(question, child.stdin)
        child.stdin.close()
        for line in child.stdout:
            told = json.loads(line)
            if "error" in told:
                raise StudyFailed(told["error"])
            yield told["progress"] if "progress" in told else told["outcomes"]
        if child.wait():
            raise StudyFailed(f"The simulation ended with {child.returncode}.")
    finally:
        child.kill()
        child.wait()
        child.stdout.close()


def main() -> None:
    """Play the study on stdin."""

    memory.settle()

    def say(**told: Any) -> None:
        print(json.dumps(told), flush=True)

    try:
        question = read_question(json.load(sys.stdin))
        outcomes = study(
            question.day,
            question.variants,
            replications=question.replications,
            seed=question.seed,
            on_progress=lambda share: say(progress=round(share, 4)),
        )
    except (UnreadableStudy, ValueError) as error:
        say(error=str(error))
        return
    say(outcomes=write_outcomes(outcomes))


if __name__ == "__main__":
    main()
