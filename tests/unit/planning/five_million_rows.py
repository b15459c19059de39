"""Reads the file it is given, and says what it holds and the most memory it took: run in a process of its own."""

import sys
from pathlib import Path

from homeshore.planning.engine.history import history_of


def most_memory() -> int:
    """Bytes of this process's own at their most, counted since it became this program (not what forked it)."""
    line = next(line for line in Path("/proc/self/status").read_text().splitlines() if line.startswith("VmHWM"))
    return int(line.split()[1]) * 1024


if __name__ == "__main__":
    history = history_of(Path(sys.argv[1]), zone="UTC")
    print(len(history.queues), int(history.volumes["calls"].sum()), most_memory())
