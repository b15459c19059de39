import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from homeshore.planning.engine.execution import Here, Processes
from homeshore.planning.engine.simulation import Agent, Floor, Group, Queue, replicate
from tests.unit.planning.work_to_do import Fails, Square


def service(day) -> np.ndarray:
    return day.service_level


def small_floor() -> Floor:
    return Floor([Queue("a", [100.0] * 4, 200)], [Group("all", ["a"])], [Agent("all", [(0, 7200)])] * 8)


@pytest.mark.parametrize("executor", [Here(), Processes(2)])
def test_results_come_in_the_order_of_the_tasks(executor):
    assert list(executor.run([Square(k) for k in range(7)])) == [k * k for k in range(7)]


@pytest.mark.parametrize("executor", [Here(), Processes(1)])
def test_the_error_of_a_task_is_told_to_the_caller(executor):
    with pytest.raises(ArithmeticError, match="this task fails"):
        list(executor.run([Square(1), Fails()]))


def test_replications_are_the_same_wherever_they_run():
    here = replicate(small_floor(), service, 12, batch=4)
    there = replicate(small_floor(), service, 12, batch=4, executor=Processes(1))
    assert np.array_equal(here.mean, there.mean)


@pytest.mark.slow
def test_a_cluster_of_two_nodes_finishes_the_work_of_a_worker_killed_midway(tmp_path):
    pytest.importorskip("ray", reason="Ray is not installed: uv sync --extra ray")
    root = Path(__file__).parents[3]
    done = subprocess.run(
        [sys.executable, "-m", "tests.unit.planning.on_a_cluster", str(tmp_path)],
        capture_output=True, text=True, timeout=600, cwd=root, check=False,
    )  # fmt: skip
    assert "all done" in done.stdout, done.stderr[-3000:]
    begun = [sign.name.split("-")[0] for sign in tmp_path.glob("[0-9]-*")]
    assert len(begun) > len(set(begun))  # the killed task was run again


def test_a_missing_cluster_library_is_named_with_what_to_install(monkeypatch):
    from homeshore.planning.engine.execution import Ray

    monkeypatch.setitem(sys.modules, "ray", None)
    with pytest.raises(ImportError, match=r"pip install 'homeshore\[planning,ray\]'"):
        Ray()
