"""Small work for executors, in a module that loads no numbers library: every process that does it must load it first."""

import os
import time
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Square:
    number: int

    def __call__(self) -> int:
        return self.number**2


@dataclass(frozen=True)
class Fails:
    def __call__(self) -> int:
        raise ArithmeticError("this task fails")


@dataclass(frozen=True)
class SlowOnCluster:
    """Says which process ran it, and waits until told by a file that the worker was killed."""

    number: int
    signs: str

    def __call__(self) -> int:
        Path(self.signs, f"{self.number}-{os.getpid()}").touch()
        while self.number < 2 and not Path(self.signs, "go").exists():
            time.sleep(0.05)
        return self.number**2
