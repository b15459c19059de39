"""A Ray cluster of two nodes on this machine, and work on it of which one worker is killed midway: run as a program.

Its argument is a folder for signs. Nodes have only what the work needs: a small store, no dashboard, no worker begun in
advance, since this program's time is mostly the starting of processes.
"""

import os

os.environ |= {
    "RAY_ACCEL_ENV_VAR_OVERRIDE_ON_ZERO": "0", "RAY_enable_worker_prestart": "0", "RAY_prestart_worker_first_driver": "0",
    "RAY_enable_metrics_collection": "0", "RAY_USAGE_STATS_ENABLED": "0",
}  # fmt: skip

import shutil
import signal
import sys
import threading
import time
from contextlib import suppress
from pathlib import Path
from typing import NoReturn

import numpy as np
import ray
from ray.cluster_utils import Cluster

from homeshore.planning.engine.execution import Ray
from homeshore.planning.engine.simulation import Agent, Day, Floor, Group, Queue, replicate
from tests.unit.planning.work_to_do import SlowOnCluster

NODE = {"num_cpus": 1, "object_store_memory": 80_000_000, "include_dashboard": False, "include_log_monitor": False}


def service(day: Day) -> np.ndarray:
    return day.service_level


def kill_one(signs: Path) -> None:
    """Once two workers have begun, end one of them, then let the others go on."""
    while len(begun := [sign.name for sign in signs.glob("[0-9]-*")]) < 2:
        time.sleep(0.05)
    os.kill(int(begun[0].split("-")[1]), signal.SIGKILL)
    (signs / "go").touch()


def end_at_once(cluster: Cluster) -> NoReturn:
    """End whatever this program has started, and itself: nodes take many seconds to part in good order."""
    import psutil  # Ray brings its own

    for process in psutil.Process().children(recursive=True):
        with suppress(psutil.NoSuchProcess):
            process.kill()
    shutil.rmtree(cluster.head_node.get_session_dir_path(), ignore_errors=True)
    os._exit(0)


def main(signs: Path) -> None:
    cluster = Cluster(initialize_head=True, head_node_args={**NODE, "no_monitor": True})
    cluster.add_node(**NODE)
    executor = Ray(cluster.address)
    assert len([node for node in ray.nodes() if node["Alive"]]) == 2
    threading.Thread(target=kill_one, args=(signs,), daemon=True).start()
    assert list(executor.run([SlowOnCluster(k, str(signs)) for k in range(6)])) == [k * k for k in range(6)]
    floor = Floor([Queue("a", [100.0] * 4, 200)], [Group("all", ["a"])], [Agent("all", [(0, 7200)])] * 8)
    there = replicate(floor, service, 8, batch=8, executor=executor)
    assert np.array_equal(there.mean, replicate(floor, service, 8, batch=4).mean)
    print("all done", flush=True)
    end_at_once(cluster)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
