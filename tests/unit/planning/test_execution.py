import os
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
@pytest.mark.filterwarnings("ignore")
def test_a_cluster_of_two_nodes_finishes_the_work_of_a_worker_killed_midway(tmp_path):
    pytest.importorskip("ray", reason="Ray is not installed: uv sync --extra ray")
    script = tmp_path / "on_cluster.py"
    script.write_text(
        f"""
import os, signal, sys, threading, time
from pathlib import Path
sys.path.insert(0, {str(Path(__file__).parents[3])!r})
from ray.cluster_utils import Cluster
from tests.unit.planning.test_execution import small_floor, service
from tests.unit.planning.work_to_do import SlowOnCluster
from homeshore.planning.engine.execution import Ray
from homeshore.planning.engine.simulation import replicate
import numpy as np, ray

signs = {str(tmp_path)!r}
cluster = Cluster(initialize_head=True, head_node_args={{"num_cpus": 1, "object_store_memory": 80_000_000}})
cluster.add_node(num_cpus=1, object_store_memory=80_000_000)
executor = Ray(cluster.address)
assert len([n for n in ray.nodes() if n["Alive"]]) == 2

def kill_one():
    while True:
        begun = [p.name for p in Path(signs).glob("*-*") if p.name[0].isdigit()]
        if len(begun) >= 2:
            os.kill(int(begun[0].split("-")[1]), signal.SIGKILL)
            Path(signs, "killed").touch()
            Path(signs, "go").touch()
            return
        time.sleep(0.05)

threading.Thread(target=kill_one, daemon=True).start()
assert list(executor.run([SlowOnCluster(k, signs) for k in range(6)])) == [k * k for k in range(6)]
assert Path(signs, "killed").exists()
there = replicate(small_floor(), service, 8, batch=4, executor=executor)
assert np.array_equal(there.mean, replicate(small_floor(), service, 8, batch=4).mean)
ray.shutdown()
cluster.shutdown()
print("all done")
"""
    )
    root = Path(__file__).parents[3]
    environment = {
        **os.environ,
        "PYTHONPATH": f"{root / 'src'}{os.pathsep}{root}",
        "RAY_ACCEL_ENV_VAR_OVERRIDE_ON_ZERO": "0",
    }
    done = subprocess.run(
        [sys.executable, str(script)], capture_output=True, text=True, timeout=600, env=environment, check=False
    )
    assert "all done" in done.stdout, done.stderr[-3000:]
    begun = [sign.name.split("-")[0] for sign in tmp_path.glob("[0-9]-*")]
    assert len(begun) > len(set(begun))  # the killed task was run again


def test_a_missing_cluster_library_is_named_with_what_to_install(monkeypatch):
    from homeshore.planning.engine.execution import Ray

    monkeypatch.setitem(sys.modules, "ray", None)
    with pytest.raises(ImportError, match=r"pip install 'homeshore\[planning,ray\]'"):
        Ray()
