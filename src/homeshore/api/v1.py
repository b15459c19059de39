"""`/api/v1`: put together from the contexts' routers. An address keeps its meaning; a change of meaning makes a v2."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import NinjaAPI
from ninja.errors import HttpError, ValidationError
from ninja.parser import Parser

from homeshore.brands.api import router as brands
from homeshore.foundation.answers import answer
from homeshore.foundation.api import router as foundation
from homeshore.foundation.errors import Invalid, Refused
from homeshore.foundation.readable import json_of
from homeshore.people.api import router as people


class ReadableParser(Parser):
    """Reads bodies as every other part of the house does: what no database could keep is refused in words."""

    def parse_body(self, request: HttpRequest) -> Any:
        """The body as JSON. Raises Invalid."""
        return json_of(request.body)


api = NinjaAPI(
    parser=ReadableParser(),
    title="Homeshore",
    version="1",
    description='Errors have one shape: `{"error": {"code", "message", "fields"?}}`.',
    docs_url=None,
    urls_namespace="api-v1",
)
for router in (foundation, people, brands):
    api.add_router("", router)


@api.exception_handler(Refused)
def refused(request: HttpRequest, refusal: Any) -> HttpResponse:
    """A refusal, in the one shape."""
    return answer(request, refusal)


@api.exception_handler(ValidationError)
def invalid(request: HttpRequest, error: Any) -> HttpResponse:
    """What does not fit the schema, field by field."""
    fields = {".".join(str(step) for step in each["loc"][1:]) or "body": each["msg"] for each in error.errors}
    return answer(request, Invalid(fields=fields))


@api.exception_handler(HttpError)
def http_error(request: HttpRequest, error: Any) -> HttpResponse:
    """What ninja itself refuses, such as a body that is no JSON."""
    refusal = Invalid(str(error))
    refusal.status = error.status_code  # type: ignore[misc]
    return answer(request, refusal)
