"""Where long work runs: in this process, in processes of this machine, or on a Ray cluster.

A task is a picklable callable without arguments. Batch what is short: give each task half a second or more.
"""

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from typing import Any, Protocol, TypeVar

T = TypeVar("T")


class Executor(Protocol):
    def run(self, tasks: Sequence[Callable[[], T]]) -> Iterator[T]:
        """The tasks' results, in the tasks' order, each as soon as it and those before it are done.

        Leaving the iteration early cancels what has not begun. A task's error is raised here.
        """
        ...


class Here:
    """One after the other, in this process."""

    def run(self, tasks: Sequence[Callable[[], T]]) -> Iterator[T]:
        for task in tasks:
            yield task()


class Processes:
    """In ``count`` processes of this machine (as many as processors, if not said)."""

    def __init__(self, count: int | None = None) -> None:
        self.count = count

    def run(self, tasks: Sequence[Callable[[], T]]) -> Iterator[T]:
        with ProcessPoolExecutor(self.count, mp_context=get_context("spawn")) as pool:
            try:
                for future in [pool.submit(task) for task in tasks]:
                    yield future.result()
            finally:
                pool.shutdown(wait=False, cancel_futures=True)


class Ray:
    """On a Ray cluster: the one at ``address``, or the one already joined. A task whose machine dies is run again."""

    def __init__(self, address: str | None = None, retries: int = 5) -> None:
        try:
            import ray
        except ImportError as missing:
            raise ImportError(
                "Running on a cluster needs Ray: install `pip install 'homeshore[planning,ray]'`.", name="ray"
            ) from missing
        self._ray: Any = ray
        self._retries = retries
        if not ray.is_initialized():
            ray.init(address=address, log_to_driver=False, include_dashboard=False)

    def run(self, tasks: Sequence[Callable[[], T]]) -> Iterator[T]:
        remote = self._ray.remote(max_retries=self._retries)(_call)
        waiting = [remote.remote(task) for task in tasks]
        try:
            while waiting:
                yield self._ray.get(waiting.pop(0))
        finally:
            for left in waiting:
                self._ray.cancel(left)


def _call(task: Callable[[], T]) -> T:
    return task()
