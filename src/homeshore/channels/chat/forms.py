"""What a widget may send, checked; what is wrong is said field by field in the visitor's language."""

from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from homeshore.channels.chat.refusals import TextTooLong
from homeshore.foundation.errors import Invalid, TooLarge
from homeshore.foundation.readable import json_of

TEXT_LIMIT = 10_000
FORM_BYTES = 8 * TEXT_LIMIT
"""A text of the greatest length, escaped, and the rest of its form."""
MULTIPART_BYTES = 64 * 1024


class Visit(forms.Form):
    """A page with a widget was opened."""

    token = forms.CharField(required=False, max_length=600)
    queue = forms.SlugField(required=False)


class Said(forms.Form):
    """A message; name and address are asked with the first one and may stay empty."""

    body = forms.CharField(required=False, strip=False)
    client_id = forms.RegexField(r"^[\w-]{8,80}$")
    queue = forms.SlugField(required=False)
    name = forms.CharField(required=False, max_length=120)
    email = forms.EmailField(required=False)
    simulated = forms.BooleanField(required=False)


class ByMail(forms.Form):
    """The answer shall come by e-mail."""

    body = forms.CharField(required=False, strip=False)
    client_id = forms.RegexField(r"^[\w-]{8,80}$")
    queue = forms.SlugField(required=False)
    name = forms.CharField(required=False, max_length=120)
    email = forms.EmailField(error_messages={"required": _("We need an address to answer to.")})


def read(form: type[forms.Form], request: HttpRequest) -> dict[str, Any]:
    """The form that came, as JSON or, with files, as multipart. Raises TextTooLong, TooLarge or Invalid."""
    filled = form(_data(request))
    body = filled.data.get("body")
    if isinstance(body, str) and len(body) > TEXT_LIMIT:
        raise TextTooLong(limit=TEXT_LIMIT)
    if not filled.is_valid():
        raise Invalid(fields={name: str(errors[0]) for name, errors in filled.errors.items()})
    return filled.cleaned_data


def _data(request: HttpRequest) -> dict[str, Any]:
    length = int(request.headers.get("Content-Length") or 0)
    if request.content_type == "multipart/form-data":
        if length > settings.MAX_UPLOAD_BYTES + MULTIPART_BYTES:
            raise TooLarge
        return request.POST.dict()
    if length > FORM_BYTES:
        raise TextTooLong(limit=TEXT_LIMIT)
    try:
        data = json_of(request.body)
    except RequestDataTooBig:
        raise TextTooLong(limit=TEXT_LIMIT) from None
    if not isinstance(data, dict):
        raise Invalid(_("An object is expected."))
    return data
