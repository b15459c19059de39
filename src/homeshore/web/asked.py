"""What programs of ours ask in the body of a request, as JSON or as a form, and the days that an address names."""

from datetime import date
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from homeshore.foundation.errors import Invalid
from homeshore.foundation.readable import json_of

EARLIEST, LATEST = date(2000, 1, 1), date(2199, 12, 31)
"""The days that the house can tell of; beyond them calendars and time zones have no answer."""
_LARGEST = 2**53
"""What a browser counts up to."""


def fields_of(request: HttpRequest) -> dict[str, Any]:
    """The fields of a request. Raises Invalid when its JSON cannot be read or is no object."""
    if request.content_type != "application/json":
        return request.POST.dict()
    fields = json_of(request.body)
    if not isinstance(fields, dict):
        raise Invalid(_("The request must be a JSON object."))
    return fields


def words(fields: dict[str, Any], name: str, *, otherwise: str = "") -> str:
    """A text among the fields, `otherwise` when it is absent. Raises Invalid when it is something else than a text."""
    value = fields.get(name, otherwise)
    if not isinstance(value, str):
        raise Invalid(fields={name: _("A text is needed here.")})
    return value


def text(fields: dict[str, Any], name: str, *, longest: int | None = None) -> str:
    """A text among the fields that is not blank, and not over `longest` characters. Raises Invalid."""
    value = words(fields, name)
    if not value.strip():
        raise Invalid(fields={name: _("This field is needed.")})
    if longest is not None and len(value) > longest:
        raise Invalid(fields={name: _("At most %(length)s characters.") % {"length": longest}})
    return value


def number(fields: dict[str, Any], name: str, *, needed: bool = False) -> int | None:
    """A whole number among the fields, or None when it is absent. Raises Invalid."""
    value = fields.get(name)
    if value in (None, ""):
        if needed:
            raise Invalid(fields={name: _("This field is needed.")})
        return None
    try:
        found = int(value)
    except (TypeError, ValueError, OverflowError) as error:
        raise Invalid(fields={name: _("A number is needed here.")}) from error
    if abs(found) > _LARGEST:
        raise Invalid(fields={name: _("A number is needed here.")})
    return found


def day_of(written: str) -> date:
    """A day as 2026-11-24. Raises ValueError when it is none, or outside of what the house can tell of."""
    day = date.fromisoformat(written)
    if not EARLIEST <= day <= LATEST:
        raise ValueError(written)
    return day
