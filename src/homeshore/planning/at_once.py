"""Short questions of the screens, answered at once by a process that is kept warm: the site's own loads no numbers library.

It is started before the first question where one is to be expected, else by it, and ended when nobody has asked for a while, or when the site's has ended, however it did.
"""

import os
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future, ProcessPoolExecutor, wait
from concurrent.futures import TimeoutError as TooLong
from concurrent.futures.process import BrokenProcessPool
from multiprocessing import get_context, parent_process
from typing import Any

from django.utils.translation import gettext_lazy as _

from homeshore.foundation.errors import Invalid, Refused

LOADING_SECONDS = 30.0
"""How long a question waits for the libraries to be there; they go on loading for the next one."""
PATIENCE_SECONDS = 30.0
"""How long an answer may take from then on."""
IDLE_SECONDS = 600.0


class NotNow(Refused):
    """The question could not be answered."""

    code = "not_computed"
    status = 503
    message = _("This could not be computed. Try again in a moment.")


class NotUnderstood(Invalid):
    """What was asked cannot be meant; ``problems`` say why, as data."""

    def __init__(self, problems: list[dict[str, Any]]) -> None:
        from homeshore.planning.report.words import said

        super().__init__("; ".join(said(problem) for problem in problems))
        self.problems = problems


class _Helper:
    """One warm process, replaced when it breaks."""

    def __init__(self) -> None:
        self._guard = threading.Lock()
        self._pool: ProcessPoolExecutor | None = None
        self._loading: Future[None] = Future()
        self._asked = 0.0

    def started(self) -> tuple[ProcessPoolExecutor, Future[None]]:
        """The process, and the loading of its libraries, which a new one begins at once."""
        with self._guard:
            if self._pool is None:
                self._pool = ProcessPoolExecutor(1, mp_context=get_context("spawn"), initializer=_end_with_the_site)
                self._loading = self._pool.submit(_loaded)
                threading.Thread(target=self._watch, daemon=True, name="planning at once").start()
            self._asked = time.monotonic()
            return self._pool, self._loading

    def ask(self, question: str, *arguments: Any) -> Any:
        pool, loading = self.started()
        if not wait([loading], LOADING_SECONDS).done:
            raise NotNow
        try:
            kind, answer = pool.submit(_answered, question, arguments).result(PATIENCE_SECONDS)
        except (BrokenProcessPool, TooLong) as error:
            self.end(pool)
            raise NotNow from error
        if kind == "refused":
            raise NotUnderstood(answer)
        return answer

    def end(self, pool: ProcessPoolExecutor | None = None) -> None:
        """End the process (only if it is still this one)."""
        with self._guard:
            if self._pool is None or pool not in (None, self._pool):
                return
            ended, self._pool = self._pool, None
        ended.shutdown(wait=False, cancel_futures=True)

    def _watch(self) -> None:
        while self._pool is not None:
            time.sleep(IDLE_SECONDS / 10)
            if time.monotonic() - self._asked > IDLE_SECONDS:
                self.end()


_helper = _Helper()


def expect() -> None:
    """A question may come soon: the process starts beside the page that is shown meanwhile."""
    _helper.started()


def what_if(forecast: Any, settings: Any) -> dict[str, Any]:
    """The staffing of a kept forecast under other settings. Raises NotUnderstood or NotNow."""
    answer: dict[str, Any] = _helper.ask("what_if", forecast, settings)
    return answer


def people_of_file(content: bytes) -> tuple[dict[str, Any], ...]:
    """The rows of a file of people. Raises NotUnderstood or NotNow."""
    answer: tuple[dict[str, Any], ...] = _helper.ask("people_of_file", content)
    return answer


def pdf_of(page: str) -> bytes:
    """A report page as PDF. Raises NotUnderstood or NotNow."""
    answer: bytes = _helper.ask("pdf_of", page)
    return answer


def end() -> None:
    """End the process now."""
    _helper.end()


def _end_with_the_site() -> None:
    """In the process: its questions come by a pipe that it holds open itself, so it would not hear that nobody asks any more."""

    def until_it_ends() -> None:
        site = parent_process()
        if site is not None:
            site.join()
            os._exit(0)

    threading.Thread(target=until_it_ends, daemon=True, name="end with the site").start()


def _loaded() -> None:
    """In the process: the libraries of all answers are there."""
    import homeshore.planning.report.pdf
    import homeshore.planning.tasks  # noqa: F401


def _answered(question: str, arguments: tuple[Any, ...]) -> tuple[str, Any]:
    """In the process: an answer, or the problems for which there is none."""
    from homeshore.planning import tasks
    from homeshore.planning.engine.problems import Unusable
    from homeshore.planning.figures.plain import problems
    from homeshore.planning.report.pdf import pdf_of

    questions: dict[str, Callable[..., Any]] = {
        "what_if": tasks.what_if, "people_of_file": tasks.people_of_file, "pdf_of": pdf_of,
    }  # fmt: skip
    try:
        return "answer", questions[question](*arguments)
    except Unusable as refused:
        return "refused", problems(refused.problems)
