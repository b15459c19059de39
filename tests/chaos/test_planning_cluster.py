"""A worker of a planning cluster is killed in the middle of its task."""

import subprocess
import sys

import pytest


def test_a_cluster_of_two_nodes_finishes_the_work_of_a_worker_killed_midway(tmp_path, root):
    pytest.importorskip("ray", reason="Ray is not installed: uv sync --extra ray")
    done = subprocess.run(
        [sys.executable, "-m", "tests.chaos.planning_cluster", str(tmp_path)],
        capture_output=True, text=True, timeout=600, cwd=root, check=False,
    )  # fmt: skip
    assert "all done" in done.stdout, done.stderr[-3000:]
    begun = [sign.name.split("-")[0] for sign in tmp_path.glob("[0-9]-*")]
    assert len(begun) > len(set(begun))  # the killed task was run again
