"""The other side of long work: a process that computes what it is given and answers through a pipe."""

import os
import resource
import traceback
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from typing import Any, Literal


@dataclass(frozen=True, slots=True)
class Answer:
    """``going``: ``text`` names what is being done, ``share`` of it is done. ``found``: the results. ``refused``: the
    problems say why. ``broken``, ``missing``: a fault of ours, or a library that is not there, ``text`` being the
    traceback. ``lost``: the process died."""

    kind: Literal["going", "found", "refused", "broken", "missing", "lost"]
    text: str = ""
    share: float = 0.0
    steps: dict[str, Any] = field(default_factory=dict)
    materials: dict[str, bytes] = field(default_factory=dict)
    problems: list[dict[str, Any]] = field(default_factory=list)


POLITE = 5
"""How much the floor comes before a plan: it still gets on while others compute."""


LIBRARIES_BYTES = 1_000_000_000
"""What the numbers libraries take beside the work, most of it set aside and never used."""


def main(answers: Connection, kind: str, inputs: dict[str, Any], memory_bytes: int) -> None:
    """Compute, and answer; the parent may end this process at any time. What asks for more memory than it may fails,
    not the machine."""
    os.nice(POLITE)
    most = memory_bytes + LIBRARIES_BYTES
    resource.setrlimit(resource.RLIMIT_DATA, (most, most))

    def tell(step: str, share: float) -> bool:
        answers.send(Answer("going", step, share))
        return True

    answers.send(computed(kind, inputs, tell))


def computed(kind: str, inputs: dict[str, Any], tell: Any) -> Answer:
    """The last answer of a task: what it found, why it refused, or how it broke."""
    try:
        from homeshore.planning.engine.problems import Unusable
        from homeshore.planning.figures.plain import problems
        from homeshore.planning.tasks import TASKS
    except ImportError:
        return Answer("missing", traceback.format_exc())
    try:
        found = TASKS[kind](**inputs, tell=tell)
    except Unusable as refused:
        return Answer("refused", problems=problems(refused.problems))
    except MemoryError:
        return Answer("lost")
    except Exception:
        return Answer("broken", traceback.format_exc())
    return Answer("found", steps=found.steps, materials=found.materials)
