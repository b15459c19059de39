"""Views that fail in every way there is, for the tests of answers and idempotency."""

import errno
import sqlite3

from django.db import OperationalError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.urls import path

from homeshore.foundation.errors import Invalid, TooMany
from homeshore.foundation.models import Operator
from homeshore.foundation.transactions import write


class OfferGone(Invalid):
    code = "offer_gone"
    status = 409


def _sqlite_error(code: int) -> OperationalError:
    cause = sqlite3.OperationalError("as the machine says it")
    cause.sqlite_errorcode = code
    error = OperationalError("as Django says it")
    error.__cause__ = cause
    return error


FAULTS = {
    "refused": OfferGone("Too late", fields={"offer": "ended"}),
    "too-many": TooMany(retry_after=7),
    "missing": Http404(),
    "full": _sqlite_error(sqlite3.SQLITE_FULL),
    "locked": _sqlite_error(sqlite3.SQLITE_BUSY),
    "no-space": OSError(errno.ENOSPC, "No space left on device"),
    "bug": ZeroDivisionError("division by zero"),
}


def fault(request: HttpRequest, name: str) -> HttpResponse:
    raise FAULTS[name]


def create(request: HttpRequest) -> HttpResponse:
    """Create an operator called as the body says; then answer as the query asks."""
    with write():
        operator = Operator.objects.create(name=request.body.decode(), slug=f"o{Operator.objects.count()}")
    match request.GET.get("then"):
        case "refuse":
            raise Invalid("after the effect")
        case "break":
            raise ZeroDivisionError
        case "redirect":
            return HttpResponseRedirect("/elsewhere")
        case "empty":
            return HttpResponse(status=204)
    return JsonResponse({"id": operator.pk, "name": operator.name}, status=201)


def read_body(request: HttpRequest) -> HttpResponse:
    return JsonResponse({"bytes": len(request.body)})


urlpatterns = [
    path("fault/<name>", fault),
    path("create", create),
    path("read", read_body),
]

handler400 = "homeshore.foundation.answers.bad_request"
handler403 = "homeshore.foundation.answers.forbidden"
handler404 = "homeshore.foundation.answers.not_found"
handler500 = "homeshore.foundation.answers.broken"
