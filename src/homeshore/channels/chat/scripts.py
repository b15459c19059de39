"""Built scripts that brands' pages load from us, at addresses that are short to paste and never change."""

from pathlib import Path

from django.contrib.staticfiles import finders
from django.http import Http404, HttpResponse


def shared_script(built: str) -> HttpResponse:
    """A built script for pages of any origin, kept by browsers for five minutes; Http404 when it is not built."""
    path = finders.find(built)
    if not path:
        raise Http404
    response = HttpResponse(Path(path).read_bytes(), content_type="text/javascript; charset=utf-8")
    response["Cache-Control"] = "public, max-age=300"
    response["Access-Control-Allow-Origin"] = "*"
    response["Cross-Origin-Resource-Policy"] = "cross-origin"
    return response
