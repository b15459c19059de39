"""The busiest day of February 1999 through the real routing at full speed, as a multiple of real time.

    python -m benchmarks.replay [FILE]

reads ../shared/data/bank_calls_february_1999.tsv unless told another file, and prints one JSON object on its last line:
`times_real_time` is the span from the first arrival to the last, divided by the wall seconds of the replay, SQLite with
synchronous=FULL. Where the file is absent it says so and measures nothing.
"""

from __future__ import annotations

import collections
import json
import subprocess
import sys
import tempfile
from pathlib import Path

RECORDED = Path(__file__).resolve().parents[2] / "shared" / "data" / "bank_calls_february_1999.tsv"


def main(file: Path) -> int:
    if not file.exists():
        print(json.dumps({"benchmark": "replay", "skipped": f"{file} is not there; it is not part of the project"}))
        return 0
    from homeshore.replay.calls import read_calls

    with file.open(encoding="utf-8", newline="") as lines:
        per_day = collections.Counter(call.arrived.date() for call in read_calls(lines).calls)
    day, calls = per_day.most_common(1)[0]
    print(f"{day}: {calls} calls", file=sys.stderr)
    with tempfile.TemporaryDirectory() as out:
        command = [sys.executable, "-m", "homeshore.cli", "replay", "calls", str(file), "--day", str(day), "--out", out]
        subprocess.run(command, check=True)
        told = json.loads((Path(out) / f"replay-{day}.json").read_text(encoding="utf-8"))
    figures = {
        name: told[name] for name in ("day", "times_real_time", "wall_seconds", "router_inputs", "offers", "acts")
    }
    print(json.dumps({"benchmark": "replay", **figures, "recorded": told["recorded"], "replayed": told["replayed"]}))
    return 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]) if len(sys.argv) > 1 else RECORDED))
