"""What people and programs send must be text that can be kept: no database keeps NUL, and none half a character."""

import json
import math
from collections.abc import Callable
from typing import Any, NoReturn

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

from homeshore.foundation import answers
from homeshore.foundation.errors import Invalid


class Unreadable(Invalid):
    """There is something in a request that nobody typed and nothing can keep."""

    message = _("There is an invisible character in what you sent that cannot be kept. Type it again, please.")


class ReadableMiddleware:
    """Refuses NUL in an address, its parameters, the fields of a form, or the name of a file.

    Views without the check of CSRF read their fields by themselves; those of the widget are Django forms, which refuse it.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], arguments: list[Any], named: dict[str, Any]
    ) -> HttpResponse | None:
        """Answer in the view's stead when there is something unreadable."""
        sent = [request.path, *_texts(request.GET)]
        if not getattr(view, "csrf_exempt", False):
            files = [file for _field, several in request.FILES.lists() for file in several]
            sent += [*_texts(request.POST), *(file.name or "" for file in files)]
        return answers.answer(request, Unreadable()) if any("\0" in text for text in sent) else None


def json_of(body: bytes | str) -> Any:
    """What a body says as JSON. Raises Invalid when it is none, Unreadable when no database could keep it."""
    try:
        said = json.loads(body or b"{}", parse_constant=_no_number)
        _check(said)
    except (ValueError, RecursionError) as error:
        raise Invalid(_("The request is not readable JSON.")) from error
    return said


def _texts(fields: Any) -> list[str]:
    return [text for name, values in fields.lists() for text in (name, *values)]


def _check(said: Any) -> None:
    if isinstance(said, str):
        if "\0" in said or any("\ud800" <= character <= "\udfff" for character in said):
            raise Unreadable
    elif isinstance(said, float):
        if not math.isfinite(said):
            raise ValueError(said)
    elif isinstance(said, dict):
        for name, value in said.items():
            _check(name)
            _check(value)
    elif isinstance(said, list):
        for value in said:
            _check(value)


def _no_number(name: str) -> NoReturn:
    raise ValueError(name)
