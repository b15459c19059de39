"""Long work on plans: taken from the database one by one, computed in a child process that never writes, and kept here.

The child sends how far it is and, at the end, what it found. Cancelled work is ended with its process, and leaves nothing.
Work whose server stopped is begun again once; what kills its process twice is given up.
"""

import logging
import multiprocessing
import threading
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from multiprocessing.connection import Connection
from typing import Any, Protocol

from django.conf import settings
from django.db.models import F, Q
from django.utils.translation import gettext_noop

from homeshore.foundation import clock, hints
from homeshore.foundation.transactions import write
from homeshore.planning.child import Answer, main
from homeshore.planning.inputs import inputs_of
from homeshore.planning.models import Material, Plan, Work
from homeshore.planning.services import HINT, keep

logger = logging.getLogger(__name__)

LOOK_SECONDS = 2.0
BEAT_SECONDS = 0.5
SILENT = timedelta(seconds=30)
MOST_ATTEMPTS = 2


class Running(Protocol):
    """A computation under way: its next answer within some seconds (None: nothing new), and its end."""

    def answer(self, seconds: float) -> Answer | None: ...

    def end(self) -> None: ...


class Child:
    """A computation in a process of its own, at a lower priority than the floor."""

    def __init__(self, kind: str, inputs: Mapping[str, Any]) -> None:
        context = multiprocessing.get_context("spawn")
        ours, theirs = context.Pipe()
        self._ours: Connection = ours
        self._process = context.Process(
            target=main,
            args=(theirs, kind, dict(inputs), settings.PLANNING_MEMORY_BYTES),
            daemon=True,
            name=f"plan {kind}",
        )
        self._process.start()
        theirs.close()

    def answer(self, seconds: float) -> Answer | None:
        """What the child says next; that it is lost once its process has died without a word."""
        try:
            return self._ours.recv() if self._ours.poll(seconds) else None
        except EOFError:
            return Answer("lost")

    def end(self) -> None:
        """End the process, whatever it does, and wait for that."""
        self._ours.close()
        self._process.kill()
        self._process.join()


def _said(text: str) -> dict[str, Any]:
    """A problem as data."""
    return {"text": text, "values": {}, "line": None, "field": None}


FAULTS = {
    "broken": _said(gettext_noop("something went wrong on our side, and was noted: try again")),
    "missing": _said(gettext_noop("this server lacks the planning libraries: whoever runs it installs homeshore[planning]")),
    "lost": _said(gettext_noop("the computation was stopped by the system, perhaps for lack of memory: plan fewer days or fewer queues")),
}  # fmt: skip

Start = Callable[[str, Mapping[str, Any]], Running]


def work(stop: threading.Event) -> None:
    """Do what is asked for until told to stop."""
    asked = threading.Event()
    forget = hints.on(HINT, lambda text: asked.set())
    try:
        while not stop.is_set():
            asked.clear()
            if not do_next(stop=stop):
                asked.wait(LOOK_SECONDS)
    finally:
        forget()


def do_next(*, start: Start = Child, stop: threading.Event | None = None) -> bool:
    """Do the oldest work that waits; False when there is none."""
    taken = take(now=clock.now())
    if taken is None:
        return False
    try:
        _do(taken, start, stop or threading.Event())
    except Exception:
        logger.exception("work %s on plan %s failed", taken.kind, taken.plan_id)
        _end(taken, Work.State.FAILED, [FAULTS["broken"]])
    return True


def take(*, now: datetime) -> Work | None:
    """The oldest work that waits, or whose server fell silent, as ours; what was begun too often is given up."""
    fallen = Q(state=Work.State.RUNNING, beat_at__lt=now - SILENT)
    for each in (
        Work.objects.filter(Q(state=Work.State.WAITING) | fallen).select_related("plan").order_by("asked_at", "id")
    ):
        with write():
            mine = Work.objects.filter(Q(state=Work.State.WAITING) | fallen, pk=each.pk)
            if each.attempts >= MOST_ATTEMPTS:
                mine.update(state=Work.State.FAILED, ended_at=now, problems=[FAULTS["lost"]])
                continue
            if mine.update(state=Work.State.RUNNING, beat_at=now, attempts=F("attempts") + 1, share=0.0, doing=""):
                return each
    return None


def _do(taken: Work, start: Start, stop: threading.Event) -> None:
    child = start(taken.kind, inputs_of(taken))
    try:
        while True:
            answer = child.answer(BEAT_SECONDS)
            if stop.is_set():
                return  # another server, or this one when it is back, begins it again
            if answer is None or answer.kind == "going":
                if not _beat(taken, answer):
                    return
            elif answer.kind == "found":
                _keep(taken, answer)
                return
            elif answer.kind == "refused":
                _end(taken, Work.State.FAILED, answer.problems)
                return
            else:
                logger.error("work %s on plan %s was %s\n%s", taken.kind, taken.plan_id, answer.kind, answer.text)
                _end(taken, Work.State.FAILED, [FAULTS[answer.kind]])
                return
    finally:
        child.end()


def _beat(taken: Work, answer: Answer | None) -> bool:
    """Say that the work goes on, and how far it is; False when it was cancelled, or its plan deleted."""
    told = {"beat_at": clock.now()} | ({"doing": answer.text, "share": answer.share} if answer else {})
    with write():
        return bool(Work.objects.filter(pk=taken.pk, state=Work.State.RUNNING).update(**told))


def _keep(taken: Work, answer: Answer) -> None:
    """Keep what was found, unless the work was cancelled meanwhile."""
    now = clock.now()
    with write():
        done = Work.objects.filter(pk=taken.pk, state=Work.State.RUNNING)
        if not done.update(state=Work.State.DONE, share=1.0, ended_at=now):
            return
        plan = Plan.objects.get(pk=taken.plan_id)
        keep(plan, answer.steps, now=now)
        for kind, content in answer.materials.items():
            Material.objects.update_or_create(plan=plan, kind=kind, defaults={"content": content})
        if answer.materials:
            Material.objects.filter(plan=plan).exclude(kind__in=[*answer.materials, Material.Kind.FILE]).delete()


def _end(taken: Work, state: Work.State, problems: list[dict[str, Any]]) -> None:
    with write():
        Work.objects.filter(pk=taken.pk, state=Work.State.RUNNING).update(
            state=state, problems=problems, ended_at=clock.now()
        )
