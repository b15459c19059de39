"""How refusals and faults are answered: JSON to programs, a page to people, and never a traceback."""

import errno
import logging
import sqlite3
import sys
from collections.abc import Callable, Iterator

from django.core.exceptions import (
    PermissionDenied,
    RequestDataTooBig,
    SuspiciousOperation,
    TooManyFieldsSent,
    TooManyFilesSent,
)
from django.db import DataError, OperationalError
from django.db import Error as DatabaseError
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _

from homeshore.foundation.errors import Busy, DiskFull, Forbidden, Invalid, NotFound, Refused, TooLarge, TooMany

logger = logging.getLogger(__name__)

POSTGRES_DISK_FULL = "53100"
POSTGRES_BUSY = {"55P03", "57014", "40001", "40P01", "53300", "57P01", "57P03"}


class Broken(Refused):
    """An error of ours (500); what happened is in the log."""

    code = "broken"
    status = 500
    message = _("Something went wrong on our side, and was noted. Try again; if it stays so, tell your operator.")


class AnswersMiddleware:
    """Turns what a view raises into an answer."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        refusal = refusal_of(error)
        return answer(request, refusal) if refusal else None


def refusal_of(error: BaseException) -> Refused | None:
    """What an exception means to the person who asked; None when it is an error of ours."""
    if isinstance(error, Refused):
        return error
    if isinstance(error, RequestDataTooBig):
        return TooLarge()
    if isinstance(error, Http404):
        return NotFound()
    if isinstance(error, PermissionDenied):
        return Forbidden()
    if isinstance(error, TooManyFieldsSent | TooManyFilesSent | SuspiciousOperation):
        return Invalid()
    if isinstance(error, DataError):
        logger.warning("The database keeps no such value: %s", error)
        return Invalid(_("Something you sent is longer or larger than can be kept. Shorten it, then try again."))
    if isinstance(error, DatabaseError | OSError):
        return _fault_of_the_machine(error)
    return None


def _fault_of_the_machine(error: BaseException) -> Refused | None:
    for cause in _causes(error):
        if isinstance(cause, OSError) and cause.errno in {errno.ENOSPC, errno.EDQUOT}:
            return DiskFull()
        if isinstance(cause, sqlite3.Error):
            code = getattr(cause, "sqlite_errorcode", 0) & 0xFF
            if code == sqlite3.SQLITE_FULL:
                return DiskFull()
            if code in {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}:
                return Busy()
        state = getattr(cause, "sqlstate", None)
        if state == POSTGRES_DISK_FULL:
            return DiskFull()
        if state in POSTGRES_BUSY:
            return Busy()
    # Without a code it is a connection that failed or was not had in time.
    return Busy() if isinstance(error, OperationalError) else None


def _causes(error: BaseException) -> Iterator[BaseException]:
    cause: BaseException | None = error
    while cause is not None:
        yield cause
        cause = cause.__cause__


def answer(request: HttpRequest, refusal: Refused) -> HttpResponse:
    """A refusal as JSON or as a page, as the asker prefers."""
    if refusal.status >= 500:
        logger.error("%s %s answered %s: %s", request.method, request.path, refusal.status, refusal)
    response = (
        _page(request, refusal) if wants_page(request) else JsonResponse(refusal.as_json(), status=refusal.status)
    )
    if isinstance(refusal, TooMany):
        response["Retry-After"] = str(refusal.retry_after)
    if isinstance(refusal, Busy):
        response["Retry-After"] = "5"
    return response


def _page(request: HttpRequest, refusal: Refused) -> HttpResponse:
    """The page of this status; a bare one when that cannot be drawn, since the fault may lie there."""
    said = {"refusal": refusal}
    try:
        return render(request, [f"{refusal.status}.html", "refused.html"], said, status=refusal.status)
    except Exception:
        logger.exception("The page that says %s could not be drawn", refusal.status)
        return render(request, "plain.html", said, status=refusal.status)


def wants_page(request: HttpRequest) -> bool:
    """Whether a person asked, in a browser's own way (pages are asked for as text/html; programs do not)."""
    return "text/html" in request.headers.get("Accept", "") and not request.path.startswith("/api/")


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Django's handler400."""
    return answer(request, refusal_of(exception) or Invalid())


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Django's handler403."""
    return answer(request, Forbidden())


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Django's handler404."""
    return answer(request, NotFound())


def broken(request: HttpRequest) -> HttpResponse:
    """Django's handler500: a full disk or a busy database met outside a view is said as clearly as inside one."""
    error = sys.exc_info()[1]
    return answer(request, (refusal_of(error) if error else None) or Broken())


def csrf_failed(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Django's CSRF_FAILURE_VIEW."""
    logger.warning("%s %s refused: %s", request.method, request.path, reason)
    return answer(request, Forbidden(_("Your page was too old to be trusted. Load it again, then try once more.")))
