"""What programs of ours ask in the body of a request, as JSON or as a form."""

import json
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from homeshore.foundation.errors import Invalid


def fields_of(request: HttpRequest) -> dict[str, Any]:
    """The fields of a request. Raises Invalid when its JSON cannot be read or is no object."""
    if request.content_type != "application/json":
        return request.POST.dict()
    try:
        fields = json.loads(request.body or b"{}")
    except ValueError as error:
        raise Invalid(_("The request is not readable JSON.")) from error
    if not isinstance(fields, dict):
        raise Invalid(_("The request must be a JSON object."))
    return fields


def text(fields: dict[str, Any], name: str) -> str:
    """A text among the fields that is not blank. Raises Invalid."""
    value = fields.get(name)
    if not isinstance(value, str) or not value.strip():
        raise Invalid(fields={name: _("This field is needed.")})
    return value


def number(fields: dict[str, Any], name: str, *, needed: bool = False) -> int | None:
    """A whole number among the fields, or None when it is absent. Raises Invalid."""
    value = fields.get(name)
    if value in (None, ""):
        if needed:
            raise Invalid(fields={name: _("This field is needed.")})
        return None
    try:
        return int(value)
    except (TypeError, ValueError) as error:
        raise Invalid(fields={name: _("A number is needed here.")}) from error
