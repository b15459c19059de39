import threading

import pytest

from homeshore.foundation import hints
from homeshore.foundation.processes import Part, Running, Work, pause_after


def run(*works: Work) -> Running:
    running = Running(works, pause_after=lambda failures: 0)
    running.start()
    return running


def test_work_that_crashes_is_started_again():
    calls = []
    third = threading.Event()

    def crash_twice(stop: threading.Event) -> None:
        calls.append(1)
        if len(calls) < 3:
            raise RuntimeError("down")
        third.set()
        stop.wait()

    running = run(Work("crashes", crash_twice, Part.WEB))

    assert third.wait(5)
    assert running.stop() == []
    assert len(calls) == 3


def test_work_that_ends_by_itself_is_started_again():
    starts = threading.Semaphore(0)

    running = run(Work("ends", lambda stop: starts.release(), Part.WEB))

    assert starts.acquire(timeout=5)
    assert starts.acquire(timeout=5)
    assert running.stop() == []


def test_work_is_stopped_in_the_opposite_order_of_its_start():
    ended = []

    def until_stopped(name: str):
        def work(stop: threading.Event) -> None:
            stop.wait()
            ended.append(name)

        return Work(name, work, Part.WEB)

    running = run(until_stopped("first"), until_stopped("second"))

    assert running.stop() == []
    assert ended == ["second", "first"]


def test_work_that_waits_for_a_hint_is_woken_to_see_that_it_must_stop():
    waits = threading.Event()

    def until_hinted(stop: threading.Event) -> None:
        hint = threading.Event()
        forget = hints.on("anything", lambda _: hint.set())
        while not stop.is_set():
            waits.set()
            hint.wait()
        forget()

    running = run(Work("patient", until_hinted, Part.WEB))

    assert waits.wait(5)
    assert running.stop() == []


def test_work_that_does_not_stop_is_named():
    release = threading.Event()
    running = run(Work("deaf", lambda stop: release.wait(), Part.WEB))

    assert running.stop(within_seconds=0.01) == ["deaf"]
    release.set()


@pytest.mark.parametrize(("failures", "seconds"), [(1, 1), (2, 2), (5, 16), (6, 32), (7, 60), (50, 60)])
def test_pauses_grow_up_to_a_minute(failures, seconds):
    assert pause_after(failures) == seconds
