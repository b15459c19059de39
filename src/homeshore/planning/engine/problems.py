"""What the engine says when something given to it cannot be used: data, so that a screen can translate it."""

from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong: ``text`` is a template in English (the message id), ``values`` fill it.

    ``line`` (1 is the first line of a file) and ``field`` say where, when there is a where. ``one`` is said instead
    where the value called ``count`` is one (`counted`).
    """

    text: str
    values: dict[str, Any] = field(default_factory=dict)
    line: int | None = None
    field: str | None = None
    one: str = ""

    def __str__(self) -> str:
        where = []
        if self.line is not None:
            where.append(f"line {self.line}")
        if self.field is not None:
            where.append(f"field “{self.field}”")
        text = self.one if self.one and self.values["count"] == 1 else self.text
        return (", ".join(where) + ": " if where else "") + text % self.values


def counted(
    one: str, many: str, /, count: int, *, line: int | None = None, field: str | None = None, **values: Any
) -> Problem:
    """A problem whose words hang on a number: ``one`` for a single thing, ``many`` otherwise."""
    return Problem(many, {"count": count, **values}, line, field, one)


class Unusable(ValueError):
    """Nothing can be done with what was given; ``problems`` says why, one by one."""

    def __init__(self, *problems: Problem) -> None:
        self.problems = problems
        super().__init__("; ".join(str(problem) for problem in problems))


def unusable(text: str, /, *, field: str | None = None, line: int | None = None, **values: Any) -> Unusable:
    """An ``Unusable`` with a single problem."""
    return Unusable(Problem(text, values, line, field))
