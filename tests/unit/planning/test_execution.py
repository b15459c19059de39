import sys

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


def test_a_missing_cluster_library_is_named_with_what_to_install(monkeypatch):
    from homeshore.planning.engine.execution import Ray

    monkeypatch.setitem(sys.modules, "ray", None)
    with pytest.raises(ImportError, match=r"pip install 'homeshore\[planning,ray\]'"):
        Ray()
